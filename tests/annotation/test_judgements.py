from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.annotation.judgements import (
    Judgement,
    from_row,
    judgements_of,
    read_judgements,
    read_texts,
    to_row,
    write_judgements,
)
from vptnlp.corpus.records import from_compiled, to_compiled
from vptnlp.errors import CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Label, Nature, Subject, Target, Threat


def sets(kind: type[Label]) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(list(kind)))


def spans(kinds: Sequence[Any], subjects: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Span, ...]]:
    one = st.builds(
        lambda start, length, kind, subject: Span(start, start + length, kind, subject),
        st.integers(0, 500),
        st.integers(1, 50),
        st.sampled_from(kinds),
        subjects,
    )
    return st.lists(one, max_size=5, unique=True).map(lambda found: tuple(sorted(found)))


LABELS = st.builds(
    Labels,
    st.sampled_from(Threat),
    sets(Nature),
    sets(Aim),
    sets(Form),
    sets(Target),
    st.sampled_from(Doxing),
    st.booleans(),
)
JUDGEMENTS = st.builds(
    Judgement,
    st.text(min_size=1).filter(str.strip),
    st.text(min_size=1).filter(str.strip),
    LABELS,
    spans(list(DetailKind), st.sampled_from(Subject)),
    spans(list(CueKind), st.none()),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)


def write(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def read(paths: Sequence[Path], **options: Any) -> tuple[list[Judgement], list[str]]:
    problems: list[str] = []
    return read_judgements(paths, on_problem=problems.append, **options), problems


@given(JUDGEMENTS)
def test_a_row_gives_the_judgement_back(judgement: Judgement) -> None:
    assert from_row(json.loads(json.dumps(to_row(judgement)))) == judgement


def test_a_file_gives_the_judgements_back(tmp_path: Path, answer: Any) -> None:
    judgements = [answer("m1", "anna", threat="direct"), answer("m1", "bram"), answer("m2", "anna")]
    write_judgements(tmp_path / "a.jsonl", judgements)
    assert read([tmp_path / "a.jsonl"]) == (judgements, [])


def test_keys_left_out_are_none_empty_or_false() -> None:
    assert from_row({"id": "m1", "annotator": "anna"}) == Judgement("m1", "anna", Labels())


def test_a_moment_without_zone_is_utc() -> None:
    row = {"id": "m1", "annotator": "anna", "answered_at": "2026-11-23T14:05:00"}
    assert from_row(row).answered_at == datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


def test_bad_rows_are_named_and_the_rest_is_kept(tmp_path: Path, text: str, canary: str) -> None:
    bad: list[tuple[Any, str]] = [
        ({"threat": canary}, "'threat' is not in the taxonomy"),
        ({"aims": ["vent_anger", canary]}, "'aims' is not in the taxonomy"),
        ({"aims": canary}, "'aims' must be a list"),
        ({"organised_crime": canary}, "'organised_crime' must be true or false"),
        ({text: 1}, "unknown keys: (no name)"),
        ({"aim": ["vent_anger"]}, "unknown keys: aim"),
        ({"details": [{"start": 3, "end": 9_000, "kind": "PERSON", "subject": "target"}]}, "lies outside a text of"),
        ({"details": [{"start": 3, "end": 3, "kind": "PERSON", "subject": "target"}]}, "start before the end"),
        ({"details": [{"start": True, "end": 3, "kind": "PERSON", "subject": "target"}]}, "whole numbers"),
        ({"details": [{"start": 0, "end": 3, "kind": "PERSON", "subject": canary}]}, "subject' is not in the taxonomy"),
        (
            {"details": [{"start": 0, "end": 3, "kind": canary, "subject": "target"}]},
            "'details' is not in the taxonomy",
        ),
        ({"cues": canary}, "'cues' must be a list of spans"),
        ({"answered_at": canary}, "'answered_at' must be a moment"),
    ]
    rows = [{"id": f"m{i}", "annotator": "anna", **row} for i, (row, _) in enumerate(bad)]
    texts = {f"m{i}": text for i in range(50)}
    path = write(tmp_path / "a.jsonl", [*rows, {"id": "m40", "annotator": "bram", "threat": "veiled"}])
    kept, problems = read([path], texts=texts)
    assert [(j.item, j.annotator) for j in kept] == [("m40", "bram")]
    assert len(problems) == len(bad)
    for i, (problem, (_, expected)) in enumerate(zip(problems, bad, strict=True)):
        assert f"line {i + 1}, item 'm{i}', annotator 'anna'" in problem
        assert expected in problem
        assert canary not in problem


def test_an_item_that_the_corpus_does_not_have_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "a.jsonl", [{"id": i, "annotator": "anna"} for i in ("m1", "m9")])
    kept, problems = read([path], texts={"m1": text})
    assert [j.item for j in kept] == ["m1"]
    assert len(problems) == 1 and "item 'm9'" in problems[0]


