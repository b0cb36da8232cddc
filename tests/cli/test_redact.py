"""`vptnlp redact` as another program sees it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from vptnlp.cli import app

ROWS = [
    {
        "id": "a",
        "text": "Jij woont op Kerkstraat 12. Mijn nummer is 06-13370042.",
        "afzender": "j.visser@voorbeeld.example",
    },
    {"id": "b", "text": "=KERKSTRAAT 12, ik kom eraan. [ADRES-1] ook.\r\nZoë\u0301 🏠", "zaak": 12},
    {"id": "c", "text": "'+31 6 13370042 belt weer", "nummers": ["123456782", 123456782, True, 7]},
]


def run(*args: object, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["redact", *map(str, args)], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return 2, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "inbox.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return path


def test_placeholders_are_stable_over_messages_and_columns_go_along(inbox: Path, tmp_path: Path) -> None:
    assert run(inbox, "-o", tmp_path / "out.jsonl") == (0, "", "")
    a, b, c = records(tmp_path / "out.jsonl")
    assert a["text"] == "Jij woont op [ADRES-1]. Mijn nummer is [TELEFOON-1]."
    assert a["meta"] == {"afzender": "[EMAIL-1]"}
    assert str(b["text"]).startswith("=[ADRES-1], ik kom eraan. [ADRES-2] ook.\r\nZo")
    assert b["meta"] == {"zaak": 12}
    assert c["text"] == "'[TELEFOON-1] belt weer"
    assert c["meta"] == {"nummers": ["[BSN-1]", "[BSN-1]", True, 7]}


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "txt"])
def test_restoring_gives_the_texts_back(inbox: Path, tmp_path: Path, suffix: str) -> None:
    out, key, back = tmp_path / f"out.{suffix}", tmp_path / "key", tmp_path / "back.jsonl"
    assert run(inbox, "-o", out, "--key", key)[0] == 0
    assert "06-13370042" not in out.read_text("utf-8")
    assert key.stat().st_mode & 0o777 == 0o600
    assert run(out, "--restore", "--key", key, "-o", back)[0] == 0
    texts = [str(row["text"]) for row in ROWS]
    if suffix == "jsonl":
        assert [r["text"] for r in records(back)] == texts
        assert [r.get("meta", {}).get("afzender") for r in records(back)] == ["j.visser@voorbeeld.example", None, None]
    elif suffix == "csv":  # csv readers take a carriage return for the end of a line
        assert [r["text"] for r in records(back)] == [text.replace("\r\n", "\n") for text in texts]
        assert records(back)[1]["meta"] == {"zaak": 12}
    else:
        assert records(back)[0]["text"] == "\n\n".join(texts).replace("\r\n", "\n")


def test_restored_columns_have_their_names_and_types_and_the_file_is_private(tmp_path: Path) -> None:
    meta = {"naam": "Bakker", "zaak": 12, "bedrag": 1.5, "Sanne Bakker": "ja", "telefoon": "06-13370042"}
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": "Hoi Bakker", **meta}) + "\n")
    for suffix in ("jsonl", "csv"):
        out, key, back = tmp_path / f"out.{suffix}", tmp_path / f"{suffix}.key", tmp_path / f"back-{suffix}.jsonl"
        back.write_text("van eerder")
        back.chmod(0o644)
        assert run(tmp_path / "in.jsonl", "-o", out, "--key", key)[0] == 0
        assert "akker" not in out.read_text()
        assert run(out, "--restore", "--key", key, "-o", back)[0] == 0
        assert records(back) == [{"id": "a", "text": "Hoi Bakker", "meta": meta}]
        assert back.stat().st_mode & 0o777 == 0o600


def test_a_text_file_comes_back_byte_for_byte(tmp_path: Path) -> None:
    text = "Je woont op Lindelaan 4, toch?\n\n  Of lindelaan 4.\n"
    (tmp_path / "brief.txt").write_text(text, "utf-8")
    assert run(tmp_path / "brief.txt", "-o", tmp_path / "weg.txt", "--key", tmp_path / "k")[0] == 0
    assert (tmp_path / "weg.txt").read_text("utf-8") == "Je woont op [ADRES-1], toch?\n\n  Of [ADRES-1].\n"
    assert run(tmp_path / "weg.txt", "--restore", "--key", tmp_path / "k", "-o", tmp_path / "terug.txt")[0] == 0
    assert (tmp_path / "terug.txt").read_bytes() == text.encode()


def test_a_csv_runs_no_formulas(inbox: Path, tmp_path: Path) -> None:
    run(inbox, "-o", tmp_path / "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert rows[1]["text"].startswith("'=[ADRES-1]")


def test_chosen_kinds_and_subjects(inbox: Path, tmp_path: Path) -> None:
    run(inbox, "-o", tmp_path / "1.jsonl", "--kinds", "phone,email")
    assert records(tmp_path / "1.jsonl")[0]["text"] == "Jij woont op Kerkstraat 12. Mijn nummer is [TELEFOON-1]."
    run(inbox, "-o", tmp_path / "2.jsonl", "--subjects", "target", "--subjects", "relative", "--drop-meta")
    first = records(tmp_path / "2.jsonl")[0]
    assert first == {"id": "a", "text": "Jij woont op [ADRES-1]. Mijn nummer is 06-13370042."}


def test_every_input_format(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "Mijn nummer is 06-13370042."
    (folder / "a.txt").write_text(text)
    (folder / "b.csv").write_text(f"id;tekst\n1;{text}\n")
    (folder / "c.jsonl").write_text(json.dumps({"text": text}) + "\n")
    (folder / "d.json").write_text(json.dumps([{"text": text}]))
    mail = (
        f"From: Jan <jan@voorbeeld.example>\nSubject: vraag\n\n{text}\n\nOp 3 mei schreef Piet:\n> bel 020 555 0199\n"
    )
    (folder / "e.eml").write_text(mail)
    (folder / "f.mbox").write_text(f"From jan@voorbeeld.example Mon Jan  1 00:00:00 2024\n{mail}\n")
    book = Workbook()
    book.active.append(["tekst", "wie"])
    book.active.append([text, 123456782])
    book.save(folder / "g.xlsx")
    assert zipfile.is_zipfile(folder / "g.xlsx")
    assert run(folder, "-o", tmp_path / "out.jsonl")[0] == 0
    found = records(tmp_path / "out.jsonl")
    assert len(found) == 7
    assert all("[TELEFOON-1]" in str(record["text"]) for record in found)
    whole = (tmp_path / "out.jsonl").read_text()
    assert not any(value in whole for value in ("06-13370042", "jan@", "0199", "123456782"))


def test_stdin_to_stdout_and_damaged_lines() -> None:
    status, out, problems = run("-", stdin=json.dumps(ROWS[0]) + "\n{kapot Kerkstraat 13\n")
    assert status == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a"]
    assert "row 2" in problems
    assert "13" not in problems


def test_wrong_use_is_one_sentence_and_writes_nothing(inbox: Path, tmp_path: Path) -> None:
    out, key = tmp_path / "out.jsonl", tmp_path / "key"
    key.write_text("van mij")
    wrong: list[tuple[object, ...]] = [
        (inbox, "-o", tmp_path / "out.pdf"),
        (inbox, "-o", inbox),
        (inbox.parent, "-o", inbox.parent / "out.jsonl"),
        (inbox, "-o", out, "--key", out),
        (inbox, "-o", out, "--key", key),
        (inbox, "-o", out, "--kinds", "ADRESS"),
        (inbox, "-o", out, "--restore"),
        (inbox, "-o", out, "--restore", "--key", key, "--kinds", "PHONE"),
        (inbox, "-o", out, "--restore", "--key", key),
        (inbox, "-o", out, "--restore", "--key", tmp_path / "geen"),
    ]
    for args in wrong:
        status, _, said = run(*args)
        assert status == 2, args
        assert said
    assert not out.exists()
    assert key.read_text() == "van mij"
    assert len(records(inbox)) == 3


def test_an_output_that_cannot_be_written_leaves_no_key(inbox: Path, tmp_path: Path) -> None:
    assert run(inbox, "-o", tmp_path / "weg" / "out.jsonl", "--key", tmp_path / "key")[0] == 2
    assert not (tmp_path / "key").exists()


def peak_mb(inbox: Path, key: Path) -> float:
    command = [sys.executable, "-m", "vptnlp.cli", "redact", str(inbox), "-o", f"{key}.jsonl", "--key", str(key)]
    command += ["--model", "vpt-nl-linear"]  # the fast one: memory is the pipeline's
    with subprocess.Popen(command) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    peaks = []
    for size in (1_000, 10_000):
        inbox = tmp_path / f"{size}.jsonl"
        with inbox.open("w") as out:
            for i in range(size):
                text = f"Melding {i}: bel mijn buur op 06-{13370000 + i} of kom naar Lindelaan {i % 90 + 1}."
                out.write(json.dumps({"text": text}) + "\n")
        peaks.append(peak_mb(inbox, tmp_path / f"{size}.key"))
    assert peaks[1] < peaks[0] + 25
