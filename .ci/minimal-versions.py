#!/usr/bin/env python3
"""Whether the published libraries compile with the least versions that their manifests name.

The command is left out: its users take the versions of Cargo.lock. So are the dependencies of tests,
which would raise what the libraries need.
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Stands in for a nightly toolchain, of which only cargo's -Z is used.
ENVIRONMENT = {**os.environ, "RUSTC_BOOTSTRAP": "1"}


def cargo(*arguments, folder):
    print("cargo", *arguments, flush=True)
    subprocess.run(["cargo", *arguments], cwd=folder, check=True, env=ENVIRONMENT)


def libraries():
    """The folders of the published libraries, below the root."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    for package in metadata["packages"]:
        is_library = any("lib" in target["kind"] for target in package["targets"])
        if package["publish"] is None and is_library:
            yield str(Path(package["manifest_path"]).parent.relative_to(ROOT))


def reduce(manifest, members):
    """Leaves out what only tests need, and all other members."""
    text = manifest.read_text()
    for table in (r"\[dev-dependencies\]", r"\[\[(?:bench|example|test)\]\]"):
        text = re.sub(rf"^{table}\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"^members = .*$", f"members = {json.dumps(members)}", text, flags=re.MULTILINE)
    text = re.sub(r"^default-members = .*\n", "", text, flags=re.MULTILINE)
    manifest.write_text(text)


def main():
    folders = list(libraries())
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "--extract"], cwd=folder, check=True, input=archive.stdout)
        for library in folders:
            members = [other for other in folders if other != "."]
            reduce(Path(folder, library, "Cargo.toml"), members)
        Path(folder, "Cargo.lock").unlink()
        cargo("update", "-Zdirect-minimal-versions", folder=folder)
        cargo("check", "--workspace", "--all-features", folder=folder)


if __name__ == "__main__":
    main()
