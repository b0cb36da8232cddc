"""The page, the Markdown table and the command: what they say, and that no text is in them unasked."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from vptnlp.annotation import Judgement, markdown, measure, write_judgements
from vptnlp.cli import annotate
from vptnlp.corpus.records import labels_from_dict
from vptnlp.errors import ConfigError
from vptnlp.messages import Span
from vptnlp.reports.agreement import LISTED, decimal, verdict, write_agreement
from vptnlp.taxonomy import CueKind, DetailKind, Doxing, Subject, Threat

Answer = Callable[..., Judgement]
ITEMS = 80


@pytest.fixture
def judgements() -> list[Judgement]:
    """Anna and Bram differ on the threat of every fourth message; Cees marks nothing."""
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    threats, doxings = list(Threat), list(Doxing)
    details = (Span(0, 4, DetailKind.PERSON, Subject.TARGET),)
    cues = (Span(0, 10, CueKind.CONDITION),)
    found = []
    for i in range(ITEMS):
        for name in ("anna", "bram", "cees"):
            threat = threats[(i + (name == "bram" and i % 4 == 0)) % 4]
            labels = labels_from_dict(
                {"threat": str(threat), "doxing": str(doxings[i // 2 % 4]), "aims": ["intimidate"]}
            )
            marks = name != "cees"
            when = start + timedelta(minutes=i)
            found.append(Judgement(f"m{i}", name, labels, details if marks else (), cues if marks else (), when))
    return found


def said(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def page(judgements: list[Judgement], **options: Any) -> str:
    out = io.StringIO()
    write_agreement(measure(judgements, draws=100, block=20), out, judgements=judgements, **options)
    return out.getvalue()


def corpus(folder: Path, text: str) -> Path:
    authoring = folder / "authoring"
    authoring.mkdir(parents=True)
    about = {"scenario": "s1", "channel": "email", "category": "threat", "threat": "direct"}
    rows = [{"id": f"m{i}", "text": text, **about} for i in range(ITEMS)]
    (authoring / "p1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def run(*args: object) -> Result:
    root = typer.Typer()
    root.add_typer(annotate.app, name="annotate")
    return CliRunner().invoke(root, ["annotate", "agreement", "--draws", "50", *map(str, args)])


@pytest.fixture
def answers(tmp_path: Path, judgements: list[Judgement]) -> Path:
    write_judgements(tmp_path / "answers.jsonl", judgements)
    return tmp_path / "answers.jsonl"


def test_page_shows_the_measured_figures(judgements: list[Judgement]) -> None:
    report = measure(judgements, draws=100, block=20)
    soup = BeautifulSoup(page(judgements), "html.parser")
    rows = {said(row.th): [c.get_text(" ", strip=True) for c in row.find_all("td")] for row in soup.select("tbody tr")}
    alpha = report.axes["doxing"].alpha
    assert rows["doxing"][1:4] == [decimal(alpha.value), "1,00 tot 1,00", "betrouwbaar"]
    assert rows["aard"][1:4] == ["–", "–", "niet te bepalen"]
    assert rows["anna en cees"][:2] == ["80", "1,00"]
    assert rows["eis of voorwaarde"][0] == "160"
    assert "cees" in said(soup.select_one("section[aria-labelledby=fragmenten]"))
    assert [said(figure.b) for figure in soup.select("figure")] == ["anna", "bram", "cees"]
    # Every message is hostile to everybody, so there is a line for threat only.
    assert [line["class"] for line in soup.select("figure")[1].select("polyline")] == [["solid"]]


def test_page_lists_what_differs_with_the_answers(judgements: list[Judgement]) -> None:
    soup = BeautifulSoup(page(judgements), "html.parser")
    listed = soup.select(".apart > li")
    assert len(listed) == ITEMS // 4 <= LISTED
    assert {said(li.select_one(".id")) for li in listed} == {f"m{i}" for i in range(0, ITEMS, 4)}
    assert "anna: geen" in listed[0].get_text() and "bram: bedekt" in listed[0].get_text()


def test_page_holds_its_own_style_and_nothing_from_outside(judgements: list[Judgement]) -> None:
    written = page(judgements)
    soup = BeautifulSoup(written, "html.parser")
    digest = base64.b64encode(hashlib.sha256(str(soup.select("style")[0].string).encode()).digest()).decode()
    assert f"'sha256-{digest}'" in written
    assert not soup.find_all(["script", "img", "link", "iframe"])
    assert not soup.select("[style]") and not re.search(r'(src|href)="(?!#)', written)
    # Every plot is beside the same figures in words.
    assert all(svg.get("aria-hidden") == "true" for svg in soup.find_all("svg"))


def test_page_shows_text_only_when_asked_and_escapes_it(judgements: list[Judgement], canary: str) -> None:
    assert 'class="text"' not in page(judgements)
    hostile = f"<script>alert(1)</script> {canary} \x00"
    written = page(judgements, texts={"m0": hostile})
    assert written.count(canary) == 1
    assert "<script>" not in written and "\x00" not in written
    assert "De tekst van dit bericht is niet gevonden." in written  # of m4


def test_names_and_problems_are_escaped(answer: Answer) -> None:
    judgements = [answer("<b>m1", "<i>anna", threat="direct"), answer("<b>m1", "bram")]
    written = page(judgements, problems=["<u>fault"], sources=["<s>file"])
    assert not re.search(r"<b>m1|<i>anna|<u>fault|<s>file", written)
    assert "&lt;i&gt;anna" in written and "&lt;u&gt;fault" in written


def test_page_of_answers_without_any_difference(answer: Answer) -> None:
    written = page([answer("m1", "anna"), answer("m1", "bram")])
    assert "niet te bepalen" in written and 'class="apart"' not in written and "<figure" not in written


@pytest.mark.parametrize(
    ("value", "word"),
    [(None, "niet te bepalen"), (0.8, "betrouwbaar"), (0.7999, "voorlopig"), (0.667, "voorlopig"), (-1.0, "te laag")],
)
def test_verdict_by_krippendorffs_bounds(value: float | None, word: str) -> None:
    assert verdict(value)[1] == word


def test_dutch_decimals() -> None:
    assert [decimal(v) for v in (0.745, -0.031, -0.001, 1.0, None)] == ["0,74", "−0,03", "0,00", "1,00", "–"]


def test_markdown_has_every_label_and_no_names(judgements: list[Judgement]) -> None:
    written = markdown(measure(judgements, draws=100))
    assert "80 of 80 messages have answers of two or more of 3 annotators." in written
    assert "| doxing | ordinal | 1.000 | 1.000 to 1.000 | 1.000 | 1.000 to 1.000 | 100.0% |" in written
    assert "| forms | `bribery` | 0 | – | – |" in written
    assert "| details | `PERSON` | 160 | 1.000 |" in written
    assert not re.search(r"anna|bram|cees|\bm\d", written)
    assert "| – | – |" in written
    for table in written.split("\n\n")[1:]:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_markdown_without_spans_or_draws(answer: Answer) -> None:
    written = markdown(measure([answer("m1", "anna", threat="direct"), answer("m1", "bram")], draws=0))
    assert "| spans |" not in written and "bootstrap" not in written


def test_command_prints_a_table(answers: Path) -> None:
    done = run(answers)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"doxing +1,00 +1,00 tot 1,00 +1,00 +100% +betrouwbaar", done.stdout)
    assert "80 van 80 berichten met twee of meer antwoorden, van 3 annotatoren" in done.stdout


def test_command_writes_json_that_equals_the_report(answers: Path, judgements: list[Judgement], tmp_path: Path) -> None:
    done = run(answers, "-o", tmp_path / "out.json", "--block", 20)
    assert done.exit_code == 0, done.stderr
    report = measure(judgements, draws=50, block=20)
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(json.dumps(report.to_dict()))


def test_command_measures_drift_in_the_order_of_the_rows(tmp_path: Path, answer: Answer) -> None:
    path = tmp_path / "a.jsonl"
    write_judgements(path, [answer(f"m{i}", name, threat="direct") for i in range(4) for name in ("anna", "bram")])
    assert json.loads(run(path, "-f", "json").stdout)["drift"] == {}
    drift = json.loads(run(path, "-f", "json", "--in-order", "--block", "3").stdout)["drift"]
    assert [(b["first"], b["last"]) for b in drift["anna"]] == [(1, 3), (4, 4)]


def test_command_shows_text_only_with_the_flag(answers: Path, tmp_path: Path, text: str, canary: str) -> None:
    folder = corpus(tmp_path / "corpus", text)
    for name, options in (("a.html", []), ("b.md", []), ("c.json", []), ("d.html", ["--corpus", folder])):
        done = run(answers, "-o", tmp_path / name, *options)
        assert done.exit_code == 0, done.stderr
        assert canary not in (tmp_path / name).read_text() + done.stdout + done.stderr
    done = run(answers, "-o", tmp_path / "e.html", "--with-text", folder)
    assert done.exit_code == 0, done.stderr
    assert canary in (tmp_path / "e.html").read_text()
    assert canary not in done.stdout + done.stderr


def test_command_names_bad_rows_and_does_the_rest(answers: Path, tmp_path: Path, text: str, canary: str) -> None:
    folder = corpus(tmp_path / "corpus", text)
    outside = [{"start": 0, "end": 900, "kind": "weapon"}]
    bad: list[dict[str, Any]] = [
        {"threat": canary},
        {"id": "m999"},
        {"cues": outside},
        {"id": "m0", "annotator": "bram"},
    ]
    with answers.open("a") as out:
        for row in bad:
            out.write(json.dumps({"id": "m1", "annotator": "daan"} | row) + "\n")
    done = run(answers, "-o", tmp_path / "out.html", "--corpus", folder)
    assert done.exit_code == 1
    problems = done.stderr.splitlines()
    assert len(problems) == 4 and all(f"line {241 + i}" in problem for i, problem in enumerate(problems))
    written = (tmp_path / "out.html").read_text()
    assert "Niet meegeteld: 4 antwoorden of regels" in written
    assert canary not in written + done.stdout + done.stderr


def test_command_reads_votes_of_a_corpus(tmp_path: Path, text: str) -> None:
    votes = [{"annotator": "anna", "threat": "direct"}, {"annotator": "bram", "threat": "veiled"}]
    row = {"id": "m1", "scenario": "s1", "text": text, "channel": "email", "category": "threat", "votes": votes}
    path = tmp_path / "part.jsonl"
    path.write_text(json.dumps(row) + "\n")
    found = json.loads(run(path, "-f", "json").stdout)
    assert found["axes"]["threat"]["equal"] == 0.0
    assert found["disagreements"][0]["item"] == "m1"


def test_wrong_use_is_refused(answers: Path, tmp_path: Path) -> None:
    for options in (["-o", tmp_path / "out.txt"], ["--with-text", tmp_path], ["-f", "json", "--with-text", tmp_path]):
        assert isinstance(run(answers, *options).exception, ConfigError)
