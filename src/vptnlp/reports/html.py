"""The page that a team lead reads: one file in Dutch, without scripts and without anything from outside.

Messages come from strangers, some of whom mean harm. So everything is escaped, and a content security policy
(W3C CSP 3, in a meta tag) allows the page's own style, by its hash, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, TextIO

from vptnlp import taxonomy
from vptnlp.messages import Assessment, ModelInfo, Span, Step, Urgency
from vptnlp.reports import page
from vptnlp.reports.marks import EXPOSED, stretches
from vptnlp.taxonomy import CueKind, Doxing, Label, Subject

if TYPE_CHECKING:
    from jinja2 import Environment

LIST_LIMIT = 500
"""Messages without urgency that are listed, in each of the two lists; the rest is counted."""

PROBLEM_LIMIT = 200
"""Problems that are listed; the rest is counted."""

_EXCERPT = 80
_QUOTED_LIMIT = 3_000
_RIVAL = 0.15  # from this probability on, the reader is told of another label
_BUFFERED = 200  # template events a write


# Sherman Kent's idea: words with fixed bounds, so that two readers read the same.
_LIKELIHOODS = (
    (0.95, "vrijwel zeker"),
    (0.80, "zeer waarschijnlijk"),
    (0.60, "waarschijnlijk"),
    (0.40, "misschien"),
    (0.0, "minder waarschijnlijk"),
)


def write_html(
    assessments: Iterable[Assessment],
    out: TextIO,
    *,
    ranked: bool,
    sources: Sequence[str] = (),
    problems: Sequence[str] = (),
    made: datetime | None = None,
) -> None:
    """Write the report as one HTML page.

    The page is written in pieces. Of messages without urgency only a line each, for at most twice `LIST_LIMIT`,
    is held in memory; the others are held whole, because the overview comes before them.

    Args:
        assessments: In the order in which they are to be shown; read once, to its end, before anything is written.
        out: Where the page goes; its encoding must be UTF-8.
        ranked: Whether the order is by urgency rather than that of the input.
        sources: The inputs as the user named them.
        problems: What could not be read, a sentence each; looked at after `assessments` is read.
        made: When the report is made. Terms are counted from it; without it they get no clock time.
    """
    digest = _Digest(None if made is None else made.tzinfo)
    for assessment in assessments:
        digest.add(assessment)
    template = _environment().get_template("report.html.j2")
    stream = template.stream(
        digest=digest,
        ranked=ranked,
        sources=["standaardinvoer" if source == "-" else source for source in sources],
        problems=problems,
        problem_limit=PROBLEM_LIMIT,
        made=made,
        moment=lambda hours: None if made is None else _later(made, hours),
        urgencies=tuple(reversed(Urgency)),
        likelihoods=_likelihood_bounds(),
        glossary=_glossary(),
        version=taxonomy.VERSION,
    )
    stream.enable_buffering(_BUFFERED)
    page.write(stream, out)


@dataclass(frozen=True, slots=True)
class _Head:
    """What tells a reader which message it is.

    Attributes:
        id: Id of the message.
        sender: From the mail or row; empty where unknown.
        subject: The same.
        date: The same, as a Dutch date where it can be read as one.
        excerpt: The first `_EXCERPT` code points, on one line.
        notes: Why somebody should read it although it has no urgency.
    """

    id: str
    sender: str
    subject: str
    date: str
    excerpt: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message that gets a card."""

    number: int
    head: _Head
    assessment: Assessment

    @property
    def reason(self) -> str:
        """The urgency in a line or two."""
        if said := [factor.text for factor in self.assessment.triage.factors[:2]]:
            return " ".join(said)
        held = [judged.label for judged in _judgements(self.assessment) if judged.key != Doxing.NONE]
        return ", ".join(held) or self.assessment.triage.urgency.definition

    @property
    def due_hours(self) -> int | None:
        """The shortest term of its steps."""
        return min((s.due_hours for s in self.assessment.triage.steps if s.due_hours is not None), default=None)


