"""Connections that do not wait for a slow client without end, and are not without number.

uvicorn bounds how large the head of a request is, but not how long it takes to come, nor how long a client may leave its answer
unread. Each such client would hold a connection, and the answer in memory, for as long as it likes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from vptnlp_service.settings import Settings

CROWDED = "vptnlp.crowded"
"""Where the scope of a request says that there are too many connections: it is to be refused, and its connection to end."""


class BoundedConnection(H11Protocol):
    """uvicorn's HTTP/1.1 with two clocks: one for the head of a request, one for a client that does not read.

    Where there are too many connections, requests say so to the application, which refuses in its own words; uvicorn would
    refuse in plain text, and also say that we are not alive.
    """

    head_seconds = 10.0
    """Seconds in which the head of a request must be whole, from its first byte; for a new connection from its start."""

    read_seconds = 30.0
    """Seconds in which a client must take up what waits for it."""

    most_connections = 1024
    """Connections from which on requests are refused."""

    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self.app = self._answer
        self._mind_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        super().connection_lost(exc)
        for clock in (self._head, self._unread):
            if clock is not None:
                clock.cancel()

    def data_received(self, data: bytes) -> None:
        """Part of a request came."""
        super().data_received(data)
        self._mind_head()

    def on_response_complete(self) -> None:
        """An answer is written, though maybe not read."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._mind_reading()

    def timeout_keep_alive_handler(self) -> None:
        """The client sent nothing more. A close would wait until it has read what it was sent."""
        super().timeout_keep_alive_handler()
        self._mind_reading()

    def pause_writing(self) -> None:
        """Much waits for the client."""
        super().pause_writing()
        self._mind_reading()

    def resume_writing(self) -> None:
        """The client reads."""
        super().resume_writing()
        # The rest of a connection that closes must be read within the same time.
        if self._unread is not None and not self.transport.is_closing():
            self._unread.cancel()
            self._unread = None

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        scope[CROWDED] = len(self.connections) > self.most_connections
        await self.config.loaded_app(scope, receive, send)

    def _mind_head(self) -> None:
        between = self.cycle is None or self.cycle.response_complete
        if between and self._head is None:
            self._head = self.loop.call_later(self.head_seconds, self.transport.abort)
        elif not between and self._head is not None:
            self._head.cancel()
            self._head = None

    def _mind_reading(self) -> None:
        if self._unread is None and self.transport.get_write_buffer_size():
            self._unread = self.loop.call_later(self.read_seconds, self.transport.abort)


def bounded(settings: Settings) -> type[BoundedConnection]:
    """The protocol with the limits of the settings, as uvicorn takes it.

    Args:
        settings: The settings.
    """
    limits = {
        "head_seconds": settings.head_seconds,
        "read_seconds": settings.time_limit,
        # The gate refuses from `max_requests` on; this is the wall behind it, also against idle connections.
        "most_connections": settings.max_requests * 4,
    }
    return type("Connection", (BoundedConnection,), limits)
