"""Surface features of the linear model: hashed character and word n-grams, and hashed token windows.

Hashing (Weinberger et al. 2009) keeps no vocabulary, so a bundle holds weights alone and reveals no training text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from vptnlp.config import Section

_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


class FeatureConfig(Section):
    """Which n-grams are counted, and in how many buckets (powers of two)."""

    char_ngrams: tuple[int, int] = (2, 5)
    char_bits: int = 16
    word_ngrams: tuple[int, int] = (1, 3)
    word_bits: int = 16
    token_bits: int = 16

    @property
    def columns(self) -> int:
        """Number of text features."""
        return (1 << self.char_bits) + (1 << self.word_bits)


class TextFeatures:
    """Counts n-grams of whole texts.

    Args:
        config: Which n-grams.
    """

    def __init__(self, config: FeatureConfig) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        common: dict[str, Any] = {"alternate_sign": False, "norm": None, "dtype": np.float32}
        self._chars = HashingVectorizer(
            analyzer="char_wb", ngram_range=config.char_ngrams, n_features=2**config.char_bits, **common
        )
        self._words = HashingVectorizer(
            token_pattern=r"(?u)\w+|[!?]+",  # noqa: S106 - a pattern, no password
            ngram_range=config.word_ngrams,
            n_features=2**config.word_bits,
            **common,
        )

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Dampened counts, one row a text: float32 of shape (texts, columns)."""
        counted = sparse.hstack([self._chars.transform(texts), self._words.transform(texts)], format="csr")
        np.log1p(counted.data, out=counted.data)
        return counted


def weigh(counts: sparse.csr_matrix, idf: np.ndarray[Any, np.dtype[np.float32]]) -> sparse.csr_matrix:
    """Weigh counts by inverse document frequency and scale each row to length 1 (in place)."""
    counts.data *= idf[counts.indices]
    squares = np.add.reduceat(np.append(counts.data**2, 0), np.minimum(counts.indptr[:-1], counts.nnz))
    squares[np.diff(counts.indptr) == 0] = 1.0
    counts.data /= np.repeat(np.sqrt(squares), np.diff(counts.indptr))
    return counts


def tokenise(text: str) -> list[tuple[int, int]]:
    """Start and end of every word and punctuation mark."""
    return [match.span() for match in _TOKEN.finditer(text)]


class TokenFeatures:
    """Describes each token by itself and its neighbours.

    Args:
        config: `token_bits` sets the number of buckets.
    """

    def __init__(self, config: FeatureConfig) -> None:
        from sklearn.feature_extraction import FeatureHasher

        self._hasher = FeatureHasher(2**config.token_bits, input_type="string", alternate_sign=False, dtype=np.float32)

    def rows(self, words: Sequence[str]) -> sparse.csr_matrix:
        """Features of the tokens of one or more texts: float32 of shape (tokens, 2**token_bits).

        Args:
            words: Tokens in order; texts are separated by two empty strings, which yield rows of their own.
        """
        hashed: sparse.csr_matrix = self._hasher.transform(_describe(words))
        return hashed


def _describe(words: Sequence[str]) -> Iterator[list[str]]:
    lower = ["", "", "", *(w.lower() for w in words), "", "", ""]
    for i, word in enumerate(words, 3):
        w, before, after = lower[i], lower[i - 1], lower[i + 1]
        yield [
            "w=" + w,
            "p=" + w[:4],
            "s=" + w[-4:],
            "b=" + before,
            "a=" + after,
            "bb=" + lower[i - 2],
            "aa=" + lower[i + 2],
            "bw=" + before + " " + w,
            "wa=" + w + " " + after,
            "bba=" + lower[i - 2] + " " + before,
            "aab=" + after + " " + lower[i + 2],
            "near=" + lower[i - 3],
            "near=" + lower[i + 3],
            "x=" + _shape(word),
        ]


def _shape(word: str) -> str:
    if word.isdigit():
        return f"d{len(word)}"
    if not word[:1].isalnum():
        return word
    return "X" if word.isupper() else "Xx" if word[:1].isupper() else "x"
