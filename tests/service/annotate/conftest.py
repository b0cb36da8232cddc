"""An annotation store with answers that differ, and the table on a real server with a real browser before it."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.store import Store
from vptnlp.annotation.tasks import Task
from vptnlp.corpus.records import labels_from_dict
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject
from vptnlp_service.annotate import Adjudication, Annotation, Work, create_app
from vptnlp_service.annotate.gate import PARAMETER

TOKEN = "een-verzonnen-sleutel"
TEXT = "😀 Trek die boete in, of ik sta morgen bij Wilgenhof 88. Dat zweer ik!"
CALM = "Wanneer gaat het zwembad weer open?\nGroet, Pien"


def _fixtures_of_the_desk() -> Any:
    spec = importlib.util.spec_from_file_location("desk_fixtures", Path(__file__).parents[1] / "desk" / "conftest.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_DESK = _fixtures_of_the_desk()
browser, axe = _DESK.browser, _DESK.axe


def place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "werk.sqlite") as store:
        yield store


@pytest.fixture
def labelling(store: Store) -> Annotation:
    """Anna has three messages, and Bram has answered the first two."""
    texts = {"dreigt": TEXT, "rustig": CALM, "wreed": "<img src=x onerror=alert(1)> & <b>dik</b>"}
    tasks = [Task(name, text) for name, text in texts.items()]
    store.add_tasks(tasks, "anna")
    store.add_tasks(tasks[:2], "bram")
    labels = {"threat": "direct", "nature": ["emotional"], "forms": ["stalking"]}
    cue = Span(*place(TEXT, "Dat zweer ik"), CueKind.THREAT_PHRASE)
    store.add_answers(
        [
            Judgement("dreigt", "bram", labels_from_dict(labels), (), (cue,)),
            Judgement("rustig", "bram", labels_from_dict({})),
        ]
    )
    return Annotation(store, "anna")


@pytest.fixture
def deciding(store: Store) -> Adjudication:
    """Anna and Bram differ on one message, and agree on another."""
    store.add_tasks([Task("rustig", CALM), Task("dreigt", TEXT), Task("mild", TEXT)])
    home = Span(*place(TEXT, "Wilgenhof 88"), DetailKind.ADDRESS, Subject.TARGET)
    condition = Span(*place(TEXT, "Trek die boete in"), CueKind.CONDITION)
    phrase = Span(*place(TEXT, "ik sta morgen bij Wilgenhof 88"), CueKind.THREAT_PHRASE)
    conditional = {
        "threat": "conditional",
        "nature": ["instrumental"],
        "aims": ["influence_decision"],
        "doxing": "exposure",
    }
    veiled = {
        "threat": "veiled",
        "nature": ["instrumental"],
        "aims": ["influence_decision", "intimidate"],
        "doxing": "exposure",
    }
    store.add_answers(
        [
            Judgement("rustig", "anna", labels_from_dict({})),
            Judgement("rustig", "bram", labels_from_dict({})),
            Judgement("mild", "anna", labels_from_dict(conditional), (home,), (condition, phrase)),
            Judgement("mild", "bram", labels_from_dict(conditional), (home,), (condition,)),
            Judgement("dreigt", "anna", labels_from_dict(conditional), (home,), (condition, phrase)),
            Judgement("dreigt", "bram", labels_from_dict(veiled), (home,), (phrase,)),
        ]
    )
    return Adjudication(store, "carla")


@pytest.fixture
def client_for() -> Callable[..., TestClient]:
    """A client of a table; one that has opened the printed address, unless told otherwise."""

    def make(work: Work, *, enter: bool = True, codebook: Path | None = None) -> TestClient:
        client = TestClient(create_app(work, TOKEN, codebook), base_url="http://127.0.0.1:8123")
        client.headers["origin"] = "http://127.0.0.1:8123"
        if enter:
            assert client.get("/", params={PARAMETER: TOKEN}).status_code == 200
        return client

    return make


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open the table of a work; any error of the page, refused resource or call to elsewhere fails the test."""
    closing: list[Callable[[], None]] = []
    faults: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def visit(work: Work, **options: Any) -> Any:
        server = uvicorn.Server(uvicorn.Config(create_app(work, TOKEN), port=0, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "The server did not start."
            time.sleep(0.02)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

        def stop() -> None:
            server.should_exit = True
            thread.join(20)

        closing.append(stop)
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "nl-NL", **options})
        closing.append(context.close)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(base) else faults.append(f"Calls {r.url}"))
        page.goto(f"{base}/?{PARAMETER}={TOKEN}")
        page.locator("#message-title:has-text('Bericht')").wait_for()
        return page

    yield visit
    for close in reversed(closing):
        close()
    assert not faults
