"""Writes an evaluation report as Markdown tables."""

from __future__ import annotations

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.evaluation.report import EvaluationReport

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


def document(report: EvaluationReport, title: str) -> str:
    """The whole report."""
    return "\n\n".join([
        f"# {title}",
        f"{report.messages} messages, {report.hostile} of them hostile. Intervals: percentile bootstrap over messages.",
        "## Headline", headline_table(report),
        "## Labels", label_tables(report),
        "## Slices", "A slice's mean counts only labels that occur in it; small slices vary widely.", slice_table(report),
    ]) + "\n"  # fmt: skip


def _three(value: float) -> str:
    return f"{value:.3f}"


def _interval(estimate: Estimate) -> str:
    return f"{_three(estimate.low)} – {_three(estimate.high)}"
