"""One labelled message of a corpus, and its two written forms.

The *authoring* form has inline markup and leaves out what is none, empty or false; the *compiled* form has
plain text, offsets and every key, so that tables and `datasets` read it with one fixed schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vptnlp.corpus import markup
from vptnlp.errors import CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import (
    MULTI_AXES,
    Aim,
    CueKind,
    DetailKind,
    Doxing,
    Form,
    Label,
    Nature,
    Subject,
    Target,
    Threat,
)

L = TypeVar("L", bound=Label)

CHANNELS = frozenset({"email", "letter", "dm", "sms", "chat", "post", "web_form", "voicemail"})
REGISTERS = frozenset(
    {"formal", "neutral", "informal", "street", "second_language", "dyslexic", "dictated", "obfuscated"}
)
REGIONS = frozenset({"nl", "vlaanderen", "suriname", "caribbean"})
HOSTILE_CATEGORIES = frozenset({"threat", "doxing", "bribery", "abuse", "stalking", "leverage"})
HARD_CATEGORIES = frozenset(
    {
        "lawful_fury", "lawsuit", "reported_threat", "official_note", "press", "quoted_chain", "idiom", "joke", "game",
        "sport", "lyric", "debate", "condolence", "despair", "contact_data", "tip", "enforcement", "withdrawn",
    }
)  # fmt: skip
PLAIN_CATEGORIES = frozenset(
    {
        "question", "thanks", "sales", "parcel", "roster", "invitation", "real_estate", "medical", "school", "it",
        "notice", "private",
    }
)  # fmt: skip
CATEGORIES = HOSTILE_CATEGORIES | HARD_CATEGORIES | PLAIN_CATEGORIES

_KEYS = {
    "id", "scenario", "text", "threat", "nature", "aims", "forms", "targets", "doxing", "organised_crime",
    "details", "cues", "channel", "register", "region", "category", "votes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message.

    Attributes:
        id: Unique name.
        scenario: The scenario it belongs to; all messages of a scenario stay in one split.
        text: Plain text as received.
        labels: The adjudicated labels.
        details: Personal details, sorted by start; those of one kind do not overlap.
        cues: Cues, sorted by start; those of one kind do not overlap.
        channel: One of `CHANNELS`.
        register: One of `REGISTERS`.
        region: One of `REGIONS`.
        category: One of `CATEGORIES`: why the message is in the corpus.
        votes: What each annotator answered, as records with ``annotator`` and the label keys.
    """

    id: str
    scenario: str
    text: str = field(repr=False)
    labels: Labels = field(default_factory=Labels)
    details: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    channel: str = "email"
    register: str = "neutral"
    region: str = "nl"
    category: str = "question"
    votes: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


def from_authoring(row: Mapping[str, Any]) -> Example:
    """Read one authoring row.

    Raises:
        CorpusError: A key or value is unknown, or the markup is malformed.
    """
    _check_keys(row, _KEYS - {"details", "cues"})
    text, spans = markup.parse(_string(row, "text"))
    return _example(row, text, spans)


def to_authoring(example: Example) -> dict[str, Any]:
    """Write one authoring row; spans that cross cannot be written (`MarkupError`)."""
    row: dict[str, Any] = {"id": example.id, "scenario": example.scenario}
    row["text"] = markup.render(example.text, example.details + example.cues)
    rest = {**labels_to_dict(example.labels), **_about(example)}
    return row | {key: value for key, value in rest.items() if value not in ("none", [], False)}


def from_compiled(row: Mapping[str, Any]) -> Example:
    """Read one compiled row.

    Raises:
        CorpusError: A key or value is unknown, or a span lies outside the text.
    """
    _check_keys(row, _KEYS)
    text = _string(row, "text")
    spans = [_span(item, DetailKind, len(text)) for item in row.get("details") or ()]
    spans += [_span(item, CueKind, len(text)) for item in row.get("cues") or ()]
    return _example(row, text, tuple(spans))


