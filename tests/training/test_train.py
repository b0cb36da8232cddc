"""Training on a small corpus: reproducible to the byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from vptnlp.classify import open_classifier
from vptnlp.config import read_toml
from vptnlp.corpus import files
from vptnlp.errors import ConfigError
from vptnlp.training.config import LinearConfig
from vptnlp.training.linear import train

CONFIG = """
[model]
name = "small"
version = "0.0.1"
kind = "linear"
output = "{output}"
[corpus]
path = "corpus"
name = "small"
version = "0"
[features]
char_bits = 12
word_bits = 10
token_bits = 10
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder with a sample of VPT-NL."""
    root = Path(__file__).parents[2]
    folder = tmp_path_factory.mktemp("train")
    (folder / "corpus/data").mkdir(parents=True)
    rows = [row for _, row in files.read_rows(files.split_path(root / "corpora/vpt-nl", "train"))]
    files.write_jsonl(files.split_path(folder / "corpus", "train"), rows[:400])
    files.write_jsonl(files.split_path(folder / "corpus", "dev"), rows[400:500])
    files.write_jsonl(files.split_path(folder / "corpus", "test"), rows[500:550])
    for name in ("one", "two"):
        (folder / f"{name}.toml").write_text(CONFIG.format(output=name))
    return folder


def test_two_runs_give_the_same_bytes(folder: Path) -> None:
    bundles = [train(read_toml(folder / f"{name}.toml", LinearConfig), folder) for name in ("one", "two")]
    assert bundles[0].info.sha256 == bundles[1].info.sha256
    manifest = json.loads((folder / "one/manifest.json").read_text())
    assert manifest["corpus"]["sha256"]
    threat, thanks = open_classifier(bundles[0]).predict(["Ik maak je dood", "Dank u wel voor de hulp"])
    assert threat.scores.hostile > thanks.scores.hostile


def test_a_label_without_examples_is_named(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    (tmp_path / "c.toml").write_text(CONFIG.format(output="out"))
    path = files.split_path(tmp_path / "corpus", "train")
    rows = [row for _, row in files.read_rows(path) if "bribery" not in row["forms"]]
    files.write_jsonl(path, rows)
    with pytest.raises(ConfigError, match="forms bribery"):
        train(read_toml(tmp_path / "c.toml", LinearConfig), tmp_path)
