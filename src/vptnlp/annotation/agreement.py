"""How far annotators agree: every axis and label, every pair of annotators, spans, and in the course of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vptnlp.annotation.answers import BINARY_AXES, MEASURED_AXES, AnswerTable, Coded
from vptnlp.annotation.coefficients import MISSING, Array, cohen_kappa, fleiss_kappa, krippendorff_alpha
from vptnlp.annotation.drift import Block, measure_drift
from vptnlp.annotation.figures import Figure, figure, resamples
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.span_agreement import SpanAgreement, measure_spans
from vptnlp.errors import ConfigError
from vptnlp.taxonomy import AXES, SINGLE_AXES, SPAN_KINDS, VERSION

RELIABLE, TENTATIVE = 0.8, 0.667
"""From which alpha on data are reliable, and from which tentative conclusions may be drawn (Krippendorff 2004, 241)."""


@dataclass(frozen=True, slots=True)
class AxisAgreement:
    """Agreement on one axis.

    Attributes:
        distance: What alpha counts as far apart: ``ordinal``, ``masi`` or ``nominal``.
        alpha: Krippendorff's alpha with that distance.
        fleiss: Fleiss' kappa, nominal: a set counts as equal when it is equal as a whole.
        equal: Share of the pairs of answers that are equal.
    """

    distance: str
    alpha: Figure
    fleiss: Figure
    equal: float


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement on whether one label holds.

    Attributes:
        given: Answers that hold it.
        alpha: Krippendorff's alpha, nominal.
        fleiss: Fleiss' kappa.
    """

    given: int
    alpha: Figure
    fleiss: Figure


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Agreement of two annotators.

    Attributes:
        first: One of them.
        second: The other.
        items: Items that both answered.
        axes: Axis to Cohen's kappa, nominal.
        labels: Axis to label to Cohen's kappa.
        spans: Group of spans to overlap F1; without groups in which one of the two never marked a span.
    """

    first: str
    second: str
    items: int
    axes: dict[str, Figure]
    labels: dict[str, dict[str, Figure]]
    spans: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Annotator:
    """What one annotator did.

    Attributes:
        answers: Items answered.
        shared: Those that others answered too.
        hostile: Share of the answers that call the message hostile.
    """

    answers: int
    shared: int
    hostile: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An item on which answers differ.

    Attributes:
        item: Its id.
        score: Mean over all axes of how far its answers are apart, from 0 (equal) to 1.
        axes: The axes on which they differ, with the distance on each.
    """

    item: str
    score: float
    axes: dict[str, float]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Everything measured on one set of judgements. It holds ids and names, no message text.

    Attributes:
        items: Items with an answer.
        shared: Items with two answers or more; everything but `annotators` and `Block.hostile` is measured on these.
        draws: Resamples behind the intervals.
        annotators: Name to what the annotator did.
        axes: Axis (also ``hostile``) to agreement.
        labels: Axis to label to agreement.
        confusion: Axis with one value a message to counts of pairs of answers: row and column in taxonomy order; each
            pair of different answers stands in two cells, for neither answer comes first.
        pairs: Every pair of annotators who share an item.
        spans: ``details`` and ``cues`` to agreement.
        drift: Annotator to blocks of answers, where the order of answering is known.
        disagreements: Items on which answers differ, furthest apart first.
    """

    items: int
    shared: int
    draws: int
    annotators: dict[str, Annotator]
    axes: dict[str, AxisAgreement]
    labels: dict[str, dict[str, LabelAgreement]]
    confusion: dict[str, list[list[int]]]
    pairs: tuple[PairAgreement, ...]
    spans: dict[str, SpanAgreement]
    drift: dict[str, tuple[Block, ...]]
    disagreements: tuple[Disagreement, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON; an undefined figure is null."""
        return {"taxonomy": VERSION, **asdict(self)}


