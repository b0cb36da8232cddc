"""When an entry of a rule file holds: facts as bits, conditions as masks over them.

Every fact that a condition can name (``threat = veiled``, ``cues = weapon``, ...) is one bit of an integer. A condition
is one mask a key, so that testing an entry costs a few integer operations.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import pydantic
import pydantic_core

from vptnlp.config import Section
from vptnlp.errors import ConfigError
from vptnlp.messages import Urgency
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat


class Reach(StrEnum):
    """How near a named deadline is; the nearer ones include the further."""

    ANY = "any"
    WEEK = "week"
    DAY = "day"


HOSTILE = "hostile"
ORGANISED_CRIME = "organised_crime"
UNCERTAIN = "uncertain"
SIGNALS = (HOSTILE, ORGANISED_CRIME, UNCERTAIN)
"""Signals that every rule file has; the patterns of a rule file are signals too."""


class Entry(Section):
    """Base of tables whose place in a file has a free name, such as one factor or one step.

    `read_toml` suggests the right spelling of a key in tables of a fixed place only; these do it themselves.
    """

    @pydantic.model_validator(mode="before")
    @classmethod
    def _suggest(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise pydantic_core.PydanticCustomError(
                        "unknown_key", "{fault}", {"fault": f"unknown key '{key}'{suggestion(key, cls.model_fields)}"}
                    )
        return data


class Condition(Entry):
    """One condition: every key given must match, each by at least one of its values."""

    threat: tuple[Threat, ...] = ()
    nature: tuple[Nature, ...] = ()
    aims: tuple[Aim, ...] = ()
    forms: tuple[Form, ...] = ()
    targets: tuple[Target, ...] = ()
    doxing: tuple[Doxing, ...] = ()
    details: tuple[DetailKind, ...] = ()
    subjects: tuple[Subject, ...] = ()
    cues: tuple[CueKind, ...] = ()
    deadline: tuple[Reach, ...] = ()
    signals: tuple[str, ...] = ()
    urgency: tuple[Urgency, ...] = ()

    @pydantic.field_validator("*")
    @classmethod
    def _given(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        # An empty list would read as "any value", which is what leaving the key out says.
        if not values:
            raise pydantic_core.PydanticCustomError("empty", "give at least one value, or leave the key out")
        return values


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Conditions = Annotated[tuple[Condition, ...], pydantic.BeforeValidator(_listed)]
"""One condition table, or a list of them of which one must hold."""


@dataclass(frozen=True, slots=True)
class When:
    """Compiled conditions.

    Attributes:
        alternatives: One tuple of masks a condition; a condition holds where every mask meets the facts.
    """

    alternatives: tuple[tuple[int, ...], ...]

    def holds(self, facts: int) -> bool:
        """Whether at least one condition holds; False where there are none."""
        for masks in self.alternatives:
            for mask in masks:
                if not facts & mask:
                    break
            else:
                return True
        return False


class Vocabulary:
    """Which bit stands for which fact.

    Args:
        patterns: Names of the patterns of the rule file, which become signals.

    Attributes:
        bits: Condition key to value to bit.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        values: dict[str, Sequence[str]] = {
            "threat": list(Threat),
            "nature": list(Nature),
            "aims": list(Aim),
            "forms": list(Form),
            "targets": list(Target),
            "doxing": list(Doxing),
            "details": list(DetailKind),
            "subjects": list(Subject),
            "cues": list(CueKind),
            "deadline": list(Reach),
            "signals": [*SIGNALS, *patterns],
            "urgency": list(Urgency),
        }
        pairs = [(key, value) for key, group in values.items() for value in group]
        self.bits: Mapping[str, dict[str, int]] = {key: {} for key in values}
        for place, (key, value) in enumerate(pairs):
            self.bits[key][value] = 1 << place

    def compile(self, conditions: Iterable[Condition], place: str) -> When:
        """Turn conditions into masks.

        Args:
            conditions: Conditions of which one must hold.
            place: Where they stand, to name it in an error.

        Raises:
            ConfigError: A condition names a signal that does not exist.
        """
        return When(tuple(self._masks(condition, place) for condition in conditions))

    def _masks(self, condition: Condition, place: str) -> tuple[int, ...]:
        masks = []
        for key, known in self.bits.items():
            mask = 0
            for value in getattr(condition, key):
                if value not in known:
                    raise ConfigError(f"At '{place}': there is no signal '{value}'{suggestion(value, known)}.")
                mask |= known[value]
            if mask:
                masks.append(mask)
        return tuple(masks)


def suggestion(word: str, known: Iterable[str]) -> str:
    """The known word nearest to `word`, as `` (did you mean '...'?)``, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
