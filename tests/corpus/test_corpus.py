from __future__ import annotations

import json
from pathlib import Path

import pytest

from vptnlp.corpus import compile_corpus, files, load_split, records, rules, similarity, splits, stats
from vptnlp.corpus.records import Example
from vptnlp.errors import CorpusError
from vptnlp.messages import Labels
from vptnlp.taxonomy import Threat

ROW = {
    "id": "a-001-1",
    "scenario": "a-001",
    "text": "Trek het [[condition|besluit in]] of [[threat_phrase|ik steek je kantoor aan]].",
    "threat": "conditional",
    "nature": ["instrumental"],
    "aims": ["influence_decision"],
    "forms": ["physical_violence"],
    "channel": "email",
    "category": "threat",
}


def example(**changes: object) -> Example:
    return records.from_authoring({**ROW, **changes})


def test_authoring_and_compiled_forms_hold_the_same() -> None:
    first = example()
    assert records.from_compiled(records.to_compiled(first)) == first
    assert records.from_authoring(records.to_authoring(first)) == first
    assert records.to_authoring(first)["text"] == ROW["text"]


def test_a_consistent_example_has_no_errors() -> None:
    assert list(rules.errors(example())) == []


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"threat": "none"}, "threat_phrase"),
        ({"nature": []}, "at least one nature"),
        ({"threat": "veiled"}, "intimidate"),
        ({"text": "[[threat_phrase|ik steek je kantoor aan]]"}, "condition"),
        ({"forms": ["bribery"]}, "offer"),
        ({"doxing": "exposure"}, "usable detail"),
        ({"doxing": "call"}, "call_to_action"),
        ({"category": "idiom"}, "category"),
        ({"nature": ["emotional"]}, "instrumental"),
        ({"text": "[[condition|besluit in]] of [[threat_phrase| ik steek je aan]]"}, "white space"),
    ],
)
def test_broken_rules_are_named(changes: dict[str, object], part: str) -> None:
    assert any(part in error for error in rules.errors(example(**changes)))


def test_a_harmless_message_has_no_aims_or_cues() -> None:
    bare = {"id": "a-1", "scenario": "a", "channel": "email", "category": "thanks"}
    fine = records.from_authoring({**bare, "text": "Dank u wel."})
    assert list(rules.errors(fine)) == []
    wrong = records.from_authoring({**bare, "text": "Dank, [[slur|sukkel]]", "aims": ["vent_anger"]})
    assert len(list(rules.errors(wrong))) == 2


def test_hints_find_unmarked_details() -> None:
    row = {"id": "a-1", "scenario": "a", "channel": "email", "category": "question"}
    text = "Mail mij op j.kok@voorbeeld.example of bel mijn moeder op 0612345678."
    hints = " ".join(rules.hints(records.from_authoring({**row, "text": text})))
    assert "e-mail" in hints
    assert "relative" in hints
    assert "phone" in hints


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"threat": "severe"}, "must be one of"),
        ({"kleur": "rood"}, "Unknown keys: kleur"),
        ({"text": " "}, "missing, empty"),
        ({"organised_crime": "ja"}, "true or false"),
        ({"nature": "emotional"}, "must be a list"),
    ],
)
def test_format_errors(changes: dict[str, object], part: str) -> None:
    with pytest.raises(CorpusError, match=part):
        example(**changes)


def test_a_damaged_line_is_named_and_the_rest_read(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    rows = [json.dumps(ROW), json.dumps({**ROW, "channel": "postduif"}), json.dumps({**ROW, "id": "a-001-2"})]
    path.write_text("\n".join(rows))
    faults: list[str] = []
    assert len(list(files.read_examples(path, faults.append))) == 2
    assert "line 2" in faults[0]
    with pytest.raises(CorpusError, match="line 2"):
        list(files.read_examples(path))


def test_near_duplicates() -> None:
    long = "Vanmorgen stond er weer water in de kelder en niemand van de gemeente nam op."
    texts = [
        ("a", long),
        ("b", long.replace("kelder", "garage")),
        ("c", "Ok bedankt!"),
        ("d", "ok, BEDANKT"),
        ("e", "Het zwembad is dicht tot nader order wegens onderhoud aan de filters en pompen."),
    ]
    assert sorted((p.first, p.second) for p in similarity.near_duplicates(texts)) == [("a", "b"), ("c", "d")]


def test_splits_keep_scenarios_together_and_shares_near() -> None:
    kinds = [Threat.NONE, Threat.VEILED, Threat.DIRECT, Threat.CONDITIONAL]
    examples = [
        Example(f"s{i}-{j}", f"s{i}", "tekst", Labels(threat=kinds[(i + j) % 4])) for i in range(100) for j in range(3)
    ]
    divided = splits.split_by_scenario(examples, {"train": 0.8, "dev": 0.2})
    scenarios = {name: {e.scenario for e in members} for name, members in divided.items()}
    assert not scenarios["train"] & scenarios["dev"]
    assert 50 <= len(divided["dev"]) <= 70
    for kind in kinds:
        share = sum(e.labels.threat == kind for e in divided["dev"]) / 75
        assert 0.15 <= share <= 0.25
    assert splits.split_by_scenario(examples, {"train": 0.8, "dev": 0.2}) == divided


def test_compiling_a_folder(tmp_path: Path) -> None:
    (tmp_path / "authoring").mkdir()
    for part, count in (("w01", 20), ("t01", 4), ("d01", 2)):
        rows = [{**ROW, "id": f"{part}-{i}-1", "scenario": f"{part}-{i}"} for i in range(count)]
        files.write_jsonl(tmp_path / "authoring" / f"{part}.jsonl", rows)
    counts = compile_corpus(tmp_path)
    assert sum(counts.values()) == 26
    assert counts["test"] == 4
    assert counts["dev"] in (2, 3)
    assert load_split(tmp_path, "test")[0].scenario.startswith("t01")
    with pytest.raises(CorpusError, match="unknown"):
        load_split(tmp_path, "trian")


def test_stats_count() -> None:
    counted = stats.count([example(), example(id="x", text="[[condition|Stop]] of [[threat_phrase|boem]]")])
    assert counted.hostile == 2
    assert counted.pairs["conditional", "none"] == 2
    assert counted.cues["condition"] == 2
    assert counted.lengths["under 10"] == 1
