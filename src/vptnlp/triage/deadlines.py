"""How soon a named moment is: simple Dutch times to hours.

No date is given with a message, so every answer counts from the moment of reading and takes the message as fresh.
Weekdays may be a week away, dates and events ("1 mei", "voor de zitting") cannot be placed.
"""

from __future__ import annotations

import re

from vptnlp.text import normalise

_DAY = 24.0
_NUMBERS = {
    "een": 1.0, "één": 1.0, "twee": 2.0, "drie": 3.0, "vier": 4.0, "vijf": 5.0, "zes": 6.0, "zeven": 7.0, "acht": 8.0,
    "negen": 9.0, "tien": 10.0, "elf": 11.0, "twaalf": 12.0, "veertien": 14.0, "twintig": 20.0, "dertig": 30.0,
    "paar": 3.0, "halve": 0.5, "half": 0.5, "anderhalf": 1.5, "anderhalve": 1.5,
}  # fmt: skip
_UNITS = (
    ("minu", 1 / 60), ("kwartier", 0.25), ("uur", 1.0), ("uren", 1.0), ("dag", _DAY), ("etma", _DAY), ("week", 7 * _DAY),
    ("weken", 7 * _DAY), ("maand", 30 * _DAY), ("jaar", 365 * _DAY),
)  # fmt: skip

_LENGTH = re.compile(
    rf"\b(?P<number>\d{{1,4}}|{'|'.join(_NUMBERS)})\s*"
    r"(?P<unit>minu\w*|kwartier\w*|uur|uren|dag(?:en)?|etma\w*|weken|week|maand(?:en)?|jaar)\b"
)
_WITHIN = re.compile(r"\b(?:binnen|over|nog)\b")
# Nearest first: the first that matches decides.
_WORDS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"\b(?:nu|meteen|onmiddellijk|direct|dadelijk|straks|zo ?(?:meteen|direct|dadelijk))\b"), 1.0),
    (re.compile(r"\b(?:vandaag|van(?:morgen|ochtend|middag|avond|nacht)|middernacht)\b"), 12.0),
    (re.compile(r"\b(?:donker|licht) (?:is|wordt)\b"), 12.0),
    (re.compile(r"\bovermorgen\b"), 2 * _DAY),
    (re.compile(r"\bmorgen(?:ochtend|middag|avond|nacht|vroeg)?\b"), _DAY),
    (re.compile(r"\bvolgend\w* week|\bvolgend\w* weekend"), 14 * _DAY),
    (re.compile(r"\b(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|weekend\w*|(?:deze|komende|van de) week)\b"), 7 * _DAY),
    (re.compile(r"\b(?:deze|volgende|komende) maand\b"), 30 * _DAY),
    (re.compile(r"\bdit jaar|\bvolgend jaar"), 365 * _DAY),
)  # fmt: skip
_MONTH = re.compile(r"\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b")
_CLOCK = re.compile(r"\b\d{1,2}(?:[.:]\d{2}|\s*u(?:ur)?)\b|\b(?:om|half) \w+|\b\w+ uur\b")


def hours_until(phrase: str) -> float | None:
    """Hours until the latest moment that a phrase names.

    Args:
        phrase: A few words such as "morgen", "binnen een uur" or "vrijdag na sluiting".

    Returns:
        Hours from now, or None where the moment cannot be placed.
    """
    words = normalise(phrase).text.casefold()
    within = _WITHIN.search(words)
    length = _LENGTH.search(words)
    if length and within:
        return _hours(length)
    for pattern, hours in _WORDS:
        if pattern.search(words):
            return hours
    if length and _hours(length) > _DAY:
        return _hours(length)
    # A time of day alone is today's or tomorrow's; beside a month it belongs to that date.
    return _DAY if _CLOCK.search(words) and not _MONTH.search(words) else None


def _hours(length: re.Match[str]) -> float:
    number = length["number"]
    unit = next(hours for start, hours in _UNITS if length["unit"].startswith(start))
    return (float(number) if number.isdigit() else _NUMBERS[number]) * unit
