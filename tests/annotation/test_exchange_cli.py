"""The commands ``export``, ``import`` and ``assign``, and where tasks come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from vptnlp import Analyzer
from vptnlp.annotation.judgements import Judgement, read_judgements, write_judgements
from vptnlp.annotation.tasks import from_examples, is_corpus, read_corpus, suggestion
from vptnlp.cli import annotate
from vptnlp.corpus import files
from vptnlp.errors import ConfigError

Answer = Callable[..., Judgement]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(annotate.app, [str(a) for a in arguments])


@pytest.fixture
def messages(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text(
        "".join(json.dumps({"id": f"m{i}", "text": f"{i}. {text}", "soort": "ab"[i % 2]}) + "\n" for i in range(12))
    )
    return path


@pytest.fixture
def corpus(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gold.jsonl"
    row: dict[str, Any] = {
        "scenario": "s",
        "channel": "dm",
        "category": "threat",
        "text": text,
        "threat": "conditional",
    }
    files.write_jsonl(path, ({**row, "id": f"g{i}"} for i in range(6)))
    return path


def test_export_and_import_again(messages: Path, tmp_path: Path, answer: Answer) -> None:
    given = [answer(f"m{i}", who, threat="direct") for i in range(3) for who in ("anna", "bram")]
    write_judgements(tmp_path / "given.jsonl", given)
    done = run(
        "export", messages, "--to", "datasets", "-o", tmp_path / "out.jsonl", "--answers", tmp_path / "given.jsonl"
    )
    assert (done.exit_code, "12 tasks, 0 suggestions, 6 answers" in done.output) == (0, True)
    done = run("import", tmp_path / "out.jsonl", "--from", "datasets", "--tasks", messages, "-o", tmp_path / "j.jsonl")
    assert (done.exit_code, "6 answers of 2 annotators; 9 tasks without" in done.output) == (0, True)
    assert read_judgements([tmp_path / "j.jsonl"]) == given


def test_problems_are_named_by_task_and_the_rest_is_imported(
    messages: Path, tmp_path: Path, answer: Answer, canary: str
) -> None:
    run("export", messages, "--to", "prodigy", "-o", tmp_path / "out.jsonl")
    rows = [
        json.loads(line) | {"answer": "accept", "accept": []}
        for line in (tmp_path / "out.jsonl").read_text().splitlines()
    ]
    rows[0]["accept"] = [canary]
    rows[1]["spans"] = [{"start": 0, "end": 5_000, "label": "weapon"}]
    rows[2]["task_id"] = "m99"
    rows[3]["text"] += "!"
    for name in ("anna.jsonl", "again.jsonl"):
        files.write_jsonl(
            tmp_path / name, [r | {"_annotator_id": "anna"} for r in (rows if name[1] == "n" else rows[4:5])]
        )
    inputs = [tmp_path / "anna.jsonl", tmp_path / "again.jsonl"]
    done = run("import", *inputs, "--from", "prodigy", "--tasks", messages, "-o", tmp_path / "j.jsonl")
    assert done.exit_code == 1
    assert [j.item for j in read_judgements([tmp_path / "j.jsonl"])] == [f"m{i}" for i in range(4, 12)]
    for name in ("m0", "m1", "m99", "m3", "m4"):
        assert f"task '{name}'" in done.output
    assert canary not in done.output


def test_export_with_predictions(messages: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    done = run("export", messages, "--to", "label-studio", "-o", tmp_path / "out", "--predictions", "vpt-nl-linear")
    assert done.exit_code == 0, done.output
    rows = json.loads((tmp_path / "out" / "tasks.json").read_text())
    assert len(rows) == 12 and all(row["predictions"][0]["model_version"].startswith("vpt-nl-linear") for row in rows)
    assessment = analyzer.assess("Bel mij: 06-13370042")
    assert suggestion(assessment).details == assessment.details != ()


def test_assign_writes_blind_batches(messages: Path, corpus: Path, tmp_path: Path, canary: str) -> None:
    options = ["-a", "anna", "-a", "bram", "--overlap", 0.5, "--size", 5, "--gold", corpus, "--gold-in-batch", 1]
    done = run("assign", messages, *options, "--strata", "soort", "-o", tmp_path / "work")
    assert (done.exit_code, "12 tasks, 6 of them shared, in 6 batches" in done.output) == (0, True), done.output
    batches = sorted((tmp_path / "work").glob("*/batch-*.jsonl"))
    assert [b.relative_to(tmp_path / "work").as_posix() for b in batches] == [
        f"{who}/batch-0{i}.jsonl" for who in ("anna", "bram") for i in (1, 2, 3)
    ]
    for batch in batches:
        for line in batch.read_text().splitlines():
            assert json.loads(line).keys() == {"id", "text"}
            assert set(json.loads(line)["id"]) <= set("0123456789abcdef")
    plan = (tmp_path / "work" / "plan.json").read_text()
    assert canary not in plan and len(json.loads(plan)["gold"]) >= 3
    known = read_judgements([tmp_path / "work" / "gold.jsonl"])
    assert {j.annotator for j in known} == {"gold"} and {j.labels.threat for j in known} == {"conditional"}


def test_assign_by_hostility_takes_some(messages: Path, tmp_path: Path) -> None:
    done = run(
        "assign", messages, "-a", "anna", "--overlap", 0, "--model", "vpt-nl-linear", "--take", 4, "-o", tmp_path / "w"
    )
    assert (done.exit_code, "4 tasks, 0 of them shared, in 1 batches" in done.output) == (0, True), done.output
    strata = json.loads((tmp_path / "w" / "plan.json").read_text())["strata"]
    assert len(strata) == 4 and all(name.startswith("hostile ") for name in strata.values())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--model", "x", "--strata", "soort"], "Choose between"),
        (["--strata", "kleur"], "12 tasks have no key 'kleur', the first is 'm0'"),
    ],
)
def test_wrong_use_of_assign(arguments: list[str], expected: str, messages: Path, tmp_path: Path) -> None:
    done = run("assign", messages, "-a", "anna", "--overlap", 0, "-o", tmp_path / "w", *arguments)
    assert isinstance(done.exception, ConfigError) and expected in str(done.exception)


def test_an_output_that_cannot_be_written_is_named(messages: Path, tmp_path: Path) -> None:
    done = run("export", messages, "--to", "conll", "-o", tmp_path / "none" / "x.conll")
    assert isinstance(done.exception, ConfigError) and "x.conll' cannot be written" in str(done.exception)


def test_corpora_are_told_from_messages(messages: Path, corpus: Path, root: Path) -> None:
    assert is_corpus(root / "corpora" / "vpt-nl") and is_corpus(corpus)
    assert not is_corpus(messages) and not is_corpus(messages.parent) and not is_corpus(Path("none.jsonl"))


def test_corpus_rows_become_tasks_without_labels(corpus: Path, text: str) -> None:
    with corpus.open("a") as out:
        out.write(
            json.dumps({"id": "g0", "scenario": "s", "channel": "dm", "category": "threat", "text": "Nog eens."})
            + "\n{}\n"
        )
    problems: list[str] = []
    tasks = list(from_examples(read_corpus(corpus, problems.append)))
    assert len(tasks) == 6 and tasks[0].text == text and "threat" not in tasks[0].meta
    assert len(problems) == 2 and any("task 'g0'" in p for p in problems)


def test_a_message_in_two_sources_is_named(messages: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.jsonl"
    files.write_jsonl(corpus, [{"id": "m0", "scenario": "s", "channel": "dm", "category": "threat", "text": "Anders."}])
    done = run("export", messages, corpus, "--to", "datasets", "-o", tmp_path / "out")
    assert done.exit_code == 1 and "task 'm0': the id belongs to two messages" in done.output


def test_a_plan_turns_blind_ids_back(messages: Path, tmp_path: Path, answer: Answer) -> None:
    run("assign", messages, "-a", "anna", "--overlap", 0, "-o", tmp_path / "w")
    batch, plan = tmp_path / "w" / "anna" / "batch-01.jsonl", tmp_path / "w" / "plan.json"
    blind = [json.loads(line)["id"] for line in batch.read_text().splitlines()]
    write_judgements(tmp_path / "given.jsonl", [answer(name, "anna") for name in blind])
    run("export", batch, "--to", "datasets", "-o", tmp_path / "x.jsonl", "--answers", tmp_path / "given.jsonl")
    options = ["--from", "datasets", "--tasks", batch, "-o", tmp_path / "j.jsonl"]
    assert run("import", tmp_path / "x.jsonl", *options, "--plan", plan).exit_code == 0
    assert {j.item for j in read_judgements([tmp_path / "j.jsonl"])} == {f"m{i}" for i in range(12)}
    done = run("import", tmp_path / "x.jsonl", *options, "--plan", batch)
    assert isinstance(done.exception, ConfigError) and "is no plan" in str(done.exception)
