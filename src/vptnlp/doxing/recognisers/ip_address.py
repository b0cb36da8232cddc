"""IP addresses, versions 4 and 6.

Format: dotted quad, and RFC 4291 text form, both checked by the standard library `ipaddress`; quads with hidden dots
("203[.]0[.]113[.]9", "203 punt 0 punt 113 punt 9").
Accuracy: near certain for IPv6. A dotted quad may be a version number ("versie 10.2.0.1"), which costs it most of its score.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_V4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_V6 = re.compile(r"(?<![\w:])(?=[0-9a-f:]{4,39}(?![\w:]))[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w])")
_V6_WITH_V4 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,6}[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_BRACKETED_DOT = r" ?(?:\[\.\]|\(\.\)|\[(?:punt|dot)\]|\((?:punt|dot)\)) ?"
_BRACKETED = re.compile(rf"(?<![\w.])[0-9]{{1,3}}(?:{_BRACKETED_DOT}[0-9]{{1,3}}){{3}}(?!\w)")
_SPOKEN = re.compile(r"(?<![\w.])[0-9]{1,3}(?: (?:punt|dot|\.) [0-9]{1,3}){3}(?!\w)")
_ADDRESS = re.compile(r"\bip\b[^.!?\n]{0,25}$")
_HIDDEN_DOT = re.compile(_BRACKETED_DOT + r"| (?:punt|dot|\.) ")
_VERSION = re.compile(r"(?:versie|version|firmware|build|v\.?)\s*$")


class IpAddressRecogniser:
    """Finds IP addresses."""

    kinds = frozenset({DetailKind.IP_ADDRESS})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count < 4:
            return
        folded = passage.folded
        for match in _V4.finditer(folded):
            if _valid(match.group()):
                score = 0.2 if _VERSION.search(passage.before(match.start(), 12)) else 0.95
                yield candidate(match.start(), match.end(), DetailKind.IP_ADDRESS, score)
        for pattern, base, signs in ((_BRACKETED, 0.7, ("[", "(")), (_SPOKEN, 0.3, (" punt ", " dot ", " . "))):
            if not any(sign in folded for sign in signs):
                continue
            for match in pattern.finditer(folded):
                if _valid(_HIDDEN_DOT.sub(".", match.group())):
                    score = base + 0.25 * bool(_ADDRESS.search(passage.before(match.start(), 30)))
                    yield candidate(match.start(), match.end(), DetailKind.IP_ADDRESS, score)
        if "::" in folded:
            for match in _V6_WITH_V4.finditer(folded):
                if _valid(match.group()):
                    yield candidate(match.start(), match.end(), DetailKind.IP_ADDRESS, 0.95)
        if "::" in folded or folded.count(":") >= 7:
            for match in _V6.finditer(folded):
                if _valid(match.group()) and any(char.isdigit() for char in match.group()):
                    yield candidate(match.start(), match.end(), DetailKind.IP_ADDRESS, 0.95)


def _valid(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True
