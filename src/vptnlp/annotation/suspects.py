"""Labels that are probably wrong: messages to look at again, the most telling first.

A label is held against what is expected from the text and from the other labels of the message
(`vptnlp.annotation.expected`), and against the text alone, for labels that are wrong together agree with one another.
Confident learning (Northcutt, Jiang & Chuang 2021) by the package cleanlab decides which labels are suspect: those that the
model doubts more than it doubts that label in general. Messages are ranked by the evidence against their labels, the most
doubtful of which weighs most.

What the model says of the text must come from one that was not trained on the labels in question, for a model believes what
it was taught: `vptnlp.annotation.least_squares.out_of_sample`, or a bundle trained on other messages.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vptnlp.annotation.duplicates import group_duplicates
from vptnlp.annotation.expected import JUDGED, expected_labels
from vptnlp.annotation.least_squares import held_outputs
from vptnlp.annotation.tasks import Task
from vptnlp.classify.outputs import OUTPUTS, slices
from vptnlp.corpus import Example
from vptnlp.errors import ConfigError, MissingExtraError
from vptnlp.messages import Scores
from vptnlp.taxonomy import SINGLE_AXES

Array = np.ndarray[Any, np.dtype[Any]]

HOSTILE = "hostile"
"""The axis of a doubt about whether the message is hostile at all."""

_FEWEST = 2
"""Messages that must have a label, and must lack it, for the model's doubt about it to mean anything."""

_ENOUGH = 300
"""Messages from which on it can be learned how labels lean on one another."""

_LOOKED_AT = 0.1
"""The share of messages that is listed at least, with the label that most speaks against where none is suspect by itself."""

_UNLIKE = 0.3  # evidence (nats) that lies in a near-duplicate with other labels
_SHARPNESS = 2.0  # how far the most doubtful label outweighs the others of a message
_LEAST = 1e-4  # no model is surer than this
_NOISE = 0.45  # share of a label's noise in the evidence
_HOSTILITY = 1.0  # more evidence (nats) in hostility, which all labels hang on
_TEXT = 1.0  # less evidence (nats) where the other labels are not looked at
_TAIL = 0.2  # of the messages without (with) a label: where it is least (most) expected
_FEWEST_IN_TAIL = 5
_PRIOR = 0.3  # answers that are counted as wrong before any is seen


