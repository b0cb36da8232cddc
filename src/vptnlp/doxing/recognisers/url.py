"""Web addresses.

Format: RFC 3986 with ``http``, ``https`` or ``ftp``, defanged forms ("hxxps://naam[.]nl"), ``www.`` hosts (also spoken), and
bare hosts under the top-level domains that Dutch messages use, under other domains with a path. Trailing punctuation belongs
to the sentence.
Accuracy: near certain with a scheme or ``www.``. A bare host may be a sentence end without a space ("klaar.nl").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_MARKED = re.compile(r"(?<![\w@])(?:(?:https?|ftp)://|www\.)[^\s<>\"'()\[\]]{3,2000}")
_DEFANGED = re.compile(
    r"(?<![\w@])h(?:tt|xx)ps?(?:\[:\]|:)//(?:[^\s<>\"'()\[\]]|\[\.\]|\(\.\)|\[(?:dot|punt)\]){3,2000}"
)
_SPOKEN = re.compile(r"(?<!\w)www (?:punt|dot) [\w-]{1,63}(?: (?:punt|dot) [\w-]{1,63}){1,4}")
_WITH_PATH = re.compile(
    r"(?<![\w@./+-])[\w-]{1,63}(?:\.[\w-]{1,63})?\.(?:ly|gg|tv|app|co|uk|de|fr|lu|at|ch|me|page|site|link|shop)/[^\s<>\"'()\[\]]{1,2000}"
)
_TLD = r"\.(?:nl|be|com|org|net|eu|example|info|sr|nu|io|me|gl|be|frl|amsterdam|vlaanderen|gent|brussels)"
_HAS_TLD = re.compile(rf"{_TLD}\b")
_BARE = re.compile(
    rf"(?<![\w@./+-])[\w-]{{2,63}}(?:\.[\w-]{{1,63}}){{0,3}}{_TLD}(?![\w@-]|"
    rf"\.\w)(?:/[^\s<>\"'()\[\]]{{0,2000}})?"
)
# "nu" and "me" are words: "Stop.nu is het genoeg".
_TWO_SENTENCES = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+\.(?:nu|me)")
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
        if "xxp" in folded or "[" in folded:
            for match in _DEFANGED.finditer(folded):
                yield _trimmed(match, 0.97)
        if "www " in folded:
            for match in _SPOKEN.finditer(folded):
                yield _trimmed(match, 0.9)
        if "/" in folded:
            for match in _WITH_PATH.finditer(folded):
                if any(char.isalpha() for char in match.group().split(".")[0]):
                    yield _trimmed(match, 0.75)
        if "." in folded and _HAS_TLD.search(folded):
            for match in _BARE.finditer(folded):
                if not match.group().startswith("www.") and _is_host(passage[match.start() : match.end()]):
                    yield _trimmed(match, 0.4 if _TWO_SENTENCES.fullmatch(passage, match.start(), match.end()) else 0.7)


def _is_host(written: str) -> bool:
    """Whether a bare host is more than a number or two sentences without a space ("klaar.Nu")."""
    name, _, domain = written.split("/")[0].rpartition(".")
    return any(char.isalpha() for char in name) and (domain.islower() or written.isupper())


def _trimmed(match: re.Match[str], score: float) -> Detail:
    end = match.start() + len(match.group().rstrip(_TRAILING))
    return candidate(match.start(), end, DetailKind.URL, score)
