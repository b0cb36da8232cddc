"""Scores of the words of one message: which personal details and cues they belong to, and whose the details are.

A model with a token head gives them; spans are read off them, and rules that found a span can ask what the model holds of it.
A word is outside, at the begin of, or inside a span of a kind, for each kind by itself, since spans of different kinds
overlap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject

Array = np.ndarray[Any, np.dtype[Any]]
Offsets = Sequence[tuple[int, int]]

KINDS: tuple[DetailKind | CueKind, ...] = (*DetailKind, *CueKind)
"""Kinds of spans in the order of a token head; each has three scores: outside, begin, inside."""

SUBJECTS: tuple[Subject, ...] = tuple(Subject)
"""Subjects in the order of a token head, after the kinds."""

TOKEN_OUTPUTS = 3 * len(KINDS) + len(SUBJECTS)
"""Width of a token head."""

OUTSIDE, BEGIN, INSIDE = range(3)
_SURE = 0.6
"""A word that begins a span with this probability ends the one before it (chosen on dev)."""
_COLUMN = {kind: i for i, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class WordScores:
    """What a token head says of the words of one message.

    Attributes:
        offsets: Start and end of each word in the text as received, ascending.
        kinds: Probabilities of outside, begin and inside, shape (words, kinds, 3).
        subjects: Log-probabilities of whose a detail is, shape (words, subjects).
    """

    offsets: tuple[tuple[int, int], ...]
    kinds: Array = field(repr=False)
    subjects: Array = field(repr=False)

    @classmethod
    def from_raw(cls, offsets: Offsets, rows: Array) -> WordScores:
        """From raw scores of shape (words, `TOKEN_OUTPUTS`)."""
        split = 3 * len(KINDS)
        kinds = _softmax(rows[:, :split].reshape(len(rows), len(KINDS), 3))
        return cls(tuple(offsets), kinds, np.log(_softmax(rows[:, split:]) + 1e-9))

    def spans(self, kind: DetailKind | CueKind, threshold: float, least: float = 0.0) -> Iterator[Span]:
        """Spans of one kind, with the mean probability of their words.

        Of all ways to cut the text into spans and the rest, the one with the most evidence is taken. A word is evidence for
        its span by its probability of not being outside, less the threshold, and every span costs `least`: so weak words
        inside a phrase do not end it, and a single weak word is none.

        Args:
            kind: A detail or a cue; a detail gets the most likely subject.
            threshold: The probability from which a word speaks for a span.
            least: The evidence that a span must hold, summed over its words; 0 makes one of every run of words above the
                threshold.
        """
        column = self.kinds[:, _COLUMN[kind]]
        held = 1.0 - column[:, OUTSIDE]
        if not (held > threshold).any():
            return
        for first, last in _segments((held - threshold).tolist(), (column[:, BEGIN] >= _SURE).tolist(), least):
            start, end = self.offsets[first][0], self.offsets[last][1]
            subject = self.subject(start, end) if isinstance(kind, DetailKind) else None
            yield Span(start, end, kind, subject, float(held[first : last + 1].mean()))

    def held(self, kind: DetailKind | CueKind, start: int, end: int) -> float:
        """The mean probability that the words from `start` to `end` belong to a span of the kind; 0 without words."""
        outside = self.kinds[self._words(start, end), _COLUMN[kind], OUTSIDE]
        return float(1.0 - outside.mean()) if len(outside) else 0.0

    def subject(self, start: int, end: int) -> Subject | None:
        """The most likely owner of a detail from `start` to `end`; None without words."""
        owners = self.owners(start, end)
        return None if owners is None else SUBJECTS[int(owners.argmax())]

    def owners(self, start: int, end: int) -> Array | None:
        """Mean log probability of each of `SUBJECTS` as the owner of a detail, shape (subjects,); None without words."""
        rows = self.subjects[self._words(start, end)]
        return np.asarray(rows.mean(axis=0)) if len(rows) else None

    def _words(self, start: int, end: int) -> slice:
        """The words that share a character with `start` to `end`; by halves, since every detail of a message asks."""
        first = bisect_right(self.offsets, start, key=lambda word: word[1])
        return slice(first, bisect_left(self.offsets, end, lo=first, key=lambda word: word[0]))


def words_read(text: str, words: Offsets, tokens: Offsets) -> tuple[list[tuple[int, int]], list[int]]:
    """The words that a token head scores, and the token that holds the first character of each.

    A mark that shares its token with the number before it ("Dorpsstraat 5." is read as "Dorpsstraat", "5.") has no score of its
    own: it is left out, or an address would end in a full stop. So are words beyond the last token, which were not read.

    Args:
        text: The text that both lie in.
        words: Start and end of each word, ascending.
        tokens: Start and end of each token, ascending; empty ones (special tokens) are skipped.

    Returns:
        The words and one token index for each. A word that no token covers (a character that the tokenizer drops) has the token
        after it.
    """
    read: list[tuple[int, int]] = []
    found: list[int] = []
    at = 0
    for start, end in words:
        while at < len(tokens) and (tokens[at][1] <= start or tokens[at][0] == tokens[at][1]):
            at += 1
        if at == len(tokens):
            break
        if found and found[-1] == at and text[read[-1][1] - 1].isdigit() and not text[start].isalnum():
            continue
        read.append((start, end))
        found.append(at)
    return read, found


def _segments(evidence: Sequence[float], begins: Sequence[bool], cost: float) -> list[tuple[int, int]]:
    """First and last word of each segment, for the most evidence over all segments, less the cost of each.

    The best way that ends outside and the best that ends inside a segment are carried along (Viterbi, two states).

    Args:
        evidence: For each word, what it adds to a segment.
        begins: Whether a word surely begins one: it then cannot go on with the one before.
        cost: Of each segment.
    """
    outside, inside = 0.0, float("-inf")
    came_from: list[tuple[bool, bool, bool]] = []
    for value, begin in zip(evidence, begins, strict=True):
        before, was_inside = max(outside, inside), inside > outside
        goes_on = not begin and inside >= outside - cost
        came_from.append((was_inside, goes_on, was_inside if begin else goes_on))
        outside, inside = before, value + (inside if goes_on else (before if begin else outside) - cost)
    found: list[tuple[int, int]] = []
    state, last = inside > outside, len(evidence) - 1
    for i in range(len(evidence) - 1, -1, -1):
        left, goes_on, was_inside = came_from[i]
        if not state:
            state, last = left, i - 1
        elif not goes_on:
            found.append((i, last))
            state, last = was_inside, i - 1
    return found[::-1]


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
