"""Word lists in code."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text, split at white space: lists of words read best as running text."""
    return frozenset(words.split())
