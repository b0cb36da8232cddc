"""Pages that stand alone: the style stands in the page, named by its hash, and every encoding can write the text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from jinja2 import Environment

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip

# NUL and half surrogate pairs cannot stand in an HTML file.
_UNWRITABLE = re.compile(r"[\ud800-\udfff\x00]")


def environment(*sheets: str) -> Environment:
    """The templates of the reports, with the filters ``number`` and ``dutch_moment``.

    ``style`` and ``style_hash`` (for the content security policy) are globals.

    Args:
        sheets: Style sheets beside the templates, in order.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = PackageLoader("vptnlp.reports")
    env = Environment(
        loader=templates,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "\n".join(templates.get_source(env, sheet)[0] for sheet in sheets)
    env.globals |= {
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    }
    env.filters |= {"number": number, "dutch_moment": dutch_moment}
    return env


def number(value: int) -> str:
    """A number as it is written in Dutch: 1.234."""
    return f"{value:,}".replace(",", ".")


def dutch_day(moment: datetime, *, year: bool = True) -> str:
    """Day of the week, day and month, with the year."""
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
    return f"{day} {moment.year}" if year else day


def dutch_moment(moment: datetime, *, year: bool = True) -> str:
    """The same with the time of day."""
    return f"{dutch_day(moment, year=year)}, {moment:%H:%M} uur"


def write(pieces: Iterable[str], out: TextIO) -> None:
    """Write the pieces of a page; what no encoding can write becomes the replacement character."""
    for piece in pieces:
        out.write(_UNWRITABLE.sub("\ufffd", piece))
