"""Files that are dropped on the desk, read in memory: nothing is written to disk, and nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import resources
from itertools import islice
from typing import Any
from urllib.parse import unquote

from vptnlp.messages import Message
from vptnlp.readers import Problem
from vptnlp.readers.memory import read_bytes
from vptnlp_service.desk.problems import dutch
from vptnlp_service.problems import Problem as Refusal

MESSAGE_LIMIT = 5_000
"""Messages of one file; more would not fit a page that a person works through."""

PROBLEM_LIMIT = 100

SUFFIXES = frozenset({"txt", "text", "eml", "mbox", "mbx", "csv", "tsv", "tab", "jsonl", "ndjson", "json", ""})
"""Kinds of file that are read. Workbooks and parquet are left out: a small one can unpack to gigabytes."""

_NAME_LIMIT = 200
_SPREAD = timedelta(minutes=3)


class Turns:
    """Reads one file at a time: reading takes the processor, and the csv module's cell limit is a setting of the process.

    Who waits holds no thread, so that the rest of the service goes on.

    Args:
        seconds: How long a file may wait for its turn, and how long it may then take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._turn = asyncio.Semaphore(1)

    async def read(self, name: str, content: bytes) -> dict[str, Any]:
        """As `read_file`.

        Raises:
            Refusal: Its turn did not come, or it took too long.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise Refusal(503, "busy", "Other files are being read; try again later.", retry_after=5) from None
        reading = asyncio.create_task(asyncio.to_thread(read_file, name, content))
        reading.add_done_callback(self._done)
        try:
            async with asyncio.timeout(self._seconds):
                # A thread cannot be stopped. It keeps its turn until it is done, though nobody waits for it any more.
                return await asyncio.shield(reading)
        except TimeoutError:
            detail = f"The file was not read within {self._seconds:g} seconds; split it up."
            raise Refusal(503, "time-limit", detail, retry_after=5) from None

    def _done(self, reading: asyncio.Task[dict[str, Any]]) -> None:
        self._turn.release()
        if not reading.cancelled():
            reading.exception()  # else asyncio would log it, where nobody waited for it


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
