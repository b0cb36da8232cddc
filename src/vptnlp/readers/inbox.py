"""One stream of messages out of any number of files, folders and standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from vptnlp.messages import Message
from vptnlp.readers.delimited import read_delimited
from vptnlp.readers.formats import Format, format_of
from vptnlp.readers.intake import Intake
from vptnlp.readers.json_list import read_json
from vptnlp.readers.jsonl import read_jsonl
from vptnlp.readers.mail import read_eml
from vptnlp.readers.mbox import read_mbox
from vptnlp.readers.parquet import read_parquet
from vptnlp.readers.records import OnProblem, Record, Report, UnreadableError
from vptnlp.readers.sources import Source, files_in, is_folder, open_file, printable, standard_input
from vptnlp.readers.txt import read_txt
from vptnlp.readers.xlsx import read_xlsx

_READERS: dict[Format, Callable[[Source, Report, str | None], Iterator[Record]]] = {
    Format.TXT: read_txt,
    Format.CSV: read_delimited,
    Format.JSONL: read_jsonl,
    Format.JSON: read_json,
    Format.PARQUET: read_parquet,
    Format.XLSX: read_xlsx,
    Format.EML: read_eml,
    Format.MBOX: read_mbox,
}


def read(paths: Iterable[str | Path], on_problem: OnProblem, *, text_column: str | None = None) -> Iterator[Message]:
    """Read messages one at a time, in input order.

    Reads txt, csv, tsv, jsonl, json, parquet, xlsx, eml and mbox, told apart by extension and, where that is
    missing or wrong, by content. What cannot be read is reported and does not stop the rest. Memory does not
    grow with the input, but for some 20 bytes for each id that the input itself gives.

    Args:
        paths: Files; folders, read with everything in them; ``-`` for standard input (JSON lines, a mailbox,
            or one message).
        on_problem: Called with each problem, as soon as it is found.
        text_column: The column or key that holds the text, in the formats that have any; None to look for a
            usual name such as ``tekst``.

    Yields:
        Messages whose ids are unique within the run: the id of the row, else ``<file name>#<row>``, or the file
        name where the file is one message.

    Raises:
        MissingExtraError: A parquet file is among the inputs and pyarrow is not installed.
    """
    intake = Intake(on_problem)
    for given in [paths] if isinstance(paths, str | Path) else paths:
        name = printable(str(given))
        report = intake.reporter(name)
        try:
            if str(given) == "-":
                yield from _messages(standard_input(), intake, report, text_column)
            elif is_folder(Path(given)):
                yield from _folder(Path(given), intake, report, text_column)
            else:
                yield from _file(Path(given), name, Path(given).name, intake, text_column)
        except UnreadableError as error:
            report(str(error))


def _folder(folder: Path, intake: Intake, report: Report, text_column: str | None) -> Iterator[Message]:
    before = intake.messages

    def refuse(path: Path, reason: str) -> None:
        intake.reporter(printable(str(path)))(reason)

    for path in files_in(folder, refuse):
        label = path.relative_to(folder).as_posix()
        yield from _file(path, printable(str(path)), label, intake, text_column)
    if intake.messages == before:
        report("The folder holds no messages that can be read; hidden files do not count.")


def _file(path: Path, name: str, label: str, intake: Intake, text_column: str | None) -> Iterator[Message]:
    report = intake.reporter(name)
    try:
        is_folder(path)  # refuses pipes and devices, which would block
        with open_file(path, name, printable(label)) as source:
            yield from _messages(source, intake, report, text_column)
    except UnreadableError as error:
        report(str(error))


def _messages(source: Source, intake: Intake, report: Report, text_column: str | None) -> Iterator[Message]:
    """The messages of one opened input.

    Raises:
        UnreadableError: It cannot be read, or no further.
    """
    before = intake.messages, intake.problems
    records = _READERS[format_of(source)](source, report, text_column)
    for record in records:
        message = intake.message(record, source, report)
        if message is not None:
            yield message
    if (intake.messages, intake.problems) == before:
        report("It holds no messages.")
