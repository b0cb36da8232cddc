"""Opening inputs: files, folders and standard input, as streams of UTF-8 bytes wherever the encoding is plain."""

from __future__ import annotations

import codecs
import errno
import io
import itertools
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from vptnlp.readers.charsets import bom_encoding
from vptnlp.readers.records import Report, UnreadableError

HEAD_BYTES = 65_536
LINE_LIMIT = 64 * 1024 * 1024

_OS_REASONS = {
    errno.ENOENT: "The file does not exist; check its name.",
    errno.ENOTDIR: "The file does not exist; check its name.",
    errno.EACCES: "Permission to read it was denied; ask for the right to read it.",
    errno.EPERM: "Permission to read it was denied; ask for the right to read it.",
    errno.ELOOP: "The link leads back to itself; give the file that was meant.",
    errno.ENAMETOOLONG: "The name is too long for a file; check its name.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One opened input.

    Attributes:
        name: The file as the caller named it, for problems.
        label: The file's name within its folder, for ids.
        path: Where it is; None for standard input.
        head: Its first bytes as they are, some `HEAD_BYTES` at most.
        stream: All its bytes without byte order mark; UTF-16 and UTF-32 with a mark are turned into UTF-8.
    """

    name: str
    label: str
    path: Path | None
    head: bytes = field(repr=False)
    stream: io.BufferedReader

    @property
    def suffix(self) -> str:
        """The extension in lower case, without its dot; empty where there is none."""
        return "" if self.path is None else self.path.suffix[1:].lower()

    def reopen(self) -> BinaryIO:
        """The file as it is, for formats that are read from their end.

        Raises:
            UnreadableError: It is standard input, or gone.
        """
        if self.path is None:
            raise UnreadableError("This format cannot be read from standard input; save it to a file and name that.")
        try:
            return self.path.open("rb")
        except OSError as error:
            raise UnreadableError(reason_of(error)) from None


def printable(name: str) -> str:
    """A file name that can be shown: bytes that are no UTF-8 and control characters are replaced."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def reason_of(error: OSError | ValueError) -> str:
    """A full sentence for a failure of the operating system."""
    if isinstance(error, OSError):
        code = errno.errorcode.get(error.errno or 0, "unknown error")
        return _OS_REASONS.get(error.errno or 0, f"It could not be read: the system reports {code}; check the disk.")
    return "The name cannot be a file name; check it."


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder or a link to one.

    Raises:
        UnreadableError: It does not exist, may not be looked at, or is neither file nor folder.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise UnreadableError(reason_of(error)) from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise UnreadableError("It is a device, pipe or socket, not a file; pipe it in and give '-' instead.")
    return stat.S_ISDIR(mode)


@contextmanager
def open_file(path: Path, name: str, label: str) -> Iterator[Source]:
    """The regular file `path`, open for reading.

    Raises:
        UnreadableError: It cannot be opened, or it is empty.
    """
    try:
        raw = path.open("rb")
    except (OSError, ValueError) as error:
        raise UnreadableError(reason_of(error)) from None
    with raw:
        chunks = _chunks(raw.read)
        yield _source(name, label, path, next(chunks, b""), chunks)


def standard_input() -> Source:
    """Standard input, read no further than its first paragraph, or its first line where that looks like JSON.

    Raises:
        UnreadableError: It is closed, or it is empty.
    """
    raw: Any = getattr(sys.stdin, "buffer", None)
    if raw is None:
        raise UnreadableError("Standard input is closed; pipe messages in, or name a file.")
    head = b""
    for line in _chunks(raw.readline):
        head += line
        if head.lstrip()[:1] in (b"{", b"[") or (head.strip() and not line.strip()) or len(head) >= HEAD_BYTES:
            break
    return _source("-", "stdin", None, head, _chunks(raw.read1))


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """What `read` gives until it gives nothing.

    Raises:
        UnreadableError: The system cannot go on reading.
    """
    try:
        yield from iter(lambda: read(HEAD_BYTES), b"")
    except OSError as error:
        raise UnreadableError(f"{reason_of(error)} What comes before the fault was read.") from None


def _source(name: str, label: str, path: Path | None, head: bytes, rest: Iterator[bytes]) -> Source:
    if not head:
        raise UnreadableError("It is empty.")
    chunks = itertools.chain([head], rest)
    encoding = bom_encoding(head)
    if encoding == "utf-8-sig":
        chunks = itertools.chain([head[len(codecs.BOM_UTF8) :]], rest)
    elif encoding is not None:
        chunks = itertools.chain(text.encode() for text in codecs.iterdecode(chunks, encoding, "replace"))
    if b"\r" in head and b"\n" not in head:
        # Files of the old Mac OS end their lines so; Excel still offers it.
        chunks = itertools.chain(chunk.replace(b"\r", b"\n") for chunk in chunks)
    return Source(name, label, path, head, io.BufferedReader(_Chunks(chunks), HEAD_BYTES))


class _Chunks(io.RawIOBase):
    """An iterator of bytes as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def lines(stream: BinaryIO, report: Report) -> Iterator[tuple[int, bytes]]:
    """The lines of `stream`, numbered from 1, with their line ends; a line over `LINE_LIMIT` bytes is reported."""
    for number in itertools.count(1):
        line = stream.readline(LINE_LIMIT)
        if not line:
            return
        if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
            report(f"The line is longer than {LINE_LIMIT // 2**20} MB and was skipped.", number)
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_LIMIT)
            continue
        yield number, line


def files_in(folder: Path, report: Callable[[Path, str], None]) -> Iterator[Path]:
    """Every file under `folder`, sorted, without hidden ones; links to folders are reported, not followed.

    Args:
        folder: Where to start.
        report: Told the path and the reason of each folder that cannot be listed or is not followed.
    """
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            if path == folder or (path.is_dir() and not path.is_symlink()):
                inside = sorted(entry.name for entry in os.scandir(path) if not entry.name.startswith((".", "~$")))
                waiting.extend(path / name for name in reversed(inside))
                continue
            linked = path.is_symlink() and path.is_dir()
        except OSError as error:
            report(path, reason_of(error))
            continue
        if linked:
            report(path, "It is a link to a folder and was not followed; name that folder itself to read it.")
        else:
            yield path
