"""From the JSON of an answer to the types of the library.

The service does not repeat what it was sent: the message of an assessment is the very object that was given, with its id, its
text and its further keys.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from vptnlp.client.errors import AnswerError
from vptnlp.messages import (
    Assessment,
    Factor,
    Labels,
    Language,
    Message,
    ModelInfo,
    Notice,
    Scores,
    Span,
    StatuteCard,
    Step,
    Triage,
    Urgency,
)
from vptnlp.taxonomy import AXES, VERSION, Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat

if TYPE_CHECKING:
    from vptnlp.bundle import CorpusReference
    from vptnlp.doxing.redaction import Redacted

T = TypeVar("T")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FoundDetails:
    """The personal details of one message, and whether they are exposed.

    Attributes:
        message: The message.
        model: Which model spoke.
        doxing: Whether private details are exposed.
        scores: `Doxing` key to probability.
        details: The details, with whose they are.
    """

    message: Message
    model: ModelInfo
    doxing: Doxing
    scores: Mapping[str, float]
    details: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Redactions:
    """Redacted texts, one a message, whose placeholders stand for the same values throughout.

    Attributes:
        model: Which model found the details.
        redacted: The texts, in the order of the messages.
    """

    model: ModelInfo
    redacted: tuple[Redacted, ...]

    def __iter__(self) -> Iterator[Redacted]:
        """The texts, in the order of the messages."""
        return iter(self.redacted)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model that the service has loaded.

    Attributes:
        info: Name, version and hash.
        kind: ``linear`` or ``encoder``, where the service tells.
        taxonomy: Version of its labels.
        corpus: What it was trained on, where the service tells.
        metrics: Headline figures on the test split, with intervals.
    """

    info: ModelInfo
    kind: str | None
    taxonomy: str
    corpus: CorpusReference | None
    metrics: Mapping[str, Any]


def read(make: Callable[[], T]) -> T:
    """What `make` builds from an answer.

    Raises:
        AnswerError: The answer lacks something, or has a value that this version does not know.
    """
    try:
        return make()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # Their words and what they carry may be text of the answer, so none of them goes on, not even as a context.
        pass
    raise AnswerError(
        f"The answer does not fit version 1 of the interface with taxonomy {VERSION}; install the version of vptnlp that the "
        "service runs, and look whether the base URL is that of the service."
    )


def assessment_of(record: Record, message: Message) -> Assessment:
    """An assessment from the published record; `Assessment.to_dict` gives the same record again.

    The record has no probability that the message is hostile: `Scores.hostile` is NaN.

    Args:
        record: The record.
        message: What was assessed.

    Raises:
        AnswerError: The record is not as published, or of a taxonomy that this version does not know.
    """
    return read(lambda: _assessment(record, message))


def details_of(record: Record, message: Message, model: ModelInfo) -> FoundDetails:
    """The details of one message.

    Args:
        record: Its entry in the answer.
        message: The message.
        model: Which model spoke.

    Raises:
        AnswerError: The entry is not as published.
    """

    def make() -> FoundDetails:
        doxing = record["doxing"]
        spans = tuple(_span(row, message.text, DetailKind) for row in record["details"])
        return FoundDetails(message, model, Doxing(doxing["label"]), _probabilities(doxing["scores"]), spans)

    return read(make)


def redacted_of(record: Record, message: Message) -> Redacted:
    """One redacted text.

    Args:
        record: Its entry in the answer.
        message: What was redacted.

    Raises:
        AnswerError: The entry is not as published.
    """
    # Loaded here, because reading the patterns of personal details takes longer than most programs want to wait at start.
    from vptnlp.doxing.redaction import Redacted, Replacement

    def replacement(row: Record) -> Replacement:
        start, end = _range(row, message.text)
        subject = None if row["subject"] is None else Subject(row["subject"])
        value = message.text[start:end]
        return Replacement(start, end, str(row["placeholder"]), DetailKind(row["kind"]), subject, value)

    return read(lambda: Redacted(str(record["text"]), tuple(replacement(row) for row in record["replacements"])))


def model_of(record: Record) -> ModelInfo:
    """Which model spoke.

    Raises:
        AnswerError: The record does not tell.
    """
    return read(lambda: ModelInfo(str(record["name"]), str(record["version"]), str(record["sha256"])))


def loaded_of(record: Record) -> LoadedModel:
    """A model that the service has loaded.

    Raises:
        AnswerError: The record is not as published.
    """
    from vptnlp.bundle import CorpusReference

    def make() -> LoadedModel:
        corpus = record.get("corpus")
        known = None
        if corpus is not None:
            known = CorpusReference(name=corpus["name"], version=corpus["version"], sha256=corpus["sha256"])
        return LoadedModel(
            model_of(record), record.get("kind"), str(record["taxonomy"]), known, dict(record["metrics"])
        )

    return read(make)


def _assessment(record: Record, message: Message) -> Assessment:
    axes = {axis: _probabilities(record[axis]["scores"]) for axis in AXES}
    if any(set(axes[axis]) != {str(label) for label in kind} for axis, kind in AXES.items()):
        raise ValueError("another taxonomy")
    labels = Labels(
        threat=Threat(record["threat"]["label"]),
        nature=frozenset(map(Nature, record["nature"]["labels"])),
        aims=frozenset(map(Aim, record["aims"]["labels"])),
        forms=frozenset(map(Form, record["forms"]["labels"])),
        targets=frozenset(map(Target, record["targets"]["labels"])),
        doxing=Doxing(record["doxing"]["label"]),
        organised_crime=bool(record["organised_crime"]["label"]),
    )
    triage = record["triage"]
    return Assessment(
        message=message,
        model=model_of(record["model"]),
        language=Language(str(record["language"]["code"]), float(record["language"]["score"])),
        labels=labels,
        scores=Scores(axes, float(record["organised_crime"]["score"]), math.nan),
        details=tuple(_span(row, message.text, DetailKind) for row in record["details"]),
        cues=tuple(_span(row, message.text, CueKind) for row in record["cues"]),
        triage=Triage(
            Urgency(triage["urgency"]),
            float(triage["score"]),
            tuple(
                Factor(row["key"], row["text"], tuple((int(start), int(end)) for start, end in row["spans"]))
                for row in triage["factors"]
            ),
            tuple(Step(row["key"], row["text"], row["source"], row["due_hours"]) for row in triage["steps"]),
            tuple(
                StatuteCard(
                    row["article"],
                    tuple(row["present"]),
                    tuple(row["missing"]),
                    tuple(tuple((int(start), int(end)) for start, end in places) for places in row["spans"]),
                )
                for row in triage["statutes"]
            ),
        ),
        warnings=tuple(Notice(row["key"], row["text"]) for row in record["warnings"]),
    )


def _span(row: Record, text: str, kinds: type[DetailKind] | type[CueKind]) -> Span:
    subject = row.get("subject")
    start, end = _range(row, text)
    return Span(start, end, kinds(row["kind"]), None if subject is None else Subject(subject), float(row["score"]))


def _range(row: Record, text: str) -> tuple[int, int]:
    start, end = int(row["start"]), int(row["end"])
    if not 0 <= start < end <= len(text):
        raise ValueError("a span outside its text")
    return start, end


def _probabilities(scores: Record) -> dict[str, float]:
    return {str(label): float(score) for label, score in scores.items()}