def test_of_two_answers_the_first_is_kept_also_over_files(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", [{"id": "m1", "annotator": "anna", "threat": "direct"}])
    second = write(tmp_path / "b.jsonl", [{"id": "m1", "annotator": a, "threat": "veiled"} for a in ("anna", "bram")])
    kept, problems = read([first, second])
    assert [(j.annotator, j.labels.threat) for j in kept] == [("anna", Threat.DIRECT), ("bram", Threat.VEILED)]
    assert len(problems) == 1
    assert "b.jsonl, line 1" in problems[0] and "a.jsonl, line 1" in problems[0]


def test_damaged_lines_are_named_without_their_content(tmp_path: Path, canary: str) -> None:
    path = write(tmp_path / "a.jsonl", ['{"id": "' + canary, f'["{canary}"]', "", {"id": "m1", "annotator": "anna"}])
    kept, problems = read([path])
    assert len(kept) == 1 and len(problems) == 2
    assert canary not in "".join(problems)


def test_without_a_listener_the_first_problem_raises(tmp_path: Path, canary: str) -> None:
    path = write(tmp_path / "a.jsonl", [{"id": "m1", "annotator": "anna", "threat": canary}])
    with pytest.raises(CorpusError, match="line 1, item 'm1'") as raised:
        read_judgements([path])
    assert canary not in str(raised.value)


def test_files_that_cannot_be_read_raise(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    for path in (tmp_path / "absent.jsonl", tmp_path / "latin.jsonl", tmp_path):
        with pytest.raises(CorpusError, match=path.name):
            read_judgements([path], on_problem=lambda _: None)


def corpus_row(name: str, text: str, votes: Sequence[Any]) -> dict[str, Any]:
    about = {"channel": "email", "category": "threat"}
    return {"id": name, "scenario": "s1", "text": text, "threat": "direct", **about, "votes": list(votes)}


def test_votes_of_a_corpus_are_read_in_both_forms(tmp_path: Path, text: str) -> None:
    vote = {"annotator": "anna", "threat": "veiled", "cues": [{"start": 0, "end": 4, "kind": "threat_phrase"}]}
    rows = [corpus_row("m1", text, [vote, {"annotator": "bram"}]), corpus_row("m2", text, [])]
    authoring = tmp_path / "corpus" / "authoring"
    authoring.mkdir(parents=True)
    write(authoring / "p1.jsonl", rows)
    compiled = {**rows[0], "details": [], "cues": []}
    from_folder, problems = read([tmp_path / "corpus"])
    assert [(j.item, j.annotator, j.labels.threat, len(j.cues)) for j in from_folder] == [
        ("m1", "anna", Threat.VEILED, 1),
        ("m1", "bram", Threat.NONE, 0),
    ]
    assert problems == []
    assert read([write(tmp_path / "compiled.jsonl", [compiled])]) == (from_folder, [])
    assert judgements_of([from_compiled(compiled)]) == from_folder
    assert read_texts(tmp_path / "corpus") == {"m1": text, "m2": text}
    data = tmp_path / "other" / "data"
    data.mkdir(parents=True)
    write(data / "test.jsonl", [to_compiled(from_compiled(compiled))])
    assert read([tmp_path / "other"]) == (from_folder, [])


def test_bad_votes_and_rows_are_named(tmp_path: Path, text: str, canary: str) -> None:
    outside = {"annotator": "anna", "cues": [{"start": 0, "end": 999, "kind": "threat_phrase"}]}
    rows = [
        corpus_row("m1", text, [outside, canary, {"annotator": "bram"}, {"annotator": "bram", "threat": "veiled"}]),
        {**corpus_row("m2", text, []), "threat": canary},
        {**corpus_row("m3", text, []), "votes": 3},
        {"text": text},
    ]
    kept, problems = read([write(tmp_path / "a.jsonl", rows)])
    assert [(j.item, j.annotator) for j in kept] == [("m1", "bram")]
    assert [p.split(": ")[0].split(", ", 1)[1] for p in problems] == [
        "line 1, vote 1, item 'm1', annotator 'anna'",
        "line 1, item 'm1', vote 2",
        "line 1, vote 4, item 'm1', annotator 'bram'",
        "line 2, item 'm2'",
        "line 3, item 'm3'",
        "line 4, item '?'",
    ]
    assert canary not in "".join(problems)