@dataclass(frozen=True, slots=True)
class Doubt:
    """One label that is suspect.

    Attributes:
        axis: The axis, or `HOSTILE`.
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


def find_suspects(
    examples: Sequence[Example], scores: Mapping[str, Scores], alike: Iterable[tuple[str, ...]] | None = None
) -> list[Suspect]:
    """Find labelled messages to look at again.

    Near-duplicates with other labels are suspect too: one wrong label in two messages, so a gain of a half. A tenth of the
    messages is listed at least.

    Args:
        examples: Labelled messages.
        scores: Id to what a model says that did not learn from these labels.
        alike: Groups of near-duplicates, where they are known; else they are sought.

    Returns:
        The suspects, the strongest evidence first.

    Raises:
        ConfigError: A message has no scores.
        MissingExtraError: cleanlab is not installed.
    """
    if missing := [e.id for e in examples if e.id not in scores]:
        raise ConfigError(f"{len(missing)} messages have no scores, the first is '{missing[0]}'.")
    if not examples:
        return []
    held = held_outputs(examples)
    text = np.array([_row(scores[e.id]) for e in examples])
    expected = expected_labels(text, held) if len(examples) >= _ENOUGH else text
    suspect = _suspect_labels(held, expected)
    columns = [i for i, (axis, _) in enumerate(OUTPUTS) if axis in (*JUDGED, HOSTILE)]
    by_labels = np.array([_evidence(held[:, i], expected[:, i]) for i in columns])
    by_labels[-1] += _HOSTILITY
    # The text by itself speaks too, if less: labels that are wrong together agree with one another.
    by_text = np.array([_evidence(held[:, i], text[:, i]) for i in columns[:-1]]) - _TEXT
    evidence = np.logaddexp.reduce(_SHARPNESS * np.concatenate([by_labels, by_text])) / _SHARPNESS
    wrong = np.column_stack([_wrong(held[:, i], expected[:, i]) for i in range(len(OUTPUTS))])
    for i in np.argsort(-evidence, kind="stable")[: round(len(examples) * _LOOKED_AT)].tolist():
        if not suspect[i]:
            suspect[i].append(columns[int(by_labels[:, i].argmax())])
    unlike = _unlike(examples, alike)
    found = []
    for i, example in enumerate(examples):
        others = unlike.get(example.id, ())
        if suspect[i] or others:
            doubts = _doubts(suspect[i], held[i], expected[i], wrong[i])
            # Doubt about hostility is doubt about the other labels taken together, and is not counted beside them.
            labels = sum(d.probability for d in doubts if d.axis != HOSTILE)
            gain = max([labels, *(d.probability for d in doubts if d.axis == HOSTILE)]) + (0.5 if others else 0.0)
            total = float(evidence[i]) + (_UNLIKE if others else 0.0)
            found.append(Suspect(example.id, round(total, 4), round(gain, 4), doubts, others))
    return sorted(found, key=lambda s: -s.evidence)


def _row(scores: Scores) -> list[float]:
    """The outputs of a classifier in their order; self-harm, which is no label, as 0."""
    flags = {"organised_crime": scores.organised_crime, HOSTILE: scores.hostile, "self_harm": 0.0}
    return [flags[axis] if axis in flags else scores.axes[axis][label] for axis, label in OUTPUTS]


def _suspect_labels(held: Array, expected: Array) -> list[list[int]]:
    """Columns of the labels that are suspect by confident learning, for each message; of an axis with one value its first."""
    found: list[list[int]] = [[] for _ in held]
    where = slices()
    for axis in (*JUDGED, HOSTILE):
        if axis in SINGLE_AXES:
            for i in _issues(held[:, where[axis]].argmax(axis=1), expected[:, where[axis]]):
                found[i].append(where[axis].start)
            continue
        for column in range(where[axis].start, where[axis].stop):
            p = expected[:, column]
            for i in _issues(held[:, column].astype(int), np.column_stack([1 - p, p])):
                found[i].append(column)
    return found


def _doubts(columns: Sequence[int], held: Array, expected: Array, wrong: Array) -> tuple[Doubt, ...]:
    """Doubts about the labels of one message, most doubtful first."""
    found = []
    for column in columns:
        axis, label = OUTPUTS[column]
        if axis in SINGLE_AXES:
            where = slices()[axis]
            given = int(held[where].argmax())
            others = np.where(np.arange(where.stop - where.start) == given, -1.0, expected[where])
            better = OUTPUTS[where.start + int(others.argmax())][1]
            likely = round(float(wrong[where][given]), 4)
            found.append(Doubt(axis, OUTPUTS[where.start + given][1], True, likely, better))
        else:
            found.append(Doubt(axis, label, bool(held[column]), round(float(wrong[column]), 4)))
    return tuple(sorted(found, key=lambda d: -d.probability))


def _evidence(given: Array, p: Array) -> Array:
    """How strongly the model speaks against each answer on one label (nats).

    That is its surprise, plus a share of the logarithm of the label's noise: where an answer is often given although nothing
    points to it, it is likelier wrong than merely hard to see.
    """
    return np.asarray(-np.log(_right(given, p)) + _NOISE * np.log(_noise(given, p)))


def _wrong(given: Array, p: Array) -> Array:
    """How likely each answer on one label is wrong: as often as the label is noisy, of the times that it is given here."""
    right = _right(given, p)
    return np.asarray(np.minimum(1 - right, _noise(given, p) / right))


def _right(given: Array, p: Array) -> Array:
    return np.maximum(np.where(given, p, 1 - p), _LEAST)


def _noise(given: Array, p: Array) -> Array:
    """How often the answer that each message has is given where it is least expected."""
    order, count = np.argsort(p, kind="stable"), int(given.sum())
    lowest = given[order[: int((len(p) - count) * _TAIL)]]
    highest = given[order[len(p) - max(int(count * _TAIL), _FEWEST_IN_TAIL) :]]
    given_wrongly = (lowest.sum() + _PRIOR) / (len(lowest) + 1)
    withheld_wrongly = (len(highest) - highest.sum() + _PRIOR) / (len(highest) + 1)
    return np.asarray(np.where(given, given_wrongly, withheld_wrongly))


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


def _unlike(examples: Sequence[Example], alike: Iterable[tuple[str, ...]] | None) -> dict[str, tuple[str, ...]]:
    labels = {e.id: e.labels for e in examples}
    groups = group_duplicates(Task(e.id, e.text) for e in examples) if alike is None else alike
    return {
        name: others
        for group in groups
        for name in group
        if (others := tuple(other for other in group if labels[other] != labels[name]))
    }
