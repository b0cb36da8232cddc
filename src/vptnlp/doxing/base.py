"""What every recogniser reads and yields.

A recogniser looks for one kind of personal detail (or a few that share a format) and yields *candidates*: spans with a
score but without a subject. Scores are evidence between 0 and 1, not calibrated: a format alone scores low, a checksum
and words around it raise it. `vptnlp.doxing.corroboration` adds what neighbouring candidates say, and
`vptnlp.doxing.detect` keeps what reaches `THRESHOLD`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Protocol, Self, TypeAlias

from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind

Detail: TypeAlias = Span
"""A `Span` whose kind is a `DetailKind`. A recogniser leaves `subject` None; `find_details` never does."""

THRESHOLD = 0.5
"""The score from which a candidate counts as found."""

# Combining marks belong to the word: "Zoë" may arrive as "Zoe" and a diaeresis.
_WORD = re.compile(r"[^\W_](?:[\w\u0300-\u036f]|['’-](?=\w))*")
_DIGIT = re.compile("[0-9]")


class Case(Enum):
    """How a writer uses capitals: none at all, as usual, or (nearly) everywhere, so that they say nothing."""

    LOWER = "lower"
    MIXED = "mixed"
    SHOUTED = "shouted"


class Recogniser(Protocol):
    """Finds candidates of one or more kinds."""

    kinds: frozenset[DetailKind]

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates in any order, in time linear in the length of `text`.

        Args:
            text: A message as received; a `Passage` saves repeating work that recognisers share.

        Yields:
            Spans over `text` with subject None.
        """
        ...


class Word(NamedTuple):
    """A word of a passage: its code points, end exclusive, and its lower-case form in NFC."""

    start: int
    end: int
    lower: str


class Passage(str):
    """A text with what several recognisers need, each computed once and on first use."""

    @classmethod
    def of(cls, text: str) -> Self:
        """The text as a passage; a passage is returned as it is."""
        return text if isinstance(text, cls) else cls(text)

    @cached_property
    def folded(self) -> str:
        """Lower case with straight apostrophes, of the same length, so that offsets hold for both."""
        lower = self.lower()
        if len(lower) != len(self):  # "İ" lowers to two code points
            lower = "".join(low if len(low := char.lower()) == 1 else char for char in self)
        return lower.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order. A word starts with a letter or digit and may hold apostrophes and hyphens."""
        folded = self.folded
        spans = [match.span() for match in _WORD.finditer(folded)]
        if folded.isascii():
            return tuple([Word(start, end, folded[start:end]) for start, end in spans])
        return tuple([Word(start, end, unicodedata.normalize("NFC", folded[start:end])) for start, end in spans])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The lower-case forms of all words, for cheap prechecks."""
        return frozenset(word.lower for word in self.words)

    @cached_property
    def digit_count(self) -> int:
        """How many ASCII digits the text holds."""
        return len(_DIGIT.findall(self))

    @cached_property
    def case(self) -> Case:
        """How the writer uses capitals."""
        upper = sum(map(str.isupper, self))
        if not upper:
            return Case.LOWER
        return Case.SHOUTED if upper > 0.6 * sum(map(str.isalpha, self)) and upper > 12 else Case.MIXED

    def before(self, start: int, width: int = 30) -> str:
        """Up to `width` code points before `start`, folded."""
        return self.folded[max(0, start - width) : start]

    def after(self, end: int, width: int = 30) -> str:
        """Up to `width` code points after `end`, folded."""
        return self.folded[end : end + width]


def candidate(start: int, end: int, kind: DetailKind, score: float) -> Detail:
    """A candidate with its score clipped to 0 to 0.99."""
    return Span(start, end, kind, None, min(max(round(score, 2), 0.0), 0.99))
