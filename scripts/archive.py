#!/usr/bin/env python3
"""Packs a folder as a .tar.gz or a .zip, or writes the checksums of such archives.

The archive has the same bytes wherever it is built from the same files: no times, no users, in order.

Usage: archive.py FOLDER ARCHIVE
       archive.py --sums FOLDER
"""

import gzip
import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

# The first day that a zip can name.
DAY = (1980, 1, 1, 0, 0, 0)
# 1 January 1980 in seconds.
SECONDS = 315532800


def members(folder):
    """The files of the folder, each with its name in the archive and its mode."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            is_command = path.parent == folder and path.stem == "browser-cors"
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            yield path.read_bytes(), name, 0o755 if is_command else 0o644


def pack_tar(folder, archive):
    with (
        open(archive, "wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for content, name, mode in members(folder):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), mode, SECONDS
            tar.addfile(entry, io.BytesIO(content))


def pack_zip(folder, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for content, name, mode in members(folder):
            entry = zipfile.ZipInfo(name, DAY)
            entry.external_attr = (0o100000 | mode) << 16
            file.writestr(entry, content, zipfile.ZIP_DEFLATED)


def sums(folder):
    """A line for each archive, as `sha256sum --check` reads it."""
    archives = sorted([*folder.glob("*.tar.gz"), *folder.glob("*.zip")])
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in archives)


def main(arguments):
    match arguments:
        case ["--sums", folder]:
            sys.stdout.buffer.write(sums(Path(folder)).encode())
        case [folder, archive] if archive.endswith(".tar.gz"):
            pack_tar(Path(folder), archive)
        case [folder, archive] if archive.endswith(".zip"):
            pack_zip(Path(folder), archive)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
