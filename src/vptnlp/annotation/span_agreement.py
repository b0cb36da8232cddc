"""How far annotators mark the same spans.

Spans have no fixed number of places where they could have been marked, so there is no agreement by chance to take
off; F1 between annotators is used in its place (Hripcsak & Rothschild 2005). It is the same whoever comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vptnlp.annotation.answers import AnswerTable
from vptnlp.annotation.coefficients import Array
from vptnlp.annotation.figures import Figure, figure
from vptnlp.evaluation.metrics import match_spans
from vptnlp.messages import Span
from vptnlp.taxonomy import SPAN_KINDS, Label

_SPANS, _EXACT, _OVERLAP, _MATCHED, _SUBJECT = range(5)


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """Agreement on spans, of one kind or of all.

    Attributes:
        spans: Spans marked, over all pairs of answers.
        exact: F1 where start, end and kind are equal.
        overlap: F1 where kinds are equal and the overlap is half of the longer one or more.
        subject: Share of the overlapping pairs with the same subject; undefined for cues.
    """

    spans: int
    exact: Figure
    overlap: Figure
    subject: Figure


@dataclass(frozen=True, slots=True)
class SpanAgreement:
    """Agreement on one group of spans.

    Attributes:
        all: All kinds together.
        kinds: Each kind that somebody marked.
        silent: Annotators who never marked a span of this group. They are left out, for they may not have been asked to.
    """

    all: SpanFigures
    kinds: dict[str, SpanFigures] = field(default_factory=dict)
    silent: tuple[str, ...] = ()


def span_counts(table: AnswerTable, group: str, first: int, second: int) -> Array:
    """What two annotators marked, counted by item and kind.

    Args:
        table: The answers.
        group: ``details`` or ``cues``.
        first: Place of an annotator.
        second: Place of another.

    Returns:
        Shape (items, kinds, 5): spans of both, those with an equal one, those with an overlapping one, overlapping
        pairs with subjects, those with the same subject.
    """
    kinds = {kind: i for i, kind in enumerate(SPAN_KINDS[group])}
    counts = np.zeros((len(table.items), len(kinds), 5))
    for row, (one, other) in enumerate(zip(table.column(first), table.column(second), strict=True)):
        if one is None or other is None:
            continue
        of_one: tuple[Span, ...] = getattr(one, group)
        of_other: tuple[Span, ...] = getattr(other, group)
        for span in (*of_one, *of_other):
            counts[row, kinds[span.kind], _SPANS] += 1
        for _, _, kind in _bare(of_one) & _bare(of_other):
            counts[row, kinds[kind], _EXACT] += 2
        for span, match in match_spans(of_one, of_other):
            counts[row, kinds[span.kind], _OVERLAP] += 2
            if span.subject is not None:
                counts[row, kinds[span.kind], _MATCHED] += 1
                counts[row, kinds[span.kind], _SUBJECT] += span.subject == match.subject
    return counts


def measure_spans(
    table: AnswerTable, group: str, weights: Array
) -> tuple[SpanAgreement, dict[tuple[int, int], Figure]]:
    """Measure agreement on one group of spans.

    Args:
        table: The answers.
        group: ``details`` or ``cues``.
        weights: Resamples, shape (1 + draws, items).

    Returns:
        The agreement of all, and the overlap F1 of each pair of annotators.
    """
    silent = [i for i in range(len(table.annotators)) if not any(a and getattr(a, group) for a in table.column(i))]
    of_pairs = {pair: span_counts(table, group, *pair) for pair in table.pairs() if not set(pair) & set(silent)}
    kinds = SPAN_KINDS[group]
    empty = np.zeros((len(table.items), len(kinds), 5))
    sums = _sums(weights, sum(of_pairs.values(), start=empty))
    agreement = SpanAgreement(
        all=_figures(sums.sum(axis=1)),
        kinds={str(kind): _figures(sums[:, i]) for i, kind in enumerate(kinds) if sums[0, i, _SPANS]},
        silent=tuple(table.annotators[i] for i in silent),
    )
    by_pair = {pair: _figures(_sums(weights, counts.sum(axis=1))).overlap for pair, counts in of_pairs.items()}
    return agreement, by_pair


def _bare(spans: Sequence[Span]) -> set[tuple[int, int, Label]]:
    return {(span.start, span.end, span.kind) for span in spans}


def _sums(weights: Array, counts: Array) -> Array:
    return np.asarray((weights @ counts.reshape(len(counts), -1)).reshape(-1, *counts.shape[1:]))


def _figures(sums: Array) -> SpanFigures:
    """Figures from sums of shape (1 + draws, 5)."""
    with np.errstate(invalid="ignore"):  # nothing marked: 0 / 0 is undefined
        return SpanFigures(
            spans=int(sums[0, _SPANS]),
            exact=figure(sums[:, _EXACT] / sums[:, _SPANS]),
            overlap=figure(sums[:, _OVERLAP] / sums[:, _SPANS]),
            subject=figure(sums[:, _SUBJECT] / sums[:, _MATCHED]),
        )
