"""The page on agreement between annotators: one file in Dutch, without scripts, in the look of the triage report.

It shows ids of messages and names of annotators. The text of a message stands in it only where the caller gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from vptnlp.annotation.agreement import RELIABLE, TENTATIVE, AgreementReport, Disagreement
from vptnlp.annotation.drift import Block
from vptnlp.annotation.figures import Figure
from vptnlp.annotation.judgements import Judgement
from vptnlp.reports import page
from vptnlp.reports.html import PROBLEM_LIMIT
from vptnlp.taxonomy import AXES, AXIS_DUTCH, SINGLE_AXES, SPAN_KINDS, Label

LISTED = 50
"""Messages with different answers that are listed; the rest is counted."""

AXIS_NAMES = {**AXIS_DUTCH, "hostile": "vijandig of niet"}
"""Axis to Dutch name, with the gate that follows from the others."""

SPAN_NAMES = {"details": "persoonlijke gegevens", "cues": "aanwijzingen"}
"""Group of spans to Dutch name."""

_DISTANCES = {"ordinal": "volgorde telt mee", "masi": "verzamelingen", "nominal": "gelijk of niet"}
_LOWEST = -0.2  # alpha below this is drawn at the edge
_LEFT, _RIGHT = 6.0, 234.0
_DRIFT_LINES = {"threat": "solid", "hostile": "dashed"}


def verdict(alpha: float | None) -> tuple[str, str]:
    """A key and the Dutch word for an alpha, by the bounds of Krippendorff (2004, 241)."""
    if alpha is None:
        return "undefined", "niet te bepalen"
    if alpha >= RELIABLE:
        return "reliable", "betrouwbaar"
    return ("tentative", "voorlopig") if alpha >= TENTATIVE else ("low", "te laag")


def decimal(value: float | None, places: int = 2) -> str:
    """A figure in Dutch: a comma, a true minus sign, a dash where it is undefined."""
    if value is None:
        return "–"
    return f"{value:.{places}f}".replace("-0." + "0" * places, "0." + "0" * places).replace("-", "−").replace(".", ",")


def write_agreement(
    report: AgreementReport,
    out: TextIO,
    *,
    judgements: Sequence[Judgement] = (),
    texts: Mapping[str, str] | None = None,
    sources: Sequence[str] = (),
    problems: Sequence[str] = (),
    made: datetime | None = None,
) -> None:
    """Write the page.

    Args:
        report: What was measured.
        out: Where the page goes; its encoding must be UTF-8.
        judgements: What was measured on, to show the answers that differ.
        texts: Text of each message by id, to show with those answers; without it the page holds no message text.
        sources: The inputs as the user named them.
        problems: What could not be read, a sentence each.
        made: When the page is made.
    """
    environment = page.environment("report.css", "agreement.css")
    label_rows = _label_rows(report)
    rendered = environment.get_template("agreement.html.j2").render(
        report=report,
        rows=[_Row.of(AXIS_NAMES[a], f.alpha, _DISTANCES[f.distance], f.equal) for a, f in report.axes.items()],
        label_rows=label_rows,
        weakest=_weakest(label_rows),
        axis_names=AXIS_NAMES,
        span_names=SPAN_NAMES,
        span_kinds={group: {str(k): k.dutch for k in kinds} for group, kinds in SPAN_KINDS.items()},
        confusion=_confusion(report),
        curves={name: curves for name, blocks in report.drift.items() if (curves := _curves(blocks))},
        drift_lines=_DRIFT_LINES,
        disagreements=list(_disagreements(report.disagreements[:LISTED], judgements, texts)),
        with_text=texts is not None,
        ticks=[(_place(v), decimal(v, 3 if v == TENTATIVE else 1)) for v in (0.0, TENTATIVE, RELIABLE, 1.0)],
        reliable=RELIABLE,
        tentative=TENTATIVE,
        decimal=decimal,
        verdict=verdict,
        sources=sources,
        problems=problems,
        problem_limit=PROBLEM_LIMIT,
        made=made,
    )
    page.write([rendered], out)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a table with its plot; places are in units of the drawing, None where there is nothing to draw."""

    name: str
    alpha: Figure
    kind: str
    word: str
    note: str
    equal: float | None
    point: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, name: str, alpha: Figure, note: str, equal: float | None = None) -> _Row:
        kind, word = verdict(alpha.value)
        return cls(name, alpha, kind, word, note, equal, *(_place(v) for v in (alpha.value, alpha.low, alpha.high)))


