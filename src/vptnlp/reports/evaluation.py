"""The page on an evaluation: one file in English for developers, without scripts, in the look of the triage report.

It shows ids of messages. Their text stands in it only where the caller gives it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.evaluation.compare import Comparison, Difference
from vptnlp.evaluation.curves import Bin, Curve, Point
from vptnlp.evaluation.diagnostics import Diagnostics
from vptnlp.evaluation.headline import LOWER_IS_BETTER
from vptnlp.evaluation.markdown import HEADLINES, RECALLS
from vptnlp.evaluation.report import EvaluationReport
from vptnlp.messages import ModelInfo
from vptnlp.reports import page
from vptnlp.taxonomy import SINGLE_AXES

LISTED = 200
"""Ids of messages that only one of two models has right that are listed, for each axis; the rest is counted."""

_WIDTH, _PAD = 240.0, 6.0  # of a plot in a table
_LEFT, _TOP, _SIDE = 28.0, 8.0, 160.0  # of the square in which a curve is drawn
_LEAST_RANGE = 0.05
_VERDICTS = {"better": "reliable", "worse": "low", "unclear": "undefined"}  # to the colours of the stylesheet


def write_evaluation(
    report: EvaluationReport,
    diagnostics: Diagnostics,
    out: TextIO,
    *,
    model: ModelInfo,
    data: str,
    comparison: Comparison | None = None,
    texts: Mapping[str, str] | None = None,
    made: datetime | None = None,
) -> None:
    """Write the page.

    Args:
        report: The figures.
        diagnostics: Curves, confusion, slices and mistakes of the same run.
        out: Where the page goes; its encoding must be UTF-8.
        model: Which model was measured.
        data: What it was measured on, such as the name of a corpus and a split.
        comparison: The same model held against another.
        texts: Text of each message by id, to show with the mistakes; without it the page holds no message text.
        made: When the page is made.
    """
    environment = page.environment("report.css", "agreement.css", "evaluation.css")
    rendered = environment.get_template("evaluation.html.j2").render(
        report=report,
        diagnostics=diagnostics,
        headline=[_Row.of(HEADLINES[key], report.headline[key]) for key in HEADLINES if key in report.headline],
        charts={axis: [_Chart.of(key, c) for key, c in found.items()] for axis, found in diagnostics.curves.items()},
        confusion=list(_confusion(diagnostics)),
        comparison=comparison,
        differences=_differences(comparison.differences) if comparison else None,
        listed=LISTED,
        recalls=RECALLS,
        model=model,
        data=data,
        texts=texts,
        made=made,
        three=_three,
        interval=_interval,
        percent=_percent,
        count=lambda number: f"{number:,}",
        words=lambda key: key.replace("_", " "),
    )
    page.write([rendered], out)


@dataclass(frozen=True, slots=True)
class _Row:
    """A figure with its plot; places are in units of the drawing, None where there is nothing to draw."""

    name: str
    figure: Estimate
    point: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, name: str, figure: Estimate, reach: tuple[float, float] = (0.0, 1.0)) -> _Row:
        return cls(name, figure, *(_place(value, reach) for value in figure))


def _place(value: float, reach: tuple[float, float]) -> float | None:
    if math.isnan(value):
        return None
    share = (min(max(value, reach[0]), reach[1]) - reach[0]) / (reach[1] - reach[0])
    return round(_PAD + share * (_WIDTH - 2 * _PAD), 1)


@dataclass(frozen=True, slots=True)
class _Differences:
    """The differences of all figures on one scale, from minus to plus `reach`."""

    reach: float
    rows: list[tuple[_Row, Difference, str, bool]]


def _differences(found: Sequence[Difference]) -> _Differences:
    """Rows with their plot, what they show, the colour of the verdict, and whether lower is better."""
    ends = [abs(end) for d in found for end in (d.difference.low, d.difference.high) if not math.isnan(end)]
    reach = max(_LEAST_RANGE, math.ceil(max(ends, default=0.0) * 20) / 20)
    return _Differences(
        reach,
        [
            (
                _Row.of(HEADLINES[d.key], d.difference, (-reach, reach)),
                d,
                _VERDICTS[d.verdict],
                d.key in LOWER_IS_BETTER,
            )
            for d in found
        ],
    )


@dataclass(frozen=True, slots=True)
class _Chart:
    """One label: its curve and reliability as points of two drawings, and the figures behind them.

    Attributes:
        label: Key of the label.
        curve: What is drawn.
        line: The precision-recall curve, as SVG writes points.
        given: Where the model works at its threshold; None where it never gave the label.
        dots: For each bin the place of its score and share, the ends of the interval, and the height of its bar.
    """

    label: str
    curve: Curve
    line: str
    given: tuple[float, float] | None
    dots: list[tuple[float, float, float, float, float]]

    @classmethod
    def of(cls, label: str, curve: Curve) -> _Chart:
        recall, precision = curve.given
        most = max((b.messages for b in curve.bins), default=1)
        return cls(
            label,
            curve,
            " ".join(_corners(curve.points)),
            None if precision is None else (_x(recall), _y(precision)),
            [_dot(b, most) for b in curve.bins],
        )


def _corners(points: Sequence[Point]) -> Iterator[str]:
    return (f"{_x(point.recall)},{_y(point.precision)}" for point in points)


def _dot(found: Bin, most: int) -> tuple[float, float, float, float, float]:
    height = round(found.messages / most * _SIDE / 4, 1)
    return _x(found.score), _y(found.observed), _y(found.low), _y(found.high), height


def _x(value: float) -> float:
    return round(_LEFT + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * _SIDE, 1)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a confusion table: messages, their share of the row, and a shade from 0 to 5."""

    messages: int
    share: float
    shade: int
    right: bool


def _confusion(diagnostics: Diagnostics) -> Iterator[tuple[str, list[str], list[tuple[str, list[_Cell]]]]]:
    """For each single axis its key, the keys of its labels, and a row for each gold label."""
    for axis, counts in diagnostics.confusion.items():
        names = [str(label) for label in SINGLE_AXES[axis]]
        rows = []
        for i, line in enumerate(counts):
            total = sum(line) or 1
            rows.append((names[i], [_Cell(n, n / total, -(-5 * n // total), k == i) for k, n in enumerate(line)]))
        yield axis, names, rows


def _three(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.3f}".replace("-", "−")


def _interval(figure: Estimate | None) -> str:
    if figure is None or math.isnan(figure.low):
        return "–"
    return f"{_three(figure.low)} to {_three(figure.high)}"


def _percent(value: float) -> str:
    return f"{value:.0%}"
