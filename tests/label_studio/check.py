"""The round trip against the real Label Studio: ``make test-label-studio`` runs it.

    python tests/label_studio/check.py path/to/label-studio

It starts that program on a data folder of its own, makes a project with the generated labelling config, imports tasks with
predictions, lets two users answer through the API, exports, imports back and compares. Needs httpx.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from vptnlp.annotation.formats import label_studio
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.corpus.records import labels_from_dict
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject

PATIENCE = 900  # seconds until the server must answer; the first start makes the database
TEXT = "🔪👩‍👩‍👧 Trek die boete in\r\nof ik sta bij Wilgenhof 88,\r\rvader en Zoë\u0308 <b>&amp; \\n</b> 🇳🇱\tmorgen."


def main(program: str) -> None:
    """Start Label Studio, do the round trip, stop it.

    Args:
        program: The ``label-studio`` command to run.
    """
    token, port = secrets.token_hex(20), _free_port()
    with tempfile.TemporaryDirectory() as data:
        command = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
        command += ["--username", "anna@example.org", "--password", secrets.token_hex(12)]
        command += ["--user-token", token, "--enable-legacy-api-token", "--data-dir", data]
        quiet = {
            "COLLECT_ANALYTICS": "false",
            "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
        }
        own = {"LABEL_STUDIO_BASE_DATA_DIR": data, "HOME": data}
        with Path(data, "server.log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | quiet | own)
        try:
            base = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=base, headers={"Authorization": f"Token {token}"}, timeout=120) as anna:
                _wait(anna, server)
                print(f"Label Studio {_get(anna, '/api/version')['release']}")
                _round_trip(anna, Path(data))
        finally:
            server.terminate()
            server.wait(30)


def _round_trip(anna: httpx.Client, place: Path) -> None:
    tasks = [Task("post/1 🔪", TEXT), Task("m2", "Dank voor de hulp."), Task("m3", "Niemand antwoordt.")]
    expected = _judgements()
    label_studio.export(tasks, place / "out", suggestions=[expected[0]])
    config = (place / "out" / label_studio.CONFIG).read_text(encoding="utf-8")
    project = _post(anna, "/api/projects/", {"title": "vptnlp round trip", "label_config": config})["id"]
    rows = json.loads((place / "out" / label_studio.TASKS).read_text(encoding="utf-8"))
    ids = _post(anna, f"/api/projects/{project}/import?return_task_ids=true", rows)["task_ids"]
    predicted = _get(anna, f"/api/tasks/{ids[0]}/")["predictions"][0]["result"]
    assert predicted == rows[0]["predictions"][0]["result"], "the prediction changed on its way in"

    password = secrets.token_hex(12)
    email = "bram@example.org"
    bram = _post(anna, "/api/users/", {"email": email, "username": "bram", "password": password})["id"]
    me = _get(anna, "/api/current-user/whoami")["id"]
    owners = {"anna": me, "bram": bram}
    by_task = dict(zip([task.id for task in tasks], ids, strict=True))
    texts = {task.id: task.text for task in tasks}
    for judgement in expected:
        result = label_studio.results(judgement, texts[judgement.item])
        body = {"result": result, "completed_by": owners[judgement.annotator], "lead_time": 3.5}
        _post(anna, f"/api/tasks/{by_task[judgement.item]}/annotations/", body)

    exported = anna.get(f"/api/projects/{project}/export", params={"exportType": "JSON", "download_all_tasks": "true"})
    exported.raise_for_status()
    (place / "export.json").write_bytes(exported.content)
    found = label_studio.import_(place / "export.json", tasks)
    assert found.problems == [], [str(problem) for problem in found.problems]
    names = {str(me): "anna", "anna@example.org": "anna", str(bram): "bram", email: "bram"}
    answers = {(j.item, names[j.annotator]): (j.labels, j.details, j.cues) for j in found.judgements}
    assert answers == {(j.item, j.annotator): (j.labels, j.details, j.cues) for j in expected}
    assert found.unanswered == 1
    assert all(j.answered_at is not None for j in found.judgements)
    print(f"{len(answers)} answers of {len(owners)} annotators came back unchanged")


def _judgements() -> list[Judgement]:
    at, father = TEXT.index("Wilgenhof"), TEXT.index("vader")
    details = (
        Span(at, at + 9, DetailKind.PLACE, Subject.TARGET),
        Span(at, at + 12, DetailKind.ADDRESS, Subject.TARGET),
        Span(father, father + 5, DetailKind.FAMILY, Subject.RELATIVE),
    )
    cues = (
        Span(0, 1, CueKind.WEAPON),
        Span(1, at + 12, CueKind.CONDITION),
        Span(len(TEXT) - 7, len(TEXT), CueKind.DEADLINE),
    )
    hostile = {"threat": "conditional", "nature": ["instrumental", "emotional"], "aims": ["influence_decision"]}
    hostile |= {"forms": ["stalking"], "targets": ["municipality", "relatives"], "doxing": "exposure"}
    return [
        Judgement("post/1 🔪", "anna", labels_from_dict({**hostile, "organised_crime": True}), details, cues),
        Judgement("post/1 🔪", "bram", labels_from_dict({"threat": "veiled"}), details[:1]),
        Judgement("m2", "anna", labels_from_dict({})),
    ]


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"Label Studio stopped by itself, with status {server.returncode}.")
        try:
            if client.get("/health").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    sys.exit(f"Label Studio did not answer within {PATIENCE} seconds.")


def _get(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    answer.raise_for_status()
    return answer.json()


def _post(client: httpx.Client, path: str, body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


if __name__ == "__main__":
    main(sys.argv[1])
