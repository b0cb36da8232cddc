"""Near-duplicates: character 5-gram Jaccard between all pairs, found through an inverted index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

LONG_WORDS = 8
"""Messages of more than this many words are compared by similarity, shorter ones for equality."""

_FOLD = re.compile(r"[\W_]+")
_NGRAM = 5


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two messages, by id, that are too much alike. `similarity` is the Jaccard index, 1.0 for an exact repeat."""

    first: str
    second: str
    similarity: float


def fold(text: str) -> str:
    """Lower-case words separated by single spaces, without punctuation."""
    return _FOLD.sub(" ", text.casefold()).strip()


def near_duplicates(texts: Iterable[tuple[str, str]], threshold: float = 0.35) -> Iterator[NearDuplicate]:
    """Find pairs that are too much alike.

    Args:
        texts: Pairs of id and text.
        threshold: Jaccard index of character 5-grams above which two messages of over `LONG_WORDS` words are too alike.

    Yields:
        Each pair once: exact repeats among short messages (folded), near-duplicates among long ones.
    """
    short: dict[str, str] = {}
    names: list[str] = []
    grams: list[Array] = []
    for name, text in texts:
        folded = fold(text)
        if len(folded.split()) > LONG_WORDS:
            names.append(name)
            grams.append(np.unique([hash(folded[i : i + _NGRAM]) for i in range(len(folded) - _NGRAM + 1)]))
            continue
        if folded in short and folded:
            yield NearDuplicate(short[folded], name, 1.0)
        short.setdefault(folded, name)
    yield from _alike(names, grams, threshold)


def _alike(names: Sequence[str], grams: Sequence[Array], threshold: float) -> Iterator[NearDuplicate]:
    if not names:
        return
    sizes = np.array([len(held) for held in grams])
    _, columns = np.unique(np.concatenate(grams), return_inverse=True)
    # The messages that hold each gram stand together in `holders`, in order; those of gram g from `starts[g]` on.
    holders = np.repeat(np.arange(len(names)), sizes)[np.argsort(columns, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(np.bincount(columns))])
    for second, own in enumerate(np.split(columns, np.cumsum(sizes)[:-1])):
        sharing = np.concatenate([holders[starts[gram] : starts[gram + 1]] for gram in own])
        shared = np.bincount(sharing, minlength=len(names))[:second]
        similarity = shared / (sizes[:second] + sizes[second] - shared)
        for first in np.flatnonzero(similarity > threshold).tolist():
            yield NearDuplicate(names[first], names[second], float(similarity[first]))


def openings(texts: Iterable[str], words: int = 4) -> Counter[str]:
    """How often each opening of `words` words occurs among messages that have that many."""
    found: Counter[str] = Counter()
    for text in texts:
        first = fold(text).split()[:words]
        if len(first) == words:
            found[" ".join(first)] += 1
    return found
