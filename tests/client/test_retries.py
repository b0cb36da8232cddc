"""When the client tries again, and how long it waits."""

from __future__ import annotations

import asyncio
import ssl
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.client import (
    AsyncClient,
    InternalError,
    RateLimitError,
    Retries,
    UnauthenticatedError,
    UnavailableError,
    UnreachableError,
)
from vptnlp.client.retries import Patience, retry_after

from .conftest import Bench, FakeClock, problem

FULL = problem(503, "queue-full", headers={"Retry-After": "4"})
LABELS = httpx.Response(200, json={"version": "1.0", "axes": {}})


def test_it_waits_as_long_as_the_service_asks_and_a_little(bench: Bench) -> None:
    assert bench.client(FULL, problem(429, "rate-limit", headers={"Retry-After": "7"}), LABELS).taxonomy()["axes"] == {}
    assert bench.clock.waits == [4.25, 7.25]


def test_a_date_is_read_against_the_clock_of_the_service(bench: Bench) -> None:
    then = 1_700_000_000
    dated = {"Retry-After": formatdate(then + 9, usegmt=True), "Date": formatdate(then, usegmt=True)}
    undated = {"Retry-After": formatdate(bench.clock.start + 15, usegmt=True)}
    answers = [problem(503, "busy", headers=dated), problem(503, "busy", headers=undated), LABELS]
    bench.client(*answers).taxonomy()
    assert bench.clock.waits == [9.25, 15 - 9.25 + 0.25]


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "Wed, 99 Foo 2026 00:00:00 GMT", "9" * 400])
def test_odd_values_of_retry_after_do_no_harm(header: str) -> None:
    seconds = retry_after({"retry-after": header}, 0.0)
    assert seconds is None or seconds == float("inf")


def test_without_a_wish_waits_double_up_to_the_cap(bench: Bench) -> None:
    with pytest.raises(UnavailableError):
        bench.client(problem(503, "busy"), total=60.0).taxonomy()
    assert bench.clock.waits == [0.375, 0.75, 1.5, 3.0, 6.0, 7.5, 7.5, 7.5, 7.5, 7.5, 7.5]
    assert bench.clock.now < 60


@settings(deadline=None, max_examples=50)
@given(
    chance=st.floats(0, 1, exclude_max=True),
    asked=st.none() | st.floats(0, 1e9),
    total=st.floats(0, 1e4),
    first=st.floats(1e-3, 10),
)
def test_the_waits_never_add_up_to_more_than_the_total(
    chance: float, asked: float | None, total: float, first: float
) -> None:
    clock = FakeClock()
    clock.chance = lambda: chance  # type: ignore[method-assign]
    patience = Patience(Retries(total=total, first=first), clock)
    for _ in range(200):
        seconds = patience.wait(asked)
        if seconds is None:
            break
        assert seconds >= (asked or 0)
        clock.sleep(seconds)
    assert clock.now <= total


def test_a_wish_that_does_not_fit_ends_it_at_once(bench: Bench) -> None:
    with pytest.raises(RateLimitError) as caught:
        bench.client(problem(429, "rate-limit", headers={"Retry-After": "60"})).taxonomy()
    assert caught.value.retry_after == 60
    assert bench.clock.waits == []


def test_no_patience_is_one_try(bench: Bench) -> None:
    with pytest.raises(UnavailableError):
        bench.client(FULL, LABELS, total=0.0).taxonomy()
    assert len(bench.asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.ConnectTimeout("slow"),
        httpx.RemoteProtocolError("x"),
    ],
)
def test_a_broken_connection_is_tried_again_with_post_too(bench: Bench, error: Exception, answered: Any) -> None:
    assert bench.client(error, answered).assess_one("Dank.").message.text == "Dank."
    assert len(bench.asked) == 2
    assert bench.asked[0].content == bench.asked[1].content


@pytest.fixture(scope="module")
def answered(linear: Any) -> httpx.Response:
    record = linear.assess("Dank.").to_dict()
    return httpx.Response(200, json={"model": record["model"], "assessments": [record]})


def test_what_will_not_pass_is_not_tried_again(bench: Bench) -> None:
    wrong = httpx.ConnectError("certificate")
    wrong.__cause__ = ssl.SSLCertVerificationError("self-signed")
    for error in (wrong, httpx.ReadTimeout("late"), httpx.UnsupportedProtocol("x")):
        with pytest.raises(UnreachableError):
            bench.client(error).taxonomy()
    with pytest.raises(InternalError):
        bench.client(problem(500, "internal")).taxonomy()
    with pytest.raises(UnauthenticatedError):
        bench.client(problem(401, "unauthenticated")).taxonomy()
    assert len(bench.asked) == 5


def test_a_service_that_stays_away_is_told_in_one_sentence(bench: Bench) -> None:
    with pytest.raises(
        UnreachableError, match=r"at http://service\.test .* asked \d+ times, at last ConnectError: refused"
    ):
        bench.client(httpx.ConnectError("refused")).taxonomy()
    assert 20 < bench.clock.now < 30


def test_health_is_asked_once(bench: Bench) -> None:
    client = bench.client(FULL)
    assert client.live() is False
    assert client.ready() is None
    assert len(bench.asked) == 2


def test_a_token_is_asked_for_before_each_try(bench: Bench) -> None:
    tokens = iter(["een", "twee\n"])
    bench.client(FULL, LABELS, credential=lambda: next(tokens)).taxonomy()
    assert [r.headers["authorization"] for r in bench.asked] == ["Bearer een", "Bearer twee"]


def test_the_asynchronous_client_waits_the_same(bench: Bench) -> None:
    tokens = iter(["een", "twee", "drie"])

    async def token() -> str:
        return next(tokens)

    async def main() -> None:
        transport = bench.transport(FULL, httpx.ConnectError("refused"), LABELS)
        made = AsyncClient("http://service.test", transport=transport, credential=token, **bench.options(30.0))
        async with made as client:
            assert (await client.taxonomy())["version"] == "1.0"

    asyncio.run(main())
    assert bench.clock.waits == [4.25, 0.75]
    assert [r.headers["authorization"] for r in bench.asked] == ["Bearer een", "Bearer twee", "Bearer drie"]
