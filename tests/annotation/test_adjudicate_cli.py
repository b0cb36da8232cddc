"""The commands that decide, keep, choose and doubt, as another program sees them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from vptnlp.annotation.adjudication import Decision, decision_to_row
from vptnlp.annotation.judgements import Judgement, write_judgements
from vptnlp.annotation.sheets import Role, Sheet
from vptnlp.annotation.store import Store
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import read_examples, rules
from vptnlp.messages import Labels

TEXT = "Wanneer gaat het zwembad weer open, kanarie-7f3a?"
RUDE: dict[str, Any] = {"forms": ["verbal_abuse"], "nature": ["emotional"]}


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vptnlp.cli", "annotate", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "taken.jsonl"
    path.write_text("".join(json.dumps({"id": name, "text": f"{TEXT} {name}"}) + "\n" for name in "abc"))
    return path


@pytest.fixture
def answers(tmp_path: Path, answer: Callable[..., Judgement]) -> Path:
    path = tmp_path / "antwoorden.jsonl"
    given = [answer("a", "anna"), answer("a", "bram"), answer("b", "anna"), answer("b", "bram", **RUDE)]
    write_judgements(path, given)
    return path


def test_adjudicate_writes_the_corpus_and_says_what_is_left(
    tasks: Path, answers: Path, tmp_path: Path, answer: Callable[..., Judgement]
) -> None:
    corpus, queue = tmp_path / "corpus.jsonl", tmp_path / "rij.jsonl"
    done = run("adjudicate", answers, "--tasks", tasks, "-o", corpus, "--queue", queue)
    assert done.returncode == 0, done.stderr
    assert "1 messages (0 decided, 1 agreed, 0 with one answer); 1 to decide, 1 without an answer" in done.stdout
    assert re.search(r"^b +\d\.\d\d +nature 1.00, forms 1.00", done.stdout, re.MULTILINE)
    [case] = [json.loads(line) for line in queue.read_text().splitlines()]
    assert case["id"] == "b" and len(case["answers"]) == 2
    log = tmp_path / "besluiten.jsonl"
    log.write_text(json.dumps(decision_to_row(Decision(answer("b", "carla"), "Schelden op de toestand."))) + "\n{}\n")
    done = run("adjudicate", answers, "--tasks", tasks, "-o", corpus, "--decisions", log)
    assert done.returncode == 1 and "line 2" in done.stderr and "kanarie" not in done.stdout + done.stderr
    examples = list(read_examples(corpus))
    assert [(e.id, len(e.votes)) for e in examples] == [("a", 2), ("b", 2)]
    assert not any(list(rules.errors(e)) for e in examples)


def test_answers_and_decisions_leave_the_store(tmp_path: Path) -> None:
    with Store(tmp_path / "werk.sqlite") as store:
        store.add_tasks([Task("a", TEXT)], "anna")
        store.save(1, "anna", Role.ANSWER, Sheet(Labels(organised_crime=True), done=True))
        store.save(1, "carla", Role.DECISION, Sheet(reason="Niets aan de hand.", done=True))
    out, log = tmp_path / "uit.jsonl", tmp_path / "log.jsonl"
    done = run("answers", tmp_path / "werk.sqlite", "-o", out, "--decisions", log)
    assert done.returncode == 0 and "1 answers of 1 annotators; 1 decisions" in done.stdout
    assert json.loads(out.read_text())["annotator"] == "anna"
    assert json.loads(log.read_text())["reason"] == "Niets aan de hand."
    missing = run("answers", tmp_path / "weg.sqlite", "-o", out)
    assert missing.returncode == 2 and not (tmp_path / "weg.sqlite").exists()


def test_serve_prints_an_address_that_opens_the_table(tasks: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vptnlp.cli", "annotate", "serve", str(tmp_path / "werk.sqlite"), "-a", "anna"]
    with subprocess.Popen(
        [*command, "--tasks", str(tasks)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None and served.stderr is not None
        address = served.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?sleutel=[\w-]{32}", address), served.stderr.read()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        assert "Labelen" in browser.open(address, timeout=60).read().decode()
        listed = json.load(browser.open(address.split("?")[0] + "api/tasks", timeout=60))
        served.send_signal(signal.SIGINT)
        served.wait(60)
        rest = served.stdout.read() + served.stderr.read()
    assert [task["id"] for task in listed["tasks"]] == ["a", "b", "c"]
    assert "sleutel" not in rest and "kanarie" not in rest


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-a", " "], "Give the annotator a name"),
        (["-a", "anna", "--answers", "x.jsonl"], "add --adjudicate"),
        (["-a", "anna", "--codebook", "weg.md"], "codebook 'weg.md' cannot be read"),
    ],
)
def test_serve_says_what_is_wrong(tmp_path: Path, options: list[str], said: str) -> None:
    done = run("serve", tmp_path / "werk.sqlite", *options)
    assert done.returncode == 2 and said in " ".join(done.stderr.split())


def test_sample_writes_tasks(tasks: Path, tmp_path: Path) -> None:
    out = tmp_path / "volgende.jsonl"
    done = run("sample", tasks, "-n", "2", "--by", "uncertainty", "--no-diverse", "-o", out)
    assert done.returncode == 0, done.stderr
    # The three are near-duplicates, so one is enough.
    [row] = [json.loads(line) for line in out.read_text().splitlines()]
    assert set(row) == {"id", "text"} and "1 of 3 messages" in done.stdout
    wrong = run("sample", tasks, "--by", "committee", "-o", out)
    assert wrong.returncode == 2 and "--committee" in wrong.stderr


def test_suspects_ranks_and_writes(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("cleanlab")
    examples = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))[:80]
    calm = next(i for i, e in enumerate(examples) if not e.labels.hostile)
    examples[calm] = replace(examples[calm], labels=replace(examples[calm].labels, organised_crime=True))
    from vptnlp.corpus import files, records

    corpus, out, again = tmp_path / "corpus.jsonl", tmp_path / "twijfel.jsonl", tmp_path / "opnieuw.jsonl"
    files.write_jsonl(corpus, (records.to_compiled(e) for e in examples))
    done = run("suspects", corpus, "-o", out, "--tasks", again)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert f"{len(rows)} of 80 messages are suspect" in done.stdout
    assert [r["id"] for r in rows] == [json.loads(line)["id"] for line in again.read_text().splitlines()]
    assert set(rows[0]) == {"id", "evidence", "gain", "doubts", "unlike"}
