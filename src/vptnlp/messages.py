"""The frozen records that everything passes around.

Offsets are Unicode code points (Python string indices) of the text as received, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vptnlp.taxonomy import (
    AXES,
    SINGLE_AXES,
    VERSION,
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
    is_hostile,
)

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """One message as received.

    Attributes:
        id: Name of the message, unique within its source.
        text: The sender's own words: subject line and body, without quoted replies.
        meta: Further keys of the input row, carried to the output unchanged.
        quoted: The quoted part of a reply chain, kept apart because the sender did not write it.
    """

    id: str
    text: str = field(repr=False)
    meta: Mapping[str, Any] = field(default_factory=lambda: _EMPTY, repr=False)
    quoted: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text with one kind: a personal detail (with a subject) or a cue (without).

    Attributes:
        start: First code point.
        end: One past the last code point.
        kind: A `DetailKind` or a `CueKind`.
        subject: Whose detail it is; None for a cue.
        score: Calibrated probability, 1.0 for gold data.
    """

    start: int
    end: int
    kind: DetailKind | CueKind
    subject: Subject | None = None
    score: float = 1.0

    def text_of(self, text: str) -> str:
        """The stretch of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one message, gold or assigned."""

    threat: Threat = Threat.NONE
    nature: frozenset[Nature] = frozenset()
    aims: frozenset[Aim] = frozenset()
    forms: frozenset[Form] = frozenset()
    targets: frozenset[Target] = frozenset()
    doxing: Doxing = Doxing.NONE
    organised_crime: bool = False

    @property
    def hostile(self) -> bool:
        """Whether the message is hostile, as the taxonomy defines it."""
        return is_hostile(self.threat, self.doxing, self.aims, self.forms)


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of one message.

    Attributes:
        axes: Axis key to label key to probability; those of ``threat`` and of ``doxing`` add up to 1.
        organised_crime: Probability that organised crime speaks.
        hostile: Probability that the message is hostile, as the taxonomy defines it.
    """

    axes: Mapping[str, Mapping[str, float]]
    organised_crime: float
    hostile: float

    def flattened(self, temperature: float) -> Scores:
        """The same scores held with less certainty: log odds divided by `temperature`, 1 or more."""
        axes = {}
        for axis, scores in self.axes.items():
            if axis in SINGLE_AXES:
                powers = {key: p ** (1 / temperature) for key, p in scores.items()}
                total = sum(powers.values()) or 1.0
                axes[axis] = {key: power / total for key, power in powers.items()}
            else:
                axes[axis] = {key: _flat(p, temperature) for key, p in scores.items()}
        return Scores(axes, _flat(self.organised_crime, temperature), _flat(self.hostile, temperature))


def _flat(p: float, temperature: float) -> float:
    power, rest = p ** (1 / temperature), (1 - p) ** (1 / temperature)
    return float(power / (power + rest))


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model spoke: name, version and the SHA-256 of its manifest."""

    name: str
    version: str
    sha256: str


class Urgency(Label):
    """How soon somebody must look, weakest first."""

    NONE = ("none", "geen", "Geen vijandigheid herkend; gewone afhandeling.")
    LOW = ("low", "laag", "Vijandig zonder dreiging; registreren en grens stellen.")
    MEDIUM = ("medium", "middel", "Dreiging of privékennis zonder teken dat het snel gaat.")
    HIGH = ("high", "hoog", "Dreiging met verzwarende factoren; vandaag handelen.")
    CRITICAL = ("critical", "acuut", "Dreiging met meerdere zware factoren; nu handelen.")


