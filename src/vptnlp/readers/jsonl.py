"""JSON lines: one object a line, with the text under ``text`` and an optional ``id`` (https://jsonlines.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vptnlp.readers.charsets import Decoder
from vptnlp.readers.columns import record_of
from vptnlp.readers.intake import clean_meta
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import Source, lines

# NaN and Infinity are no JSON, but some writers use them; the row is worth more than the number.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)


def read_jsonl(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record a line; blank lines are skipped."""
    decode = Decoder(source.head)
    for number, raw in lines(source.stream, report):
        if line := raw.strip():
            record = parse_entry(decode(line), number, "line", report, text_column)
            if record is not None:
                yield record


def parse_entry(line: str, row: int, unit: str, report: Report, text_column: str | None) -> Record | None:
    """The record of one JSON object; None, with a report, where it is damaged or no object.

    Args:
        line: The JSON text.
        row: Its number.
        unit: What a reader of the report calls it: "line" or "item".
        report: Where problems go.
        text_column: The key that holds the text; None to look for a usual one.
    """
    try:
        entry: Any = _DECODER.decode(line)
        if "\\u" in line and isinstance(entry, dict):
            entry = clean_meta(entry)
        fault = ""
    except json.JSONDecodeError as error:
        fault = f"is damaged JSON at character {error.pos + 1}"
    except (RecursionError, ValueError):
        fault = "is JSON that is nested too deeply or has too long a number,"
    # Outside the handlers: what the caller raises must not carry along an error that holds the line.
    if fault:
        report(f"The {unit} {fault} and was skipped.", row)
        return None
    if not isinstance(entry, dict):
        report(f'The {unit} is no JSON object and was skipped; write it as {{"text": "..."}}.', row)
        return None
    return record_of(row, entry, text_column)
