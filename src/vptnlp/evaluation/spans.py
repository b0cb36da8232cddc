"""Counts spans that were found, falsely given and missed, message by message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.evaluation.bootstrap import Array
from vptnlp.evaluation.metrics import match_spans
from vptnlp.messages import Assessment, Span
from vptnlp.taxonomy import SPAN_KINDS, Label


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """One group of spans over a set of messages.

    Attributes:
        kinds: Keys of the kinds.
        counts: Found, falsely given and missed, shape (messages, 3, kinds).
        subjects: Spans found with the right subject, and spans found, shape (messages, 2).
    """

    kinds: tuple[str, ...]
    counts: Array
    subjects: Array

    @property
    def wrong(self) -> Array:
        """Whether a message has a span missed or falsely given, shape (messages,)."""
        return np.asarray(self.counts[:, 1:].any(axis=(1, 2)))


def count_spans(examples: Sequence[Example], assessments: Sequence[Assessment]) -> dict[str, SpanCounts]:
    """Count the spans of every group, ``details`` and ``cues``.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
    """
    return {
        group: count_found(kinds, [getattr(e, group) for e in examples], [getattr(a, group) for a in assessments])
        for group, kinds in SPAN_KINDS.items()
    }


def count_found(
    kinds: Iterable[Label], all_gold: Sequence[Sequence[Span]], all_found: Sequence[Sequence[Span]]
) -> SpanCounts:
    """Count the spans of one group, whoever found them.

    Args:
        kinds: The kinds to count, in the order of the columns.
        all_gold: The gold spans of each message.
        all_found: The spans found in each message, in the same order.
    """
    names = tuple(str(kind) for kind in kinds)
    counts = np.zeros((len(all_gold), 3, len(names)))
    subjects = np.zeros((len(all_gold), 2))
    place = {kind: i for i, kind in enumerate(names)}
    for row, (gold, found) in enumerate(zip(all_gold, all_found, strict=True)):
        matched = match_spans(gold, found)
        for span, other in matched:
            counts[row, 0, place[span.kind]] += 1
            subjects[row] += (span.subject == other.subject, 1)
        for spans, column, index in ((found, 1, 1), (gold, 2, 0)):
            used = {pair[index] for pair in matched}
            for span in spans:
                counts[row, column, place[span.kind]] += span not in used
    return SpanCounts(names, counts, subjects)
