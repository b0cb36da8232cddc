"""The lexicon of a corpus: words and idioms that it must cover, in hostile and in harmless use."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vptnlp.corpus.records import Example
from vptnlp.errors import CorpusError

FILE = "lexicon.csv"
MIN_HOSTILE, MIN_HARMLESS = 3, 2
_COLUMNS = ("entry", "pattern", "group", "region", "harmless")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or idiom.

    Attributes:
        entry: The word or idiom.
        pattern: Finds its inflections, upper and lower case alike.
        group: Field of meaning, such as ``fire`` or ``bribery``.
        region: Where it is used; ``all`` for everywhere.
        has_harmless_use: Whether the language allows a harmless use.
    """

    entry: str
    pattern: re.Pattern[str]
    group: str
    region: str
    has_harmless_use: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """In how many messages an entry occurs."""

    entry: Entry
    hostile: int
    harmless: int

    @property
    def enough(self) -> bool:
        """Whether it occurs as often as the corpus promises."""
        return self.hostile >= MIN_HOSTILE and (self.harmless >= MIN_HARMLESS or not self.entry.has_harmless_use)


def read_lexicon(path: Path) -> list[Entry]:
    """Read a lexicon.

    Raises:
        CorpusError: The file is missing, lacks a column, or a pattern cannot be compiled.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise CorpusError(f"The lexicon '{path}' cannot be read: {error.strerror}.") from None
    if rows and (missing := set(_COLUMNS) - set(rows[0])):
        raise CorpusError(f"The lexicon '{path}' lacks the columns: {', '.join(sorted(missing))}.")
    return [_entry(path, number, row) for number, row in enumerate(rows, 2)]


def cover(lexicon: Sequence[Entry], examples: Sequence[Example]) -> list[Coverage]:
    """Count in how many messages each entry occurs."""
    hostile = [e.text for e in examples if e.labels.hostile]
    harmless = [e.text for e in examples if not e.labels.hostile]
    return [
        Coverage(
            entry,
            sum(entry.pattern.search(text) is not None for text in hostile),
            sum(entry.pattern.search(text) is not None for text in harmless),
        )
        for entry in lexicon
    ]


def _entry(path: Path, number: int, row: dict[str, str]) -> Entry:
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE)
    except re.error as error:
        raise CorpusError(f"{path}, line {number}: the pattern cannot be compiled ({error}).") from None
    return Entry(row["entry"], pattern, row["group"], row["region"], row["harmless"] == "yes")
