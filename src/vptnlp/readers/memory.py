"""Inputs that are held in memory, such as a file sent to the service: read without touching the disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from vptnlp.messages import Message
from vptnlp.readers.inbox import _messages
from vptnlp.readers.intake import Intake
from vptnlp.readers.records import OnProblem, UnreadableError
from vptnlp.readers.sources import HEAD_BYTES, Source, _source, printable


@dataclass(frozen=True, slots=True)
class _Held(Source):
    """An input whose bytes are in memory; `path` stays None, for there is no file to open.

    Attributes:
        content: All its bytes as they are.
    """

    content: bytes = field(repr=False, default=b"")

    @property
    def suffix(self) -> str:
        """The extension of its name in lower case, without its dot."""
        return PurePosixPath(self.label).suffix[1:].lower()

    def reopen(self) -> BinaryIO:
        """The bytes as they are."""
        return io.BytesIO(self.content)


def read_bytes(
    name: str, content: bytes, on_problem: OnProblem, *, text_column: str | None = None
) -> Iterator[Message]:
    """Read the messages of one file whose bytes are in memory.

    Args:
        name: The file's name; its extension helps to tell the format, and ids are made from it. Folders in it are
            left out.
        content: The bytes of the file.
        on_problem: Called with each problem, as soon as it is found.
        text_column: As for `vptnlp.readers.read`.

    Yields:
        Messages whose ids are unique within the file.

    Raises:
        MissingExtraError: It is a parquet file and pyarrow is not installed.
    """
    label = printable(PurePosixPath(name.replace("\\", "/")).name) or "bestand"
    intake = Intake(on_problem)
    report = intake.reporter(label)
    chunks = (content[at : at + HEAD_BYTES] for at in range(0, len(content), HEAD_BYTES))
    try:
        plain = _source(label, label, None, next(chunks, b""), chunks)
        held = _Held(plain.name, plain.label, None, plain.head, plain.stream, content)
        yield from _messages(held, intake, report, text_column)
    except UnreadableError as error:
        report(str(error))
