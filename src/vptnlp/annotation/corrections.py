"""Corrections from the triage desk: the file that "Dit klopt niet" downloads.

JSONL, one correction a line: a judgement row with the ``text`` of the message. The desk numbers messages anew in every
session, so a message is known by its text: one that is known already keeps its id, and an id that stands for another text
gets a suffix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from vptnlp.annotation.judgements import Judgement, from_row
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import files
from vptnlp.errors import CorpusError
from vptnlp.text import replace_surrogates

OnProblem = Callable[[str], None]


def read_corrections(
    paths: Iterable[Path], known: Mapping[str, str], on_problem: OnProblem
) -> tuple[list[Task], list[Judgement]]:
    """Read corrections.

    Args:
        paths: The files.
        known: Texts by id of messages that are there already.
        on_problem: Called with a full sentence for each row that cannot be used; the rest is read.

    Returns:
        The messages corrected, each once, and the judgements about them. Of several by one person about a message the last.

    Raises:
        CorpusError: A file cannot be read, or a line is no JSON object.
    """
    by_text = {text: name for name, text in reversed(list(known.items()))}
    taken = set(known)
    tasks: dict[str, Task] = {}
    judgements: dict[tuple[str, str], Judgement] = {}
    for path in paths:
        for number, row in files.read_rows(path):
            text = row.get("text")
            try:
                if not isinstance(text, str) or not text.strip():
                    raise CorpusError("There is no 'text'; take the file that the desk downloads.")
                text = replace_surrogates(text)
                judgement = from_row({key: value for key, value in row.items() if key != "text"}, text)
            except CorpusError as error:
                on_problem(f"{path}, line {number}: {error} The correction is left out.")
                continue
            name = by_text.get(text) or _free(judgement.item, text, taken)
            by_text[text] = name
            taken.add(name)
            tasks[name] = Task(name, text)
            moved = Judgement(name, judgement.annotator, judgement.labels, judgement.details, judgement.cues)
            judgements[name, judgement.annotator] = moved
    return list(tasks.values()), list(judgements.values())


def _free(name: str, text: str, taken: set[str]) -> str:
    """The id, with the head of a hash of the text behind it where the id stands for another text."""
    return f"{name}~{hashlib.sha256(text.encode()).hexdigest()[:8]}" if name in taken else name
