"""Digits that are written out: "nul zes twaalf vierendertig", as in voicemail transcripts and to dodge filters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from vptnlp.doxing.base import Passage

_UNITS = ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_FILLERS = frozenset({"eh", "ehm", "uh", "en", "dan", "streepje", "punt", "spatie"})
_MAX_GAP = 3
_MIN_WORDS = 2


class SpelledNumber(NamedTuple):
    """A run of number words: its code points and the digits they stand for."""

    start: int
    end: int
    digits: str


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
        Runs in order, each of at least two number words.
    """
    values = number_words()
    if passage.vocabulary.isdisjoint(values):
        return
    run: list[tuple[int, int, str, bool]] = []
    last_end = 0
    for word in passage.words:
        spelled = word.lower in values
        digits = str(values[word.lower]) if spelled else word.lower
        part_of_run = spelled or (digits.isascii() and digits.isdigit())
        if run and word.start - last_end > _MAX_GAP:
            yield from _finished(run, minimum)
            run = []
        if part_of_run:
            run.append((word.start, word.end, digits, spelled))
        elif not (run and word.lower in _FILLERS):
            yield from _finished(run, minimum)
            run = []
        last_end = word.end
    yield from _finished(run, minimum)


def _finished(run: list[tuple[int, int, str, bool]], minimum: int) -> Iterator[SpelledNumber]:
    digits = "".join(piece for _, _, piece, _ in run)
    if len(digits) >= minimum and sum(spelled for *_, spelled in run) >= _MIN_WORDS:
        yield SpelledNumber(run[0][0], run[-1][1], digits)
