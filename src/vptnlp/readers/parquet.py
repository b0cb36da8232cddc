"""Apache Parquet, read in batches of rows. Needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vptnlp.errors import MissingExtraError
from vptnlp.readers.charsets import Decoder
from vptnlp.readers.columns import columns_of, json_ready
from vptnlp.readers.intake import clean
from vptnlp.readers.records import Record, Report, UnreadableError
from vptnlp.readers.sources import Source

_BATCH_ROWS = 1_000
_DAMAGED = "It is a damaged parquet file; write it again."


def read_parquet(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record a row, numbered from 1.

    Raises:
        MissingExtraError: pyarrow is not installed.
        UnreadableError: The file is damaged, or has no column with text.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet", "read parquet files") from None
    # pyarrow raises OSError and ArrowException, and Arrow's own errors may quote values of the file.
    failures = (OSError, ValueError, pa.ArrowException)
    with source.reopen() as raw:
        try:
            file = pq.ParquetFile(raw)
            schema = file.schema_arrow
        except failures:
            raise UnreadableError(_DAMAGED) from None
        columns = columns_of(schema.names, text_column)
        if not _holds_text(schema.field(columns.text).type):
            raise UnreadableError(f"The column '{schema.names[columns.text]}' holds no text; say which column does.")
        batches = file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        row = 0
        while True:
            damaged = False
            try:
                batch = next(batches, None)
                cells = [] if batch is None else _cells(batch, columns.text)
            except failures:
                damaged = True
            if damaged:
                report(f"{_DAMAGED} The rows before this one were read.", row + 1)
            if damaged or batch is None:
                return
            for values in zip(*cells, strict=True):
                row += 1
                yield columns.record(row, values)


def _cells(batch: Any, text: int) -> list[list[Any]]:
    """The values of a batch, column by column."""
    return [_texts(column) if index == text else _values(column) for index, column in enumerate(batch.columns)]


def _holds_text(kind: Any) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        test(kind)
        for test in (types.is_string, types.is_large_string, types.is_string_view, types.is_binary, types.is_null)
    )


def _texts(column: Any) -> list[str | None]:
    """The strings of one column of a batch; those that are no UTF-8 are decoded all the same."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    decode = Decoder()
    return [None if raw is None else clean(decode(raw)) for raw in column.cast(pa.binary()).to_pylist()]


def _values(column: Any) -> list[Any]:
    """The values of one column of a batch, fit for JSON."""
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(column)
    return [json_ready(value) for value in column.to_pylist()]
