"""Postcodes.

Format: Dutch: four digits (not starting with 0), spaces, a dash or nothing, two letters other than SA, SD and SS (PostNL);
Belgian: four digits before a town, with ``B-``, ``BE-`` or none (bpost).
Accuracy: Dutch capitals are near certain unless the letters are a unit or a word ("2024 EN", "1500 KM"). Lower case and the
Belgian form depend on an address or a town beside them, which `vptnlp.doxing.corroboration` looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.announced import announcing
from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_DUTCH = re.compile(
    r"(?:(?<![\w€$.,/-])|(?<=\bnl-))[1-9][0-9]{3}(?P<gap> {0,2}|-)(?!s[ads](?!\w))(?P<letters>[a-z]{2})(?![\w-])"
)
_SPACED = re.compile(r"(?<![\w€$.,/-])(?<![0-9] )[1-9](?: [0-9]){3} {1,2}[A-Z] [A-Z](?![\w-])(?! \w\b)")
_BELGIAN = re.compile(r"(?<![\w€$.,/:-])(?:be?-?)?(?P<code>[1-9][0-9]{3})(?= [a-z])")
_WORDS = word_set("""
    en of om in is op te je de ik we ze zo er al na zu km kg cm mm ml kb mb gb mw kw eu m2 pk ex au cc hz tl jr
    gr dm st
""")
_OTHER_NUMBER = announcing("versie", "jaar", "jaren", "om")
_CONTEXT = re.compile(r"postcode|adres|\bpc\b|woon")


class PostcodeRecogniser:
    """Finds Dutch and Belgian postcodes."""

    kinds = frozenset({DetailKind.POSTCODE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count < 4:
            return
        folded = passage.folded
        for match in _DUTCH.finditer(folded):
            word = match.group("letters") in _WORDS
            if passage[match.start() : match.end()].isupper():
                score = 0.3 if (match.group("gap") and word) or match.group("gap") == "-" else 0.75
            else:
                score = 0.1 if word else 0.35
            before = passage.before(match.start(), 20)
            if _CONTEXT.search(before):
                score += 0.3
            elif _OTHER_NUMBER.search(before):
                score -= 0.4
            yield candidate(match.start(), match.end(), DetailKind.POSTCODE, score)
        for match in _SPACED.finditer(passage):
            yield candidate(match.start(), match.end(), DetailKind.POSTCODE, 0.6)
        for match in _BELGIAN.finditer(folded):
            score = 0.1 if match.group("code")[:2] in ("19", "20") else 0.25
            if passage[match.end() + 1].isupper():
                score += 0.05
            else:
                score -= 0.1
            if _OTHER_NUMBER.search(passage.before(match.start(), 20)):
                score -= 0.4
            yield candidate(match.start("code"), match.end("code"), DetailKind.POSTCODE, score)
