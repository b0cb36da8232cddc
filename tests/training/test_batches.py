from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from vptnlp.classify.outputs import OUTPUTS, slices  # noqa: E402
from vptnlp.corpus import Example, load_split  # noqa: E402
from vptnlp.messages import Labels, Span  # noqa: E402
from vptnlp.taxonomy import CueKind, DetailKind, Form, Nature, Subject, Threat  # noqa: E402
from vptnlp.training.batches import IGNORED, SpecialTokens, batched, collate, encode  # noqa: E402
from vptnlp.training.gold import gold_matrix, vote_means  # noqa: E402
from vptnlp.word_scores import BEGIN, INSIDE, KINDS, OUTSIDE, SUBJECTS  # noqa: E402

EXAMPLE = Example(
    id="a-1",
    scenario="a",
    text="Wacht maar, je dochter Noa komt niet thuis",
    labels=Labels(Threat.VEILED, nature=frozenset({Nature.EMOTIONAL}), forms=frozenset({Form.PHYSICAL_VIOLENCE})),
    details=(
        Span(12, 22, DetailKind.FAMILY, Subject.RELATIVE),
        Span(23, 26, DetailKind.PERSON, Subject.RELATIVE),
    ),
    cues=(Span(0, 42, CueKind.THREAT_PHRASE),),
)


def test_shouting_is_learned_as_it_is_read(tokenizer) -> None:  # type: ignore[no-untyped-def]
    shouted = replace(EXAMPLE, text=EXAMPLE.text.upper())
    quiet = replace(EXAMPLE, text=EXAMPLE.text.lower())
    assert encode(shouted, tokenizer, 512).ids == encode(quiet, tokenizer, 512).ids
    assert encode(shouted, tokenizer, 512).ids != tokenizer.encode(shouted.text).ids


def test_labels_lie_over_the_words(tokenizer) -> None:  # type: ignore[no-untyped-def]
    encoded = encode(EXAMPLE, tokenizer, 512)
    words = ["Wacht", "maar", ",", "je", "dochter", "Noa", "komt", "niet", "thuis"]
    assert len(encoded.words) == len(words) == len(encoded.kinds)
    family = encoded.kinds[:, KINDS.index(DetailKind.FAMILY)].tolist()
    assert family == [OUTSIDE] * 3 + [BEGIN, INSIDE] + [OUTSIDE] * 4
    assert encoded.kinds[:, KINDS.index(CueKind.THREAT_PHRASE)].tolist() == [BEGIN] + [INSIDE] * 8
    assert encoded.subjects == [IGNORED] * 3 + [SUBJECTS.index(Subject.RELATIVE)] * 3 + [IGNORED] * 3


def test_votes_soften_the_targets() -> None:
    none = {"annotator": "b", "threat": "none", "nature": [], "aims": [], "forms": [], "targets": [], "doxing": "none"}
    target = vote_means(replace(EXAMPLE, votes=({**none, "organised_crime": False},)))
    where = OUTPUTS.index(("threat", "veiled"))
    assert target[where] == pytest.approx(2 / 3)
    assert target[slices()["threat"]].sum() == pytest.approx(1)
    assert gold_matrix([EXAMPLE])[0, where] == 1


def test_batches_hold_every_message_once_and_keep_their_budget(tokenizer) -> None:  # type: ignore[no-untyped-def]
    examples = load_split(Path(__file__).parents[2] / "corpora/vpt-nl", "dev")[:120]
    rows = [encode(e, tokenizer, 512) for e in examples]
    for order in (None, random.Random(1)):
        groups = list(batched(rows, 600, order))
        assert sorted(id(r) for g in groups for r in g) == sorted(map(id, rows))
        for group in groups:
            assert len(group) == 1 or max(len(r.ids) for r in group) * len(group) <= 600


def test_padding_is_masked_and_words_point_at_their_tokens(tokenizer) -> None:  # type: ignore[no-untyped-def]
    short = replace(EXAMPLE, text="Dag", details=(), cues=(), labels=Labels())
    rows = [encode(EXAMPLE, tokenizer, 512), encode(short, tokenizer, 512)]
    special = SpecialTokens.of(tokenizer)
    batch = collate(rows, special.pad)
    assert batch.mask.sum(1).tolist() == [len(r.ids) for r in rows]
    assert (batch.ids[batch.mask == 0] == special.pad).all()
    flat = batch.ids.reshape(-1)
    assert flat[batch.words].tolist() == [r.ids[w] for r in rows for w in r.words]
    assert np.allclose(batch.targets.numpy(), [r.targets for r in rows])
