"""VPT-Check: the suite keeps its promises, and the shipped bundle keeps its floors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vptnlp import Analyzer
from vptnlp.corpus import files, load_split, similarity
from vptnlp.evaluation.suite import Case, load_suite, run_suite


@pytest.fixture(scope="module")
def suite(root: Path) -> dict[str, list[Case]]:
    return load_suite(root / "corpora/vpt-check")


def test_at_least_45_functionalities_of_20_cases(suite: dict[str, list[Case]]) -> None:
    assert len(suite) >= 45
    assert {key: len(cases) for key, cases in suite.items() if len(cases) != 20} == {}
    ids = [case.id for cases in suite.values() for case in cases]
    assert len(set(ids)) == len(ids)
    assert {case.kind for cases in suite.values() for case in cases} == {"label", "invariance", "direction"}


def test_it_shares_no_text_with_the_corpus(root: Path, suite: dict[str, list[Case]]) -> None:
    corpus = [(e.id, e.text) for split in files.SPLITS for e in load_split(root / "corpora/vpt-nl", split)]
    cases = [
        (f"{key}:{case.id}:{i}", text)
        for key, members in suite.items()
        for case in members
        for i, text in enumerate(case.texts)
    ]
    own = {name for name, _ in cases}
    pairs = similarity.near_duplicates([*corpus, *cases])
    assert [(p.first, p.second) for p in pairs if p.second in own and p.first not in own] == []


def test_the_shipped_bundle_passes_what_its_card_says(analyzer: Analyzer, suite: dict[str, list[Case]]) -> None:
    """Floors: what was measured for this bundle, with one case of slack for each functionality."""
    assert analyzer.bundle is not None
    recorded = json.loads((analyzer.bundle.path / "suite.json").read_text(encoding="utf-8"))
    assert recorded["model"] == analyzer.info.sha256
    report = run_suite(suite, analyzer.assess_many)
    worse = {
        key: (report.passed[key], rate)
        for key, rate in recorded["pass_rates"].items()
        if report.passed[key] < rate * recorded["cases"][key] - 1.01
    }
    assert worse == {}


def test_no_functionality_falls_far_below_what_was_once_reached(analyzer: Analyzer) -> None:
    """`floors.json`: what 1.2.0 passed less three cases of twenty. A later model may be no worse anywhere."""
    assert analyzer.bundle is not None
    rates = json.loads((analyzer.bundle.path / "suite.json").read_text(encoding="utf-8"))["pass_rates"]
    floors = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))
    assert set(floors) <= set(rates)
    assert {key: (rates[key], floor) for key, floor in floors.items() if rates[key] < floor} == {}
