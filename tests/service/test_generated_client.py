"""What a generator makes of the description: a client that works, with no operation left out."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GENERATOR = "openapi-python-client==0.29.1"
PACKAGE = "vptnlp_generated"
TEXT = "Als je die boete niet intrekt, sta ik morgen bij je op de stoep in de Kerkstraat 12."


@pytest.fixture(scope="module")
def live(workshop: Any) -> Iterator[Any]:
    """A running server."""
    with workshop.live() as running:
        yield running


@pytest.fixture(scope="module")
def generated(live: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client made from the description that the server gives."""
    import httpx

    folder = tmp_path_factory.mktemp("generated")
    document = folder / "openapi.json"
    document.write_text(json.dumps(httpx.get(f"{live.url}/v1/openapi.json", timeout=30).json()), "utf-8")
    # In an environment of its own: it wants an older typer than the command line of vptnlp.
    venv.create(folder / "env", with_pip=True)
    pip = [folder / "env/bin/python", "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20", GENERATOR]
    installed = subprocess.run(pip, capture_output=True, text=True, timeout=300)
    if installed.returncode:
        # Only without a network: a version that is gone, or does not install, is an error.
        assert "connection broken by" in installed.stderr, installed.stderr
        reason = f"NOT TESTED: {GENERATOR} could not be fetched, so no client was generated; run this with a network."
        with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{reason}", file=sys.stderr)
        pytest.skip(reason)
    (folder / "config.yaml").write_text("post_hooks: []\n", "utf-8")
    command = [folder / "env/bin/openapi-python-client", "generate", "--path", document, "--meta", "none"]
    command += ["--output-path", folder / PACKAGE, "--config", folder / "config.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def operation(path: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.api.{path}")


def test_every_operation_is_there(generated: Any) -> None:
    folder = Path(generated.__file__).parent / "api"
    made = {file.stem for file in folder.glob("*/*.py") if file.stem != "__init__"}
    assert made == {
        "create_assessments", "create_details", "create_redactions", "list_models", "read_model", "read_taxonomy"
    }  # fmt: skip


def test_a_message_goes_there_and_an_assessment_comes_back(generated: Any, live: Any, workshop: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    body = models.AssessmentsIn.from_dict({"messages": [{"id": "mail-1", "text": TEXT}]})
    with generated.Client(base_url=f"{live.url}/v1") as client:
        answer = operation("assessments.create_assessments").sync(client=client, body=body)
        assert isinstance(answer, models.AssessmentsOut)
        (found,) = answer.assessments
        there = workshop.linear.assess(TEXT)
        assert found.id == "mail-1"
        assert found.threat.label == there.labels.threat
        assert found.triage.urgency == there.triage.urgency
        assert [(d.start, d.end, d.kind) for d in found.details] == [(d.start, d.end, d.kind) for d in there.details]
        assert answer.model.sha256 == workshop.linear.info.sha256

        empty = models.AssessmentsIn.from_dict({"messages": [{"text": ""}]})
        refused = operation("assessments.create_assessments").sync(client=client, body=empty)
        assert isinstance(refused, models.ProblemOut)
        assert refused.status == 400

        loaded = operation("reference.list_models").sync(client=client)
        assert [entry.name for entry in loaded.models] == [workshop.linear.info.name]
