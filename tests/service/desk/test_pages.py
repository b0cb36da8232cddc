"""The desk's own routes, without a browser."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from vptnlp import taxonomy
from vptnlp_service import desk, keys
from vptnlp_service.app import create_app
from vptnlp_service.desk import inbox, pages, problems
from vptnlp_service.problems import Problem
from vptnlp_service.settings import Settings

CANARY = "kanarie-77f3"
STATIC = Path(pages.__file__).parent / "static"
FILES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())


def post(client: TestClient, name: str, content: bytes) -> Any:
    return client.post("/desk/messages", content=content, headers={"X-File-Name": name})


@pytest.mark.parametrize("path", ["/", "/desk/grenzen"])
def test_pages_are_dutch_and_allow_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert '<html lang="nl">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))", answer.text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)


@pytest.mark.parametrize("name", FILES)
def test_static_files(client: TestClient, name: str) -> None:
    answer = client.get(f"/desk/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == pages.HEADERS["Content-Security-Policy"]
    again = client.get(f"/desk/static/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", FILES)
def test_scripts_and_styles_load_nothing_from_elsewhere_and_parse_no_html(name: str) -> None:
    source = (STATIC / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in source and "https:" not in source
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
    assert "document.cookie" not in source and "indexedDB" not in source
    assert ("sessionStorage" in source) == (name == "js/keys.js")
    assert ("localStorage" in source) == (name == "theme.js")
    assert len(source.splitlines()) < 400


def test_nothing_outside_the_folder_is_served(client: TestClient) -> None:
    for path in (
        "/desk/static/../pages.py",
        "/desk/static/%2e%2e/pages.py",
        "/desk/static/js/",
        "/desk/static/niets.js",
    ):
        assert client.get(path).status_code == 404


def test_page_knows_every_label(client: TestClient) -> None:
    found = re.search(r'<script type="application/json" id="words">(.*?)</script>', client.get("/").text, re.DOTALL)
    assert found is not None
    words = json.loads(found[1])
    assert words["axes"] == taxonomy.as_dict()["axes"]
    assert [urgency["key"] for urgency in words["urgencies"]] == ["none", "low", "medium", "high", "critical"]


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("brief.txt", "Ik weet je te vinden é".encode("cp1252"), ["Ik weet je te vinden é"]),
        ("a.csv", b"id;tekst\n7;een\n8;twee\n", ["een", "twee"]),
        ("a.jsonl", b'{"text": "een"}\n{"text": "twee", "id": "x"}\n', ["een", "twee"]),
        ("a.eml", b"From: a@b.example\nSubject: hoi\n\nDag.\n\n> oud\n", ["Onderwerp: hoi\n\nDag."]),
        ("zonder", b"Zomaar tekst", ["Zomaar tekst"]),
    ],
)
def test_files_become_messages(client: TestClient, name: str, content: bytes, texts: list[str]) -> None:
    answer = post(client, name, content)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert [message["text"] for message in answer.json()["messages"]] == texts


def test_mail_keeps_its_meta_and_quotes(client: TestClient) -> None:
    mail = b"From: Jan <jan@b.example>\nDate: Mon, 10 Mar 2025 08:00:00 +0100\n\nNieuw.\n\nOp 1 mei 2024 schreef Piet:\n> oud\n"
    [message] = post(client, "a.eml", mail).json()["messages"]
    assert message["meta"]["date"] == "2025-03-10T08:00:00+01:00"
    assert "oud" in message["quoted"] and "oud" not in message["text"]


def test_names_come_percent_encoded_and_without_folders(client: TestClient) -> None:
    [message] = post(client, "..%2Fmap%2Fbri%C3%ABf.txt", b"Dag").json()["messages"]
    assert message["id"] == "briëf.txt"


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("leeg.txt", b"", "leeg"),
        ("a.xlsx", b"PK\x03\x04niets", "csv"),
        ("a.txt", b"%PDF-1.7 niets", "geen tekstbestand"),
        ("a.jsonl", b"{kapot\n", "beschadigd"),
        ("a.csv", b"naam;leeftijd\nx;1\n", "kolom"),
        ("a.csv", b"id;tekst\n1;\n", "geen tekst"),
    ],
)
def test_problems_are_dutch_and_hold_no_text(client: TestClient, name: str, content: bytes, part: str) -> None:
    answer = post(client, name, content.replace(b"kapot", CANARY.encode()))
    assert answer.status_code == 200
    [problem] = answer.json()["problems"]
    assert part in problem["reason"]
    assert CANARY not in answer.text


def test_an_unknown_problem_gets_a_general_sentence() -> None:
    assert problems.dutch("Something new went wrong.").startswith("Een deel van het bestand")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are weighed and not read."""
    monkeypatch.setattr(inbox, "read_file", lambda name, content: {"size": len(content)})


