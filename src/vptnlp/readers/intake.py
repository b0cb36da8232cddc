"""From records to messages: checks and cleans the text, and gives ids. The same for every format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vptnlp.messages import Message
from vptnlp.readers.ids import Ids
from vptnlp.readers.records import OnProblem, Problem, Record, Report
from vptnlp.readers.sources import Source

TEXT_LIMIT = 1_000_000

# JSON can write half a surrogate pair and a NUL; neither can be stored, printed or sent on.
_UNUSABLE = re.compile(r"[\ud800-\udfff\x00]")


class Intake:
    """Turns the records of one run into messages.

    Args:
        on_problem: Called with every problem, as soon as it is found.
    """

    def __init__(self, on_problem: OnProblem) -> None:
        self._on_problem = on_problem
        self._ids = Ids()
        self.problems = 0
        self.messages = 0

    def reporter(self, name: str) -> Report:
        """How to report problems of the file that the caller named `name`."""

        def report(reason: str, row: int | None = None) -> None:
            self.problems += 1
            self._on_problem(Problem(name, row, reason))

        return report

    def message(self, record: Record, source: Source, report: Report) -> Message | None:
        """The message that `record` holds; None, with a report, where it holds no text."""
        what = "file" if record.row is None else "row"
        text = record.text
        if text is not None and not isinstance(text, str):
            report(f"The {what} has {_kind(text)} where its text should be, and was skipped.", record.row)
            return None
        text = clean(text or "")
        if not text.strip().strip("\ufeff").strip():
            report(f"The {what} has no text and was skipped.", record.row)
            return None
        meta = record.meta
        quoted = clean(record.quoted)
        if len(text) > TEXT_LIMIT or len(quoted) > TEXT_LIMIT:
            report(f"The text is longer than {TEXT_LIMIT:,} characters; the rest of it was left out.", record.row)
            meta["truncated"] = True
            text, quoted = text[:TEXT_LIMIT], quoted[:TEXT_LIMIT]
        self.messages += 1
        return Message(self._id(record, source), text, meta, quoted)

    def _id(self, record: Record, source: Source) -> str:
        own = record.id
        if isinstance(own, float) and own.is_integer():
            own = int(own)  # spreadsheets and data frames keep whole numbers so
        if isinstance(own, str | int) and not isinstance(own, bool) and (wanted := clean(str(own)).strip()):
            return self._ids.own(wanted)
        if record.row is None:
            return self._ids.own(source.label)
        return self._ids.numbered(f"{source.label}#{record.sheet}" if record.sheet else source.label, record.row)


def clean(text: str) -> str:
    """`text` with lone surrogates replaced by U+FFFD and without NULs."""
    if _UNUSABLE.search(text) is None:
        return text
    return _UNUSABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text)


def clean_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """`meta` with `clean` done to every key and string in it."""
    return {clean(key): _clean_value(value) for key, value in meta.items()}


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return clean_meta(value)
    if isinstance(value, list):
        return [_clean_value(inner) for inner in value]
    return value


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list | tuple | dict):
        return "a list or object"
    return "something that is no text"
