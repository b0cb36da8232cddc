from __future__ import annotations

import os
from pathlib import Path

import pytest

from vptnlp.classify import encoder


@pytest.mark.parametrize(
    ("said", "cores"),
    [("200000 100000", 2), ("50000 100000", 1), ("1600000 100000", 3), ("max 100000", 3), ("", 3), (None, 3)],
)
def test_threads_keep_to_the_quota_of_a_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str | None, cores: int
) -> None:
    if said is not None:
        (tmp_path / "cpu.max").write_text(said)
    monkeypatch.setattr(encoder, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert encoder._cores() == cores
