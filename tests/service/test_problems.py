"""Every error path: a problem document that says what is wrong and repeats nothing."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from vptnlp_service import problems

CANARY = "kanarie-51c0"
MESSAGE = {"messages": [{"text": "Dank."}]}


def check(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"].endswith("#" + kind)
    assert body["title"]
    assert body["detail"].endswith(".")
    assert body["instance"] == "urn:uuid:" + answer.headers["x-request-id"]
    assert CANARY not in answer.text
    return body


@pytest.mark.parametrize("path", ["/v1/assessments", "/v1/details", "/v1/redactions"])
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"messages": []}, "/messages"),
        ({"messages": [{"text": ""}]}, "/messages/0/text"),
        ({"messages": [{"text": 5}]}, "/messages/0/text"),
        ({"messages": [{"text": "a", "id": 5}]}, "/messages/0/id"),
        ({"messages": [{"text": "a", CANARY: 1}]}, "/messages/0/(unknown)"),
        ({"messages": CANARY}, "/messages"),
        ({"messages": [{"text": "a"}] * 257}, "/messages"),
        ({"messages": [{"text": "a"}, {"text": CANARY * 20_000}]}, "/messages/1/text"),
        ({"messages": [{"text": "a"}], "options": {CANARY: True}}, "/options/(unknown)"),
        ({"messages": [{"text": "a"}], "options": 0}, "/options"),
        ({}, "/messages"),
        ([], "/"),
        (CANARY, "/"),
    ],
)
def test_input_that_does_not_fit(client: TestClient, path: str, body: object, pointer: str) -> None:
    problem = check(client.post(path, json=body), 400, "invalid-input")
    assert pointer in [fault["location"]["pointer"] for fault in problem["errors"]]


def test_all_faults_are_told_together_up_to_a_number(client: TestClient) -> None:
    problem = check(client.post("/v1/assessments", json={"messages": [{"x": 1}] * 60}), 400, "invalid-input")
    assert len(problem["errors"]) == 50
    assert "Another 70 faults" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/assessments", {"messages": [{"text": "a", **{f"{CANARY}{i}": 1 for i in range(40_000)}}]}),
        ("/v1/assessments", {f"{CANARY}{i}": 1 for i in range(40_000)}),
        ("/v1/assessments", [{}] * 40_000),
        ("/v1/assessments", {"messages": [{"text": [[{}] * 100] * 400}]}),
        ("/v1/redactions", {**MESSAGE, "options": {"kinds": [CANARY] * 40_000}}),
        ("/v2/models/vpt-nl-linear/infer", {"inputs": [{}] * 40_000}),
        ("/v2/models/vpt-nl-linear/infer", {"inputs": [{"name": "text", "data": [5] * 40_000}]}),
        ("/v2/models/vpt-nl-linear/infer", {"inputs": [{"name": "text", "data": [[CANARY] * 40_000]}]}),
    ],
)
def test_a_body_with_far_too_many_values_is_refused_before_the_schema_is_asked(
    client: TestClient, path: str, body: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "invalid", lambda error: pytest.fail("The schema was asked."))
    answer = client.post(path, json=body)
    problem = check(answer, 400, "invalid-input")
    assert "far more values" in problem["detail"]
    assert len(answer.content) < 1000


def test_far_too_many_messages_are_told_as_such(client: TestClient) -> None:
    problem = check(client.post("/v1/assessments", json={"messages": [{}] * 260_000}), 400, "invalid-input")
    assert "At most 256 messages" in problem["detail"]
    assert [fault["location"]["pointer"] for fault in problem["errors"]] == ["/messages"]


def test_of_very_many_faults_none_is_told_by_itself(workshop: Any) -> None:
    with workshop.client(max_messages=10_000, queue_messages=10_000) as client:
        answer = client.post("/v1/assessments", json={"messages": [{CANARY: 1}] * 9_000})
    problem = check(answer, 400, "invalid-input")
    assert "18000 faults" in problem["detail"]
    assert "errors" not in problem


@pytest.mark.parametrize("value", [0, "true", None, CANARY])
def test_a_switch_is_true_or_false(client: TestClient, value: object) -> None:
    body = {**MESSAGE, "options": {"include_text": value}}
    problem = check(client.post("/v1/assessments", json=body), 400, "invalid-input")
    assert [f["location"]["pointer"] for f in problem["errors"]] == ["/options/include_text"]


def test_unknown_kinds_are_not_repeated(client: TestClient) -> None:
    body = {**MESSAGE, "options": {"kinds": [CANARY], "subjects": [CANARY]}}
    problem = check(client.post("/v1/redactions", json=body), 400, "invalid-input")
    assert [f["location"]["pointer"] for f in problem["errors"]] == ["/options/kinds/0", "/options/subjects/0"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        '{"messages": [{"text": "é"}]}'.encode("latin-1"),
        f'{{"messages": "{CANARY}'.encode(),
        b"[" * 200_000,
        b'{"messages": [{"text": "a"}], "options": ' + b"9" * 5000 + b"}",
        '{"messages": [{"text": "a"}]}'.encode("utf-16"),
    ],
)
def test_malformed_bodies(client: TestClient, raw: bytes) -> None:
    check(client.post("/v1/assessments", content=raw, headers={"content-type": "application/json"}), 400, "malformed")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_only_json_is_read(client: TestClient, media_type: str) -> None:
    answer = client.post(
        "/v1/assessments", content=b'{"messages": [{"text": "a"}]}', headers={"content-type": media_type}
    )
    check(answer, 415, "media-type")


def test_unknown_paths_and_trailing_slashes(client: TestClient) -> None:
    for path in (f"/v1/{CANARY}", f"/v1/models/{CANARY}", "/v1/taxonomy/", "/v1/assessments/", f"/v2/models/{CANARY}"):
        check(client.get(path), 404, "not-found")


def test_wrong_methods(client: TestClient) -> None:
    problem = client.get("/v1/assessments")
    check(problem, 405, "method-not-allowed")
    assert problem.headers["allow"] == "POST"
    check(client.options("/v1/assessments", headers={"Origin": "https://example.org"}), 405, "method-not-allowed")
    check(client.request("BREW", "/v1/taxonomy"), 405, "method-not-allowed")


def test_bodies_over_the_limit(workshop: Any) -> None:
    with workshop.client(max_body=10_000) as client:
        body = b'{"messages": [{"text": "' + CANARY.encode() * 1000 + b'"}]}'
        headers = {"content-type": "application/json"}
        check(client.post("/v1/assessments", content=body, headers=headers), 413, "too-large")
        # Without a Content-Length.
        check(
            client.post("/v1/assessments", content=iter([body[:6000], body[6000:]]), headers=headers), 413, "too-large"
        )
        # A Content-Length that is no number is the server's to refuse; here it must not help to get past the limit.
        lying = {**headers, "content-length": "12"}
        check(client.post("/v1/assessments", content=iter([body]), headers=lying), 413, "too-large")
        assert client.post("/v1/assessments", json=MESSAGE).status_code == 200


def test_all_bodies_together_are_bounded(workshop: Any) -> None:
    with workshop.client(max_bodies=1000) as client:
        answer = client.post("/v1/assessments", json={"messages": [{"text": "a" * 2000}]})
        check(answer, 503, "busy")
        assert int(answer.headers["retry-after"]) >= 1
        # What was held is given back.
        for _ in range(20):
            assert client.post("/v1/assessments", json={"messages": [{"text": "a" * 500}]}).status_code == 200


def test_a_message_the_model_cannot_bear_spoils_no_other(workshop: Any) -> None:
    with workshop.client(analyzer=workshop.paced()) as client:
        bad = {"messages": [{"text": f"STRUIKEL {CANARY}"}]}
        check(client.post("/v1/assessments", json=bad), 500, "internal")
        assert client.post("/v1/assessments", json=MESSAGE).status_code == 200


def test_an_error_of_ours_is_a_problem(workshop: Any) -> None:
    with workshop.client() as client:

        @client.app.get("/v1/stuk")  # type: ignore[attr-defined]
        async def broken() -> None:
            raise RuntimeError(CANARY)

        check(client.get("/v1/stuk"), 500, "internal")
