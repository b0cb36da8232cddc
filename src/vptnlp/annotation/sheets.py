"""The state of one answer or decision while people work on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from vptnlp.annotation.judgements import Judgement, from_row, to_row
from vptnlp.errors import CorpusError
from vptnlp.messages import Labels, Span


class Role(StrEnum):
    """What a sheet is."""

    ANSWER = "answer"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The state of an answer or a decision.

    Attributes:
        labels: The labels given so far.
        details: Personal details marked, sorted.
        cues: Cues marked, sorted.
        reason: Why; for decisions.
        done: Whether its author is done with it; a draft otherwise.
        author: Who changed it last; empty for one that nobody has touched.
        revision: Goes up by one with each change; 0 for one that nobody has touched.
        changed_at: When it was changed last; None for one that nobody has touched.
        can_undo: Whether there is a change to take back.
        can_redo: Whether there is one to put back.
    """

    labels: Labels = field(default_factory=Labels)
    details: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    reason: str = ""
    done: bool = False
    author: str = ""
    revision: int = 0
    changed_at: datetime | None = None
    can_undo: bool = False
    can_redo: bool = False

    def judgement(self, item: str) -> Judgement:
        """The sheet as a judgement about a message."""
        return Judgement(item, self.author, self.labels, self.details, self.cues, self.changed_at)


def to_state(sheet: Sheet) -> dict[str, Any]:
    """What people can change in a sheet, as plain values: a judgement row without names, with ``reason`` and ``done``."""
    row = to_row(Judgement("", "", sheet.labels, sheet.details, sheet.cues))
    del row["id"], row["annotator"]
    return {**row, "reason": sheet.reason, "done": sheet.done}


def from_state(state: Mapping[str, Any], text: str | None = None) -> Sheet:
    """Read what `to_state` gives.

    Args:
        state: The plain values; keys left out are none, empty or false.
        text: The message, to check offsets against.

    Raises:
        CorpusError: A key or value is unknown, or a span is not in the text.
    """
    rest = dict(state)
    reason, done = rest.pop("reason", ""), rest.pop("done", False)
    if not isinstance(reason, str) or not isinstance(done, bool):
        raise CorpusError("The reason must be a text, and 'done' must be true or false.")
    if set(rest) & {"id", "annotator", "answered_at"}:
        raise CorpusError("A sheet names no message, annotator or moment.")
    judgement = from_row({**rest, "id": "-", "annotator": "-"}, text)
    return Sheet(judgement.labels, judgement.details, judgement.cues, reason, done)
