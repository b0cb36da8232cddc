from __future__ import annotations

import numpy as np

from vptnlp.evaluation.metrics import calibration_error
from vptnlp.training.calibration import best_threshold, calibrate_binary, calibrate_softmax, sigmoid


def test_overconfident_scores_are_calmed() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=4000)
    gold = (rng.random(4000) < sigmoid(truth)).astype(int)
    scale, shift = calibrate_binary(truth * 5 + 3, gold)
    assert calibration_error(gold, sigmoid(truth * 5 + 3)) > 0.1
    assert calibration_error(gold, sigmoid((truth * 5 + 3) * scale + shift)) < 0.03


def test_softmax_calibration_finds_temperature_and_shift() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(4000, 3))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    gold = np.array([rng.choice(3, p=row) for row in p])
    scale, shift = calibrate_softmax(logits * 4 + np.array([1.0, 0.0, 0.0]), gold)
    assert abs(scale - 0.25) < 0.05
    assert shift[0] == 0.0


def test_threshold_divides_clean_groups_halfway() -> None:
    scores = np.array([0.9, 0.8, 0.2, 0.1])
    assert best_threshold(scores, np.array([1, 1, 0, 0])) == 0.5


def test_a_label_without_positives_is_never_given_lightly() -> None:
    assert best_threshold(np.array([0.4, 0.3, 0.1]), np.zeros(3, int)) >= 0.3
