"""The command line as another program sees it: exit status, streams, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = [
    {"id": "a", "text": "Dank voor de snelle hulp aan de balie gisteren.", "zaak": 12},
    {"id": "b", "text": "Trek die boete in of ik steek morgenavond je auto in brand, Kerkstraat 12."},
    {"id": "c", "text": "Wanneer gaat het zwembad weer open?"},
]
CANARY = "kanarie-7f3a"


def run(*args: str, stdin: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vptnlp.cli", *args], input=stdin, cwd=cwd, capture_output=True, text=True, timeout=120
    )


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "inbox.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_assess_jsonl_keeps_order_ids_and_meta(inbox: Path) -> None:
    done = run("assess", str(inbox), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["id"] for r in records] == ["a", "b", "c"]
    assert records[0]["meta"] == {"zaak": 12}
    assert records[1]["threat"]["label"] == "conditional"
    detail = next(d for d in records[1]["details"] if d["kind"] == "ADDRESS")
    assert ROWS[1]["text"][detail["start"] : detail["end"]] == detail["text"] == "Kerkstraat 12"


def test_assess_gives_the_details_by_themselves(inbox: Path) -> None:
    done = run("assess", str(inbox), "--only", "details")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(r) for r in records] == [{"id", "doxing", "details"}] * 3
    assert "Kerkstraat 12" in [d["text"] for d in records[1]["details"]]
    refused = run("assess", str(inbox), "--only", "details", "--format", "csv")
    assert refused.returncode == 2
    assert "jsonl" in refused.stderr


def test_triage_ranks_the_threat_first_with_reasons_and_steps(inbox: Path, tmp_path: Path) -> None:
    done = run("triage", str(inbox), "-o", str(tmp_path / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    first = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
    assert first["id"] == "b"
    assert first["triage"]["urgency"] in {"high", "critical"}
    assert first["triage"]["factors"]
    assert len(first["triage"]["steps"]) >= 3


@pytest.mark.parametrize("name", ["out.csv", "out.html"])
def test_the_format_follows_the_name_of_the_output(inbox: Path, tmp_path: Path, name: str) -> None:
    done = run("triage", str(inbox), "-o", str(tmp_path / name))
    assert done.returncode == 0, done.stderr
    written = (tmp_path / name).read_text().lower()
    assert written.startswith("id,urgency" if name.endswith("csv") else "<!doctype html>")


def test_stdin_and_table() -> None:
    done = run("triage", "-", stdin="\n".join(json.dumps(row) for row in ROWS))
    assert done.returncode == 0, done.stderr
    assert "3 berichten" in done.stdout


def test_what_cannot_be_read_is_named_and_the_rest_done(inbox: Path, tmp_path: Path) -> None:
    with inbox.open("a") as out:
        out.write(f'{{"id": "d", "text": "{CANARY}"\n')
        out.write(json.dumps({"id": "e", "text": ""}) + "\n")
    done = run("assess", str(inbox), str(tmp_path / "weg.csv"), "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert "inbox.jsonl" in done.stderr
    assert "4" in done.stderr
    assert "weg.csv" in done.stderr
    assert CANARY not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["assess"],
        ["assess", "x.txt", "--format", "pdf"],
        ["assess", "x.txt", "-o", "uitkomst"],
        ["bundle", "info", "bestaat-niet"],
        ["train", "bestaat-niet.toml"],
        ["triage", "x.txt", "--rules", "bestaat-niet.toml"],
    ],
)
def test_wrong_use_is_status_2_without_a_traceback(args: list[str], tmp_path: Path) -> None:
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_bundle_info_and_verify() -> None:
    assert json.loads(run("bundle", "info").stdout)["taxonomy"] == "1.0"
    assert "is whole" in run("bundle", "verify").stdout


def test_taxonomy_formats() -> None:
    assert json.loads(run("taxonomy", "--format", "json").stdout)["version"] == "1.0"
    assert "| `veiled` | bedekt |" in run("taxonomy", "--format", "markdown").stdout
    assert "bedekt" in run("taxonomy").stdout


def test_corpus_commands(root: Path, tmp_path: Path) -> None:
    part = root / "corpora/vpt-nl/authoring/w01.jsonl"
    assert json.loads(run("corpus", "stats", str(part), "--json").stdout)["messages"] >= 250
    assert run("corpus", "validate", str(part)).returncode == 0
    compiled, back = tmp_path / "c.jsonl", tmp_path / "a.jsonl"
    assert run("corpus", "convert", str(part), str(compiled)).returncode == 0
    assert run("corpus", "convert", str(compiled), str(back), "--to", "authoring").returncode == 0
    texts = [[json.loads(line)["text"] for line in p.read_text().splitlines()] for p in (part, back)]
    assert texts[0] == texts[1]


def test_corpus_validate_names_faults(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    row = {
        "id": "a-1",
        "scenario": "a",
        "text": "Ik maak je af",
        "threat": "direct",
        "channel": "sms",
        "category": "threat",
    }
    path.write_text(json.dumps(row) + "\n" + "{kapot\n")
    done = run("corpus", "validate", str(path))
    assert done.returncode in (1, 2)
    assert "line 2" in done.stderr


def test_evaluate_writes_a_report(root: Path, tmp_path: Path) -> None:
    rows = (root / "corpora/vpt-nl/data/dev.jsonl").read_text().splitlines()[:60]
    (tmp_path / "small.jsonl").write_text("\n".join(rows))
    done = run("evaluate", "vpt-nl-linear", str(tmp_path / "small.jsonl"), "-o", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    figure = metrics["headline"]["threat_macro_f1"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert "## Labels" in (tmp_path / "out/report.md").read_text()


def test_importing_is_light() -> None:
    heavy = ("torch", "sklearn", "spacy", "fastapi", "pyarrow")
    code = f"import sys, vptnlp, vptnlp.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
