"""Writes an evaluation report as Markdown tables."""

from __future__ import annotations

import html
import math

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.evaluation.compare import Comparison
from vptnlp.evaluation.curves import ANY, HOSTILE
from vptnlp.evaluation.diagnostics import Diagnostics
from vptnlp.evaluation.report import EvaluationReport
from vptnlp.taxonomy import SINGLE_AXES

RECALLS = (0.5, 0.8, 0.9, 0.95)
"""Where the precision of a label is told."""

HEADLINES = {
    "threat_auprc": "threat: AUPRC",
    "threat_recall_at_5_percent_false_alarms": "threat: recall at 5% false alarms",
    "threat_macro_f1": "threat, four classes: macro-F1",
    "nature_macro_f1": "nature: macro-F1",
    "aims_macro_f1": "aims: macro-F1",
    "forms_macro_f1": "forms: macro-F1",
    "targets_macro_f1": "targets: macro-F1",
    "doxing_macro_f1": "doxing, four classes: macro-F1",
    "organised_crime_macro_f1": "organised crime: F1",
    "macro_f1_over_axes": "mean of the macro-F1 over axes",
    "false_alarms_harmless": "harmless messages given a threat or doxing",
    "false_alarms_hard_harmless": "hard harmless messages given a threat or doxing",
    "harmless_called_hostile": "harmless messages given any hostile label",
    "details_span_f1": "personal details: span F1",
    "details_subject_right": "personal details found: subject right",
    "cues_span_f1": "cues: span F1",
}


def headline_table(report: EvaluationReport) -> str:
    """The headline figures with their intervals."""
    rows = ["| figure | value | 95% interval |", "| --- | ---: | ---: |"]
    for key, name in HEADLINES.items():
        if key in report.headline:
            rows.append(f"| {name} | {_three(report.headline[key].value)} | {_interval(report.headline[key])} |")
    return "\n".join(rows)


