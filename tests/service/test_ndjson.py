"""Streams of messages."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vptnlp_service import logs
from vptnlp_service.app import create_app
from vptnlp_service.bodies import HeldBytes
from vptnlp_service.ndjson import Lines

MEDIA = {"Content-Type": "application/x-ndjson"}
CANARY = "kanarie-51c0"


def answers(client: Any, raw: bytes | Iterator[bytes]) -> list[dict[str, Any]]:
    answer = client.post("/v1/assessments", content=raw, headers=MEDIA)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.split(b"\n") if line]


def test_lines_are_answered_in_order_and_bad_ones_do_not_stop_the_rest(client: Any) -> None:
    lines = [
        b'{"id": "een", "text": "Dank voor de hulp."}',
        b"",
        f'{{"text": "{CANARY}'.encode(),
        b"\xff\xfe",
        b'{"text": 5}',
        f'{{"text": "a", "{CANARY}": 1}}'.encode(),
        b'{"text": ""}',
        b"   ",
        b'{"text": "' + b"a" * 200_000 + b'"}',
        b'{"text": "' + b"a" * 2_000_000 + b'"}',
        b'{"text": "Ik weet waar je woont."}\r',
    ]
    got = answers(client, b"\n".join(lines))
    told = [(line.get("line"), line.get("status"), line.get("id")) for line in got]
    assert told == [
        (None, None, "een"),
        (3, 400, None),
        (4, 400, None),
        (5, 400, None),
        (6, 400, None),
        (7, 400, None),
        (9, 413, None),
        (10, 413, None),
        (None, None, "11"),
    ]
    assert CANARY not in json.dumps(got)
    assert got[3]["errors"][0]["location"]["pointer"] == "/text"
    assert got[0]["model"]["sha256"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_it_does_not_matter_how_the_bytes_arrive(client: Any, size: int) -> None:
    raw = b"".join(json.dumps({"id": str(i), "text": f"Café nummer {i} 😀"}).encode() + b"\n" for i in range(40))
    raw += '{"id": "laatste", "text": "één"}'.encode()
    pieces = (raw[i : i + size] for i in range(0, len(raw), size))
    assert [line["id"] for line in answers(client, pieces)] == [*map(str, range(40)), "laatste"]


def test_an_empty_stream_has_an_empty_answer(client: Any) -> None:
    assert answers(client, b"") == []
    assert answers(client, b"\n\n") == []


def test_a_line_is_answered_before_the_next_is_sent(workshop: Any) -> None:
    with workshop.live() as live, socket.create_connection(("127.0.0.1", live.port)) as talk:
        talk.settimeout(10)
        talk.sendall(
            b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        received = b""
        for number in (1, 2, 3):
            line = b'{"text": "Dank voor de hulp."}\n'
            talk.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            while received.count(b'"taxonomy"') < number:
                received += talk.recv(65536)
        talk.sendall(b"0\r\n\r\n")
        while not received.endswith(b"0\r\n\r\n"):
            received += talk.recv(65536)


def test_a_message_the_model_cannot_bear_has_a_problem_on_its_line(workshop: Any) -> None:
    with workshop.client(analyzer=workshop.paced()) as client:
        raw = f'{{"text": "Dank."}}\n{{"text": "STRUIKEL {CANARY}"}}\n{{"text": "Hoi."}}\n'.encode()
        got = answers(client, raw)
    assert [line.get("status") for line in got] == [None, 500, None]
    assert CANARY not in json.dumps(got)


def test_a_line_with_very_many_faults_is_refused_before_the_schema_is_asked(client: Any) -> None:
    line = json.dumps({"text": "a", **{f"{CANARY}{i}": 1 for i in range(1000)}}).encode()
    [got] = answers(client, line)
    assert got["status"] == 400
    assert "far more values" in got["detail"]
    assert "errors" not in got


def test_groups_are_bounded_by_characters_too(workshop: Any) -> None:
    """A stream of long messages, each of which takes its time, is answered whole however long it is."""
    paced = workshop.paced(0.0)
    inner = paced.assess_many

    def slow(messages: Any) -> Any:
        given = list(messages)
        time.sleep(sum(len(m.text) for m in given) / 20_000)
        return inner(given)

    paced.assess_many = slow
    with workshop.client(analyzer=paced, time_limit=1.0, batch_characters=2_000) as client:
        paced.batches.clear()
        line = json.dumps({"text": "Dank. " * 66}).encode() + b"\n"
        got = answers(client, line * 120)
    assert [answer.get("status") for answer in got] == [None] * 120
    assert max(paced.batches) <= 5


def test_a_message_that_cannot_be_done_in_time_is_not_for_another_try(workshop: Any) -> None:
    with workshop.client(analyzer=workshop.paced(0.2), time_limit=0.5, batch_characters=200) as client:
        short, long = b'{"text": "Dank."}\n', json.dumps({"text": "Dank. " * 100}).encode() + b"\n"
        assert "status" not in answers(client, short)[0]
        [got] = answers(client, long)
        assert (got["status"], got["type"].rpartition("#")[2]) == (413, "too-large")
        answer = client.post("/v1/assessments", json={"messages": [{"text": "Dank. " * 100}]})
        assert answer.status_code == 413
        assert "retry-after" not in answer.headers


@pytest.mark.parametrize("size", [1, 7, 150, 1000])
def test_the_bytes_of_lines_are_held_until_these_are_answered(size: int) -> None:
    """Whatever the lines are like and however they arrive, all is given back in the end."""
    body = b'{"text": "a"}\n\n   \n' + b"x" * 300 + b"\n" + b"y" * 40 + b"\n" + b"z" * 30
    pieces = [body[i : i + size] for i in range(0, len(body), size)]

    async def main() -> None:
        async def receive() -> dict[str, Any]:
            if pieces:
                return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        held = HeldBytes(100_000)
        lines = Lines(receive, 100, 10_000, 5.0, held)
        pump = asyncio.create_task(lines.pump())
        groups = [group async for group in lines.groups(2, 1000)]
        assert [raw for group in groups for _, raw in group] == [b'{"text": "a"}', None, b"y" * 40, b"z" * 30]
        assert held.held == 13 + 40 + 30
        for group in groups:
            lines.answered(group)
        assert held.held == 0
        lines.close()
        assert held.held == 0
        pump.cancel()

    asyncio.run(main())


def test_bytes_of_lines_that_are_with_the_model_count(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced, max_bodies=10_000) as live:
        paced.go.clear()
        line = json.dumps({"text": "Dank. " * 1000}).encode() + b"\n"
        start = b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/%s\r\nContent-Length: %d\r\n\r\n"
        with socket.create_connection(("127.0.0.1", live.port)) as stream:
            stream.sendall(start % (b"x-ndjson", len(line)) + line)
            time.sleep(0.3)
            with socket.create_connection(("127.0.0.1", live.port)) as other:
                other.settimeout(10)
                body = b'{"messages": [' + line + b"]}"
                other.sendall(start % (b"json", len(body)) + body)
                assert other.recv(100).startswith(b"HTTP/1.1 503")
            paced.go.set()
            stream.settimeout(10)
            received = b""
            while not received.endswith(b"0\r\n\r\n"):
                received += stream.recv(65536)
        assert b'"taxonomy"' in received


def test_a_client_that_does_not_read_is_no_error_of_ours(workshop: Any) -> None:
    log = io.StringIO()
    settings = workshop.settings(time_limit=0.2)
    app = create_app(settings, analyzer=workshop.linear, logger=logs.make("debug", log))
    line = b'{"text": "Dank."}\n'

    async def main() -> None:
        pieces = [{"type": "http.request", "body": line, "more_body": False}]

        async def receive() -> Any:
            if not pieces:
                await asyncio.sleep(60)
            return pieces.pop()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                await asyncio.sleep(60)

        scope = {
            "type": "http", "method": "POST", "path": "/v1/assessments", "raw_path": b"/v1/assessments",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 80),
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/x-ndjson")],
        }  # fmt: skip
        async with app.router.lifespan_context(app):
            await app(scope, receive, send)

    asyncio.run(main())
    rows = [json.loads(row) for row in log.getvalue().splitlines()]
    [row] = [row for row in rows if row["event"] == "request"]
    assert (row["status"], row["refused"]) == (200, "client-gone")
    assert not [row for row in rows if row["level"] == "error"]


def test_time_limits_hold_for_groups_of_lines(workshop: Any) -> None:
    paced = workshop.paced(0.3)
    with workshop.client(analyzer=paced, time_limit=0.1) as client:
        got = answers(client, b'{"text": "Dank."}\n')
    assert got[0]["type"].endswith("#time-limit")


def test_a_silent_stream_ends_with_a_problem(workshop: Any) -> None:
    with (
        workshop.live(body_seconds=0.3) as live,
        socket.create_connection(("127.0.0.1", live.port)) as silent,
    ):
        silent.settimeout(10)
        silent.sendall(
            b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
            b'Content-Length: 1000\r\n\r\n{"text": "Dank."}\n'
        )
        received = b""
        while b"slow-body" not in received:
            piece = silent.recv(65536)
            assert piece, received
            received += piece
        assert b'"taxonomy"' in received


def test_a_stream_whose_client_goes_away_is_dropped(workshop: Any) -> None:
    paced = workshop.paced(0.05)
    with workshop.live(analyzer=paced, batch_messages=8) as live:
        paced.batches.clear()
        body = b'{"text": "Dank voor de hulp."}\n' * 4000
        with socket.create_connection(("127.0.0.1", live.port)) as leaving:
            leaving.sendall(
                b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body) + body
            )
            leaving.recv(1000)
        time.sleep(1)
        done = sum(paced.batches)
        time.sleep(0.5)
        assert done < 1000
        assert sum(paced.batches) == done
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 200
        connection.close()


def resident() -> int:
    """Resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to read memory")
