"""TOML files checked by pydantic: unknown keys are refused with a "did you mean"."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import TypeVar

import pydantic
import pydantic_core

from vptnlp.errors import ConfigError


class Section(pydantic.BaseModel):
    """Base of every table of a configuration file."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


C = TypeVar("C", bound=pydantic.BaseModel)


def read_toml(path: Path, model: type[C]) -> C:
    """Read and check a TOML file.

    Args:
        path: The file.
        model: The pydantic model of its content.

    Raises:
        ConfigError: The file is missing or no TOML, or a key or value is wrong; every fault is named.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The file '{path}' cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The file '{path}' is not valid TOML: {error}.") from None
    try:
        return model.model_validate(data)
    except pydantic.ValidationError as error:
        faults = [_fault(model, fault) for fault in error.errors()]
        raise ConfigError(f"The file '{path}' cannot be used. " + " ".join(faults)) from None


def _fault(model: type[pydantic.BaseModel], fault: pydantic_core.ErrorDetails) -> str:
    place = ".".join(map(str, fault["loc"]))
    if fault["type"] != "extra_forbidden":
        return f"At '{place}': {fault['msg']}."
    near = difflib.get_close_matches(str(fault["loc"][-1]), _keys(model, fault["loc"][:-1]), n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"The key '{place}' is unknown.{hint}"


def _keys(model: type[pydantic.BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at `path` may have."""
    current: type[pydantic.BaseModel] = model
    for part in path:
        field = current.model_fields.get(str(part))
        if (
            field is None
            or not isinstance(field.annotation, type)
            or not issubclass(field.annotation, pydantic.BaseModel)
        ):
            return []
        current = field.annotation
    return list(current.model_fields)
