"""Bank account numbers (IBAN).

Format: ISO 13616, checked by `python-stdnum` (length and structure a country, checksum modulo 97); spaces, dots, dashes
and underscores between groups are allowed, case is free; letters for digits ("0OO8") are read.
Accuracy: near certain with a right checksum. With a wrong one a number of Dutch or Belgian shape still counts, lower:
people mistype, and invented accounts are common in threats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.spelled import read_look_alikes
from vptnlp.taxonomy import DetailKind

_START = re.compile(r"(?<![\w-])[a-z] ?[a-z] ?[0-9] ?[0-9](?=[ ._-]?[0-9a-z])")
_LENGTHS = {
    "nl": 18, "be": 16, "de": 22, "fr": 27, "lu": 20, "gb": 22, "es": 24, "it": 27, "pl": 28, "tr": 26, "pt": 25, "at": 20,
    "ch": 21, "ie": 22, "ro": 24, "bg": 22, "lt": 20, "ee": 20, "lv": 21, "cz": 24, "hu": 28, "gr": 27, "dk": 18, "se": 24,
    "no": 15, "fi": 18, "ma": 28, "ae": 23, "mt": 31, "cy": 28, "sk": 24, "hr": 21,
}  # fmt: skip
_SHAPES = {"nl": re.compile(r"nl[0-9]{2}[a-z]{4}[0-9]{10}"), "be": re.compile(r"be[0-9]{14}")}


class IbanRecogniser:
    """Finds IBANs."""

    kinds = frozenset({DetailKind.IBAN})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count < 8:
            return
        folded = read_look_alikes(passage.folded)
        for match in _START.finditer(folded):
            country = match.group().replace(" ", "")[:2]
            if country not in _LENGTHS:
                continue
            compact, end = _collect(folded, match.start(), _LENGTHS[country])
            if len(compact) < _LENGTHS[country]:
                continue
            if iban.is_valid(compact):
                yield candidate(match.start(), end, DetailKind.IBAN, 0.99)
            elif country in _SHAPES and _SHAPES[country].fullmatch(compact):
                yield candidate(match.start(), end, DetailKind.IBAN, 0.85)


def _collect(text: str, start: int, length: int) -> tuple[str, int]:
    """The next `length` letters and digits, over single separators, and where they end; shorter if they stop early."""
    found: list[str] = []
    position = start
    while position < len(text) and len(found) < length:
        char = text[position]
        if char.isascii() and char.isalnum():
            found.append(char)
        elif char not in " ._-" or not (position + 1 < len(text) and text[position + 1].isalnum()):
            break
        position += 1
    if position < len(text) and text[position].isalnum():
        return "", position
    return "".join(found), position
