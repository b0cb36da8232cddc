"""The rule files: what they say, and which mistakes are refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vptnlp.triage
from vptnlp.errors import ConfigError
from vptnlp.messages import Labels, Urgency
from vptnlp.taxonomy import Doxing, Form, Threat
from vptnlp.triage import Rules, load_rules

HERE = Path(vptnlp.triage.__file__).parent
DUTCH = {"de", "het", "een", "en", "of", "van", "dat", "die", "op", "in", "met", "wie", "wat", "niet", "is", "er", "als", "aan",
         "kan", "om", "iemand", "bericht", "staat", "geen"}  # fmt: skip
ENGLISH = {"the", "and", "or", "with", "message", "police", "report", "if", "not", "you", "this", "that"}


def sentences() -> Iterator[tuple[str, str]]:
    rules = tomllib.loads((HERE / "rules.toml").read_text("utf-8"))
    steps = tomllib.loads((HERE / "steps.toml").read_text("utf-8"))
    yield from ((f"factors.{key}", table["text"]) for key, table in rules["factors"].items())
    yield from ((f"steps.{key}", table["text"]) for key, table in steps["steps"].items())


@pytest.mark.parametrize(("place", "text"), list(sentences()), ids=lambda value: value if "." in value[:12] else "")
def test_every_text_is_a_dutch_sentence(place: str, text: str) -> None:
    words = re.findall(r"\w+", text.casefold())
    assert len(DUTCH & set(words)) >= 1
    assert not ENGLISH & set(words)
    assert text[0].isupper() and text[-1] in ".?"


def test_sentences_are_short() -> None:
    # B1: most sentences under twenty words; none above thirty-five.
    lengths = [len(part.split()) for _, text in sentences() for part in re.split(r"(?<=[.?])\s+", text)]
    assert max(lengths) <= 35
    assert sum(length <= 20 for length in lengths) / len(lengths) > 0.85


def test_every_step_has_a_source(rules: Rules) -> None:
    assert len(rules.steps) > 40
    assert all(step.source.strip() for step in rules.steps)
    assert all(hours is None or hours >= 1 for step in rules.steps for hours in step.due_hours.values())


def test_terms_never_grow_with_urgency(rules: Rules) -> None:
    for step in rules.steps:
        hours = [step.due_hours[level] for level in Urgency]
        timed = [value for value in hours if value is not None]
        assert timed == sorted(timed, reverse=True), step.key


def test_a_home_address_is_the_heaviest_detail(rules: Rules) -> None:
    points = {factor.key: factor.points for factor in rules.factors}
    others = ("place", "routine", "licence_plate", "phone", "online_contact", "identity_number")
    assert points["home_address"] > max(points[key] for key in others)


def test_statute_texts_are_dutch_and_judge_nobody(rules: Rules) -> None:
    for statute in rules.statutes:
        assert re.match(r"\d{3}[a-z]?\b.* Sr \(", statute.article)
        for element in statute.elements:
            for text in [element.not_shown, *(showing.text for showing in element.shown)]:
                assert not re.search(r"schuldig|veroordeel|bewezen|is strafbaar|dader", text), text
                assert not ENGLISH & set(re.findall(r"\w+", text.casefold()))


SHIPPED = (HERE / "rules.toml").read_text("utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert SHIPPED.count(old) >= 1
    path = tmp_path / "rules.toml"
    path.write_text(SHIPPED.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("[levels]", "[level]", "Did you mean 'levels'"),
        ("half_points", "half_point", "Did you mean 'half_points'"),
        ("points = 5", "pionts = 5", "At 'factors.direct_threat': unknown key 'pionts' (did you mean 'points'?)"),
        ("points = 5", "points = -1", "factors.direct_threat.points"),
        ("points = 5", "points = true", "factors.direct_threat.points"),
        ('threat = ["direct"]', 'threats = ["direct"]', "unknown key 'threats' (did you mean 'threat'?)"),
        ('threat = ["direct"]', 'threat = ["directly"]', "Input should be 'none', 'veiled', 'conditional' or 'direct'"),
        ('threat = ["direct"]', "threat = []", "leave the key out"),
        ('when = { threat = ["direct"] }', "when = []", "factors.direct_threat.when"),
        ('threat = ["direct"]', 'signals = ["uncertian"]', "no signal 'uncertian' (did you mean 'uncertain'?)"),
        ('threat = ["direct"]', 'urgency = ["high"]', "follows from the factors"),
        ('group = "home"', 'group = "hom"', "no group 'hom' (did you mean 'home'?)"),
        ('spans = ["weapon"]', 'spans = ["wapon"]', "no spans 'wapon' (did you mean 'weapon'?)"),
        ("high = 7 ", "high = 2 ", "the levels must rise"),
        ("day_hours = 24 ", "day_hours = 999 ", "'day_hours' must not be more than 'week_hours'"),
        ("low = 0.35", "low = 0.95", "'low' must not be more than 'high'"),
        ("tone = 2 ", 'tone = "most" ', "groups.tone"),
        ("'\\blaatste waarschuwing\\b'", "'(laatste'", "no valid pattern"),
        ("repeated_contact = [", "hostile = ['x']\nrepeated_contact = [", "this name is taken"),
        ("[levels]", "[levels", "not valid TOML"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, old: str, new: str, part: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(part)) as raised:
        load_rules(changed(tmp_path, old, new))
    assert "rules.toml" in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"geen\.toml"):
        load_rules(tmp_path / "geen.toml")


def test_an_organisation_changes_words_and_weights(tmp_path: Path, assess: Any) -> None:
    path = changed(tmp_path, "points = 5\n", "points = 50\n")
    path.write_text(path.read_text("utf-8").replace("kondigt kwaad aan, zonder", "dreigt, zonder"), "utf-8")
    triage = assess(Labels(threat=Threat.DIRECT), rules=load_rules(path))
    assert triage.urgency is Urgency.CRITICAL
    assert triage.factors[0].text == "Het bericht dreigt, zonder voorwaarde."


def test_an_organisation_brings_its_own_steps(tmp_path: Path, assess: Any) -> None:
    step = "[steps.bel]\ntext = 'Bel toestel 12.'\nsource = 'Huisregels'\nwhen = { signals = ['hostile'] }\n"
    (tmp_path / "eigen.toml").write_text(step, "utf-8")
    path = tmp_path / "rules.toml"
    path.write_text('steps = "eigen.toml"\n' + SHIPPED, "utf-8")
    triage = assess(Labels(threat=Threat.DIRECT), rules=load_rules(path))
    assert [step.key for step in triage.steps] == ["bel"]
    assert triage.statutes

    (tmp_path / "eigen.toml").write_text(step.replace("source", "bron"), "utf-8")
    with pytest.raises(ConfigError, match=r"eigen\.toml.*At 'steps.bel': unknown key 'bron'"):
        load_rules(path)


def test_doubt_is_told_and_left_to_the_reader(assess: Any) -> None:
    calm = assess(Labels(), hostile=0.5)
    assert calm.urgency is Urgency.NONE and not calm.steps and [f.key for f in calm.factors] == ["uncertain"]
    hostile = assess(Labels(threat=Threat.VEILED), hostile=0.5)
    assert "second_reader" in {step.key for step in hostile.steps}
    sure = assess(Labels(threat=Threat.VEILED), hostile=0.9)
    assert sure.urgency is hostile.urgency and sure.score == hostile.score
    assert "uncertain" not in {factor.key for factor in sure.factors}


def test_scolding_adds_nothing_to_danger(assess: Any) -> None:
    bare = Labels(threat=Threat.DIRECT, doxing=Doxing.NONE)
    scolding = Labels(threat=Threat.DIRECT, doxing=Doxing.NONE, forms=frozenset({Form.VERBAL_ABUSE}))
    assert assess(bare).score == assess(scolding).score


def test_the_mapping_in_the_docs_is_complete(rules: Rules, root: Path) -> None:
    text = (root / "docs/vpt-measures.md").read_text("utf-8")
    for factor in rules.factors:
        assert f"| `{factor.key}` | {factor.points} |" in text
    for step in rules.steps:
        assert f"`{step.key}`" in text
    for statute in rules.statutes:
        assert statute.article.split(" (")[0] in text
    for level, points in rules.levels:
        assert f"`{level}` from {points}" in text
