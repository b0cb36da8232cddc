"""JSON: a list of objects, or objects one after the other, read one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from vptnlp.readers.charsets import Decoder
from vptnlp.readers.jsonl import parse_entry
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import HEAD_BYTES, LINE_LIMIT, Source

# The bytes that decide where an item ends; all ASCII, so no encoding with ASCII in it can hide them.
_STRUCTURE = re.compile(rb'["{}\[\],]')
_IN_STRING = re.compile(rb'["\\]')


def read_json(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record an item, numbered from 1; a damaged item does not stop the rest."""
    decode = Decoder(source.head)
    for number, raw in enumerate(_items(source.stream, report), 1):
        if len(raw) > LINE_LIMIT:
            report(f"The item is longer than {LINE_LIMIT // 2**20} MB and was skipped.", number)
            continue
        record = parse_entry(decode(raw), number, "item", report, text_column)
        if record is not None:
            yield record


def _items(stream: BinaryIO, report: Report) -> Iterator[bytes]:
    """The bytes of each item, cut by brackets, quotes and commas alone; those over `LINE_LIMIT` are cut off."""
    item = bytearray()
    depth, in_string, in_list, skip_next, closed = 0, False, None, False, False
    while not closed and (chunk := stream.read(HEAD_BYTES)):
        if in_list is None:
            chunk = chunk.lstrip()
            if not chunk:
                continue
            in_list = chunk.startswith(b"[")
            chunk = chunk[1:] if in_list else chunk
        start = position = 0
        if skip_next:
            position, skip_next = 1, False
        while found := (_IN_STRING if in_string else _STRUCTURE).search(chunk, position):
            position = found.end()
            char = found[0]
            if char == b'"':
                in_string = not in_string
            elif char == b"\\":
                skip_next = position == len(chunk)
                position += 1
            elif char in b"{[":
                depth += 1
            elif char in b"}]":
                closed = in_list and depth == 0 and char == b"]"
                depth = max(depth - 1, 0)
                if depth == 0:
                    item += chunk[start : position - closed]
                    start = position
                    if item.strip():
                        yield bytes(item.strip())
                    item.clear()
                if closed:
                    break
            elif depth == 0:
                item += chunk[start : position - 1]
                start = position
                if item.strip():
                    yield bytes(item.strip())
                item.clear()
        if not closed and len(item) <= LINE_LIMIT:
            item += chunk[start:]
    if item.strip():
        yield bytes(item.strip())
    if in_list and not closed:
        report("The list is not closed: the file seems to be cut off; what comes before the cut was read.")
