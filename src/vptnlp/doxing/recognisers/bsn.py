"""Citizen service numbers: the Dutch BSN and the Belgian rijksregisternummer.

Format: BSN: nine digits with the 11-test (Wet algemene bepalingen burgerservicenummer); rijksregisternummer: eleven digits,
date of birth first, modulo 97 (KB 3 April 1984), or a bis number with 20 or 40 added to the month. All checked by
`python-stdnum`; separators are free. Also digits written out or with letters for digits after "BSN".
Accuracy: one in eleven random nine-digit numbers passes the 11-test, so a bare number scores just over the threshold and
one that is announced as an order, case or telephone number under it. After the word "BSN" a wrong check digit is forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.be import bis, nn
from stdnum.nl import bsn

from vptnlp.doxing.announced import announcing
from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.spelled import read_look_alikes, spelled_numbers
from vptnlp.taxonomy import DetailKind

_DUTCH = re.compile(r"(?<![\w,/+])(?<![0-9][.-])[0-9](?:[ ._-]?[0-9]){7,8}(?![\w]|[ .,/-]?[0-9])")
_BELGIAN = re.compile(
    r"(?<![\w,/+])(?<![0-9][.-])[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ .-]{0,3}[0-9]{3}[ .-]?[0-9]{2}(?![\w]|"
    r"[.,-]?[0-9])"
)
# Nothing else is written so; like the BSN it counts with a wrong check digit too.
_BELGIAN_SHAPE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}")
_NAMED = re.compile(
    r"(?:bsn|burgerservice ?(?:nummer|nr)?|burger service nummer|sofi ?-?(?:nummer|nr)?|"
    r"sofi)\W{0,4}(?:(?:nummer|nr|is|van|mijn|haar|zijn|luidt|mijne)\W{1,3}){0,3}$"
)
_NAMED_BELGIAN = re.compile(
    r"(?:rijksregister\w*|bis-?nummer|rrn?|insz|nationaal nummer|nn)\W{0,4}(?:(?:nummer|nr|is|van|mijn|"
    r"luidt)\W{1,3}){0,2}$"
)
_OTHER_NUMBER = announcing("tel", "bel", "aangifte", "melding", "rekening")


class BsnRecogniser:
    """Finds Dutch and Belgian citizen numbers."""

    kinds = frozenset({DetailKind.BSN})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        named = "bsn" in passage.vocabulary or "burgerservicenummer" in passage.vocabulary
        if passage.digit_count >= 8:
            yield from _dutch(passage, passage.folded)
        if named and (read := read_look_alikes(passage.folded)) != passage.folded:
            yield from _dutch(passage, read)
        if passage.digit_count >= 11:
            yield from _belgian(passage)
        if named:
            for run in spelled_numbers(passage, minimum=8):
                if len(run.digits) in (8, 9) and _NAMED.search(passage.before(run.start, 40)):
                    yield candidate(
                        run.start, run.end, DetailKind.BSN, 0.8 if bsn.is_valid(run.digits.zfill(9)) else 0.6
                    )


def _dutch(passage: Passage, folded: str) -> Iterator[Detail]:
    """Numbers in `folded`, which may be the passage with letters read as digits."""
    for match in _DUTCH.finditer(folded):
        digits = re.sub(r"[^0-9]", "", match.group())
        before = passage.before(match.start(), 45)
        valid = bsn.is_valid(digits.zfill(9))
        if _NAMED.search(before):
            score = 0.98 if valid else 0.6
        elif not valid or len(digits) < 9:
            continue
        else:
            score = 0.3 if _OTHER_NUMBER.search(before) else 0.55
        yield candidate(match.start(), match.end(), DetailKind.BSN, score)


def _belgian(passage: Passage) -> Iterator[Detail]:
    for match in _BELGIAN.finditer(passage.folded):
        named = bool(_NAMED_BELGIAN.search(passage.before(match.start(), 45)))
        if nn.is_valid(match.group()) or bis.is_valid(match.group()):
            yield candidate(match.start(), match.end(), DetailKind.BSN, 0.98 if named else 0.8)
        elif named or _BELGIAN_SHAPE.fullmatch(match.group()):
            yield candidate(match.start(), match.end(), DetailKind.BSN, 0.6)
