"""From answers to versions of a corpus: what holds, where it stands, and that nothing changes silently."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from vptnlp.annotation.adjudication import Case, Decision
from vptnlp.annotation.corrections import read_corrections
from vptnlp.annotation.judgements import Judgement, to_row, write_judgements
from vptnlp.annotation.majority import majority
from vptnlp.annotation.next_version import Built, build, empty
from vptnlp.annotation.tasks import Task
from vptnlp.cli import corpus as corpus_cli
from vptnlp.corpus import compile_corpus, files, records
from vptnlp.corpus.grouping import Item, group
from vptnlp.corpus.version import Version, next_number, read_version, write_version
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind

Answer = Callable[..., Judgement]
RUDE: dict[str, Any] = {"forms": ["verbal_abuse"], "nature": ["emotional"]}


def message(number: int) -> str:
    """An invented message unlike the others: made-up words."""
    draw = random.Random(number)
    return " ".join("".join(draw.choices("bdfgklmnprstvz", k=2) + draw.choices("aeiou", k=3)) for _ in range(14)) + "."


def tasks(numbers: Sequence[int], **meta: Any) -> list[Task]:
    return [Task(f"m{n}", message(n), meta) for n in numbers]


def grown(
    earlier: Version, asked: list[Task], answers: list[Judgement], number: str, **options: Any
) -> tuple[Built, list[str]]:
    problems: list[str] = []
    decisions = options.pop("decisions", [])
    return build(earlier, asked, answers, decisions, problems.append, number=number, **options), problems


@pytest.fixture
def first(answer: Answer) -> Version:
    asked = tasks(range(20))
    built, problems = grown(empty("eigen"), asked, [answer(t.id, "anna") for t in asked], "1.0.0")
    assert not problems and len(built.added) == 20
    return built.version


def test_every_split_is_filled_and_kept(first: Version, answer: Answer) -> None:
    sizes = {split: len(first.split(split)) for split in files.SPLITS}
    assert sizes == {"train": 12, "dev": 4, "test": 4}
    more = tasks(range(20, 30))
    built, problems = grown(first, more, [answer(t.id, "bram") for t in more], "1.1.0")
    assert not problems and len(built.added) == 10 and not built.changed
    assert all(built.version.entries[name].split == entry.split for name, entry in first.entries.items())
    assert {built.version.entries[name].since for name in built.added} == {"1.1.0"}


def test_a_dissenting_answer_changes_no_label_until_somebody_decides(first: Version, answer: Answer) -> None:
    built, _ = grown(first, [], [answer("m3", "bram", **RUDE)], "1.1.0")
    assert built.disputed == ("m3",) and [c.task.id for c in built.open] == ["m3"] and not built.changed
    assert built.version.examples["m3"].labels == first.examples["m3"].labels
    assert [v["annotator"] for v in built.version.examples["m3"].votes] == ["anna", "bram"]
    decided = [Decision(answer("m3", "carla", **RUDE), "Schelden is dit.")]
    after, _ = grown(built.version, [], [], "1.2.0", decisions=decided)
    assert after.changed == ("m3",) and after.version.entries["m3"].how == "decided"
    assert "`m3`" in after.changelog()
    # A decision stands, whatever is answered later.
    later, _ = grown(after.version, [], [answer("m3", "dana")], "1.3.0")
    assert later.revoted == ("m3",) and later.version.examples["m3"].labels == after.version.examples["m3"].labels


def test_a_second_look_by_the_same_person_counts(first: Version, answer: Answer) -> None:
    built, _ = grown(first, [], [answer("m3", "anna", **RUDE)], "1.1.0")
    assert built.changed == ("m3",) and not built.disputed and len(built.version.examples["m3"].votes) == 1


def test_what_is_taken_out_stays_out(first: Version, answer: Answer) -> None:
    built, _ = grown(first, [], [], "1.1.0", remove={"m3"})
    assert built.removed == ("m3",) and "m3" not in built.version.examples
    assert not any(row["id"] == "m3" for row in built.version.votes)
    again, problems = grown(built.version, tasks([3]), [answer("m3", "anna"), answer("m4", "bram")], "1.2.0")
    assert not problems and "m3" not in again.version.examples and again.revoted == ("m4",)


def test_bad_input_is_named_and_the_rest_kept(first: Version, answer: Answer) -> None:
    changed = Task("m1", "Een heel andere tekst dan eerst.")
    far = answer("m21", "anna", cues=[Span(5, 5000, CueKind.SELF_HARM)])
    broken = answer("m22", "anna", threat="direct", nature=["emotional"])
    given = [far, broken, answer("m23", "anna"), answer("weg", "anna")]
    built, problems = grown(first, [changed, *tasks([21, 22, 23])], given, "1.1.0")
    assert built.added == ("m23",) and built.unanswered == 1
    assert [next(n for n in ("m1'", "m21'", "m22'", "weg'") if n in p) for p in problems] == [
        "m1'",
        "m21'",
        "weg'",
        "m22'",
    ]
    assert not any("andere tekst dan eerst" in p for p in problems)


def test_known_answers_that_were_mixed_in_are_passed_over(first: Version, answer: Answer) -> None:
    given = [answer("k1", "gold"), answer("k1", "anna"), answer("m21", "anna")]
    built, problems = grown(first, tasks([21]), given, "1.1.0")
    assert not problems and built.added == ("m21",)


@pytest.mark.parametrize(
    "meta",
    [
        {"from": "Jan <jan@post.example>"},
        {"meta": {"thread": "t1"}},
        {"meta": json.dumps({"subject": "RE: Fwd: bomen"})},
    ],
)
def test_what_belongs_together_stays_in_one_split(answer: Answer, meta: dict[str, Any]) -> None:
    asked = tasks(range(15)) + tasks(range(15, 20), **meta)
    built, _ = grown(empty("eigen"), asked, [answer(t.id, "anna") for t in asked], "1.0.0")
    assert len({built.version.entries[f"m{n}"].split for n in range(15, 20)}) == 1
    where = built.version.entries["m15"].split
    one, _ = grown(built.version, tasks([30], **meta), [answer("m30", "anna")], "1.1.0")
    assert one.version.entries["m30"].split == where


def test_a_placeholder_is_another_person_in_the_next_version(answer: Answer) -> None:
    asked = tasks(range(19)) + tasks([19], **{"from": "[NAAM-1] <[EMAIL-1]>"})
    built, _ = grown(empty("eigen"), asked, [answer(t.id, "anna") for t in asked], "1.0.0")
    later, _ = grown(built.version, tasks([30], **{"from": "[NAAM-1] <[EMAIL-1]>"}), [answer("m30", "anna")], "1.1.0")
    assert later.version.examples["m30"].scenario == "m30"


def test_a_message_torn_between_splits_is_left_out(first: Version, answer: Answer) -> None:
    train, test = first.split("train")[0], first.split("test")[0]
    both = Task("dubbel", f"{train.text} {test.text}")
    built, problems = grown(first, [both, *tasks([21])], [answer("dubbel", "anna"), answer("m21", "anna")], "1.1.0")
    assert built.added == ("m21",) and "dubbel" in problems[0] and "test away" in problems[0]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["train", "test", None])), max_size=30))
@settings(max_examples=60)
def test_no_key_is_in_two_splits(given_: list[tuple[str, str | None]]) -> None:
    split_of: dict[str, str] = {}
    owner: dict[str, str] = {}
    new, earlier = [], []
    for n, (key, split) in enumerate(given_):
        item = Item(str(n), f"{n}", frozenset({key, f"own-{n % 5}"}) if split is None else frozenset({key}))
        if split is None:
            new.append(item)
        elif owner.setdefault(key, split) == split:
            earlier.append(item)
            split_of[item.id] = split
    found = group(new, earlier, {i.id: i.id for i in earlier}, split_of)
    assert {i.id for i in new} == found.scenario.keys() | set(found.torn)
    where = {name: split_of.get(scenario, scenario) for name, scenario in found.scenario.items()} | split_of
    for key in {key for item in new for key in item.keys}:
        assert len({where[i.id] for i in (*new, *earlier) if key in i.keys and i.id in where}) <= 1


def test_majority_needs_three_and_a_clear_one(answer: Answer) -> None:
    task = Task("m", "Wat een stelletje sukkels zijn jullie daar.")
    calm, rude = answer("m", "anna"), [answer("m", name, **RUDE) for name in ("bram", "carla")]
    held = majority(Case(task, (calm, *rude), {}, {}, 1.0))
    assert held is not None and held.labels == rude[0].labels
    assert majority(Case(task, (calm, rude[0]), {}, {}, 1.0)) is None
    torn = (calm, answer("m", "dana"), *rude)
    assert majority(Case(task, torn, {}, {}, 1.0)) is None


def test_majority_takes_whole_spans_where_places_differ(answer: Answer) -> None:
    labels = {"threat": "direct", "nature": ["emotional"]}
    given = [answer("m", f"a{n}", cues=[Span(n, n + 3, CueKind.THREAT_PHRASE)], **labels) for n in (0, 10, 20)]
    held = majority(Case(Task("m", "Ik zal je krijgen, wacht maar af."), tuple(given), {}, {}, 1.0))
    assert held is not None and held.cues == given[1].cues  # the first breaks a rule: it ends in a blank


def test_a_majority_makes_gold_and_keeps_the_dissent(first: Version, answer: Answer) -> None:
    given = [answer("m21", "anna"), answer("m21", "bram", **RUDE), answer("m21", "carla", **RUDE)]
    without, _ = grown(first, tasks([21, 22]), [*given, answer("m22", "anna")], "1.1.0")
    assert without.added == ("m22",) and [c.task.id for c in without.open] == ["m21"]
    built, _ = grown(first, tasks([21]), given, "1.1.0", settle=majority)
    assert built.added == ("m21",) and built.version.entries["m21"].how == "majority" and not built.open
    assert len(built.version.examples["m21"].votes) == 3


def test_a_corpus_of_other_making_counts_as_decided(tmp_path: Path, first: Version, answer: Answer) -> None:
    (tmp_path / "data").mkdir()
    for split in files.SPLITS:
        rows = [records.to_compiled(replace(e, votes=())) for e in first.split(split)]
        files.write_jsonl(files.split_path(tmp_path, split), rows)
    other = read_version(tmp_path)
    assert {e.how for e in other.entries.values()} == {"given"}
    built, problems = grown(other, tasks([21]), [answer("m3", "bram", **RUDE), answer("m21", "bram")], "1.0.0")
    assert built.revoted == ("m3",) and built.added == ("m21",) and not problems
    assert built.version.entries["m3"].how == "given"
    decided, _ = grown(other, [], [], "1.0.0", decisions=[Decision(answer("m3", "carla", **RUDE), "Schelden.")])
    assert decided.changed == ("m3",) and decided.version.entries["m3"].how == "decided"


def test_corrections_find_their_message_by_its_text(tmp_path: Path, answer: Answer) -> None:
    path = tmp_path / "c.jsonl"
    rows = [
        {**to_row(answer("bericht-1", "dana")), "text": "Een bekende tekst."},
        {**to_row(answer("m1", "dana")), "text": "Een nieuwe tekst onder een oude naam."},
        {**to_row(answer("m2", "dana")), "text": ""},
    ]
    files.write_jsonl(path, rows)
    problems: list[str] = []
    found, given = read_corrections([path], {"m1": "Een bekende tekst."}, problems.append)
    assert next(t.id for t in found) == "m1" and found[1].id.startswith("m1~") and len(found) == 2
    assert [j.item for j in given] == [t.id for t in found]
    assert len(problems) == 1 and "line 3" in problems[0]


def test_a_written_version_is_private_whole_and_never_written_over(first: Version, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    write_version(folder, first, None, "- Eerste.")
    assert not any(path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*")))
    assert (folder / ".gitignore").read_text() == "*\n"
    back = read_version(folder)
    assert replace(back, origin=None, changes="") == first
    with pytest.raises(ConfigError, match="never written over"):
        write_version(folder, first, None, "")
    with pytest.raises(CorpusError, match="no files in 'authoring'"):
        compile_corpus(folder)
    with files.split_path(folder, "test").open("a") as out:
        out.write("\n")
    with pytest.raises(CorpusError, match="not what"):
        read_version(folder)


def test_numbers() -> None:
    assert next_number("1.9.3") == "1.10.0"
    with pytest.raises(ConfigError, match="--version"):
        next_number("twee")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(corpus_cli.app, [str(a) for a in arguments])


def test_the_command_builds_validates_and_grows(tmp_path: Path, answer: Answer) -> None:
    asked = tasks(range(12))
    files.write_jsonl(tmp_path / "t.jsonl", ({"id": t.id, "text": t.text} for t in asked))
    write_judgements(tmp_path / "a.jsonl", [*(answer(t.id, "anna") for t in asked), answer("weg", "anna")])
    done = run(
        "build", tmp_path / "v1", "--tasks", tmp_path / "t.jsonl", "--answers", tmp_path / "a.jsonl", "--name", "eigen"
    )
    assert done.exit_code == 1 and "12 added" in done.stdout and "task 'weg'" in done.output
    checked = run("validate", tmp_path / "v1")
    assert checked.exit_code == 0 and "12 messages checked" in checked.output
    files.write_jsonl(tmp_path / "c.jsonl", [{**to_row(answer("x", "dana", **RUDE)), "text": asked[0].text}])
    grown = run("build", tmp_path / "v2", "--from", tmp_path / "v1", "--corrections", tmp_path / "c.jsonl")
    assert grown.exit_code == 0 and "disputed, labels kept: m0" in grown.output and "eigen 1.1.0" in grown.output
    assert json.loads((tmp_path / "v2/corpus.json").read_text())["made_from"]["version"] == "1.0.0"
    nothing = run("build", tmp_path / "v3", "--from", tmp_path / "v2", "--corrections", tmp_path / "c.jsonl")
    assert isinstance(nothing.exception, ConfigError) and not (tmp_path / "v3").exists()
    few = run(
        "build",
        tmp_path / "v4",
        "--tasks",
        tmp_path / "t.jsonl",
        "--answers",
        tmp_path / "a.jsonl",
        "--shares",
        "0.9",
        "0.3",
        "0",
    )
    assert isinstance(few.exception, ConfigError)
    lines = files.split_path(tmp_path / "v1", "train").read_text().splitlines()
    (tmp_path / "v1/data/test.jsonl").write_text(lines[0].replace('"m', '"n', 1) + "\n")
    wrong = run("validate", tmp_path / "v1")
    assert wrong.exit_code == 1 and "too much like" in wrong.output and "checksums" in wrong.output
