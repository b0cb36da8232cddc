"""What the commands share: opening inputs and outputs, progress, problems."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, TextIO, TypeVar

import typer
from rich.console import Console

from vptnlp.errors import ConfigError, MissingExtraError
from vptnlp.messages import Message

T = TypeVar("T")

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files (txt, csv, tsv, jsonl, json, parquet, xlsx, eml, mbox), folders of these, or - for stdin.",
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; stdout when left out.")]
Model = Annotated[str, typer.Option(help="A bundle folder, or the name of a shipped one.")]
RulesFile = Annotated[Path | None, typer.Option("--rules", help="Your own rules of urgency (TOML).")]
TextColumn = Annotated[str | None, typer.Option(help="The column that holds the text, for csv, tsv, xlsx and parquet.")]


class Format(StrEnum):
    """How assessments are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


FormatOption = Annotated[Format | None, typer.Option("--format", "-f", help="Default: by the output's name.")]


def need(package: str, extra: str, purpose: str) -> None:
    """Say which extra is missing before the work begins.

    Raises:
        MissingExtraError: The package is not installed.
    """
    try:
        import_module(package)
    except ImportError:
        raise MissingExtraError(package, extra, purpose) from None


def choose_format(wanted: Format | None, output: Path | None) -> Format:
    """The format asked for, else the one the output's name says, else a table.

    Raises:
        ConfigError: The output's name says nothing and no format is given.
    """
    if wanted is not None:
        return wanted
    if output is None:
        return Format.TABLE
    suffix = output.suffix.removeprefix(".").lower()
    if suffix in set(Format):
        return Format(suffix)
    raise ConfigError(f"The format of '{output}' is not clear; add --format with one of: {', '.join(Format)}.")


class Inbox:
    """Reads messages, prints problems to stderr as they come, and remembers them."""

    def __init__(self, inputs: Sequence[str], text_column: str | None = None) -> None:
        self._inputs = inputs
        self._text_column = text_column
        self.problems: list[str] = []
        self.messages = 0

    def read(self) -> Iterator[Message]:
        """All messages in input order."""
        from vptnlp import readers

        def note(problem: readers.Problem) -> None:
            self.problems.append(str(problem))
            print(f"vptnlp: {problem}", file=sys.stderr)

        for message in readers.read(self._inputs, note, text_column=self._text_column):
            self.messages += 1
            yield message

    def exit(self) -> None:
        """End the command with status 1 where something could not be read.

        Raises:
            typer.Exit: Status 1.
        """
        if self.problems:
            raise typer.Exit(1)


@contextmanager
def opened(output: Path | None, *, private: bool = False) -> Iterator[TextIO]:
    """Open the output file, or stdout.

    Args:
        output: The file; None for stdout.
        private: Whether the file must be readable for its owner only, from before the first word is in it.

    Raises:
        ConfigError: The file cannot be written.
    """
    if output is None:
        yield sys.stdout
        return
    try:
        if private:
            output.touch(0o600)
            output.chmod(0o600)  # it may have been there
        with output.open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise ConfigError(f"The output '{output}' cannot be written: {error.strerror}.") from None


def console_for(out: TextIO) -> Console:
    """A console that writes plain, wide lines where `out` is no terminal."""
    return Console(file=out, highlight=False, width=None if out.isatty() else 120)


def progress(items: Iterable[T], unit: str) -> Iterator[T]:
    """Show a count on stderr for work over two seconds; none where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    import time

    from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn
    from rich.progress import TextColumn as Column

    started = time.monotonic()
    columns = (SpinnerColumn(), Column("{task.completed} " + unit), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(unit, total=None)
    shown = False
    try:
        for item in items:
            if not shown and time.monotonic() - started > 2:
                bar.start()
                shown = True
            bar.advance(task)
            yield item
    finally:
        if shown:
            bar.stop()
