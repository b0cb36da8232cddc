"""IP addresses, versions 4 and 6.

Format: dotted quad, and RFC 4291 text form, both checked by the standard library `ipaddress`.
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
