"""CSV and TSV (RFC 4180, and what spreadsheets make of it), with a row of column names."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from vptnlp.readers.charsets import Decoder
from vptnlp.readers.columns import Columns, columns_of, find_text
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import Source, lines

_FIELD_LIMIT = 16_000_000
_SNIFFED_ROWS = 30
_DELIMITERS = (",", ";", "\t", "|")
# Stands for "no delimiter": the information separator that no text has.
_NO_DELIMITER = "\x1f"


def read_delimited(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record a row, numbered as a spreadsheet numbers them: the column names are row 1.

    Raises:
        UnreadableError: There is no text column.
    """
    decode = Decoder(source.head)
    pulled = _Lines(_tidy(decode(raw)) for _, raw in lines(source.stream, report))
    sample = [_tidy(decode(line)) for line in source.stream.peek().splitlines(keepends=True)]
    first = next(pulled, "")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel writes and reads this line; it is none of the table.
        delimiter, skipped = first[4], 1
    else:
        pulled.push_back([first])
        delimiter, skipped = _sniff(sample, text_column), 0
    columns: Columns | None = None
    for row, cells in enumerate(_rows(pulled, delimiter, report, skipped), 1 + skipped):
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = columns_of(cells, text_column)
            continue
        yield columns.record(row, _fitted(cells, columns, delimiter, row, report))


def _fitted(cells: list[str], columns: Columns, delimiter: str, row: int, report: Report) -> list[str]:
    """`cells` without those beyond the columns; a text that its own delimiters cut up is put together again."""
    width = len(columns.names)
    if not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    if columns.text == width - 1:
        return [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
    report(f"The row has {len(cells)} cells where {width} columns have a name; its text may be incomplete.", row)
    return cells[:width]


class _Lines(Iterator[str]):
    """Lines that remember which of them the csv module took for the current row, and that can be given back."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __next__(self) -> str:
        if self._back:
            line = self._back.popleft()
        else:
            try:
                line = next(self._source)
            except StopIteration:
                self.ended = True
                raise
        self.taken.append(line)
        return line

    def push_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.ended = False


def _rows(pulled: _Lines, delimiter: str, report: Report, skipped: int) -> Iterator[list[str]]:
    """The cells of each row. A quotation mark that is never closed costs its own row its quotes, not the rest."""
    reader = csv.reader(pulled, delimiter=delimiter)
    row = skipped
    while True:
        pulled.taken.clear()
        try:
            cells = _next(reader)
            fault = "A quotation mark in the row is never closed" if pulled.ended else ""
        except StopIteration:
            return
        except csv.Error:
            fault = f"The row has a cell of over {_FIELD_LIMIT:,} characters, or a quotation mark that is never closed"
        row += 1
        if fault:
            first, *rest = pulled.taken
            report(f"{fault}; it was read as if it had no quotation marks, and the rows after it as usual.", row)
            pulled.push_back(rest)
            reader = csv.reader(pulled, delimiter=delimiter)
            cells = first.rstrip("\n").split(delimiter)
        yield cells


def _next(reader: Iterator[list[str]]) -> list[str]:
    # The limit is a setting of the whole process, so it is put back at once.
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(before)


def _tidy(line: str) -> str:
    """`line` with one kind of line end and no NULs; the csv module stops at a carriage return inside a line."""
    line = line.replace("\0", "")
    if "\r" not in line:
        return line
    body = line.rstrip("\r\n")
    return body.replace("\r", " ") + ("\n" if len(body) < len(line) else "")


def _sniff(sample: list[str], text_column: str | None) -> str:
    """The delimiter under which the first row names a text column and the rows are equally long.

    The csv module's own sniffer takes letters and quotes for delimiters where messages are long.
    """
    best, best_score = _NO_DELIMITER, (False, 0.0, 1)
    for delimiter in _DELIMITERS:
        rows: list[list[str]] = []
        reader = csv.reader(iter(sample), delimiter=delimiter)
        try:
            while len(rows) < _SNIFFED_ROWS:
                cells = _next(reader)
                if any(cell.strip() for cell in cells):
                    rows.append(cells)
        except (StopIteration, csv.Error):
            pass
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        even = sum(len(cells) == width for cells in rows) / len(rows)
        score = (find_text(rows[0], text_column) is not None, even, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best