def to_compiled(example: Example) -> dict[str, Any]:
    """Write one compiled row: plain text, offsets, every key present."""
    return {
        "id": example.id,
        "scenario": example.scenario,
        "text": example.text,
        **labels_to_dict(example.labels),
        "details": [
            {"start": s.start, "end": s.end, "kind": str(s.kind), "subject": str(s.subject)} for s in example.details
        ],
        "cues": [{"start": s.start, "end": s.end, "kind": str(s.kind)} for s in example.cues],
        **_about(example),
    }


def labels_to_dict(labels: Labels) -> dict[str, Any]:
    """The labels as plain values, sets in taxonomy order."""
    row: dict[str, Any] = {"threat": str(labels.threat)}
    for axis, kind in MULTI_AXES.items():
        held = getattr(labels, axis)
        row[axis] = [str(value) for value in kind if value in held]
    row["doxing"] = str(labels.doxing)
    row["organised_crime"] = labels.organised_crime
    return row


def labels_from_dict(row: Mapping[str, Any]) -> Labels:
    """Labels from plain values; keys left out are none, empty or false.

    Raises:
        CorpusError: A value is not in the taxonomy or has the wrong type.
    """
    organised = row.get("organised_crime", False)
    if not isinstance(organised, bool):
        raise CorpusError("The value of 'organised_crime' must be true or false.")
    return Labels(
        threat=_value(Threat, row.get("threat", "none"), "threat"),
        nature=frozenset(_values(Nature, row.get("nature", []), "nature")),
        aims=frozenset(_values(Aim, row.get("aims", []), "aims")),
        forms=frozenset(_values(Form, row.get("forms", []), "forms")),
        targets=frozenset(_values(Target, row.get("targets", []), "targets")),
        doxing=_value(Doxing, row.get("doxing", "none"), "doxing"),
        organised_crime=organised,
    )


def _about(example: Example) -> dict[str, Any]:
    return {
        "channel": example.channel,
        "register": example.register,
        "region": example.region,
        "category": example.category,
        "votes": [dict(vote) for vote in example.votes],
    }


def _example(row: Mapping[str, Any], text: str, spans: tuple[Span, ...]) -> Example:
    return Example(
        id=_string(row, "id"),
        scenario=_string(row, "scenario"),
        text=text,
        labels=labels_from_dict(row),
        details=tuple(sorted(s for s in spans if isinstance(s.kind, DetailKind))),
        cues=tuple(sorted(s for s in spans if isinstance(s.kind, CueKind))),
        channel=_choice(row, "channel", CHANNELS),
        register=_choice(row, "register", REGISTERS, "neutral"),
        region=_choice(row, "region", REGIONS, "nl"),
        category=_choice(row, "category", CATEGORIES),
        votes=tuple(row.get("votes") or ()),
    )


def _check_keys(row: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        raise CorpusError(f"Unknown keys: {', '.join(unknown)}.")


def _string(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"The key '{key}' is missing, empty or no text.")
    return value


def _choice(row: Mapping[str, Any], key: str, choices: frozenset[str], default: str | None = None) -> str:
    value = row.get(key, default)
    if value not in choices:
        raise CorpusError(f"The value of '{key}' must be one of: {', '.join(sorted(choices))}.")
    return str(value)


def _value(kind: type[L], value: object, key: str) -> L:
    try:
        return kind(str(value))
    except ValueError:
        raise CorpusError(f"The value {value!r} of '{key}' must be one of: {', '.join(kind)}.") from None


def _values(kind: type[L], values: object, key: str) -> list[L]:
    if not isinstance(values, list | tuple):
        raise CorpusError(f"The value of '{key}' must be a list.")
    return [_value(kind, value, key) for value in values]


def _span(item: Mapping[str, Any], kinds: type[DetailKind] | type[CueKind], length: int) -> Span:
    start, end = item.get("start"), item.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length):
        raise CorpusError(f"The span {start}-{end} lies outside a text of {length} characters.")
    kind = _value(kinds, item.get("kind"), "kind")
    subject = _value(Subject, item.get("subject"), "subject") if kinds is DetailKind else None
    return Span(start, end, kind, subject)
