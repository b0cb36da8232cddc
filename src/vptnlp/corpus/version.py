"""A corpus folder that grows: each version is written whole beside the one before it, and a message keeps its split.

::

    <folder>/               for its owner alone (mode 700, files 600): the texts hold personal details
    ├── corpus.json         name, version, from which version it was made, counts, fingerprint
    ├── data/               train.jsonl, dev.jsonl, test.jsonl: compiled rows with votes
    ├── index.jsonl         id, split, how its labels came about, since which version, keys it is grouped by (hashes)
    ├── votes/              answers.jsonl: every answer, with its moment
    ├── adjudication/       log.jsonl: every decision, with its reason
    ├── schema.json, checksums.txt, README.md, CHANGELOG.md
    └── .gitignore          keeps the folder out of a repository
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

import pydantic

from vptnlp import checksums, taxonomy
from vptnlp.corpus import files, records, schema
from vptnlp.corpus.records import Example
from vptnlp.errors import ConfigError, CorpusError

MANIFEST, INDEX, VOTES, LOG = "corpus.json", "index.jsonl", "votes/answers.jsonl", "adjudication/log.jsonl"

How = Literal["decided", "agreed", "majority", "single", "given"]
"""How labels came about: by a decision, by equal answers, by most of them, by one answer, or from a corpus of other making."""

_HOWS: dict[str, How] = {str(how): how for how in get_args(How)}
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")

_README = """# {name} {version}

**Let op: hierin staan berichten van echte mensen, met persoonsgegevens.** Deel deze map niet, zet haar niet in een
repository en niet in een cloudmap. Alleen de eigenaar van de bestanden kan ze lezen. Wis haar als je haar niet meer nodig hebt.

| deel | berichten |
| --- | ---: |
{rows}

Gemaakt met `vptnlp corpus build`. De labels staan in `data/`, elk antwoord in `votes/`, elke beslissing in
`adjudication/`. `index.jsonl` zegt van elk bericht in welk deel het staat en hoe de labels tot stand kwamen.
Wat er per versie veranderde staat in `CHANGELOG.md`.
"""


class Reference(pydantic.BaseModel):
    """One exact version of a corpus."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    sha256: str


class About(Reference):
    """What a corpus folder says of itself.

    Attributes:
        taxonomy: Version of the labels.
        made_from: The version before it.
        messages: Split to number of messages.
        removed: Ids that were taken out and must stay out.
    """

    taxonomy: str
    made_from: Reference | None = None
    messages: dict[str, int]
    removed: list[str] = []


@dataclass(frozen=True, slots=True)
class Entry:
    """What a corpus knows of one message beside its labels.

    Attributes:
        split: Where it stands, for good.
        how: How its labels came about.
        since: The version that it came in with.
        keys: Hashes of what it is grouped by.
    """

    split: str
    how: How
    since: str
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a corpus.

    Attributes:
        name: Name of the corpus.
        number: Its version, such as ``1.1.0``.
        examples: The messages by id.
        entries: The same ids to what is known of each.
        votes: Rows of every answer.
        log: Rows of every decision.
        removed: Ids that were taken out and must stay out.
        changes: Earlier entries of the changelog.
        origin: Its exact content; None for one that is not written yet.
    """

    name: str
    number: str
    examples: Mapping[str, Example] = field(repr=False)
    entries: Mapping[str, Entry] = field(repr=False)
    votes: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    log: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    removed: tuple[str, ...] = ()
    changes: str = field(default="", repr=False)
    origin: Reference | None = None

    def split(self, name: str) -> list[Example]:
        """The messages of one split."""
        return [example for id, example in self.examples.items() if self.entries[id].split == name]


def about(folder: Path) -> About | None:
    """What a corpus folder says of itself; None for one of other making.

    Raises:
        CorpusError: It cannot be read.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        return About.model_validate_json(path.read_bytes())
    except (OSError, pydantic.ValidationError):
        raise CorpusError(f"The file '{path}' cannot be read; copy the corpus folder again.") from None


