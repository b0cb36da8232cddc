"""What annotators are asked: messages without labels, and what a model suggests for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vptnlp.annotation.judgements import Judgement
from vptnlp.corpus import Example, files
from vptnlp.errors import CorpusError
from vptnlp.messages import Assessment, Message

OnProblem = Callable[[str], None]

GOLD = "gold"
"""The annotator name of known answers."""

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Task:
    """One message to annotate.

    Attributes:
        id: Id of the message, unique within a set of tasks.
        text: The text as received.
        meta: Further keys of the source, for strata. Formats do not write them: they may give the answer away.
    """

    id: str
    text: str = field(repr=False)
    meta: Mapping[str, Any] = field(default_factory=lambda: _EMPTY, repr=False)


def from_messages(messages: Iterable[Message]) -> Iterator[Task]:
    """Tasks from the messages that `vptnlp.readers` gives."""
    return (Task(message.id, message.text, message.meta) for message in messages)


def from_examples(examples: Iterable[Example]) -> Iterator[Task]:
    """Tasks from corpus messages, without their labels, spans and votes."""
    for e in examples:
        about = {"scenario": e.scenario, "channel": e.channel, "register": e.register, "region": e.region}
        yield Task(e.id, e.text, about | {"category": e.category})


def gold_of(examples: Iterable[Example]) -> list[Judgement]:
    """The adjudicated labels of corpus messages, as the answers of an annotator named `GOLD`."""
    return [Judgement(e.id, GOLD, e.labels, e.details, e.cues) for e in examples]


def suggestion(assessment: Assessment) -> Judgement:
    """What a model said about a message, as a judgement by the model's name."""
    return Judgement(
        assessment.message.id,
        f"{assessment.model.name} {assessment.model.version}",
        assessment.labels,
        tuple(sorted(assessment.details)),
        tuple(sorted(assessment.cues)),
    )


def is_corpus(path: Path) -> bool:
    """Whether a path is a corpus folder, or a JSONL file whose first row is a labelled message."""
    if path.is_dir():
        return bool(_members(path))
    if path.suffix.lower() != ".jsonl":
        return False
    try:
        first = next(files.read_rows(path), None)
    except CorpusError:
        return False
    return first is not None and {"id", "scenario", "category", "text"} <= first[1].keys()


def read_corpus(path: Path, on_problem: OnProblem) -> list[Example]:
    """The messages of a corpus file or folder, each id once.

    Args:
        path: A corpus folder or a JSONL file of labelled messages.
        on_problem: Called with a full sentence for each row that cannot be read; the rest is read.

    Raises:
        CorpusError: A file cannot be read.
    """
    found: dict[str, Example] = {}
    for member in _members(path) if path.is_dir() else [path]:
        for example in files.read_examples(member, on_problem):
            if example.id in found:
                on_problem(f"{member}, task '{example.id}': the id occurs before; the first message is kept.")
            found.setdefault(example.id, example)
    return list(found.values())


def write_tasks(path: Path, tasks: Iterable[Task]) -> None:
    """Write tasks as JSONL with ``id`` and ``text`` alone, which `vptnlp.readers` reads back."""
    files.write_jsonl(path, ({"id": task.id, "text": task.text} for task in tasks))


def _members(folder: Path) -> list[Path]:
    return files.parts(folder) or [path for split in files.SPLITS if (path := files.split_path(folder, split)).exists()]
