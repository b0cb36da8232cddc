from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from vptnlp import Analyzer
from vptnlp.errors import CorpusError
from vptnlp.evaluation.suite import load_suite, run_suite
from vptnlp.messages import Assessment

CASES = {
    "threats": [
        {"id": "t-1", "kind": "label", "text": "dreig", "expect": {"hostile": True, "threat": ["direct"]}},
        {"id": "t-2", "kind": "label", "text": "dank", "expect": {"hostile": True}},
        {"id": "t-3", "kind": "label", "text": "dank", "expect": {"hostile": False, "doxing": ["none"]}},
        {
            "id": "t-4",
            "kind": "label",
            "text": "dreig",
            "expect": {"hostile": True, "not_forms": ["physical_violence"]},
        },
    ],
    "names": [
        {"id": "n-1", "kind": "invariance", "texts": ["dank", "dank"]},
        {"id": "n-2", "kind": "invariance", "texts": ["dank", "dreig"]},
    ],
    "deadline": [
        {"id": "d-1", "kind": "direction", "texts": ["dank", "dreig"]},
        {"id": "d-2", "kind": "direction", "texts": ["dreig", "dank"]},
    ],
}
WORDS = {"dreig": "Ik maak je af, vuile rat, morgen ben je dood", "dank": "Bedankt voor de uitleg aan de balie."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cases").mkdir()
    for key, cases in CASES.items():
        (tmp_path / "cases" / f"{key}.jsonl").write_text("\n".join(map(json.dumps, cases)))
    return tmp_path


def test_each_kind_of_case_passes_and_fails(folder: Path, analyzer: Analyzer) -> None:
    def assess(texts: Iterable[str]) -> Iterable[Assessment]:
        return analyzer.assess_many(WORDS[text] for text in texts)

    report = run_suite(load_suite(folder), assess)
    assert report.failures == {"threats": ["t-2", "t-4"], "names": ["n-2"], "deadline": ["d-2"]}
    assert report.rate == pytest.approx(0.5)
    assert "| names | 2 | 50% |" in report.markdown()


@pytest.mark.parametrize(
    "case",
    [
        {"id": "x", "kind": "label", "text": "a"},
        {"id": "x", "kind": "label", "text": "a", "expect": {"hostile": True, "threat": ["severe"]}},
        {"id": "x", "kind": "direction", "texts": ["a"]},
        {"id": "x", "kind": "raadsel"},
    ],
)
def test_malformed_cases_are_named(folder: Path, case: dict[str, object]) -> None:
    (folder / "cases/wrong.jsonl").write_text(json.dumps(case))
    with pytest.raises(CorpusError, match=r"wrong\.jsonl, line 1"):
        load_suite(folder)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no suite"):
        load_suite(tmp_path)
