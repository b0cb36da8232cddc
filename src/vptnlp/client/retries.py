"""When to try again, and how long to wait before it."""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient the client is. A request that is stuck ends by the timeout, which stands apart.

    Attributes:
        total: Seconds from the first try of a request, after which no other is begun; 0 for a single try.
        first: Seconds of the first wait, doubled with each try.
        longest: Most seconds of a wait, where the service did not ask for more.
    """

    total: float = 30.0
    first: float = 0.5
    longest: float = 10.0


class Clock:
    """Time and chance, so that tests can put their own in place."""

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970 (UTC)."""
        return time.time()

    def chance(self) -> float:
        """A number from 0 up to 1."""
        return random.random()  # noqa: S311  (it spreads callers; it keeps no secret)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait while others work."""
        await asyncio.sleep(seconds)


class Patience:
    """The patience with one request.

    Args:
        retries: How much there is.
        clock: The time.
    """

    def __init__(self, retries: Retries, clock: Clock) -> None:
        self._retries = retries
        self._clock = clock
        self._until = clock.monotonic() + retries.total
        self.tries = 1

    def wait(self, asked: float | None) -> float | None:
        """Seconds to wait before the next try; None when there is to be none.

        Args:
            asked: Seconds that the service asked for. Where they do not fit, waiting is of no use.
        """
        retries = self._retries
        if asked is None:
            most = min(retries.longest, retries.first * 2.0 ** min(self.tries - 1, _MOST_DOUBLINGS))
            seconds = most * (1 + self._clock.chance()) / 2
        else:
            # All who were sent away together would otherwise return together.
            seconds = asked + retries.first * self._clock.chance()
        if self._clock.monotonic() + seconds >= self._until:
            return None
        self.tries += 1
        return seconds


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that an answer asks to wait (RFC 9110, 10.2.3: a number of seconds, or a date).

    Args:
        headers: Those of the answer. A date is read against their own ``Date``, so that no two clocks need agree.
        now: Seconds since 1970, for an answer without ``Date``.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _moment(value)
    if until is None:
        return None
    sent = _moment(headers.get("date", ""))
    return max(0.0, until - (now if sent is None else sent))


def _moment(date: str) -> float | None:
    try:
        read = email.utils.parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return (read if read.tzinfo else datetime.replace(read, tzinfo=UTC)).timestamp()
