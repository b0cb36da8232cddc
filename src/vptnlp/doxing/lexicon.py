"""Word lists, loaded on first use from ``data/``; sources and licences are in ``data/README.md``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_FIRST_WORD = re.compile(r"[^ ]+")


@cache
def first_names() -> frozenset[str]:
    """First names in lower case."""
    return _load("first_names.txt")


@cache
def surnames() -> frozenset[str]:
    """Surnames in lower case, without particles."""
    return _load("surnames.txt")


@cache
def name_words() -> frozenset[str]:
    """Names that are ordinary Dutch words too, in lower case: on their own they are no evidence of a person."""
    return _load("name_words.txt")


@cache
def places() -> frozenset[str]:
    """Dutch, Belgian, Surinamese and Caribbean towns and some districts, in lower case."""
    return _load("places.txt")


@cache
def place_words() -> frozenset[str]:
    """Places that are ordinary Dutch words too, in lower case: they need a capital."""
    return _load("place_words.txt")


@cache
def place_openings() -> frozenset[str]:
    """The first words of all places, for a cheap precheck."""
    return frozenset(_FIRST_WORD.match(place.lstrip("'")).group() for place in places())  # type: ignore[union-attr]


def _load(name: str) -> frozenset[str]:
    lines = files("vptnlp.doxing").joinpath("data", name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
