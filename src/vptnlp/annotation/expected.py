"""What labels a message should have, given what a model reads in its text and what its other labels say.

Labels lean on one another: a threat has a nature, a bribe is instrumental, a message without hostility has none. So a wrong
label often stands out beside the rest, also where the text alone leaves room.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vptnlp.annotation.least_squares import calibration, leave_one_out, to_one
from vptnlp.classify.outputs import OUTPUTS, slices
from vptnlp.taxonomy import SINGLE_AXES

Array = np.ndarray[Any, np.dtype[Any]]

JUDGED = tuple(axis for axis in dict.fromkeys(axis for axis, _ in OUTPUTS) if axis not in ("hostile", "self_harm"))
"""The axes that are labelled; the other outputs follow from labels and spans."""

_PENALTY = 3.0
_FURTHEST = 1e-3  # no model is surer than this
_LOGIT_SCALE = 3.0  # brings logits to the range of the labels


def expected_labels(text: Array, held: Array) -> Array:
    """Probability of every output from the text and from the labels on the other axes.

    Args:
        text: What a model says of the text that did not learn from these labels, shape (messages, outputs).
        held: The labels as 0 and 1, same shape.

    Returns:
        Probabilities, same shape, each from the other messages; outputs that are not in `JUDGED` stay those of the text.
    """
    where = slices()
    sure = np.clip(text, _FURTHEST, 1 - _FURTHEST)
    logits = np.log(sure / (1 - sure)) / _LOGIT_SCALE
    shown = {axis: _shown(axis, held[:, where[axis]]) for axis in JUDGED}
    found = text.astype(np.float64)
    for axis in JUDGED:
        others = [other for other in JUDGED if other != axis]
        signs = np.column_stack([shown[other] for other in others])
        many = signs.sum(axis=1, keepdims=True)
        labels = [held[:, where[other]] for other in others]
        x = np.column_stack([logits, sure, *labels, signs, many > 0, np.minimum(many, 3)])
        own = held[:, where[axis]].astype(np.float64)
        raw = leave_one_out(x.astype(np.float64), own, _PENALTY)
        found[:, where[axis]] = calibration(raw, own)(raw)
    return to_one(np.clip(found, 1e-4, 1 - 1e-4))


def _shown(axis: str, held: Array) -> Array:
    """Whether a message has anything on an axis."""
    return np.asarray(held[:, 0] == 0 if axis in SINGLE_AXES else held.any(axis=1))
