"""The service through its own application."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from vptnlp_service.app import create_app

CANARY = "kanarie-51c0"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


def test_assessments_come_in_order(client: TestClient) -> None:
    messages = [{"id": "x", "text": "Ik maak je af, vieze hond"}, {"text": "Dank voor de hulp."}]
    answer = client.post("/v1/assessments", json={"messages": messages})
    assert answer.status_code == 200
    first, second = answer.json()["assessments"]
    assert (first["id"], second["id"]) == ("x", "2")
    assert first["threat"]["label"] == "direct"
    assert second["triage"]["urgency"] == "none"


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [{"text": ""}]},
        {"messages": [{"text": 5}]},
        {"messages": [{"text": "a", CANARY: 1}]},
        {"messages": CANARY},
        {"messages": [{"text": "a"}] * 257},
        {"messages": [{"text": CANARY * 20_000}]},
        {},
        [],
    ],
)
def test_wrong_requests_are_problems_that_echo_nothing(client: TestClient, body: object) -> None:
    answer = client.post("/v1/assessments", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 422
    assert CANARY not in answer.text


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", f'{{"messages": "{CANARY}'.encode()])
def test_malformed_bodies(client: TestClient, raw: bytes) -> None:
    answer = client.post("/v1/assessments", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert CANARY not in answer.text


def test_a_lone_surrogate_is_answered(client: TestClient) -> None:
    raw = b'{"messages": [{"text": "ik weet \\ud800 waar je woont, wacht maar af jij"}]}'
    answer = client.post("/v1/assessments", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 422)


def test_unknown_paths_are_problems(client: TestClient) -> None:
    answer = client.get("/v1/niets")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_health_and_openapi(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json()["model"].startswith("vpt-nl")
    assert "/v1/assessments" in client.get("/v1/openapi.json").json()["paths"]


def test_logs_hold_no_text(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/assessments", json={"messages": [{"text": f"Ik weet je te vinden {CANARY}"}]})
        client.post("/v1/assessments", json={"messages": [{"tekst": CANARY}]})
    assert CANARY not in caplog.text


def test_serve_starts_and_answers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "vptnlp.cli", "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/assessments",
            json.dumps({"messages": [{"text": f"Wij weten waar je woont {CANARY}"}]}).encode(),
            {"content-type": "application/json"},
        )
        for _ in range(120):
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    assert json.load(answer)["assessments"][0]["id"] == "1"
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.25)
        else:
            pytest.fail("The service did not answer within 30 seconds.")
    finally:
        server.terminate()
        output, _ = server.communicate(timeout=20)
    assert CANARY.encode() not in output
