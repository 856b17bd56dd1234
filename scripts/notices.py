#!/usr/bin/env python3
"""Writes the licences of the packages that are linked into the command for a target.

Usage: notices.py TARGET
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("LICENSE*", "LICENCE*", "COPYING*", "COPYRIGHT*", "NOTICE*", "UNLICENSE*")


def cargo(*arguments):
    command = ["cargo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def linked(target):
    """The names and versions of what is linked, as `cargo tree` knows them."""
    tree = ("tree", "--locked", "--package", "browser-cors-cli", "--edges", "normal,no-proc-macro")
    lines = cargo(*tree, "--target", target, "--prefix", "none", "--format", "{p}").splitlines()
    return {tuple(line.split()[:2]) for line in lines if line.strip()}


def texts(package):
    """The files that a package calls its licences or notices."""
    folder = Path(package["manifest_path"]).parent
    files = {path for name in NAMES for path in folder.glob(name) if path.is_file()}
    return {path.read_text("utf-8", "replace").strip() for path in files}


def main(target):
    wanted = linked(target)
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target))
    packages = [
        package
        for package in metadata["packages"]
        if package["source"] and (package["name"], f"v{package['version']}") in wanted
    ]
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("browser-cors contains these packages, each under its licence. The texts follow.\n")
    owners = {}
    for package in sorted(packages, key=lambda package: (package["name"], package["version"])):
        name = f"{package['name']} {package['version']}"
        authors = ", ".join(package["authors"]) or "its contributors"
        print(f"{name}: {package['license'] or 'see its text'}, by {authors}")
        for text in texts(package):
            owners.setdefault(text, []).append(name)
    for text, names in sorted(owners.items(), key=lambda item: (-len(item[1]), item[1])):
        print(f"\n{'=' * 80}\n{', '.join(names)}\n{'-' * 80}\n{text}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
