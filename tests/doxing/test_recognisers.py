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
"""What any recogniser must bear, repeated to `SIZE`."""

OWN_UNITS = {
    DetailKind.ADDRESS: ["De ", "Van 't ", "kerkstr. 1 bis ", "St. ", "12-a-", "bus 1.1 ", "woont op nummer 1-", "laan van de "],
    DetailKind.AGE: ["een jaar of ", "12 jaar ", "van 9 ", "(1 jaar, ", "rond de 30 ", "huis is 9 jaar oud ", "ik 1 en "],
    DetailKind.APPEARANCE: ["rode en ", "die rode jas met ", "litteken in zijn ", "mooie hond ", "je rode, rode, rode "],
    DetailKind.BSN: ["bsn ", "1 1 ", "9_9", "bsn 999o", "99.99-", "bsn negen en ", "85.07.30-"],
    DetailKind.COORDINATES: ["52° 5' ", "lat 52.1234 ", "n 52.1234 e ", "52.1234 en ", "https://maps/1.111,", "geo:52.11,"],
    DetailKind.DATE_OF_BIRTH: ["1 mei ", "geb. op de ", "1-1-19", "geboren een mei en ", "is van ", "'9", "1990-01-"],
    DetailKind.EMAIL: ["a.a.", "a at ", "a punt a ", "a @ ", "a [at] ", "*punt*", "a_a-", "a@a.", " .a"],
    DetailKind.FAMILY: ["de man van ", "je oudste ", "mijn lieve kleine ", "zoon ", "de vrouw van agent ", "moeder "],
    DetailKind.HANDLE: ["@a.", "account van ", "insta a.a.", "a#1", "u/", "@a@a.", "van a_", "a_1"],
    DetailKind.IBAN: ["nl", "n l 1 ", "NL55 ABNA ", "nl11-", "be 1 1 ", "NL55ABNA0", "o0"],
    DetailKind.ID_NUMBER: ["paspoort nummer ", "rijbewijs 3", "badge: ", "P12345", "NN1", "big nr. ", "592-", ", A "],
    DetailKind.INSTITUTION: ["School Van ", "zit op De ", "De School ", "kerk waar ", "obs 't ", "Sint Sint", "GO! school A "],
    DetailKind.IP_ADDRESS: ["1.1.1.", "a:", "1 punt ", "1[.]", "::1.1", "ip ", "2001:db8:"],
    DetailKind.LICENCE_PLATE: ["a1", "aa-11-", "12 ab ", "kenteken begint met ", "plaat a-", "1-abc-", "kenteken "],
    DetailKind.PERSON: ["A.", "t.a.v. ", "Jan-de ", "van der ", "meneer ", "Jan Jan ", "De Boer-de ", "'t ", "groet, "],
    DetailKind.PHONE: ["+31 ", "0_6*", "nul6", "06-één-", "o6l", "acht en ", "+(0)", "06/12·"],
    DetailKind.PLACE: ["den ", "Bergen op ", "woont in de ", "uit Den ", "kerkstraat ", "'s-"],
    DetailKind.POSTCODE: ["1234 ", "1234-a", "1 2 3 4 A ", "be-1234 ", "postcode ", "nl-1234"],
    DetailKind.ROUTINE: ["elke maandag en ", "altijd om ", "'s avonds om ", "ma, di en ", "je loopt elke ", "half acht bij de "],
    DetailKind.URL: ["a.nl/", "www.", "www punt ", "hxxp://a[.]", "a.ly/", "http://[", "a-a.", "Stop.nu"],
    DetailKind.VEHICLE: ["rode audi ", "zwarte Aa 1 ", "je oude ", "mini cooper ", "donkerblauwe ", "rijdt in een "],
    DetailKind.WORKPLACE: ["baan bij De & ", "werkt er daar nu ", "bakkerij A ", "werk: ", "\nWerk: A", "aassistent"],
}  # fmt: skip
"""For each kind, fragments of its own patterns that almost match."""


@pytest.fixture(scope="module")
def hostile_texts() -> list[tuple[str, Passage]]:
    return [(unit, repeated(unit)) for unit in UNITS]


def repeated(unit: str) -> Passage:
    return Passage((unit * (SIZE // len(unit) + 1))[:SIZE])


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
        assert case["reason"].endswith("."), "A known failure says why it fails."
        assert found != wanted, "This case works now: remove its 'known_failure'."
    else:
        assert found == wanted


@pytest.mark.parametrize("kind", list(DetailKind))
def test_every_kind_has_positive_and_negative_cases(kind):
    texts = [case["text"] for case in cases(kind.lower())]
    marked = [f"[[{kind}:" in text for text in texts]
    assert len(set(texts)) == len(texts) >= 40
    assert sum(marked) >= 20
    assert len(marked) - sum(marked) >= 10


def test_every_kind_has_a_recogniser():
    assert frozenset().union(*(recogniser.kinds for recogniser in RECOGNISERS)) == frozenset(DetailKind)


@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda recogniser: type(recogniser).__name__)
def test_time_is_linear(recogniser, hostile_texts):
    own = [(unit, repeated(unit)) for kind in sorted(recogniser.kinds) for unit in OWN_UNITS[kind]]
    assert own
    for unit, text in [*hostile_texts, *own]:
        start = time.process_time()
        for span in recogniser.find(text):
            assert span.kind in recogniser.kinds
        assert time.process_time() - start < LIMIT, f"{unit!r} takes too long."


@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda recogniser: type(recogniser).__name__)
def test_plain_text_is_a_passage_too(recogniser):
    text = "Beste Anna, bel 06-13370042 of mail naar jan@voorbeeld.example. Kerkstraat 4, 1234 AB Zwolle."
    assert list(recogniser.find(text)) == list(recogniser.find(Passage(text)))
