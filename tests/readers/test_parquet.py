import sys
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vptnlp.errors import MissingExtraError
from vptnlp.readers import read


def test_rows_with_their_other_columns(run, tmp_path):
    table = pa.table(
        {
            "id": pa.array([1.0, None, 3.0]),
            "tekst": pa.array(["een", "twee", None]).dictionary_encode(),
            "op": pa.array([datetime(2025, 3, 3, 10, 12, tzinfo=UTC)] * 3),
            "score": pa.array([float("nan"), 0.5, 0.1]),
            "bedrag": pa.array([Decimal("1.50")] * 3),
            "foto": pa.array([b"\xff\x00"] * 3),
            "lijst": pa.array([[{"a": 1}], [], None]),
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    messages, problems = run(tmp_path / "x.parquet")
    assert [(m.id, m.text) for m in messages] == [("1", "een"), ("x.parquet#2", "twee")]
    assert messages[0].meta == {
        "op": "2025-03-03T10:12:00+00:00",
        "score": None,
        "bedrag": "1.50",
        "foto": "2 bytes",
        "lijst": [{"a": 1}],
    }
    assert [(p.row, p.reason) for p in problems] == [(3, "The row has no text and was skipped.")]


def test_many_batches_and_a_wrong_extension(run, tmp_path):
    texts = [f"bericht {i}" for i in range(2_500)]
    pq.write_table(pa.table({"text": pa.array(texts, pa.large_string())}), tmp_path / "x.csv", row_group_size=700)
    messages, problems = run(tmp_path / "x.csv")
    assert [m.text for m in messages] == texts and not problems


def test_strings_that_are_no_utf8(run, tmp_path):
    raw = pa.array([b"h\xe9\xe9l", b"goed"], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    pq.write_table(pa.table({"text": column}), tmp_path / "x.parquet")
    assert [m.text for m in run(tmp_path / "x.parquet")[0]] == ["héél", "goed"]


def test_a_column_without_text(run, tmp_path):
    pq.write_table(pa.table({"text": [1, 2], "klacht": ["a", "b"]}), tmp_path / "x.parquet")
    assert "'text' holds no text" in run(tmp_path / "x.parquet")[1][0].reason
    assert [m.text for m in run(tmp_path / "x.parquet", text_column="klacht")[0]] == ["a", "b"]


def test_no_text_column_and_no_rows(run, tmp_path):
    pq.write_table(pa.table({"nr": [1], "klacht": ["a"]}), tmp_path / "x.parquet")
    assert "'nr', 'klacht'" in run(tmp_path / "x.parquet")[1][0].reason
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "leeg.parquet")
    assert "no messages" in run(tmp_path / "leeg.parquet")[1][0].reason


def test_damaged_files(run, file, tmp_path):
    assert "not a parquet file" in run(file("a.parquet", "nee"))[1][0].reason
    assert "damaged parquet" in run(file("b.parquet", b"PAR1" + b"x" * 100))[1][0].reason
    texts = [f"bericht nummer {i} met wat tekst erbij" for i in range(20_000)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "x.parquet", row_group_size=5_000, compression="zstd")
    raw = bytearray((tmp_path / "x.parquet").read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 500] = b"\xff" * 500
    messages, problems = run(file("c.parquet", bytes(raw)))
    assert 0 < len(messages) < 20_000 and "damaged parquet" in problems[-1].reason


def test_without_pyarrow_the_error_names_the_extra(file, monkeypatch):
    path = file("x.parquet", b"PAR1" + b"x" * 100)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"vptnlp\[parquet\]"):
        list(read([path], lambda problem: None))