def label_tables(report: EvaluationReport) -> str:
    """Precision, recall and F1 of every label and span kind."""
    rows = [
        "| group | label | messages or spans | precision | recall | F1 | calibration error |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group, members in report.labels.items():
        for name, f in members.items():
            error = "" if f.calibration_error is None else _three(f.calibration_error)
            rows.append(
                f"| {group} | {name} | {f.support} | {_three(f.precision)} | {_three(f.recall)} | {_three(f.f1)} | {error} |"
            )
    return "\n".join(rows)


def slice_table(report: EvaluationReport) -> str:
    """Mean of the macro-F1 over axes for each slice."""
    rows = ["| slice | messages | mean macro-F1 over axes |", "| --- | ---: | ---: |"]
    rows += [f"| {name} | {n} | {_three(value)} |" for name, (n, value) in report.slices.items()]
    return "\n".join(rows)


def document(
    report: EvaluationReport,
    title: str,
    diagnostics: Diagnostics | None = None,
    comparison: Comparison | None = None,
) -> str:
    """The whole report.

    Args:
        report: The figures.
        title: What was measured on what.
        diagnostics: Curves, confusion, slices and mistakes of the same run; without them the slices are those of `report`.
        comparison: The same model held against another.
    """
    parts = [
        f"# {title}",
        f"{report.messages} messages, {report.hostile} of them hostile. Intervals: percentile bootstrap over scenarios.",
        "## Headline", headline_table(report),
    ]  # fmt: skip
    if comparison:
        parts += [
            f"## Beside {comparison.second}",
            f"{comparison.first} minus {comparison.second}, paired over the same resamples of messages. *Unclear*: the interval "
            "holds 0.",
            difference_table(comparison),
            "Messages by which of the two has them right. The ids are in the JSON and HTML reports.",
            outcome_table(comparison),
        ]
    parts += ["## Labels", label_tables(report), "## Slices"]
    if diagnostics is None:
        parts += ["A slice's mean counts only labels that occur in it; small slices vary widely.", slice_table(report)]
    else:
        parts += [
            "A slice's mean counts only labels that occur in it. *Missed*: of the messages with a threat, those given none. "
            "*False alarms*: of the harmless messages, those given a threat or doxing.",
            measured_slice_table(diagnostics),
            "## Precision at recall", precision_table(diagnostics),
            "## Reliability", "Of the messages with a score in a bin, how many have the label.", reliability_table(diagnostics),
            "## Confusion", "Rows are gold, columns are given.", *confusion_tables(diagnostics),
            "## Mistakes", "The surest first; for spans, the messages with most of them.", mistake_table(diagnostics),
        ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def difference_table(comparison: Comparison) -> str:
    """Every headline figure of two models and their difference."""
    rows = [
        f"| figure | {comparison.first} | {comparison.second} | difference | 95% interval | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for found in comparison.differences:
        cells = (_three(found.first.value), _three(found.second.value), f"{found.difference.value:+.3f}")
        rows.append(
            f"| {HEADLINES[found.key]} | {' | '.join(cells)} | {_interval(found.difference)} | {found.verdict} |"
        )
    return "\n".join(rows)


def outcome_table(comparison: Comparison) -> str:
    """How many messages both models, one or neither have right."""
    rows = [
        f"| | both | {comparison.first} only | {comparison.second} only | neither |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, found in comparison.outcomes.items():
        rows.append(f"| {name} | {found.both} | {len(found.first_only)} | {len(found.second_only)} | {found.neither} |")
    return "\n".join(rows)


def measured_slice_table(diagnostics: Diagnostics) -> str:
    """Figures of every slice with their intervals."""
    rows = [
        "| slice | messages | hostile | mean macro-F1 | 95% interval | missed | 95% interval | false alarms | 95% interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group, members in diagnostics.slices.items():
        for value, found in members.items():
            cells = [
                f"{_three(estimate.value)} | {_interval(estimate)}" if estimate else "– | –"
                for estimate in (found.macro_f1, found.threats_missed, found.false_alarms)
            ]
            rows.append(f"| {group}={value} | {found.messages} | {found.hostile} | {' | '.join(cells)} |")
    return "\n".join(rows)


def precision_table(diagnostics: Diagnostics) -> str:
    """What the precision-recall curves say: precision at fixed recalls."""
    heads = " | ".join(f"at {recall:.0%}" for recall in RECALLS)
    rows = [
        f"| group | label | messages | average precision | {heads} |",
        f"| --- | --- | ---: | ---: |{' ---: |' * len(RECALLS)}",
    ]
    for axis, members in diagnostics.curves.items():
        for label, curve in members.items():
            cells = (curve.average_precision, *(curve.precision_at(recall) for recall in RECALLS))
            rows.append(f"| {axis} | {label} | {curve.support} | {' | '.join(map(_three, cells))} |")
    return "\n".join(rows)


def reliability_table(diagnostics: Diagnostics) -> str:
    """What the reliability diagrams of hostility, threat and doxing say."""
    rows = [
        "| group | label | messages | mean score | came true | 95% interval |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for axis, label in ((HOSTILE, "true"), ("threat", ANY), ("doxing", ANY)):
        curve = diagnostics.curves[axis].get(label)
        for b in curve.bins if curve else ():
            interval = f"{_three(b.low)} – {_three(b.high)}"
            rows.append(f"| {axis} | {label} | {b.messages} | {_three(b.score)} | {_three(b.observed)} | {interval} |")
    return "\n".join(rows)


def confusion_tables(diagnostics: Diagnostics) -> list[str]:
    """One table for each single axis."""
    tables = []
    for axis, counts in diagnostics.confusion.items():
        names = [str(label) for label in SINGLE_AXES[axis]]
        rows = [f"| {axis} | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
        rows += [f"| {name} | {' | '.join(map(str, row))} |" for name, row in zip(names, counts, strict=True)]
        tables.append("\n".join(rows))
    return tables


def mistake_table(diagnostics: Diagnostics) -> str:
    """The mistakes that were kept, by id."""
    rows = ["| group | wrong messages | id | missed | extra | severity |", "| --- | ---: | --- | --- | --- | ---: |"]
    for group, mistakes in diagnostics.mistakes.items():
        for m in mistakes:
            labels = (", ".join(m.missed), ", ".join(m.extra))
            rows.append(
                f"| {group} | {diagnostics.wrong[group]} | {_cell(m.id)} | {' | '.join(labels)} | {m.severity:g} |"
            )
    return "\n".join(rows)


def _cell(value: str) -> str:
    """An id as a table cell can hold it: ids come from the user's file and may be anything."""
    return html.escape(" ".join(value.split()), quote=False).replace("|", "&#124;").replace("`", "&#96;")


def _three(value: float) -> str:
    return f"{value:.3f}"


def _interval(estimate: Estimate) -> str:
    return "–" if math.isnan(estimate.low) else f"{_three(estimate.low)} – {_three(estimate.high)}"
