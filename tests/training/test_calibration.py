from __future__ import annotations

import numpy as np
import pytest

from vptnlp.evaluation.metrics import calibration_error
from vptnlp.training.calibration import best_threshold, calibrate_binary, calibrate_softmax, expected_threshold, sigmoid


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


def test_the_threshold_of_the_best_f1_to_be_expected() -> None:
    """By hand: giving the first two is best, F1 to be expected 2 x 1.7 / (2 + 2) = .85."""
    assert expected_threshold(np.array([0.1, 0.9, 0.8, 0.2])) == pytest.approx(1.7 / 4)
    assert expected_threshold(np.full(50, 0.001)) == 0.05


def test_sure_probabilities_are_divided_where_f1_is_best() -> None:
    rng = np.random.default_rng(2)
    p = rng.beta(0.3, 1.5, 20_000)
    gold = (rng.random(20_000) < p).astype(int)

    def f1(cut: float) -> float:
        given = p >= cut
        return float(2 * (given & (gold > 0)).sum() / (given.sum() + gold.sum()))

    assert f1(expected_threshold(p)) == pytest.approx(max(map(f1, np.linspace(0.05, 0.95, 91))), abs=0.005)


def test_a_label_without_positives_is_never_given_lightly() -> None:
    assert best_threshold(np.array([0.4, 0.3, 0.1]), np.zeros(3, int)) >= 0.3
