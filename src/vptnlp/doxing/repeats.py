"""Where a text has a known value again: in other capitals, spacing or Unicode form, or the telling part of it alone.

A value is kept by its plain words and a text is read once, so that the time is linear in the text whatever the number of
values. Over-redaction is kept in bounds: a word that may be an everyday word ("bakker") counts again only with a capital, and
an everyday word that is no name ("school") only inside a longer value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from vptnlp.doxing import lexicon
from vptnlp.doxing.base import Detail
from vptnlp.doxing.relations import RELATION_NOUNS
from vptnlp.doxing.vocabulary import (
    CAPITALISED,
    FUNCTION_WORDS,
    GREETINGS,
    ORGANISATION_WORDS,
    ROLE_WORDS,
    TITLES,
)
from vptnlp.doxing.wordset import word_set
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject
from vptnlp.taxonomy import DetailKind as K

LITERAL = frozenset({K.EMAIL, K.URL, K.HANDLE, K.COORDINATES, K.IP_ADDRESS})
"""In these a dot, a hyphen or a slash tells one value from another."""

COMPACT = frozenset({K.PHONE, K.BSN, K.IBAN, K.ID_NUMBER, K.LICENCE_PLATE, K.POSTCODE})
"""In these nothing but letters and digits counts."""

EXACT = LITERAL | COMPACT | {K.ADDRESS, K.DATE_OF_BIRTH}
"""A value of these is the same thing wherever it stands, whoever it seems to belong to there."""

# Names; "34", "moeder" or "elke dinsdag" is another thing each time.
_REPEATED = EXACT | {K.PERSON, K.PLACE, K.INSTITUTION, K.WORKPLACE, K.VEHICLE}
_SHORTEST = 3
_SHORTEST_NUMBER = 4
_MOST_WORDS = 24
# How many code points may stand between two words of one value.
_WIDEST_GAP = 12
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff])*")
_SPACES = re.compile(r"\s+")
_INVISIBLE = "Cf"
# A Dutch number with its country, or without the 0 that a spreadsheet drops.
_TO_NATIONAL = re.compile(r"^(?:(?:00)?310?|0)?(?=[1-9][0-9]{8}$)")
_LEADS = {K.HANDLE: "@", K.PHONE: "+"}
_ARTICLES = word_set("de het een den der t van von ten ter te el al la le du di da dos ben bin ibn abu in op aan uit")
# Never a part that tells: on its own none of these points at anybody.
_EVERYDAY = (
    CAPITALISED | FUNCTION_WORDS | GREETINGS | ORGANISATION_WORDS | ROLE_WORDS | TITLES | RELATION_NOUNS | _ARTICLES
)


class PlainWord(NamedTuple):
    """A word of a text: its code points, end exclusive, and its plain form."""

    start: int
    end: int
    plain: str


class _Known(NamedTuple):
    """What is known of a value: whose it is, and whether its last word must have a capital to count again."""

    kind: K
    subject: Subject
    capital: bool


def plain(text: str) -> str:
    """Lower case in NFC, without look-alike forms and invisible marks."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if unicodedata.category(c) != _INVISIBLE)


def plain_words(text: str) -> list[PlainWord]:
    """The runs of letters and digits in a text; marks that cannot be seen do not end a word."""
    return [PlainWord(match.start(), match.end(), plain(match.group())) for match in _WORD.finditer(text)]


def national(number: str) -> str:
    """The digits of a Dutch telephone number as dialled within the country; other numbers alike in all spellings."""
    return _TO_NATIONAL.sub("0", number) if 9 <= len(number) <= 14 else number


