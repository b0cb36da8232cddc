"""Measures a set of assessments against gold labels, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from vptnlp.corpus.records import HARD_CATEGORIES, Example
from vptnlp.errors import CorpusError
from vptnlp.evaluation.bootstrap import Array, Bootstrap, Estimate
from vptnlp.evaluation.metrics import calibration_error, f1, match_spans, recall_at_false_alarms
from vptnlp.messages import Assessment, Span
from vptnlp.taxonomy import AXES, SINGLE_AXES, CueKind, DetailKind, Doxing, Label, Threat

FALSE_ALARM_SHARE = 0.05
MIN_CALIBRATION = 50
"""Labels with fewer positives get no calibration error."""


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Figures of one label or span kind. `calibration_error` is None for spans and rare labels."""

    support: int
    precision: float
    recall: float
    f1: float
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything measured on one set.

    Attributes:
        messages: Number of messages.
        hostile: Number of hostile ones.
        headline: The figures of the quality table, each with a 95% interval.
        labels: Axis or span group to label to its figures.
        slices: Slice (such as ``channel=email``) to number of messages and macro-F1 over axes.
        errors: Axis to ids of messages where it is wrong.
    """

    messages: int
    hostile: int
    headline: dict[str, Estimate]
    labels: dict[str, dict[str, LabelFigures]]
    slices: dict[str, tuple[int, float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON; ids of errors are left out."""
        return {
            "messages": self.messages,
            "hostile": self.hostile,
            "headline": {k: {"value": e.value, "low": e.low, "high": e.high} for k, e in self.headline.items()},
            "labels": {
                group: {
                    name: {
                        "support": figures.support,
                        "precision": figures.precision,
                        "recall": figures.recall,
                        "f1": figures.f1,
                        **(
                            {"calibration_error": figures.calibration_error}
                            if figures.calibration_error is not None
                            else {}
                        ),
                    }
                    for name, figures in members.items()
                }
                for group, members in self.labels.items()
            },
            "slices": {name: {"messages": n, "macro_f1": value} for name, (n, value) in self.slices.items()},
        }


def evaluate(examples: Sequence[Example], assessments: Sequence[Assessment], *, seed: int = 0) -> EvaluationReport:
    """Measure assessments against gold labels.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        seed: Seed of the bootstrap.

    Raises:
        CorpusError: There are no examples, or the numbers differ.
    """
    if not examples or len(examples) != len(assessments):
        raise CorpusError(
            f"There are {len(examples)} examples and {len(assessments)} assessments; both must be equal and above 0."
        )
    bootstrap = Bootstrap(len(examples), seed=seed)
    headline: dict[str, Estimate] = {}
    labels: dict[str, dict[str, LabelFigures]] = {}
    errors: dict[str, list[str]] = {}
    all_counts = []
    threat_gold = np.array([e.labels.threat != Threat.NONE for e in examples], int)
    threat_scores = np.array([1 - a.scores.axes["threat"]["none"] for a in assessments])
    headline["threat_auprc"] = _auprc(bootstrap, threat_gold, threat_scores)
    headline["threat_recall_at_5_percent_false_alarms"] = bootstrap.of_weights(
        lambda w: recall_at_false_alarms(threat_gold, threat_scores, FALSE_ALARM_SHARE, w)
    )
    for axis, kind in (*AXES.items(), ("organised_crime", None)):
        gold, given, scores = _matrices(axis, kind, examples, assessments)
        counts = np.stack([gold * given, (1 - gold) * given, gold * (1 - given)], axis=1)
        all_counts.append(counts)
        headline[f"{axis}_macro_f1"] = bootstrap.of_sums(counts, _macro_f1)
        labels[axis] = _label_figures(list(kind) if kind else ["true"], counts, gold, scores)
        errors[axis] = [e.id for e, wrong in zip(examples, (gold != given).any(axis=1), strict=True) if wrong]
    _add_false_alarms(headline, bootstrap, examples, assessments)
    for group, kinds in (("details", DetailKind), ("cues", CueKind)):
        _add_spans(headline, labels, bootstrap, group, list(kinds), examples, assessments)
    headline["macro_f1_over_axes"] = bootstrap.of_sums(
        np.concatenate(all_counts, axis=2), lambda sums: _mean_of_macros(sums, [c.shape[2] for c in all_counts])
    )
    return EvaluationReport(
        messages=len(examples),
        hostile=sum(e.labels.hostile for e in examples),
        headline=headline,
        labels=labels,
        slices=_slices(examples, all_counts),
        errors=errors,
    )


def _auprc(bootstrap: Bootstrap, gold: Array, scores: Array) -> Estimate:
    from sklearn.metrics import average_precision_score

    if not gold.any():
        return Estimate(float("nan"), float("nan"), float("nan"))
    return bootstrap.of_weights(lambda w: float(average_precision_score(gold, scores, sample_weight=w)))


