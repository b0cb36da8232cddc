"""The codebook: its generated parts are current, and every label is explained."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vptnlp.annotation import codebook
from vptnlp.annotation.training_round import ANSWERS, CODEBOOK, JUDGEMENTS, TASKS, faults, read_round, stale
from vptnlp.cli import app
from vptnlp.corpus import files, read_examples, similarity
from vptnlp.errors import ConfigError
from vptnlp.taxonomy import AXES, CueKind, DetailKind

REGIONS = {"a": "new\n", "b": "other\n"}
PAGE = "Before.\n<!-- begin: a -->\nold\n<!-- end: a -->\nBetween.\n<!-- begin: b -->\n<!-- end: b -->\nAfter.\n"
LABEL_COUNT = sum(len(kind) for kind in AXES.values()) + 2  # with organised_crime and hostile


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "annotation"


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / CODEBOOK).read_text(encoding="utf-8")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    for path in folder.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def corpus_texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in files.parts(root / "corpora/vpt-nl"):
        yield from ((e.id, e.text) for e in read_examples(path))
    for path in sorted((root / "corpora/vpt-check/cases").glob("*.jsonl")):
        for _, row in files.read_rows(path):
            texts = row["texts"] if "texts" in row else [row["text"]]
            yield from ((row["id"], text) for text in texts)


def fours(text: str) -> set[tuple[str, ...]]:
    words = similarity.fold(text).split()
    return set(zip(words, words[1:], words[2:], words[3:], strict=False)) or {tuple(words)}


def test_the_generated_parts_are_current(folder: Path) -> None:
    assert stale(folder) == [], "run: vptnlp annotate codebook"


def test_codebook_and_training_round_lack_nothing(folder: Path) -> None:
    assert list(faults(folder)) == []


def test_every_label_has_three_clear_and_three_borderline_examples(page: str) -> None:
    counted: dict[str, list[int]] = {}
    for example in codebook.examples(page):
        counted.setdefault(example.label, [0, 0])[not example.clear] += 1
    assert len(counted) == LABEL_COUNT + len(DetailKind) + len(CueKind)
    assert {label: count for label, count in counted.items() if min(count) < 3} == {}


def test_marked_words_have_clean_edges(page: str) -> None:
    spans = {*map(str, DetailKind), *map(str, CueKind)}
    for example in codebook.examples(page):
        assert not example.marked or example.label in spans, example.label
        for words in example.marked:
            assert words == words.strip().strip(".,;:!?"), f"{example.label}: {words}"
        # A borderline reason that says the kind holds shows which words, one that says it does not shows none.
        if example.label in spans and not example.clear:
            assert bool(example.marked) == example.reason.startswith(codebook.VERDICTS[0]), (
                f"{example.label}: {example.text}"
            )


def test_the_training_round_covers_the_taxonomy(folder: Path) -> None:
    examples = read_round(folder)
    assert len(examples) == 30
    for axis, kind in AXES.items():
        held = [getattr(e.labels, axis) for e in examples]
        assert {str(v) for given in held for v in ([given] if isinstance(given, kind) else given)} == {
            str(v) for v in kind
        }
    assert {e.labels.organised_crime for e in examples} == {True, False}
    assert {s.kind for e in examples for s in e.details} == set(DetailKind)
    assert {s.kind for e in examples for s in e.cues} == set(CueKind)


def test_no_example_is_in_a_corpus(root: Path, folder: Path, page: str) -> None:
    own = [(f"codebook {number}", e.text) for number, e in enumerate(codebook.examples(page))]
    own += [(e.id, e.text) for e in read_round(folder)]
    names = {name for name, _ in own}
    known = list(corpus_texts(root))
    # Comparing all pairs of a corpus takes minutes; messages that share no four words in a row are hardly alike.
    used = {words for _, text in own for words in fours(text)}
    near = [(name, text) for name, text in known if not used.isdisjoint(fours(text))]
    found = similarity.near_duplicates([*near, *own], 0.25)
    assert [pair for pair in found if (pair.first in names) != (pair.second in names)] == []
    # Short examples are compared as a whole by `near_duplicates`; here they may not stand inside a longer message either.
    everything = " | ".join(similarity.fold(text) for _, text in known)
    inside = [text for _, text in own if len((folded := similarity.fold(text)).split()) >= 4 and folded in everything]
    assert inside == []


def test_right_answers_agree_with_themselves(folder: Path, tmp_path: Path) -> None:
    """The way described in the training round: own answers against the known ones."""
    own = tmp_path / "anna.jsonl"
    rows = [json.loads(line) for line in (folder / JUDGEMENTS).read_text(encoding="utf-8").splitlines()]
    own.write_text("".join(json.dumps(row | {"annotator": "anna"}) + "\n" for row in rows), encoding="utf-8")
    known = str(folder / JUDGEMENTS)
    arguments = [
        "annotate",
        "agreement",
        str(own),
        known,
        "--corpus",
        str(folder / TASKS),
        "--draws",
        "0",
        "-f",
        "json",
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {axis: figures["alpha"]["value"] for axis, figures in found["axes"].items()} == dict.fromkeys(
        found["axes"], 1.0
    )


def test_refresh_fills_regions_and_leaves_the_rest() -> None:
    page = codebook.refresh(PAGE, REGIONS)
    assert page == PAGE.replace("old\n", "new\n").replace("begin: b -->\n", "begin: b -->\nother\n")
    assert codebook.refresh(page, REGIONS) == page


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE.replace("<!-- end: a -->", ""), "no end"),
        (PAGE.replace("<!-- end: b -->", "<!-- end: c -->"), "no end"),
        (PAGE.replace(": b -->", ": c -->"), "unknown: c"),
        (PAGE + "<!-- begin: a -->\n<!-- end: a -->", "twice: a"),
        (PAGE.partition("<!-- begin: b")[0], "lacks regions: b"),
    ],
)
def test_damaged_marks_are_named(page: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        codebook.refresh(page, REGIONS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("### vijandig (`hostile`)", "### vijandig", "'hostile' has no section"),
        (codebook.MISTAKE, "Fout:", "no line that starts with"),
        ("- «Sukkel met je pet", "«Sukkel met je pet", "'hostile' has 2 clear"),
        ("» — **Niet.** Woede over", " — **Niet.** Woede over", "not written as"),
        ("**Niet.** Woede over een", "Woede over een", "'hostile' has a borderline reason"),
        (
            "«Je woont op **Kwikstaarthof 903**.»",
            "«Je woont op Kwikstaarthof 903.»",
            "'ADDRESS' has a clear example without",
        ),
    ],
)
def test_what_a_section_lacks_is_named(page: str, old: str, new: str, said: str) -> None:
    assert old in page
    assert any(said in fault for fault in codebook.faults(page.replace(old, new)))


def test_the_command_names_what_is_stale_and_mends_it(copy: Path) -> None:
    path = copy / CODEBOOK
    path.write_text(
        path.read_text(encoding="utf-8").replace("| `veiled` | bedekt |", "| `veiled` | verhuld |"), encoding="utf-8"
    )
    (copy / JUDGEMENTS).unlink()
    checked = CliRunner().invoke(app, ["annotate", "codebook", str(copy), "--check"])
    assert checked.exit_code == 1
    assert checked.stderr.count("not current") == 2
    assert not (copy / JUDGEMENTS).exists()
    written = CliRunner().invoke(app, ["annotate", "codebook", str(copy)])
    assert written.exit_code == 0, written.output
    assert written.stdout.count("written") == 2
    assert stale(copy) == []


def test_an_answer_without_a_reason_is_named(copy: Path) -> None:
    path = copy / ANSWERS
    path.write_text(
        path.read_text(encoding="utf-8").replace("**Waarom.** Een storing", "Een storing"), encoding="utf-8"
    )
    assert [fault.partition(":")[0] for fault in faults(copy)] == ["oefen-21"]


def test_an_answer_that_breaks_a_rule_is_named_without_its_text(copy: Path) -> None:
    path = copy / TASKS
    path.write_text(
        path.read_text(encoding="utf-8").replace('"nature": ["emotional"], "aims": ["gain_', '"aims": ["gain_'),
        encoding="utf-8",
    )
    found = CliRunner().invoke(app, ["annotate", "codebook", str(copy)])
    assert found.exit_code == 1
    assert "oefen-17: A hostile message has at least one nature." in found.stderr
    assert "Kanaalratten" not in found.output


def test_a_folder_without_the_pages_is_refused(copy: Path) -> None:
    (copy / CODEBOOK).unlink()
    error = CliRunner().invoke(app, ["annotate", "codebook", str(copy)]).exception
    assert isinstance(error, ConfigError)
    assert f"'{copy / CODEBOOK}' cannot be read" in str(error)
