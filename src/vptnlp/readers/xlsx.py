"""Excel workbooks (ECMA-376), read row by row. Cells with a formula give the value that Excel last computed."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from vptnlp.readers.columns import Columns, columns_of, json_ready
from vptnlp.readers.intake import clean
from vptnlp.readers.records import Record, Report, UnreadableError
from vptnlp.readers.sources import Source

_BATCH_ROWS = 500
_UNPACKED_LIMIT = 2 * 2**30
_DAMAGED = "It is a damaged Excel workbook; open it in Excel and save it again."


def read_xlsx(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record a row, numbered as Excel numbers them, of every worksheet that has a text column.

    Raises:
        UnreadableError: The file is damaged, or unpacks to more than 2 GB.
    """
    with source.reopen() as raw:  # given a path, openpyxl insists on its extension
        book = _opened(raw)
        try:
            for position, sheet in enumerate(book.worksheets):
                name = sheet.title if position else ""
                yield from _sheet_records(sheet, name, report, text_column)
        finally:
            book.close()


def _opened(raw: BinaryIO) -> Any:
    import openpyxl

    # A damaged workbook makes openpyxl fail in more ways than it documents: KeyError, TypeError, XML errors.
    try:
        with zipfile.ZipFile(raw) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked <= _UNPACKED_LIMIT:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(raw, read_only=True, data_only=True, keep_links=False)
    except Exception:
        raise UnreadableError(_DAMAGED) from None
    raise UnreadableError(f"It unpacks to more than {_UNPACKED_LIMIT // 2**30} GB; split it up.")


def _sheet_records(sheet: Any, name: str, report: Report, text_column: str | None) -> Iterator[Record]:
    on_sheet = f"On worksheet '{name}': " if name else ""
    columns: Columns | None = None
    row = 0
    for cells in _rows(sheet, report, on_sheet):
        row += 1
        if all(cell is None or cell == "" for cell in cells):
            continue
        if columns is None:
            try:
                columns = columns_of(cells, text_column)
            except UnreadableError as error:
                report(f"{on_sheet}{error}")
                return
            continue
        record = columns.record(row, [_value(cell) for cell in cells])
        record.sheet = name
        yield record


def _rows(sheet: Any, report: Report, on_sheet: str) -> Iterator[tuple[Any, ...]]:
    # What a sheet states as its size is often wrong and would hide or invent cells.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True)
    batch: list[tuple[Any, ...]] = []
    while True:
        batch.clear()
        damaged = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for cells in islice(rows, _BATCH_ROWS):
                    batch.append(cells)  # noqa: PERF402 - what was read before a failure must be kept
        except Exception:  # as when loading
            damaged = True
        yield from batch
        if damaged:
            report(f"{on_sheet}{_DAMAGED} The rows before the damage were read.")
        if damaged or len(batch) < _BATCH_ROWS:
            return


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        # Excel's own way to write a carriage return, ECMA-376 part 1, 22.9.2.19.
        return clean(cell.replace("_x000D_", "").replace("\r\n", "\n"))
    return json_ready(cell)
