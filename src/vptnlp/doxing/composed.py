"""The text that all rules read: letters composed, white space plain, with a map back to the text as received.

Outlook and HTML put no-break spaces between words, some systems send letters and their marks apart (Unicode NFD), and mail
ends lines with a carriage return. Rules that each remembered all of this would each forget some of it.
"""

from __future__ import annotations

import re
import unicodedata

from vptnlp.text import NormalisedText

_SPACES = str.maketrans(
    dict.fromkeys(
        "\t\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
)
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]+")


def compose(text: str) -> NormalisedText:
    """Compose letters with their marks (NFC) and make every space and tab a plain space.

    Args:
        text: Text as received.

    Returns:
        The text to read, with the way back; it has a code point for each letter.
    """
    spaced = text.translate(_SPACES)
    if spaced.isascii():
        return NormalisedText(spaced, text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for match in _CLUSTER.finditer(spaced):
        letter = unicodedata.normalize("NFC", match.group())
        if len(letter) == len(match.group()):
            continue
        start, end = match.span()
        pieces += (spaced[position:start], letter)
        starts += [*range(position, start), *[start] * len(letter)]
        ends += [*range(position + 1, start + 1), *[end] * len(letter)]
        position = end
    if not position:
        return NormalisedText(spaced, text)
    pieces.append(spaced[position:])
    starts += range(position, len(spaced))
    ends += range(position + 1, len(spaced) + 1)
    return NormalisedText("".join(pieces), text, tuple(starts), tuple(ends))
