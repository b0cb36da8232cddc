"""Whole messages redacted: text, quoted part and further columns, with the same placeholders in all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vptnlp.doxing.base import Detail
from vptnlp.doxing.detect import find_details
from vptnlp.doxing.placeholders import Placeholders
from vptnlp.doxing.redaction import redact
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
        self, message: Message, details: Sequence[Detail]
    ) -> tuple[dict[str, Any], dict[str, list[tuple[str, str]]]]:
        """The record of a message, and for each part of it what brings it back."""
        parts: dict[str, list[tuple[str, str]]] = {"text": [], "quoted": [], "meta": []}
        record: dict[str, Any] = {
            "id": message.id,
            "text": self._without(message.text, details, self._subjects, parts["text"]),
        }
        if message.quoted and not self._drop_meta:
            quoted = message.quoted
            record["quoted"] = self._without(quoted, find_details(quoted), self._subjects, parts["quoted"])
        if message.meta and not self._drop_meta:
            # A lone cell does not show whose detail it is, so nobody's stays.
            record["meta"] = map_texts(
                dict(message.meta),
                lambda cell: self._without(cell, find_details(cell), None, parts["meta"]),
                numbers=True,
            )
        return record, parts

    def _without(
        self, text: str, details: Sequence[Detail], subjects: frozenset[Subject] | None, values: list[tuple[str, str]]
    ) -> str:
        result = redact(text, details, kinds=self._kinds, subjects=subjects, state=self._state)
        values += result.values
        return result.text


def map_texts(value: Any, change: Callable[[str], str], *, numbers: bool = False) -> Any:
    """`value` with every text in it changed, and on request every whole number that is changed when read as text."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: map_texts(inner, change, numbers=numbers) for name, inner in value.items()}
    if isinstance(value, list):
        return [map_texts(inner, change, numbers=numbers) for inner in value]
    if numbers and isinstance(value, int) and not isinstance(value, bool):
        return value if (changed := change(str(value))) == str(value) else changed
    return value
