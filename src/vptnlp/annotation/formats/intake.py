"""What the formats share on the way in: which answers can be used, and what is wrong with the others.

An answer that cannot be used is left out as a whole, since half an answer would pass for one in which the rest does
not hold. Problems name the task and the annotator, never words of the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.shown import shown
from vptnlp.annotation.judgements import Judgement, from_row
from vptnlp.annotation.tasks import Task
from vptnlp.errors import CorpusError

_LONGEST_NAME = 60
# Tools show and store line breaks and runs of blanks in ways of their own; Label Studio writes a break as backslash and n.
_BLANKS = re.compile(r"\\n|\s+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be imported.

    Attributes:
        task: Id of the task; the place in the file where there is none.
        reason: A full sentence.
        annotator: Whose answer it was; empty where the problem is not one answer's.
    """

    task: str
    reason: str
    annotator: str = ""

    def __str__(self) -> str:
        who = f", annotator '{_short(self.annotator)}'" if self.annotator else ""
        return f"task '{_short(self.task)}'{who}: {self.reason}"


@dataclass(slots=True)
class Imported:
    """What an import gives.

    Attributes:
        judgements: Answers, in the order of the file.
        problems: What could not be used.
        unanswered: How many tasks in the file have no answer: not done yet, or passed over by an annotator.
    """

    judgements: list[Judgement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unanswered: int = 0

    def __iter__(self) -> Iterator[Any]:
        """Unpacks as ``judgements, problems``."""
        return iter((self.judgements, self.problems))


class Intake:
    """Collects the answers of one import.

    Args:
        tasks: What was asked.
    """

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = {task.id: task for task in tasks}
        self._answered: set[tuple[str, str]] = set()
        self.found = Imported()

    def ids(self) -> Iterator[str]:
        """The ids of all tasks."""
        return iter(self._tasks)

    def refuse(self, task: str, reason: str, annotator: str = "") -> None:
        """Note a problem."""
        self.found.problems.append(Problem(task, reason, annotator))

    def task(self, name: object, where: str, text: object = None, form: Callable[[str], str] = shown) -> Task | None:
        """The task that a row of a file is about.

        Args:
            name: The id that the row gives.
            where: The place of the row, for rows without an id.
            text: The text that the row gives; None where the format holds none.
            form: What the format makes of a text as received.

        Returns:
            None, with a problem noted, where there is no such task or its text has changed.
        """
        if not isinstance(name, str):
            self.refuse(where, "The row has no task id, so its answers are left out; export keeps it in every row.")
            return None
        task = self._tasks.get(name)
        if task is None:
            self.refuse(name, "There is no task with this id among the tasks given; its answers are left out.")
            return None
        if text is not None and text not in (task.text, form(task.text)):
            self.refuse(
                name, "The text differs from that of the task, so offsets may have moved; its answers are left out."
            )
            return None
        return task

    def answer(self, task: Task, annotator: str, row: Mapping[str, Any]) -> None:
        """Take one answer.

        Args:
            task: What it is about.
            annotator: Whose it is.
            row: Label keys, ``details``, ``cues`` and where known ``answered_at``, as in a judgement file.
        """
        try:
            judgement = from_row({**row, "id": task.id, "annotator": annotator}, task.text)
        except CorpusError as error:
            self.refuse(task.id, f"{error} The answer is left out.", annotator)
            return
        if (task.id, annotator) in self._answered:
            self.refuse(task.id, "This annotator has answered this task before; the first answer is kept.", annotator)
            return
        self._answered.add((task.id, annotator))
        self.found.judgements.append(judgement)


def check_covered(text: str, start: object, end: object, covered: object) -> None:
    """Check that a span covers the words that the tool says it does.

    Raises:
        CorpusError: It does not: offsets have moved.
    """
    if type(start) is not int or type(end) is not int or not isinstance(covered, str):
        return  # offsets of a wrong type are refused with the answer; without words there is nothing to check
    if _BLANKS.sub("", shown(text)[start:end]) != _BLANKS.sub("", shown(covered)):
        raise CorpusError(
            f"The span {start}-{end} does not cover the words that were marked, so its offsets have moved."
        )


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """`value` as an object of JSON.

    Raises:
        CorpusError: It is none.
    """
    if not isinstance(value, Mapping):
        raise CorpusError(f"The value of '{name}' must be an object.")
    return value


def sequence(value: object, name: str) -> list[Any]:
    """`value` as a list of JSON; None is an empty one.

    Raises:
        CorpusError: It is no list.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise CorpusError(f"The value of '{name}' must be a list.")
    return value


def read_text(path: Path, encoding: str = "utf-8-sig") -> str:
    """A UTF-8 file with its line ends as they are.

    Args:
        path: The file.
        encoding: ``utf-8`` for a file that is the text of a message, in which a byte order mark is a sign like others.

    Raises:
        CorpusError: It cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode(encoding)
    except OSError as error:
        raise CorpusError(f"The file '{path}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CorpusError(f"The file '{path}' is not UTF-8; save it as UTF-8.") from None


def read_lines(path: Path, intake: Intake) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each object of a JSONL file with its place; a damaged line is noted and passed over.

    Raises:
        CorpusError: The file cannot be read.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            intake.refuse(where, "The line is no valid JSON and is left out.")
            continue
        if isinstance(row, dict):
            yield where, row
        else:
            intake.refuse(where, "The line is no JSON object and is left out.")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
