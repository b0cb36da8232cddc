"""Plain text: one file, one message."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from vptnlp.readers.charsets import decode
from vptnlp.readers.intake import TEXT_LIMIT
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import Source

# UTF-8 takes at most four bytes a character, so more bytes than this always hold more text than is kept.
_BYTE_LIMIT = 4 * TEXT_LIMIT + 4


def read_txt(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """The whole file as one record, with every line end made a newline character."""
    raw = source.stream.read(_BYTE_LIMIT)
    try:
        # Not final: the limit may fall within a character.
        text = codecs.getincrementaldecoder("utf-8")().decode(raw, final=len(raw) < _BYTE_LIMIT)
    except UnicodeDecodeError:
        text = decode(raw)
    yield Record(text.replace("\r\n", "\n").replace("\r", "\n"))
