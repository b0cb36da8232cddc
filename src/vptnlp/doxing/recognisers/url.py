"""Web addresses.

Format: RFC 3986 with ``http`` or ``https``, ``www.`` hosts, and bare hosts under the top-level domains that Dutch
messages use. Trailing punctuation belongs to the sentence.
Accuracy: near certain with a scheme or ``www.``. A bare host may be a sentence end without a space ("klaar.nl").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_MARKED = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"'()\[\]]{3,2000}")
_TLD = r"\.(?:nl|be|com|org|net|eu|example|info|sr|nu|io|me|gl|be|frl|amsterdam|vlaanderen|gent|brussels)"
_HAS_TLD = re.compile(rf"{_TLD}\b")
_BARE = re.compile(
    rf"(?<![\w@./+-])[\w-]{{2,63}}(?:\.[\w-]{{1,63}}){{0,3}}{_TLD}(?![\w@-]|"
    rf"\.\w)(?:/[^\s<>\"'()\[\]]{{0,2000}})?"
)
_TRAILING = ".,;:!?*…"


class UrlRecogniser:
    """Finds web addresses."""

    kinds = frozenset({DetailKind.URL})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if "://" in folded or "www." in folded:
            for match in _MARKED.finditer(folded):
                yield _trimmed(match, 0.95)
        if "." in folded and _HAS_TLD.search(folded):
            for match in _BARE.finditer(folded):
                if not match.group().startswith("www.") and _is_host(passage[match.start() : match.end()]):
                    yield _trimmed(match, 0.7)


def _is_host(written: str) -> bool:
    """Whether a bare host is more than a number or two sentences without a space ("klaar.Nu")."""
    name, _, domain = written.split("/")[0].rpartition(".")
    return any(char.isalpha() for char in name) and (domain.islower() or written.isupper())


def _trimmed(match: re.Match[str], score: float) -> Detail:
    end = match.start() + len(match.group().rstrip(_TRAILING))
    return candidate(match.start(), end, DetailKind.URL, score)
