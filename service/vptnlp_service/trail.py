"""What is known of a request on its way, for the log, the metrics and traces: counts and times, never content."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import cast

from starlette.types import Scope

KEY = "vptnlp.trail"


@dataclass(slots=True)
class Trail:
    """One request.

    Attributes:
        request_id: A UUID.
        started: When it came, on the monotonic clock.
        caller: Id of the key, or of whom a token speaks for (hashed); None while not authenticated.
        messages: Messages in it.
        failed: Messages or lines that were refused or could not be assessed.
        queued: Seconds its first message waited for the model.
        refused: Why it was refused, where it was.
    """

    request_id: str
    started: float = field(default_factory=time.monotonic)
    caller: str | None = None
    messages: int = 0
    failed: int = 0
    queued: float = 0.0
    refused: str | None = None

    @classmethod
    def begin(cls, proposed: str | None) -> Trail:
        """Begin a trail.

        Args:
            proposed: The id that the caller gave. Only a UUID is taken over: anything else might be text.
        """
        try:
            return cls(str(uuid.UUID(proposed)) if proposed else str(uuid.uuid4()))
        except ValueError:
            return cls(str(uuid.uuid4()))

    @staticmethod
    def of(scope: Scope) -> Trail:
        """The trail of the request at hand."""
        return cast(Trail, scope[KEY])
