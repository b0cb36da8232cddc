"""Training on several corpora."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from vptnlp.config import read_toml
from vptnlp.corpus import files, fingerprint, load_split
from vptnlp.errors import ConfigError
from vptnlp.training.config import LinearConfig
from vptnlp.training.data import load_data
from vptnlp.training.linear import train

ROOT = Path(__file__).parents[2]
CONFIG = """
[model]
name = "small"
version = "0.0.1"
kind = "linear"
output = "out"
[corpus]
path = "corpus"
name = "small"
version = "0"
[features]
char_bits = 12
word_bits = 10
token_bits = 10
"""
ADD = """
[[corpus.add]]
path = "own"
name = "own"
version = "1.0.0"
repeat = 3
"""


def write_corpus(folder: Path, rows: list[Any], sizes: tuple[int, int, int]) -> None:
    (folder / "data").mkdir(parents=True)
    at = 0
    for split, size in zip(files.SPLITS, sizes, strict=True):
        files.write_jsonl(files.split_path(folder, split), rows[at : at + size])
        at += size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two corpora apart, and configurations of one and of both."""
    rows = [row for _, row in files.read_rows(files.split_path(ROOT / "corpora/vpt-nl", "train"))]
    write_corpus(tmp_path / "corpus", rows, (400, 60, 20))
    write_corpus(tmp_path / "own", rows[600:], (30, 10, 10))
    (tmp_path / "one.toml").write_text(CONFIG)
    (tmp_path / "both.toml").write_text(CONFIG + ADD)
    return tmp_path


def config(folder: Path, name: str = "both") -> LinearConfig:
    return read_toml(folder / f"{name}.toml", LinearConfig)


def test_both_are_learned_from_and_named(folder: Path) -> None:
    data = load_data(config(folder).corpus, folder)
    assert (len(data.train), len(data.dev)) == (400 + 3 * 30, 60 + 10)
    bundle = train(config(folder), folder)
    said = json.loads((bundle.path / "manifest.json").read_text())["corpus"]
    assert said["sha256"] == fingerprint(folder / "corpus")
    assert said["add"] == [{"name": "own", "version": "1.0.0", "sha256": fingerprint(folder / "own"), "repeat": 3}]


def test_one_corpus_reads_and_writes_as_before(folder: Path) -> None:
    one = config(folder, "one")
    assert one.corpus.model_dump(mode="json") == {"path": "corpus", "name": "small", "version": "0"}
    assert len(load_data(one.corpus, folder).train) == 400
    assert "add" not in json.loads((train(one, folder).path / "manifest.json").read_text())["corpus"]


def test_what_one_tests_the_other_may_not_teach(folder: Path) -> None:
    row = next(
        row for _, row in files.read_rows(files.split_path(folder / "corpus", "train")) if len(row["text"]) > 100
    )
    files.write_jsonl(files.split_path(folder / "own", "test"), [row])
    with pytest.raises(ConfigError, match=row["id"]):
        load_data(config(folder).corpus, folder)


def test_another_version_than_the_configuration_says_is_refused(folder: Path) -> None:
    said = {"name": "own", "version": "1.1.0", "sha256": "0", "taxonomy": "1.0", "messages": {}}
    (folder / "own/corpus.json").write_text(json.dumps(said))
    with pytest.raises(ConfigError, match=r"own 1\.1\.0"):
        load_data(config(folder).corpus, folder)


def test_shipped_bundles_say_what_they_said(root: Path) -> None:
    from vptnlp.bundle import Manifest

    for path in (root / "models").glob("*/manifest.json"):
        raw = path.read_text(encoding="utf-8")
        assert Manifest.model_validate_json(raw).model_dump(mode="json")["corpus"] == json.loads(raw)["corpus"]


def test_an_encoder_learns_from_both(tmp_path: Path, folder: Path, encoder_folder: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from vptnlp.training import parity
    from vptnlp.training.config import EncoderConfig
    from vptnlp.training.encoder_bundle import train as fine_tune

    text = CONFIG.replace('"linear"', '"encoder"\nwork = "work"').replace("token_bits = 10\n", "")
    (folder / "encoder.toml").write_text(
        text + ADD + f'[encoder]\nsource = "{encoder_folder.as_posix()}"\n[schedule]\nepochs = 1\nbatch_tokens = 2048\n'
    )
    (folder / "work").mkdir()
    shutil.copytree(encoder_folder, folder / "work/pretrained")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LARGEST_FLIPS", "LARGEST_LOSS", "LARGEST_DRIFT"):  # a model that has hardly learned
            patch.setattr(parity, name, 1.0)
        bundle = fine_tune(read_toml(folder / "encoder.toml", EncoderConfig), folder)
    assert [c.name for c in bundle.manifest.corpus.add] == ["own"]
    assert load_split(folder / "own", "dev")
