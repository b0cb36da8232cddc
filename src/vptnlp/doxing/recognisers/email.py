"""E-mail addresses.

Format: the common subset of RFC 5321 (``local@domain.tld``), and spellings meant to dodge filters or heard over the
phone: ``jan [at] post [punt] nl``, ``jan punt jansen apenstaartje post punt nl``, ``j a n @ p o s t . n l``.
Accuracy: near certain with an at sign. Quoted local parts and addresses without a dot in the domain are not found; a
spoken local part is taken to be the last word, or words joined by "punt" and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_PLAIN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_COMMA = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63},(?:nl|be|com|org|net|eu)(?![\w-])")
_DOT = r"(?: ?(?:\[(?:punt|dot|\.)\]|\((?:punt|dot|\.)\)|\{(?:punt|dot|\.)\}|\*(?:punt|dot)\*) ?| (?:punt|dot) | ?\.)"
_JOIN = rf"(?:{_DOT}| (?:streepje|underscore|laag streepje|min) )"
_SIGN = r"(?:at|apenstaart(?:je)?|@)"
_AT = rf"(?: ?(?:\[{_SIGN}\]|\({_SIGN}\)|\{{{_SIGN}\}}|\*{_SIGN}\*) ?| (?:at|apen?staart(?:je)?|aapje) | ?@ ?)"
_TLD = r"(?:nl|be|com|org|net|eu|example|info|sr|de|fr|nu|me|io)"
_SPOKEN = re.compile(
    rf"(?<![\w.+-])[\w+-]{{1,64}}(?:{_JOIN}[\w+-]{{1,64}}){{0,4}}{_AT}[\w-]{{1,63}}(?:{_JOIN}[\w-]{{1,63}}){{0,3}}{_DOT}{_TLD}\b(?!\.\w)"
)
_SPACED = re.compile(r"(?<!\S)(?:[\w.+-] ){2,40}@(?: [\w-]){2,40} \.(?: [a-z]){2,7}(?![^\W_])")
_WORD_AND_HANDLE = re.compile(r"[\w.+-]+ @[\w.-]+")  # "account @stille.dijk.nl"
_SPOKEN_SIGNS = (
    "[at]", "(at)", "{at}", " at ", "*at*", "apenst", "apest", "aapje", "[@]", "(@)", "{@}", "@ ", " @", " punt ", " dot ", " .",
)  # fmt: skip


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
            for match in _COMMA.finditer(folded):
                yield candidate(match.start(), match.end(), DetailKind.EMAIL, 0.8)
            for match in _SPACED.finditer(folded):
                yield candidate(match.start(), match.end(), DetailKind.EMAIL, 0.9)
        if any(sign in folded for sign in _SPOKEN_SIGNS):
            for match in _SPOKEN.finditer(folded):
                if not _PLAIN.fullmatch(match.group()):
                    score = 0.8 if _WORD_AND_HANDLE.fullmatch(match.group()) else 0.9
                    yield candidate(match.start(), match.end(), DetailKind.EMAIL, score)
