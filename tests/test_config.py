from __future__ import annotations

from pathlib import Path

import pytest

from vptnlp.config import read_toml
from vptnlp.errors import ConfigError
from vptnlp.training.config import LinearConfig


def test_the_shipped_configuration_is_read(root: Path) -> None:
    assert read_toml(root / "configs/linear.toml", LinearConfig).model.name == "vpt-nl-linear"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("char_ngrams", "char_ngram", "Did you mean 'char_ngrams'"),
        ("single = 10.0", "single = -1", "fit.single"),
        ('kind = "linear"', 'kind = "bayes"', "model.kind"),
        ("[fit]", "[fit", "not valid TOML"),
    ],
)
def test_faults_are_named(root: Path, tmp_path: Path, old: str, new: str, part: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text((root / "configs/linear.toml").read_text().replace(old, new))
    with pytest.raises(ConfigError, match=part.replace("[", r"\[")):
        read_toml(path, LinearConfig)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"niets\.toml"):
        read_toml(tmp_path / "niets.toml", LinearConfig)
