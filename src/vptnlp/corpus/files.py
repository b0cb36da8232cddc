"""Reading and writing corpus files, and the fingerprint that names a corpus exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from vptnlp.corpus import records
from vptnlp.corpus.records import Example
from vptnlp.errors import CorpusError, MissingExtraError

SPLITS = ("train", "dev", "test")


def read_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read a JSONL file.

    Yields:
        Line number, from 1, and the object on it. Blank lines are passed over.

    Raises:
        CorpusError: The file is missing, or a line is no JSON object.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise CorpusError(f"The corpus file '{path}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CorpusError(f"The corpus file '{path}' is not UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}, line {number}: no valid JSON ({error.msg}).") from None
        if not isinstance(row, dict):
            raise CorpusError(f"{path}, line {number}: a row must be a JSON object.")
        yield number, row


def read_examples(path: Path, on_error: Callable[[str], None] | None = None) -> Iterator[Example]:
    """Read examples in authoring or compiled form; a row with ``details`` or ``cues`` is compiled.

    Args:
        path: A JSONL file.
        on_error: Called with a full sentence for each row that cannot be read; the rest is read. Without it the first
            such row raises.

    Raises:
        CorpusError: The file cannot be read, or, without `on_error`, a row breaks the format.
    """
    for number, row in read_rows(path):
        compiled = "details" in row or "cues" in row
        try:
            yield records.from_compiled(row) if compiled else records.from_authoring(row)
        except CorpusError as error:
            sentence = f"{path}, line {number}: {error}"
            if on_error is None:
                raise CorpusError(sentence) from None
            on_error(sentence)


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as UTF-8 JSONL, replacing the file."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def split_path(corpus: Path, split: str) -> Path:
    """Where the compiled split of a corpus folder stands."""
    return corpus / "data" / f"{split}.jsonl"


def load_split(corpus: Path, split: str) -> list[Example]:
    """The examples of one split of a corpus folder.

    Raises:
        CorpusError: The split is unknown, missing or damaged.
    """
    if split not in SPLITS:
        raise CorpusError(f"The split '{split}' is unknown; choose one of: {', '.join(SPLITS)}.")
    return list(read_examples(split_path(corpus, split)))


def parts(corpus: Path) -> list[Path]:
    """The authoring files of a corpus folder, in order of name."""
    return sorted(p for p in (corpus / "authoring").glob("*.jsonl") if not p.name.endswith(".cards.jsonl"))


def fingerprint(corpus: Path) -> str:
    """SHA-256 over the compiled splits of a corpus folder, which names its content exactly."""
    digest = hashlib.sha256()
    for split in SPLITS:
        digest.update(split.encode())
        digest.update(split_path(corpus, split).read_bytes())
    return digest.hexdigest()


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as a Parquet table.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet", "write Parquet files") from None
    pq.write_table(pa.Table.from_pylist(rows), path)