def _matrices(
    axis: str, kind: type[Label] | None, examples: Sequence[Example], assessments: Sequence[Assessment]
) -> tuple[Array, Array, Array]:
    """Gold, given and scores of one axis, each of shape (messages, labels)."""
    if kind is None:
        gold = np.array([[e.labels.organised_crime] for e in examples], int)
        given = np.array([[a.labels.organised_crime] for a in assessments], int)
        return gold, given, np.array([[a.scores.organised_crime] for a in assessments])

    def row(held: Any) -> list[int]:
        return [int(held == label if axis in SINGLE_AXES else label in held) for label in kind]

    gold = np.array([row(getattr(e.labels, axis)) for e in examples])
    given = np.array([row(getattr(a.labels, axis)) for a in assessments])
    return gold, given, np.array([[a.scores.axes[axis][str(label)] for label in kind] for a in assessments])


def _macro_f1(sums: Array) -> Array:
    """From counts of shape (draws, 3, labels) to macro-F1 over the labels that occur or were given."""
    per_label = f1(sums[:, 0], sums[:, 1], sums[:, 2])
    present = sums.sum(axis=1) > 0
    total = np.where(present, per_label, 0).sum(axis=1)
    return np.asarray(total / np.maximum(present.sum(axis=1), 1))


def _mean_of_macros(sums: Array, widths: Sequence[int]) -> Array:
    bounds = np.cumsum([0, *widths])
    macros = [_macro_f1(sums[:, :, a:b]) for a, b in pairwise(bounds)]
    return np.asarray(np.mean(macros, axis=0))


def _label_figures(
    names: Sequence[str], counts: Array, gold: Array | None = None, scores: Array | None = None
) -> dict[str, LabelFigures]:
    sums = counts.sum(axis=0)
    out = {}
    for i, name in enumerate(names):
        hit, alarm, miss = (float(n) for n in sums[:, i])
        error = None
        if gold is not None and scores is not None and hit + miss >= MIN_CALIBRATION:
            error = round(calibration_error(gold[:, i], scores[:, i]), 4)
        out[str(name)] = LabelFigures(
            support=int(hit + miss),
            precision=round(hit / (hit + alarm), 4) if hit + alarm else 0.0,
            recall=round(hit / (hit + miss), 4) if hit + miss else 0.0,
            f1=round(float(f1(*(np.array([n]) for n in (hit, alarm, miss)))[0]), 4),
            calibration_error=error,
        )
    return out


def _add_false_alarms(
    headline: dict[str, Estimate], bootstrap: Bootstrap, examples: Sequence[Example], assessments: Sequence[Assessment]
) -> None:
    """Share of harmless messages that are given a threat or doxing, or any hostile label: all of them, and the hard ones."""
    rings = np.array([a.labels.threat != Threat.NONE or a.labels.doxing != Doxing.NONE for a in assessments], int)
    hostile = np.array([a.labels.hostile for a in assessments], int)
    harmless = np.array([not e.labels.hostile for e in examples], int)
    hard = np.array([e.category in HARD_CATEGORIES for e in examples], int) * harmless
    for name, inside, alarm in (
        ("false_alarms_harmless", harmless, rings),
        ("false_alarms_hard_harmless", hard, rings),
        ("harmless_called_hostile", harmless, hostile),
    ):
        if inside.any():
            headline[name] = bootstrap.of_sums(
                np.stack([alarm * inside, inside], axis=1), lambda s: s[:, 0] / np.maximum(s[:, 1], 1)
            )


def _add_spans(
    headline: dict[str, Estimate],
    labels: dict[str, dict[str, LabelFigures]],
    bootstrap: Bootstrap,
    group: str,
    kinds: list[Any],
    examples: Sequence[Example],
    assessments: Sequence[Assessment],
) -> None:
    counts = np.zeros((len(examples), 3, len(kinds)))
    subjects = np.zeros((len(examples), 2))
    place = {kind: i for i, kind in enumerate(kinds)}
    for row, (example, assessment) in enumerate(zip(examples, assessments, strict=True)):
        gold: tuple[Span, ...] = getattr(example, group)
        found: tuple[Span, ...] = getattr(assessment, group)
        matched = match_spans(gold, found)
        for span, other in matched:
            counts[row, 0, place[span.kind]] += 1
            subjects[row] += (span.subject == other.subject, 1)
        for spans, column, index in ((found, 1, 1), (gold, 2, 0)):
            used = {pair[index] for pair in matched}
            for span in spans:
                counts[row, column, place[span.kind]] += span not in used
    headline[f"{group}_span_f1"] = bootstrap.of_sums(counts.sum(axis=2), lambda s: f1(s[:, 0], s[:, 1], s[:, 2]))
    labels[group] = _label_figures(kinds, counts)
    if group == "details":
        headline["details_subject_right"] = bootstrap.of_sums(subjects, lambda s: s[:, 0] / np.maximum(s[:, 1], 1))


def _slices(examples: Sequence[Example], all_counts: Sequence[Array]) -> dict[str, tuple[int, float]]:
    from vptnlp.corpus.stats import length_class

    members: dict[str, list[int]] = {}
    for i, e in enumerate(examples):
        for name in (
            f"channel={e.channel}",
            f"register={e.register}",
            f"region={e.region}",
            f"length={length_class(e.text)}",
        ):
            members.setdefault(name, []).append(i)
    widths = [c.shape[2] for c in all_counts]
    counts = np.concatenate(all_counts, axis=2)
    return {
        name: (len(rows), round(float(_mean_of_macros(counts[rows].sum(axis=0)[None], widths)[0]), 4))
        for name, rows in sorted(members.items())
    }
