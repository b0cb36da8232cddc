"""`vptnlp annotate adjudicate`, `serve` and `answers`: answers that differ become one, and the page to label and decide on."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vptnlp.cli.annotate_exchange import TasksOption, _blind_ids, _Problems, _read_tasks, _writing
from vptnlp.cli.common import console_for
from vptnlp.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vptnlp.annotation.adjudication import Case

_SHOWN = 20
Stored = Annotated[Path, typer.Argument(metavar="STORE", help="The file in which answers are kept.")]


def adjudicate(
    judgements: Annotated[
        list[Path], typer.Argument(metavar="JUDGEMENTS...", help="JSONL files of answers, or a corpus with votes.")
    ],
    tasks: TasksOption,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="CORPUS", help="The corpus file to write (JSONL).")],
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was decided: answers with a 'reason' (JSONL).")
    ] = None,
    queue: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what is left to decide here (JSONL), most informative first."),
    ] = None,
) -> None:
    """Make a corpus of answers and decisions, and show what is left to decide.

    Equal answers hold, and so does one that stands alone. Where answers differ a decision is needed. Every message keeps all
    its answers as votes.
    """
    from vptnlp.annotation.adjudication import combine, read_decisions
    from vptnlp.annotation.judgements import read_judgements
    from vptnlp.corpus import files, records

    problems = _Problems()
    asked = _read_tasks(tasks, problems)
    texts = {task.id: task.text for task in asked}
    given = read_judgements(judgements, texts=texts, on_problem=problems)
    decided = read_decisions(decisions, texts, problems) if decisions is not None else []
    outcome = combine(asked, given, decided, problems)
    with _writing(output):
        files.write_jsonl(output, (records.to_compiled(example) for example in outcome.examples))
    if queue is not None:
        with _writing(queue):
            files.write_jsonl(queue, (case.to_dict() for case in outcome.open))
    print(
        f"{output}: {len(outcome.examples)} messages ({outcome.decided} decided, {outcome.agreed} agreed, {outcome.single} with "
        f"one answer); {len(outcome.open)} to decide, {outcome.unanswered} without an answer"
    )
    _print_queue(outcome.open)
    problems.exit()


def serve(
    store: Stored,
    annotator: Annotated[
        str, typer.Option("--annotator", "-a", metavar="NAME", help="Who works; a pseudonym will do.")
    ],
    adjudicates: Annotated[
        bool, typer.Option("--adjudicate", help="Decide where answers differ, with all answers side by side.")
    ] = False,
    tasks: Annotated[
        list[str] | None,
        typer.Option(metavar="TASKS", help="Give these messages to the annotator (or, to decide, add them) first."),
    ] = None,
    answers: Annotated[
        list[Path] | None, typer.Option(metavar="JUDGEMENTS", help="Add these answers first; to decide only.")
    ] = None,
    codebook: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own codebook (Markdown).")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; any free one when 0.")] = 0,
) -> None:
    """Label messages, or decide on answers, in a web page on this machine (needs the extra 'service').

    Open the address that is printed: it holds a key, and nobody else's computer can reach it. Every change is kept at once. An
    annotator sees no answers of others.
    """
    from vptnlp.annotation.judgements import read_judgements
    from vptnlp.annotation.store import Store

    if not annotator.strip():
        raise ConfigError("Give the annotator a name with --annotator; a pseudonym will do.")
    if answers and not adjudicates:
        raise ConfigError("Answers of others are only shown to who decides; add --adjudicate, or leave --answers out.")
    try:
        # By name, not import: the service stands above the command line.
        server = import_module("vptnlp_service.annotate.server")
    except ImportError as error:
        raise MissingExtraError(error.name or "fastapi", "service", "show the annotation page") from None
    problems = _Problems()
    with Store(store) as opened:
        for name in opened.add_tasks(_read_tasks(tasks, problems) if tasks else (), None if adjudicates else annotator):
            problems(f"task '{name}': the store has another text for this id; the task is left out.")
        if answers:
            texts = {task.id: task.text for task in opened.tasks().values()}
            opened.add_answers(read_judgements(answers, texts=texts, on_problem=problems))
        server.serve(
            opened,
            annotator,
            adjudicates=adjudicates,
            port=port,
            codebook=codebook,
            say=lambda line: print(line, flush=True),
        )


def answers(
    store: Stored,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file of judgements to write (JSONL).")],
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the decisions, with their reasons, here (JSONL).")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="The plan.json of 'assign', to turn blind ids back.")
    ] = None,
) -> None:
    """Write the finished answers and decisions of a store, for 'agreement' and 'adjudicate'."""
    from vptnlp.annotation.adjudication import decision_to_row
    from vptnlp.annotation.judgements import write_judgements
    from vptnlp.annotation.store import Store
    from vptnlp.corpus import files

    if not store.is_file():
        raise ConfigError(f"There is no annotation store '{store}'; 'vptnlp annotate serve' makes one.")
    with Store(store) as opened:
        given, decided = opened.judgements(), opened.decisions()
    ids = _blind_ids(plan) if plan is not None else {}
    given = [replace(j, item=ids.get(j.item, j.item)) for j in given]
    decided = [
        replace(d, judgement=replace(d.judgement, item=ids.get(d.judgement.item, d.judgement.item))) for d in decided
    ]
    with _writing(output):
        write_judgements(output, given)
    if decisions is not None:
        with _writing(decisions):
            files.write_jsonl(decisions, (decision_to_row(decision) for decision in decided))
    print(f"{output}: {len(given)} answers of {len({j.annotator for j in given})} annotators; {len(decided)} decisions")


def register(app: typer.Typer) -> None:
    """Add the commands to ``vptnlp annotate``."""
    app.command("adjudicate")(adjudicate)
    app.command("serve")(serve)
    app.command("answers")(answers)


def _print_queue(cases: Sequence[Case]) -> None:
    if not cases:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("to decide", "score", "answers differ on"):
        table.add_column(column)
    for case in cases[:_SHOWN]:
        table.add_row(case.task.id, f"{case.score:.2f}", ", ".join(f"{axis} {d:.2f}" for axis, d in case.axes.items()))
    console_for(sys.stdout).print(table)
    if len(cases) > _SHOWN:
        print(f"and {len(cases) - _SHOWN} more")