class Repeats:
    """Values, and where texts have them again."""

    def __init__(self) -> None:
        # First word of a value to the numbers of words of the values that start with it.
        self._lengths: dict[str, set[int]] = {}
        self._values: dict[str, _Known] = {}
        self._numbers: dict[str, _Known] = {}
        self._longest = 0

    def add(self, detail: Detail, text: str, *, carried: bool = False) -> None:
        """Keep the value of a detail; kinds that are not the same thing elsewhere are passed over.

        Args:
            detail: The detail, with its subject.
            text: The text that it was found in.
            carried: Whether the value will be sought in other texts, where everyday words mean something else.
        """
        kind, subject, value = DetailKind(detail.kind), detail.subject, detail.text_of(text)
        words = plain_words(value)
        if kind not in _REPEATED or subject is None or not words:
            return
        if kind in COMPACT:
            number = national("".join(word.plain for word in words))
            if len(number) >= _SHORTEST_NUMBER and any(map(str.isdigit, number)):
                self._numbers[number] = _Known(kind, subject, False)
                self._longest = max(self._longest, len(number) + len("0031"))
        elif kind in LITERAL:
            lead = "@" if kind is K.HANDLE else ""
            self._keep(words, lead + _tight(value[words[0].start : words[-1].end]), _Known(kind, subject, False))
        else:
            if kind in EXACT or not carried:
                self._keep(words, _spaced(words), _Known(kind, subject, False))
            elif telling := [word for word in words if word.plain not in _EVERYDAY]:
                capital = len(telling) == 1 and _needs_capital(telling[0].plain)
                self._keep(words, _spaced(words), _Known(kind, subject, capital))
            for part, capital in _parts(kind, value, words):
                self._keep(part, _spaced(part), _Known(kind, subject, capital))

    def find(self, text: str, words: Sequence[PlainWord]) -> Iterator[Detail]:
        """Where a text has any of the values, whole words only.

        Args:
            text: The text.
            words: Its words (`plain_words`).
        """
        for first, word in enumerate(words):
            for count in sorted(self._lengths.get(word.plain, ()), reverse=True):
                run = words[first : first + count]
                if len(run) == count and _close(run) and (known := self._named(text, run)):
                    yield _span(text, run, known)
                    break  # shorter values lie within
            if self._numbers:
                yield from self._numbers_at(text, words, first)

    def _keep(self, words: Sequence[PlainWord], key: str, known: _Known) -> None:
        if len(key) < _SHORTEST or len(words) > _MOST_WORDS:
            return
        self._lengths.setdefault(words[0].plain, set()).add(len(words))
        held = self._values.get(key)
        if held is None or held.capital:
            self._values[key] = known

    def _named(self, text: str, run: Sequence[PlainWord]) -> _Known | None:
        tight = _tight(text[run[0].start : run[-1].end])
        handle = "@" + tight if text.startswith("@", max(run[0].start - 1, 0)) or not tight.isalpha() else tight
        capital = text[run[-1].start].isupper()
        for key in (_spaced(run), tight, handle):
            known = self._values.get(key)
            if known and (capital or not known.capital):
                return known
        return None

    def _numbers_at(self, text: str, words: Sequence[PlainWord], first: int) -> Iterator[Detail]:
        number = ""
        for last in range(first, len(words)):
            if last > first and words[last].start - words[last - 1].end > _WIDEST_GAP:
                return
            number += words[last].plain
            if len(number) > self._longest:
                return
            if known := self._numbers.get(national(number)):
                yield _span(text, words[first : last + 1], known)


def _parts(kind: K, value: str, words: Sequence[PlainWord]) -> Iterator[tuple[Sequence[PlainWord], bool]]:
    """The parts of a value that tell as much as the whole, each with whether it needs a capital."""
    if kind is K.PERSON and len(words) > 1:
        for word in words:
            if len(word.plain) >= _SHORTEST and word.plain not in _EVERYDAY:
                yield [word], _needs_capital(word.plain)
    elif kind in (K.INSTITUTION, K.WORKPLACE):
        # "basisschool De Regenboog": the name begins at the first capital that is not of its sort.
        starts = (i for i, w in enumerate(words) if value[w.start].isupper() and w.plain not in ORGANISATION_WORDS)
        name = words[next(starts, len(words)) :]
        while name and any(word.plain not in _EVERYDAY for word in name):
            yield name, True
            name = name[1:] if name[0].plain in _ARTICLES else []


def _needs_capital(word: str) -> bool:
    """Whether a word in lower case may be something else than a name."""
    if word in lexicon.name_words() or word in lexicon.place_words():
        return True
    return not (word in lexicon.first_names() or word in lexicon.surnames() or word in lexicon.places())


def _span(text: str, run: Sequence[PlainWord], known: _Known) -> Detail:
    start, lead = run[0].start, _LEADS.get(known.kind)
    if lead and start and text[start - 1] == lead:
        start -= 1
    return Span(start, run[-1].end, known.kind, known.subject)


def _close(run: Sequence[PlainWord]) -> bool:
    return all(after.start - before.end <= _WIDEST_GAP for before, after in pairwise(run))


def _spaced(words: Sequence[PlainWord]) -> str:
    return " ".join(word.plain for word in words)


def _tight(text: str) -> str:
    return _SPACES.sub("", plain(text))
