"""A real server: requests that join, a full queue, time limits, slow and vanishing clients, shutdown."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

TEXT = "Dank voor de hulp."


def post(port: int, body: Any, path: str = "/v1/assessments") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def ask(port: int, count: int = 1) -> tuple[int, dict[str, str], bytes]:
    return post(port, {"messages": [{"text": TEXT}] * count})


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_requests_join_in_batches(workshop: Any) -> None:
    paced = workshop.paced(0.05)
    # On a busy machine the expected wait may pass the usual bound; refusing is tested below.
    with workshop.live(analyzer=paced, queue_seconds=30) as live, ThreadPoolExecutor(24) as pool:
        paced.batches.clear()
        answers = list(pool.map(lambda _: ask(live.port), range(72)))
    assert {status for status, _, _ in answers} == {200}
    assert sum(paced.batches) == 72
    assert len(paced.batches) < 36, paced.batches


def test_each_caller_gets_its_own_answer(workshop: Any) -> None:
    with workshop.live() as live, ThreadPoolExecutor(16) as pool:

        def one(number: int) -> None:
            text = f"Ik woon op Kerkstraat {number} in Utrecht."
            status, _, body = post(live.port, {"messages": [{"id": str(number), "text": text}]})
            assert status == 200
            [assessment] = json.loads(body)["assessments"]
            assert assessment["id"] == str(number)
            assert f"Kerkstraat {number}" in [d["text"] for d in assessment["details"]]

        list(pool.map(one, range(1, 200)))


def test_a_full_queue_is_503_with_retry_after_and_accepted_work_is_done(workshop: Any) -> None:
    paced = workshop.paced(0.1)
    with (
        workshop.live(analyzer=paced, queue_messages=8, max_messages=4, batch_messages=4) as live,
        ThreadPoolExecutor(40) as pool,
    ):
        answers = list(pool.map(lambda _: ask(live.port, 2), range(40)))
        refused = [(headers, json.loads(body)) for status, headers, body in answers if status == 503]
        accepted = [body for status, _, body in answers if status == 200]
        assert len(refused) + len(accepted) == 40
        assert refused
        assert len(accepted) >= 5
        for headers, problem in refused:
            assert int(headers["retry-after"]) >= 1
            assert headers["content-type"] == "application/problem+json"
            assert problem["type"].endswith("#queue-full")
        assert get(live.port, "/readyz") == 200
        assert ask(live.port)[0] == 200


def test_shutdown_finishes_accepted_work(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced) as live, ThreadPoolExecutor(5) as pool:
        paced.go.clear()
        accepted = [pool.submit(ask, live.port, 3) for _ in range(5)]
        time.sleep(0.3)
        live.stop()
        time.sleep(0.3)
        assert live.thread.is_alive()
        with pytest.raises(OSError, match=r"refused|reset"):
            ask(live.port)
        paced.go.set()
        for answer in accepted:
            status, _, body = answer.result(20)
            assert (status, len(json.loads(body)["assessments"])) == (200, 3)
    assert "all accepted work is done" in live.log.getvalue()


def test_a_request_has_a_time_limit_and_its_work_is_dropped(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced, time_limit=0.4) as live:
        paced.go.clear()
        started = time.monotonic()
        status, headers, body = ask(live.port)
        assert time.monotonic() - started < 5
        assert status == 503
        assert "retry-after" in headers
        assert json.loads(body)["type"].endswith("#time-limit")
        assert get(live.port, "/readyz") == 503
        assert get(live.port, "/livez") == 200
        paced.go.set()
        time.sleep(0.1)
        assert ask(live.port)[0] == 200
        assert get(live.port, "/readyz") == 200


def test_a_client_that_goes_away_frees_its_place(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced) as live, ThreadPoolExecutor(1) as pool:
        paced.batches.clear()
        paced.go.clear()
        first = pool.submit(ask, live.port)
        time.sleep(0.2)
        body = json.dumps({"messages": [{"text": TEXT}] * 50}).encode()
        leaving = socket.create_connection(("127.0.0.1", live.port))
        leaving.sendall(head(len(body)) + body)
        time.sleep(0.2)
        leaving.close()
        time.sleep(0.3)
        paced.go.set()
        assert first.result(10)[0] == 200
        assert ask(live.port)[0] == 200
        assert sum(paced.batches) == 2
    assert '"refused": "client-gone"' in live.log.getvalue()


def test_the_number_of_requests_in_hand_is_bounded(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced, max_requests=2) as live, ThreadPoolExecutor(2) as pool:
        paced.go.clear()
        held = [pool.submit(ask, live.port) for _ in range(2)]
        time.sleep(0.3)
        status, headers, body = ask(live.port)
        assert (status, headers["retry-after"]) == (503, "1")
        assert json.loads(body)["type"].endswith("#busy")
        assert get(live.port, "/livez") == 200
        paced.go.set()
        assert [answer.result(10)[0] for answer in held] == [200, 200]


def test_the_number_of_connections_is_bounded_and_the_refusal_is_proper(workshop: Any) -> None:
    with workshop.live(max_requests=2) as live:
        idle = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(8)]
        try:
            time.sleep(0.3)
            status, headers, body = ask(live.port)
            assert (status, headers["retry-after"], headers["connection"]) == (503, "2", "close")
            assert headers["content-type"] == "application/problem+json"
            assert headers["x-request-id"] in json.loads(body)["instance"]
            assert json.loads(body)["type"].endswith("#busy")
            assert get(live.port, "/livez") == get(live.port, "/readyz") == 200
        finally:
            for client in idle:
                client.close()
        time.sleep(0.3)
        assert ask(live.port)[0] == 200


def test_a_body_that_does_not_come_is_given_up(workshop: Any) -> None:
    with workshop.live(body_seconds=0.3) as live, socket.create_connection(("127.0.0.1", live.port)) as slow:
        slow.settimeout(10)
        slow.sendall(head(100) + b'{"mess')
        answer = slow.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"application/problem+json" in answer


def test_a_client_that_leaves_in_its_body_is_no_error_of_ours(workshop: Any) -> None:
    with workshop.live() as live:
        with socket.create_connection(("127.0.0.1", live.port)) as leaving:
            leaving.sendall(head(100) + b'{"mess')
            time.sleep(0.2)
        for _ in range(100):
            if '"event": "request"' in live.log.getvalue():
                break
            time.sleep(0.05)
    rows = [json.loads(row) for row in live.log.getvalue().splitlines()]
    [row] = [row for row in rows if row["event"] == "request"]
    assert (row["status"], row["refused"]) == (499, "client-gone")
    assert not [row for row in rows if row["level"] == "error"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_gets_its_answer(workshop: Any, chunked: bool) -> None:
    """The client is still sending when it is refused, and must be able to read why."""
    with workshop.live(max_body=100_000) as live:
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
        body = b'{"messages": [{"text": "' + b"a" * 3_000_000 + b'"}]}'
        pieces = iter([body[i : i + 50_000] for i in range(0, len(body), 50_000)])
        connection.request("POST", "/v1/assessments", pieces if chunked else body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["type"].endswith("#too-large")
        connection.close()
        assert ask(live.port)[0] == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n" + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(20_000)) + b"\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Length: nee\r\n\r\n",
        b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_floods_and_rubbish_do_not_hurt(workshop: Any, raw: bytes) -> None:
    with workshop.live() as live:
        with socket.create_connection(("127.0.0.1", live.port)) as rude:
            rude.settimeout(10)
            try:
                rude.sendall(raw)
                answer = rude.recv(65536)
            except ConnectionError:
                answer = b""
            assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
        assert ask(live.port)[0] == 200


@pytest.mark.parametrize(
    "start", [b"", b"GET /livez HTTP/1.1\r\nHost: loc", b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"]
)
def test_a_head_that_drips_is_cut_off(workshop: Any, start: bytes) -> None:
    """From the start of a connection, in the middle of a head, and in a second request on the same connection."""
    with workshop.live(head_seconds=0.5) as live, socket.create_connection(("127.0.0.1", live.port)) as slow:
        slow.settimeout(0.05)
        slow.sendall(start)
        started = time.monotonic()
        closed = False
        while not closed and time.monotonic() - started < 8:
            try:
                slow.sendall(b"a")
                closed = slow.recv(65536) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                closed = True
        assert closed
        assert time.monotonic() - started > 0.3
        assert ask(live.port)[0] == 200


def test_a_body_that_drips_is_cut_off_too(workshop: Any) -> None:
    """Each byte comes in time, the whole does not; and going on after the refusal holds nothing."""
    with (
        workshop.live(body_seconds=0.4, head_seconds=0.4) as live,
        socket.create_connection(("127.0.0.1", live.port)) as slow,
    ):
        slow.settimeout(0.05)
        slow.sendall(head(100_000))
        started, answer = time.monotonic(), b""
        while time.monotonic() - started < 8:
            try:
                slow.sendall(b" ")
                part = slow.recv(65536)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            if not part:
                break
            answer += part
        assert answer.startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started < 8


def test_a_client_that_does_not_read_is_cut_off(workshop: Any) -> None:
    """Its answer is larger than what the network holds for it; others do not notice."""
    body = json.dumps({"messages": [{"text": TEXT}] * 200}).encode()
    paced = workshop.paced(0.0)
    long = workshop.linear.assess("Bel 06-12345678. " * 200)
    paced.assess_many = lambda messages: [long for _ in messages]
    with workshop.live(analyzer=paced, time_limit=2.0) as live, socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", live.port))
        deaf.sendall(head(len(body)) + body)
        connections = live.server.server_state.connections
        started = time.monotonic()
        while not any(c.transport.get_write_buffer_size() for c in list(connections)):
            assert time.monotonic() - started < 20
            time.sleep(0.02)
        assert ask(live.port)[0] == 200
        started = time.monotonic()
        while live.server.server_state.connections and time.monotonic() - started < 20:
            time.sleep(0.1)
        assert not live.server.server_state.connections
        assert not live.server.server_state.tasks


def test_slow_clients_do_not_hold_up_others(workshop: Any) -> None:
    with workshop.live() as live:
        slow = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(120)]
        try:
            for number, client in enumerate(slow):
                client.sendall(head(1000) + b'{"mess' if number % 2 else b"POST /v1/assessments HTTP/1.1\r\nX-")
            started = time.monotonic()
            assert [ask(live.port)[0] for _ in range(5)] == [200] * 5
            assert time.monotonic() - started < 5
        finally:
            for client in slow:
                client.close()


def test_health_answers_while_the_model_works(workshop: Any) -> None:
    paced = workshop.paced(0.0)
    with workshop.live(analyzer=paced) as live:
        paced.go.clear()
        thread = threading.Thread(target=ask, args=(live.port,))
        thread.start()
        time.sleep(0.1)
        started = time.monotonic()
        assert get(live.port, "/livez") == get(live.port, "/readyz") == get(live.port, "/metrics") == 200
        assert time.monotonic() - started < 2
        paced.go.set()
        thread.join()


def head(length: int, media_type: str = "application/json") -> bytes:
    return (
        f"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()
