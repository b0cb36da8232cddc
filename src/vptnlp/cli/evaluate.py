"""`vptnlp evaluate`: measure a bundle on labelled data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vptnlp.cli.common import progress
from vptnlp.errors import ConfigError


def evaluate(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle folder, or the name of a shipped one.")],
    data: Annotated[
        Path | None, typer.Argument(metavar="DATA", help="A corpus folder, or a JSONL file of labelled messages.")
    ] = None,
    suite: Annotated[
        Path | None, typer.Option(help="A functional suite, such as corpora/vpt-check, in place of DATA.")
    ] = None,
    split: Annotated[str, typer.Option(help="Which split of a corpus folder.")] = "test",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for the report.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write the results into the bundle; those on DATA with the model card.")
    ] = False,
) -> None:
    """Measure a bundle on labelled messages, with 95% bootstrap intervals, or on a functional suite."""
    if (data is None) == (suite is None):
        raise ConfigError("Give either DATA or --suite.")
    if suite is not None:
        _run_suite(bundle, suite, output, record)
    elif data is not None:
        _measure(bundle, data, split, output, record)


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


def _measure(bundle: str, data: Path, split: str, output: Path | None, record: bool) -> None:
    from vptnlp.analyzer import Analyzer
    from vptnlp.corpus import load_split, read_examples
    from vptnlp.evaluation import evaluate as measure
    from vptnlp.evaluation import markdown
    from vptnlp.evaluation.card import write_card
    from vptnlp.messages import Message

    examples = load_split(data, split) if data.is_dir() else list(read_examples(data))
    analyzer = Analyzer.load(bundle)
    messages = (Message(e.id, e.text) for e in examples)
    report = measure(examples, list(progress(analyzer.assess_many(messages), "messages")))
    where = f"{data.resolve().name}, {split}" if data.is_dir() else data.name
    title = f"{analyzer.info.name} {analyzer.info.version} on {where}"
    metrics = {"model": analyzer.info.sha256, "data": where, **report.to_dict()}
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
        (output / "report.md").write_text(markdown.document(report, title), encoding="utf-8")
        (output / "errors.json").write_text(json.dumps(report.errors, indent=1) + "\n", encoding="utf-8")
    if record and analyzer.bundle:
        write_card(analyzer.bundle, report, metrics)
    print(f"# {title}\n\n{markdown.headline_table(report)}")
