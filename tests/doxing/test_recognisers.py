"""Gold cases: one file a recogniser, and linear time for each."""

import json
import time
from pathlib import Path

import pytest

from vptnlp.corpus import markup
from vptnlp.doxing import RECOGNISERS, find_details
from vptnlp.doxing.base import Passage
from vptnlp.taxonomy import DetailKind

CASES = Path(__file__).parent / "cases"
SIZE = 100_000
LIMIT = 1.0
"""Seconds for 100 kB of hostile text, many times what a recogniser needs."""

UNITS = [
    "a", "1", "A ", "0 ", "06-", "@", "a@", "a.", "1a", "J. ", "1.1.", "::", "e\u0301", "😀", "\n", "kerkstraat 1 ",
    "Van De ", "de moeder van ", "mijn oude ", "elke dag om ", "ma di ", "nul zes ", "die rode deur met ", "basisschool De ",
    "werkt bij De ", "Jan ", "52.12345, 4.1", "geboren 1-1-", "ik ben een ", "zwarte audi a4 ", "a punt ", "https://", "12-ab-",
]  # fmt: skip


@pytest.fixture(scope="module")
def hostile_texts() -> list[tuple[str, Passage]]:
    return [(unit, Passage((unit * (SIZE // len(unit) + 1))[:SIZE])) for unit in UNITS]


def cases(name: str) -> list[dict]:
    return [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]


def all_cases():
    for kind in DetailKind:
        for number, case in enumerate(cases(kind.lower()), start=1):
            yield pytest.param(kind, case, id=f"{kind.lower()}-{number}")


@pytest.mark.parametrize(("kind", "case"), list(all_cases()))
def test_gold_case(kind, case):
    text, gold = markup.parse(case["text"])
    found = [span.text_of(text) for span in find_details(text) if span.kind == kind]
    wanted = [span.text_of(text) for span in gold]
    if case.get("known_failure"):
        assert found != wanted, "This case works now: remove its 'known_failure'."
    else:
        assert found == wanted


@pytest.mark.parametrize("kind", list(DetailKind))
def test_every_kind_has_positive_and_negative_cases(kind):
    marked = [f"[[{kind}:" in case["text"] for case in cases(kind.lower())]
    assert len(marked) >= 15
    assert any(marked)
    assert not all(marked)


def test_every_kind_has_a_recogniser():
    assert frozenset().union(*(recogniser.kinds for recogniser in RECOGNISERS)) == frozenset(DetailKind)


@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda recogniser: type(recogniser).__name__)
def test_time_is_linear(recogniser, hostile_texts):
    for unit, text in hostile_texts:
        start = time.process_time()
        for span in recogniser.find(text):
            assert span.kind in recogniser.kinds
        assert time.process_time() - start < LIMIT, f"{unit!r} takes too long."


@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda recogniser: type(recogniser).__name__)
def test_plain_text_is_a_passage_too(recogniser):
    text = "Beste Anna, bel 06-13370042 of mail naar jan@voorbeeld.example. Kerkstraat 4, 1234 AB Zwolle."
    assert list(recogniser.find(text)) == list(recogniser.find(Passage(text)))
