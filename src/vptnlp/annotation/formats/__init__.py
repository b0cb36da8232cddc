"""Formats of other annotation tools: one module each, with ``export`` and ``import_``.

Every ``export(tasks, target, answers=(), suggestions=())`` writes tasks, where given with the answers of annotators
and with suggestions of a model to start from. Every ``import_(path, tasks, annotator=None)`` gives an `Imported`.
What a format cannot hold stands in its module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from vptnlp.annotation.formats.intake import Imported, Problem
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.errors import ConfigError

__all__ = ["FORMATS", "Imported", "Problem", "format_named"]


FORMATS = ("label-studio", "doccano", "prodigy", "brat", "inception", "conll", "spacy", "datasets")
"""The formats, by the name that the command line gives them."""


class Format(Protocol):
    """What each module of a format has."""

    def export(
        self,
        tasks: Iterable[Task],
        target: Path,
        answers: Sequence[Judgement] = (),
        suggestions: Sequence[Judgement] = (),
    ) -> None:
        """Write tasks to `target`, a file or a folder as the format has it."""

    def import_(self, path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
        """Read answers about `tasks`; `annotator` names who answered where the file does not say."""


def format_named(name: str) -> Format:
    """The module of a format; optional packages are imported only when it is used.

    Raises:
        ConfigError: There is no such format.
    """
    if name not in FORMATS:
        raise ConfigError(f"There is no format '{name}'; choose one of: {', '.join(FORMATS)}.")
    return cast(Format, import_module(f"{__name__}.{name.replace('-', '_')}"))
