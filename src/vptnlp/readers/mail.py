"""Mails (RFC 5322 and MIME), as files of their own or out of a mailbox.

The text is the subject line and the sender's own words; what the mail quotes or forwards is kept apart. Mails are
parsed under the policy ``compat32``: under ``default`` a forged header of 80 kB keeps the parser busy for minutes.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import errors, policy
from email.header import decode_header
from email.message import Message as Mail
from email.utils import parsedate_to_datetime

from vptnlp.readers.charsets import decode
from vptnlp.readers.html import HTML_LIMIT, html_to_text
from vptnlp.readers.intake import clean
from vptnlp.readers.quotes import split_quoted
from vptnlp.readers.records import Record, Report
from vptnlp.readers.sources import Source

MAIL_LIMIT = 50 * 2**20

_HEADER_LIMIT = 4_000
_MAX_DEPTH = 20
# The standard library compares each line with the boundary of every part around it: depth times length.
_BOUNDARY = re.compile(rb"boundary[ \t]{0,9}=", re.IGNORECASE)
_PARSING_LIMIT = 50_000_000  # some four seconds
_NESTED_LIMIT = 2**18
_FORWARD_MARKER = "-----Doorgestuurd bericht-----"
# Kinds of text that no mail program shows as text. All others are shown, misspelt ones too (RFC 2046, 4.1.4).
_DATA = frozenset(
    {"text/calendar", "text/css", "text/csv", "text/directory", "text/vcard", "text/x-vcard", "text/x-amp-html"}
)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=10)
_META = ("from", "to", "date", "subject", "message-id")
_KNOWN = frozenset({*_META, "received", "return-path", "mime-version", "content-type", "cc", "reply-to"})
_HTML_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:\-]{1,40})", re.IGNORECASE)

# The defects after which text may be missing; the rest concern form alone.
_DAMAGE = (
    errors.NoBoundaryInMultipartDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.CloseBoundaryNotFoundDefect,
    errors.MultipartInvariantViolationDefect,
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
)


def read_eml(source: Source, report: Report, text_column: str | None) -> Iterator[Record]:
    """The mail as one record."""
    raw = source.stream.read(MAIL_LIMIT + 1)
    if len(raw) > MAIL_LIMIT:
        report(f"The mail is larger than {MAIL_LIMIT // 2**20} MB; the rest of it was left out.")
    record = mail_record(raw, None, report)
    if record is not None:
        yield record


def mail_record(raw: bytes, row: int | None, report: Report) -> Record | None:
    """The record of one mail; None, with a report, where it has no text at all.

    Args:
        raw: The mail with its headers.
        row: Its number within a mailbox; None for a file of its own.
        report: Where problems go.
    """
    if raw.count(b"\n") * len(_BOUNDARY.findall(raw)) > _PARSING_LIMIT and len(raw) > _NESTED_LIMIT:
        raw = raw[:_NESTED_LIMIT]
        report("The mail has more parts within parts than any mail program makes; only its start was read.", row)
    content = _Content()
    mail = Mail()
    fault = "The mail is too damaged to be taken apart"
    # The parser of the standard library recurses into parts, and fails in undocumented ways on forged ones.
    with suppress(Exception):
        mail = email.message_from_bytes(raw, policy=policy.compat32)
        content.collect(mail)
        headed = any(name.lower() in _KNOWN for name, _ in mail.raw_items())
        fault = "" if headed else "There are no mail headers"
    if fault:
        report(f"{fault}; everything was read as plain text.", row)
        return Record(_unix(decode(raw)), row)
    for note in dict.fromkeys(content.notes):
        report(note, row)
    headers = {name: value for name in _META if (value := header(mail, name))}
    body = "\n\n".join(piece for piece in (*content.texts, *content.forwarded) if piece)
    own, quoted = split_quoted(body)
    subject = f"Onderwerp: {headers['subject']}" if "subject" in headers else ""
    text = "\n\n".join(part for part in (subject, own) if part)
    if not text:
        report(f"The mail has no text{content.instead()} and was skipped.", row)
        return None
    meta: dict[str, object] = dict(headers)
    if arrived := _received(mail):
        meta["date"] = arrived
    elif "date" in headers:
        meta["date"] = _iso_date(headers["date"])
    if content.attachments:
        meta["attachments"] = content.attachments
    return Record(text, row, None, meta, quoted)


def header(mail: Mail, name: str) -> str:
    """A header as text on one line; empty where there is none. Undecodable words stay as they are."""
    value = next((str(value) for key, value in mail.raw_items() if key.lower() == name), "")
    return _words(value)


@dataclass(slots=True, repr=False)
class _Content:
    """What a mail holds, gathered part by part.

    Attributes:
        texts: The text parts that a mail program shows.
        forwarded: Mails within the mail, each below a marker line.
        attachments: Names of the other parts.
        notes: Sentences about damage.
        encrypted: Whether a part is encrypted.
    """

    texts: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    encrypted: bool = False

    def collect(self, part: Mail, depth: int = 0) -> None:
        """Add `part` and everything in it."""
        kind = part.get_content_type()
        if depth > _MAX_DEPTH:
            self.notes.append(f"Parts nested more than {_MAX_DEPTH} deep were left out.")
        elif kind in ("message/rfc822", "message/global"):
            self._forward(part, depth)
        elif part.is_multipart() and kind == "multipart/alternative":
            self._choose([inner for inner in part.get_payload() if isinstance(inner, Mail)], depth)
        elif part.is_multipart():
            for inner in part.get_payload():
                if isinstance(inner, Mail):
                    self.collect(inner, depth + 1)
        elif kind.startswith("text/") and kind not in _DATA and part.get_content_disposition() != "attachment":
            self.texts.append(self._text(part, kind))
        elif name := part.get_filename():
            self.attachments.append(_words(name))
        self.encrypted |= kind in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
        self._note_damage(part)

    def instead(self) -> str:
        """What the mail has where it has no text, as a clause."""
        if self.encrypted:
            return ": it is encrypted"
        return ", only attachments" if self.attachments else ""

    def _choose(self, choices: list[Mail], depth: int) -> None:
        """Add the best of parts that say the same: plain text, else the richest that has text."""
        richest_first = choices[::-1]  # RFC 2046, 5.1.4
        chosen = False
        for part in sorted(richest_first, key=lambda part: part.get_content_type() != "text/plain"):
            inner = _Content()
            inner.collect(part, depth + 1)
            if not chosen and any(text.strip() for text in inner.texts):
                chosen = True
                self.texts += inner.texts
            self.forwarded += inner.forwarded
            self.attachments += inner.attachments
            self.notes += inner.notes
            self.encrypted |= inner.encrypted

    def _forward(self, part: Mail, depth: int) -> None:
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        if not isinstance(inner, Mail):
            return
        if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
            # Not allowed, but done; the parser then takes the encoded lines for the mail.
            inner.set_type("text/plain")
            inner["Content-Transfer-Encoding"] = "base64"
            encoded = inner.get_payload(decode=True)
            inner = email.message_from_bytes(encoded if isinstance(encoded, bytes) else b"", policy=policy.compat32)
        content = _Content()
        content.collect(inner, depth + 1)
        labels = (("from", "Van"), ("date", "Verzonden"), ("to", "Aan"), ("subject", "Onderwerp"))
        head = [f"{label}: {value}" for name, label in labels if (value := header(inner, name))]
        body = [piece for piece in (*content.texts, *content.forwarded) if piece]
        self.forwarded.append("\n".join([_FORWARD_MARKER, *head, "", "\n\n".join(body)]).strip())
        self.attachments += content.attachments
        self.notes += content.notes

    def _text(self, part: Mail, kind: str) -> str:
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes):
            return ""
        charset = part.get_content_charset()
        if "html" not in kind:
            return _unix(decode(raw, charset)).strip("\n")
        if charset is None and (stated := _HTML_CHARSET.search(raw[:4096])):
            charset = stated[1].decode("ascii", "replace")
        html = decode(raw, charset)
        if len(html) > HTML_LIMIT:
            self.notes.append(f"A part of over {HTML_LIMIT:,} characters of HTML was cut off there.")
        return html_to_text(html)

    def _note_damage(self, part: Mail) -> None:
        if any(isinstance(defect, _DAMAGE) for defect in part.defects):
            self.notes.append("A part of the mail is damaged or cut off; its text may be incomplete.")


def _words(value: str) -> str:
    """A header value with its encoded words (RFC 2047) and raw 8-bit bytes turned into text, on one line."""
    value = value[:_HEADER_LIMIT]
    with suppress(UnicodeEncodeError):  # decoded before, as attachment names may be
        value = decode(value.encode("ascii", "surrogateescape"))
    if "=?" in value:
        try:
            pieces = decode_header(value)
        except (errors.HeaderParseError, ValueError):
            pieces = []
        value = "".join(_word(*piece) for piece in pieces) or value
    return clean(" ".join(value.split()))


def _word(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    if charset is None:
        # What stands between encoded words; the standard library hands it over in this codec.
        return piece.decode("raw-unicode-escape", "replace")
    return decode(piece, charset)


def _iso_date(value: str) -> str:
    try:
        return parsedate_to_datetime(value).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return value


def _received(mail: Mail) -> str | None:
    """When the last server got the mail, in ISO 8601; None where no server says so.

    The header ``Date`` is the sender's word, and so may be the lower ``Received`` headers: each server puts its own above
    those that it found (RFC 5321, 4.4). So the highest with a time that can be is taken.
    """
    latest = datetime.now(UTC) + _CLOCKS_DIFFER
    for name, value in mail.raw_items():
        if name.lower() != "received":
            continue
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            moment = parsedate_to_datetime(str(value)[:_HEADER_LIMIT].rpartition(";")[2].strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if _EARLIEST <= moment <= latest:
                return moment.isoformat()
    return None


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
