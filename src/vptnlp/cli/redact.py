"""`vptnlp redact`: messages with placeholders for personal details, and the way back."""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from enum import StrEnum
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeVar

import typer

from vptnlp import bundle
from vptnlp.cli.common import Inbox, Inputs, Model, Output, TextColumn, opened, progress
from vptnlp.errors import ConfigError, InputError
from vptnlp.messages import Message
from vptnlp.taxonomy import DetailKind, Label, Subject

if TYPE_CHECKING:
    from vptnlp.doxing.redactor import Redactor

L = TypeVar("L", bound=Label)

_CSV_COLUMNS = ("id", "text", "quoted", "meta")
# A cell that a spreadsheet would run as a formula; apostrophes before it count, so that taking one off brings it back.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Layout(StrEnum):
    """How redacted messages are written."""

    JSONL = "jsonl"
    CSV = "csv"
    TXT = "txt"


def redact(
    inputs: Inputs,
    output: Output = None,
    kinds: Annotated[
        list[str] | None, typer.Option(help="Which kinds of detail, such as ADDRESS,PHONE. Default: all.")
    ] = None,
    subjects: Annotated[
        list[str] | None, typer.Option(help="Whose details, such as target,relative. Default: everybody's.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Key file that can bring the details back: written anew; with --restore, read.")
    ] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Put the details of a key file back.")] = False,
    drop_meta: Annotated[bool, typer.Option("--drop-meta", help="Leave all columns but id and text out.")] = False,
    model: Model = bundle.DEFAULT,
    text_column: TextColumn = None,
) -> None:
    """Replace personal details by placeholders such as [ADRES-1], the same all through the output.

    The output is jsonl, csv or txt by its name; other columns go along under meta. In these everybody's details go, doubtful
    ones too, and a column such as naam, adres or telefoon is replaced whole. A value that was replaced once is replaced from
    there on. Ids stay as they are. What is not recognised stays: read before you share.
    """
    layout = _layout(output)
    _check_places(inputs, output, key)
    if restore:
        if key is None or kinds or subjects or drop_meta:
            raise ConfigError(
                "With --restore, give the key file with --key, and no --kinds, --subjects or --drop-meta."
            )
        inbox = Inbox(inputs, text_column)
        _restore(inbox, output, layout, key)
        inbox.exit()
        return
    from vptnlp.doxing.redactor import Redactor

    redactor = Redactor(
        _chosen(kinds, DetailKind, "--kinds"), _chosen(subjects, Subject, "--subjects"), drop_meta=drop_meta
    )
    inbox = Inbox(inputs, text_column)
    _redact(inbox, output, layout, key, redactor, model)
    inbox.exit()


def _redact(
    inbox: Inbox, output: Path | None, layout: Layout, key: Path | None, redactor: Redactor, model: str
) -> None:
    from vptnlp.analyzer import Analyzer
    from vptnlp.doxing.redaction_key import new_key

    analyzer = Analyzer.load(model)
    with new_key(key) if key else nullcontext() as writer, opened(output) as out:
        write = _writer(layout, out)
        for assessment in progress(analyzer.assess_many(inbox.read()), "berichten"):
            record, values = redactor.record(assessment.message, assessment.details, assessment.hostile)
            write(record)
            if writer:
                writer.add(assessment.message.id, values)


def _restore(inbox: Inbox, output: Path | None, layout: Layout, path: Path) -> None:
    from vptnlp.doxing.redaction_key import Key

    key = Key(path)
    with opened(output, private=True) as out:
        write = _writer(layout, out)
        for message in progress(inbox.read(), "berichten"):
            write(_restored(message, key.restorer))


def _restored(message: Message, restorer: Callable[[str, str], Callable[[str], str]]) -> dict[str, Any]:
    """The record of one redacted message with its details back.

    Args:
        message: As the readers give it: `quoted` and `meta` of the redacted record are columns.
        restorer: Gives, for an id and a part, what puts details back in that part.
    """
    from vptnlp.doxing.redactor import map_texts

    columns = dict(message.meta)
    quoted, meta = columns.pop("quoted", ""), columns.pop("meta", {})
    id, text = message.id, message.text
    if isinstance(meta, str):  # a row of a csv
        id, text, quoted = _plain(id), _plain(text), _plain(str(quoted))
        with suppress(ValueError):
            meta = json.loads(meta or "{}")
    if not isinstance(meta, dict):
        raise InputError(f"The 'meta' of the message '{id}' is not as `vptnlp redact` wrote it; leave it as it is.")
    record: dict[str, Any] = {"id": id, "text": restorer(id, "text")(text)}
    if quoted:
        record["quoted"] = restorer(id, "quoted")(str(quoted))
    # Columns that were added after redaction go along.
    if meta := {**meta, **columns}:
        restore = restorer(id, "meta")
        record["meta"] = map_texts(meta, lambda text, _: restore(text))
    return record


def _writer(layout: Layout, out: TextIO) -> Callable[[dict[str, Any]], None]:
    """What writes one record; a txt has the texts alone, with an empty line between them."""
    rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    between = chain([""], repeat("\n\n"))

    def write_jsonl(record: dict[str, Any]) -> None:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")

    def write_csv(record: dict[str, Any]) -> None:
        rows.writerow(_cells(record))

    def write_txt(record: dict[str, Any]) -> None:
        out.write(next(between) + record["text"])

    if layout is Layout.CSV:
        rows.writerow(_CSV_COLUMNS)
        return write_csv
    return write_jsonl if layout is Layout.JSONL else write_txt


def _cells(record: dict[str, Any]) -> Iterator[str]:
    for column in _CSV_COLUMNS:
        value = record.get(column, "")
        cell = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield "'" + cell if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """A cell without the apostrophe that `_cells` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _layout(output: Path | None) -> Layout:
    if output is None:
        return Layout.JSONL
    suffix = output.suffix.removeprefix(".").lower()
    if suffix not in set(Layout):
        raise ConfigError(f"The format of '{output}' is not clear; end its name with one of: .{', .'.join(Layout)}.")
    return Layout(suffix)


def _check_places(inputs: Sequence[str], output: Path | None, key: Path | None) -> None:
    """Refuse an output that would be written over, or into, what is being read.

    Raises:
        ConfigError: It would.
    """
    sources = [Path(given).resolve() for given in inputs if given != "-"]
    for place in (output.resolve() if output else None, key.resolve() if key else None):
        for source in sources:
            if place is not None and place.is_relative_to(source):
                raise ConfigError(f"'{place.name}' lies in the input '{source}'; give it a place outside the inputs.")
    if output and key and output.resolve() == key.resolve():
        raise ConfigError(f"The output and the key are both '{output}'; the key must be a file apart.")


def _chosen(given: Iterable[str] | None, labels: type[L], option: str) -> frozenset[L] | None:
    """The labels named, in any case, one by one or with commas between; None where none are."""
    known = {str(label).lower(): label for label in labels}
    chosen = set()
    for word in (part.strip() for words in given or () for part in words.split(",")):
        if word.lower() not in known:
            near = difflib.get_close_matches(word.lower(), known, n=1)
            hint = f" (did you mean '{known[near[0]]}'?)" if near else ""
            raise ConfigError(f"{option}: there is no '{word}'{hint}; choose from: {', '.join(labels)}.")
        chosen.add(known[word.lower()])
    return frozenset(chosen) or None
