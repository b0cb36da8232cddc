"""The addition to the corpus keeps to its rules, and apart from the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from vptnlp.corpus import Example, compile_corpus, files, load_split, rules, similarity


@pytest.fixture(scope="module")
def corpus(root: Path) -> Path:
    return root / "corpora/vpt-nl-extra"


@pytest.fixture(scope="module")
def extra(corpus: Path) -> list[Example]:
    return load_split(corpus, "train") + load_split(corpus, "dev")


def test_every_message_is_consistent_and_for_learning_or_choosing(corpus: Path, extra: list[Example]) -> None:
    assert [f"{e.id}: {fault}" for e in extra for fault in rules.errors(e)] == []
    assert len({e.id for e in extra}) == len(extra) > 1000
    assert {e.scenario[0] for e in load_split(corpus, "train")} == {"y"}
    assert {e.scenario[0] for e in load_split(corpus, "dev")} == {"d"}
    assert load_split(corpus, "test") == []


def test_nothing_of_the_corpus_is_repeated(root: Path, extra: list[Example]) -> None:
    known = [(e.id, e.text) for split in files.SPLITS for e in load_split(root / "corpora/vpt-nl", split)]
    new = {e.id for e in extra}
    pairs = similarity.near_duplicates([*known, *((e.id, e.text) for e in extra)])
    assert [(pair.first, pair.second) for pair in pairs if {pair.first, pair.second} & new] == []
    scenarios = {e.scenario for split in files.SPLITS for e in load_split(root / "corpora/vpt-nl", split)}
    assert not scenarios & {e.scenario for e in extra}


def test_compiled_files_are_current(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "authoring").mkdir()
    for part in files.parts(corpus):
        (tmp_path / "authoring" / part.name).write_bytes(part.read_bytes())
    compile_corpus(tmp_path)
    for name in ("data/train.jsonl", "data/dev.jsonl", "checksums.txt", "schema.json"):
        assert (tmp_path / name).read_bytes() == (corpus / name).read_bytes()
