"""Surface features of the linear model: hashed character and word n-grams, and hashed token windows.

Hashing (Weinberger et al. 2009) keeps no vocabulary, so a bundle holds weights alone and reveals no training text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mmh3
import numpy as np

from vptnlp.config import Section

Array = np.ndarray[Any, np.dtype[Any]]

_WORD = re.compile(r"\w+|[!?]+")
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


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix with few values that are not zero, row by row (the layout is known as CSR).

    Attributes:
        columns: Column of each value.
        values: The values, float32.
        starts: Row i holds the values from ``starts[i]`` to ``starts[i + 1]``.
    """

    columns: Array
    values: Array
    starts: Array

    def times(self, weights: Array) -> Array:
        """The product with a dense matrix of shape (columns, outputs)."""
        product = np.zeros((len(self.starts) - 1, weights.shape[1]), np.float32)
        for i, (start, end) in enumerate(pairwise(self.starts.tolist())):
            product[i] = self.values[start:end] @ weights[self.columns[start:end]]
        return product


class TextFeatures:
    """Weighs the n-grams of whole texts: of characters inside words (a space before and after each), and of words.

    Args:
        config: Which n-grams.
    """

    def __init__(self, config: FeatureConfig) -> None:
        self._config = config

    def rows(self, texts: Sequence[str]) -> Rows:
        """Dampened counts, one row a text, of `FeatureConfig.columns` columns."""
        known: dict[str, list[int]] = {}
        columns: list[Array] = []
        counts: list[Array] = []
        for text in texts:
            lower = text.lower()
            held = self._words(lower)
            for word in lower.split():
                if word not in known:
                    known[word] = self._characters(word)
                held += known[word]
            found, times = np.unique(np.array(held, np.int32), return_counts=True)
            columns.append(found)
            counts.append(times)
        starts = np.concatenate([[0], np.cumsum([len(found) for found in columns])])
        empty = np.empty(0, np.int32)
        values = np.log1p(np.concatenate([empty, *counts]).astype(np.float32))
        return Rows(np.concatenate([empty, *columns]), values, starts)

    def _characters(self, word: str) -> list[int]:
        low, high = self._config.char_ngrams
        padded = f" {word} "
        sizes = range(low, min(high, len(padded)) + 1)
        grams = (padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1))
        return [_bucket(gram, self._config.char_bits) for gram in grams]

    def _words(self, text: str) -> list[int]:
        low, high = self._config.word_ngrams
        words = _WORD.findall(text)
        grams = (" ".join(words[i : i + n]) for n in range(low, high + 1) for i in range(len(words) - n + 1))
        after_characters = 1 << self._config.char_bits
        return [after_characters + _bucket(gram, self._config.word_bits) for gram in grams]


def weigh(rows: Rows, idf: Array) -> Rows:
    """Weigh counts by inverse document frequency and scale each row to length 1."""
    values = rows.values * idf[rows.columns]
    sizes = np.diff(rows.starts)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    lengths = np.sqrt(np.bincount(owner, values**2, minlength=len(sizes))).astype(np.float32)
    return Rows(rows.columns, values / lengths[owner], rows.starts)


def _bucket(gram: str, bits: int) -> int:
    return int(abs(mmh3.hash(gram)) & ((1 << bits) - 1))


def tokenise(text: str) -> list[tuple[int, int]]:
    """Start and end of every word and punctuation mark."""
    return [match.span() for match in _TOKEN.finditer(text)]


class TokenFeatures:
    """Describes each token by itself and its neighbours.

    Args:
        config: `token_bits` sets the number of buckets.
    """

    def __init__(self, config: FeatureConfig) -> None:
        self._bits = config.token_bits

    def columns(self, words: Sequence[str]) -> Array:
        """Features of the tokens of one or more texts, each with the value 1: shape (tokens, features a token).

        Args:
            words: Tokens in order; texts are separated by two empty strings, which yield rows of their own.
        """
        rows = [[_bucket(feature, self._bits) for feature in described] for described in _describe(words)]
        return np.array(rows, np.int32) if rows else np.empty((0, 0), np.int32)


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
