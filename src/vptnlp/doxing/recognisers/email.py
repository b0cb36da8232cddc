"""E-mail addresses.

Format: the common subset of RFC 5321 (``local@domain.tld``), and spellings meant to dodge filters or heard over the
phone: ``jan [at] post [punt] nl``, ``jan punt jansen apenstaartje post punt nl``.
Accuracy: near certain with an at sign. Quoted local parts and addresses without a dot in the domain are not found; a
spoken local part is taken to be the last word, or words joined by "punt" and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_PLAIN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DOT = r"(?: ?(?:\[(?:punt|dot|\.)\]|\((?:punt|dot|\.)\)) ?| (?:punt|dot) |\.)"
_JOIN = rf"(?:{_DOT}| (?:streepje|underscore|laag streepje|min) )"
_AT = r"(?: ?(?:\[(?:at|apenstaartje|@)\]|\((?:at|apenstaartje|@)\)) ?| (?:at|apen?staart(?:je)?) | @ ?|@ )"
_TLD = r"(?:nl|be|com|org|net|eu|example|info|sr|de|fr|nu|me|io)"
_SPOKEN = re.compile(
    rf"(?<![\w.+-])[\w+-]{{1,64}}(?:{_JOIN}[\w+-]{{1,64}}){{0,4}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,2}}{_DOT}{_TLD}\b"
)
_SPOKEN_SIGNS = ("[at]", "(at)", " at ", "apenst", "apest", "[@]", "(@)", "@ ", " @")


class EmailRecogniser:
    """Finds e-mail addresses, plain and spelled out."""

    kinds = frozenset({DetailKind.EMAIL})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if "@" in folded:
            for match in _PLAIN.finditer(folded):
                end = match.start() + len(match.group().rstrip(".-"))
                yield candidate(match.start(), end, DetailKind.EMAIL, 0.98)
        if any(sign in folded for sign in _SPOKEN_SIGNS):
            for match in _SPOKEN.finditer(folded):
                yield candidate(match.start(), match.end(), DetailKind.EMAIL, 0.85)
