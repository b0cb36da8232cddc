"""Bytes in memory are read as the same bytes in a file are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vptnlp.readers import Problem
from vptnlp.readers.memory import read_bytes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Dag é".encode("utf-16")),
        ("a.txt", b""),
        ("a.csv", b"tekst,id\nhoi,1\n,2\n"),
        ("a.jsonl", b'{"text": "hoi"}\n{kapot\n'),
        ("a.mbox", b"From a@b.example Mon Mar 10 06:58:12 2025\nSubject: x\n\nhoi\n" * 3),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.xlsx", b"PK\x03\x04kapot"),
        ("los", b"From: a@b.example\nSubject: x\nMessage-ID: 3\n\nhoi\n"),
    ],
)
def test_same_as_from_a_file(name: str, content: bytes, run: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    problems: list[Problem] = []
    messages = list(read_bytes(name, content, problems.append))
    from_file, file_problems = run(path)  # type: ignore[misc]
    assert messages == from_file
    assert [(p.row, p.reason) for p in problems] == [(p.row, p.reason) for p in file_problems]


def test_a_workbook_is_read_without_a_file() -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["tekst", "id"])
    sheet.append(["hoi", 4])
    held = io.BytesIO()
    book.save(held)
    problems: list[Problem] = []
    assert [m.text for m in read_bytes("a.xlsx", held.getvalue(), problems.append)] == ["hoi"]
    assert not problems


@pytest.mark.parametrize("name", ["map/sub/a.txt", "..\\a.txt", "/a.txt"])
def test_folders_are_left_out_of_ids(name: str) -> None:
    [message] = read_bytes(name, b"hoi", print)
    assert message.id == "a.txt"
