"""`vptnlp annotate`: work with the answers of annotators."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.table import Table

from vptnlp.cli import annotate_adjudicate, annotate_codebook, annotate_exchange, annotate_select
from vptnlp.cli.common import console_for, opened
from vptnlp.errors import ConfigError

if TYPE_CHECKING:
    from vptnlp.annotation import AgreementReport, Judgement

app = typer.Typer(help="Work with the answers of annotators.", no_args_is_help=True)


@app.callback()
def annotate() -> None:
    """Work with the answers of annotators."""


annotate_exchange.register(app)
annotate_codebook.register(app)
annotate_adjudicate.register(app)
annotate_select.register(app)


class AgreementFormat(StrEnum):
    """How agreement is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


_SUFFIXES = {".json": AgreementFormat.JSON, ".md": AgreementFormat.MARKDOWN, ".html": AgreementFormat.HTML}


@app.command()
def agreement(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...", help="JSONL files of answers, or a corpus folder or JSONL file of messages with votes."
        ),
    ],
    format: Annotated[AgreementFormat | None, typer.Option("--format", "-f")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; stdout when left out.")] = None,
    with_text: Annotated[
        Path | None,
        typer.Option(metavar="CORPUS", help="Show the texts of this corpus with answers that differ (HTML only)."),
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(metavar="CORPUS", help="Refuse answers about messages, or spans, that this corpus does not have."),
    ] = None,
    in_order: Annotated[
        bool, typer.Option("--in-order", help="The rows stand in the order of answering; shows drift.")
    ] = False,
    block: Annotated[int, typer.Option(min=1, help="Answers a block, for drift.")] = 50,
    draws: Annotated[int, typer.Option(min=0, help="Resamples for the 95% intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the resamples.")] = 0,
) -> None:
    """Measure how far annotators agree: on every axis and label, by pair, on spans, and over time."""
    from vptnlp.annotation import measure, read_judgements, read_texts

    chosen = _choose(format, output)
    if with_text is not None and chosen is not AgreementFormat.HTML:
        raise ConfigError("Only the HTML report can show texts; add --format html, or leave --with-text out.")
    problems: list[str] = []

    def note(problem: str) -> None:
        problems.append(problem)
        print(f"vptnlp: {problem}", file=sys.stderr)

    texts = read_texts(with_text, on_problem=note) if with_text else None
    known = read_texts(corpus, on_problem=note) if corpus else texts
    judgements = read_judgements(inputs, texts=known, on_problem=note)
    report = measure(judgements, draws=draws, seed=seed, block=block, in_order=in_order)
    with opened(output) as out:
        _write(out, chosen, report, judgements, texts, [str(path) for path in inputs], problems)
    if problems:
        raise typer.Exit(1)


def _choose(wanted: AgreementFormat | None, output: Path | None) -> AgreementFormat:
    if wanted is not None:
        return wanted
    if output is None:
        return AgreementFormat.TABLE
    if (chosen := _SUFFIXES.get(output.suffix.lower())) is None:
        raise ConfigError(
            f"The format of '{output}' is not clear; add --format with one of: {', '.join(AgreementFormat)}."
        )
    return chosen


def _write(
    out: TextIO,
    chosen: AgreementFormat,
    report: AgreementReport,
    judgements: Sequence[Judgement],
    texts: Mapping[str, str] | None,
    sources: Sequence[str],
    problems: Sequence[str],
) -> None:
    match chosen:
        case AgreementFormat.JSON:
            json.dump(report.to_dict(), out, ensure_ascii=False, indent=1)
            out.write("\n")
        case AgreementFormat.MARKDOWN:
            from vptnlp.annotation import markdown

            out.write(markdown(report) + "\n")
        case AgreementFormat.HTML:
            from vptnlp.reports.agreement import write_agreement

            write_agreement(
                report,
                out,
                judgements=judgements,
                texts=texts,
                sources=sources,
                problems=problems,
                made=datetime.now().astimezone(),
            )
        case AgreementFormat.TABLE:
            _print_table(report, out)


def _print_table(report: AgreementReport, out: TextIO) -> None:
    from vptnlp.reports.agreement import AXIS_NAMES, SPAN_NAMES, decimal, verdict

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("onderdeel", no_wrap=True)
    for column in ("alfa", "marge (95%)", "Fleiss’ kappa", "gelijk"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("oordeel", no_wrap=True)
    for axis, found in report.axes.items():
        alpha = found.alpha
        margin = "–" if alpha.low is None else f"{decimal(alpha.low)} tot {decimal(alpha.high)}"
        word = verdict(alpha.value)[1]
        cells = (decimal(alpha.value), margin, decimal(found.fleiss.value), f"{found.equal:.0%}", word)
        table.add_row(AXIS_NAMES[axis], *cells)
    console = console_for(out)
    console.print(table)
    for group, spans in report.spans.items():
        if spans.all.spans:
            exact, overlap = decimal(spans.all.exact.value), decimal(spans.all.overlap.value)
            console.print(
                f"{SPAN_NAMES[group]}: F1 {exact} exact, {overlap} met overlap ({spans.all.spans} gemarkeerd)"
            )
    sharing = sum(bool(annotator.shared) for annotator in report.annotators.values())
    console.print(
        f"{report.shared} van {report.items} berichten met twee of meer antwoorden, van {sharing} annotatoren; "
        f"bij {len(report.disagreements)} verschillen de antwoorden."
    )
