"""What every classifier gives, and how probabilities become labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from vptnlp.messages import Labels, ModelInfo, Scores, Span
from vptnlp.taxonomy import (
    MULTI_AXES,
    Aim,
    Doxing,
    Form,
    Label,
    Nature,
    Target,
    Threat,
    is_hostile,
)
from vptnlp.word_scores import WordScores

L = TypeVar("L", bound=Label)

Thresholds = Mapping[str, Mapping[str, float]]
"""Axis to label to the probability from which the label is given. A single axis has one entry, ``any``: the probability
of not being ``none`` from which the most likely other label is given. ``organised_crime`` and ``hostile`` have the
entry ``true``."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says of one text.

    Attributes:
        scores: Calibrated probabilities.
        labels: Labels that follow from the thresholds, consistent with one another.
        cues: Cue spans over the text as received.
        words: Scores of the words, where the classifier has a token head.
        legible: False where the letters form hardly any words that the classifier knows; one that reads no pieces of words cannot
            tell and says True.
    """

    scores: Scores
    labels: Labels
    cues: tuple[Span, ...] = ()
    words: WordScores | None = None
    legible: bool = True


class Classifier(Protocol):
    """A model that labels texts."""

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts; one prediction each, in the same order."""


def decide(scores: Scores, thresholds: Thresholds) -> Labels:
    """Turn probabilities into labels that are consistent with one another.

    The rules are the taxonomy's: a message that is not hostile has no nature, aims, forms, targets or organised crime; a
    veiled threat intimidates; bribery and aims that want behaviour are instrumental; a hostile message that is not
    instrumental is emotional.

    Args:
        scores: Calibrated probabilities.
        thresholds: The bundle's thresholds.

    Returns:
        Consistent labels.
    """
    threat = _decide_single(Threat, scores.axes["threat"], thresholds["threat"]["any"])
    doxing = _decide_single(Doxing, scores.axes["doxing"], thresholds["doxing"]["any"])
    aims = _decide_multi(Aim, scores, thresholds)
    forms = _decide_multi(Form, scores, thresholds)
    if threat == Threat.NONE and doxing == Doxing.NONE:
        # One of many weak labels crosses its threshold by chance now and then; then hostility itself must be likely too.
        likely = scores.hostile >= thresholds["hostile"]["true"]
        if not (likely and is_hostile(threat, doxing, aims, forms)):
            return Labels()
    if threat == Threat.VEILED:
        aims |= {Aim.INTIMIDATE}
    nature = _decide_multi(Nature, scores, thresholds)
    if Form.BRIBERY in forms or aims & _WANTS_BEHAVIOUR:
        nature |= {Nature.INSTRUMENTAL}
    if not nature:
        nature = frozenset({Nature.EMOTIONAL})
    return Labels(
        threat=threat,
        nature=nature,
        aims=aims,
        forms=forms,
        targets=_decide_multi(Target, scores, thresholds),
        doxing=doxing,
        organised_crime=scores.organised_crime >= thresholds["organised_crime"]["true"],
    )


_WANTS_BEHAVIOUR = frozenset({Aim.DISRUPT_INVESTIGATION, Aim.OBSTRUCT_SEARCH, Aim.INFLUENCE_DECISION})
_AXIS_OF: dict[type[Label], str] = {kind: axis for axis, kind in MULTI_AXES.items()}


def _decide_single(kind: type[L], scores: Mapping[str, float], threshold: float) -> L:
    if 1.0 - scores["none"] < threshold:
        return kind("none")
    return max((label for label in kind if label != "none"), key=lambda label: scores[str(label)])


def _decide_multi(kind: type[L], scores: Scores, thresholds: Thresholds) -> frozenset[L]:
    axis = _AXIS_OF[kind]
    held = scores.axes[axis]
    return frozenset(label for label in kind if held[str(label)] >= thresholds[axis][str(label)])
