"""Numbered placeholders such as ``[ADRES-1]``: which value gets which.

The same value gets the same placeholder for as long as a `Placeholders` lives, however it is written: case, spacing,
separators and Unicode form make no difference. A placeholder is never given to two values, and a placeholder that a text
brings along is numbered anew like any value, so that it cannot pass for one of ours.
"""

from __future__ import annotations

import re

from vptnlp.doxing.repeats import COMPACT, LITERAL, Repeats, national, plain
from vptnlp.taxonomy import DetailKind
from vptnlp.taxonomy import DetailKind as K

NAMES: dict[K, str] = {
    K.PERSON: "NAAM",
    K.ADDRESS: "ADRES",
    K.POSTCODE: "POSTCODE",
    K.PLACE: "PLAATS",
    K.PHONE: "TELEFOON",
    K.EMAIL: "EMAIL",
    K.HANDLE: "ACCOUNT",
    K.URL: "WEBADRES",
    K.BSN: "BSN",
    K.IBAN: "REKENING",
    K.ID_NUMBER: "IDNUMMER",
    K.LICENCE_PLATE: "KENTEKEN",
    K.VEHICLE: "VOERTUIG",
    K.DATE_OF_BIRTH: "GEBOORTEDATUM",
    K.AGE: "LEEFTIJD",
    K.WORKPLACE: "WERKPLEK",
    K.INSTITUTION: "INSTELLING",
    K.FAMILY: "NAASTE",
    K.ROUTINE: "GEWOONTE",
    K.APPEARANCE: "UITERLIJK",
    K.COORDINATES: "LOCATIE",
    K.IP_ADDRESS: "IPADRES",
}
"""The word of each kind: Dutch, in ASCII capitals, so that no later step of a text pipeline changes it."""

KINDS: dict[str, K] = {name: kind for kind, name in NAMES.items()}
"""The kind of each word."""

PATTERN = re.compile(rf"\[({'|'.join(NAMES.values())})-[1-9][0-9]*\]")
"""A placeholder; group 1 is the word."""

_SEPARATORS = re.compile(r"[^\w]+|_+")
_SPACES = re.compile(r"\s+")
_COUNTRY = re.compile(r"^\s*(?:\+|00)\s*31[\s.-]*(?:\(0\)|0)?")


def fold(kind: DetailKind, value: str) -> str:
    """What two spellings of one value have in common.

    Args:
        kind: The kind of detail; it decides which separators carry meaning.
        value: The value as written.

    Returns:
        A key in lower case, never empty. Two values with one key get one placeholder.
    """
    if PATTERN.fullmatch(value):
        return value
    text = plain(value)
    if kind is K.PHONE:
        text = _COUNTRY.sub("0", text)
    if kind in LITERAL:
        folded = _SPACES.sub("", text).removeprefix("@")
    elif kind in COMPACT:
        folded = _SEPARATORS.sub("", text)
        folded = national(folded) if kind is K.PHONE else folded
    else:
        folded = _SEPARATORS.sub(" ", text).strip()
    return folded or text or value


class Placeholders:
    """Which value has which placeholder: what must be kept to treat many texts alike.

    Memory grows with the number of different values, not with the number of texts. It holds personal details: treat it as
    you treat the messages, and let go of it when the file is done.

    Attributes:
        seen: The values that were replaced so far, to be replaced in later texts too.
    """

    def __init__(self) -> None:
        self.seen = Repeats()
        self._given: dict[tuple[K, str], str] = {}
        self._last: dict[K, int] = {}

    def __len__(self) -> int:
        """How many placeholders were given out."""
        return len(self._given)

    def of(self, kind: DetailKind, value: str) -> str:
        """The placeholder of a value: the one it has, else the next free number of its kind."""
        key = kind, fold(kind, value)
        known = self._given.get(key)
        if known is None:
            number = self._last.get(kind, 0) + 1
            self._last[kind] = number
            known = self._given[key] = f"[{NAMES[kind]}-{number}]"
        return known
