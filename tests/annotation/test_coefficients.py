from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nltk.metrics import AnnotationTask
from nltk.metrics import masi_distance as nltk_masi
from sklearn.metrics import cohen_kappa_score

from vptnlp.annotation.coefficients import (
    MISSING,
    ORDINAL,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    masi_distance,
    nominal_distance,
    value_counts,
)

Array = np.ndarray[Any, np.dtype[Any]]
_ = 0  # no answer, in the data of the papers that count from 1

# Krippendorff 2011, section C and D: four observers, twelve units, seven answers not given.
PAPER = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
            [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
        ]
    ).T
    - 1
)

# Fleiss 1971, as it is often reprinted: ten subjects, fourteen raters, five categories; kappa 0.210.
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ],
    float,
)


def codes(annotators: int = 3, size: int = 4, lowest: int = MISSING) -> st.SearchStrategy[Array]:
    shape = st.tuples(st.integers(2, 30), st.just(annotators))
    return arrays.arrays(np.int64, shape, elements=st.integers(lowest, size - 1))


def alpha(answers: Array, size: int, distance: Any = None) -> float:
    found = krippendorff_alpha(value_counts(answers, size), nominal_distance(size) if distance is None else distance)
    return float(found[0])


def test_alpha_of_krippendorffs_own_example() -> None:
    assert round(alpha(PAPER, 5), 3) == 0.743
    assert round(alpha(PAPER, 5, ORDINAL), 3) == 0.815


def test_alpha_of_krippendorffs_binary_example() -> None:
    # Section A: two observers, ten units; alpha 0.095.
    answers = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]).T
    assert round(alpha(answers, 2), 3) == 0.095


def test_fleiss_of_the_paper() -> None:
    assert round(float(fleiss_kappa(FLEISS)[0]), 3) == 0.210


def test_cohen_by_hand() -> None:
    # Fifty items, 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5.
    first = np.array([1] * 25 + [0] * 25)
    second = np.array([1] * 20 + [0] * 5 + [1] * 10 + [0] * 15)
    assert cohen_kappa(first, second, 2)[0] == pytest.approx(0.4)


@given(codes(annotators=2, lowest=0))
def test_cohen_equals_scikit_learn(answers: Array) -> None:
    own = cohen_kappa(answers[:, 0], answers[:, 1], 4)[0]
    if len(np.unique(answers)) == 1:
        assert math.isnan(own)
    else:
        assert own == pytest.approx(cohen_kappa_score(answers[:, 0], answers[:, 1]))


@given(codes())
def test_alpha_equals_nltk(answers: Array) -> None:
    given_ = [
        (f"a{a}", f"i{i}", int(v))
        for (i, a), v in np.ndenumerate(answers)
        if v != MISSING and (answers[i] != MISSING).sum() > 1
    ]
    own = alpha(answers, 4)
    if len({value for _, _, value in given_}) < 2:
        assert math.isnan(own)
    else:
        assert own == pytest.approx(AnnotationTask(given_).alpha())


@given(st.lists(st.frozensets(st.integers(0, 4)), min_size=2, max_size=8))
def test_masi_equals_nltk(sets: list[frozenset[int]]) -> None:
    own = masi_distance(np.array([[label in held for label in range(5)] for held in sets]))
    for i, one in enumerate(sets):
        for j, other in enumerate(sets):
            # nltk rounds two thirds and one third to 0.67 and 0.33, and has no answer for two empty sets.
            theirs = nltk_masi(one, other) if one | other else 0.0
            assert own[i, j] == pytest.approx(theirs, abs=0.004)


@given(codes(), st.randoms(use_true_random=False))
def test_the_order_of_annotators_and_items_does_not_matter(answers: Array, random: Any) -> None:
    columns, rows = list(range(answers.shape[1])), list(range(len(answers)))
    random.shuffle(columns)
    random.shuffle(rows)
    for distance in (None, ORDINAL):
        assert alpha(answers[rows][:, columns], 4, distance) == pytest.approx(alpha(answers, 4, distance), nan_ok=True)
    first, second = answers[:, 0], answers[:, 1]
    assert cohen_kappa(first, second, 4)[0] == pytest.approx(cohen_kappa(second, first, 4)[0], nan_ok=True)


@given(codes(annotators=1, lowest=0))
def test_perfect_agreement_is_one_and_one_value_is_undefined(answers: Array) -> None:
    same = np.repeat(answers, 3, axis=1)
    counts = value_counts(same, 4)
    expected = 1.0 if len(np.unique(same)) > 1 else math.nan
    for found in (
        alpha(same, 4),
        alpha(same, 4, ORDINAL),
        float(fleiss_kappa(counts)[0]),
        float(cohen_kappa(same[:, 0], same[:, 1], 4)[0]),
    ):
        assert found == pytest.approx(expected, nan_ok=True)


def test_independent_answers_agree_by_chance() -> None:
    rng = np.random.default_rng(1)
    answers = rng.choice(4, size=(20_000, 3), p=[0.7, 0.1, 0.1, 0.1])
    counts = value_counts(answers, 4)
    for found in (
        alpha(answers, 4),
        alpha(answers, 4, ORDINAL),
        float(fleiss_kappa(counts)[0]),
        float(cohen_kappa(answers[:, 0], answers[:, 1], 4)[0]),
    ):
        assert abs(found) < 0.02


def test_opposite_answers_are_worse_than_chance() -> None:
    answers = np.array([[0, 1], [1, 0]] * 20)
    assert alpha(answers, 2) < -0.9


def test_ordinal_forgives_neighbours() -> None:
    near = np.array([[0, 0], [1, 1], [2, 2], [3, 3], [1, 2], [2, 1]] * 5)
    far = np.array([[0, 0], [1, 1], [2, 2], [3, 3], [0, 3], [3, 0]] * 5)
    assert alpha(near, 4, ORDINAL) > alpha(near, 4)
    assert alpha(far, 4, ORDINAL) < alpha(far, 4)


def test_nothing_to_compare_is_undefined() -> None:
    lonely = np.array([[0, MISSING], [MISSING, 1], [MISSING, MISSING]])
    assert math.isnan(alpha(lonely, 2))
    assert math.isnan(alpha(lonely, 2, ORDINAL))
    assert math.isnan(fleiss_kappa(value_counts(lonely, 2))[0])
    assert math.isnan(cohen_kappa(lonely[:, 0], lonely[:, 1], 2)[0])


@given(codes(), st.integers(0, 1000))
def test_a_weight_is_as_good_as_repeating_the_item(answers: Array, seed: int) -> None:
    times = np.random.default_rng(seed).integers(0, 4, len(answers))
    repeated = np.repeat(answers, times, axis=0)
    weights = np.stack([np.ones(len(answers)), times])
    counts, again = value_counts(answers, 4), value_counts(repeated, 4)
    for distance in (nominal_distance(4), ORDINAL):
        both = krippendorff_alpha(counts, distance, weights)
        assert both[1] == pytest.approx(krippendorff_alpha(again, distance)[0], nan_ok=True)
        assert both[0] == pytest.approx(krippendorff_alpha(counts, distance)[0], nan_ok=True)
    assert fleiss_kappa(counts, weights)[1] == pytest.approx(fleiss_kappa(again)[0], nan_ok=True)
    pair = cohen_kappa(answers[:, 0], answers[:, 1], 4, weights)[1]
    assert pair == pytest.approx(cohen_kappa(repeated[:, 0], repeated[:, 1], 4)[0], nan_ok=True)
