"""Telephone numbers.

Format: Dutch and Belgian national numbers (ACM numbering plan, BIPT numbering plan) and any international number with
``+`` or ``00``, checked by `phonenumbers` (Google's libphonenumber); separators are free. Also digits written out, and
letters for digits ("O6-288l").
Accuracy: a valid number with ten digits is near certain unless it is announced as an order or case number. Short service
numbers (112, 14 020, 0900-8844 without more) are left out: they are nobody's personal detail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.announced import announcing
from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.spelled import mixes_words_and_digits, read_look_alikes, spelled_numbers
from vptnlp.taxonomy import DetailKind

_SEPARATOR = r"[ ()./·–_*-]{0,3}"
_CANDIDATE = re.compile(rf"(?<![\w@+])(?<![0-9][.,/-])(?:\+{_SEPARATOR}[1-9]|\(?0)(?:{_SEPARATOR}[0-9]){{8,14}}")
_CONTEXT = re.compile(
    r"(?<!\w)(?:tel|telefoon\w*|telnr|tst|bel|bellen|belt|terugbellen|nummer|nr|mobiel|mob|gsm|"
    r"app|appen|apppen|whatsapp|sms|signal|"
    r"bereikbaar|bereiken|privénummer|prive ?nummer|doorkiesnummer|06|contact|fax|m|t)\W{0,4}(?:\w{1,12} ){0,2}\W{0,3}$"
)
# The nought stands before the colon or is not spoken.
_SHORT = re.compile(r"(?<![\w-])06(?:-?nummer)?(?: is)?[ :]{1,3}(?P<number>6(?:[ -]?[0-9]){8})(?![\w-])")
_OTHER_NUMBER = announcing("bsn", "rekening", "paspoort", "rijbewijs", "big")
# Prefix to the numbers of digits that occur with it, the longest first.
_LENGTHS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("+310", (12,)),
    ("+31", (11,)),
    ("+320", (12, 11)),
    ("+32", (11, 10)),
    ("+597", (10, 9)),
    ("+", (14, 13, 12, 11, 10, 9)),
    ("00310", (14,)),
    ("0031", (13,)),
    ("00320", (14, 13)),
    ("0032", (13, 12)),
    ("00597", (12, 11)),
    ("000", ()),
    ("00", (15, 14, 13, 12, 11)),
    ("0", (10, 9)),
)
_REGIONS = ("NL", "BE")


class PhoneRecogniser:
    """Finds telephone numbers, in digits or written out."""

    kinds = frozenset({DetailKind.PHONE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if passage.digit_count >= 9:
            for start, end in _in_digits(folded):
                yield candidate(start, end, DetailKind.PHONE, _score(passage, start))
            for match in _SHORT.finditer(folded):
                yield candidate(match.start("number"), match.end("number"), DetailKind.PHONE, 0.8)
        if passage.digit_count >= 4 and (read := read_look_alikes(folded)) != folded:
            for start, end in _in_digits(read):
                if read[start:end] != folded[start:end]:
                    yield candidate(start, end, DetailKind.PHONE, _score(passage, start) - 0.1)
        if (
            "nul" in folded
            or "zes" in passage.vocabulary
            or "plus" in passage.vocabulary
            or mixes_words_and_digits(folded)
        ):
            for run in spelled_numbers(passage, minimum=9):
                if run.digits.startswith("0") and _is_valid(run.digits):
                    yield candidate(run.start, run.end, DetailKind.PHONE, 0.85)
                elif run.digits.startswith("6") and len(run.digits) == 9:
                    score = 0.6 if _CONTEXT.search(passage.before(run.start, 40)) else 0.4
                    yield candidate(run.start, run.end, DetailKind.PHONE, score)


def _in_digits(text: str) -> Iterator[tuple[int, int]]:
    """Where valid numbers start and end in folded text."""
    position = 0
    while match := _CANDIDATE.search(text, position):
        end = _valid_end(text, match.start(), match.end())
        position = max(end, match.start() + 1) if end else match.end()
        if end:
            opened = text[match.start()] == "(" and ")" not in text[match.start() : end]
            yield match.start() + opened, end


def _score(passage: Passage, start: int) -> float:
    before = passage.before(start, 40)
    if _OTHER_NUMBER.search(before):
        return 0.3
    return 0.97 if _CONTEXT.search(before) else 0.8


def _valid_end(text: str, start: int, end: int) -> int:
    """Where a valid number from `start` ends, or 0. Only lengths that occur are tried, the longest first."""
    digits = re.sub(r"[^0-9+]", "", text[start:end])
    lengths = next((lengths for prefix, lengths in _LENGTHS if digits.startswith(prefix)), ())
    for length in lengths:
        stop = _end_of_digits(text, start, end, length)
        if (
            stop
            and not (stop < len(text) and (text[stop].isdigit() or text[stop] == "@"))
            and _is_valid(text[start:stop].replace("_", " ").replace("*", " "))
        ):
            return stop
    return 0


def _end_of_digits(text: str, start: int, end: int, count: int) -> int:
    """Where the digit number `count` from `start` ends, or 0 where there are fewer."""
    for position in range(start, end):
        count -= text[position].isdigit()
        if not count:
            return position + 1
    return 0


def _is_valid(number: str) -> bool:
    import phonenumbers  # its metadata take long to load, and most messages have no number

    for region in _REGIONS:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
        if number.startswith(("+", "00")):
            return False
    return False
