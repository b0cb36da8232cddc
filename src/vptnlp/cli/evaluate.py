"""`vptnlp evaluate`: measure a bundle on labelled data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from vptnlp.cli.common import need, opened, progress
from vptnlp.errors import ConfigError

if TYPE_CHECKING:
    from vptnlp.analyzer import Analyzer
    from vptnlp.corpus import Example
    from vptnlp.evaluation import Comparison, Diagnostics, EvaluationReport
    from vptnlp.messages import Assessment


class ReportFormat(StrEnum):
    """How an evaluation is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


_SUFFIXES = {".json": ReportFormat.JSON, ".md": ReportFormat.MARKDOWN, ".html": ReportFormat.HTML}


def evaluate(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle folder, or the name of a shipped one.")],
    data: Annotated[
        Path | None, typer.Argument(metavar="DATA", help="A corpus folder, or a JSONL file of labelled messages.")
    ] = None,
    suite: Annotated[
        Path | None, typer.Option(help="A functional suite, such as corpora/vpt-check, in place of DATA.")
    ] = None,
    split: Annotated[str, typer.Option(help="Which split of a corpus folder.")] = "test",
    format: Annotated[
        ReportFormat | None, typer.Option("--format", "-f", help="Write one report, to --output or stdout.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file (.json, .md, .html), or a folder for the report in every format."),
    ] = None,
    other: Annotated[
        str | None, typer.Option("--compare", metavar="OTHER_BUNDLE", help="Hold BUNDLE against this one.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="Mistakes to list for each axis, by id.")] = 20,
    with_text: Annotated[bool, typer.Option("--with-text", help="Show the texts of the mistakes (HTML only).")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Write the results into the bundle; those on DATA with the model card.")
    ] = False,
) -> None:
    """Measure a bundle on labelled messages, with 95% bootstrap intervals, or on a functional suite."""
    if (data is None) == (suite is None):
        raise ConfigError("Give either DATA or --suite.")
    need("sklearn", "fit", "measure a model")
    if suite is not None:
        if other is not None or with_text or format not in (None, ReportFormat.TABLE):
            raise ConfigError(
                "The options --compare, --with-text and --format are for DATA; leave them out with --suite."
            )
        _run_suite(bundle, suite, output, record)
    elif data is not None:
        chosen, folder = _choose(format, output)
        if with_text and chosen is not ReportFormat.HTML:
            raise ConfigError("Only the HTML report can show texts; add --format html, or leave --with-text out.")
        run = _measure(bundle, data, split, other, errors)
        if record:
            run.record()
        if folder is not None:
            run.write_folder(folder)
            output = None
        with opened(output) as out:
            run.write(out, chosen, with_text)


def _choose(wanted: ReportFormat | None, output: Path | None) -> tuple[ReportFormat, Path | None]:
    """The format of what goes to a file or stdout, and the folder for all formats where that is asked for."""
    if wanted is not None or output is None:
        return wanted or ReportFormat.TABLE, None
    if output.suffix.lower() in _SUFFIXES and not output.is_dir():
        return _SUFFIXES[output.suffix.lower()], None
    return ReportFormat.TABLE, output


def _run_suite(bundle: str, folder: Path, output: Path | None, record: bool) -> None:
    from vptnlp.analyzer import Analyzer
    from vptnlp.evaluation.suite import load_suite, run_suite

    analyzer = Analyzer.load(bundle)
    report = run_suite(load_suite(folder), analyzer.assess_many)
    result = {"model": analyzer.info.sha256, "suite": folder.resolve().name, **report.to_dict()}
    written = json.dumps(result, indent=1) + "\n"
    if record and analyzer.bundle:
        (analyzer.bundle.path / "suite.json").write_text(written, encoding="utf-8")
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "suite.json").write_text(written, encoding="utf-8")
        (output / "failures.json").write_text(json.dumps(report.failures, indent=1) + "\n", encoding="utf-8")
    print(f"# {analyzer.info.name} {analyzer.info.version} on {folder.resolve().name}\n\n{report.markdown()}")


@dataclass(frozen=True, slots=True)
class _Run:
    """A bundle measured on labelled messages, ready to be written."""

    analyzer: Analyzer
    data: str
    examples: Sequence[Example]
    report: EvaluationReport
    diagnostics: Diagnostics
    comparison: Comparison | None

    @property
    def title(self) -> str:
        return f"{self.analyzer.info.name} {self.analyzer.info.version} on {self.data}"

    def metrics(self) -> dict[str, Any]:
        """What a bundle keeps of a run."""
        return {"model": self.analyzer.info.sha256, "data": self.data, **self.report.to_dict()}

    def record(self) -> None:
        from vptnlp.evaluation.card import write_card

        if self.analyzer.bundle:
            write_card(self.analyzer.bundle, self.report, self.metrics())

    def write_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder '{folder}' cannot be made: {error.strerror}.") from None
        for name, content in (("metrics.json", self.metrics()), ("errors.json", self.report.errors)):
            (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        for suffix, format in _SUFFIXES.items():
            with opened(folder / f"report{suffix}") as out:
                self.write(out, format)

    def write(self, out: TextIO, format: ReportFormat, with_text: bool = False) -> None:
        from vptnlp.evaluation import markdown

        match format:
            case ReportFormat.JSON:
                extra = {"comparison": self.comparison.to_dict()} if self.comparison else {}
                json.dump({**self.metrics(), "diagnostics": self.diagnostics.to_dict(), **extra}, out, indent=1)
                out.write("\n")
            case ReportFormat.MARKDOWN:
                out.write(markdown.document(self.report, self.title, self.diagnostics, self.comparison))
            case ReportFormat.HTML:
                from vptnlp.reports.evaluation import write_evaluation

                write_evaluation(
                    self.report,
                    self.diagnostics,
                    out,
                    model=self.analyzer.info,
                    data=self.data,
                    comparison=self.comparison,
                    texts={e.id: e.text for e in self.examples} if with_text else None,
                    made=datetime.now().astimezone(),
                )
            case ReportFormat.TABLE:
                out.write(f"# {self.title}\n\n{markdown.headline_table(self.report)}\n")
                if self.comparison:
                    out.write(f"\n## Beside {self.comparison.second}\n\n{markdown.difference_table(self.comparison)}\n")


def _measure(bundle: str, data: Path, split: str, other: str | None, errors: int) -> _Run:
    from vptnlp.analyzer import Analyzer
    from vptnlp.corpus import load_split, read_examples
    from vptnlp.evaluation import compare, diagnose
    from vptnlp.evaluation import evaluate as measure

    examples = load_split(data, split) if data.is_dir() else list(read_examples(data))
    analyzer = Analyzer.load(bundle)
    rival = None if other is None else Analyzer.load(other)
    given = _assess(analyzer, examples)
    comparison = None
    if rival is not None:
        names = _names(analyzer, rival)
        comparison = compare(examples, given, _assess(rival, examples), names=names)
    return _Run(
        analyzer,
        f"{data.resolve().name}, {split}" if data.is_dir() else data.name,
        examples,
        measure(examples, given),
        diagnose(examples, given, mistakes=errors),
        comparison,
    )


def _assess(analyzer: Analyzer, examples: Sequence[Example]) -> list[Assessment]:
    from vptnlp.messages import Message

    return list(progress(analyzer.assess_many(Message(e.id, e.text) for e in examples), "messages"))


def _names(first: Analyzer, second: Analyzer) -> tuple[str, str]:
    """Name and version of two models, with the head of the hash where these are equal."""
    names = [f"{a.info.name} {a.info.version}" for a in (first, second)]
    if names[0] == names[1]:
        names = [f"{name} ({a.info.sha256[:8]})" for name, a in zip(names, (first, second), strict=True)]
    return names[0], names[1]
