"""The n-grams are those of scikit-learn's vectorisers, bucket by bucket."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from vptnlp.classify.features import FeatureConfig, TextFeatures, TokenFeatures, weigh

CONFIG = FeatureConfig(char_bits=12, word_bits=10, token_bits=9)
texts = st.lists(st.text(st.characters(codec="utf-8"), max_size=60), max_size=4)


def reference(batch: list[str]) -> sparse.csr_matrix:
    common = {"alternate_sign": False, "norm": None, "dtype": np.float32}
    chars = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**12, **common)
    words = HashingVectorizer(token_pattern=r"(?u)\w+|[!?]+", ngram_range=(1, 3), n_features=2**10, **common)
    counted = sparse.hstack([chars.transform(batch), words.transform(batch)], format="csr")
    counted.sort_indices()
    return counted


@settings(max_examples=60, deadline=None)
@given(batch=texts)
def test_counts_are_those_of_hashing_vectorizers(batch: list[str]) -> None:
    rows = TextFeatures(CONFIG).rows(batch)
    assert len(rows.starts) == len(batch) + 1
    if batch:
        counted = reference(batch)
        assert np.array_equal(rows.starts, counted.indptr)
        assert np.array_equal(rows.columns, counted.indices)
        assert np.allclose(rows.values, np.log1p(counted.data))


def test_weighed_rows_have_length_one_and_multiply_as_a_matrix_does() -> None:
    batch = ["Ik weet het niet meer!", "", "de de de kat"]
    chance = np.random.default_rng(0)
    idf = chance.random(CONFIG.columns).astype(np.float32) + 0.5
    weights = chance.normal(size=(CONFIG.columns, 3)).astype(np.float32)
    rows = weigh(TextFeatures(CONFIG).rows(batch), idf)
    dense = sparse.csr_matrix((rows.values, rows.columns, rows.starts), (3, CONFIG.columns)).toarray()
    assert np.allclose(np.linalg.norm(dense, axis=1), [1, 0, 1])
    assert np.allclose(rows.times(weights), dense @ weights, atol=1e-5)


def test_tokens_know_their_neighbours() -> None:
    features = TokenFeatures(CONFIG)
    alone, beside = features.columns(["Kat"]), features.columns(["De", "Kat"])
    assert alone.shape[0] == 1
    assert (alone[0] != beside[1]).sum() >= 3
    assert (alone[0] == beside[1]).sum() >= 4
    assert features.columns([]).shape[0] == 0
