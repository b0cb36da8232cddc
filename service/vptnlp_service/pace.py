"""How fast the model works of late: what a request will cost is told before it is taken."""

from __future__ import annotations

import time

from vptnlp.messages import Message

_MEMORY = 0.8
"""What the batches before it weigh beside the newest."""

_KEPT = 60.0
"""Seconds after which a pace is forgotten: one bad measurement (a machine that slept) must not refuse all work for ever."""

_MESSAGE_WORK = 60
"""Work of any message beside its characters, in characters: about what the model spends on an empty one."""

USUAL_WORK = 300
"""Work of a message of which nothing is known yet, in characters."""


def work_of(message: Message) -> int:
    """Work of one message, in characters."""
    return _MESSAGE_WORK + len(message.text)


class Pace:
    """Seconds a character, by the batches of late."""

    def __init__(self) -> None:
        # Sums, not a mean of paces: a batch of one says little of the pace of a full one.
        self._lately = (0.0, 0.0)
        self._noted = 0.0

    def note(self, work: int, seconds: float) -> None:
        """A batch of so much work, in characters, took so long."""
        before, done = self._lately
        self._lately = (_MEMORY * before + seconds, _MEMORY * done + work)
        self._noted = time.monotonic()

    def seconds(self, work: int) -> float:
        """Seconds that so much work takes; 0 where the pace is not known."""
        seconds, done = self._lately
        known = done and time.monotonic() - self._noted < _KEPT
        return work * seconds / done if known else 0.0
