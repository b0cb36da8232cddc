"""SHA-256 of files, alone and as the ``checksums.txt`` of a folder, which `sha256sum --check` reads too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

FILE = "checksums.txt"


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(folder: Path, paths: Iterable[Path]) -> str:
    """The content of ``checksums.txt`` for files of a folder."""
    return "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths)


def faults(folder: Path) -> list[str]:
    """Files that are not what ``checksums.txt`` says, as sentences; none where there is no such file."""
    path = folder / FILE
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        expected, _, name = line.partition("  ")
        target = folder / name
        if not target.is_file() or sha256(target) != expected:
            found.append(f"The file '{target}' is missing or not what '{path}' says.")
    return found
