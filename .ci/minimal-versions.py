#!/usr/bin/env python3
"""Whether the published libraries compile with the least versions that their manifests name.

The command is left out: its users take the versions of Cargo.lock. So are the dependencies of tests,
which would raise what the libraries need.
"""

import json
import os
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Stands in for a nightly toolchain, of which only cargo's -Z is used.
ENVIRONMENT = {**os.environ, "RUSTC_BOOTSTRAP": "1"}


def cargo(*arguments, folder):
    print("cargo", *arguments, flush=True)
    subprocess.run(["cargo", *arguments], cwd=folder, check=True, env=ENVIRONMENT)


def libraries():
    """The published libraries, as `name-version` by name."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return {
        package["name"]: f"{package['name']}-{package['version']}"
        for package in metadata["packages"]
        if package["publish"] is None and any("lib" in target["kind"] for target in package["targets"])
    }


def reduce(manifest, others):
    """Leaves out what only tests need, and takes the other libraries from here: of those, the
    versions are not the least, since each has its own turn."""
    text = manifest.read_text()
    for table in (r"\[dev-dependencies[^\]]*\]", r"\[\[(?:bench|example|test)\]\]"):
        text = re.sub(rf"^{table}\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
    text += "\n[workspace]\n\n[patch.crates-io]\n"
    text += "".join(f'{name} = {{ path = "../{folder}" }}\n' for name, folder in others.items())
    manifest.write_text(text)


def main():
    found = libraries()
    packages = [f"--package={name}" for name in found]
    cargo("package", "--no-verify", "--allow-dirty", "--quiet", *packages, folder=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    with tempfile.TemporaryDirectory() as folder:
        for package in found.values():
            tarfile.open(target / "package" / f"{package}.crate").extractall(folder, filter="data")
        for name, package in found.items():
            library = Path(folder, package)
            reduce(library / "Cargo.toml", {other: it for other, it in found.items() if other != name})
            (library / "Cargo.lock").unlink(missing_ok=True)
            cargo("update", "-Zdirect-minimal-versions", folder=library)
            cargo("check", "--all-features", folder=library)


if __name__ == "__main__":
    main()
