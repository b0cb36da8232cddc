"""What each annotator said, kept beside the adjudicated labels.

``votes/*.jsonl`` of a corpus folder: one row for each message and annotator, with ``id``, ``annotator``, the label keys, and
``details`` and ``cues`` in offsets. Compiling joins them to their messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vptnlp.corpus import files
from vptnlp.corpus.records import Example, labels_from_dict, labels_to_dict
from vptnlp.errors import CorpusError


def read_votes(corpus: Path) -> dict[str, list[dict[str, Any]]]:
    """The votes of a corpus folder, by id of the message; without the folder there are none.

    Raises:
        CorpusError: A row breaks the format, or an annotator answers twice; the message is named.
    """
    votes: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((corpus / "votes").glob("*.jsonl")):
        for number, row in files.read_rows(path):
            name = str(row.get("id"))
            try:
                vote = _vote(row)
            except CorpusError as error:
                raise CorpusError(f"{path}, line {number}: {error}") from None
            held = votes.setdefault(name, [])
            if any(other["annotator"] == vote["annotator"] for other in held):
                raise CorpusError(f"{path}, line {number}: '{vote['annotator']}' answers twice for {name}.")
            held.append(vote)
    return votes


def attach(examples: Iterable[Example], votes: Mapping[str, list[dict[str, Any]]]) -> Iterator[Example]:
    """Give each message its votes."""
    for example in examples:
        held = votes.get(example.id)
        yield replace(example, votes=tuple(held)) if held else example


def _vote(row: Mapping[str, Any]) -> dict[str, Any]:
    annotator = row.get("annotator")
    if not isinstance(annotator, str) or not annotator:
        raise CorpusError("A vote needs an annotator.")
    return {
        "annotator": annotator,
        **labels_to_dict(labels_from_dict(row)),
        "details": [dict(item) for item in row.get("details", [])],
        "cues": [dict(item) for item in row.get("cues", [])],
    }
