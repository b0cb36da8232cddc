"""What passes between the readers of one format and the inbox: records on the way in, problems on the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from vptnlp.errors import InputError


class UnreadableError(InputError):
    """An input cannot be read, or no further; its message is the reason of a problem. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the input that could not be read, or not in full.

    Attributes:
        source: The file as the caller named it; ``-`` for standard input.
        row: Line, row or part number, counted from 1 as an editor or a spreadsheet shows it; None for the whole file.
        reason: What is wrong and what was done or can be done, in full sentences, without any text of a message.
    """

    source: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        where = self.source if self.row is None else f"{self.source}, row {self.row}"
        return f"{where}: {self.reason}"


class Report(Protocol):
    """How a reader of one file says that something is wrong with it."""

    def __call__(self, reason: str, row: int | None = None) -> None:
        """Report `reason` about `row`, or about the whole file."""


@dataclass(slots=True)
class Record:
    """One message as a reader found it, before any check.

    Attributes:
        text: What should be the text; checked later, so that every format reports bad text alike.
        row: Line, row or part number; None where the file is one message.
        id: The row's own id, if it has one.
        meta: Further keys of the row, fit for JSON.
        quoted: The quoted part of a reply chain.
        sheet: Name of the part of the file that numbers its own rows, such as a second worksheet.
    """

    text: object = field(repr=False)
    row: int | None = None
    id: object = None
    meta: dict[str, Any] = field(default_factory=dict, repr=False)
    quoted: str = field(default="", repr=False)
    sheet: str = ""


OnProblem = Callable[[Problem], None]
