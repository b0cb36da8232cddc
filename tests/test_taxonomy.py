from __future__ import annotations

import pytest

from vptnlp import taxonomy
from vptnlp.taxonomy import AXES, Aim, CueKind, DetailKind, Doxing, Form, Subject, Threat


def test_keys_are_those_of_the_published_record() -> None:
    assert [*map(str, Threat)] == ["none", "veiled", "conditional", "direct"]
    assert [*map(str, Doxing)] == ["none", "hint", "exposure", "call"]
    assert (len(DetailKind), len(CueKind), len(Subject)) == (22, 8, 5)
    assert [*AXES] == ["threat", "nature", "aims", "forms", "targets", "doxing"]


@pytest.mark.parametrize("kind", [*AXES.values(), DetailKind, Subject, CueKind])
def test_every_label_has_a_dutch_name_and_definition(kind: type[taxonomy.Label]) -> None:
    for label in kind:
        assert label.dutch
        assert label.definition.endswith(".")
    assert len({label.dutch for label in kind}) == len(kind)


@pytest.mark.parametrize(
    ("threat", "doxing", "aims", "forms", "hostile"),
    [
        (Threat.NONE, Doxing.NONE, [], [], False),
        (Threat.NONE, Doxing.NONE, [Aim.VENT_ANGER], [], False),
        (Threat.NONE, Doxing.NONE, [Aim.OBSTRUCT_SEARCH], [], True),
        (Threat.NONE, Doxing.NONE, [], [Form.VERBAL_ABUSE], True),
        (Threat.VEILED, Doxing.NONE, [], [], True),
        (Threat.NONE, Doxing.HINT, [], [], True),
    ],
)
def test_hostility(threat: Threat, doxing: Doxing, aims: list[Aim], forms: list[Form], hostile: bool) -> None:
    assert taxonomy.is_hostile(threat, doxing, aims, forms) is hostile
