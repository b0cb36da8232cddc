"""Which column of a table holds the text, and which the id."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from vptnlp.readers.records import Record, UnreadableError

# In order of preference, as `_key` writes them: without capitals, spaces, hyphens and underscores.
TEXT_NAMES = (
    "text",
    "tekst",
    "bericht",
    "message",
    "body",
    "inhoud",
    "berichttekst",
    "messagetext",
    "content",
    "melding",
    "omschrijving",
    "toelichting",
    "opmerking",
)
ID_NAMES = ("id", "berichtid", "messageid", "nummer", "nr", "volgnummer")

_FILLERS = dict.fromkeys(map(ord, " \t\r\n\xa0_-\ufeff"))
_SHOWN = 30
# One or two words with a letter first. Longer cells, numbers and sentences are likelier to be a message than a name.
_NAME = re.compile(r"[^\W\d_][\w.\-/]{0,29}(?: [\w.\-/]{1,20})?")


@dataclass(frozen=True, slots=True)
class Columns:
    """The layout of one table.

    Attributes:
        names: A name for every column, all different.
        text: Index of the text column.
        id: Index of the id column; None without one.
    """

    names: tuple[str, ...]
    text: int
    id: int | None

    def record(self, row: int, cells: Sequence[Any]) -> Record:
        """The record of one row; cells beyond the columns are left out."""
        meta = {
            name: cells[index]
            for index, name in enumerate(self.names[: len(cells)])
            if index != self.text and index != self.id
        }
        text = cells[self.text] if self.text < len(cells) else None
        own_id = cells[self.id] if self.id is not None and self.id < len(cells) else None
        return Record(text, row, own_id, meta)


def find_text(header: Sequence[object], wanted: str | None) -> int | None:
    """Index of the text column in `header`: the one named `wanted`, or one of `TEXT_NAMES`; None without one."""
    return _find(header, TEXT_NAMES if wanted is None else (_key(wanted),), exact=wanted)


def columns_of(header: Sequence[object], wanted: str | None) -> Columns:
    """The layout that `header` describes.

    Args:
        header: The cells of the first row.
        wanted: Name of the text column; None to look for a usual name.

    Raises:
        UnreadableError: No such column; the message says which columns there are.
    """
    text = find_text(header, wanted)
    if text is None:
        sought = f"named '{wanted}'" if wanted else "with the text (such as 'tekst', 'bericht' or 'text')"
        raise UnreadableError(f"There is no column {sought}. {_overview(header)} Say which column holds the text.")
    own_id = _find(header, ID_NAMES)
    return Columns(_unique(header), text, None if own_id == text else own_id)


def record_of(row: int, entry: Mapping[str, Any], wanted: str | None) -> Record:
    """The record of one JSON object, whose keys serve as columns."""
    key = wanted or "text"
    if key not in entry:
        names = list(entry)
        index = find_text(names, wanted)
        key = key if index is None else names[index]
    id_key = "id"
    if id_key not in entry:
        names = list(entry)
        index = _find(names, ID_NAMES)
        id_key = id_key if index is None else names[index]
    meta = dict(entry)
    text = meta.pop(key, None)
    return Record(text, row, meta.pop(id_key, None), meta)


def json_ready(value: Any) -> Any:
    """`value` as JSON can hold it: dates as ISO 8601, spans of time in seconds, no NaN, bytes only as their number."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(key): json_ready(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(inner) for inner in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)


def _find(header: Sequence[object], names: Sequence[str], exact: str | None = None) -> int | None:
    cells = [cell if isinstance(cell, str) else "" for cell in header]
    if exact is not None and exact in cells:
        return cells.index(exact)
    keys = [_key(cell) for cell in cells]
    for name in names:
        if name and name in keys:
            return keys.index(name)
    return None


def _key(name: str) -> str:
    return name.translate(_FILLERS).casefold() if len(name) < 200 else ""


def _unique(header: Sequence[object]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    copies: Counter[str] = Counter()
    for position, cell in enumerate(header, 1):
        wanted = str(cell).strip() if cell is not None else ""
        name = wanted = wanted or f"column {position}"
        while name in names:
            copies[wanted] += 1
            name = f"{wanted} {copies[wanted] + 1}"
        names[name] = None
    return tuple(names)


def _overview(header: Sequence[object]) -> str:
    """Which columns there are. Where the first row may be a message, only how many: text never gets into a problem."""
    names = [str(cell).strip() for cell in header if cell is not None and str(cell).strip()]
    if len(names) < 2 or not all(_NAME.fullmatch(name) for name in names):
        return f"The first row has {len(header)} cell(s) and does not look like a row of column names."
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"The columns are {shown}{more}."
