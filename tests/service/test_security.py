"""Who may call what: keys, scopes, rate, local callers."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from vptnlp_service import keys
from vptnlp_service.keys import Scope

MESSAGE = {"messages": [{"text": "Dank voor de hulp."}]}
INFER = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["Dank."]}]}
CALLS = {
    "assessments": ("POST", "/v1/assessments", MESSAGE, Scope.ASSESS),
    "infer": ("POST", "/v2/models/vpt-nl-linear/infer", INFER, Scope.ASSESS),
    "details": ("POST", "/v1/details", MESSAGE, Scope.DETAILS),
    "redactions": ("POST", "/v1/redactions", MESSAGE, Scope.DETAILS),
    "metrics": ("GET", "/metrics", None, Scope.METRICS),
    "taxonomy": ("GET", "/v1/taxonomy", None, None),
    "models": ("GET", "/v1/models", None, None),
}
OPEN = ["/livez", "/readyz", "/v2/health/live", "/v2/health/ready", "/v1/openapi.json", "/", "/desk/grenzen"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def call(client: Any, name: str, headers: dict[str, str]) -> int:
    method, path, body, _ = CALLS[name]
    return int(client.request(method, path, json=body, headers=headers).status_code)


def test_every_resource_wants_its_scope(workshop: Any, file: Path) -> None:
    made = {scope: keys.add(file, str(scope), [scope], None) for scope in Scope}
    with workshop.client(keys_file=file) as client:
        for name, (scope, key) in itertools.product(CALLS, made.items()):
            needed = CALLS[name][3]
            expected = 200 if needed in (None, scope) else 403
            assert call(client, name, {"Authorization": f"Bearer {key}"}) == expected, (name, scope)
            assert call(client, name, {"X-API-Key": key}) == expected, (name, scope)
        desk = client.post("/desk/messages", content=b"Hallo", headers={"X-File-Name": "a.txt"})
        assert desk.status_code == 401


@pytest.mark.parametrize("name", CALLS)
def test_nobody_else_gets_in(workshop: Any, file: Path, name: str) -> None:
    key = keys.add(file, "zaaksysteem", list(Scope), None)
    _, _, identity_and_secret = key.partition("_")
    identity, _, secret = identity_and_secret.partition("_")
    wrong = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {key}"},
        {"Authorization": f"Bearer {key}x"},
        {"Authorization": f"Bearer {key[:-1]}"},
        {"Authorization": f"Bearer vpt_{identity}_"},
        {"Authorization": f"Bearer vpt_000000000000_{secret}"},
        {"Authorization": f"Bearer {secret}"},
        {"X-API-Key": "x" * 20_000},
        {"X-API-Key": "vpt_"},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        {"Cookie": f"key={key}"},
    ]
    with workshop.client(keys_file=file) as client:
        for headers in wrong:
            assert call(client, name, headers) == 401, headers
        assert client.get("/v1/onbekend").status_code == 401
        answer = client.get("/v1/taxonomy", params={"key": key})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


def test_health_description_and_pages_are_open(workshop: Any, file: Path) -> None:
    keys.add(file, "a", [Scope.ASSESS], None)
    with workshop.client(keys_file=file) as client:
        assert {path: client.get(path).status_code for path in OPEN} == dict.fromkeys(OPEN, 200)
        schemes = client.get("/v1/openapi.json").json()["components"]["securitySchemes"]
        assert set(schemes) == {"bearer", "key"}


def test_keys_are_rotated_ended_and_revoked_without_a_restart(workshop: Any, file: Path) -> None:
    old = keys.add(file, "a", [Scope.ASSESS], 30)
    with workshop.client(keys_file=file) as client:

        def status(key: str) -> int:
            return call(client, "taxonomy", {"X-API-Key": key})

        new = keys.rotate(file, "a", 30, timedelta(days=7))
        assert (status(old), status(new)) == (200, 200)
        newest = keys.rotate(file, "a", None, timedelta(0))
        assert (status(old), status(new), status(newest)) == (401, 401, 200)
        assert call(client, "assessments", {"X-API-Key": newest}) == 200
        keys.revoke(file, newest.split("_")[1])
        assert status(newest) == 401
        file.write_text("stuk", encoding="utf-8")
        assert status(newest) == 401
        file.unlink()
        last = keys.add(file, "b", [Scope.ASSESS], None)
        assert status(last) == 200


def test_a_caller_is_held_to_a_rate_and_others_are_not(workshop: Any, file: Path) -> None:
    one, two = (keys.add(file, name, [Scope.ASSESS], None) for name in "ab")
    with workshop.client(keys_file=file, rate_limit="3/minute") as client:
        statuses = [call(client, "taxonomy", {"X-API-Key": one}) for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = client.get("/v1/taxonomy", headers={"X-API-Key": one})
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.json()["type"].endswith("#rate-limit")
        assert call(client, "taxonomy", {"X-API-Key": two}) == 200
        assert client.get("/livez").status_code == 200


def test_without_a_limit_there_is_none(workshop: Any, file: Path) -> None:
    key = keys.add(file, "a", [Scope.ASSESS], None)
    with workshop.client(keys_file=file, rate_limit="") as client:
        assert {call(client, "taxonomy", {"X-API-Key": key}) for _ in range(30)} == {200}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("testserver", 200),
        ("balie.example", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
def test_without_keys_only_this_machine_may_call(workshop: Any, host: str, status: int) -> None:
    """A web page that points its own name at 127.0.0.1 must not be able to read answers."""
    with workshop.client(allowed_hosts=["balie.example"]) as client:
        assert client.get("/v1/taxonomy", headers={"Host": host}).status_code == status
        assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("server", ["10.0.0.5", "192.168.1.9", "fe80::1", "0.0.0.0"])
def test_without_keys_no_other_address_answers(workshop: Any, server: str) -> None:
    """Whoever starts the application by another server on a public address is not left open."""
    with workshop.client() as client:
        base = f"http://[{server}]" if ":" in server else f"http://{server}"
        answer = client.get(f"{base}/v1/taxonomy", headers={"Host": "localhost"})
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("#local-only")


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"])
def test_without_keys_no_proxy_may_pass_requests_on(workshop: Any, file: Path, name: str) -> None:
    """A proxy on this machine, with a Host that is loopback, would open the service to all."""
    headers = {"Host": "localhost", name: "192.0.2.1"}
    with workshop.client() as client:
        answer = client.get("/v1/taxonomy", headers=headers)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("#local-only")
        assert "proxy" in answer.json()["detail"]
        assert client.get("/livez", headers=headers).status_code == 200
    key = keys.add(file, "a", [Scope.ASSESS], None)
    with workshop.client(keys_file=file) as client:
        assert client.get("/v1/taxonomy", headers={**headers, "X-API-Key": key}).status_code == 200


def test_that_authentication_is_off_is_said_at_start(workshop: Any, file: Path) -> None:
    log = io.StringIO()
    with workshop.client(log=log):
        pass
    assert "authentication is off" in log.getvalue()
    keys.add(file, "a", [Scope.ASSESS], None)
    log = io.StringIO()
    with workshop.client(log=log, keys_file=file):
        pass
    assert "authentication is off" not in log.getvalue()
