"""What neighbouring candidates say about each other.

A name followed by a date in brackets makes the date a date of birth; four digits between a street and a town are a postcode.
Each rule names two kinds, how far apart they may stand, and how much the one raises the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from vptnlp.doxing.base import THRESHOLD, Detail
from vptnlp.taxonomy import DetailKind as K


class Rule(NamedTuple):
    """A candidate of kind `raised` gains `amount` from one of kind `by` that stands beside it.

    Attributes:
        raised: The kind that gains.
        by: The kind that supports; its own score must reach `floor`.
        gap: What may stand between the two.
        amount: Added to the score.
        after: Whether `raised` comes after `by`.
        floor: The score that the supporting candidate needs.
    """

    raised: K
    by: K
    gap: re.Pattern[str]
    amount: float
    after: bool
    floor: float = THRESHOLD


_BLOCK = re.compile(r"[\s,;|/>(-]{1,5}(?:te |in |tel\.? )?")
_IN_TOWN = re.compile(r"[\s,;|/>(-]{1,5}(?:te |in )?(?:\w{4} ?\w{2}[ ,]{1,2})?")
_COMMA = re.compile(r"[ ,:(\n-]{1,4}")
_VEHICLE = re.compile(r"[ ,:(]{1,3}(?:\w{1,9}[ :,]{1,2}){0,3}")
_SIGNATURE = re.compile(r"[ ,:(\n]{1,4}(?:[\w&]{3,20}[,:]? ?){0,2}[ \n(]{0,2}")
_AT_WORK = re.compile(r"[ ,:(]{1,3}(?:die )?(?:\w+ )?(?:bij |in |op |van )?")
_BORN = re.compile(r"[ ,:(\n]{1,4}(?:geb\.? |\* ?)?")
_LISTED = re.compile(
    r"(?: \(|\)?[ ,;:/|\n]{1,4})(?:(?:bsn|rijbewijs|paspoort|pas|id)(?:[- ]?(?:nr|nummer)\.?)?:? )?", re.IGNORECASE
)

RULES: tuple[Rule, ...] = (
    Rule(K.POSTCODE, K.ADDRESS, _BLOCK, 0.35, after=True, floor=0.4),
    Rule(K.POSTCODE, K.PLACE, re.compile(r"[ ,]{1,3}"), 0.35, after=False, floor=0.1),
    Rule(K.ADDRESS, K.POSTCODE, _BLOCK, 0.45, after=False, floor=0.6),
    Rule(K.ADDRESS, K.PLACE, _IN_TOWN, 0.35, after=False, floor=0.2),
    Rule(K.ADDRESS, K.PERSON, re.compile(r"[ ,:(\n-]{1,4}(?:woont |heet )?"), 0.25, after=True, floor=0.5),
    Rule(K.PLACE, K.POSTCODE, _COMMA, 0.6, after=True, floor=0.5),
    Rule(K.PLACE, K.POSTCODE, re.compile(" "), 0.35, after=True, floor=0.3),
    Rule(K.PLACE, K.ADDRESS, _IN_TOWN, 0.4, after=True, floor=0.45),
    Rule(
        K.PLACE,
        K.PERSON,
        re.compile(r"(?:, ?| ?\(|\n| uit | in | te |, [\w -]{3,25} (?:te|uit|in) )"),
        0.35,
        after=True,
    ),
    Rule(K.PLACE, K.FAMILY, re.compile(r" (?:in|te|uit) "), 0.3, after=True),
    Rule(K.PLACE, K.AGE, re.compile(r",? (?:man |vrouw |jongen )?(?:uit |in )?"), 0.3, after=True),
    Rule(K.DATE_OF_BIRTH, K.PERSON, _BORN, 0.3, after=True),
    Rule(K.DATE_OF_BIRTH, K.FAMILY, re.compile(r"(?:, | \()"), 0.3, after=True),
    Rule(K.DATE_OF_BIRTH, K.BSN, _LISTED, 0.3, after=False),
    Rule(K.DATE_OF_BIRTH, K.BSN, _LISTED, 0.3, after=True),
    Rule(K.DATE_OF_BIRTH, K.ID_NUMBER, _LISTED, 0.25, after=True),
    Rule(K.AGE, K.PERSON, re.compile(r"(?:, ?| ?\(|, van )"), 0.3, after=True),
    Rule(K.AGE, K.FAMILY, re.compile(r"(?:, ?| ?\(| van | is )"), 0.3, after=True),
    Rule(K.LICENCE_PLATE, K.VEHICLE, _VEHICLE, 0.35, after=True, floor=0.4),
    Rule(K.LICENCE_PLATE, K.VEHICLE, _VEHICLE, 0.35, after=False, floor=0.4),
    Rule(K.VEHICLE, K.LICENCE_PLATE, _VEHICLE, 0.35, after=False, floor=0.4),
    Rule(K.VEHICLE, K.LICENCE_PLATE, _VEHICLE, 0.35, after=True, floor=0.45),
    Rule(K.WORKPLACE, K.PERSON, _AT_WORK, 0.2, after=True),
    Rule(K.WORKPLACE, K.FAMILY, _AT_WORK, 0.2, after=True),
    Rule(K.ID_NUMBER, K.PERSON, re.compile(r"(?:,? |,? ?\()(?:\w{3,20}[, ]{1,2})?"), 0.3, after=True),
    Rule(K.ID_NUMBER, K.DATE_OF_BIRTH, re.compile(r", "), 0.25, after=True),
    Rule(K.PERSON, K.PHONE, _SIGNATURE, 0.3, after=False, floor=0.7),
    Rule(K.PERSON, K.EMAIL, _SIGNATURE, 0.2, after=False, floor=0.7),
    Rule(K.PERSON, K.ADDRESS, _SIGNATURE, 0.3, after=False, floor=0.7),
)
_WIDEST_GAP = 40
_KINDS = frozenset(rule.raised for rule in RULES)


def corroborate(text: str, candidates: Sequence[Detail]) -> list[Detail]:
    """Raise the scores of candidates that their neighbours support.

    Args:
        text: The text that the candidates lie in.
        candidates: What the recognisers found.

    Returns:
        The candidates in order of their start, with new scores of at most 0.99. Support counts once a rule and is read
        from the scores before this step, except that places are settled after addresses.
    """
    ordered = sorted(candidates)
    if len(ordered) < 2:
        return ordered
    scores = [span.score for span in ordered]
    for index, span in enumerate(ordered):
        if span.kind in _KINDS:
            scores[index] += sum(
                rule.amount for rule in RULES if rule.raised == span.kind and _supported(text, ordered, index, rule)
            )
    return [replace(span, score=min(round(score, 2), 0.99)) for span, score in zip(ordered, scores, strict=True)]


def _supported(text: str, ordered: Sequence[Detail], index: int, rule: Rule) -> bool:
    span = ordered[index]
    step = -1 if rule.after else 1
    position = index + step
    while 0 <= position < len(ordered):
        other = ordered[position]
        left, right = (other, span) if rule.after else (span, other)
        if (rule.after and span.start - other.start > 120) or (not rule.after and other.start - span.end > _WIDEST_GAP):
            return False
        if (
            other.kind == rule.by
            and other.score >= rule.floor
            and 0 <= right.start - left.end <= _WIDEST_GAP
            and rule.gap.fullmatch(text, left.end, right.start)
        ):
            return True
        position += step
    return False