@dataclass(frozen=True, slots=True)
class Factor:
    """One stated reason for the urgency.

    Attributes:
        key: Stable name, such as ``deadline``.
        text: The reason in Dutch.
        spans: Where the text shows it, as (start, end) pairs; empty when it follows from a label alone.
    """

    key: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a colleague can do next.

    Attributes:
        key: Stable name, such as ``respond_within_48h``.
        text: What to do, in Dutch.
        source: The measure or study it comes from.
        due_hours: Within how many hours; None where no term holds.
    """

    key: str
    text: str
    source: str
    due_hours: int | None = None


@dataclass(frozen=True, slots=True)
class StatuteCard:
    """Which elements of an article the text shows, and which it does not or cannot show. Never a verdict.

    Attributes:
        article: The article.
        present: What the text shows, one sentence an element.
        missing: What it does not show, or cannot.
        spans: For each of `present`, the places in the text that show it; none where only a label does.
    """

    article: str
    present: tuple[str, ...]
    missing: tuple[str, ...]
    spans: tuple[tuple[tuple[int, int], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Triage:
    """Urgency with its reasons and what to do next."""

    urgency: Urgency
    score: float
    factors: tuple[Factor, ...] = ()
    steps: tuple[Step, ...] = ()
    statutes: tuple[StatuteCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of an assessment must know, such as ``not_dutch``."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Language:
    """Language of the text: ISO 639-1 code (``und`` when it cannot be told) and probability."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """How much a stretch of the text adds to its being called hostile, in log-odds; below 0 it speaks against."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything said about one message. `to_dict` gives the published record."""

    message: Message
    model: ModelInfo
    language: Language
    labels: Labels
    scores: Scores
    details: tuple[Span, ...]
    cues: tuple[Span, ...]
    triage: Triage
    warnings: tuple[Notice, ...] = ()
    explanation: tuple[Contribution, ...] = ()

    @property
    def hostile(self) -> bool:
        """Whether the message is hostile, as the taxonomy defines it."""
        return self.labels.hostile

    def to_dict(self) -> dict[str, Any]:
        """The assessment record of the published contract, ready for JSON."""
        record: dict[str, Any] = {
            "id": self.message.id,
            "taxonomy": VERSION,
            "model": {"name": self.model.name, "version": self.model.version, "sha256": self.model.sha256},
            "language": {"code": self.language.code, "score": round(self.language.score, 4)},
        }
        for axis, kind in AXES.items():
            scores = {str(label): round(self.scores.axes[axis][str(label)], 4) for label in kind}
            held = getattr(self.labels, axis)
            if axis in SINGLE_AXES:
                record[axis] = {"label": str(held), "scores": scores}
            else:
                record[axis] = {"labels": [str(label) for label in kind if label in held], "scores": scores}
        record["organised_crime"] = {
            "label": self.labels.organised_crime,
            "score": round(self.scores.organised_crime, 4),
        }
        record["details"] = [self._span(span) for span in self.details]
        record["cues"] = [self._span(span) for span in self.cues]
        record["triage"] = {
            "urgency": str(self.triage.urgency),
            "score": round(self.triage.score, 4),
            "factors": [
                {"key": f.key, "text": f.text, "spans": [list(pair) for pair in f.spans]} for f in self.triage.factors
            ],
            "steps": [
                {"key": s.key, "text": s.text, "source": s.source, "due_hours": s.due_hours} for s in self.triage.steps
            ],
            "statutes": [
                {
                    "article": c.article,
                    "present": list(c.present),
                    "missing": list(c.missing),
                    "spans": [[list(pair) for pair in places] for places in c.spans],
                }
                for c in self.triage.statutes
            ],
        }
        record["warnings"] = [{"key": w.key, "text": w.text} for w in self.warnings]
        if self.explanation:
            record["explanation"] = [
                {"start": c.start, "end": c.end, "weight": round(c.weight, 4)} for c in self.explanation
            ]
        if self.message.meta:
            record["meta"] = dict(self.message.meta)
        return record

    def _span(self, span: Span) -> dict[str, Any]:
        record: dict[str, Any] = {"start": span.start, "end": span.end, "kind": str(span.kind)}
        if span.subject is not None:
            record["subject"] = str(span.subject)
        record["score"] = round(span.score, 4)
        record["text"] = span.text_of(self.message.text)
        return record
