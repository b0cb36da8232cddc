"""`vptnlp annotate export`, `import` and `assign`: tasks to annotators and their answers back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vptnlp.cli.common import Inbox, progress
from vptnlp.errors import ConfigError

if TYPE_CHECKING:
    from vptnlp.annotation.judgements import Judgement
    from vptnlp.annotation.tasks import Task
    from vptnlp.messages import Assessment

Source = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...", help="A corpus folder, JSONL files of labelled messages, or any files of messages."
    ),
]
TasksOption = Annotated[
    list[str], typer.Option("--tasks", metavar="TASKS", help="What was exported; may be given several times.")
]


class ExchangeFormat(StrEnum):
    """The formats of other tools; `vptnlp.annotation.formats` has the same, but importing it takes time."""

    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    BRAT = "brat"
    INCEPTION = "inception"
    CONLL = "conll"
    SPACY = "spacy"
    DATASETS = "datasets"


class _Problems:
    """Prints problems to stderr as they come, and remembers whether there were any."""

    def __init__(self) -> None:
        self.any = False

    def __call__(self, problem: object) -> None:
        self.any = True
        print(f"vptnlp: {problem}", file=sys.stderr)

    def exit(self) -> None:
        """End the command with status 1 where there were problems."""
        if self.any:
            raise typer.Exit(1)


def export_tasks(
    source: Source,
    to: Annotated[ExchangeFormat, typer.Option("--to", help="The format.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file or folder to write.")],
    predictions: Annotated[
        str | None, typer.Option(metavar="BUNDLE", help="Start from what this model says: a bundle folder or name.")
    ] = None,
    answers: Annotated[
        list[Path] | None, typer.Option(metavar="JUDGEMENTS", help="Write these answers along, such as to adjudicate.")
    ] = None,
) -> None:
    """Write messages as tasks for an annotation tool."""
    from vptnlp.annotation.formats import format_named
    from vptnlp.annotation.judgements import read_judgements
    from vptnlp.annotation.tasks import suggestion

    problems = _Problems()
    tasks = _read_tasks(source, problems)
    suggestions = [suggestion(a) for a in _assess(tasks, predictions)] if predictions else []
    texts = {task.id: task.text for task in tasks}
    given = read_judgements(answers, texts=texts, on_problem=problems) if answers else []
    with _writing(output):
        format_named(to).export(tasks, output, given, suggestions)
    print(f"{output}: {len(tasks)} tasks, {len(suggestions)} suggestions, {len(given)} answers")
    problems.exit()


def import_answers(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="What the tool exported: files, or a folder for brat.")
    ],
    source: Annotated[ExchangeFormat, typer.Option("--from", help="The format.")],
    tasks: TasksOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file of judgements to write (JSONL).")],
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who answered, where the file does not say.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="The plan.json of 'assign', to turn blind ids back.")
    ] = None,
) -> None:
    """Read the answers of annotators back; what cannot be used is named by task, the rest is imported."""
    from vptnlp.annotation.formats import format_named
    from vptnlp.annotation.judgements import write_judgements

    problems = _Problems()
    ids = _blind_ids(plan) if plan is not None else {}
    asked = _read_tasks(tasks, problems)
    judgements: dict[tuple[str, str], Judgement] = {}
    unanswered = 0
    for path in inputs:
        found = format_named(source).import_(path, asked, annotator)
        for problem in found.problems:
            problems(f"{path}: {problem}")
        unanswered += found.unanswered
        for j in found.judgements:
            if (j.item, j.annotator) in judgements:
                problems(
                    f"{path}: task '{j.item}', annotator '{j.annotator}': an earlier file has an answer too; it is kept."
                )
            judgements.setdefault((j.item, j.annotator), j)
    with _writing(output):
        write_judgements(output, (replace(j, item=ids.get(j.item, j.item)) for j in judgements.values()))
    names = {annotator for _, annotator in judgements}
    print(f"{output}: {len(judgements)} answers of {len(names)} annotators; {unanswered} tasks without an answer")
    problems.exit()


def assign_tasks(
    source: Source,
    annotator: Annotated[list[str], typer.Option("--annotator", "-a", help="A name; give it for each annotator.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")],
    overlap: Annotated[float, typer.Option(min=0, max=1, help="Share of the tasks that several annotators get.")] = 0.2,
    raters: Annotated[int, typer.Option(min=2, help="How many annotators get a shared task.")] = 2,
    size: Annotated[int, typer.Option(min=1, help="Tasks in a batch.")] = 50,
    gold: Annotated[
        Path | None, typer.Option(metavar="CORPUS", help="Labelled messages to mix in, to check annotators by.")
    ] = None,
    gold_in_batch: Annotated[int, typer.Option(min=0, help="How many of those in each batch.")] = 3,
    model: Annotated[
        str | None, typer.Option(metavar="BUNDLE", help="Stratify by the hostility that this model gives.")
    ] = None,
    strata: Annotated[
        str | None, typer.Option(metavar="KEY", help="Stratify by this key of the messages, such as 'channel'.")
    ] = None,
    take: Annotated[
        int | None, typer.Option(min=1, help="Draw this many tasks first, equally many of each stratum.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all draws.")] = 0,
) -> None:
    """Divide messages over annotators in blind batches.

    Writes ANNOTATOR/batch-01.jsonl and so on with texts and blind ids alone. For the coordinator: plan.json, by
    which 'vptnlp annotate import --plan' gives the ids back, and the answers of --gold as gold.jsonl; 'vptnlp
    annotate agreement' on that with the answers given shows how each annotator did.
    """
    from vptnlp.annotation import assignment
    from vptnlp.annotation.formats.shown import file_name, folder
    from vptnlp.annotation.judgements import write_judgements
    from vptnlp.annotation.tasks import from_examples, gold_of, read_corpus, write_tasks

    if model is not None and strata is not None:
        raise ConfigError("Choose between --model and --strata.")
    problems = _Problems()
    tasks = _read_tasks(source, problems)
    known = read_corpus(gold, problems) if gold is not None else []
    groups = _strata(tasks, model, strata)
    if take is not None:
        tasks = assignment.sample(tasks, groups or dict.fromkeys((t.id for t in tasks), ""), take, seed=seed)
    plan = assignment.assign(
        tasks,
        annotator,
        overlap=overlap,
        raters=raters,
        size=size,
        gold=from_examples(known),
        gold_in_batch=gold_in_batch,
        strata=groups,
        seed=seed,
    )
    place = folder(output)
    with _writing(output):
        for batch in plan.batches:
            own = folder(place / file_name(batch.annotator))
            write_tasks(own / f"batch-{batch.number:02}.jsonl", plan.blind(batch))
        if plan.gold:
            write_judgements(place / "gold.jsonl", (j for j in gold_of(known) if j.item in plan.gold))
        content = json.dumps(plan.to_dict(), ensure_ascii=False, indent=1)
        (place / "plan.json").write_text(content + "\n", encoding="utf-8", newline="\n")
    shared = sum(len(who) > 1 for who in plan.raters.values())
    print(f"{output}: {len(plan.raters)} tasks, {shared} of them shared, in {len(plan.batches)} batches")
    problems.exit()


def register(app: typer.Typer) -> None:
    """Add the commands to ``vptnlp annotate``."""
    app.command("export")(export_tasks)
    app.command("import")(import_answers)
    app.command("assign")(assign_tasks)


def _read_tasks(sources: Sequence[str], problems: _Problems) -> list[Task]:
    """Tasks from corpora and from any other files, each id once.

    Raises:
        ConfigError: There are none.
    """
    from vptnlp.annotation.tasks import from_examples, from_messages, is_corpus, read_corpus

    found: dict[str, Task] = {}
    repeated = set()

    def add(tasks: Iterable[Task]) -> None:
        for task in tasks:
            if task.id in found and found[task.id].text != task.text:
                repeated.add(task.id)
            found.setdefault(task.id, task)

    corpora = [source for source in sources if source != "-" and is_corpus(Path(source))]
    for source in corpora:
        add(from_examples(read_corpus(Path(source), problems)))
    others = [source for source in sources if source not in corpora]
    if others:
        inbox = Inbox(others)
        add(from_messages(inbox.read()))
        problems.any |= bool(inbox.problems)
    for name in sorted(repeated):
        problems(f"task '{name}': the id belongs to two messages; the first is kept.")
    if not found:
        raise ConfigError("There are no messages in the sources given.")
    return list(found.values())


def _assess(tasks: Sequence[Task], model: str) -> Iterable[Assessment]:
    from vptnlp.analyzer import Analyzer
    from vptnlp.messages import Message

    analyzer = Analyzer.load(model)
    return progress(analyzer.assess_many(Message(task.id, task.text) for task in tasks), "berichten")


def _strata(tasks: Sequence[Task], model: str | None, key: str | None) -> Mapping[str, str] | None:
    if model is not None:
        from vptnlp.annotation.assignment import hostility_strata

        return hostility_strata({a.message.id: a.scores.hostile for a in _assess(tasks, model)})
    if key is None:
        return None
    if missing := [task.id for task in tasks if key not in task.meta]:
        raise ConfigError(f"{len(missing)} tasks have no key '{key}', the first is '{missing[0]}'.")
    return {task.id: str(task.meta[key]) for task in tasks}


def _blind_ids(plan: Path) -> dict[str, str]:
    """Blind id to task id, of a plan.

    Raises:
        ConfigError: The file is no plan.
    """
    try:
        ids = json.loads(plan.read_text(encoding="utf-8"))["ids"]
    except (OSError, ValueError, KeyError, TypeError):
        ids = None
    if not isinstance(ids, dict):
        raise ConfigError(f"The file '{plan}' is no plan; name the plan.json that 'vptnlp annotate assign' wrote.")
    return {str(blind): str(task) for blind, task in ids.items()}


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    """Turns an error of the file system into a sentence that names the output."""
    try:
        yield
    except OSError as error:
        raise ConfigError(f"The output '{output}' cannot be written: {error.strerror}.") from None
