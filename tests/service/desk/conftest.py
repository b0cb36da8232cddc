"""The desk on a real server, and a real browser to look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from vptnlp_service.app import create_app
from vptnlp_service.settings import Settings

AXE = "axe-core@4.14.1"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium and the package playwright")


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(model="vpt-nl-linear", rate_limit="")


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Settings], str]]:
    """Start a real server; its address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(settings: Settings) -> str:
        config = uvicorn.Config(create_app(settings), port=0, log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 90
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "The server did not start."
            time.sleep(0.05)
        running.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def address(serve: Callable[[Settings], str], settings: Settings) -> str:
    """Where the desk is served."""
    return serve(settings)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; the test is skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="BROWSER TESTS SKIPPED: `pip install playwright` first.")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("BROWSER TESTS SKIPPED: no Chromium; `apt-get install chromium`, or set CHROMIUM to its path.")
    with api.sync_playwright() as playwright:
        # Containers have no user namespaces for the sandbox; the page under test is our own.
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """The source of axe-core, from AXE_CORE (a path) or else from npm; the test is skipped where neither is at hand."""
    given = os.environ.get("AXE_CORE")
    if given:
        return Path(given).read_text(encoding="utf-8")
    assert request.config.cache is not None
    folder = Path(request.config.cache.mkdir("axe-core"))
    packed = folder / f"{AXE.replace('@', '-')}.tgz"
    if not packed.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("ACCESSIBILITY TEST SKIPPED: npm is missing; set AXE_CORE to the path of axe.min.js.")
        done = subprocess.run([npm, "pack", AXE], cwd=folder, capture_output=True, timeout=60, check=False)
        if done.returncode or not packed.exists():
            pytest.skip(
                "ACCESSIBILITY TEST SKIPPED: npm cannot fetch axe-core; set AXE_CORE to the path of axe.min.js."
            )
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open the desk; any error of the page, any refused resource and any call to elsewhere fails the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def note(message: Any) -> None:
        # The browser itself reports a status that the page deals with.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def visit(path: str = "/", base: str = address, **options: Any) -> Any:
        options = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "nl-NL",
            "timezone_id": "Europe/Amsterdam",
            **options,
        }
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((base, "blob:")) else faults.append(f"Calls {r.url}"))
        page.goto(base + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults
