"""Streams of messages."""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
