"""All recognisers together: `find_details`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from vptnlp.doxing.base import THRESHOLD, Detail, Passage, Recogniser, candidate
from vptnlp.doxing.composed import compose
from vptnlp.doxing.corroboration import corroborate
from vptnlp.doxing.ownership import assign_subjects
from vptnlp.doxing.recognisers.address import AddressRecogniser
from vptnlp.doxing.recognisers.age import AgeRecogniser
from vptnlp.doxing.recognisers.appearance import AppearanceRecogniser
from vptnlp.doxing.recognisers.bsn import BsnRecogniser
from vptnlp.doxing.recognisers.coordinates import CoordinatesRecogniser
from vptnlp.doxing.recognisers.date_of_birth import DateOfBirthRecogniser
from vptnlp.doxing.recognisers.email import EmailRecogniser
from vptnlp.doxing.recognisers.family import FamilyRecogniser
from vptnlp.doxing.recognisers.handle import HandleRecogniser
from vptnlp.doxing.recognisers.iban import IbanRecogniser
from vptnlp.doxing.recognisers.id_number import IdNumberRecogniser
from vptnlp.doxing.recognisers.institution import InstitutionRecogniser
from vptnlp.doxing.recognisers.ip_address import IpAddressRecogniser
from vptnlp.doxing.recognisers.licence_plate import LicencePlateRecogniser
from vptnlp.doxing.recognisers.person import PersonRecogniser
from vptnlp.doxing.recognisers.phone import PhoneRecogniser
from vptnlp.doxing.recognisers.place import PlaceRecogniser
from vptnlp.doxing.recognisers.postcode import PostcodeRecogniser
from vptnlp.doxing.recognisers.routine import RoutineRecogniser
from vptnlp.doxing.recognisers.url import UrlRecogniser
from vptnlp.doxing.recognisers.vehicle import VehicleRecogniser
from vptnlp.doxing.recognisers.workplace import WorkplaceRecogniser
from vptnlp.taxonomy import DetailKind
from vptnlp.taxonomy import DetailKind as K
from vptnlp.text import NormalisedText, normalise

RECOGNISERS: tuple[Recogniser, ...] = (
    AddressRecogniser(),
    AgeRecogniser(),
    AppearanceRecogniser(),
    BsnRecogniser(),
    CoordinatesRecogniser(),
    DateOfBirthRecogniser(),
    EmailRecogniser(),
    FamilyRecogniser(),
    HandleRecogniser(),
    IbanRecogniser(),
    IdNumberRecogniser(),
    InstitutionRecogniser(),
    IpAddressRecogniser(),
    LicencePlateRecogniser(),
    PersonRecogniser(),
    PhoneRecogniser(),
    PlaceRecogniser(),
    PostcodeRecogniser(),
    RoutineRecogniser(),
    UrlRecogniser(),
    VehicleRecogniser(),
    WorkplaceRecogniser(),
)
"""Every recogniser, one a kind of detail."""

# A number or an address is read one way only: of two overlapping spans among these the better one stays.
_EXCLUSIVE = frozenset(
    {
        K.ADDRESS, K.POSTCODE, K.PHONE, K.EMAIL, K.HANDLE, K.URL, K.BSN, K.IBAN, K.ID_NUMBER, K.LICENCE_PLATE, K.DATE_OF_BIRTH,
        K.COORDINATES, K.IP_ADDRESS, K.PERSON, K.PLACE, K.AGE, K.VEHICLE, K.INSTITUTION, K.WORKPLACE,
    }
)  # fmt: skip
_HIDDEN = 0.95
# Inside these no words are read at all: "mama" in an e-mail address is no relative.
_OPAQUE = frozenset({K.EMAIL, K.URL, K.HANDLE})


def find_details(
    text: str,
    *,
    hostile: bool | None = None,
    recognisers: Iterable[Recogniser] = RECOGNISERS,
    threshold: float = THRESHOLD,
) -> tuple[Detail, ...]:
    """Find the personal details in a message and say whose they are.

    Args:
        text: A message as received.
        hostile: Whether the message is hostile, where a classifier or a person has said so; it helps to say whose they are.
        recognisers: Which recognisers to ask.
        threshold: The score from which a candidate counts.

    Returns:
        Spans with kind, subject and score, sorted by start. Offsets are code points of `text`; spans of one kind do not overlap.
    """
    return assign_subjects(text, find_spans(text, recognisers, threshold), hostile)


def find_spans(
    text: str, recognisers: Iterable[Recogniser] = RECOGNISERS, threshold: float = THRESHOLD
) -> tuple[Detail, ...]:
    """Find the personal details in a message, as `find_details` does, without saying whose they are."""
    composed = compose(text)
    passage = Passage(composed.text)
    candidates = [span for recogniser in recognisers for span in recogniser.find(passage) if span.score > 0.0]
    normalised = normalise(passage)
    if normalised.text != passage:
        candidates += _hidden(normalised, recognisers)
    if not candidates:
        return ()
    found = resolve_overlaps(span for span in corroborate(passage, candidates) if span.score >= threshold)
    return tuple(_where_received(composed, detail) for detail in found)


def _where_received(composed: NormalisedText, detail: Detail) -> Detail:
    start, end = composed.to_received(detail.start, detail.end)
    return replace(detail, start=start, end=end)


def _hidden(normalised: NormalisedText, recognisers: Iterable[Recogniser]) -> list[Detail]:
    """What leetspeak, spaced letters or look-alikes hide: candidates of the plain form, a little less sure."""
    passage = Passage(normalised.text)
    found = []
    for recogniser in recognisers:
        for span in recogniser.find(passage):
            start, end = normalised.to_received(span.start, span.end)
            found.append(candidate(start, end, DetailKind(span.kind), span.score * _HIDDEN))
    return found


def resolve_overlaps(spans: Iterable[Detail]) -> tuple[Detail, ...]:
    """Keep the best of spans that cannot hold together.

    Two spans of one kind may not overlap, nor two readings of the same digits or words (a phone number inside an IBAN, a
    name inside a street). Kinds that describe may overlap others: a name inside a relation, a place inside a routine.

    Args:
        spans: Candidates that reached the threshold.

    Returns:
        What stays, sorted by start.
    """
    best_first = sorted(spans, key=_preference)
    kept: list[Detail] = []
    starts: list[int] = []
    longest = 0
    for span in best_first:
        low = bisect_left(starts, span.start - longest)
        high = bisect_left(starts, span.end)
        if not any(span.overlaps(other) and _clash(span, other) for other in kept[low:high]):
            at = bisect_left(starts, span.start)
            starts.insert(at, span.start)
            kept.insert(at, span)
            longest = max(longest, span.end - span.start)
    return tuple(sorted(kept, key=lambda span: (span.start, -span.end, span.kind)))


def _preference(span: Detail) -> tuple[int, int, int]:
    # Scores within a twentieth count as equal: then the longer span is the better reading.
    return -round(span.score * 20), -(span.end - span.start), span.start


def _clash(span: Detail, other: Detail) -> bool:
    if span.kind == other.kind or (span.kind in _EXCLUSIVE and other.kind in _EXCLUSIVE):
        return True
    return span.kind in _OPAQUE or other.kind in _OPAQUE
