"""The page on an evaluation: its figures, that nothing comes from outside, and that no text is in it unasked."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from vptnlp import Analyzer
from vptnlp.cli import evaluate as command
from vptnlp.corpus import Example, read_examples
from vptnlp.corpus.files import write_jsonl
from vptnlp.corpus.records import to_compiled
from vptnlp.errors import ConfigError
from vptnlp.evaluation import Diagnostics, compare, diagnose, evaluate
from vptnlp.evaluation.compare import MESSAGE
from vptnlp.messages import Assessment, Labels, Message
from vptnlp.reports import evaluation as report
from vptnlp.taxonomy import Threat

CANARY = "<script>kanarie-rapport</script>"
ROWS = 40
Page = Callable[..., str]


@pytest.fixture(scope="module")
def examples(root: Path) -> list[Example]:
    """Real messages, each with a word at its end that may not get out; the first with an id that tries to be markup."""
    found = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))[:ROWS]
    marked = [replace(e, text=f"{e.text} {CANARY}") for e in found]
    return [replace(marked[0], id="<b>m1</b>"), *marked[1:]]


@pytest.fixture(scope="module")
def given(analyzer: Analyzer, examples: list[Example]) -> list[Assessment]:
    return list(analyzer.assess_many(Message(e.id, e.text) for e in examples))


@pytest.fixture(scope="module")
def silent(given: list[Assessment]) -> list[Assessment]:
    """A model that finds nothing hostile."""
    return [replace(a, labels=Labels()) for a in given]


@pytest.fixture(scope="module")
def found(examples: list[Example], silent: list[Assessment]) -> Diagnostics:
    return diagnose(examples, silent)


@pytest.fixture(scope="module")
def page(examples: list[Example], silent: list[Assessment], found: Diagnostics) -> Page:
    measured = evaluate(examples, silent)

    def render(**options: Any) -> str:
        out = io.StringIO()
        report.write_evaluation(measured, found, out, model=silent[0].model, data="small", **options)
        return out.getvalue()

    return render


def said(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def test_page_shows_the_measured_figures(page: Page, examples: list[Example], found: Diagnostics) -> None:
    soup = BeautifulSoup(page(made=datetime(2026, 11, 23, 9, tzinfo=UTC)), "html.parser")
    hostile = sum(e.labels.hostile for e in examples)
    assert [said(d) for d in soup.select(".figures dd")][:2] == [str(ROWS), str(hostile)]
    assert "2026-11-23 09:00" in said(soup.select_one(".about"))
    none = soup.select("section[aria-labelledby=confusion] tbody tr")[0].find_all("td")[0]
    assert said(none).startswith("100%")
    charts = soup.select("figure")
    assert len(charts) == sum(len(labels) for labels in found.curves.values()) > 20
    assert said(charts[0].figcaption).startswith(
        f"true: average precision {found.curves['hostile']['true'].average_precision:.3f}, {hostile} messages"
    )
    # Labels that were never given have no ring on their curve.
    assert not soup.select("circle.given")
    assert said(soup.select("section[aria-labelledby=mistakes] caption")[0]).startswith("Threat: ")


def test_drawings_stay_in_their_frames(page: Page) -> None:
    soup = BeautifulSoup(page(), "html.parser")
    for line in soup.select(".chart polyline"):
        points = [tuple(map(float, point.split(","))) for point in str(line["points"]).split()]
        assert all(28 <= x <= 188 and 8 <= y <= 168 for x, y in points)
        assert [x for x, _ in points] == sorted(x for x, _ in points)
    for circle in soup.select(".plot circle"):
        assert 6 <= float(str(circle["cx"])) <= 234


def test_page_holds_its_own_style_and_nothing_from_outside(page: Page) -> None:
    written = page()
    soup = BeautifulSoup(written, "html.parser")
    digest = base64.b64encode(hashlib.sha256(str(soup.select("style")[0].string).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in written
    assert not soup.find_all(["script", "img", "link", "iframe"])
    assert not soup.select("[style]") and not re.search(r'(src|href)="(?!#)', written)
    assert all(svg.get("aria-hidden") == "true" for svg in soup.find_all("svg"))


def test_page_shows_text_only_when_asked_and_escapes_it(page: Page, examples: list[Example]) -> None:
    assert "kanarie" not in page()
    written = page(texts={e.id: e.text for e in examples})
    assert "&lt;script&gt;kanarie-rapport" in written and "<script" not in written
    assert "Confidential" in written
    assert "<b>m1" not in written and "&lt;b&gt;m1" in written


def test_page_with_a_comparison_names_who_is_right(
    page: Page,
    examples: list[Example],
    given: list[Assessment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "LISTED", 2)
    blind = [replace(a, labels=Labels(threat=Threat.DIRECT)) for a in given]
    comparison = compare(examples, blind, given, names=("blind 1", "<i>linear"))
    written = page(comparison=comparison)
    soup = BeautifulSoup(written, "html.parser")
    section = soup.select_one("section[aria-labelledby=compare]")
    assert section is not None
    rows = {said(row.th): [said(cell) for cell in row.find_all("td")] for row in section.select("tbody tr")}
    assert rows["threat, four classes: macro-F1"][3] == "worse"
    outcome = comparison.outcomes[MESSAGE]
    assert len(outcome.second_only) > 2
    assert rows[MESSAGE][1:3] == [str(len(outcome.first_only)), str(len(outcome.second_only))]
    listed = said(section.select_one(".ids"))
    assert outcome.second_only[0] in listed and f"and {len(outcome.second_only) - 2} more" in listed
    assert "<i>linear" not in written and "kanarie" not in written


@pytest.fixture
def data(tmp_path: Path, examples: list[Example]) -> Path:
    write_jsonl(tmp_path / "small.jsonl", (to_compiled(e) for e in examples))
    return tmp_path / "small.jsonl"


def run(*args: object) -> Result:
    app = typer.Typer()
    app.command()(command.evaluate)
    return CliRunner().invoke(app, list(map(str, args)))


def test_command_writes_a_folder_in_every_format(data: Path, tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "out"
    done = run("vpt-nl-linear", data, "-o", folder, "--compare", root / "models/vpt-nl-linear", "--errors", 2)
    assert done.exit_code == 0, done.output
    assert {p.name for p in folder.iterdir()} == {
        "metrics.json", "errors.json", "report.json", "report.md", "report.html",
    }  # fmt: skip
    written = {p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()}
    assert not [name for name, text in written.items() if "kanarie" in text]
    assert "kanarie" not in done.output
    whole, metrics = json.loads(written["report.json"]), json.loads(written["metrics.json"])
    assert whole["headline"] == metrics["headline"] and "diagnostics" not in metrics
    assert max(len(found) for found in whole["diagnostics"]["mistakes"].values()) == 2
    assert whole["comparison"]["differences"]["macro_f1_over_axes"]["difference"]["value"] == 0
    assert done.output.startswith("# vpt-nl-linear") and "## Beside vpt-nl-linear" in done.output


def test_command_writes_one_format(data: Path, tmp_path: Path) -> None:
    assert json.loads(run("vpt-nl-linear", data, "--format", "json").output)["messages"] == ROWS
    page = tmp_path / "page.html"
    assert run("vpt-nl-linear", data, "-o", page, "--with-text").exit_code == 0
    assert "kanarie-rapport" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        (["x.jsonl", "--with-text"], "Only the HTML report"),
        (["--suite", "x", "--compare", "vpt-nl-linear"], "leave them out with --suite"),
        (["--suite", "x", "--format", "html"], "leave them out with --suite"),
        ([], "Give either DATA or --suite"),
    ],
)
def test_wrong_use_is_refused(args: list[str], fault: str) -> None:
    done = run("vpt-nl-linear", *args)
    assert isinstance(done.exception, ConfigError)
    assert fault in str(done.exception)
