"""Exposure: the doxing label and the details made to agree.

A classifier judges the whole message, the recognisers its parts; each sees what the other misses. The taxonomy ties them:
an `exposure` needs a usable detail of the target or a relative, and one that a hostile sender gives away is an exposure. Three
rules make them agree, each chosen because it brought the labels of the development split of VPT-NL nearer to gold:

1. `exposure` without any usable detail of target or relative becomes `hint`.
2. `hint` with a usable detail becomes `exposure`; a routine does not count here: whether it is usable depends on how exact it is.
3. `none` in a message that is hostile anyway becomes `exposure` where an address or number that leads to one person is given.

What was tried and made no difference, or harm, is left alone: `call` without details (a call to find them has none), and `none`
in a message that is not hostile (harmless mail is full of contact data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vptnlp.doxing.base import Detail
from vptnlp.messages import Labels, Notice
from vptnlp.taxonomy import USABLE_KINDS, DetailKind, Doxing, Subject
from vptnlp.taxonomy import DetailKind as K

PRIVATE_SUBJECTS: frozenset[Subject] = frozenset({Subject.TARGET, Subject.RELATIVE})
"""Whose details doxing is about."""

LEADING_KINDS: frozenset[DetailKind] = frozenset(
    {K.ADDRESS, K.POSTCODE, K.COORDINATES, K.PHONE, K.BSN, K.ID_NUMBER, K.DATE_OF_BIRTH, K.LICENCE_PLATE}
)
"""Kinds that lead to one private person by themselves. In the training split of VPT-NL, of the messages that are hostile
whatever they expose, 94 to 100% of those with such a detail of target or relative are an exposure or a call. Other usable kinds
may as well be the office's or the sender's own (e-mail, account, IBAN) or are found wrongly too often (place, institution): too
little to overrule a classifier that sees no doxing."""

_RAISES_HINT = USABLE_KINDS - {K.ROUTINE}

NO_USABLE_DETAIL = Notice(
    "no_usable_detail",
    "Het bericht lijkt iets privés te onthullen, maar er is geen gegeven gevonden waarmee iemand te vinden of te bereiken is.",
)
USABLE_DETAIL = Notice(
    "usable_detail", "Het bericht noemt een gegeven waarmee het doelwit of een naaste te vinden of te bereiken is."
)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a message exposes.

    Attributes:
        doxing: The label that agrees with the details.
        details: The usable details of target and relatives, which show it.
        reason: Why the label is not the one that was given; None where it is.
    """

    doxing: Doxing
    details: tuple[Detail, ...] = ()
    reason: Notice | None = None


def usable_details(details: Sequence[Detail]) -> tuple[Detail, ...]:
    """Details with which the target or a relative can be found, reached or awaited."""
    return tuple(d for d in details if d.subject in PRIVATE_SUBJECTS and d.kind in USABLE_KINDS)


def exposure_of(labels: Labels, details: Sequence[Detail]) -> Exposure:
    """Say what a message exposes, from its labels and its details.

    Args:
        labels: The labels as the classifier gave them.
        details: The personal details with their subjects.

    Returns:
        The label that agrees with both. A message never becomes hostile, nor stops being so, by it.
    """
    usable = usable_details(details)
    given = labels.doxing
    if given == Doxing.EXPOSURE and not usable:
        return Exposure(Doxing.HINT, (), NO_USABLE_DETAIL)
    kinds = {d.kind for d in usable}
    raised = (given == Doxing.HINT and kinds & _RAISES_HINT) or (
        given == Doxing.NONE and labels.hostile and kinds & LEADING_KINDS
    )
    if raised:
        return Exposure(Doxing.EXPOSURE, usable, USABLE_DETAIL)
    return Exposure(given, usable)


def agreeing(labels: Labels, details: Sequence[Detail]) -> Labels:
    """The labels with the doxing label of `exposure_of`."""
    return replace(labels, doxing=exposure_of(labels, details).doxing)
