"""Whole messages redacted: text, quoted part and further columns, with the same placeholders in all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vptnlp.doxing.base import Detail
from vptnlp.doxing.cells import cell_details
from vptnlp.doxing.detect import find_details
from vptnlp.doxing.placeholders import Placeholders
from vptnlp.doxing.redaction import learn, redact
from vptnlp.messages import Message
from vptnlp.taxonomy import DetailKind, Subject


class Redactor:
    """Makes redacted records, with the same placeholders in all of them.

    Args:
        kinds: Which kinds of detail to replace; None for all.
        subjects: Whose to replace; None for everybody's.
        drop_meta: Whether to leave out everything but id and text.
    """

    def __init__(
        self, kinds: frozenset[DetailKind] | None, subjects: frozenset[Subject] | None, *, drop_meta: bool
    ) -> None:
        self._kinds = kinds
        self._subjects = subjects
        self._drop_meta = drop_meta
        self._state = Placeholders()

    def record(
        self, message: Message, details: Sequence[Detail], hostile: bool | None = None
    ) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
        """The record of a message, and for each part of it what brings it back.

        Args:
            message: The message.
            details: The details in its text.
            hostile: Whether it is hostile, where that is known.
        """
        parts: dict[str, list[tuple[str, str]]] = {"text": [], "quoted": [], "meta": []}
        text, quoted, meta = message.text, message.quoted, dict(message.meta)
        if self._drop_meta:
            quoted, meta = "", {}
        # What one part shows is replaced in the others too, so all are read before the first is redacted.
        in_text = self._learnt(text, with_rules(text, details, hostile), self._subjects)
        in_quoted = self._learnt(quoted, find_details(quoted), self._subjects)
        in_cells: deque[Sequence[Detail]] = deque()

        def read(cell: str, columns: Sequence[str] | None) -> str:
            # A lone cell does not show whose detail it is, so nobody's stays.
            found = find_details(cell) if columns is None else cell_details(columns, cell)
            in_cells.append(self._learnt(cell, found, None))
            return cell

        map_texts(meta, read, numbers=True)
        record: dict[str, Any] = {"id": message.id, "text": self._without(text, in_text, self._subjects, parts["text"])}
        if quoted:
            record["quoted"] = self._without(quoted, in_quoted, self._subjects, parts["quoted"])
        if meta:
            record["meta"] = map_texts(
                meta, lambda cell, _: self._without(cell, in_cells.popleft(), None, parts["meta"]), numbers=True
            )
        return record, parts

    def _learnt(self, text: str, details: Sequence[Detail], subjects: frozenset[Subject] | None) -> Sequence[Detail]:
        learn(text, details, kinds=self._kinds, subjects=subjects, state=self._state)
        return details

    def _without(
        self, text: str, details: Sequence[Detail], subjects: frozenset[Subject] | None, values: list[tuple[str, str]]
    ) -> str:
        result = redact(text, details, kinds=self._kinds, subjects=subjects, state=self._state)
        values += result.values
        return result.text


def with_rules(text: str, details: Sequence[Detail], hostile: bool | None = None) -> list[Detail]:
    """The given details and what the rules find besides: a model may doubt a name, but that is no reason to show it.

    Args:
        text: A message as received.
        details: Its details as a model and the rules together gave them; whose a detail is, these say.
        hostile: Whether the message is hostile, where that is known.
    """
    joined = list(details)
    for rule in find_details(text, hostile=hostile):
        same = [given for given in details if given.kind == rule.kind and given.overlaps(rule)]
        if not any(given.start <= rule.start and rule.end <= given.end for given in same):
            joined.append(replace(rule, subject=same[0].subject) if same else rule)
    return joined


def map_texts(
    value: Any,
    change: Callable[[str, Sequence[str] | None], str],
    *,
    numbers: bool = False,
    columns: tuple[str, ...] = (),
) -> Any:
    """`value` with every text in it changed, names of columns too.

    Args:
        value: What JSON can hold.
        change: Gives the new text from the old one and the names of the columns around it, None for such a name itself.
        numbers: Whether to change numbers too, where they change when read as text.
        columns: The names of the columns around `value`.
    """
    if isinstance(value, str):
        return change(value, columns)
    if isinstance(value, dict):
        changed: dict[str, Any] = {}
        for name, inner in value.items():
            new = change(name, None)
            while new in changed:  # two spellings of one value; no column may be lost
                new += "'"
            changed[new] = map_texts(inner, change, numbers=numbers, columns=(*columns, name))
        return changed
    if isinstance(value, list):
        return [map_texts(inner, change, numbers=numbers, columns=columns) for inner in value]
    if numbers and isinstance(value, int | float) and not isinstance(value, bool):
        # A spreadsheet keeps telephone numbers as 613370042.0.
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return value if (new := change(text, columns)) == text else new
    return value
