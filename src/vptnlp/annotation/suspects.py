"""Labels that are probably wrong: messages to look at again, the most telling first.

Confident learning (Northcutt, Jiang & Chuang 2021) by the package cleanlab decides which labels are suspect: those that a model
doubts more than it doubts that label in general. They are ranked by the evidence against the message's most doubtful label,
less what the model doubts in all its labels: a model that is surprised at everything has more often misread the message itself.

The probabilities must come from a model that was not trained on the labels in question, for a model believes what it was taught.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vptnlp.annotation.duplicates import group_duplicates
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import Example
from vptnlp.errors import ConfigError, MissingExtraError
from vptnlp.messages import Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES

Array = np.ndarray[Any, np.dtype[Any]]

_FEWEST = 2
"""Messages that must have a label, and must lack it, for the model's doubt about it to mean anything."""

_DISCOUNT = 2.0  # of the mean surprise at all labels, against the largest
_UNLIKE = 1.0  # evidence (nats) that lies in a near-duplicate with other labels
_LEAST = 1e-6  # no model is surer than this


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label that is suspect.

    Attributes:
        axis: The axis.
        label: The label in question; on an axis with one value the one given.
        given: Whether the message has it. A suspect label that it does not have may be missing.
        probability: How likely the label as it stands is wrong.
        better: The label that the model holds likeliest; on an axis with one value only.
    """

    axis: str
    label: str
    given: bool
    probability: float
    better: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A message whose labels are probably wrong somewhere.

    Attributes:
        item: Its id.
        evidence: How strongly the model speaks against the labels (nats); suspects are ranked by it.
        gain: How many wrong labels a second look is expected to find.
        doubts: The labels, most doubtful first.
        unlike: Near-duplicates of the message that are labelled otherwise.
    """

    item: str
    evidence: float
    gain: float
    doubts: tuple[Doubt, ...]
    unlike: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; no text."""
        doubts = [
            {"axis": d.axis, "label": d.label, "given": d.given, "probability": d.probability, "better": d.better}
            for d in self.doubts
        ]
        return {
            "id": self.item,
            "evidence": self.evidence,
            "gain": self.gain,
            "doubts": doubts,
            "unlike": list(self.unlike),
        }


def find_suspects(examples: Sequence[Example], scores: Mapping[str, Scores]) -> list[Suspect]:
    """Find labelled messages to look at again.

    Near-duplicates with other labels are suspect too: one wrong label in two messages, so a gain of a half.

    Args:
        examples: Labelled messages.
        scores: Id to what a model says that did not learn from these labels.

    Returns:
        The suspects, the strongest evidence first.

    Raises:
        ConfigError: A message has no scores.
        MissingExtraError: cleanlab is not installed.
    """
    if missing := [e.id for e in examples if e.id not in scores]:
        raise ConfigError(f"{len(missing)} messages have no scores, the first is '{missing[0]}'.")
    held = [scores[e.id] for e in examples]
    doubts: list[list[Doubt]] = [[] for _ in examples]
    surprise = [_doubt_one(axis, examples, held, doubts) for axis in SINGLE_AXES]
    for axis, kind in AXES.items():
        for label in kind if axis not in SINGLE_AXES else ():
            given = np.array([label in getattr(e.labels, axis) for e in examples], dtype=int)
            p = np.array([s.axes[axis][str(label)] for s in held])
            surprise.append(_doubt_any(axis, str(label), given, p, doubts))
    crime = np.array([e.labels.organised_crime for e in examples], dtype=int)
    surprise.append(_doubt_any("organised_crime", "true", crime, np.array([s.organised_crime for s in held]), doubts))
    evidence = np.max(surprise, axis=0) - _DISCOUNT * np.mean(surprise, axis=0)
    unlike = _unlike(examples)
    found = []
    for example, own, against in zip(examples, doubts, evidence, strict=True):
        others = unlike.get(example.id, ())
        if own or others:
            gain = sum(d.probability for d in own) + (0.5 if others else 0.0)
            ordered = tuple(sorted(own, key=lambda d: -d.probability))
            total = float(against) + (_UNLIKE if others else 0.0)
            found.append(Suspect(example.id, round(total, 4), round(gain, 4), ordered, others))
    return sorted(found, key=lambda s: -s.evidence)


def _doubt_one(axis: str, examples: Sequence[Example], scores: Sequence[Scores], doubts: list[list[Doubt]]) -> Array:
    """Note doubts about an axis with one value a message; how surprised the model is at each value given (nats)."""
    keys = [str(key) for key in SINGLE_AXES[axis]]
    given = np.array([keys.index(str(getattr(e.labels, axis))) for e in examples])
    p = np.array([[s.axes[axis][key] for key in keys] for s in scores])
    for i in _issues(given, p):
        wrong = round(float(1 - p[i, given[i]]), 4)
        doubts[i].append(Doubt(axis, keys[given[i]], True, wrong, keys[int(p[i].argmax())]))
    return _surprise(p[np.arange(len(given)), given])


def _doubt_any(axis: str, label: str, given: Array, p: Array, doubts: list[list[Doubt]]) -> Array:
    """Note doubts about a label that holds or does not; how surprised the model is at each (nats)."""
    right = np.where(given, p, 1 - p)
    for i in _issues(given, np.column_stack([1 - p, p])):
        doubts[i].append(Doubt(axis, label, bool(given[i]), round(float(1 - right[i]), 4)))
    return _surprise(right)


def _surprise(p: Array) -> Array:
    return np.asarray(-np.log(np.maximum(p, _LEAST)))


def _issues(given: Array, p: Array) -> list[int]:
    """Places of the suspect labels; none where the values are too few to tell."""
    try:
        from cleanlab.filter import find_label_issues
    except ImportError:
        raise MissingExtraError("cleanlab", "annotate", "find suspect labels") from None
    counts = np.bincount(given, minlength=p.shape[1])
    used = np.flatnonzero(counts >= _FEWEST)
    rows = np.flatnonzero(np.isin(given, used))
    if len(used) < 2:
        return []
    among = p[np.ix_(rows, used)]
    among = among / np.maximum(among.sum(axis=1, keepdims=True), 1e-12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of rare values, which the bound above deals with
        issues = find_label_issues(
            np.searchsorted(used, given[rows]), among, filter_by="low_normalized_margin", n_jobs=1
        )
    return [int(rows[i]) for i in np.flatnonzero(issues)]


def _unlike(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    labels = {e.id: e.labels for e in examples}
    groups = group_duplicates(Task(e.id, e.text) for e in examples)
    return {
        name: others
        for group in groups
        for name in group
        if (others := tuple(other for other in group if labels[other] != labels[name]))
    }
