"""Calibration on dev: raw scores to probabilities, probabilities to thresholds.

Other axes: logistic calibration (Platt 1999) with his smoothed targets, one scale and one shift a label. Single axes: one
temperature (Guo et al. 2017) and a shift a class.

Thresholds: for other axes the cut with the best F1 to be expected if the calibrated probabilities are right (Lipton, Elkan and
Naryanaswamy 2014), which a few dozen examples cannot overfit as they do the cut with the best F1 on dev. For single axes the
latter, between ``none`` and the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from vptnlp.classify.outputs import FLAGS, OUTPUTS, probabilities, slices
from vptnlp.taxonomy import AXES, SINGLE_AXES

Array = np.ndarray[Any, np.dtype[Any]]

_PRIOR = 1e-2
"""Pull of the scale to 1, and of the shifts of single axes to 0: keeps labels with few positives from extremes."""


def calibrate(raw: Array, gold: Array) -> tuple[Array, Array, dict[str, dict[str, float]]]:
    """Scale, shift and thresholds from raw scores and gold labels on dev, both of shape (examples, outputs)."""
    scale, shift = np.ones(len(OUTPUTS), np.float32), np.zeros(len(OUTPUTS), np.float32)
    where = slices()
    for axis in SINGLE_AXES:
        scale[where[axis]], shift[where[axis]] = calibrate_softmax(raw[:, where[axis]], gold[:, where[axis]].argmax(1))
    for column, (axis, _) in enumerate(OUTPUTS):
        if axis not in SINGLE_AXES:
            scale[column], shift[column] = calibrate_binary(raw[:, column], gold[:, column])
    scores = probabilities(raw, scale, shift)
    thresholds: dict[str, dict[str, float]] = {axis: {} for axis in (*AXES, *FLAGS)}
    for axis in SINGLE_AXES:
        none = where[axis].start
        thresholds[axis]["any"] = round(best_threshold(1 - scores[:, none], 1 - gold[:, none]), 4)
    for column, (axis, label) in enumerate(OUTPUTS):
        if axis not in SINGLE_AXES:
            thresholds[axis][label] = round(expected_threshold(scores[:, column]), 4)
    return scale, shift, thresholds


def calibrate_binary(raw: Array, gold: Array) -> tuple[float, float]:
    """Scale and shift for one label.

    Args:
        raw: Raw scores, shape (examples,).
        gold: 0 or 1, shape (examples,).

    Returns:
        Scale (positive, so the order of scores stays) and shift.
    """
    positives, total = float(gold.sum()), len(gold)
    high, low = (positives + 1) / (positives + 2), 1 / (total - positives + 2)
    target = np.where(gold > 0, high, low)

    def loss(p: Array) -> float:
        logits = np.exp(p[0]) * raw + p[1]
        nll = np.logaddexp(0, logits) - target * logits
        return float(nll.mean() + _PRIOR * p[0] ** 2)

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-7, "maxiter": 2000})
    return float(np.exp(best.x[0])), float(best.x[1])


def calibrate_softmax(raw: Array, gold: Array) -> tuple[float, Array]:
    """Temperature and class shifts for one single axis.

    Args:
        raw: Raw scores, shape (examples, classes).
        gold: Class indices, shape (examples,).

    Returns:
        Scale (positive) and a shift for each class, the first of them 0.
    """
    classes = raw.shape[1]
    rows = np.arange(len(gold))

    def loss(p: Array) -> float:
        logits = np.exp(p[0]) * raw + np.concatenate([[0.0], p[1:]])
        nll = logsumexp(logits, axis=1) - logits[rows, gold]
        return float(nll.mean() + _PRIOR * (p**2).mean())

    best = minimize(loss, np.zeros(classes), method="Powell", options={"xtol": 1e-4, "ftol": 1e-8})
    return float(np.exp(best.x[0])), np.concatenate([[0.0], best.x[1:]])


def expected_threshold(probabilities: Array) -> float:
    """The probability from which giving the label makes the best F1 to be expected: half that F1, inside 0.05 to 0.95.

    Args:
        probabilities: Calibrated probabilities, shape (examples,).
    """
    ranked = np.sort(probabilities)[::-1]
    # F1 of giving it to the first k is 2 x hits / (k + positives), both sums of probabilities here.
    half_f1 = np.cumsum(ranked) / (np.arange(1, len(ranked) + 1) + ranked.sum())
    return float(np.clip(half_f1.max(), 0.05, 0.95))


def best_threshold(scores: Array, gold: Array) -> float:
    """The probability from which giving the label makes the best F1.

    F1 is smoothed by half a false positive and half a false negative, so that a label with few examples is not given at a
    whim. The cut lies halfway between the two scores it divides, inside 0.05 to 0.95.
    """
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(gold[order])
    given = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (given + gold.sum() + 1)
    ranked = scores[order]
    f1[:-1][ranked[:-1] == ranked[1:]] = -1
    best = int(np.argmax(f1))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float(np.clip((ranked[best] + below) / 2, 0.05, 0.95))


def sigmoid(logits: Array) -> Array:
    """The logistic function."""
    values: Array = expit(logits)
    return values
