"""The figures of the quality table, each with what it is in every resample, so that two models can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from vptnlp.corpus.records import HARD_CATEGORIES, Example
from vptnlp.evaluation.axes import AxisScores
from vptnlp.evaluation.bootstrap import Array, Bootstrap, Draws
from vptnlp.evaluation.metrics import f1, recall_at_false_alarms
from vptnlp.evaluation.spans import SpanCounts
from vptnlp.messages import Assessment
from vptnlp.taxonomy import Doxing, Threat

FALSE_ALARM_SHARE = 0.05

LOWER_IS_BETTER = frozenset({"false_alarms_harmless", "false_alarms_hard_harmless", "harmless_called_hostile"})
"""Figures that count mistakes."""


def measure_headline(
    examples: Sequence[Example],
    assessments: Sequence[Assessment],
    axes: Sequence[AxisScores],
    spans: dict[str, SpanCounts],
    bootstrap: Bootstrap,
) -> dict[str, Draws]:
    """Every headline figure by its key.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        axes: The same as matrices.
        spans: Group of spans to what was found of them.
        bootstrap: Resamples of the messages.
    """
    gold = np.array([e.labels.threat != Threat.NONE for e in examples], int)
    scores = np.array([1 - a.scores.axes["threat"]["none"] for a in assessments])
    headline = {
        "threat_auprc": _average_precision(bootstrap, gold, scores),
        "threat_recall_at_5_percent_false_alarms": bootstrap.draws_of_weights(
            lambda w: recall_at_false_alarms(gold, scores, FALSE_ALARM_SHARE, w)
        ),
    }
    counts = [axis.counts for axis in axes]
    for axis, of_axis in zip(axes, counts, strict=True):
        headline[f"{axis.name}_macro_f1"] = bootstrap.draws_of_sums(of_axis, macro_f1)
    headline |= _false_alarms(examples, assessments, bootstrap)
    for group, found in spans.items():
        headline[f"{group}_span_f1"] = bootstrap.draws_of_sums(
            found.counts.sum(axis=2), lambda s: f1(s[:, 0], s[:, 1], s[:, 2])
        )
        if group == "details":
            headline["details_subject_right"] = bootstrap.draws_of_sums(found.subjects, share)
    widths = [c.shape[2] for c in counts]
    headline["macro_f1_over_axes"] = bootstrap.draws_of_sums(
        np.concatenate(counts, axis=2), lambda sums: mean_of_macros(sums, widths)
    )
    return headline


def macro_f1(sums: Array) -> Array:
    """From counts of shape (draws, 3, labels) to macro-F1 over the labels that occur or were given."""
    per_label = f1(sums[:, 0], sums[:, 1], sums[:, 2])
    present = sums.sum(axis=1) > 0
    total = np.where(present, per_label, 0).sum(axis=1)
    return np.asarray(total / np.maximum(present.sum(axis=1), 1))


def mean_of_macros(sums: Array, widths: Sequence[int]) -> Array:
    """The mean of the macro-F1 of several axes, whose labels stand side by side in counts (draws, 3, all labels)."""
    bounds = np.cumsum([0, *widths])
    macros = [macro_f1(sums[:, :, a:b]) for a, b in pairwise(bounds)]
    return np.asarray(np.mean(macros, axis=0))


def share(sums: Array) -> Array:
    """The first column as a share of the second, for sums of shape (draws, 2)."""
    return np.asarray(sums[:, 0] / np.maximum(sums[:, 1], 1))


def rings(assessments: Sequence[Assessment]) -> Array:
    """1 where the model gave a threat or doxing, shape (messages,)."""
    return np.array([a.labels.threat != Threat.NONE or a.labels.doxing != Doxing.NONE for a in assessments], int)


def _average_precision(bootstrap: Bootstrap, gold: Array, scores: Array) -> Draws:
    from sklearn.metrics import average_precision_score

    def figure(weights: Array) -> float:
        if not (gold * weights).any():
            return float("nan")
        return float(average_precision_score(gold, scores, sample_weight=weights))

    return bootstrap.draws_of_weights(figure)


def _false_alarms(
    examples: Sequence[Example], assessments: Sequence[Assessment], bootstrap: Bootstrap
) -> dict[str, Draws]:
    """Share of harmless messages that are given a threat or doxing, or any hostile label: all of them, and the hard ones."""
    alarms = rings(assessments)
    hostile = np.array([a.labels.hostile for a in assessments], int)
    harmless = np.array([not e.labels.hostile for e in examples], int)
    hard = np.array([e.category in HARD_CATEGORIES for e in examples], int) * harmless
    return {
        name: bootstrap.draws_of_sums(np.stack([alarm * inside, inside], axis=1), share)
        for name, inside, alarm in (
            ("false_alarms_harmless", harmless, alarms),
            ("false_alarms_hard_harmless", hard, alarms),
            ("harmless_called_hostile", harmless, hostile),
        )
        if inside.any()
    }
