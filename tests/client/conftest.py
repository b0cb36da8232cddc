"""What the tests of the client share: a clock that costs no time, canned answers, and the library itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from vptnlp import Analyzer
from vptnlp.client import Client, Clock, Retries
from vptnlp.client.errors import PAGE

CANARY = "kanarie-51c0"


class FakeClock(Clock):
    """Time that passes only where it is waited for."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.now = 0.0
        self.start = start
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.start + self.now

    def chance(self) -> float:
        return 0.5

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


Handler = Callable[[httpx.Request], httpx.Response]


def problem(status: int, kind: str, detail: str = "Try again later.", **more: Any) -> httpx.Response:
    """A problem as the service tells it."""
    headers = {"Content-Type": "application/problem+json", **more.pop("headers", {})}
    body = {"type": f"{PAGE}#{kind}", "title": "x", "status": status, "detail": detail, **more}
    return httpx.Response(status, headers=headers, content=json.dumps(body).encode())


class Bench:
    """Clients against canned answers."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.asked: list[httpx.Request] = []

    def client(self, *answers: httpx.Response | Exception | Handler, total: float = 30.0, **given: Any) -> Client:
        """A client whose requests get these answers in turn, the last one ever after."""
        return Client("http://service.test", transport=self.transport(*answers), **self.options(total), **given)

    def options(self, total: float) -> dict[str, Any]:
        return {"clock": self.clock, "retries": Retries(total=total)}

    def transport(self, *answers: httpx.Response | Exception | Handler) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            given = answers[min(len(self.asked), len(answers)) - 1]
            if isinstance(given, Exception):
                raise given
            if isinstance(given, httpx.Response):
                # A response can be read once, by one of the two clients.
                return httpx.Response(given.status_code, headers=given.headers, content=given.content)
            return given(request)

        return httpx.MockTransport(answer)


@pytest.fixture
def bench() -> Bench:
    """Clients against canned answers."""
    return Bench()


@pytest.fixture(scope="session")
def linear() -> Analyzer:
    """The library itself, with the cheap model."""
    return Analyzer.load("vpt-nl-linear")
