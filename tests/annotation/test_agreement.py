from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.annotation.agreement import AgreementReport, measure
from vptnlp.annotation.figures import Figure, figure
from vptnlp.annotation.judgements import Judgement
from vptnlp.corpus.records import labels_from_dict
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Subject, Threat

Answer = Callable[..., Judgement]
UNDEFINED = Figure(None)
LEVELS = list(Threat)


def point(found: Figure) -> float:
    assert found.value is not None
    return found.value


def test_nominal_axis_equals_krippendorffs_binary_example(answer: Answer) -> None:
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    judgements = [answer(f"m{i}", "anna", organised_crime=bool(v)) for i, v in enumerate(first)]
    judgements += [answer(f"m{i}", "bram", organised_crime=bool(v)) for i, v in enumerate(second)]
    report = measure(judgements, draws=0)
    assert report.axes["organised_crime"].alpha == Figure(0.0952)
    assert report.axes["organised_crime"].equal == 0.6
    # Observed 0.6; by chance 0.2 * 0.4 + 0.8 * 0.6 = 0.56.
    assert report.pairs[0].axes["organised_crime"] == Figure(0.0909)


def test_ordinal_axis_equals_krippendorffs_example_without_its_fifth_value(answer: Answer) -> None:
    rows = {"a": "123321412   ", "b": "123322412  3", "c": " 33323422 1 ", "d": "123324412 1 "}
    judgements = [
        answer(f"m{i}", name, threat=str(LEVELS[int(value) - 1]))
        for name, values in rows.items()
        for i, value in enumerate(values)
        if value != " "
    ]
    report = measure(judgements, draws=0)
    assert report.axes["threat"].distance == "ordinal"
    assert point(report.axes["threat"].alpha) == pytest.approx(ordinal_by_definition(rows), abs=5e-5)


def ordinal_by_definition(rows: dict[str, str]) -> float:
    """Krippendorff's text, value by value."""
    units = [[int(row[i]) for row in rows.values() if row[i] != " "] for i in range(12)]
    units = [unit for unit in units if len(unit) > 1]
    n = [sum(unit.count(v) for unit in units) for v in range(5)]

    def delta(c: int, k: int) -> float:
        low, high = sorted((c, k))
        return (sum(n[low : high + 1]) - (n[low] + n[high]) / 2) ** 2

    observed = sum(
        delta(a, b) / (len(unit) - 1)
        for unit in units
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    )
    expected = sum(n[c] * n[k] * delta(c, k) for c in range(1, 5) for k in range(1, 5))
    return 1 - (sum(n) - 1) * observed / expected


def test_set_axis_by_hand(answer: Answer) -> None:
    abuse, violence = "verbal_abuse", "physical_violence"
    first = [[abuse], [abuse, violence], [], [violence]]
    second = [[abuse], [abuse], [], [abuse]]
    judgements = [answer(f"m{i}", "anna", forms=forms) for i, forms in enumerate(first)]
    judgements += [answer(f"m{i}", "bram", forms=forms) for i, forms in enumerate(second)]
    report = measure(judgements, draws=0)
    # Distances: {abuse, violence}-{abuse} 2/3, {violence}-{abuse} 1. Observed 2 * (2/3 + 1) = 10/3.
    # Answers: {abuse} 4, both 1, none 2, {violence} 1. Expected 2 * (4*2/3 + 4*2 + 4 + 2 + 2/3 + 2) = 116/3.
    assert point(report.axes["forms"].alpha) == pytest.approx(1 - 7 * (10 / 3) / (116 / 3), abs=5e-5)
    assert report.axes["forms"].equal == 0.5
    # Violence: yes-no, yes-no, twice no-no. Observed 4 of 8, expected 2 * 2 * 6 of 8 * 7.
    violent = report.labels["forms"][violence]
    assert violent.given == 2
    assert point(violent.alpha) == pytest.approx(1 - 7 * 4 / (2 * 2 * 6), abs=5e-5)


