"""What the tests of the readers share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from vptnlp.messages import Message
from vptnlp.readers import Problem, read

Outcome = tuple[list[Message], list[Problem]]


@pytest.fixture
def run() -> Callable[..., Outcome]:
    """Read everything; the messages and the problems."""

    def run(*paths: str | Path, text_column: str | None = None) -> Outcome:
        problems: list[Problem] = []
        messages = list(read(paths, problems.append, text_column=text_column))
        return messages, problems

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, bytes | str | Iterable[str]], Path]:
    """Write a file below the test's own folder; its path."""

    def write(name: str, content: bytes | str | Iterable[str]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else "".join(f"{line}\n" for line in content)
            path.write_bytes(text.encode())
        return path

    return write


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Put bytes on standard input."""

    def feed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(content))))

    return feed
