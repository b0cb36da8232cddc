"""Messages cut into requests that the service can take, without holding more than one in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pydantic_core

from vptnlp.messages import Message
from vptnlp.text import replace_surrogates

MOST_BYTES = 1_000_000
"""Bytes of messages in one request, far below what the service takes in before it wants its answers to be read."""

MOST_CHARACTERS = 50_000
"""Characters of messages in one request, where it holds more than one message: the time limit of the service is for the whole of
it, and this is some seconds of work for one core."""


@dataclass(frozen=True, slots=True)
class Part:
    """Messages that go together.

    Attributes:
        first: Messages that went before.
        messages: The messages.
        encoded: Each as JSON, on one line. Ids stay here: the service numbers what has none.
    """

    first: int
    messages: Sequence[Message]
    encoded: Sequence[bytes]


class Cutter:
    """Gathers messages into parts.

    Args:
        most: Messages in a part.
    """

    def __init__(self, most: int) -> None:
        if most < 1:
            raise ValueError(f"A request holds at least one message, not {most}.")
        self._most = most
        self._first = 0
        self._size = self._characters = 0
        self._messages: list[Message] = []
        self._encoded: list[bytes] = []

    def add(self, message: Message | str) -> Part | None:
        """Take a message; a bare text is named by its number.

        Returns:
            The part that is now full, if any.
        """
        number = self._first + len(self._messages) + 1
        given = Message(str(number), message) if isinstance(message, str) else message
        text = replace_surrogates(given.text)
        clean = given if text == given.text else replace(given, text=text)
        raw = pydantic_core.to_json({"text": text})
        over = self._size + len(raw) > MOST_BYTES or self._characters + len(text) > MOST_CHARACTERS
        full = self.rest() if self._messages and over else None
        self._messages.append(clean)
        self._encoded.append(raw)
        self._size += len(raw)
        self._characters += len(text)
        return full or (self.rest() if len(self._messages) >= self._most else None)

    def rest(self) -> Part | None:
        """The messages that are not in a part yet."""
        if not self._messages:
            return None
        part = Part(self._first, self._messages, self._encoded)
        self._first += len(self._messages)
        self._size = self._characters = 0
        self._messages, self._encoded = [], []
        return part


def cut(messages: Iterable[Message | str], most: int) -> Iterator[Part]:
    """Parts of the messages, in order.

    Args:
        messages: Messages, or bare texts, which are numbered from 1.
        most: Messages in a part.
    """
    cutter = Cutter(most)
    for message in messages:
        if (part := cutter.add(message)) is not None:
            yield part
    if (part := cutter.rest()) is not None:
        yield part


def whole(messages: Iterable[Message | str]) -> Part:
    """All messages in one part, however many."""
    cutter = Cutter(1)
    parts = [part for message in messages if (part := cutter.add(message)) is not None]
    return Part(0, [part.messages[0] for part in parts], [part.encoded[0] for part in parts])
