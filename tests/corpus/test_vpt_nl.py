"""The shipped corpus keeps its promises."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from vptnlp.corpus import compile_corpus, files, lexicon, load_split, rules, similarity, stats
from vptnlp.corpus.records import Example
from vptnlp.taxonomy import AXES, CueKind, DetailKind


@pytest.fixture(scope="module")
def corpus(root: Path) -> Path:
    return root / "corpora/vpt-nl"


@pytest.fixture(scope="module")
def splits(corpus: Path) -> dict[str, list[Example]]:
    return {name: load_split(corpus, name) for name in files.SPLITS}


@pytest.fixture(scope="module")
def everything(splits: dict[str, list[Example]]) -> list[Example]:
    return [e for members in splits.values() for e in members]


def test_every_message_is_consistent(everything: list[Example]) -> None:
    assert [f"{e.id}: {fault}" for e in everything for fault in rules.errors(e)] == []
    assert len({e.id for e in everything}) == len(everything)


def test_no_scenario_crosses_splits(splits: dict[str, list[Example]]) -> None:
    scenarios = [{e.scenario for e in members} for members in splits.values()]
    assert not scenarios[0] & scenarios[1]
    assert not scenarios[0] & scenarios[2]
    assert not scenarios[1] & scenarios[2]


def test_no_near_duplicates(everything: list[Example]) -> None:
    found = similarity.near_duplicates((e.id, e.text) for e in everything)
    assert [(pair.first, pair.second) for pair in found] == []


def test_openings_vary(everything: list[Example]) -> None:
    most = similarity.openings(e.text for e in everything).most_common(1)[0]
    assert most[1] <= 0.005 * len(everything)


def test_spread(everything: list[Example]) -> None:
    counted = stats.count(everything)
    assert counted.messages >= 5_000
    assert 0.40 <= counted.hostile / counted.messages <= 0.45
    assert counted.hard >= (counted.messages - counted.hostile) * 2 / 3
    for axis in AXES:
        assert min(counted.axes[axis].values()) >= 150
    assert min(counted.pairs.values()) >= 40
    assert min(counted.details[str(kind)] for kind in DetailKind) >= 200
    assert min(counted.cues[str(kind)] for kind in CueKind) >= 200


def test_lengths(everything: list[Example]) -> None:
    lengths = stats.count(everything).lengths
    assert lengths["under 10"] >= 0.25 * len(everything)
    assert lengths["under 10"] + lengths["10-29"] >= 0.5 * len(everything)
    assert lengths["over 150"] >= 0.1 * len(everything)


def test_the_lexicon_is_covered(corpus: Path, everything: list[Example]) -> None:
    covered = lexicon.cover(lexicon.read_lexicon(corpus / lexicon.FILE), everything)
    assert len(covered) >= 300
    assert [row.entry.entry for row in covered if not row.enough] == []


def test_a_fifth_is_annotated_twice(everything: list[Example]) -> None:
    twice = [e for e in everything if len({vote["annotator"] for vote in e.votes}) >= 2]
    assert len(twice) >= 0.2 * len(everything)
    assert {e.category for e in twice} == {e.category for e in everything}


def test_rows_fit_the_schema(corpus: Path) -> None:
    schema = jsonschema.Draft202012Validator(json.loads((corpus / "schema.json").read_text(encoding="utf-8")))
    for split in files.SPLITS:
        for _, row in files.read_rows(files.split_path(corpus, split)):
            schema.validate(row)


def test_compiled_files_are_current(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "authoring").mkdir()
    for part in files.parts(corpus):
        (tmp_path / "authoring" / part.name).write_bytes(part.read_bytes())
    shutil.copytree(corpus / "votes", tmp_path / "votes")
    compile_corpus(tmp_path)
    for name in ("data/train.jsonl", "data/dev.jsonl", "data/test.jsonl", "checksums.txt", "schema.json"):
        assert (tmp_path / name).read_bytes() == (corpus / name).read_bytes(), f"run: vptnlp corpus split {corpus}"


def test_every_scenario_has_a_card(corpus: Path, everything: list[Example]) -> None:
    cards = {
        json.loads(line)["scenario"]
        for path in (corpus / "authoring").glob("*.cards.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    }
    assert {e.scenario for e in everything} <= cards


def test_it_opens_with_datasets(corpus: Path, splits: dict[str, list[Example]], tmp_path: Path) -> None:
    import datasets

    loaded = datasets.load_dataset(str(corpus), cache_dir=str(tmp_path))
    assert {name: len(rows) for name, rows in loaded.items()} == {
        {"dev": "validation"}.get(name, name): len(members) for name, members in splits.items()
    }
    row = loaded["train"][0]
    assert {"id", "text", "threat", "details", "cues", "organised_crime"} <= set(row)