@dataclass(slots=True)
class _Digest:
    """Everything the overview needs, gathered in one pass.

    Attributes:
        zone: Time zone in which dates are shown; None to leave them as they are.
    """

    zone: tzinfo | None
    total: int = 0
    exposed: int = 0
    doubtful: int = 0
    counts: Counter[Urgency] = field(default_factory=Counter)
    entries: list[_Entry] = field(default_factory=list)
    to_read: list[_Head] = field(default_factory=list)
    harmless: list[_Head] = field(default_factory=list)
    models: dict[ModelInfo, None] = field(default_factory=dict)

    def add(self, assessment: Assessment) -> None:
        """Count an assessment and keep what will be shown of it."""
        urgency = assessment.triage.urgency
        self.total += 1
        self.counts[urgency] += 1
        self.exposed += assessment.labels.doxing in (Doxing.EXPOSURE, Doxing.CALL)
        self.models[assessment.model] = None
        if urgency != Urgency.NONE:
            self.entries.append(_Entry(len(self.entries) + 1, _head(assessment, self.zone), assessment))
            return
        notes = tuple(_notes(assessment))
        self.doubtful += bool(notes)
        heads = self.to_read if notes else self.harmless
        if len(heads) < LIST_LIMIT:
            heads.append(_head(assessment, self.zone, notes))

    @property
    def quiet(self) -> int:
        """How many messages have neither urgency nor a note."""
        return self.counts[Urgency.NONE] - self.doubtful

    @property
    def first_due(self) -> _Entry | None:
        """The message whose term ends first."""
        dated = [entry for entry in self.entries if entry.due_hours is not None]
        return min(dated, key=lambda entry: entry.due_hours or 0, default=None)

    @property
    def equally_due(self) -> int:
        """How many messages have a term that ends as soon as that of `first_due`."""
        first = self.first_due
        return 0 if first is None else sum(entry.due_hours == first.due_hours for entry in self.entries)


def _notes(assessment: Assessment) -> Iterator[str]:
    """Why a message without urgency should be read by a person all the same."""
    yield from (notice.text for notice in assessment.warnings)
    yield from (factor.text for factor in assessment.triage.factors)


def _head(assessment: Assessment, zone: tzinfo | None, notes: tuple[str, ...] = ()) -> _Head:
    message = assessment.message
    sender, subject, date = (_line(message.meta.get(key), 160) for key in ("from", "subject", "date"))
    # Mails carry their subject as the first line of the text; shown twice it would crowd out the rest.
    body = message.text.removeprefix(f"Onderwerp: {message.meta['subject']}") if subject else message.text
    return _Head(message.id, sender, subject, _dutch_date(date, zone), _line(body.lstrip(), _EXCERPT), notes)


def _dutch_date(value: str, zone: tzinfo | None) -> str:
    """A date of ISO 8601 in Dutch; any other as it is, for rows write dates in any form."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if ":" not in value:
        return page.dutch_day(moment)
    return page.dutch_moment(moment.astimezone(zone) if zone and moment.tzinfo else moment)


def _line(value: object, limit: int) -> str:
    """A value of any type on one line of at most `limit` code points; empty for None."""
    if value is None:
        return ""
    raw = str(value)[: limit * 8]
    line = "".join(char for char in " ".join(raw.split()) if char.isprintable())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class _Judged:
    """A label that the model gave.

    Attributes:
        axis: Key of the axis.
        key: Key of the label.
        label: Its Dutch name.
        score: Its probability.
        rival: The likeliest other label, where it may well hold instead, with its probability.
    """

    axis: str
    key: str
    label: str
    score: float
    rival: tuple[str, float] | None = None


def _judgements(assessment: Assessment) -> Iterator[_Judged]:
    """The labels that hold, in the order of the record; threat and doxing also where they are ``none``."""
    labels, scores = assessment.labels, assessment.scores
    for axis, kind in taxonomy.AXES.items():
        of_axis, held = scores.axes[axis], getattr(labels, axis)
        if axis in taxonomy.SINGLE_AXES:
            other = max((k for k in kind if k != held), key=lambda k: of_axis[k])
            rival = (other.dutch, of_axis[other]) if of_axis[other] >= _RIVAL else None
            yield _Judged(axis, held, held.dutch, of_axis[held], rival)
        else:
            yield from (_Judged(axis, k, k.dutch, of_axis[k]) for k in kind if k in held)
    if labels.organised_crime:
        yield _Judged("organised_crime", "true", "ja", scores.organised_crime)


def _by_axis(assessment: Assessment) -> list[tuple[str, list[_Judged]]]:
    """The labels that hold, with the Dutch name of their axis."""
    groups = groupby(_judgements(assessment), key=lambda judged: judged.axis)
    return [(taxonomy.AXIS_DUTCH[axis], list(group)) for axis, group in groups]


def _exposed_details(assessment: Assessment) -> list[tuple[Span, str]]:
    """Details of the target or a relative with their words, each once."""
    found: dict[tuple[Label, Subject | None, str], Span] = {}
    for span in assessment.details:
        if span.subject in EXPOSED:
            found.setdefault((span.kind, span.subject, _line(span.text_of(assessment.message.text), 120)), span)
    return [(span, words) for (_, _, words), span in found.items()]


def _fragments(assessment: Assessment, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words that show a factor, each once, two at most."""
    words = (_line(assessment.message.text[max(0, start) : end], 50) for start, end in spans)
    return list(islice(dict.fromkeys(word for word in words if word), 2))


