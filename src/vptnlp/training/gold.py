"""Gold labels as numbers, in the order of the model's outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vptnlp.classify.outputs import FLAGS, OUTPUTS
from vptnlp.corpus import Example
from vptnlp.corpus.records import labels_from_dict
from vptnlp.messages import Labels
from vptnlp.taxonomy import SINGLE_AXES, CueKind

Array = np.ndarray[Any, np.dtype[Any]]

_ADJUDICATED_WEIGHT = 2.0
"""How much the adjudicated labels count beside one annotator's vote."""


def gold_matrix(examples: Sequence[Example]) -> Array:
    """Adjudicated labels as 0 and 1: shape (examples, outputs)."""
    return np.array([label_row(e.labels, _self_harm(e)) for e in examples], np.int8)


def vote_means(example: Example) -> Array:
    """What adjudication and annotators said on average, shape (outputs,): 1 where all gave the label."""
    rows = [label_row(example.labels, _self_harm(example))]
    rows += [label_row(labels_from_dict(vote), _self_harm(example)) for vote in example.votes]
    weights = [_ADJUDICATED_WEIGHT, *(1.0 for _ in example.votes)]
    return np.average(np.array(rows, np.float32), axis=0, weights=weights).astype(np.float32)


def label_row(labels: Labels, self_harm: bool) -> list[int]:
    """1 for each output that holds, 0 for the others."""
    return [int(self_harm if axis == "self_harm" else _holds(labels, axis, label)) for axis, label in OUTPUTS]


def _holds(labels: Labels, axis: str, label: str) -> bool:
    held = getattr(labels, axis)
    if axis in FLAGS:
        return bool(held)
    return held == label if axis in SINGLE_AXES else label in held


def _self_harm(example: Example) -> bool:
    return any(cue.kind == CueKind.SELF_HARM for cue in example.cues)
