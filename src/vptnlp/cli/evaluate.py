"""`vptnlp evaluate`: measure a bundle on labelled data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vptnlp.cli.common import progress


def evaluate(
    bundle: Annotated[str, typer.Argument(metavar="BUNDLE", help="A bundle folder, or the name of a shipped one.")],
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="A corpus folder, or a JSONL file of labelled messages.")
    ],
    split: Annotated[str, typer.Option(help="Which split of a corpus folder.")] = "test",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for the report.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Write metrics and model card into the bundle.")] = False,
) -> None:
    """Measure a bundle on labelled messages, with 95% bootstrap intervals."""
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