def _by_term(steps: Sequence[Step]) -> list[tuple[int | None, list[Step]]]:
    """The steps with their common terms in hours; steps without a term last."""
    ordered = sorted(steps, key=lambda step: (step.due_hours is None, step.due_hours or 0))
    return [(hours, list(group)) for hours, group in groupby(ordered, key=lambda step: step.due_hours)]


def _quoted(assessment: Assessment) -> str:
    quoted = assessment.message.quoted
    return quoted if len(quoted) <= _QUOTED_LIMIT else quoted[:_QUOTED_LIMIT] + "…"


def _percent(score: float) -> str:
    """A probability as a reader says it; never 0% or 100%, for a model is not sure."""
    if score >= 0.995:
        return "ruim 99%"
    return "minder dan 1%" if score < 0.005 else f"{score:.0%}"


def _likelihood(score: float) -> str:
    return next((word for bound, word in _LIKELIHOODS if score >= bound), _LIKELIHOODS[-1][1])


def _likelihood_bounds() -> list[tuple[str, str]]:
    uppers = [None, *(bound for bound, _ in _LIKELIHOODS)]
    return [
        (word, f"{bound:.0%} of meer" if upper is None else f"{bound:.0%} tot {upper:.0%}")
        for (bound, word), upper in zip(_LIKELIHOODS, uppers, strict=False)
    ]


def _later(moment: datetime, hours: int) -> datetime:
    """`hours` of real time later: on a clock that is put back in between it is an hour earlier."""
    if moment.tzinfo is None:
        return moment + timedelta(hours=hours)
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def _within(hours: int) -> str:
    return f"binnen {hours} uur" if hours > 0 else "nu"


def _glossary() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Groups of labels: key, Dutch name, and key, Dutch name and definition of each label."""
    groups: dict[str, tuple[str, type[Label]]] = {
        "urgency": ("urgentie", Urgency),
        **{axis: (taxonomy.AXIS_DUTCH[axis], kind) for axis, kind in taxonomy.AXES.items()},
        "cues": ("aanwijzingen in de tekst", CueKind),
        "details": ("persoonlijke gegevens", taxonomy.DetailKind),
        "subjects": ("van wie een gegeven is", Subject),
    }
    entries = [(key, name, [(str(k), k.dutch, k.definition) for k in kind]) for key, (name, kind) in groups.items()]
    entries[0][2].reverse()  # the most urgent first, as everywhere in the report
    crime = ("true", "ja", taxonomy.ORGANISED_CRIME_DEFINITION)
    return [*entries, ("organised_crime", taxonomy.ORGANISED_CRIME_DUTCH, [crime])]


@cache
def _environment() -> Environment:
    env = page.environment("report.css")
    filters: dict[str, Any] = {
        "percent": _percent,
        "likelihood": _likelihood,
        "within": _within,
        "by_axis": _by_axis,
        "by_term": _by_term,
        "exposed_details": _exposed_details,
        "stretches": stretches,
        "fragments": _fragments,
        "quoted": _quoted,
    }
    env.filters |= filters
    return env
