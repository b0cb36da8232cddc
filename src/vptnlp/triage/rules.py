"""The rule files: read, checked and compiled.

`rules.toml` weighs factors, `steps.toml` says what to do, `statutes.toml` lists elements of articles. A rule file of an
organisation may name its own `steps` and `statutes` files; those it does not name are the ones of the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

import pydantic
import pydantic_core

from vptnlp.config import Section, read_toml
from vptnlp.errors import ConfigError
from vptnlp.messages import Urgency
from vptnlp.taxonomy import CueKind, DetailKind, Subject
from vptnlp.triage.conditions import SIGNALS, Conditions, Entry, Vocabulary, When, suggestion

HEAVIEST = "heaviest"
_PACKAGE = Path(__file__).parent
_SPAN_KINDS = (*CueKind, *DetailKind, Subject.TARGET, Subject.RELATIVE)

_Points = Annotated[int, pydantic.Field(strict=True, ge=0, le=100)]
_Hours = Annotated[int, pydantic.Field(strict=True, ge=1)]
_Text = Annotated[str, pydantic.Field(min_length=1)]
_Probability = Annotated[float, pydantic.Field(ge=0, le=1)]
_When = Annotated[Conditions, pydantic.Field(min_length=1)]


class _Levels(Section):
    low: _Points
    medium: _Points
    high: _Points
    critical: _Points

    @pydantic.model_validator(mode="after")
    def _rising(self) -> Self:
        if not 0 < self.low < self.medium < self.high < self.critical:
            raise pydantic_core.PydanticCustomError(
                "levels", "the levels must rise: 0 < low < medium < high < critical"
            )
        return self


class _Score(Section):
    half_points: Annotated[float, pydantic.Field(gt=0)]


class _Deadline(Section):
    day_hours: _Hours
    week_hours: _Hours


class _Uncertainty(Section):
    low: _Probability
    high: _Probability


def _compiled(source: str) -> str:
    try:
        re.compile(source)
    except re.error as error:
        raise pydantic_core.PydanticCustomError("pattern", "no valid pattern: {why}", {"why": str(error)}) from None
    return source


class _FactorTable(Entry):
    points: _Points
    text: _Text
    when: _When
    group: str | None = None
    at_least: Urgency = Urgency.NONE
    spans: tuple[str, ...] = ()


class _RuleFile(Section):
    levels: _Levels
    score: _Score
    deadline: _Deadline
    uncertainty: _Uncertainty
    factors: dict[str, _FactorTable]
    groups: dict[str, _Points | Literal["heaviest"]] = pydantic.Field(default_factory=dict)
    patterns: dict[str, tuple[Annotated[str, pydantic.AfterValidator(_compiled)], ...]] = pydantic.Field(
        default_factory=dict
    )
    steps: Path | None = None
    statutes: Path | None = None


class _Due(Entry):
    low: _Hours | None = None
    medium: _Hours | None = None
    high: _Hours | None = None
    critical: _Hours | None = None


class _StepTable(Entry):
    text: _Text
    source: _Text
    when: _When
    unless: Conditions = ()
    due_hours: _Due = _Due()


class _StepFile(Section):
    steps: dict[str, _StepTable]


class _Showing(Entry):
    when: _When
    how: _Text


class _Element(Entry):
    element: _Text
    shown: tuple[_Showing, ...] = ()
    not_shown: _Text


class _StatuteTable(Entry):
    article: _Text
    when: _When
    elements: Annotated[tuple[_Element, ...], pydantic.Field(min_length=1)]


class _StatuteFile(Section):
    statutes: dict[str, _StatuteTable]


@dataclass(frozen=True, slots=True)
class FactorRule:
    """One reason for urgency; see `rules.toml` for what each attribute means."""

    key: str
    text: str
    points: int
    group: str | None
    at_least: Urgency
    spans: tuple[str, ...]
    when: When


@dataclass(frozen=True, slots=True)
class StepRule:
    """One next step; `due_hours` by urgency."""

    key: str
    text: str
    source: str
    due_hours: Mapping[Urgency, int | None]
    when: When
    unless: When


@dataclass(frozen=True, slots=True)
class Showing:
    """One way in which a text shows an element: when, what to say of it, and the places (`Facts.places`) that it names."""

    when: When
    text: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ElementRule:
    """One element of an article: what shows it, and what to say where nothing does."""

    shown: tuple[Showing, ...]
    not_shown: str


@dataclass(frozen=True, slots=True)
class StatuteRule:
    """One article."""

    article: str
    when: When
    elements: tuple[ElementRule, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Checked and compiled rule files; made by `load_rules`.

    Attributes:
        levels: Each urgency with the points it starts at, strongest first.
        half_points: Points at which the score is 0.5.
        day_hours: A deadline within so many hours counts as within a day.
        week_hours: The same for a week.
        uncertain: Hostility scores from the first up to the second are uncertain.
        groups: What factors of a group give together: at most so many points, or those of the heaviest.
        patterns: Signals read from the words of a message.
        factors: In order of mention.
        steps: In order of importance.
        statutes: In order of mention.
        bits: Condition key to value to bit.
    """

    levels: tuple[tuple[Urgency, int], ...]
    half_points: float
    day_hours: int
    week_hours: int
    uncertain: tuple[float, float]
    groups: Mapping[str, int | str]
    patterns: Mapping[str, re.Pattern[str]]
    factors: tuple[FactorRule, ...]
    steps: tuple[StepRule, ...]
    statutes: tuple[StatuteRule, ...]
    bits: Mapping[str, Mapping[str, int]] = field(repr=False)