def test_ten_thousand_lines_stream_without_memory_growth(workshop: Any) -> None:
    """The answers are over 20 MB, and are read slowly at first: they may not pile up in the service."""

    class Fast(type(workshop.paced())):  # type: ignore[misc]
        """The same assessment for every message, so that the stream is what is measured."""

        def assess_many(self, messages: Any) -> Any:
            from dataclasses import replace

            for message in messages:
                yield replace(self.known, message=message)

    fast = Fast(workshop.linear, 0.0)
    text = "Ik weet dat je op Kerkstraat 12 in Utrecht woont, en ik kom morgen langs met een mes."
    fast.known = workshop.linear.assess(text)
    with workshop.live(analyzer=fast, max_body=200_000) as live:
        with socket.create_connection(("127.0.0.1", live.port)) as client:
            client.settimeout(30)
            line = json.dumps({"text": text}).encode() + b"\n"
            client.sendall(
                b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                b"Content-Length: %d\r\n\r\n" % (len(line) * 10_000)
            )
            sent = 0
            received = size = 0
            before = 0
            tail = b""
            client.setblocking(False)
            whole = line * 10_000
            deadline = time.monotonic() + 60
            while not tail.endswith(b"0\r\n\r\n"):
                assert time.monotonic() < deadline
                idle = True
                if sent < len(whole):
                    try:
                        sent += client.send(whole[sent : sent + 65536])
                        idle = False
                    except BlockingIOError:
                        pass
                try:
                    piece = client.recv(65536)
                    assert piece
                    size += len(piece)
                    received += piece.count(b'"taxonomy"')
                    tail = (tail + piece)[-10:]
                    idle = False
                except BlockingIOError:
                    pass
                if size > 3_000_000 and not before:
                    time.sleep(0.5)
                    before = resident()
                if idle:
                    time.sleep(0.001)
        assert received >= 9_900
        assert size > 20_000_000
        assert resident() - before < 15_000_000
    assert live.log.getvalue().count('"messages": 10000') == 1
