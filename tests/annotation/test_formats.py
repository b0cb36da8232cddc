"""Round trips through every format, and what each says about bad input."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vptnlp.annotation.formats import FORMATS, Imported, format_named
from vptnlp.annotation.formats.label_studio import results
from vptnlp.annotation.formats.label_studio_config import labelling_config
from vptnlp.annotation.formats.pages import label_list, readme_with_labels
from vptnlp.annotation.formats.shown import file_name, label_names, names_of, row_of_names, shown
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.cli.annotate_exchange import ExchangeFormat
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat

Answer = Callable[..., Judgement]

# What goes wrong first: astral signs, joined emoji, combining marks, line breaks, markup, brat's and CoNLL's own signs.
TRICKY = [
    "🔪",
    "👩‍👩‍👧",
    "🇳🇱",
    "é",
    "ä̤",
    "\r\n",
    "\r",
    "\n",
    "\u2028",
    "\x85",
    "\x0b",
    "\t",
    "  ",
    "<b>",
    "&amp;",
    "#",
    '"',
    "\\n",
    "\ufeff",
    "\0",
]
PIECES = st.sampled_from(TRICKY) | st.characters(codec="utf-8") | st.sampled_from(["Wilgenhof 88", "of ik sta", "."])
TEXTS = st.lists(PIECES, min_size=1, max_size=25).map("".join).filter(str.strip)
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=90).filter(str.strip)
LABELS = st.builds(
    Labels,
    st.sampled_from(Threat),
    st.frozensets(st.sampled_from(Nature)),
    st.frozensets(st.sampled_from(Aim)),
    st.frozensets(st.sampled_from(Form)),
    st.frozensets(st.sampled_from(Target)),
    st.sampled_from(Doxing),
    st.booleans(),
)


@st.composite
def span_sets(draw: st.DrawFn, text: str, kinds: Sequence[Any], whose: Sequence[Any]) -> tuple[Span, ...]:
    """Spans that overlap across kinds and not within one, as the taxonomy has them."""
    found: list[Span] = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        span = Span(
            start, draw(st.integers(start + 1, len(text))), draw(st.sampled_from(kinds)), draw(st.sampled_from(whose))
        )
        if not any(span.kind == other.kind and span.overlaps(other) for other in found):
            found.append(span)
    return tuple(sorted(found))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Task], list[Judgement]]:
    """Tasks, and the answers of two annotators to some of them."""
    tasks = [Task(name, draw(TEXTS)) for name in draw(st.lists(IDS, min_size=1, max_size=3, unique=True))]
    annotators = draw(st.lists(IDS, min_size=1, max_size=2, unique=True))
    answers = [
        Judgement(
            task.id,
            who,
            draw(LABELS),
            draw(span_sets(task.text, list(DetailKind), list(Subject))),
            draw(span_sets(task.text, list(CueKind), [None])),
        )
        for task in tasks
        for who in annotators
        if draw(st.booleans())
    ]
    return tasks, answers


def key(judgement: Judgement) -> tuple[str, str]:
    return judgement.item, judgement.annotator


def target(name: str, place: Path) -> Path:
    return place / "out"


def read_back(name: str, path: Path, tasks: Sequence[Task]) -> Imported:
    inner = {"label-studio": "tasks.json", "doccano": "tasks.jsonl"}
    return format_named(name).import_(path / inner[name] if name in inner else path, tasks)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_a_round_trip_loses_nothing(name: str, case: tuple[list[Task], list[Judgement]]) -> None:
    tasks, answers = case
    if name == "brat":
        texts = {task.id: shown(task.text) for task in tasks}
        assume(all(s.text_of(texts[a.item]).strip("\n") for a in answers for s in a.details + a.cues))
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        format_named(name).export(tasks, out, answers)
        judgements, problems = read_back(name, out, tasks)
    assert problems == []
    assert sorted(judgements, key=key) == sorted(answers, key=key)


@pytest.mark.parametrize("name", FORMATS)
def test_the_moment_of_answering_is_kept(name: str, answer: Answer, text: str, tmp_path: Path) -> None:
    from dataclasses import replace
    from datetime import UTC, datetime

    given_ = replace(answer("m1", "anna", threat="veiled"), answered_at=datetime(2026, 11, 23, 9, 30, 1, tzinfo=UTC))
    format_named(name).export([Task("m1", text)], tmp_path / "out", [given_])
    assert read_back(name, tmp_path / "out", [Task("m1", text)]).judgements == [given_]


@pytest.mark.parametrize("name", FORMATS)
def test_bare_tasks_are_unanswered(name: str, text: str, tmp_path: Path) -> None:
    tasks = [Task("m1", text), Task("inbox/a b.eml", text)]
    format_named(name).export(tasks, tmp_path / "out")
    found = read_back(name, tmp_path / "out", tasks)
    assert (found.judgements, found.problems, found.unanswered) == ([], [], 2)


@pytest.mark.parametrize("name", FORMATS)
def test_other_tasks_are_named_without_text(name: str, answer: Answer, text: str, canary: str, tmp_path: Path) -> None:
    tasks = [Task("m1", text), Task("m2", text), Task("m3", text)]
    answers = [answer(t.id, "anna", threat="direct") for t in tasks]
    format_named(name).export(tasks, tmp_path / "out", answers)
    asked = [Task("m1", text), Task("m3", "!" + text)]
    judgements, problems = read_back(name, tmp_path / "out", asked)
    assert [j.item for j in judgements] == ["m1"]
    assert sorted(p.task for p in problems) == ["m2", "m3"]
    said = " ".join(map(str, problems))
    assert "no task with this id" in said and ("text differs" in said or "offsets have moved" in said)
    assert canary not in said


@pytest.mark.parametrize("name", ["label-studio", "doccano", "prodigy", "datasets", "conll", "brat"])
def test_a_suggestion_is_no_answer_of_an_annotator(name: str, answer: Answer, text: str, tmp_path: Path) -> None:
    format_named(name).export(
        [Task("m1", text)], tmp_path / "out", suggestions=[answer("m1", "model", threat="direct")]
    )
    found = read_back(name, tmp_path / "out", [Task("m1", text)])
    if name in (
        "doccano",
        "brat",
    ):  # these cannot tell a suggestion from an answer; they do not name the model as annotator
        assert [j.annotator for j in found.judgements] == ["tasks" if name == "doccano" else "out"]
    else:
        assert (found.judgements, found.unanswered) == ([], 1)


def test_every_format_has_its_command_line_name() -> None:
    assert tuple(ExchangeFormat) == FORMATS
    with pytest.raises(ConfigError, match="no format 'xml'"):
        format_named("xml")


@given(LABELS)
def test_flat_names_hold_all_labels(labels: Labels) -> None:
    names = names_of(labels)
    assert set(names) <= set(label_names())
    from vptnlp.corpus.records import labels_from_dict

    assert labels_from_dict(row_of_names(names)) == labels


@pytest.mark.parametrize("names", [["threat=lief"], ["mood=angry"], ["threat"], [3], ["organised_crime=false"]])
def test_unknown_flat_names_are_refused(names: list[Any]) -> None:
    with pytest.raises(CorpusError, match="not in the taxonomy"):
        row_of_names(names)


def test_two_values_on_a_single_axis_are_refused() -> None:
    with pytest.raises(CorpusError, match="'threat' has two values"):
        row_of_names(["threat=none", "threat=direct"])


@given(st.lists(st.text(min_size=1, max_size=80), unique=True))
def test_file_names_differ_and_are_plain(ids: list[str]) -> None:
    names = [file_name(i) for i in ids if not any("\ud800" <= c <= "\udfff" for c in i)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[A-Za-z0-9_-]{1,79}", name) for name in names)


@given(st.text(st.characters(codec="utf-8")))
def test_the_shown_text_has_the_same_length_and_only_changes_breaks(text: str) -> None:
    assert len(shown(text)) == len(text)
    assert all(a == b or a in "\r\0" for a, b in zip(text, shown(text), strict=True))
    assert "\r" not in shown(text)


def ls_row(text: str, annotations: list[dict[str, Any]], task: str = "m1") -> dict[str, Any]:
    return {"id": 7, "data": {"task_id": task, "text": shown(text)}, "annotations": annotations}


def ls_import(tmp_path: Path, tasks: Sequence[Task], rows: list[Any]) -> Imported:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return format_named("label-studio").import_(path, tasks)


def region(start: int, end: int, label: str = "ADDRESS", words: str | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"start": start, "end": end, "labels": [label]}
    return {"id": "r", "from_name": "details", "type": "labels", "value": value | ({"text": words} if words else {})}


SUBJECT = {"id": "r", "from_name": "subject", "type": "choices", "value": {"choices": ["target"]}}


def test_label_studio_with_several_annotators_and_bad_answers(text: str, canary: str, tmp_path: Path) -> None:
    at = text.index("Wilgenhof")
    good = [region(at, at + 12, words="Wilgenhof 88"), SUBJECT]
    threat = {"id": "t", "from_name": "threat", "type": "choices", "value": {"choices": ["direct"]}}
    bad: list[tuple[Any, str]] = [
        ([region(at + 1, at + 13, words="Wilgenhof 88"), SUBJECT], "offsets have moved"),
        ([region(at, 9_000), SUBJECT], "outside a text"),
        ([region(at, at + 12, canary), SUBJECT], "not in the taxonomy"),
        ([region(at, at + 12)], "subject' is not in the taxonomy"),
        ([{**threat, "value": {"choices": [canary]}}], "'threat' is not in the taxonomy"),
        ([{**threat, "from_name": canary}], "tag that the labelling config does not have"),
        (canary, "'result' must be a list"),
        ([canary], "'result' must be an object"),
    ]
    annotations = [
        {"completed_by": 1, "result": [threat, *good]},
        {"completed_by": {"id": 2, "email": "bram@example.org"}, "result": []},
        {"completed_by": 1, "result": []},
        {"completed_by": 3, "result": good, "was_cancelled": True},
        *({"completed_by": 10 + i, "result": result} for i, (result, _) in enumerate(bad)),
    ]
    tasks = [Task("m1", text), Task("m2", text)]
    found = ls_import(tmp_path, tasks, [ls_row(text, annotations), ls_row(text, [], "m2"), {"data": 3}])
    assert [(j.item, j.annotator) for j in found.judgements] == [("m1", "1"), ("m1", "bram@example.org")]
    assert found.judgements[0].details == (Span(at, at + 12, DetailKind.ADDRESS, Subject.TARGET),)
    assert found.judgements[0].labels.threat is Threat.DIRECT
    assert found.unanswered == 1
    said = [str(p) for p in found.problems]
    assert said[0].startswith("task 'm1', annotator '1': This annotator has answered this task before")
    for sentence, (_, expected) in zip(said[1:], bad, strict=False):
        assert expected in sentence and "task 'm1'" in sentence
    assert "row 3" in said[-1] and len(said) == len(bad) + 2
    assert canary not in " ".join(said)


def test_label_studio_offsets_of_old_versions_are_converted(tmp_path: Path) -> None:
    text = "🔪🔪 Wilgenhof 88"
    task = Task("m1", text)
    row = ls_row(text, [{"completed_by": 1, "result": [region(5, 17, words="Wilgenhof 88"), SUBJECT]}])
    assert ls_import(tmp_path, [task], [row]).judgements[0].details[0].text_of(text) == "Wilgenhof 88"
    row = ls_row(text, [{"completed_by": 1, "result": [region(3, 15, words="Wilgenhof 88"), SUBJECT]}])
    assert ls_import(tmp_path, [task], [row]).judgements[0].details[0].text_of(text) == "Wilgenhof 88"
    named = format_named("label-studio").import_(tmp_path / "export.json", [task], "anna").judgements
    assert [j.annotator for j in named] == ["anna"]


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[3]"])
def test_label_studio_other_files_are_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CorpusError, match="export it from Label Studio"):
        format_named("label-studio").import_(tmp_path / "x.json", [])


def test_label_studio_results_fit_the_config(answer: Answer, text: str) -> None:
    from xml.etree import ElementTree

    config = ElementTree.fromstring(labelling_config())
    stored = {
        tag.get("name"): {child.get("alias") for child in tag}
        for tag in config.iter()
        if tag.tag in ("Choices", "Labels")
    }
    full = answer(
        "m1",
        "anna",
        [Span(i, i + 1, kind, subject) for i, (kind, subject) in enumerate(zip(DetailKind, list(Subject) * 9, strict=False))],
        [Span(i, i + 1, kind) for i, kind in enumerate(CueKind)],
        nature=list(Nature), aims=list(Aim), forms=list(Form), targets=list(Target), organised_crime=True,
    )  # fmt: skip
    for result in results(full, text):
        value = result["value"]
        assert set(value.get("labels", value.get("choices"))) <= stored[result["from_name"]]
    assert {r["from_name"] for r in results(full, text)} == set(stored)


def test_doccano_rows_as_it_exports_them(text: str, canary: str, tmp_path: Path) -> None:
    rows: list[Any] = [
        {"id": 1, "text": text, "task_id": "m1", "cats": ["threat=veiled"], "entities": [[0, 4, "weapon"]]},
        {
            "id": 2,
            "text": text,
            "task_id": "m2",
            "entities": [{"start_offset": 0, "end_offset": 4, "label": "PERSON:sender"}],
        },
        {"id": 3, "text": text, "task_id": "m3", "cats": [canary]},
        {"id": 4, "text": text, "task_id": "m4", "entities": [[0, 4, f"PERSON:{canary}"]]},
        {"id": 5, "text": text, "task_id": "m5", "entities": [[0, 999, "weapon"]]},
        {"id": 6, "text": text, "task_id": "m6", "cats": canary},
    ]
    (tmp_path / "anna.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows) + "{\n3\n")
    (tmp_path / "bram.jsonl").write_text(json.dumps(rows[0]) + "\n")
    judgements, problems = format_named("doccano").import_(tmp_path, [Task(f"m{i}", text) for i in range(1, 7)])
    assert [key(j) for j in judgements] == [("m1", "anna"), ("m2", "anna"), ("m1", "bram")]
    assert judgements[1].details == (Span(0, 4, DetailKind.PERSON, Subject.SENDER),)
    assert [p.task for p in problems] == ["m3", "m4", "m5", "m6", "anna.jsonl, line 7", "anna.jsonl, line 8"]
    assert canary not in " ".join(map(str, problems))


def test_prodigy_rows_as_it_writes_them(text: str, tmp_path: Path) -> None:
    row = {"task_id": "m1", "text": text, "accept": ["threat=direct"], "answer": "accept", "_timestamp": 1795428000}
    rows = [
        {
            **row,
            "_session_id": "threats-anna",
            "_dataset": "threats",
            "spans": [{"start": 0, "end": 4, "label": "weapon"}],
        },
        {**row, "_annotator_id": "bram", "spans": [{"start": 1, "end": 4, "label": "weapon", "text": "Trek"}]},
        {**row, "_annotator_id": "cees", "answer": "ignore"},
        {**row, "_annotator_id": "daan", "answer": "reject"},
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    found = format_named("prodigy").import_(path, [Task("m1", text)])
    assert [j.annotator for j in found.judgements] == ["anna"]
    assert found.judgements[0].answered_at is not None and found.judgements[0].answered_at.year == 2026
    assert [p.annotator for p in found.problems] == ["bram"] and "moved" in found.problems[0].reason
    assert found.unanswered == 2


def test_brat_lines_as_it_writes_them(tmp_path: Path, canary: str) -> None:
    text = "Kom morgen\r\nnaar Wilgenhof 88\nof anders"
    bad = {
        "m2": "R1\tLocated Arg1:T1 Arg2:T2\n",
        "m3": f"T1\t{canary} 0 3\tKom\n",
        "m4": "T1\tweapon 0 3\tmor\n",
        "m5": "T1\tweapon 0 3;17 26\tKom Wilgenhof\n",
        "m6": f"T1\tweapon nul drie\t{canary}\n",
        "m7": "T1\tweapon 0 3\tKom\nA1\tthreat T1 direct\n",
        "m8": "T1\tMessage 0 3\tKom\nA1\taims_eten T1\n",
        "m9": "T1\tADDRESS 0 3\tKom\n",
    }
    good = (
        "T1\tMessage 0 3\tKom\nT2\tdeadline 4 11;12 16\tmorgen naar\nA1\taims_challenge T1\nA2\tthreat T1 veiled\n"
        "N1\tReference T2 Wikipedia:1\tx\n#1\tAnnotatorNotes T2\tzeker?\n"
    ).replace("N1\tReference T2 Wikipedia:1\tx\n", "")
    for name, content in {**bad, "m1": good}.items():
        (tmp_path / f"{name}.txt").write_bytes(shown(text).encode())
        (tmp_path / f"{name}.ann").write_text(content)
    tasks = [Task(f"m{i}", text) for i in range(1, 10)]
    judgements, problems = format_named("brat").import_(tmp_path, tasks, "anna")
    assert [(key(j), j.cues) for j in judgements] == [(("m1", "anna"), (Span(4, 16, CueKind.DEADLINE),))]
    assert judgements[0].labels == Labels(Threat.VEILED, aims=frozenset({Aim.CHALLENGE}))
    assert [p.task for p in problems] == list(bad)
    assert canary not in " ".join(map(str, problems))


def test_brat_refuses_what_it_cannot_hold(answer: Answer, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nothing but line breaks"):
        format_named("brat").export(
            [Task("m1", "a\n\nb")], tmp_path, [answer("m1", "a", cues=[Span(1, 3, CueKind.OFFER)])]
        )


def test_brat_configuration_lists_every_kind(tmp_path: Path) -> None:
    format_named("brat").export([], tmp_path)
    configuration = (tmp_path / "annotation.conf").read_text().split()
    assert {*DetailKind, *CueKind} <= set(configuration)
    assert "PERSON | naam" in (tmp_path / "visual.conf").read_text()


def test_conll_shows_overlap_in_columns(answer: Answer, tmp_path: Path) -> None:
    text = "Bij Wilgenhof 88, Jan"
    spans = [
        Span(4, 16, DetailKind.ADDRESS, Subject.TARGET),
        Span(4, 13, DetailKind.PLACE, Subject.TARGET),
        Span(18, 21, DetailKind.PERSON, Subject.RELATIVE),
    ]
    format_named("conll").export([Task("m1", text)], tmp_path / "x", [answer("m1", "anna", sorted(spans))])
    lines = (tmp_path / "x").read_text().split("\n")
    assert lines[0] == "# global.columns = ID FORM START END DETAILS DETAILS:2 CUES"
    assert lines[4:10] == [
        "1\tBij\t0\t3\tO\tO\tO",
        "2\tWilgenhof\t4\t13\tB-ADDRESS:target\tB-PLACE:target\tO",
        "3\t88\t14\t16\tI-ADDRESS:target\tO\tO",
        "4\t,\t16\t17\tO\tO\tO",
        "5\tJan\t18\t21\tB-PERSON:relative\tO\tO",
        "",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1\tBij\t0\t3\tI-weapon", "follows no 'B-'"),
        ("1\tBij\t0\t3", "columns"),
        ("1\tBij\tnul\t3\tO", "whole numbers"),
        ("1\tDag\t0\t3\tO", "offsets have moved"),
        ("1\tBij\t0\t3\tB-mes", "not in the taxonomy"),
    ],
)
def test_conll_bad_lines(line: str, expected: str, tmp_path: Path) -> None:
    head = '# global.columns = ID FORM START END CUES\n# task = "m1"\n# annotator = "anna"\n'
    (tmp_path / "x").write_text(head + line + '\n\n# task = "m2"\n# annotator = "anna"\n1\tBij\t0\t3\tB-weapon\n')
    judgements, problems = format_named("conll").import_(tmp_path / "x", [Task("m1", "Bij"), Task("m2", "Bij")])
    assert [p.task for p in problems] == ["m1"] and expected in problems[0].reason
    assert [j.cues for j in judgements] == [(Span(0, 3, CueKind.WEAPON),)]


@pytest.mark.parametrize("name", ["conll", "spacy", "inception", "brat"])
def test_other_files_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("geen bestand van dit soort")
    with pytest.raises(CorpusError, match="x'"):
        format_named(name).import_(path, [])


def test_a_damaged_xmi_is_named_and_the_rest_read(answer: Answer, text: str, tmp_path: Path) -> None:
    tasks = [Task("m1", text), Task("m2", text)]
    format_named("inception").export(tasks, tmp_path, [answer("m1", "anna"), answer("m2", "anna")])
    (tmp_path / "m1" / "anna.xmi").write_text("<xmi")
    judgements, problems = format_named("inception").import_(tmp_path, tasks)
    assert [j.item for j in judgements] == ["m2"] and [p.task for p in problems] == ["m1"]


def test_spacy_docs_are_ready_for_training(answer: Answer, text: str, tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    at = text.index("Wilgenhof")
    given_ = answer("m1", "anna", [Span(at, at + 12, DetailKind.ADDRESS, Subject.TARGET)], threat="conditional")
    format_named("spacy").export([Task("m1", text)], tmp_path / "x.spacy", [given_])
    (doc,) = DocBin().from_disk(tmp_path / "x.spacy").get_docs(spacy.blank("nl").vocab)
    assert doc.text == text
    assert [(s.text, s.label_, s.kb_id_) for s in doc.spans["details"]] == [("Wilgenhof 88", "ADDRESS", "target")]
    assert (
        set(doc.cats) == set(label_names()) and doc.cats["threat=conditional"] == 1.0 and doc.cats["threat=none"] == 0.0
    )


def test_the_generated_files_are_current(root: Path) -> None:
    folder = root / "annotation"
    assert (folder / "label-studio.xml").read_text(encoding="utf-8") == labelling_config(), "run: make docs"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert label_list() in readme and readme_with_labels(readme) == readme, "run: make docs"
    with pytest.raises(ConfigError, match="put them back"):
        readme_with_labels("leeg")
