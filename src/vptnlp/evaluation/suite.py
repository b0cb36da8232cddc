"""Runs a functional suite: what a model must do, one behaviour a file (after Ribeiro et al. 2020, CheckList).

Three kinds of case. *label*: the labels must be as expected. *invariance*: several texts must get the same labels.
*direction*: the second text must be at least as urgent as the first. A folder ``cases/`` holds one JSONL file for each
functionality.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from vptnlp.corpus.files import read_rows
from vptnlp.errors import CorpusError
from vptnlp.messages import Assessment, Urgency
from vptnlp.taxonomy import Aim, Doxing, Form, Nature, Target, Threat

_SEVERITY = {urgency: place for place, urgency in enumerate(Urgency)}


class _Record(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    id: str


class Expectation(pydantic.BaseModel):
    """What a label case expects. Keys left out do not matter.

    Attributes:
        hostile: Whether the message is hostile.
        threat: Acceptable values.
        doxing: Acceptable values.
        nature: Labels that must be given; likewise `aims`, `forms`, `targets`.
        not_forms: Forms that must not be given.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    hostile: bool
    threat: frozenset[Threat] = frozenset(Threat)
    doxing: frozenset[Doxing] = frozenset(Doxing)
    nature: frozenset[Nature] = frozenset()
    aims: frozenset[Aim] = frozenset()
    forms: frozenset[Form] = frozenset()
    not_forms: frozenset[Form] = frozenset()
    targets: frozenset[Target] = frozenset()


class LabelCase(_Record):
    """The labels must be as expected."""

    kind: Literal["label"]
    text: str
    expect: Expectation

    @property
    def texts(self) -> tuple[str, ...]:
        """The one text."""
        return (self.text,)

    def passes(self, assessments: Sequence[Assessment]) -> bool:
        """Whether hostility, threat and doxing are as expected and the named labels are given."""
        labels = assessments[0].labels
        return (
            labels.hostile == self.expect.hostile
            and labels.threat in self.expect.threat
            and labels.doxing in self.expect.doxing
            and labels.nature >= self.expect.nature
            and labels.aims >= self.expect.aims
            and labels.forms >= self.expect.forms
            and labels.targets >= self.expect.targets
            and not labels.forms & self.expect.not_forms
        )


class InvarianceCase(_Record):
    """All texts must get the same hostility, threat, doxing and forms."""

    kind: Literal["invariance"]
    texts: Annotated[tuple[str, ...], pydantic.Field(min_length=2)]

    def passes(self, assessments: Sequence[Assessment]) -> bool:
        """Whether all are labelled alike."""
        return len({(a.labels.hostile, a.labels.threat, a.labels.doxing, a.labels.forms) for a in assessments}) == 1


class DirectionCase(_Record):
    """The second text must be at least as urgent as the first."""

    kind: Literal["direction"]
    texts: Annotated[tuple[str, ...], pydantic.Field(min_length=2, max_length=2)]

    def passes(self, assessments: Sequence[Assessment]) -> bool:
        """Whether urgency does not drop."""
        weaker, stronger = (_SEVERITY[a.triage.urgency] for a in assessments)
        return stronger >= weaker


Case = LabelCase | InvarianceCase | DirectionCase
_CASE: pydantic.TypeAdapter[Case] = pydantic.TypeAdapter(Annotated[Case, pydantic.Field(discriminator="kind")])


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """Pass rates.

    Attributes:
        passed: Functionality to number of cases passed.
        cases: Functionality to number of cases.
        failures: Functionality to ids of failed cases.
    """

    passed: Mapping[str, int]
    cases: Mapping[str, int]
    failures: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Mean pass rate over functionalities."""
        return sum(self.passed[key] / self.cases[key] for key in self.cases) / len(self.cases)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values."""
        rates = {key: round(self.passed[key] / n, 4) for key, n in self.cases.items()}
        return {"mean_pass_rate": round(self.rate, 4), "pass_rates": rates, "cases": dict(self.cases)}

    def markdown(self) -> str:
        """A table of pass rates."""
        rows = ["| functionality | cases | passed |", "| --- | ---: | ---: |"]
        rows += [f"| {key} | {n} | {self.passed[key] / n:.0%} |" for key, n in self.cases.items()]
        return "\n".join(
            [*rows, f"| **mean over functionalities** | {sum(self.cases.values())} | **{self.rate:.1%}** |"]
        )


def load_suite(folder: Path) -> dict[str, list[Case]]:
    """Read a suite.

    Args:
        folder: A folder with ``cases/<functionality>.jsonl``.

    Returns:
        Functionality to its cases, by name.

    Raises:
        CorpusError: There are no cases, or one is malformed; the message names file and line.
    """
    suite: dict[str, list[Case]] = defaultdict(list)
    for path in sorted((folder / "cases").glob("*.jsonl")):
        for number, row in read_rows(path):
            try:
                suite[path.stem].append(_CASE.validate_python(row))
            except pydantic.ValidationError as error:
                where = ", ".join(sorted({".".join(map(str, fault["loc"])) for fault in error.errors()}))
                raise CorpusError(f"{path}, line {number}: the case is malformed; look at: {where}.") from None
    if not suite:
        raise CorpusError(f"The folder '{folder}' holds no suite: there is no cases/*.jsonl in it.")
    return dict(suite)


def run_suite(
    suite: Mapping[str, Sequence[Case]], assess: Callable[[Iterable[str]], Iterable[Assessment]]
) -> SuiteReport:
    """Run all cases.

    Args:
        suite: From `load_suite`.
        assess: Gives one assessment for each text, in order, such as `Analyzer.assess_many`.
    """
    texts = [text for cases in suite.values() for case in cases for text in case.texts]
    answers = iter(list(assess(texts)))
    passed: dict[str, int] = {}
    failures: dict[str, list[str]] = {}
    for key, cases in suite.items():
        failures[key] = [case.id for case in cases if not case.passes([next(answers) for _ in case.texts])]
        passed[key] = len(cases) - len(failures[key])
    return SuiteReport(passed, {key: len(cases) for key, cases in suite.items()}, failures)
