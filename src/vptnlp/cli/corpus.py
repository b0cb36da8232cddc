"""`vptnlp corpus`: validate, count, split and convert labelled messages."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vptnlp import checksums
from vptnlp.cli import corpus_build
from vptnlp.corpus import Example, compile_corpus, files, lexicon, records, rules, similarity, stats
from vptnlp.errors import ConfigError

app = typer.Typer(help="Build, validate, count, split and convert labelled messages.", no_args_is_help=True)
corpus_build.register(app)

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="JSONL files of labelled messages, or a corpus folder.")
]


@app.command()
def validate(
    paths: Paths,
    hints: Annotated[bool, typer.Option(help="Also show signs of slips that the rules cannot decide.")] = False,
) -> None:
    """Check format, rules of the taxonomy, repeats and near-duplicates.

    In a folder that 'build' wrote, near-duplicates may stand in one split, for real mail has them; not in two.
    """
    faults: list[str] = []
    examples = _read(paths, faults)
    places = {
        e.id: split
        for path in paths
        if _is_built(path)
        for split in files.SPLITS
        for e in files.load_split(path, split)
    }
    seen: Counter[str] = Counter(e.id for e in examples)
    faults += [f"{name}: the id occurs {n} times." for name, n in seen.items() if n > 1]
    for example in examples:
        faults += [f"{example.id}: {fault}" for fault in rules.errors(example)]
        if hints:
            faults += [f"{example.id}: {hint} (hint)" for hint in rules.hints(example)]
    faults += [
        f"{pair.second}: too much like {pair.first} (similarity {pair.similarity:.2f})."
        for pair in similarity.near_duplicates((e.id, e.text) for e in examples)
        if pair.first not in places or places[pair.first] != places.get(pair.second)
    ]
    for path in paths:
        faults += checksums.faults(path) if _is_built(path) else []
    splits: dict[str, set[str]] = {}
    for example in examples:
        if example.id in places:
            splits.setdefault(example.scenario, set()).add(places[example.id])
    faults += [
        f"The scenario '{name}' stands in {' and '.join(sorted(held))}."
        for name, held in splits.items()
        if len(held) > 1
    ]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(examples)} messages checked, {len(faults)} remarks.")
    if faults:
        raise typer.Exit(1)


@app.command("stats")
def show_stats(paths: Paths, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Count labels, spans, lengths and sources."""
    counted = stats.count(_read(paths)).to_dict()
    if as_json:
        print(json.dumps(counted, ensure_ascii=False, indent=1))
        return
    for name, value in counted.items():
        if isinstance(value, dict):
            print(f"{name}: " + ", ".join(f"{key} {n}" for key, n in value.items()))
        else:
            print(f"{name}: {value}")


@app.command("lexicon")
def show_lexicon(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A corpus folder with a lexicon.csv.")],
    every: Annotated[bool, typer.Option("--all", help="Show every entry, not only those that lack uses.")] = False,
) -> None:
    """Count how often the words of the lexicon occur in hostile and in harmless messages."""
    covered = lexicon.cover(lexicon.read_lexicon(corpus / lexicon.FILE), _read([corpus]))
    for row in covered:
        if every or not row.enough:
            print(f"{row.entry.entry}: {row.hostile} hostile, {row.harmless} harmless")
    print(f"{sum(row.enough for row in covered)} of {len(covered)} entries occur often enough.")


@app.command()
def split(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A corpus folder with authoring files.")],
) -> None:
    """Compile the authoring files of a corpus folder into its train, dev and test splits."""
    for name, count in compile_corpus(corpus).items():
        print(f"{name}: {count} messages")


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(help="A JSONL file, in authoring or compiled form.")],
    target: Annotated[Path, typer.Argument(help="The file to write: .jsonl, or .parquet (extra 'parquet').")],
    to: Annotated[str, typer.Option(help="'compiled' (offsets) or 'authoring' (inline markup).")] = "compiled",
) -> None:
    """Convert labelled messages between inline markup and offsets."""
    forms = {"compiled": records.to_compiled, "authoring": records.to_authoring}
    if to not in forms:
        raise ConfigError(f"The form '{to}' is unknown; choose one of: {', '.join(forms)}.")
    rows = [forms[to](example) for example in _read([source])]
    if target.suffix == ".parquet":
        files.write_parquet(target, rows)
    else:
        files.write_jsonl(target, rows)
    print(f"{target}: {len(rows)} messages")


def _read(paths: Sequence[Path], faults: list[str] | None = None) -> list[Example]:
    found: list[Example] = []
    for path in paths:
        members = [path]
        if path.is_dir():
            members = files.parts(path) or [files.split_path(path, split) for split in files.SPLITS]
        for member in members:
            found += files.read_examples(member, faults.append if faults is not None else None)
    return found


def _is_built(path: Path) -> bool:
    """Whether it is a corpus folder with splits and without authoring files."""
    return path.is_dir() and not files.parts(path)
