"""`vptnlp assess`: every message to one assessment, in input order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TextIO

import typer

from vptnlp import bundle, reports
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
from vptnlp.errors import ConfigError
from vptnlp.messages import Assessment


class Part(StrEnum):
    """A part of the record that can be asked for by itself."""

    DETAILS = "details"


_KEYS = {Part.DETAILS: ("id", "doxing", "details")}


def assess(
    inputs: Inputs,
    output: Output = None,
    format: FormatOption = None,
    model: Model = bundle.DEFAULT,
    rules: RulesFile = None,
    text_column: TextColumn = None,
    only: Annotated[
        Part | None, typer.Option(help="Only this part of each record, as jsonl: personal details and doxing.")
    ] = None,
    explain: Annotated[
        bool, typer.Option(help="Also say how much each word adds; in jsonl output. Slow: an assessment a word.")
    ] = False,
) -> None:
    """Assess every message in the inputs, in input order."""
    from vptnlp.analyzer import Analyzer

    chosen = Format.JSONL if only and format is None else choose_format(format, output)
    if only and chosen != Format.JSONL:
        raise ConfigError("The option --only gives jsonl; leave --format out.")
    inbox = Inbox(inputs, text_column)
    analyzer = Analyzer.load(model, rules=rules)
    assessments = progress(analyzer.assess_many(inbox.read(), explain=explain), "berichten")
    with opened(output) as out:
        if only:
            reports.write_jsonl(assessments, out, _KEYS[only])
        else:
            write(assessments, out, chosen, inputs, inbox)
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
