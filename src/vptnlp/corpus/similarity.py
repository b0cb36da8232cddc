"""Near-duplicates: character 5-gram Jaccard between all pairs, found through an inverted index."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    index: dict[int, list[int]] = defaultdict(list)
    names: list[str] = []
    sizes: list[int] = []
    for name, text in texts:
        folded = fold(text)
        if len(folded.split()) <= LONG_WORDS:
            if folded in short and folded:
                yield NearDuplicate(short[folded], name, 1.0)
            short.setdefault(folded, name)
            continue
        grams = {hash(folded[i : i + _NGRAM]) for i in range(len(folded) - _NGRAM + 1)}
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(index[gram])
        for other, count in shared.items():
            similarity = count / (len(grams) + sizes[other] - count)
            if similarity > threshold:
                yield NearDuplicate(names[other], name, similarity)
        for gram in grams:
            index[gram].append(len(names))
        names.append(name)
        sizes.append(len(grams))


def openings(texts: Iterable[str], words: int = 4) -> Counter[str]:
    """How often each opening of `words` words occurs among messages that have that many."""
    found: Counter[str] = Counter()
    for text in texts:
        first = fold(text).split()[:words]
        if len(first) == words:
            found[" ".join(first)] += 1
    return found