def load_rules(path: Path | None = None) -> Rules:
    """Read the rules of urgency, steps and statutes.

    Args:
        path: A rule file as `rules.toml` of this package, which is the default. Its keys `steps` and `statutes` may
            name files of their own, relative to it.

    Raises:
        ConfigError: A file is missing or no TOML, or a key, value or name in it is wrong.
    """
    path = path or _PACKAGE / "rules.toml"
    file = read_toml(path, _RuleFile)
    steps_path = path.parent / file.steps if file.steps else _PACKAGE / "steps.toml"
    statutes_path = path.parent / file.statutes if file.statutes else _PACKAGE / "statutes.toml"
    steps = read_toml(steps_path, _StepFile)
    statutes = read_toml(statutes_path, _StatuteFile)
    _check_names(path, file)
    words = Vocabulary(file.patterns)
    try:
        return Rules(
            levels=tuple((level, getattr(file.levels, level)) for level in reversed(Urgency) if level != Urgency.NONE),
            half_points=file.score.half_points,
            day_hours=file.deadline.day_hours,
            week_hours=file.deadline.week_hours,
            uncertain=(file.uncertainty.low, file.uncertainty.high),
            groups=file.groups,
            patterns={
                name: re.compile("|".join(f"(?:{source})" for source in sources), re.IGNORECASE)
                for name, sources in file.patterns.items()
            },
            factors=tuple(_factors(file, words)),
            steps=tuple(_steps(steps, words)),
            statutes=tuple(_statutes(statutes, words)),
            bits=words.bits,
        )
    except ConfigError as error:
        files = f"'{path}', '{steps_path}' and '{statutes_path}'"
        raise ConfigError(f"The rule files {files} do not fit together. {error}") from None


def _check_names(path: Path, file: _RuleFile) -> None:
    """Check what no single table can tell: names that point elsewhere in the file, bounds that belong together."""
    faults = []
    if file.deadline.day_hours > file.deadline.week_hours:
        faults.append("At 'deadline': 'day_hours' must not be more than 'week_hours'.")
    if file.uncertainty.low > file.uncertainty.high:
        faults.append("At 'uncertainty': 'low' must not be more than 'high'.")
    faults += [f"At 'patterns.{name}': this name is taken." for name in file.patterns if name in SIGNALS]
    faults += [
        f"At 'patterns.{name}': give at least one pattern." for name, given in file.patterns.items() if not given
    ]
    span_kinds = {*map(str, _SPAN_KINDS), *file.patterns}
    for key, factor in file.factors.items():
        if factor.group is not None and factor.group not in file.groups:
            hint = suggestion(factor.group, file.groups)
            faults.append(f"At 'factors.{key}': there is no group '{factor.group}'{hint}.")
        faults += [
            f"At 'factors.{key}': there are no spans '{kind}'{suggestion(kind, span_kinds)}."
            for kind in factor.spans
            if kind not in span_kinds
        ]
        if any(condition.urgency for condition in factor.when):
            faults.append(f"At 'factors.{key}': a factor cannot depend on the urgency, which follows from the factors.")
    if faults:
        raise ConfigError(f"The file '{path}' cannot be used. " + " ".join(faults))


def _factors(file: _RuleFile, words: Vocabulary) -> Iterator[FactorRule]:
    for key, table in file.factors.items():
        when = words.compile(table.when, f"factors.{key}")
        yield FactorRule(key, table.text, table.points, table.group, table.at_least, table.spans, when)


def _steps(file: _StepFile, words: Vocabulary) -> Iterator[StepRule]:
    for key, table in file.steps.items():
        place = f"steps.{key}"
        due = {level: getattr(table.due_hours, level, None) for level in Urgency}
        when, unless = words.compile(table.when, place), words.compile(table.unless, place)
        yield StepRule(key, table.text, table.source, due, when, unless)


def _places(conditions: Conditions) -> tuple[str, ...]:
    """What conditions name that has a place in the text."""
    return tuple(str(v) for c in conditions for v in (*c.details, *c.subjects, *c.cues, *c.signals))


def _statutes(file: _StatuteFile, words: Vocabulary) -> Iterator[StatuteRule]:
    for key, table in file.statutes.items():
        place = f"statutes.{key}"
        elements = tuple(
            ElementRule(
                tuple(
                    Showing(words.compile(s.when, place), f"{item.element}: {s.how}", _places(s.when))
                    for s in item.shown
                ),
                f"{item.element}: {item.not_shown}",
            )
            for item in table.elements
        )
        yield StatuteRule(table.article, words.compile(table.when, place), elements)
