"""Every resource under `/v1`, and health."""

from __future__ import annotations

import http.client
from typing import Any

import pytest
from fastapi.testclient import TestClient

from vptnlp.taxonomy import as_dict

THREAT = "Ik maak je af, vieze hond. Ik weet dat je op Kerkstraat 12 in Utrecht woont, 06-12345678."


def post(client: TestClient, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_assessments_come_in_order_as_the_library_gives_them(client: TestClient, workshop: Any) -> None:
    messages = [{"id": "x", "text": THREAT}, {"text": "Dank voor de hulp."}]
    answer = post(client, "/v1/assessments", {"messages": messages})
    first, second = answer["assessments"]
    assert (first["id"], second["id"]) == ("x", "2")
    assert (
        answer["model"]
        == first["model"]
        == {
            "name": workshop.linear.info.name,
            "version": workshop.linear.info.version,
            "sha256": workshop.linear.info.sha256,
        }
    )
    expected = workshop.linear.assess(THREAT).to_dict()
    assert {**first, "id": "1"} == expected
    assert second["triage"]["urgency"] == "none"


def test_words_of_spans_are_left_out_on_request(client: TestClient) -> None:
    body = {"messages": [{"text": THREAT}], "options": {"include_text": False}}
    for path, key in (("/v1/assessments", "assessments"), ("/v1/details", "details")):
        answer = client.post(path, json=body)
        assert "Kerkstraat" not in answer.text
        assert answer.json()[key][0]["details"][0]["kind"]


def test_details(client: TestClient) -> None:
    [entry] = post(client, "/v1/details", {"messages": [{"id": "a", "text": THREAT}]})["details"]
    assert entry["id"] == "a"
    assert {(d["kind"], d["text"]) for d in entry["details"]} >= {
        ("ADDRESS", "Kerkstraat 12"),
        ("PHONE", "06-12345678"),
    }
    assert set(entry) == {"id", "doxing", "details"}


def test_redactions_are_stable_within_a_request_and_start_anew_in_the_next(client: TestClient) -> None:
    texts = ["Bel 06-12345678 of 06-87654321.", "Ja, 06-87654321 dus."]
    body = {"messages": [{"text": text} for text in texts]}
    first, second = post(client, "/v1/redactions", body)["redactions"]
    assert first["text"] == "Bel [TELEFOON-1] of [TELEFOON-2]."
    assert second["text"] == "Ja, [TELEFOON-2] dus."
    assert second["replacements"] == [
        {
            "start": 4,
            "end": 15,
            "placeholder": "[TELEFOON-2]",
            "kind": "PHONE",
            "subject": second["replacements"][0]["subject"],
        }
    ]
    [again] = post(client, "/v1/redactions", {"messages": [{"text": texts[1]}]})["redactions"]
    assert again["text"] == "Ja, [TELEFOON-1] dus."


def test_redactions_of_some_kinds(client: TestClient) -> None:
    body = {"messages": [{"text": THREAT}], "options": {"kinds": ["ADDRESS"]}}
    [entry] = post(client, "/v1/redactions", body)["redactions"]
    assert "[ADRES-1]" in entry["text"]
    assert "06-12345678" in entry["text"]


def test_taxonomy_and_models_have_etags(client: TestClient, workshop: Any) -> None:
    assert client.get("/v1/taxonomy").json() == as_dict()
    listed = client.get("/v1/models").json()["models"]
    assert [m["sha256"] for m in listed] == [workshop.linear.info.sha256]
    assert "threat_macro_f1" in listed[0]["metrics"]
    one = f"/v1/models/{workshop.linear.info.name}"
    assert client.get(one).json() == listed[0]
    for path in ("/v1/taxonomy", "/v1/models", one):
        tag = client.get(path).headers["etag"]
        same = client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_health(client: TestClient, workshop: Any) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json()["model"]["name"] == workshop.linear.info.name


def test_every_answer_has_the_headers_of_the_design_rules(client: TestClient, workshop: Any) -> None:
    answers = [
        client.get("/v1/taxonomy"),
        client.post("/v1/assessments", json={"messages": [{"text": "Dank."}]}),
        client.post("/v1/assessments", json={}),
        client.get("/niets"),
        client.get("/livez"),
        client.put("/v1/taxonomy"),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["api-version"] == "1.0.0"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["strict-transport-security"].startswith("max-age=")
        assert headers["cache-control"] in ("no-store", "private, no-cache")
        assert workshop.linear.info.sha256 in headers["model"]
        assert len(headers["x-request-id"]) == 36
        assert "access-control-allow-origin" not in headers
        assert "set-cookie" not in headers


def test_request_ids_are_taken_over_only_where_they_are_uuids(client: TestClient) -> None:
    mine = "7f9c24e8-3b12-4fef-91e0-d9a3c1b0a5f1"
    assert client.get("/livez", headers={"X-Request-ID": mine}).headers["x-request-id"] == mine
    assert client.get("/livez", headers={"X-Request-ID": "kanarie"}).headers["x-request-id"] != "kanarie"


def test_a_lone_surrogate_is_answered(client: TestClient) -> None:
    raw = b'{"messages": [{"text": "ik weet \\ud800 waar je woont"}]}'
    answer = client.post("/v1/assessments", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 200


def test_a_model_that_cannot_answer_is_not_ready(workshop: Any) -> None:
    broken = workshop.paced()
    broken.assess_many = _raise
    with pytest.raises(RuntimeError, match="no answer"), workshop.client(analyzer=broken):
        pytest.fail("It started.")


def _raise(_: object) -> Any:
    raise RuntimeError("no answer")


def test_the_model_is_loaded_at_start_where_none_is_given(workshop: Any) -> None:
    from vptnlp_service.app import create_app

    app = create_app(workshop.settings())
    before = TestClient(app, raise_server_exceptions=False)
    assert before.get("/readyz").status_code == 503
    assert before.get("/v2/health/ready").status_code == 503
    early = before.post("/v1/assessments", json={"messages": [{"text": "Dank."}]})
    assert (early.status_code, "retry-after" in early.headers) == (503, True)
    assert before.get("/v1/models").status_code == 503
    assert before.get("/livez").status_code == 200
    with before:
        assert before.get("/readyz").status_code == 200
    assert before.get("/readyz").status_code == 503


def test_an_analyzer_without_a_bundle_serves_too(workshop: Any) -> None:
    bare = workshop.paced()
    bare.bundle = None
    with workshop.client(analyzer=bare) as client:
        assert client.get("/v1/models").json()["models"][0]["metrics"] == {}
        assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/readyz", "/metrics", "/v1/taxonomy", "/v1/models", "/v1/openapi.json"]
)
def test_head_is_get_without_the_body(client: Any, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    names = {"content-type", "content-length", "etag"} - ({"content-length"} if path == "/metrics" else set())
    assert {name: head.headers.get(name) for name in names} == {name: got.headers.get(name) for name in names}


def test_head_elsewhere(workshop: Any) -> None:
    """Also over a real connection, on which another request follows."""
    with workshop.live() as live:
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
        for path, status in (("/livez", 200), ("/v1/assessments", 405), ("/v1/niets", 404), ("/v1/taxonomy", 200)):
            connection.request("HEAD", path)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (status, b"")
        connection.request("POST", "/v1/taxonomy")
        refused = connection.getresponse()
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")
        connection.close()
    assert '"method": "HEAD"' in live.log.getvalue()
    assert '"route": "/v1/taxonomy"' in live.log.getvalue()
