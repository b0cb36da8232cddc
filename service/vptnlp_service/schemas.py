"""Requests and answers of the HTTP interface.

Requests are checked against these models; the limits that an operator sets are checked where the request is read. Answers are
built from records; their models here are what the API description shows.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from vptnlp.messages import Urgency
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat
from vptnlp.text import replace_surrogates


def _writable(value: object) -> object:
    """JSON may hold lone surrogates, such as half an emoji; no encoding can write these back."""
    return replace_surrogates(value) if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_writable), Field(min_length=1)]
_Id = Annotated[str, BeforeValidator(_writable), Field(max_length=200)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class MessageIn(_In):
    """One message."""

    id: Annotated[_Id | None, Field(description="Your name for it; its number in the request when left out.")] = None
    text: _Text = Field(description="The message as received: subject line and body, without quoted replies.")


class AssessmentOptions(_In):
    """How to answer."""

    include_text: Annotated[StrictBool, Field(description="Whether spans repeat the words they cover.")] = True


class AssessmentsIn(_In):
    """Messages to assess."""

    messages: Annotated[list[MessageIn], Field(min_length=1)]
    options: AssessmentOptions = AssessmentOptions()


class DetailsIn(AssessmentsIn):
    """Messages to search for personal details."""


class RedactionOptions(_In):
    """What to replace; everything when left out."""

    kinds: list[DetailKind] | None = None
    subjects: list[Subject] | None = None


class RedactionsIn(_In):
    """Messages to redact."""

    messages: Annotated[list[MessageIn], Field(min_length=1)]
    options: RedactionOptions = RedactionOptions()


class ModelOut(BaseModel):
    """Which model spoke."""

    name: str
    version: str
    sha256: str


class LanguageOut(BaseModel):
    """Language of the text."""

    code: str
    score: float


class ThreatOut(BaseModel):
    """How harm is held out."""

    label: Threat
    scores: dict[str, float]


class DoxingOut(BaseModel):
    """Whether private details are exposed."""

    label: Doxing
    scores: dict[str, float]


class NatureOut(BaseModel):
    """Means to an end, or feeling."""

    labels: list[Nature]
    scores: dict[str, float]


class AimsOut(BaseModel):
    """What the sender wants."""

    labels: list[Aim]
    scores: dict[str, float]


class FormsOut(BaseModel):
    """In what form."""

    labels: list[Form]
    scores: dict[str, float]


class TargetsOut(BaseModel):
    """Whom it is aimed at."""

    labels: list[Target]
    scores: dict[str, float]


class OrganisedCrimeOut(BaseModel):
    """Whether organised crime speaks."""

    label: bool
    score: float


class DetailOut(BaseModel):
    """A personal detail. Offsets are Unicode code points of the text as received, end exclusive."""

    start: int
    end: int
    kind: DetailKind
    subject: Subject
    score: float
    text: str | None = None


class CueOut(BaseModel):
    """Words that show why. Offsets as in a detail."""

    start: int
    end: int
    kind: CueKind
    score: float
    text: str | None = None


class FactorOut(BaseModel):
    """One stated reason for the urgency."""

    key: str
    text: str
    spans: list[tuple[int, int]]


class StepOut(BaseModel):
    """One thing a colleague can do next."""

    key: str
    text: str
    source: str
    due_hours: int | None


class StatuteOut(BaseModel):
    """Which elements of an article the text shows, with their places in `spans`, and which not. Never a verdict."""

    article: str
    present: list[str]
    missing: list[str]
    spans: list[list[tuple[int, int]]]


class TriageOut(BaseModel):
    """How urgent, why, and what next."""

    urgency: Urgency
    score: float
    factors: list[FactorOut]
    steps: list[StepOut]
    statutes: list[StatuteOut]


class WarningOut(BaseModel):
    """Something the reader of an assessment must know."""

    key: str
    text: str


class AssessmentOut(BaseModel):
    """Everything said about one message."""

    id: str
    taxonomy: str
    model: ModelOut
    language: LanguageOut
    threat: ThreatOut
    nature: NatureOut
    aims: AimsOut
    forms: FormsOut
    targets: TargetsOut
    doxing: DoxingOut
    organised_crime: OrganisedCrimeOut
    details: list[DetailOut]
    cues: list[CueOut]
    triage: TriageOut
    warnings: list[WarningOut]


class AssessmentsOut(BaseModel):
    """One assessment a message, in the same order."""

    model: ModelOut
    assessments: list[AssessmentOut]


class DetailsOfOut(BaseModel):
    """The personal details of one message."""

    id: str
    doxing: DoxingOut
    details: list[DetailOut]


class DetailsOut(BaseModel):
    """One entry a message, in the same order."""

    model: ModelOut
    details: list[DetailsOfOut]


class ReplacementOut(BaseModel):
    """What stands in place of a detail; offsets as in a detail."""

    start: int
    end: int
    placeholder: str
    kind: DetailKind
    subject: Subject | None


class RedactionOut(BaseModel):
    """One redacted message."""

    id: str
    text: str
    replacements: list[ReplacementOut]


class RedactionsOut(BaseModel):
    """One redacted text a message, in the same order; placeholders are stable within one request."""

    model: ModelOut
    redactions: list[RedactionOut]


class TaxonomyOut(BaseModel):
    """The labels with their Dutch names and definitions."""

    version: str
    axes: dict[str, Any]


class CorpusOut(BaseModel):
    """The corpus a model was trained on."""

    name: str
    version: str
    sha256: str


class ModelEntryOut(ModelOut):
    """A loaded model."""

    kind: Literal["linear", "encoder"] | None = None
    taxonomy: str
    corpus: CorpusOut | None = None
    metrics: dict[str, Any] = Field(description="Headline figures on the test split, with intervals.")


class ModelsOut(BaseModel):
    """The loaded models."""

    models: list[ModelEntryOut]


class FaultOut(BaseModel):
    """One fault of the input; never its value."""

    model_config = ConfigDict(populate_by_name=True)

    in_: str = Field(alias="in")
    location: dict[str, Any]
    code: str
    detail: str


class ProblemOut(BaseModel):
    """A problem (RFC 9457). No value of the request is ever repeated in it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FaultOut] | None = None
