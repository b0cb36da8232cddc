"""What every model gives for a text: one raw score an output, in one order, and how these become probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vptnlp.messages import Labels, Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES, CueKind, Threat

Array = np.ndarray[Any, np.dtype[Any]]

OUTPUTS: tuple[tuple[str, str], ...] = (
    *((axis, str(label)) for axis, kind in AXES.items() for label in kind),
    ("organised_crime", "true"),
    ("hostile", "true"),
    ("self_harm", "true"),
)
"""The outputs of a classifier in order: axis and label."""

FLAGS = ("organised_crime", "hostile", "self_harm")
"""Outputs that are true or false by themselves."""

_SELF_HARM = OUTPUTS.index(("self_harm", "true"))


def slices() -> dict[str, slice]:
    """Where each axis stands among `OUTPUTS`."""
    found: dict[str, slice] = {}
    for i, (axis, _) in enumerate(OUTPUTS):
        found[axis] = slice(found[axis].start if axis in found else i, i + 1)
    return found


def probabilities(raw: Array, scale: Array, shift: Array) -> Array:
    """Calibrated probabilities from raw scores, both of shape (texts, outputs)."""
    logits = raw * scale + shift
    where = slices()
    out: Array = 1.0 / (1.0 + np.exp(-np.clip(logits, -40, 40)))
    for axis in SINGLE_AXES:
        part = logits[:, where[axis]]
        powers = np.exp(part - part.max(axis=1, keepdims=True))
        out[:, where[axis]] = powers / powers.sum(axis=1, keepdims=True)
    return out


def to_scores(row: Sequence[float]) -> Scores:
    """Name the probabilities of one text, given in the order of `OUTPUTS`."""
    axes: dict[str, dict[str, float]] = {axis: {} for axis in AXES}
    for (axis, label), value in zip(OUTPUTS, row, strict=True):
        if axis in axes:
            axes[axis][label] = value
    organised_crime, hostile, _self_harm = row[-3:]
    return Scores(axes, organised_crime, hostile)


def shows_despair(rows: Array, thresholds: Mapping[str, Mapping[str, float]]) -> Array:
    """Whether a message speaks of harming oneself, which decides whether that cue can stand in it: booleans, (texts,).

    Args:
        rows: Calibrated probabilities, shape (texts, outputs).
        thresholds: The bundle's thresholds.
    """
    return np.asarray(rows[:, _SELF_HARM] >= thresholds["self_harm"]["true"])


def cue_fits(kind: CueKind, labels: Labels, self_harm: bool) -> bool:
    """Whether a cue can stand in a message: cues say why it was labelled so, or that the sender may be in danger."""
    if kind == CueKind.SELF_HARM:
        return self_harm
    if kind == CueKind.THREAT_PHRASE:
        return labels.threat != Threat.NONE
    return labels.hostile
