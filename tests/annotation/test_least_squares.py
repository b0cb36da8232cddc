"""What a model would have said of a message it did not learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vptnlp.annotation.least_squares import (
    LeastSquares,
    calibration,
    held_outputs,
    leave_one_out,
    ngrams,
    out_of_sample,
    to_one,
)
from vptnlp.corpus import Example, read_examples
from vptnlp.errors import ConfigError
from vptnlp.training.gold import gold_matrix


@pytest.fixture(scope="module")
def examples(root: Path) -> list[Example]:
    return list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))[:160]


def test_held_outputs_are_those_the_models_learn(examples: list[Example]) -> None:
    assert (held_outputs(examples) == gold_matrix(examples)).all()


def test_leaving_out_is_learning_without(examples: list[Example]) -> None:
    rows = ngrams([e.text for e in examples])
    kernel = np.asarray((rows @ rows.T).todense())
    assert np.diag(kernel) == pytest.approx(1, abs=1e-4)
    held = held_outputs(examples)
    groups = [e.scenario for e in examples]
    whole = LeastSquares(kernel, held, groups)
    out = [i for i, group in enumerate(groups) if group == groups[40]]
    rest = [i for i in range(len(examples)) if i not in out]
    # The closed form keeps the mean of all labels, so that is given to the model that learns without the group.
    mean = held.mean(axis=0)
    inverse = np.linalg.inv(kernel[np.ix_(rest, rest)] + 1 + np.eye(len(rest)))
    raw = (kernel[np.ix_(out, rest)] + 1) @ inverse @ (held[rest] - mean) + mean
    assert to_one(whole._calibrate(raw)) == pytest.approx(whole.left_out[out], abs=1e-4)
    few = np.random.default_rng(0).normal(size=(30, 4))
    answer = few[:, :1] * 2 + 1
    assert leave_one_out(few, answer, 1e-6) == pytest.approx(answer, abs=1e-4)
    far = answer.copy()
    far[3] = 99
    assert leave_one_out(few, far, 1e-6)[3] == pytest.approx(answer[3], abs=1e-4)


def test_scores_out_of_sample_tell_hostile_from_calm(examples: list[Example]) -> None:
    scores = out_of_sample(examples)
    hostile = np.array([scores[e.id].hostile for e in examples])
    gold = np.array([e.labels.hostile for e in examples])
    assert list(scores) == [e.id for e in examples]
    order = hostile[gold][:, None] > hostile[~gold][None]
    assert order.mean() > 0.75
    assert all(sum(s.axes["threat"].values()) == pytest.approx(1) for s in scores.values())
    with pytest.raises(ConfigError, match="too few to learn from"):
        out_of_sample(examples[:10])


def test_calibration_keeps_the_order_and_the_share() -> None:
    draw = np.random.default_rng(1)
    held = (draw.random((4000, 2)) < [0.3, 0.02]).astype(float)
    raw = held + draw.normal(size=held.shape)
    p = calibration(raw, held)(raw)
    assert p.mean(axis=0) == pytest.approx(held.mean(axis=0), abs=0.003)
    sure = p[:, 0] > 0.7
    assert held[sure, 0].mean() == pytest.approx(p[sure, 0].mean(), abs=0.05)
    # Also where the model is worse than nothing, a higher score is no lower probability.
    against = calibration(-raw, held)(np.sort(raw, axis=0))
    assert (np.diff(against, axis=0) >= 0).all()
