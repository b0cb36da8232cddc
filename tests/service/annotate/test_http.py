"""The table over HTTP: who gets in, who sees what, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.sheets import Role
from vptnlp.annotation.store import Store
from vptnlp.corpus import rules
from vptnlp.corpus.records import Example, labels_from_dict
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat
from vptnlp_service.annotate import Adjudication, Annotation
from vptnlp_service.annotate.gate import PARAMETER
from vptnlp_service.annotate.sentences import in_dutch

Client = Callable[..., TestClient]

EMPTY: dict[str, Any] = {"threat": "none", "nature": [], "aims": [], "forms": [], "targets": [], "doxing": "none",
                         "organised_crime": False, "details": [], "cues": [], "reason": "", "done": False}  # fmt: skip


def put(client: TestClient, number: int, revision: int, anyway: bool = False, **state: Any) -> Any:
    body = {"revision": revision, "sheet": {**EMPTY, **state}, "anyway": anyway}
    return client.put(f"/api/tasks/{number}/sheet", json=body)


def test_only_the_printed_address_opens_the_table(labelling: Annotation, client_for: Client) -> None:
    client = client_for(labelling, enter=False)
    for path in (
        "/",
        "/api/tasks",
        "/api/tasks/1",
        "/codeboek",
        "/desk/static/base.css",
        f"/?{PARAMETER}=mis",
        f"/?{PARAMETER}=é",
    ):
        assert client.get(path).status_code == 401, path
    entered = client.get("/", params={PARAMETER: "een-verzonnen-sleutel"}, follow_redirects=False)
    assert entered.status_code == 303 and entered.headers["location"] == "/"
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    for path in (
        "/",
        "/api/tasks",
        "/api/tasks/1",
        "/codeboek",
        "/desk/static/base.css",
        "/annotate/static/js/main.js",
    ):
        assert client.get(path).status_code == 200, path


def test_other_names_and_other_pages_are_refused(labelling: Annotation, client_for: Client) -> None:
    client = client_for(labelling)
    for host in ("kwaad.example", "192.0.2.7:8123", "127.0.0.1.kwaad.example", ""):
        assert client.get("/api/tasks", headers={"host": host}).status_code == 403
    for origin in ("http://kwaad.example", "null", "http://127.0.0.1:9"):
        answer = client.post("/api/tasks/1/undo", json={"revision": 0}, headers={"origin": origin})
        assert answer.status_code == 403
    del client.headers["origin"]
    assert put(client, 1, 0, threat="direct").status_code == 403


def test_nothing_may_run_or_be_kept_by_the_browser(labelling: Annotation, client_for: Client) -> None:
    client = client_for(labelling)
    for path in ("/", "/api/tasks/1", "/annotate/static/annotate.css", "/weg"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    page = client.get("/").text
    assert "style=" not in page and "onclick" not in page


def _every_answer(client: TestClient, numbers: Iterable[int]) -> str:
    """All that the endpoints say, in every state of every message."""
    said = [client.get("/api/tasks").text, client.get("/").text, client.get("/codeboek").text]
    for number in numbers:
        said.append(client.get(f"/api/tasks/{number}").text)
        said.append(put(client, number, 0, done=True).text)
        said.append(put(client, number, 9).text)
        for which in ("undo", "redo"):
            revision = client.get(f"/api/tasks/{number}").json().get("sheet", {}).get("revision", 0)
            said.append(client.post(f"/api/tasks/{number}/{which}", json={"revision": revision}).text)
    return "\n".join(said)


def test_an_annotator_never_gets_answers_of_others(store: Store, labelling: Annotation, client_for: Client) -> None:
    marker = "alleen-bram-weet-dit"
    store.save(
        2, "bram", Role.ANSWER, store.sheet(2, "bram", Role.ANSWER).__class__(revision=1, reason=marker, done=True)
    )
    numbers = list(store.tasks())
    before = _every_answer(client_for(labelling), [*numbers, 99])
    assert "bram" not in before and marker not in before and '"case"' not in before
    # What Anna sees is the same, byte for byte, whatever Bram says.
    fresh = Store(store.path.with_name("ander.sqlite"))
    fresh.add_tasks(store.tasks().values(), "anna")
    with fresh:
        assert _every_answer(client_for(Annotation(fresh, "anna")), [*numbers, 99]) == before


def test_an_annotator_gets_only_what_was_given(store: Store, labelling: Annotation, client_for: Client) -> None:
    client = client_for(Annotation(store, "bram"))
    assert [t["id"] for t in client.get("/api/tasks").json()["tasks"]] == ["dreigt", "rustig"]
    assert client.get("/api/tasks/3").status_code == 404
    assert put(client, 3, 0).status_code == 404
    assert client.post("/api/tasks/3/undo", json={"revision": 0}).status_code == 404
    assert client_for(Annotation(store, "niemand")).get("/api/tasks").json() == {"tasks": []}


def test_a_change_is_in_the_store_at_once(store: Store, labelling: Annotation, client_for: Client) -> None:
    client = client_for(labelling)
    span = {"start": 2, "end": 6, "kind": "condition"}
    answer = put(client, 1, 0, threat="veiled", cues=[span])
    assert answer.status_code == 200
    with Store(store.path) as other:
        sheet = other.sheet(1, "anna", Role.ANSWER)
    assert sheet.labels.threat == "veiled" and sheet.cues == (Span(2, 6, CueKind.CONDITION),)
    assert client.get("/api/tasks").json()["tasks"][0]["state"] == "draft"
    undone = client.post("/api/tasks/1/undo", json={"revision": 1}).json()["sheet"]
    assert undone["threat"] == "none" and undone["cues"] == [] and undone["can_redo"]
    redone = client.post("/api/tasks/1/redo", json={"revision": 2}).json()["sheet"]
    assert redone["threat"] == "veiled" and redone["cues"] == [span]


def test_what_cannot_be_is_refused_in_dutch(labelling: Annotation, client_for: Client) -> None:
    client = client_for(labelling)
    assert put(client, 1, 0, threat="direct").status_code == 200
    stale = put(client, 1, 0, threat="veiled")
    assert stale.status_code == 409 and "veranderd" in stale.json()["detail"]
    wrong: list[dict[str, Any]] = [
        {"threat": "erg"},
        {"cues": [{"start": 1, "end": 999, "kind": "weapon"}]},
        {"annotator": "bram"},
    ]
    for state in wrong:
        refused = put(client, 1, 1, **state)
        assert refused.status_code == 422 and "Laad de pagina opnieuw" in refused.json()["detail"]
    assert client.put("/api/tasks/1/sheet", json={"x": "geheim"}).json() == {
        "detail": "De server begrijpt dit verzoek niet. Laad de pagina opnieuw."
    }


def test_an_annotator_may_insist_and_an_adjudicator_may_not(
    labelling: Annotation, client_for: Client, store: Store
) -> None:
    client = client_for(labelling)
    refused = put(client, 1, 0, threat="veiled", done=True)
    assert refused.status_code == 422 and not refused.json()["final"]
    assert "Bij een bedekte dreiging hoort het doel ‘intimideren’." in refused.json()["remarks"]
    assert store.judgements()[0].annotator == "bram"
    assert put(client, 1, 0, threat="veiled", done=True, anyway=True).json()["sheet"]["done"]
    assert {j.annotator for j in store.judgements()} == {"anna", "bram"}


def test_deciding(deciding: Adjudication, client_for: Client, store: Store) -> None:
    client = client_for(deciding)
    tasks = client.get("/api/tasks").json()["tasks"]
    assert [t["id"] for t in tasks] == ["dreigt", "mild"]
    number = tasks[0]["number"]
    opened = client.get(f"/api/tasks/{number}").json()
    assert set(opened["case"]["axes"]) == {"threat", "aims", "cues"}
    assert [a["annotator"] for a in opened["case"]["answers"]] == ["anna", "bram"]
    start = {k: v for k, v in opened["sheet"].items() if k not in ("revision", "can_undo", "can_redo")}
    assert start["threat"] == "conditional" and start["aims"] == ["influence_decision", "intimidate"]
    for anyway in (False, True):
        refused = put(client, number, 0, anyway, **{**start, "done": True})
        assert refused.status_code == 422 and refused.json()["final"]
        assert refused.json()["remarks"] == ["Schrijf op waarom je zo beslist."]
    decided = {**start, "aims": ["influence_decision"], "reason": "De eis hangt eraan.", "done": True}
    assert put(client, number, 0, **decided).json()["sheet"]["done"]
    [decision] = store.decisions()
    assert decision.judgement.annotator == "carla" and decision.reason == "De eis hangt eraan."
    assert len([j for j in store.judgements() if j.item == "dreigt"]) == 2
    assert [t["state"] for t in client.get("/api/tasks").json()["tasks"]] == ["done", "todo"]
    undone = client.post(f"/api/tasks/{number}/undo", json={"revision": 1}).json()["sheet"]
    assert undone["aims"] == start["aims"] and not undone["done"]
    store.add_tasks([store.tasks()[number]], "anna")
    late = put(client_for(Annotation(store, "anna")), number, 1, threat="direct")
    assert late.status_code == 423 and "al beslist" in late.json()["detail"]


def test_who_must_still_annotate_a_message_does_not_decide_on_it(
    deciding: Adjudication, client_for: Client, store: Store
) -> None:
    store.add_tasks([t for t in store.tasks().values() if t.id == "dreigt"], "carla")
    client = client_for(deciding)
    [left] = client.get("/api/tasks").json()["tasks"]
    assert left["id"] == "mild"
    number = next(n for n, t in store.tasks().items() if t.id == "dreigt")
    assert client.get(f"/api/tasks/{number}").status_code == 404
    store.add_answers([Judgement("dreigt", "carla", labels_from_dict({}))])
    assert len(client.get("/api/tasks").json()["tasks"]) == 2


def test_the_codebook_is_shown_without_its_html(labelling: Annotation, client_for: Client, tmp_path: Path) -> None:
    assert "Het kwaad wordt zonder voorwaarde aangekondigd." in client_for(labelling).get("/codeboek").text
    book = tmp_path / "boek.md"
    book.write_text(
        "# Eigen boek\n<!-- begin: x -->\n## Bedekte dreiging\n\n<script>alert(1)</script>\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"
    )
    shown = client_for(labelling, codebook=book).get("/codeboek").text
    assert '<h2 id="bedekte-dreiging">' in shown and "<td>1</td>" in shown
    assert "<script>alert" not in shown and "begin: x" not in shown


def _rule_breakers() -> Iterable[Example]:
    text = "abc def ghi"
    details = (Span(0, 3, DetailKind.PERSON, Subject.TARGET), Span(2, 4, DetailKind.PERSON, Subject.TARGET))
    cues = (Span(0, 3, CueKind.WEAPON), Span(2, 5, CueKind.WEAPON), Span(3, 7, CueKind.OFFER))
    nature, aims, targets = frozenset({Nature.EMOTIONAL}), frozenset({Aim.VENT_ANGER}), frozenset({Target.POLICE})
    harmless = Labels(nature=nature, aims=aims, targets=targets, organised_crime=True)
    yield Example("a", "a", text, harmless, details, cues)
    for threat in Threat:
        for doxing in Doxing:
            labels = Labels(
                threat, aims=frozenset({Aim.OBSTRUCT_SEARCH}), forms=frozenset({Form.BRIBERY}), doxing=doxing
            )
            yield Example("a", "a", text, labels, category="threat")


def test_every_rule_has_dutch_words() -> None:
    said = {fault for example in _rule_breakers() for fault in rules.errors(example)}
    assert len(said) >= 17
    for sentence in said:
        assert in_dutch(sentence) != sentence
    assert json.dumps("Iets nieuws.") and in_dutch("Something new.") == "Something new."


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/docs", "/api", "/api/tasks/x", "/desk/static/../pages.py"])
def test_nothing_else_is_served(labelling: Annotation, client_for: Client, path: str) -> None:
    assert client_for(labelling).get(path).status_code in (404, 422)
