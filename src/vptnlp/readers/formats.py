"""Which format an input has: by its extension, and by its content where the extension is missing or wrong."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum

from vptnlp.readers.charsets import bom_encoding
from vptnlp.readers.mbox import is_separator
from vptnlp.readers.records import UnreadableError
from vptnlp.readers.sources import HEAD_BYTES, Source


class Format(StrEnum):
    """The formats that can be read."""

    TXT = "txt"
    CSV = "csv"
    JSONL = "jsonl"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"
    EML = "eml"
    MBOX = "mbox"


_BY_SUFFIX = {
    "txt": Format.TXT,
    "text": Format.TXT,
    "csv": Format.CSV,
    "tsv": Format.CSV,
    "tab": Format.CSV,
    "jsonl": Format.JSONL,
    "ndjson": Format.JSONL,
    "json": Format.JSON,
    "parquet": Format.PARQUET,
    "pq": Format.PARQUET,
    "xlsx": Format.XLSX,
    "xlsm": Format.XLSX,
    "eml": Format.EML,
    "mbox": Format.MBOX,
    "mbx": Format.MBOX,
}

_ZIP = b"PK\x03\x04"
_PARQUET = b"PAR1"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Microsoft Compound File Binary, [MS-CFB] 2.2

# First bytes of files that people put beside messages, and what to call them.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"!BDN", "an Outlook data file; export its messages as .eml or .mbox"),
)

# Streams by which a compound file gives itself away; their names are stored as UTF-16.
_OLE_KINDS = (
    ("EncryptedPackage", "It is protected with a password; save it without one."),
    ("__substg1.0_", "It is an Outlook .msg file; save the message as .eml."),
    ("Workbook", "It is a workbook of the old .xls kind; save it as .xlsx."),
    ("WordDocument", "It is an old Word document; save it as .txt."),
)

_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x08\x1b"))
_JSON_OBJECT = re.compile(rb'\s*\{\s*"[^"\n]{0,200}"\s*:')
_JSON_LIST = re.compile(rb"\s*\[\s*\{")
_EMPTY_OBJECT = re.compile(rb"\s*\{\s*\}")
_HEADER = re.compile(rb"([!-9;-~]+):")
_MAIL_HEADERS = frozenset(
    b"from to cc subject date message-id received return-path delivered-to mime-version content-type "
    b"reply-to x-mailer dkim-signature in-reply-to references".split()
)
_MACHINE_HEADERS = frozenset(b"message-id received mime-version return-path".split())


def format_of(source: Source) -> Format:
    """The format of `source`.

    Raises:
        UnreadableError: Its content is none that can be read, or not what the extension promises.
    """
    suffix, head = source.suffix, source.head
    named = _BY_SUFFIX.get(suffix)
    if head.startswith(_ZIP):
        return _zip_format(source)
    if head.startswith(_PARQUET):
        return Format.PARQUET
    if head.startswith(_OLE):
        raise UnreadableError(_ole_reason(source))
    if named is Format.XLSX:
        raise UnreadableError(f"It is named .{suffix} but is not an Excel workbook; save it as .xlsx or as .csv.")
    if named is Format.PARQUET:
        raise UnreadableError(f"It is named .{suffix} but is not a parquet file; check how it was written.")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise UnreadableError(f"It is {what}, not text.")
    encoding = bom_encoding(head)
    if encoding is not None:
        head = head[: len(head) // 4 * 4].decode(encoding, "replace").encode()
    if named is not Format.EML and named is not Format.MBOX and _is_binary(head):
        raise UnreadableError("It is a binary file, not text.")
    return _text_format(named, head)


def _text_format(named: Format | None, head: bytes) -> Format:
    if named is Format.JSON or named is Format.JSONL:
        return _json_format(named, head)
    if named is Format.MBOX:
        return Format.MBOX
    if _is_mbox(head):
        return Format.MBOX
    if named is Format.EML:
        return Format.EML
    if _JSON_OBJECT.match(head) or _EMPTY_OBJECT.match(head):
        return _json_format(Format.JSONL, head)
    if named is Format.CSV:
        return Format.CSV
    if _JSON_LIST.match(head):
        return Format.JSON
    return Format.EML if _is_mail(head, sure=named is None) else Format.TXT


def _json_format(named: Format, head: bytes) -> Format:
    """JSON lines or a JSON list: people give either extension to either."""
    if _JSON_LIST.match(head):
        return Format.JSON
    start = head.lstrip()
    if start.startswith(b"{"):
        # An object that ends on its first line is a line of many; one spread over lines is pretty-printed JSON.
        first = start.split(b"\n", 1)[0].rstrip()
        return Format.JSON if first in (b"{", b"{\r") else Format.JSONL
    return named


def _zip_format(source: Source) -> Format:
    try:
        with source.reopen() as raw, zipfile.ZipFile(raw) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return Format.XLSX
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableError("It is a damaged Excel workbook or zip archive; save it again.") from None
    raise UnreadableError(
        "It is a zip archive or an office document, not an Excel workbook; unpack it or save it as .txt."
    )


def _ole_reason(source: Source) -> str:
    tail = b""
    content = source.head
    while content:
        for name, reason in _OLE_KINDS:
            if name.encode("utf-16-le") in tail + content:
                return reason
        tail = content[-64:]
        content = source.stream.read(HEAD_BYTES)
    return "It is a file of an old Office program; save it as .xlsx, .eml or .txt."


def _is_binary(head: bytes) -> bool:
    """Whether more than one byte in twenty is a control character that no text has."""
    return len(head) - len(head.translate(None, _CONTROL)) > len(head) / 20


def _is_mbox(head: bytes) -> bool:
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return is_separator(first, rest.partition(b"\n")[0], after_blank=True)


def _is_mail(head: bytes, *, sure: bool) -> bool:
    """Whether `head` begins with the headers of a mail.

    Args:
        head: The first bytes.
        sure: Whether two known headers will do; else one must be of the kind that only mail programs write.
    """
    names = set()
    for line in head.splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        header = _HEADER.match(line)
        if header is None:
            return False
        names.add(header[1].lower())
    known = names & _MAIL_HEADERS
    return len(known) >= 2 if sure else len(known) >= 3 and bool(known & _MACHINE_HEADERS)
