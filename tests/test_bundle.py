from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from vptnlp import bundle
from vptnlp.errors import BundleError


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    target = tmp_path / "model"
    shutil.copytree(bundle.find(bundle.DEFAULT), target)
    return target


def test_the_shipped_bundle_is_whole() -> None:
    opened = bundle.load()
    assert opened.info.name == bundle.DEFAULT
    assert len(opened.info.sha256) == 64


def test_a_damaged_file_is_named(copied: Path) -> None:
    name = next(iter(bundle.load(copied).manifest.files))
    with (copied / name).open("r+b") as file:
        file.seek(100)
        file.write(b"x")
    with pytest.raises(BundleError, match=f"'{name}'.*damaged"):
        bundle.load(copied)


def test_a_missing_file_is_named(copied: Path) -> None:
    name = next(iter(bundle.load(copied).manifest.files))
    (copied / name).unlink()
    with pytest.raises(BundleError, match="lacks"):
        bundle.load(copied)


@pytest.mark.parametrize(
    "change", [{"format": 99}, {"kind": "pickle"}, {"files": {"../../etc/passwd": "0"}}, {"extra": 1}]
)
def test_a_wrong_manifest_is_refused(copied: Path, change: dict[str, object]) -> None:
    path = copied / bundle.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BundleError):
        bundle.load(copied)


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(BundleError, match=bundle.DEFAULT):
        bundle.load("vpt-nl-lineair")


def test_no_bundle_holds_pickle() -> None:
    for path in bundle.find(bundle.DEFAULT).iterdir():
        assert path.suffix in {".json", ".safetensors", ".md", ".onnx"}
