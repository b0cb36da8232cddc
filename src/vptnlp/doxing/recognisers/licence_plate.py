"""Licence plates of vehicles.

Format: Dutch sidecodes 1 to 14 (RDW) and the Belgian series 1-ABC-123, ABC-123 and 123-ABC (DIV), with dashes, spaces or
nothing between the groups, in any case; German plates after a word such as "kenteken". A beginning of a plate counts after
"kenteken begint met".
Accuracy: capitals with dashes are near certain, and so are consonants and digits in three groups, written together or in capitals
("58krd5", "KX 37 JZ"). Other shapes without dashes, or in lower case, are common ("3 man 12"), so words about a vehicle must
be near. Four digits and two letters without dashes are read as a postcode; digits of leetspeak are no evidence ("vr13nd").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.announced import announcing
from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_DUTCH_SHAPES = (
    "LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D", "D-LLL-DD", "LL-DDD-L", "L-DDD-LL",
    "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D",
)  # fmt: skip
_BELGIAN_SHAPES = ("D-LLL-DDD", "LLL-DDD", "DDD-LLL", "L-DDD-LLL")


def _pattern(shapes: tuple[str, ...], separator: str) -> str:
    groups = ("|".join(shapes)).replace("L", "[a-z]").replace("D", "[0-9]")
    return groups.replace("]-[", f"]{separator}[")


_DASHED = re.compile(rf"(?<![\w/-])(?:{_pattern(_DUTCH_SHAPES + _BELGIAN_SHAPES, '-')})(?!\w|-\w)")
_LOOSE = re.compile(rf"(?<![\w/.-])(?:{_pattern(_DUTCH_SHAPES + _BELGIAN_SHAPES[:1], '[ .-]?')})(?!\w|-\w)")
_POSTCODE = re.compile(r"[0-9]{4} ?[a-z]{2}")
_GERMAN = re.compile(
    r"(?:kenteken|nummerplaat|plaat|"
    r"duits\w*)\W{1,3}(?P<plate>[a-z]{1,3}[ -][a-z]{1,2} ?[0-9]{1,4})(?!\w)"
)
_PARTIAL = re.compile(
    r"(?:kenteken|nummerplaat|plaat)\w* (?:\w+ ){0,2}(?:begint|begon|eindigt|eindigde) (?:met|"
    r"op) (?P<plate>[a-z0-9][a-z0-9-]{1,6})(?!\w)"
)
_CONTEXT = re.compile(
    r"kenteken|nummerplaa?t|\bnr\.? ?plaa?t|\bplaa?t|\bauto|wagen|\bbus\b|busje|bestel(?:bus|auto)|scooter|"
    r"brommer|motor|camper|taxi|rijdt|\brij\b|"
    r"geparkeerd|parke(?:er|re)|\bbon op\b|voertuig|oprit|caddy|golf|polo|audi|bmw|mercedes|volvo|"
    r"opel|ford|fiat|renault|peugeot|"
    r"citro[eë]n|toyota|kia|seat|skoda|volkswagen|\bvw\b|tesla|hyundai|mazda|nissan|suzuki|touran|"
    r"passat|sprinter|transporter"
)
_OTHER_NUMBER = announcing()
# "G B 1 2 3 X", read out letter by letter
_SPACED = re.compile(r"(?:kenteken|nummerplaat|plaat)\W{1,3}(?P<plate>(?:[a-z0-9] ){5}[a-z0-9])(?!\w)")
_VOWELS = re.compile(r"[aeiou]")
_STANDS_OUT = re.compile(
    r"[a-z]{2}[0-9]{3}[a-z]|[a-z][0-9]{3}[a-z]{2}|[0-9]{2}[a-z]{3}[0-9]|[0-9][a-z]{3}[0-9]{2}|[a-z]{2} ?[0-9]{2} ?[a-z]{2}"
)
_LEETSPEAK = re.compile(r"[a-z]{2}[013457]{2}[a-z]{2}")


class LicencePlateRecogniser:
    """Finds Dutch and Belgian licence plates."""

    kinds = frozenset({DetailKind.LICENCE_PLATE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if not passage.digit_count:
            return
        folded = passage.folded
        found: set[int] = set()
        if "-" in folded:
            for match in _DASHED.finditer(folded):
                found.add(match.start())
                score = 0.85 if passage[match.start() : match.end()].isupper() else 0.45
                yield _scored(passage, match.start(), match.end(), score)
        for match in _LOOSE.finditer(folded):
            plate = match.group()
            if match.start() in found or _POSTCODE.fullmatch(plate):
                continue
            compact = plate.isalnum()
            score = (
                (0.4 if compact else 0.2)
                if passage[match.start() : match.end()].isupper()
                else (0.25 if compact else 0.1)
            )
            yield _scored(passage, match.start(), match.end(), score)
        if "kenteken" in folded or "plaat" in folded:
            for pattern in (_GERMAN, _PARTIAL, _SPACED):
                for match in pattern.finditer(folded):
                    yield candidate(match.start("plate"), match.end("plate"), DetailKind.LICENCE_PLATE, 0.7)


def _scored(passage: Passage, start: int, end: int, score: float) -> Detail:
    if _CONTEXT.search(passage.before(start, 45)) or _CONTEXT.search(passage.after(end, 25)):
        score += 0.35
    elif _OTHER_NUMBER.search(passage.before(start, 30)):
        score -= 0.5
    if not _VOWELS.search(passage.folded, start, end):
        score += 0.1 + 0.25 * _stands_out(passage, start, end)
    return candidate(start, end, DetailKind.LICENCE_PLATE, score)


def _stands_out(passage: Passage, start: int, end: int) -> bool:
    plate = passage.folded[start:end]
    if not plate.isalnum() and not passage[start:end].isupper():
        return False
    return _STANDS_OUT.fullmatch(plate) is not None and not _LEETSPEAK.fullmatch(plate)
