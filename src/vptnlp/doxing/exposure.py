"""Exposure: the doxing label and the details made to agree.

A classifier judges the whole message, the recognisers its parts; each sees what the other misses. The taxonomy ties them:
an `exposure` needs a usable detail of the target or a relative. Three rules make them agree:

1. `exposure` without any usable detail of target or relative becomes `hint`.
2. `hint` with a usable detail becomes `exposure`. A routine does not count here, since whether it is usable depends on how exact
   it is; nor does a place: of the messages to learn from in which it is all that is given, six in ten are a hint.
3. `none` in a threat becomes `exposure` where an address or coordinates of theirs are given.

What made no difference on the development splits, or harm, is left alone: `call` without details (a call to find them has none),
and `none` beside other details, in harmless mail (which is full of contact data) as in hostile mail (`docs/experiments.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vptnlp.doxing.base import Detail
from vptnlp.messages import Labels, Notice
from vptnlp.taxonomy import USABLE_KINDS, DetailKind, Doxing, Subject, Threat

PRIVATE_SUBJECTS: frozenset[Subject] = frozenset({Subject.TARGET, Subject.RELATIVE})
"""Whose details doxing is about."""

_RAISES_HINT = USABLE_KINDS - {DetailKind.ROUTINE, DetailKind.PLACE}
_RAISES_NONE = frozenset({DetailKind.ADDRESS, DetailKind.COORDINATES})

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
        given == Doxing.NONE and labels.threat != Threat.NONE and kinds & _RAISES_NONE
    )
    if raised:
        return Exposure(Doxing.EXPOSURE, usable, USABLE_DETAIL)
    return Exposure(given, usable)


def agreeing(labels: Labels, details: Sequence[Detail]) -> Labels:
    """The labels with the doxing label of `exposure_of`."""
    return replace(labels, doxing=exposure_of(labels, details).doxing)
