"""`vptnlp corpus build`: from answers, decisions and corrections to the next version of a corpus."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vptnlp.cli.annotate_exchange import _Problems, _read_tasks, _writing
from vptnlp.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vptnlp.annotation.adjudication import Decision
    from vptnlp.annotation.judgements import Judgement
    from vptnlp.annotation.next_version import Built
    from vptnlp.annotation.tasks import Task

_SHOWN = 5


def build(
    output: Annotated[Path, typer.Argument(metavar="FOLDER", help="The corpus folder to write; it must not exist.")],
    tasks: Annotated[
        list[str] | None,
        typer.Option("--tasks", metavar="TASKS", help="The messages with all their columns, as 'redact' wrote them."),
    ] = None,
    answers: Annotated[
        list[Path] | None, typer.Option("--answers", metavar="JUDGEMENTS", help="Answers (JSONL); may be repeated.")
    ] = None,
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", metavar="FILE", help="What was decided (JSONL).")
    ] = None,
    corrections: Annotated[
        list[Path] | None, typer.Option("--corrections", metavar="FILE", help="What the triage desk downloads (JSONL).")
    ] = None,
    earlier: Annotated[
        Path | None, typer.Option("--from", metavar="CORPUS", help="The version before this one.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of a new corpus; the folder's when left out.")] = None,
    number: Annotated[
        str | None, typer.Option("--version", help="Its version; 1.0.0, or one further than the version before.")
    ] = None,
    majority: Annotated[
        bool, typer.Option("--majority", help="Of three or more answers that differ, take what most say.")
    ] = False,
    remove: Annotated[Path | None, typer.Option(metavar="FILE", help="Ids to take out for good, one a line.")] = None,
    group_by: Annotated[
        list[str] | None,
        typer.Option(
            "--group-by",
            metavar="COLUMN",
            help="Keep messages with the same value in one split. Default: scenario, thread, from, subject.",
        ),
    ] = None,
    shares: Annotated[
        tuple[float, float, float], typer.Option(help="Shares of train, dev and test in what is new.")
    ] = (0.6, 0.2, 0.2),
    queue: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what is left to decide here (JSONL).")
    ] = None,
) -> None:
    """Make a corpus of answers, or its next version, in a new folder that only you can read.

    A decision holds before answers, equal answers hold, and so does one that stands alone. A message keeps its split in
    every later version; near-duplicates, threads and senders are never divided over two.
    """
    from vptnlp.annotation.majority import majority as most
    from vptnlp.annotation.next_version import GROUP_BY, empty
    from vptnlp.annotation.next_version import build as make
    from vptnlp.corpus import files
    from vptnlp.corpus.version import next_number, read_version, write_version

    if abs(sum(shares) - 1) > 1e-6 or min(shares) < 0 or shares[0] == 0:
        raise ConfigError("The three --shares (train, dev, test) must add up to 1, and train needs one.")
    if output.exists():
        raise ConfigError(f"'{output}' exists; a version is never written over. Name a new folder.")
    if earlier is not None and name is not None:
        raise ConfigError("A later version keeps the name of its corpus; leave --name out.")
    if not (answers or decisions or corrections or (earlier and remove)):
        raise ConfigError("Give what is new: --answers, --decisions, --corrections, or --remove with --from.")
    problems = _Problems()
    start = read_version(earlier) if earlier is not None else empty(name or output.resolve().name)
    number = number or (next_number(start.number) if earlier is not None else "1.0.0")
    asked, given, decided = _inputs(
        tasks, answers, decisions, corrections, {e.id: e.text for e in start.examples.values()}, problems
    )
    built = make(
        start,
        asked,
        given,
        decided,
        problems,
        number=number,
        remove=_ids(remove),
        settle=most if majority else None,
        group_by=group_by or GROUP_BY,
        shares=dict(zip(files.SPLITS, shares, strict=True)),
    )
    if earlier is not None and not (built.added or built.changed or built.revoted or built.removed or built.disputed):
        raise ConfigError(f"There is nothing new beside '{earlier}'; no version was written.")
    write_version(output, built.version, start if earlier is not None else None, built.changelog())
    if queue is not None:
        with _writing(queue):
            files.write_jsonl(queue, (case.to_dict() for case in built.open))
    _report(output, built)
    problems.exit()


def register(app: typer.Typer) -> None:
    """Add the command to ``vptnlp corpus``."""
    app.command("build")(build)


def _inputs(
    tasks: Sequence[str] | None,
    answers: Sequence[Path] | None,
    decisions: Sequence[Path] | None,
    corrections: Sequence[Path] | None,
    known: dict[str, str],
    problems: _Problems,
) -> tuple[list[Task], list[Judgement], list[Decision]]:
    """Messages, answers and decisions of all files."""
    from vptnlp.annotation.adjudication import read_decisions
    from vptnlp.annotation.corrections import read_corrections
    from vptnlp.annotation.judgements import read_judgements

    asked = _read_tasks(tasks, problems) if tasks else []
    texts = {task.id: task.text for task in asked} | known
    given = read_judgements(answers, on_problem=problems) if answers else []
    decided = [decision for path in decisions or () for decision in read_decisions(path, texts, problems)]
    corrected, more = read_corrections(corrections or (), texts, problems)
    seen = {(j.item, j.annotator) for j in more}
    # A correction is a second look, so it goes before an answer that the same person gave before.
    return [*asked, *corrected], [*(j for j in given if (j.item, j.annotator) not in seen), *more], decided


def _ids(path: Path | None) -> set[str]:
    if path is None:
        return set()
    try:
        return set(filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())))
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The file '{path}' cannot be read as text; give ids, one a line.") from None


def _report(output: Path, built: Built) -> None:
    version = built.version
    sizes = ", ".join(f"{split} {len(version.split(split))}" for split in ("train", "dev", "test"))
    print(f"{output}: {version.name} {version.number}, {len(version.examples)} messages ({sizes})")
    print(
        f"{len(built.added)} added, {len(built.changed)} changed, {len(built.removed)} removed, {len(built.revoted)} with other "
        f"answers and the same labels; {len(built.open)} to decide, {built.unanswered} without an answer"
    )
    for what, ids in (
        ("changed", built.changed),
        ("removed", built.removed),
        ("disputed, labels kept", built.disputed),
    ):
        if ids:
            print(
                f"{what}: {', '.join(ids[:_SHOWN])}" + (f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else "")
            )
    for remark in built.remarks:
        print(f"note: {remark}", file=sys.stderr)
