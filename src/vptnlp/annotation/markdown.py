"""Writes an agreement report as Markdown tables for the datasheet of a corpus. No names of annotators, no ids."""

from __future__ import annotations

from collections.abc import Iterator

from vptnlp.annotation.agreement import RELIABLE, TENTATIVE, AgreementReport
from vptnlp.annotation.figures import Figure


def markdown(report: AgreementReport) -> str:
    """Agreement by axis, by label and on spans, with what the figures mean."""
    everyone = len([a for a in report.annotators.values() if a.shared])
    intro = (
        f"{report.shared:,} of {report.items:,} messages have answers of two or more of {everyone} annotators. "
        "Alpha is Krippendorff's: ordinal for threat and doxing, with the MASI distance for sets, nominal for the rest and "
        "for single labels. Fleiss' and Cohen's kappa are nominal; a set counts as equal when it is equal as a whole. "
        f"From {RELIABLE} on an axis is reliable, from {TENTATIVE} on it allows tentative conclusions (Krippendorff 2004). "
        "A dash is undefined: only one value was given, or too few for an interval."
    )
    if report.draws:
        intro += f" Intervals are 95% bootstrap intervals over messages ({report.draws:,} draws)."
    return "\n\n".join([intro, *("\n".join(rows) for rows in (_axes(report), _labels(report), _spans(report)) if rows)])


def _axes(report: AgreementReport) -> list[str]:
    rows = [
        "| axis | distance | alpha | 95% interval | Fleiss' kappa | Cohen's kappa, lowest to highest pair | equal answers |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for axis, found in report.axes.items():
        kappas = [k for pair in report.pairs if (k := pair.axes[axis].value) is not None]
        cohen = "–" if not kappas else _three(min(kappas))
        if len(kappas) > 1:
            cohen += f" to {_three(max(kappas))}"
        cells = (
            axis.replace("_", " "),
            {"masi": "MASI"}.get(found.distance, found.distance),
            *_with_interval(found.alpha),
            _three(found.fleiss.value),
            cohen,
            f"{found.equal:.1%}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _labels(report: AgreementReport) -> list[str]:
    rows = ["| axis | label | answers | alpha | 95% interval |", "| --- | --- | ---: | ---: | ---: |"]
    for axis, members in report.labels.items():
        for label, found in members.items():
            rows.append(f"| {axis} | `{label}` | {found.given:,} | {' | '.join(_with_interval(found.alpha))} |")
    return rows


def _spans(report: AgreementReport) -> list[str]:
    rows = [
        "| spans | kind | marked | exact F1 | 95% interval | overlap F1 | 95% interval | same subject |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group, agreement in report.spans.items():
        if not agreement.all.spans:
            continue
        for kind, found in (("all", agreement.all), *((f"`{k}`", f) for k, f in agreement.kinds.items())):
            cells = (
                group,
                kind,
                f"{found.spans:,}",
                *_with_interval(found.exact),
                *_with_interval(found.overlap),
                _three(found.subject.value),
            )
            rows.append(f"| {' | '.join(cells)} |")
    return rows if len(rows) > 2 else []


def _with_interval(found: Figure) -> Iterator[str]:
    yield _three(found.value)
    yield "–" if found.low is None else f"{_three(found.low)} to {_three(found.high)}"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
