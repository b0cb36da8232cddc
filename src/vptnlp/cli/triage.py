"""`vptnlp triage`: the same, ranked by urgency, with reasons and next steps."""

from __future__ import annotations

from datetime import datetime

from vptnlp import bundle, reports
from vptnlp.cli.assess import write
from vptnlp.cli.common import (
    Format,
    FormatOption,
    Inbox,
    Inputs,
    Model,
    Output,
    RulesFile,
    TextColumn,
    choose_format,
    console_for,
    opened,
    progress,
)
from vptnlp.messages import Assessment, Urgency

_ORDER = {urgency: place for place, urgency in enumerate(reversed(Urgency))}


def triage(
    inputs: Inputs,
    output: Output = None,
    format: FormatOption = None,
    model: Model = bundle.DEFAULT,
    rules: RulesFile = None,
    text_column: TextColumn = None,
) -> None:
    """Rank the messages in the inputs by urgency, with reasons and next steps."""
    from vptnlp.analyzer import Analyzer

    chosen = choose_format(format, output)
    inbox = Inbox(inputs, text_column)
    analyzer = Analyzer.load(model, rules=rules)
    ranked = sorted(progress(analyzer.assess_many(inbox.read()), "berichten"), key=rank)
    with opened(output) as out:
        if chosen == Format.TABLE:
            reports.print_ranking(ranked, console_for(out))
        elif chosen == Format.HTML:
            made = datetime.now().astimezone()
            reports.write_html(ranked, out, ranked=True, sources=inputs, problems=inbox.problems, made=made)
        else:
            write(ranked, out, chosen, inputs, inbox)
    inbox.exit()


def rank(assessment: Assessment) -> tuple[int, float, float]:
    """Sort key: most urgent first; among equals the higher score, then the likelier hostility."""
    return _ORDER[assessment.triage.urgency], -assessment.triage.score, -assessment.scores.hostile
