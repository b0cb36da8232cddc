from __future__ import annotations

import pytest

from vptnlp.language import UNKNOWN, identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Waarom neemt er bij jullie nooit iemand de telefoon op?", "nl"),
        ("ge moogt blij zijn dat ik u ken", "nl"),
        ("I would like to know when my permit will be ready.", "en"),
        ("seni yarın kapının önünde bekliyor olacağım", "tr"),
        ("Je voudrais parler à la personne responsable.", "fr"),
    ],
)
def test_common_languages(text: str, code: str) -> None:
    assert identify(text).code == code


@pytest.mark.parametrize("text", ["", "ok", "👍👍👍", "123456789012345", "\ud800"])
def test_too_little_to_tell(text: str) -> None:
    assert identify(text) == UNKNOWN