def test_confusion_counts_each_pair_of_answers(answer: Answer) -> None:
    given_ = {"m1": ("none", "none", "veiled"), "m2": ("direct", "conditional"), "m3": ("veiled",)}
    judgements = [answer(m, f"a{i}", threat=v) for m, values in given_.items() for i, v in enumerate(values)]
    report = measure(judgements, draws=0)
    assert report.confusion["threat"] == [[1, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert (report.items, report.shared) == (3, 2)
    assert report.annotators["a0"].answers == 3 and report.annotators["a0"].shared == 2


def test_pairs_share_different_items(answer: Answer) -> None:
    judgements = [answer(f"m{i}", name, threat=LEVELS[i % 4]) for i in range(8) for name in ("anna", "bram")]
    judgements += [answer(f"m{i}", "cees", threat=LEVELS[(i + i // 4) % 4]) for i in range(4, 8)]
    judgements += [answer(f"n{i}", "daan", threat="direct") for i in range(3)]
    report = measure(judgements, draws=0)
    assert [(p.first, p.second, p.items) for p in report.pairs] == [
        ("anna", "bram", 8),
        ("anna", "cees", 4),
        ("bram", "cees", 4),
    ]
    assert report.pairs[0].axes["threat"] == Figure(1.0)
    # Each of the four values once and never the same: observed 0, by chance 1/4.
    assert report.pairs[1].axes["threat"] == Figure(-0.3333)
    assert report.annotators["daan"].shared == 0


def test_one_value_only_is_undefined(answer: Answer) -> None:
    report = measure([answer(f"m{i}", name) for i in range(5) for name in ("anna", "bram")], draws=50)
    for axis in report.axes.values():
        assert (axis.alpha, axis.fleiss, axis.equal) == (UNDEFINED, UNDEFINED, 1.0)
    assert report.pairs[0].axes["threat"] == UNDEFINED
    assert report.spans["details"].all.exact == UNDEFINED
    assert report.spans["details"].silent == ("anna", "bram")
    assert report.disagreements == ()
    assert json.loads(json.dumps(report.to_dict()))["axes"]["threat"]["alpha"]["value"] is None


def sampled(rng: random.Random) -> Labels:
    if rng.random() < 0.4:
        return Labels()
    return Labels(
        threat=rng.choice(LEVELS),
        aims=frozenset(a for a in Aim if rng.random() < 0.3),
        doxing=rng.choice(list(Doxing)),
        organised_crime=rng.random() < 0.2,
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_the_order_of_judgements_does_not_matter(seed: int, annotators: int) -> None:
    rng = random.Random(seed)
    judgements = [
        Judgement(f"m{i}", f"a{a}", sampled(rng))
        for i in range(12)
        for a in range(annotators)
        if i < 2 or rng.random() < 0.8
    ]
    shuffled = rng.sample(judgements, len(judgements))
    one, other = measure(judgements, draws=0), measure(shuffled, draws=0)
    assert (one.axes, one.labels, one.pairs, one.confusion) == (other.axes, other.labels, other.pairs, other.confusion)
    renamed = measure([replace(j, annotator=f"z{9 - int(j.annotator[1])}") for j in judgements], draws=0)
    assert renamed.axes == one.axes


def test_perfect_agreement_is_one_with_a_tight_interval() -> None:
    rng = random.Random(3)
    given_ = [sampled(rng) for _ in range(200)]
    judgements = [Judgement(f"m{i}", name, labels) for name in ("anna", "bram") for i, labels in enumerate(given_)]
    report = measure(judgements, draws=200)
    for axis in ("threat", "aims", "doxing", "organised_crime", "hostile"):
        assert (
            report.axes[axis].alpha == report.axes[axis].fleiss == report.pairs[0].axes[axis] == Figure(1.0, 1.0, 1.0)
        )
    assert report.disagreements == ()


def test_independent_answers_are_about_zero_and_the_interval_says_so() -> None:
    rng = random.Random(4)
    judgements = [Judgement(f"m{i}", name, sampled(rng)) for name in ("anna", "bram") for i in range(1500)]
    report = measure(judgements, draws=300)
    for axis in ("threat", "aims", "doxing", "organised_crime"):
        alpha = report.axes[axis].alpha
        assert abs(point(alpha)) < 0.1
        assert alpha.low is not None and alpha.high is not None
        assert alpha.low < 0.05 and alpha.high > -0.05
        assert alpha.high - alpha.low < 0.2


def test_planted_disagreement_is_found_where_it_was_planted() -> None:
    rng = random.Random(5)
    gold = [sampled(rng) for _ in range(400)]
    planted = set(rng.sample(range(400), 80))
    bram = [
        replace(labels, threat=LEVELS[(LEVELS.index(labels.threat) + 1) % 4]) if i in planted else labels
        for i, labels in enumerate(gold)
    ]
    judgements = [Judgement(f"m{i}", "anna", labels) for i, labels in enumerate(gold)]
    judgements += [Judgement(f"m{i}", "bram", labels) for i, labels in enumerate(bram)]
    report = measure(judgements, draws=0)
    assert report.axes["threat"].equal == 0.8
    assert report.axes["aims"].alpha == report.axes["doxing"].alpha == Figure(1.0)
    assert {d.item for d in report.disagreements} == {f"m{i}" for i in planted}
    assert all(set(d.axes) == {"threat"} for d in report.disagreements)
    assert report.disagreements[0].axes["threat"] == 1.0  # none against direct comes before neighbours
    assert [d.score for d in report.disagreements] == sorted((d.score for d in report.disagreements), reverse=True)
    assert sum(map(sum, report.confusion["threat"])) - sum(report.confusion["threat"][i][i] for i in range(4)) == 160


def test_a_rare_label_has_no_interval(answer: Answer) -> None:
    judgements = [
        answer(f"m{i}", name, organised_crime=i == 0, threat=LEVELS[i % 4])
        for i in range(50)
        for name in ("anna", "bram")
    ]
    report = measure(judgements, draws=200)
    assert report.axes["organised_crime"].alpha == Figure(1.0)  # 36% of the resamples do not hold the one case
    assert report.axes["threat"].alpha == Figure(1.0, 1.0, 1.0)


def test_the_interval_covers_the_value_and_narrows() -> None:
    def width(items: int) -> float:
        rng = random.Random(6)
        judgements = []
        for i in range(items):
            labels = sampled(rng)
            other = sampled(rng) if rng.random() < 0.3 else labels
            judgements += [Judgement(f"m{i}", "anna", labels), Judgement(f"m{i}", "bram", other)]
        alpha = measure(judgements, draws=300).axes["threat"].alpha
        assert alpha.value is not None and alpha.low is not None and alpha.high is not None
        assert alpha.low < alpha.value < alpha.high
        return alpha.high - alpha.low

    assert width(800) < 0.6 * width(100)


def test_figure_without_enough_defined_draws() -> None:
    assert figure(np.array([np.nan, 0.5])) == UNDEFINED
    assert figure(np.array([0.5])) == Figure(0.5)
    assert figure(np.array([0.5, *[0.4] * 90, *[np.nan] * 10])) == Figure(0.5)
    assert figure(np.array([0.5, *[0.4] * 96, *[np.nan] * 4])) == Figure(0.5, 0.4, 0.4)


def test_a_figure_does_not_hang_on_the_last_bit() -> None:
    assert figure(np.array([0.15625])) == figure(np.array([np.nextafter(0.15625, 1)]))
    assert figure(np.array([0.15625])) == figure(np.array([np.nextafter(0.15625, 0)]))


def test_span_agreement_by_hand(answer: Answer) -> None:
    target, relative = Subject.TARGET, Subject.RELATIVE
    address, person = DetailKind.ADDRESS, DetailKind.PERSON
    anna = [
        Span(0, 10, address, target),  # exact
        Span(20, 30, address, target),  # overlap of 6 out of 10, another subject
        Span(40, 44, person, target),  # the other calls it an address
    ]
    bram = [Span(0, 10, address, target), Span(24, 30, address, relative), Span(40, 44, address, target)]
    cue = Span(50, 60, CueKind.THREAT_PHRASE)
    judgements = [answer("m1", "anna", anna, [cue], threat="direct"), answer("m1", "bram", bram, threat="direct")]
    judgements += [answer("m2", "anna"), answer("m2", "bram", [Span(0, 4, person, target)])]
    judgements += [answer("m3", "cees"), answer("m3", "anna")]
    report = measure(judgements, draws=0)
    details = report.spans["details"]
    assert details.all.spans == 7
    assert details.all.exact == Figure(round(2 / 7, 4))
    assert details.all.overlap == Figure(round(4 / 7, 4))
    assert details.all.subject == Figure(0.5)
    assert set(details.kinds) == {"ADDRESS", "PERSON"}
    assert details.kinds["ADDRESS"].exact == Figure(0.4)
    assert details.kinds["ADDRESS"].overlap == Figure(0.8)
    assert details.kinds["PERSON"].overlap == Figure(0.0)
    assert details.kinds["PERSON"].subject == UNDEFINED
    assert details.silent == ("cees",)
    assert report.spans["cues"].silent == ("bram", "cees")
    assert report.spans["cues"].all == replace(
        details.all, spans=0, **dict.fromkeys(("exact", "overlap", "subject"), UNDEFINED)
    )
    assert [(p.second, p.spans) for p in report.pairs] == [("bram", {"details": Figure(0.5714)}), ("cees", {})]


def test_spans_of_the_same_annotators_agree_and_cues_have_no_subject(answer: Answer) -> None:
    cues = [Span(0, 5, CueKind.SLUR), Span(9, 12, CueKind.WEAPON)]
    judgements = [answer(f"m{i}", name, cues=cues) for i in range(4) for name in ("anna", "bram")]
    found = measure(judgements, draws=50).spans["cues"]
    assert found.all.exact == found.all.overlap == Figure(1.0, 1.0, 1.0)
    assert found.kinds["slur"].spans == 8
    assert found.all.subject == UNDEFINED


def drifting(timed: bool) -> list[Judgement]:
    """Bram answers as Anna does for fifty items, then calls half of the rest harmless."""
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    judgements = []
    for i in range(100):
        threat = LEVELS[i % 4]
        for name, given_ in (("anna", threat), ("bram", "none" if i >= 50 and i % 2 else threat)):
            labels = labels_from_dict({"threat": given_})
            when = start + timedelta(minutes=i) if timed else None
            judgements.append(Judgement(f"m{i}", name, labels, answered_at=when))
    return judgements


def test_drift_shows_in_the_blocks_where_it_happens() -> None:
    shuffled = random.Random(7).sample(drifting(timed=True), 200)
    for report in (measure(shuffled, draws=0, block=25), measure(drifting(False), draws=0, block=25, in_order=True)):
        bram = report.drift["bram"]
        assert [(b.first, b.last, b.shared) for b in bram] == [(1, 25, 25), (26, 50, 25), (51, 75, 25), (76, 100, 25)]
        agreement = [b.agreement["threat"] for b in bram]
        assert agreement[:2] == [1.0, 1.0]
        assert max(agreement[2:]) < 0.6
        assert bram[3].hostile < bram[0].hostile
        assert set(bram[0].agreement) == {"threat", "hostile"}  # on the other axes there is only one value
    # Over equal blocks the mean is alpha, but for its correction of small samples.
    alpha = point(report.axes["threat"].alpha)
    assert np.mean(agreement) == pytest.approx(alpha, abs=0.01)


def test_no_drift_where_the_order_is_not_known() -> None:
    judgements = drifting(timed=True)
    judgements[0] = replace(judgements[0], answered_at=None)
    assert set(measure(judgements, draws=0).drift) == {"bram"}


def test_drift_counts_answers_that_nobody_shares(answer: Answer) -> None:
    judgements = [answer(f"n{i}", "anna", threat="direct") for i in range(3)]
    judgements += [answer("m1", "anna"), answer("m1", "bram", threat="veiled")]
    blocks = measure(judgements, draws=0, block=3, in_order=True).drift["anna"]
    assert [(b.first, b.last, b.shared, b.hostile) for b in blocks] == [(1, 3, 0, 1.0), (4, 4, 1, 0.0)]
    assert blocks[0].agreement == {} and "threat" in blocks[1].agreement


def test_what_cannot_be_measured_is_said(answer: Answer) -> None:
    one = [answer("m1", "anna"), answer("m2", "bram")]
    with pytest.raises(CorpusError, match="Of the 2 items that were answered none has answers of two annotators"):
        measure(one)
    with pytest.raises(CorpusError, match="'anna' answered the item 'm1' twice"):
        measure([*one, answer("m1", "anna", threat="direct")])
    with pytest.raises(ConfigError, match="block size"):
        measure(one, block=0)


def test_the_same_seed_gives_the_same_report() -> None:
    def report(seed: int) -> AgreementReport:
        rng = random.Random(8)
        return measure(
            [Judgement(f"m{i}", f"a{a}", sampled(rng)) for i in range(40) for a in range(2)], draws=100, seed=seed
        )

    assert report(1) == report(1)
    assert report(1).axes["threat"].alpha != report(2).axes["threat"].alpha


def test_fifteen_hundred_items_take_well_under_half_a_minute() -> None:
    import time

    rng = random.Random(9)
    judgements: list[Judgement] = []
    for i in range(1500):
        details: tuple[Any, ...] = (Span(0, 5, DetailKind.PERSON, Subject.TARGET),)
        judgements += [Judgement(f"m{i}", f"a{a}", sampled(rng), details) for a in range(2)]
    started = time.process_time()
    measure(judgements)
    assert time.process_time() - started < 30
