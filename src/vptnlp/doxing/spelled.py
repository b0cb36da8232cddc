"""Digits that are hidden: written out ("nul zes twaalf vierendertig") or with letters for digits ("O6-28l4").

People do so in voicemail transcripts, by mistake, and to dodge filters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from vptnlp.doxing.base import Passage, Word

_UNITS = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_FILLERS = frozenset({"eh", "ehm", "uh", "en", "dan", "streepje", "punt", "spatie"})
_MAX_GAP = 3
_MIN_WORDS = 2
_PIECE = re.compile(r"[0-9]+|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_UNIT_WORD = "nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen"
_MIXED = re.compile(rf"[0-9][ -]?(?:{_UNIT_WORD})(?![a-zà-ÿ])|(?<![a-zà-ÿ])(?:{_UNIT_WORD})[ -]?[0-9]")
_JOINED = re.compile(rf"(?:{_UNIT_WORD}){{2,10}}")
_LOOK_ALIKE_TOKEN = re.compile(r"(?<!\w)(?=[oilsb]*[0-9])(?=[0-9]*[oilsb])[0-9oilsb]+(?!\w)")
_LOOK_ALIKES = str.maketrans("oilsb", "01158")


class SpelledNumber(NamedTuple):
    """A run of number words: its code points and the digits they stand for."""

    start: int
    end: int
    digits: str


class _Part(NamedTuple):
    """A number word or digits inside a run."""

    start: int
    end: int
    digits: str
    spelled: bool


def read_look_alikes(folded: str) -> str:
    """Folded text with letters that stand for digits ("o6-288l") read as digits; the length stays.

    Only words that hold a digit and otherwise nothing but such letters are read, so that "los" and "b2b-klant" stay.
    """
    return _LOOK_ALIKE_TOKEN.sub(lambda match: match.group().translate(_LOOK_ALIKES), folded)


def mixes_words_and_digits(folded: str) -> bool:
    """Whether digits and number words stand beside each other: "nul6 2884", "06-28-één"."""
    return _MIXED.search(folded) is not None


@cache
def number_words() -> dict[str, int]:
    """Dutch number words from "nul" to "negenennegentig", also "één" and "tweeenveertig" without diaeresis."""
    words = {word: value for value, word in enumerate(_UNITS + _TEENS)}
    words["één"] = 1
    for tens, word in enumerate(_TENS, start=2):
        words[word] = tens * 10
        for unit, name in enumerate(_UNITS[1:], start=1):
            words[f"{name}en{word}"] = tens * 10 + unit
            words[f"{name}ën{word}"] = tens * 10 + unit
    return words


def spelled_numbers(passage: Passage, minimum: int = 6) -> Iterator[SpelledNumber]:
    """Runs of number words (digits may be mixed in) that stand for at least `minimum` digits.

    Args:
        passage: The text.
        minimum: Fewest digits of a run.

    Yields:
        Runs in order, each of at least two number words, or of one before or between digits.
    """
    values = number_words()
    if (
        passage.vocabulary.isdisjoint(values)
        and "nul" not in passage.folded
        and not mixes_words_and_digits(passage.folded)
    ):
        return
    run: list[_Part] = []
    last_end = 0
    joined = False  # whether "en" stands between the last part and this one: "acht en twintig"
    for word in _pieces(passage):
        spelled = word.lower in values
        digits = str(values[word.lower]) if spelled else word.lower
        if run and word.start - last_end > _MAX_GAP:
            yield from _finished(run, minimum)
            run = []
        if spelled and joined and run and run[-1].spelled and _is_tens(digits) and run[-1].digits in "123456789":
            unit = run.pop()
            run.append(_Part(unit.start, word.end, digits[0] + unit.digits, True))
        elif spelled or (digits.isascii() and digits.isdigit()):
            run.append(_Part(word.start, word.end, digits, spelled))
        elif not (run and word.lower in _FILLERS):
            yield from _finished(run, minimum)
            run = []
        joined = word.lower == "en"
        last_end = word.end
    yield from _finished(run, minimum)


def _pieces(passage: Passage) -> Iterator[Word]:
    """The words of a passage, those that mix digits and letters, hold hyphens or join digits ("nulzes") taken apart."""
    for word in passage.words:
        if _JOINED.fullmatch(word.lower):
            for digit in re.finditer(_UNIT_WORD, passage.folded[word.start : word.end]):
                yield Word(word.start + digit.start(), word.start + digit.end(), digit.group())
            continue
        if word.lower.isalpha() or (word.lower.isdigit() and word.lower.isascii()):
            yield word
            continue
        for piece in _PIECE.finditer(passage.folded, word.start, word.end):
            yield Word(piece.start(), piece.end(), unicodedata.normalize("NFC", piece.group()))


def _is_tens(digits: str) -> bool:
    return len(digits) == 2 and digits[0] != "1" and digits[1] == "0"


def _finished(run: list[_Part], minimum: int) -> Iterator[SpelledNumber]:
    digits = "".join(part.digits for part in run)
    if len(digits) < minimum:
        return
    words = sum(part.spelled for part in run)
    if words >= _MIN_WORDS or (words and not run[-1].spelled and digits[0] == "0"):
        yield SpelledNumber(run[0].start, run[-1].end, digits)