@pytest.mark.parametrize(("spare", "status"), [(-1, 413), (0, 200)])
def test_files_may_be_as_large_as_the_settings_say(
    client: TestClient, settings: Settings, unread: None, spare: int, status: int
) -> None:
    def pieces() -> Iterator[bytes]:
        left = settings.max_upload - spare
        while left > 0:
            yield b"a" * min(left, 2**20)
            left -= 2**20

    assert settings.max_upload > 25 * 2**20
    assert client.post("/desk/messages", content=pieces(), headers={"X-File-Name": "a.txt"}).status_code == status


def test_the_page_tells_the_limits_of_the_settings() -> None:
    app = FastAPI()
    given = {"max_upload": 5_000_000, "max_characters": 777, "max_messages": 9}
    desk.install(app, Settings(model="vpt-nl-linear", **given))
    page = TestClient(app).get("/").text
    found = re.search(r'<script type="application/json" id="limits">(.*?)</script>', page)
    assert found is not None
    assert json.loads(found[1]) == {"upload": 5_000_000, "size": "5 MB", "characters": 777, "messages": 9}
    assert "tot 5 MB per bestand" in page


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Reading a file takes until the event is set."""
    go = threading.Event()

    def read_file(name: str, content: bytes) -> dict[str, Any]:
        assert go.wait(20)
        return {"name": name}

    monkeypatch.setattr(inbox, "read_file", read_file)
    yield go
    go.set()


def run(work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
    """Run in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_files_take_turns_and_time_is_limited(stuck: threading.Event) -> None:
    async def both() -> list[Problem]:
        turns = inbox.Turns(0.05)
        first, second = (asyncio.create_task(turns.read(name, b"")) for name in "ab")
        refused = await asyncio.gather(first, second, return_exceptions=True)
        stuck.set()
        async with asyncio.timeout(20):
            while (await asyncio.gather(turns.read("c", b""), return_exceptions=True)) != [{"name": "c"}]:
                pass
        return [error for error in refused if isinstance(error, Problem)]

    found = run(both())
    assert [(error.status_code, error.kind) for error in found] == [(503, "time-limit"), (503, "busy")]
    assert all(error.headers is not None and error.headers["Retry-After"] for error in found)


def test_a_file_that_fails_gives_its_turn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(name: str, content: bytes) -> dict[str, Any]:
        raise ValueError

    async def twice() -> list[Any]:
        turns = inbox.Turns(5)
        return [*await asyncio.gather(*(turns.read(name, b"") for name in "ab"), return_exceptions=True)]

    monkeypatch.setattr(inbox, "read_file", stumble)
    assert [type(error) for error in run(twice())] == [ValueError, ValueError]


def test_files_that_wait_do_not_stop_the_page(client: TestClient, stuck: threading.Event) -> None:
    waiting = [threading.Thread(target=post, args=(client, f"{n}.txt", b"Dag")) for n in range(45)]
    for thread in waiting:
        thread.start()
    assert client.get("/desk/static/js/main.js").status_code == 200
    assert any(thread.is_alive() for thread in waiting)
    stuck.set()
    for thread in waiting:
        thread.join(20)
    assert not any(thread.is_alive() for thread in waiting)


def test_too_many_messages_are_cut_off_and_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MESSAGE_LIMIT", 3)
    found = post(client, "a.csv", b"tekst;nr\n" + b"hoi;1\n" * 5).json()
    assert len(found["messages"]) == 3
    assert "Alleen de eerste" in found["problems"][0]["reason"]


def test_sample_is_recent_and_in_order() -> None:
    now = datetime.fromisoformat("2026-05-01T12:00:00+02:00")
    found = inbox.sample(now)
    dates = [datetime.fromisoformat(message["meta"]["date"]) for message in found["messages"]]
    assert len(dates) == 40
    assert dates == sorted(dates) and dates[-1] == now
    assert now - dates[0] < timedelta(hours=6)


def test_files_need_a_key_where_the_service_asks_for_one(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    secret = keys.add(file, "desk", [keys.Scope.ASSESS], None)
    with TestClient(create_app(settings.model_copy(update={"keys_file": file})), base_url="http://localhost") as client:
        assert client.get("/").status_code == 200
        assert client.get("/desk/static/js/main.js").status_code == 200
        assert post(client, "a.txt", b"Dag").status_code == 401
        client.headers["Authorization"] = f"Bearer {secret}"
        assert post(client, "a.txt", b"Dag").status_code == 200


def test_files_never_touch_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("A file of the desk was written to disk.")

    for name in ("mkstemp", "NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryFile", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert len(post(client, "a.csv", b"tekst;nr\n" + b"hoi daar;1\n" * 4_000).json()["messages"]) == 4_000


def test_logs_hold_neither_text_nor_file_name(
    client: TestClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, f"{CANARY}.txt", CANARY.encode())
        post(client, f"{CANARY}.jsonl", f"{{{CANARY}".encode())
        post(client, f"{CANARY}.exe", CANARY.encode())
    out, err = capfd.readouterr()
    assert CANARY not in caplog.text + out + err
