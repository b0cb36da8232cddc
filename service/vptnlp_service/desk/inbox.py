"""Files that are dropped on the desk, read in memory: nothing is written to disk, and nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources
from itertools import islice
from threading import Lock
from typing import Any
from urllib.parse import unquote

from vptnlp.messages import Message
from vptnlp.readers import Problem
from vptnlp.readers.memory import read_bytes
from vptnlp_service.desk.problems import dutch

FILE_LIMIT = 25 * 2**20
"""Bytes of one file."""

MESSAGE_LIMIT = 5_000
"""Messages of one file; more would not fit a page that a person works through."""

PROBLEM_LIMIT = 100

SUFFIXES = frozenset({"txt", "text", "eml", "mbox", "mbx", "csv", "tsv", "tab", "jsonl", "ndjson", "json", ""})
"""Kinds of file that are read. Workbooks and parquet are left out: a small one can unpack to gigabytes."""

_NAME_LIMIT = 200
_SPREAD = timedelta(minutes=3)

# One file at a time: reading takes the processor, and the csv module's cell limit is a setting of the process.
_READING = Lock()


async def body(stream: AsyncIterator[bytes], declared: str | None = None) -> bytes | None:
    """The bytes of a request; None as soon as they pass `FILE_LIMIT`.

    Args:
        stream: Pieces of the body.
        declared: The request's Content-Length, if it gave one.
    """
    if declared is not None and declared.isascii() and declared.isdigit() and int(declared[:15]) > FILE_LIMIT:
        return None
    content = bytearray()
    async for piece in stream:
        content += piece
        if len(content) > FILE_LIMIT:
            return None
    return bytes(content)


def file_name(header: str) -> str:
    """The name of a file as the page sends it, percent-encoded in a header: it may not stand in the address."""
    return unquote(header, errors="replace")[:_NAME_LIMIT]


def read_file(name: str, content: bytes) -> dict[str, Any]:
    """The messages in one file, and what could not be read.

    Args:
        name: Its name.
        content: Its bytes.

    Returns:
        ``messages``: records of ``id``, ``text``, ``quoted`` and ``meta``; ``problems``: records of ``row`` (or
        None) and ``reason`` in Dutch.
    """
    problems: list[Problem] = []
    stem, dot, suffix = name.rpartition(".")
    if dot and stem and suffix.lower() not in SUFFIXES:
        return {"messages": [], "problems": [{"row": None, "reason": dutch("suffix")}]}
    with _READING:
        messages = list(islice(read_bytes(name, content, problems.append), MESSAGE_LIMIT + 1))
    listed = [{"row": p.row, "reason": dutch(p.reason)} for p in problems[:PROBLEM_LIMIT]]
    if len(problems) > PROBLEM_LIMIT:
        listed.append({"row": None, "reason": f"Er zijn nog {len(problems) - PROBLEM_LIMIT} andere problemen."})
    if len(messages) > MESSAGE_LIMIT:
        listed.append({"row": None, "reason": dutch("too many")})
    return {"messages": _records(messages[:MESSAGE_LIMIT]), "problems": listed}


def sample(now: datetime) -> dict[str, Any]:
    """The sample inbox, as `read_file` gives it, with its dates moved to the hours before `now`.

    Args:
        now: A moment with a time zone.
    """
    content = (resources.files("vptnlp.samples") / "inbox.mbox").read_bytes()
    messages = list(read_bytes("voorbeeld.mbox", content, _never))
    last = len(messages) - 1
    moved = [
        replace(message, meta={**message.meta, "date": (now - (last - n) * _SPREAD).isoformat(timespec="minutes")})
        for n, message in enumerate(messages)
    ]
    return {"messages": _records(moved), "problems": []}


def _never(problem: Problem) -> None:
    raise AssertionError(f"The sample inbox is damaged: {problem}")


def _records(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [{"id": m.id, "text": m.text, "quoted": m.quoted, "meta": dict(m.meta)} for m in messages]
