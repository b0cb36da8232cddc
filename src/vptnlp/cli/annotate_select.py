"""`vptnlp annotate sample` and `suspects`: what to annotate next, and what to look at again."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vptnlp.cli.annotate_exchange import Source, _assess, _Problems, _read_tasks, _writing
from vptnlp.cli.common import Model, console_for
from vptnlp.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vptnlp.annotation.selection import Array
    from vptnlp.annotation.suspects import Suspect
    from vptnlp.annotation.tasks import Task
    from vptnlp.corpus import Example

_SHOWN = 20


class By(StrEnum):
    """What makes a message worth annotating; `vptnlp.annotation.selection` says how each is measured."""

    UNCERTAINTY = "uncertainty"
    RARITY = "rarity"
    COMMITTEE = "committee"
    DIVERSITY = "diversity"
    RANDOM = "random"


def sample(
    source: Source,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file of tasks to write (JSONL).")],
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="How many messages.")] = 100,
    by: Annotated[By, typer.Option(help="What makes a message worth annotating.")] = By.UNCERTAINTY,
    model: Model = "vpt-nl-linear",
    committee: Annotated[str | None, typer.Option(metavar="BUNDLE", help="A second model, for --by committee.")] = None,
    labelled: Annotated[
        Path | None, typer.Option(metavar="CORPUS", help="What is labelled already: passed over, and kept away from.")
    ] = None,
    diverse: Annotated[bool, typer.Option(help="Keep away from messages already chosen.")] = True,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draw and of the order among equals.")] = 0,
) -> None:
    """Choose the messages that are most worth annotating; of near-duplicates one."""
    from vptnlp.annotation.selection import select
    from vptnlp.annotation.tasks import from_examples, read_corpus, write_tasks

    if (by is By.COMMITTEE) != (committee is not None):
        raise ConfigError("A committee needs --by committee and a second model with --committee BUNDLE.")
    problems = _Problems()
    tasks = _read_tasks(source, problems)
    known = read_corpus(labelled, problems) if labelled is not None else []
    worth = _usefulness(by, tasks, model, committee, known)
    apart = diverse and by is not By.RANDOM
    chosen = select(tasks, number, worth, labelled=from_examples(known), diverse=apart, seed=seed)
    with _writing(output):
        write_tasks(output, chosen)
    print(f"{output}: {len(chosen)} of {len(tasks)} messages, by {by}")
    problems.exit()


def suspects(
    corpus: Annotated[
        Path, typer.Argument(metavar="CORPUS", help="A corpus folder or JSONL file of labelled messages.")
    ],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="BUNDLE",
            help="A model that was not trained on these labels; else one is learned from them, for each message from the others.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write all suspects here (JSONL); ids and labels, no texts.")
    ] = None,
    tasks: Annotated[
        Path | None, typer.Option("--tasks", help="Write the suspect messages here as tasks, to label again.")
    ] = None,
) -> None:
    """Rank labelled messages by how likely a label is wrong, with the expected gain of a second look (extra 'annotate').

    A model believes what it was taught, so each message is judged by a model that did not learn from it or from its scenario.
    """
    from vptnlp.annotation.least_squares import out_of_sample
    from vptnlp.annotation.suspects import find_suspects
    from vptnlp.annotation.tasks import from_examples, read_corpus, write_tasks
    from vptnlp.corpus import files

    problems = _Problems()
    examples = read_corpus(corpus, problems)
    if not examples:
        raise ConfigError(f"There are no labelled messages in '{corpus}'.")
    asked = {task.id: task for task in from_examples(examples)}
    said = None if model is None else {a.message.id: a.scores for a in _assess(list(asked.values()), model)}
    found = find_suspects(examples, out_of_sample(examples) if said is None else said)
    if output is not None:
        with _writing(output):
            files.write_jsonl(output, (suspect.to_dict() for suspect in found))
    if tasks is not None:
        with _writing(tasks):
            write_tasks(tasks, (asked[suspect.item] for suspect in found))
    gain = sum(s.gain for s in found)
    print(
        f"{len(found)} of {len(examples)} messages are suspect; about {gain:.0f} labels are expected to be wrong in them."
    )
    if found:
        console_for(sys.stdout).print(_table(found[:_SHOWN]))
    problems.exit()


def register(app: typer.Typer) -> None:
    """Add the commands to ``vptnlp annotate``."""
    app.command("sample")(sample)
    app.command("suspects")(suspects)


def _usefulness(
    by: By, tasks: Sequence[Task], model: str, second: str | None, known: Sequence[Example]
) -> Array | None:
    from vptnlp.annotation import selection

    if by in (By.DIVERSITY, By.RANDOM):
        return None
    scores = [a.scores for a in _assess(tasks, model)]
    if second is not None:
        return selection.committee(scores, [a.scores for a in _assess(tasks, second)])
    if by is By.RARITY:
        return selection.rarity(scores, [e.labels for e in known])
    return selection.uncertainty(scores)


def _table(found: Sequence[Suspect]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("message", "gain", "in doubt"):
        table.add_column(column)
    for suspect in found:
        words = [
            f"{d.axis}: {d.label}" + (f" → {d.better}" if d.better else "" if d.given else " (missing?)")
            for d in suspect.doubts
        ]
        words += [f"unlike {', '.join(suspect.unlike)}"] if suspect.unlike else []
        table.add_row(suspect.item, f"{suspect.gain:.2f}", "; ".join(words))
    return table
