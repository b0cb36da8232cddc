"""`vptnlp assess`: every message to one assessment, in input order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, TextIO

import typer

from vptnlp import bundle, reports
from vptnlp.cli.common import (
    Format,
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
from vptnlp.messages import Assessment


def assess(
    inputs: Inputs,
    output: Output = None,
    format: Annotated[Format | None, typer.Option("--format", "-f", help="Default: by the output's name.")] = None,
    model: Model = bundle.DEFAULT,
    rules: RulesFile = None,
    text_column: TextColumn = None,
    explain: Annotated[
        bool, typer.Option(help="Also say how much each word adds; in jsonl output. Slow: an assessment a word.")
    ] = False,
) -> None:
    """Assess every message in the inputs, in input order."""
    from vptnlp.analyzer import Analyzer

    chosen = choose_format(format, output)
    inbox = Inbox(inputs, text_column)
    analyzer = Analyzer.load(model, rules=rules)
    with opened(output) as out:
        write(progress(analyzer.assess_many(inbox.read(), explain=explain), "berichten"), out, chosen, inputs, inbox)
    inbox.exit()


def write(assessments: Iterable[Assessment], out: TextIO, format: Format, sources: Sequence[str], inbox: Inbox) -> None:
    """Write assessments as they come."""
    if format == Format.JSONL:
        reports.write_jsonl(assessments, out)
    elif format == Format.CSV:
        reports.write_csv(assessments, out)
    elif format == Format.TABLE:
        reports.print_table(assessments, console_for(out))
    else:
        reports.write_html(
            list(assessments),
            out,
            ranked=False,
            sources=sources,
            problems=inbox.problems,
            made=datetime.now().astimezone(),
        )
