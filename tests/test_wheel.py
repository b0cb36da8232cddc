"""The built wheel, installed in an empty environment and run from another folder."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_wheel_works_elsewhere(root: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    wheel = next(tmp_path.glob("*.whl"))
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True, timeout=600
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "bericht.txt").write_text("Ik weet je te vinden. Stop met die zaak of je huis brandt.")
    done = subprocess.run(
        [tmp_path / "env/bin/vptnlp", "assess", "bericht.txt", "--format", "jsonl"],
        cwd=elsewhere, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["threat"]["label"] != "none"
    installed = subprocess.run([python, "-m", "pip", "list"], capture_output=True, text=True, check=True).stdout
    assert not {"torch", "scipy", "scikit-learn"} & set(installed.split())
    size = sum(f.stat().st_size for f in (tmp_path / "env").rglob("*") if f.is_file() and not f.is_symlink())
    assert size < 500e6