def read_version(folder: Path) -> Version:
    """Read a corpus folder, also one of other making: its messages then count as decided on.

    Raises:
        CorpusError: A file is missing, damaged, or not what the checksums say.
    """
    said = about(folder)
    if faults := checksums.faults(folder):
        raise CorpusError(f"{' '.join(faults)} Restore the folder, for a version is never changed afterwards.")
    examples: dict[str, Example] = {}
    entries: dict[str, Entry] = {}
    number = said.version if said else "0.0.0"
    for split in files.SPLITS:
        for example in files.load_split(folder, split):
            examples[example.id] = example
            entries[example.id] = Entry(split, "given", number)
    if said and (folder / INDEX).is_file():
        for line, row in files.read_rows(folder / INDEX):
            name, how = str(row.get("id")), _HOWS.get(str(row.get("how")))
            if name not in examples or how is None:
                raise CorpusError(f"{folder / INDEX}, line {line}: the row fits no message; copy the folder again.")
            keys = frozenset(map(str, row.get("keys", ())))
            entries[name] = replace(entries[name], how=how, since=str(row.get("since")), keys=keys)
    changelog = folder / "CHANGELOG.md"
    return Version(
        said.name if said else folder.resolve().name,
        number,
        examples,
        entries,
        _rows(folder / VOTES),
        _rows(folder / LOG) if said else (),
        tuple(said.removed) if said else (),
        changelog.read_text(encoding="utf-8").partition("\n\n")[2] if said and changelog.is_file() else "",
        Reference(name=said.name, version=said.version, sha256=said.sha256) if said else None,
    )


def write_version(folder: Path, version: Version, made_from: Version | None, change: str) -> About:
    """Write a version to a new folder: all of it, or nothing.

    Args:
        folder: Where; it must not exist.
        version: What to write.
        made_from: The version before it.
        change: What changed, as lines of Markdown.

    Returns:
        What the folder says of itself.

    Raises:
        ConfigError: The folder exists, or cannot be written.
    """
    if folder.exists():
        raise ConfigError(f"'{folder}' exists; a version is never written over. Name a new folder.")
    half = folder.parent / f".{folder.name}.part"
    try:
        shutil.rmtree(half, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        half.mkdir(mode=0o700)
        said = _write(half, version, made_from, change)
        half.rename(folder)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        raise ConfigError(f"The corpus folder '{folder}' cannot be written: {error.strerror}.") from None
    return said


def next_number(number: str) -> str:
    """The version after this one: its second number is raised.

    Raises:
        ConfigError: It is no version such as 1.0.0.
    """
    parts = _VERSION.fullmatch(number)
    if parts is None:
        raise ConfigError(f"'{number}' is no version such as 1.0.0; give the new one with --version.")
    return f"{parts[1]}.{int(parts[2]) + 1}.0"


def _write(folder: Path, version: Version, made_from: Version | None, change: str) -> About:
    counts = {}
    for split in files.SPLITS:
        examples = version.split(split)
        counts[split] = len(examples)
        _put_rows(files.split_path(folder, split), map(records.to_compiled, examples))
    said = About(
        name=version.name,
        version=version.number,
        sha256=files.fingerprint(folder),
        taxonomy=taxonomy.VERSION,
        made_from=made_from.origin if made_from else None,
        messages=counts,
        removed=sorted(version.removed),
    )
    _put_rows(
        folder / INDEX,
        (
            {"id": name, "split": e.split, "how": e.how, "since": e.since, "keys": sorted(e.keys)}
            for name, e in version.entries.items()
        ),
    )
    _put_rows(folder / VOTES, version.votes)
    _put_rows(folder / LOG, version.log)
    _put(folder / checksums.FILE, checksums.lines(folder, (files.split_path(folder, s) for s in files.SPLITS)))
    _put(folder / schema.FILE, schema.text())
    _put(folder / MANIFEST, json.dumps(said.model_dump(), ensure_ascii=False, indent=1) + "\n")
    rows = "\n".join(f"| {split} | {n} |" for split, n in counts.items())
    _put(folder / "README.md", _README.format(name=version.name, version=version.number, rows=rows))
    entry = f"# Wijzigingen van {version.name}\n\n## {version.number}\n\n{change.strip()}\n"
    _put(folder / "CHANGELOG.md", entry + (f"\n{version.changes.strip()}\n" if version.changes else ""))
    _put(folder / ".gitignore", "*\n")
    return said


def _put(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n"
    ) as out:
        out.write(text)


def _put_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    _put(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _rows(path: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(row for _, row in files.read_rows(path)) if path.is_file() else ()
