"""The list a person reads in the terminal (Dutch)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vptnlp.messages import Assessment, Urgency
from vptnlp.taxonomy import AXES, AXIS_DUTCH, SINGLE_AXES

STYLES = {
    Urgency.CRITICAL: "bold white on red",
    Urgency.HIGH: "bold red",
    Urgency.MEDIUM: "yellow",
    Urgency.LOW: "cyan",
    Urgency.NONE: "dim",
}
_CHUNK = 200
_COLUMN = 56
_EXCERPT = 72
_LABELS, _FACTORS, _STEPS = 5, 5, 4
"""How many of each a card shows; the HTML report and JSONL hold all."""


def print_table(assessments: Iterable[Assessment], console: Console) -> None:
    """Print one line an assessment, in chunks, so that a long stream shows as it goes."""
    stream = iter(assessments)
    while chunk := list(islice(stream, _CHUNK)):
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("urgentie", no_wrap=True, min_width=8)
        table.add_column("bericht", no_wrap=True, min_width=20, max_width=24, overflow="ellipsis")
        table.add_column("dreiging", no_wrap=True, min_width=14)
        table.add_column("doxing", no_wrap=True, min_width=10)
        table.add_column("tekst", no_wrap=True, overflow="ellipsis")
        for a in chunk:
            style = STYLES[a.triage.urgency]
            table.add_row(
                Text(a.triage.urgency.dutch, style),
                escape(a.message.id),
                a.labels.threat.dutch,
                a.labels.doxing.dutch,
                Text(_excerpt(a)[:_COLUMN]),
            )
        console.print(table)


def print_ranking(ranked: Sequence[Assessment], console: Console) -> None:
    """Print the ranked list: reasons and next steps for each message with an urgency, a count for the rest."""
    for place, assessment in enumerate((a for a in ranked if a.triage.urgency != Urgency.NONE), 1):
        console.print(_card(place, assessment))
    counts = Counter(a.triage.urgency for a in ranked)
    parts = [f"{counts[u]} {u.dutch}" for u in reversed(Urgency) if counts[u]]
    console.print(Text(f"{len(ranked)} berichten: " + ", ".join(parts) + "." if parts else "0 berichten.", "bold"))
    console.print(Text("Het model stelt voor, een mens beslist.", "dim"))


def _card(place: int, assessment: Assessment) -> RenderableType:
    triage = assessment.triage
    head = Text.assemble(
        (f"{place:>3}. ", "bold"),
        (f" {triage.urgency.dutch} ", STYLES[triage.urgency]),
        "  ",
        (assessment.message.id, "bold"),
        "  " + _shortened(list(_labels(assessment)), _LABELS, ", "),
    )
    lines: list[RenderableType] = [Text(_excerpt(assessment), "italic", overflow="ellipsis", no_wrap=True)]
    if triage.factors:
        lines.append(Text("Waarom: " + _shortened([f.text.rstrip(".") for f in triage.factors], _FACTORS, "; ") + "."))
    steps = list(_steps(assessment))
    lines += [Text("- " + step) for step in steps[:_STEPS]]
    if len(steps) > _STEPS:
        lines.append(Text(f"  en nog {len(steps) - _STEPS} stappen: zie --format html of jsonl", "dim"))
    return Group(head, *(Padding(line, (0, 0, 0, 5)) for line in lines), Text())


def _shortened(parts: Sequence[str], most: int, joint: str) -> str:
    rest = len(parts) - most
    return joint.join(parts[:most]) + (f"{joint}en nog {rest}" if rest > 0 else "")


def _labels(assessment: Assessment) -> Iterator[str]:
    """The Dutch labels, the gravest kind first."""
    for axis in ("threat", "doxing", "forms", "aims", "targets", "nature"):
        held = getattr(assessment.labels, axis)
        if axis in SINGLE_AXES:
            if held != "none":
                yield f"{AXIS_DUTCH[axis]}: {held.dutch}"
        else:
            yield from (label.dutch for label in AXES[axis] if label in held)


def _steps(assessment: Assessment) -> Iterator[str]:
    for step in assessment.triage.steps:
        term = f" (binnen {step.due_hours} uur)" if step.due_hours is not None else ""
        yield f"{step.text}{term}"


def _excerpt(assessment: Assessment) -> str:
    """The start of the text, or the part around the first cue, on one line."""
    text = assessment.message.text
    start = max(0, assessment.cues[0].start - _EXCERPT // 3) if assessment.cues else 0
    piece = " ".join(text[start : start + _EXCERPT * 2].split())
    return ("…" if start else "") + "".join(c for c in piece if c.isprintable())
