"""How clients are made, and what importing them costs others."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
import pytest

from vptnlp.client import AsyncClient, Client
from vptnlp.client.errors import PAGE
from vptnlp.errors import ConfigError

from .conftest import Bench


@pytest.mark.parametrize(
    "url", ["", "vptnlp.example.nl", "ftp://a", "http://", "http://a/v1", "http://a/v1/", "http://u:geheim@a", "http://a?b", "http://a:b"]
)  # fmt: skip
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_base_url_that_is_none_is_told(kind: Any, url: str) -> None:
    with pytest.raises(ConfigError, match="base URL") as caught:
        kind(url)
    assert "geheim" not in str(caught.value)


def test_a_path_before_the_interface_is_kept(bench: Bench) -> None:
    transport = bench.transport(httpx.Response(200, json={"version": "1.0", "axes": {}}))
    with Client("http://service.test/vptnlp/", transport=transport) as client:
        client.taxonomy()
    assert str(bench.asked[0].url) == "http://service.test/vptnlp/v1/taxonomy"
    assert "authorization" not in bench.asked[0].headers


@pytest.mark.parametrize("credential", ["", " ", "geheim\r\nX-Admin: 1", "geheim geheim", "geheïm"])
def test_a_credential_that_is_none_is_told_but_not_shown(bench: Bench, credential: str) -> None:
    with pytest.raises(ConfigError) as caught:
        bench.client(httpx.Response(200, json={}), credential=credential).taxonomy()
    assert "geh" not in str(caught.value)
    assert bench.asked == []


def test_a_request_of_no_messages_is_refused() -> None:
    client = Client("http://service.test", max_messages=0)
    with pytest.raises(ValueError, match="at least one"):
        client.assess(["Dank."])


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_library_does_not_import_httpx_nor_the_client_the_service() -> None:
    assert run("import sys, vptnlp; print('httpx' in sys.modules)") == "False"
    heavy = "fastapi", "vptnlp_service", "onnxruntime", "vptnlp.doxing"
    assert run(f"import sys, vptnlp.client; print([m for m in {heavy} if m in sys.modules])") == "[]"


def test_without_httpx_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['httpx'] = None\n"
        "try:\n    import vptnlp.client\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    said = run(code)
    assert said.startswith("MissingExtraError")
    assert "vptnlp[client]" in said


def test_the_service_tells_its_problems_under_the_same_page() -> None:
    problems = pytest.importorskip("vptnlp_service.problems")
    assert problems.PAGE == PAGE
