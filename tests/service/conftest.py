"""What the tests of the service share: a cheap model, applications in the test client, and real servers in a thread."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from vptnlp import Analyzer
from vptnlp.messages import Assessment, Message
from vptnlp_service import logs, server
from vptnlp_service.app import create_app
from vptnlp_service.settings import Settings

MODEL = "vpt-nl-linear"


class Paced(Analyzer):
    """An analyzer that takes its time, notes its batches, and stumbles over messages that say so."""

    def __init__(self, inner: Analyzer, seconds: float) -> None:
        self._inner = inner
        self.bundle = inner.bundle
        self.seconds = seconds
        self.batches: list[int] = []
        self.go = threading.Event()
        self.go.set()

    @property
    def info(self) -> Any:
        return self._inner.info

    def assess_many(self, messages: Iterable[Message | str]) -> Iterator[Assessment]:
        batch = list(messages)
        self.go.wait(20)
        time.sleep(self.seconds)
        self.batches.append(len(batch))
        for message in batch:
            assert isinstance(message, Message)
            if "STRUIKEL" in message.text:
                raise ValueError(f"Cannot bear: {message.text}")
        yield from self._inner.assess_many(batch)


@dataclass
class Live:
    """A running server."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread
    log: io.StringIO
    app: Any = None

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """Begin to shut down."""
        self.server.should_exit = True


@dataclass
class Workshop:
    """Makes applications and servers."""

    linear: Analyzer
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def settings(self, **given: Any) -> Settings:
        return Settings(**{"model": MODEL, **given})

    def paced(self, seconds: float = 0.0) -> Paced:
        return Paced(self.linear, seconds)

    @contextmanager
    def client(
        self,
        *,
        analyzer: Analyzer | None = None,
        log: io.StringIO | None = None,
        app: dict[str, Any] | None = None,
        **given: Any,
    ) -> Iterator[TestClient]:
        made = create_app(
            self.settings(**given),
            analyzer=analyzer or self.linear,
            logger=logs.make("debug", log or io.StringIO()),
            **(app or {}),
        )
        with TestClient(made, raise_server_exceptions=False) as client:
            yield client

    @contextmanager
    def live(self, *, analyzer: Analyzer | None = None, **given: Any) -> Iterator[Live]:
        settings = self.settings(port=0, **given)
        log = io.StringIO()
        app = create_app(settings, analyzer=analyzer or self.linear, logger=logs.make("debug", log))
        running = uvicorn.Server(server.config(app, settings))
        thread = threading.Thread(target=running.run)
        thread.start()
        try:
            for _ in range(500):
                if running.started:
                    break
                time.sleep(0.02)
            port = running.servers[0].sockets[0].getsockname()[1]
            yield Live(f"http://127.0.0.1:{port}", running, thread, log, app)
        finally:
            running.should_exit = True
            thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    """Makes applications and servers on the cheap model."""
    return Workshop(Analyzer.load(MODEL))


@pytest.fixture(scope="module")
def client(workshop: Workshop) -> Iterator[TestClient]:
    """An application with default settings."""
    with workshop.client() as client:
        yield client
