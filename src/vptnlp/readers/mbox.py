"""Mailboxes of the mbox kind (RFC 4155, appendix A), read one mail at a time.

The standard library's `mailbox.mbox` needs a file that it can search and a table of all its mails; this reads
any stream, and holds one mail in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.readers.mail import MAIL_LIMIT, mail_record
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import Source, lines

# The date of the separator as `asctime` writes it and its many variants: a month, a time and a year.
_DATED = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
        rb"\b\d\d?:\d\d\b",
        rb"\b(?:19|20)\d\d\b",
    )
)
_UNDATED = re.compile(rb"From \S{1,400}\s*")
_HEADER = re.compile(rb"[!-9;-~]{1,76}:")
_ESCAPED = re.compile(rb">+From ")


def is_separator(line: bytes, following: bytes, *, after_blank: bool) -> bool:
    """Whether `line` begins a new mail, rather than being a sentence with "From" in front.

    Args:
        line: The line in question.
        following: The line after it.
        after_blank: Whether a blank line, or nothing, comes before it.
    """
    if not line.startswith(b"From "):
        return False
    headed = _HEADER.match(following) is not None
    if all(pattern.search(line[:500]) for pattern in _DATED):
        return headed or after_blank
    return headed and after_blank and _UNDATED.fullmatch(line) is not None


def read_mbox(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """One record a mail, numbered from 1; a damaged mail does not stop the rest."""
    for number, raw in _mails(source, report):
        record = mail_record(raw, number, report)
        if record is not None:
            yield record


def _mails(source: Source, report: Report) -> Iterator[tuple[int, bytes]]:
    number, size = 0, 0
    mail: list[bytes] = []
    line, after_blank = b"", True
    for following in _with_end(line for _, line in lines(source.stream, report)):
        if is_separator(line, following, after_blank=after_blank):
            if number:
                yield number, b"".join(mail)
            number, size = number + 1, 0
            mail.clear()
        elif number or line.strip():
            if not number:
                number = 1
                report("The mailbox is damaged: it does not begin with a line 'From '; its start was read as a mail.")
            size += len(line)
            if size <= MAIL_LIMIT:
                mail.append(line[1:] if _ESCAPED.match(line) else line)
            elif size - len(line) <= MAIL_LIMIT:
                report(f"The mail is larger than {MAIL_LIMIT // 2**20} MB; the rest of it was left out.", number)
        after_blank = not line.strip()
        line = following
    if number:
        yield number, b"".join(mail)


def _with_end(source: Iterator[bytes]) -> Iterator[bytes]:
    yield from source
    yield b""