def measure(
    judgements: Sequence[Judgement], *, draws: int = 1000, seed: int = 0, block: int = 50, in_order: bool = False
) -> AgreementReport:
    """Measure how far annotators agree.

    Args:
        judgements: Answers, at most one for each annotator and item.
        draws: Resamples of items for the 95% intervals; 0 for none.
        seed: Seed of the draws.
        block: Answers a block, for drift.
        in_order: Whether `judgements` stand in the order of answering; without it the order is that of
            `Judgement.answered_at`.

    Raises:
        CorpusError: An annotator answered an item twice, or no item has two answers.
        ConfigError: `draws` or `block` is too small.
    """
    if draws < 0 or block < 1:
        raise ConfigError(f"The number of draws ({draws}) must be 0 or more and the block size ({block}) 1 or more.")
    table = AnswerTable(judgements)
    weights = resamples(len(table.items), draws, seed)
    coded = {axis: table.code_axis(axis) for axis in MEASURED_AXES}
    labels = {axis: {str(k): table.code_label(axis, k) for k in kind} for axis, kind in AXES.items()}
    spans, span_pairs = {}, {}
    for group in SPAN_KINDS:
        spans[group], span_pairs[group] = measure_spans(table, group, weights)
    return AgreementReport(
        items=len({j.item for j in judgements}),
        shared=len(table.items),
        draws=draws,
        annotators=_annotators(judgements, table),
        axes={axis: _axis(axis, answers, weights) for axis, answers in coded.items()},
        labels={axis: {key: _label(c, weights) for key, c in members.items()} for axis, members in labels.items()},
        confusion={axis: _confusion(coded[axis].counts) for axis in SINGLE_AXES},
        pairs=tuple(_pair(table, pair, coded, labels, span_pairs, weights) for pair in table.pairs()),
        spans=spans,
        drift=measure_drift(judgements, table, coded, size=block, in_order=in_order),
        disagreements=_disagreements(table, coded),
    )


def _axis(axis: str, coded: Coded, weights: Array) -> AxisAgreement:
    pairs = coded.counts.sum(axis=1)
    equal = (coded.counts**2).sum() - pairs.sum()
    return AxisAgreement(
        distance="ordinal" if axis in SINGLE_AXES else "nominal" if axis in BINARY_AXES else "masi",
        alpha=figure(krippendorff_alpha(coded.counts, coded.distance, weights)),
        fleiss=figure(fleiss_kappa(coded.counts, weights)),
        equal=round(float(equal / (pairs * (pairs - 1)).sum()), 4),
    )


def _label(coded: Coded, weights: Array) -> LabelAgreement:
    return LabelAgreement(
        given=int(coded.counts[:, 1].sum()),
        alpha=figure(krippendorff_alpha(coded.counts, coded.distance, weights)),
        fleiss=figure(fleiss_kappa(coded.counts, weights)),
    )


def _pair(
    table: AnswerTable,
    pair: tuple[int, int],
    coded: dict[str, Coded],
    labels: dict[str, dict[str, Coded]],
    span_pairs: dict[str, dict[tuple[int, int], Figure]],
    weights: Array,
) -> PairAgreement:
    first, second = pair
    both = np.flatnonzero((table.given()[:, pair]).all(axis=1))
    among = weights if len(both) == len(table.items) else weights[:, both]

    def kappa(answers: Coded) -> Figure:
        of_first, of_second = answers.codes[both, first], answers.codes[both, second]
        return figure(cohen_kappa(of_first, of_second, answers.size, among))

    return PairAgreement(
        first=table.annotators[first],
        second=table.annotators[second],
        items=len(both),
        axes={axis: kappa(answers) for axis, answers in coded.items()},
        labels={axis: {key: kappa(answers) for key, answers in members.items()} for axis, members in labels.items()},
        spans={group: found[pair] for group, found in span_pairs.items() if pair in found},
    )


def _confusion(counts: Array) -> list[list[int]]:
    pairs = counts.T @ counts
    equal = (np.diag(pairs) - counts.sum(axis=0)) / 2
    np.fill_diagonal(pairs, equal)
    return [[int(n) for n in row] for row in pairs]


def _annotators(judgements: Sequence[Judgement], table: AnswerTable) -> dict[str, Annotator]:
    answers = Counter(j.annotator for j in judgements)
    hostile = Counter(j.annotator for j in judgements if j.labels.hostile)
    items = set(table.items)
    shared = Counter(j.annotator for j in judgements if j.item in items)
    return {
        name: Annotator(answers[name], shared[name], round(hostile[name] / answers[name], 4))
        for name in sorted(answers)
    }


def _disagreements(table: AnswerTable, coded: dict[str, Coded]) -> tuple[Disagreement, ...]:
    # 'hostile' follows from the other axes and would count them twice.
    axes = [axis for axis in MEASURED_AXES if axis != "hostile"]
    apart = np.zeros((len(table.items), len(axes)))
    for i, axis in enumerate(axes):
        answers = coded[axis]
        furthest = answers.fixed_distance.max()
        given = answers.codes != MISSING
        mean = np.where(given, answers.disagreement(), 0).sum(axis=1) / given.sum(axis=1)
        apart[:, i] = mean / furthest if furthest else 0
    found = [
        Disagreement(
            item,
            round(float(row.mean()), 4),
            {axis: round(float(d), 4) for axis, d in zip(axes, row, strict=True) if d > 0},
        )
        for item, row in zip(table.items, apart, strict=True)
        if row.any()
    ]
    return tuple(sorted(found, key=lambda d: -d.score))
