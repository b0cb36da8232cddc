"""`vptnlp serve` as a process: it starts, answers, keeps what it reads to itself, and stops in order."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from vptnlp_service import keys

CANARY = "kanarie-51c0"


@contextmanager
def serving(
    folder: Path, *words: str, port: int = 0, **variables: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A served process whose every file would land in `folder`; on a free port where none is given."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    home = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vptnlp.cli", "serve", "--port", str(port), "--model", "vpt-nl-linear", *words],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={
                **os.environ,
                **home,
                "PYTHONPATH": os.pathsep.join(sys.path),
                "VPTNLP_LOG_LEVEL": "debug",
                **variables,
            },
        )
    try:
        for _ in range(240):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "out.log").read_text()
                time.sleep(0.25)
        else:
            pytest.fail("The service did not listen within 60 seconds.")
        yield process, port
    finally:
        process.terminate()
        process.wait(40)


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Content-Type": "application/json", **named})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_no_text_stays_anywhere(tmp_path: Path) -> None:
    """Marked text goes through every path, errors included; then logs, metrics and disk are searched for it."""
    text = f"Ik weet je te vinden, {CANARY}, Kerkstraat 12, bel 06-12345678"
    good = json.dumps({"messages": [{"id": f"id-{CANARY}", "text": text}]}).encode()
    infer = {"id": CANARY, "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [text]}]}
    unfit = json.dumps({"messages": [{"text": "", CANARY: CANARY}], CANARY: 1}).encode()
    stream = json.dumps({"text": text}).encode() + f'\n{{"text": "{CANARY}\n'.encode() + unfit + b"\n"
    paths = ("/v1/assessments", "/v1/details", "/v1/redactions")
    with serving(tmp_path) as (process, port):
        for path in paths:
            assert ask(port, "POST", path, good)[0] == 200
            assert ask(port, "POST", f"{path}?q={CANARY}", good, X_Request_ID=CANARY, User_Agent=CANARY)[0] == 200
            for broken in (unfit, good[:-3], good.replace(b"Ik", b"\xff"), CANARY.encode() * 800_000):
                status, answer = ask(port, "POST", path, broken)
                assert status in (400, 413)
                assert CANARY.encode() not in answer
            assert ask(port, "POST", path, good, Content_Type=f"text/{CANARY}")[0] == 415
            assert ask(port, "GET", path)[0] == 405
        assert ask(port, "POST", "/v2/models/vpt-nl-linear/infer", json.dumps(infer).encode())[0] == 200
        assert ask(port, "POST", f"/v2/models/{CANARY}/infer", json.dumps(infer).encode())[0] == 404
        assert ask(port, "POST", "/v1/assessments", stream, Content_Type="application/x-ndjson")[0] == 200
        assert ask(port, "GET", f"/v1/{CANARY}?text={CANARY}")[0] == 404
        assert ask(port, "GET", f"/v1/models/{CANARY}")[0] == 404
        assert ask(port, CANARY.replace("-", ""), "/v1/taxonomy")[0] == 405
        assert ask(port, "GET", "/v1/taxonomy", If_None_Match=CANARY, Authorization=f"Bearer {CANARY}")[0] == 200
        assert ask(port, "GET", "/v1/taxonomy", Host=CANARY)[0] == 403
        mail = f"Subject: {CANARY}\n\n{text}\n".encode()
        assert ask(port, "POST", "/desk/messages", mail, X_File_Name=f"{CANARY}.eml")[0] == 200
        assert ask(port, "POST", "/desk/messages", mail, X_File_Name=f"{CANARY}.xlsx")[0] == 200
        with socket.create_connection(("127.0.0.1", port)) as rude:
            rude.sendall(f"{CANARY} {CANARY} {CANARY}\r\n\r\n".encode())
            rude.recv(1000)
        status, metrics = ask(port, "GET", "/metrics")
        assert status == 200
        assert CANARY.encode() not in metrics
        assert b"vptnlp_messages_total" in metrics
        for folder in Path(f"/proc/{process.pid}").glob("fd/*"):
            assert "deleted" not in str(folder.resolve()) or "memfd" in str(folder.resolve())
    log = (tmp_path / "out.log").read_bytes()
    assert log.count(b'"event": "request"') > 25
    for line in log.splitlines():
        json.loads(line)
    for file in tmp_path.rglob("*"):
        assert CANARY not in file.name
        if file.is_file():
            content = file.read_bytes()
            for secret in (CANARY, "Kerkstraat", "06-12345678"):
                assert secret.encode() not in content, file.name


def test_a_kill_in_mid_work_ends_after_the_accepted(tmp_path: Path) -> None:
    body = json.dumps(
        {"messages": [{"text": f"{i} Ik weet waar je woont en kom morgen langs. " * 20} for i in range(200)]}
    )
    with serving(tmp_path) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/v1/assessments", body.encode(), {"Content-Type": "application/json"})
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        answer = connection.getresponse()
        assert answer.status == 200
        assert len(json.loads(answer.read())["assessments"]) == 200
        assert process.wait(30) in (0, -signal.SIGTERM)
        connection.close()
    assert b"all accepted work is done" in (tmp_path / "out.log").read_bytes()


def whole_answers(port: int, size: int, stop: threading.Event) -> list[int]:
    """Ask on until told to stop: how many assessments each answer held, 0 for a refusal, -1 where none came whole."""
    body = json.dumps({"messages": [{"text": f"{i} Ik weet waar je woont."} for i in range(size)]}).encode()
    found = []
    while not stop.is_set():
        try:
            status, answer = ask(port, "POST", "/v1/assessments", body)
        except (OSError, http.client.HTTPException):
            found.append(-1)
            time.sleep(0.02)
            continue
        found.append(len(json.loads(answer)["assessments"]) if status == 200 else 0)
    return found


def test_killed_in_mid_load_and_started_again(tmp_path: Path) -> None:
    """Clients get whole answers or broken connections, nothing between; nothing stays on disk; the next one serves at once."""
    stop = threading.Event()
    with ThreadPoolExecutor(8) as pool, serving(tmp_path) as (process, port):
        clients = [pool.submit(whole_answers, port, 20, stop) for _ in range(8)]
        time.sleep(1.5)
        process.kill()
        process.wait(10)
        time.sleep(0.2)
        assert {file.name for file in tmp_path.rglob("*") if file.is_file()} == {"out.log"}
        with serving(tmp_path, port=port):
            status, answer = ask(port, "GET", "/readyz")
            assert (status, json.loads(answer)["status"]) == (200, "ok")
            time.sleep(1.0)
            stop.set()
            results = [client.result(30) for client in clients]
    for found in results:
        assert set(found) <= {20, 0, -1}
        assert -1 in found
        assert 20 in found[: found.index(-1)]
        assert 20 in found[found.index(-1) :]


def test_a_stream_that_is_cut_off_by_a_kill_shows_it(tmp_path: Path) -> None:
    """What came before the kill is whole lines; the end of the stream is missing, which HTTP tells."""
    line = json.dumps({"text": "Ik weet waar je woont en kom morgen langs. " * 20}).encode() + b"\n"
    with serving(tmp_path) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/v1/assessments", line * 5000, {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        first = json.loads(answer.readline())
        assert first["id"] == "1"
        process.kill()
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()


def test_stopped_under_load_it_finishes_what_it_took(tmp_path: Path) -> None:
    """Requests that were taken get their whole answer; later ones get a refusal or no connection."""
    stop = threading.Event()
    with ThreadPoolExecutor(8) as pool, serving(tmp_path) as (process, port):
        clients = [pool.submit(whole_answers, port, 20, stop) for _ in range(8)]
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
        stop.set()
        for client in clients:
            found = client.result(30)
            assert set(found) <= {20, 0, -1}
            assert 20 in found
    log = [json.loads(row) for row in (tmp_path / "out.log").read_bytes().splitlines()]
    asked = [row for row in log if row["event"] == "request" and row["route"] == "/v1/assessments"]
    assert {row["status"] for row in asked} <= {200, 503}
    assert not [row for row in log if row["level"] == "error"]
    assert "all accepted work is done" in str(log[-3:])


def test_keys_from_the_command_line_open_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = keys.add(file, "balie", [keys.Scope.ASSESS], None)
    with serving(tmp_path, VPTNLP_KEYS_FILE=str(file), VPTNLP_HOST="127.0.0.1") as (_, port):
        assert ask(port, "GET", "/v1/taxonomy")[0] == 401
        assert ask(port, "GET", "/v1/taxonomy", Authorization=f"Bearer {key}")[0] == 200
    log = (tmp_path / "out.log").read_text()
    assert "authentication is off" not in log
    assert key.split("_", 2)[2] not in log


@pytest.mark.parametrize(
    ("words", "variables", "said"),
    [
        (["--host", "0.0.0.0"], {}, "prove who they are"),
        (["--model", "bestaat-niet"], {}, "There is no bundle"),
        ([], {"VPTNLP_PORT": "tcp://10.0.0.1:80"}, "VPTNLP_PORT"),
    ],
)
def test_faults_at_start_are_one_sentence(words: list[str], variables: dict[str, str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vptnlp.cli", "serve", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_address_that_is_taken_is_said(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, port):
        done = subprocess.run(
            [sys.executable, "-m", "vptnlp.cli", "serve", "--port", str(port), "--model", "vpt-nl-linear"],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert done.returncode != 0
    assert "in use" in done.stderr
