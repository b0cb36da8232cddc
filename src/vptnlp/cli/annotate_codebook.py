"""`vptnlp annotate codebook`: keep the codebook and the training round as the taxonomy has them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from vptnlp.errors import ConfigError


def codebook(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder with codeboek.md and the training round.")
    ] = Path("annotation"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; status 1 where something must change.")
    ] = False,
) -> None:
    """Write the generated parts of the codebook anew, and say what it still lacks.

    Names, definitions and tables come from the taxonomy; the pages and answers of the training round from
    oefenronde.jsonl. What is written by hand stays.
    """
    from vptnlp.annotation import training_round

    if check:
        problems = [
            f"{path}: not current; run 'vptnlp annotate codebook {folder}'." for path in training_round.stale(folder)
        ]
    else:
        problems = []
        try:
            for path in training_round.write_pages(folder):
                print(f"{path}: written")
        except OSError as error:
            raise ConfigError(f"The folder '{folder}' cannot be written: {error.strerror}.") from None
    problems += training_round.faults(folder)
    for problem in problems:
        print(f"vptnlp: {problem}", file=sys.stderr)
    if problems:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command to ``vptnlp annotate``."""
    app.command("codebook")(codebook)
