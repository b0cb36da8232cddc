"""Which language a text is in, offline."""

from __future__ import annotations

from functools import cache
from typing import Any

from vptnlp.messages import Language

UNKNOWN = Language("und", 0.0)

_CANDIDATES = ("nl", "af", "en", "de", "fr", "tr", "ar", "pl", "es", "it", "pt", "id", "ru", "uk", "ro", "so")
"""Languages told apart: Dutch, its neighbours, and those most written to Dutch public bodies."""

_MIN_LETTERS = 12
"""Under this many letters a guess would be a coin toss; published identifiers reach useful accuracy from about two words."""


def identify(text: str) -> Language:
    """Identify the language of a text.

    Args:
        text: Any text; only its first 2,000 characters are read.

    Returns:
        The most likely language with its probability, or `UNKNOWN` for a text with too few letters. Afrikaans is
        reported as Dutch: short sloppy Dutch looks like it, and it is hardly ever received.
    """
    head = text[:2000]
    if sum(c.isalpha() for c in head) < _MIN_LETTERS:
        return UNKNOWN
    code, score = _identifier().classify(head)
    return Language("nl" if code == "af" else str(code), float(score))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_CANDIDATES))
    return identifier
