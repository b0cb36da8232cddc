"""What a consistent example looks like: rules that must hold, and hints worth a second look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.corpus.records import HOSTILE_CATEGORIES, Example
from vptnlp.messages import Span
from vptnlp.taxonomy import USABLE_KINDS, Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Threat

_OF_TARGET = frozenset({Subject.TARGET, Subject.RELATIVE})

_LIKELY_UNMARKED: tuple[tuple[str, re.Pattern[str], frozenset[DetailKind]], ...] = (
    ("e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), frozenset({DetailKind.EMAIL})),
    ("URL", re.compile(r"\bhttps?://\S+|\bwww\.\S+"), frozenset({DetailKind.URL, DetailKind.COORDINATES})),
    (
        "postcode",
        re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b"),
        frozenset({DetailKind.POSTCODE, DetailKind.LICENCE_PLATE, DetailKind.ID_NUMBER}),
    ),
    (
        "relative",
        re.compile(
            r"\b(?:mijn|mn|m'n|je|jouw|uw|zijn|z'n|haar|hun|ons|onze) (?:\w+ )?(?:vrouw|man|vriendin|partner|moeder|vader|"
            r"dochter(?:tje)?s?|zoon(?:tje)?s?|zonen|kind(?:eren|je|jes)?|broer(?:tje)?s?|zus(?:je|sen)?|opa|oma|ouders|"
            r"kleinkinderen|kleinzoon|kleindochter|ex|verloofde|schoonmoeder|schoonvader)\b",
            re.IGNORECASE,
        ),
        frozenset({DetailKind.FAMILY, DetailKind.PERSON}),
    ),
    (
        "age",
        re.compile(r"\b(?:\d{1,3}|een|twee|drie|vier|vijf|zes|zeven|acht|negen) ?jaar oud\b", re.IGNORECASE),
        frozenset({DetailKind.AGE}),
    ),
    (
        "phone number",
        re.compile(r"\b0\d(?:[ .-]?\d){8}\b|\+3[12](?:[ .-]?\d){8,9}\b"),
        frozenset({DetailKind.PHONE, DetailKind.ID_NUMBER, DetailKind.IBAN}),
    ),
)


def errors(example: Example) -> Iterator[str]:
    """Rules of the taxonomy that the example breaks, as full sentences without its text."""
    labels = example.labels
    cues = {cue.kind for cue in example.cues}
    if labels.hostile:
        yield from _hostile_errors(example, cues)
    else:
        for axis in ("nature", "aims", "forms", "targets"):
            if getattr(labels, axis):
                yield f"A message that is not hostile has no {axis}."
        if labels.organised_crime:
            yield "A message that is not hostile has no organised crime."
        if wrong := cues - {CueKind.SELF_HARM}:
            yield f"A message that is not hostile has no cue {', '.join(sorted(wrong))}."
    if labels.hostile != (example.category in HOSTILE_CATEGORIES):
        yield f"The category '{example.category}' does not fit a message that is {'' if labels.hostile else 'not '}hostile."
    if (labels.threat != Threat.NONE) != (CueKind.THREAT_PHRASE in cues):
        yield "A cue 'threat_phrase' goes with a threat, and only with one."
    for name, spans in (("details", example.details), ("cues", example.cues)):
        yield from _overlaps(name, spans)
    for span in example.details + example.cues:
        stretch = span.text_of(example.text)
        if stretch != stretch.strip():
            yield f"The {span.kind} at {span.start}-{span.end} starts or ends with white space."


def _hostile_errors(example: Example, cues: set[DetailKind | CueKind]) -> Iterator[str]:
    labels = example.labels
    if not labels.nature:
        yield "A hostile message has at least one nature."
    if labels.threat == Threat.VEILED and Aim.INTIMIDATE not in labels.aims:
        yield "A veiled threat has the aim 'intimidate'."
    if labels.threat == Threat.CONDITIONAL and CueKind.CONDITION not in cues:
        yield "A conditional threat has a cue 'condition'."
    if labels.doxing == Doxing.CALL and CueKind.CALL_TO_ACTION not in cues:
        yield "A doxing call has a cue 'call_to_action'."
    if Form.BRIBERY in labels.forms:
        if CueKind.OFFER not in cues:
            yield "Bribery has a cue 'offer'."
        if Nature.INSTRUMENTAL not in labels.nature:
            yield "Bribery is instrumental."
    if {Aim.DISRUPT_INVESTIGATION, Aim.OBSTRUCT_SEARCH, Aim.INFLUENCE_DECISION} & labels.aims and (
        Nature.INSTRUMENTAL not in labels.nature
    ):
        yield "An aim that wants behaviour makes the nature instrumental."
    if labels.doxing == Doxing.EXPOSURE and not any(
        s.kind in USABLE_KINDS | {DetailKind.VEHICLE} and s.subject in _OF_TARGET for s in example.details
    ):
        yield "An exposure has a usable detail of the target or a relative."


def hints(example: Example) -> Iterator[str]:
    """Signs of a slip that the rules cannot decide, as full sentences without the text."""
    labels = example.labels
    cues = {cue.kind for cue in example.cues}
    if labels.threat == Threat.VEILED and CueKind.CONDITION in cues:
        yield "A veiled threat with a condition: is the harm tied to it (then it is conditional)?"
    if Form.VERBAL_ABUSE in labels.forms and CueKind.SLUR not in cues:
        yield "Verbal abuse without a cue 'slur'."
    if Form.VERBAL_ABUSE in labels.forms and Nature.EMOTIONAL not in labels.nature:
        yield "Verbal abuse that is not emotional."
    if Aim.VENT_ANGER in labels.aims and Nature.EMOTIONAL not in labels.nature:
        yield "Venting anger that is not emotional."
    if labels.threat == Threat.CONDITIONAL and Nature.INSTRUMENTAL not in labels.nature:
        yield "A conditional threat that wants no behaviour?"
    if labels.hostile and CueKind.CONDITION in cues and Nature.INSTRUMENTAL not in labels.nature:
        yield "A demand is marked, but the nature is not instrumental."
    for name, pattern, kinds in _LIKELY_UNMARKED:
        for match in pattern.finditer(example.text):
            if not any(s.kind in kinds and s.start < match.end() and match.start() < s.end for s in example.details):
                yield f"A likely {name} at {match.start()}-{match.end()} is not marked."


def _overlaps(name: str, spans: tuple[Span, ...]) -> Iterator[str]:
    last: dict[DetailKind | CueKind, Span] = {}
    for span in sorted(spans):
        before = last.get(span.kind)
        if before and span.overlaps(before):
            yield f"Two {name} of kind {span.kind} overlap at {span.start}."
        last[span.kind] = span
