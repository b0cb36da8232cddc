"""Bytes to text when the declared encoding is missing, wrong or broken. Nothing here ever fails."""

from __future__ import annotations

import codecs
from contextlib import suppress

_SAMPLE_BYTES = 16_384

# Browsers read these labels as Windows-1252 (WHATWG Encoding Standard), since that is what senders mean by them.
_MEANS_CP1252 = frozenset({"ascii", "iso8859-1", "cp1252"})

# Python codecs that are no mail charset; decoding with the first two takes quadratic time.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})

_WESTERN = ("cp1252", "mac_roman", "cp850")
_OTHER_SCRIPTS = ["cp1251", "cp1253", "cp1255", "cp1256"]

# Above ASCII, nearly everything in Dutch text is one of these.
_DUTCH = frozenset("éëïöüèêáóúíàâçäñÉËÏÖÜÈÁÓ‘’“”–…€")


class Decoder:
    """Decodes the lines of one file: UTF-8 first, then the one encoding that fits its other lines best.

    Args:
        head: The first bytes of the file, from which that other encoding is told.
    """

    def __init__(self, head: bytes = b"") -> None:
        self._head = head
        self._fallback: str | None = None

    def __call__(self, raw: bytes) -> str:
        """The text of `raw`."""
        try:
            return raw.decode()
        except UnicodeDecodeError:
            if self._fallback is None:
                bad = [line for line in self._head.splitlines()[:-1] if not _is_utf8(line)]
                self._fallback = guess(b"\n".join(bad) or raw)
            return raw.decode(self._fallback, "replace")


def decode(raw: bytes, declared: str | None = None) -> str:
    """The text of `raw`, by its byte order mark, its declared charset, UTF-8, or the likeliest encoding.

    Args:
        raw: All bytes of a text.
        declared: The charset that the source states, known to Python or not.
    """
    if bom := bom_encoding(raw):
        return raw.decode(bom, "replace")
    codec = _codec(declared)
    if codec is not None and codec not in _MEANS_CP1252:
        with suppress(LookupError, UnicodeError):  # the first for codecs such as hex, which give no text
            return raw.decode(codec)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252" if codec in _MEANS_CP1252 else guess(raw), "replace")


def bom_encoding(raw: bytes) -> str | None:
    """The codec that the byte order mark of `raw` calls for; it drops the mark. None without a mark."""
    for bom, codec in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16 LE, so it comes first
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(bom):
            return codec
    return None


def guess(raw: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8, Windows-1252 in doubt.

    charset-normalizer tells scripts apart well, but takes short Dutch text for Polish or Chinese; among the
    Western encodings the letters that Dutch uses decide.
    """
    sample = raw[:_SAMPLE_BYTES]
    high = sum(byte > 127 for byte in sample)
    if high >= 8 and high > 0.3 * len(sample):
        from charset_normalizer import from_bytes

        best = from_bytes(sample, cp_isolation=["cp1252", *_OTHER_SCRIPTS]).best()
        if best is not None and best.encoding in _OTHER_SCRIPTS:
            return best.encoding
    return max(_WESTERN, key=lambda codec: sum(char in _DUTCH for char in sample.decode(codec, "replace")))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _codec(declared: str | None) -> str | None:
    """Python's name of a charset, or None when it is unknown or no mail charset."""
    if not declared or len(declared) > 40:
        return None
    try:
        name = codecs.lookup(declared.strip("\"' ")).name
    except (LookupError, ValueError):
        return None
    return None if name.replace("_", "-") in _REFUSED else name