def _place(value: float | None) -> float | None:
    if value is None:
        return None
    share = (max(value, _LOWEST) - _LOWEST) / (1 - _LOWEST)
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def _label_rows(report: AgreementReport) -> list[tuple[str, list[_Row]]]:
    groups = []
    for axis, members in report.labels.items():
        dutch = {str(label): label.dutch for label in AXES[axis]}
        rows = [
            _Row.of(dutch[key], found.alpha, f"{found.given:,}".replace(",", ".")) for key, found in members.items()
        ]
        groups.append((AXIS_NAMES[axis], rows))
    return groups


def _weakest(groups: list[tuple[str, list[_Row]]]) -> list[tuple[str, _Row]]:
    """The three labels with the lowest alpha, of those that are not reliable, with their axes."""
    below = [(r.alpha.value, axis, r) for axis, rows in groups for r in rows if r.kind in ("tentative", "low")]
    return [(axis, row) for _, axis, row in sorted(below, key=lambda found: found[0] or 0.0)[:3]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of the confusion table: pairs of answers, their share of the row, and a shade from 0 to 5."""

    pairs: int
    share: float
    shade: int
    equal: bool


def _confusion(report: AgreementReport) -> list[tuple[str, list[str], list[tuple[str, list[_Cell]]]]]:
    """For each axis its name, the names of its labels, and a row for each label."""
    tables = []
    for axis, counts in report.confusion.items():
        names = [label.dutch for label in SINGLE_AXES[axis]]
        rows = []
        for i, pairs in enumerate(counts):
            # A pair of equal answers holds the label twice.
            answers = sum(pairs) + pairs[i]
            cells = []
            for k, n in enumerate(pairs):
                share = (n * (2 if k == i else 1) / answers) if answers else 0.0
                cells.append(_Cell(n, share, min(5, -int(-share * 100 // 20)), k == i))
            rows.append((names[i], cells))
        tables.append((AXIS_NAMES[axis], names, rows))
    return tables


@dataclass(frozen=True, slots=True)
class _Curve:
    """A line of the drift plot: points of an SVG of 480 by 120, the last value, and where its name stands."""

    axis: str
    points: tuple[tuple[float, float], ...]
    last: float
    label_y: float

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


def _curves(blocks: Sequence[Block]) -> list[_Curve]:
    """Lines for an annotator with two blocks or more that can be compared."""
    curves: list[_Curve] = []
    step = 330 / max(len(blocks) - 1, 1)
    for axis in _DRIFT_LINES:
        found = [(i, b.agreement[axis]) for i, b in enumerate(blocks) if axis in b.agreement]
        if len(found) < 2:
            continue
        points = tuple((round(36 + i * step, 1), round(104 - 92 * min(max(v, 0), 1), 1)) for i, v in found)
        taken = [curve.label_y for curve in curves]
        label = points[-1][1]
        if taken and abs(label - taken[0]) < 15:  # two names must not stand on each other
            label = taken[0] + 15 if taken[0] <= 60 else taken[0] - 15
        curves.append(_Curve(axis, points, found[-1][1], label))
    return curves


@dataclass(frozen=True, slots=True)
class _Shown:
    """A message with different answers: for each axis its name and (annotator, answer) pairs."""

    item: str
    axes: list[tuple[str, list[tuple[str, str]]]]
    text: str | None


def _disagreements(
    found: Sequence[Disagreement], judgements: Sequence[Judgement], texts: Mapping[str, str] | None
) -> Iterator[_Shown]:
    wanted = {d.item for d in found}
    answers: dict[str, list[Judgement]] = {item: [] for item in wanted}
    for judgement in judgements:
        if judgement.item in wanted:
            answers[judgement.item].append(judgement)
    for disagreement in found:
        axes = [
            (AXIS_NAMES[axis], [(j.annotator, _said(j, axis)) for j in answers[disagreement.item]])
            for axis in disagreement.axes
        ]
        yield _Shown(disagreement.item, axes, None if texts is None else texts.get(disagreement.item))


def _said(judgement: Judgement, axis: str) -> str:
    held = getattr(judgement.labels, axis)
    if isinstance(held, bool):
        return "ja" if held else "nee"
    if isinstance(held, Label):
        return held.dutch
    return ", ".join(label.dutch for label in AXES[axis] if label in held) or "niets"
