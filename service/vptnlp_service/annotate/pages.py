"""The pages of the annotation table. They hold no message, so they are built once."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from vptnlp import __version__
from vptnlp.errors import ConfigError, MissingExtraError
from vptnlp_service.desk.pages import words

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOT_IN_ANCHOR = re.compile(r"[^\w-]+")


def table(author: str, *, adjudicates: bool) -> str:
    """The HTML of the table.

    Args:
        author: Who works at it.
        adjudicates: Whether they decide, and do not label.
    """
    return _render("table.html.j2", author=author, adjudicates=adjudicates, words=words())


def codebook(path: Path | None) -> str:
    """The HTML of the codebook.

    Args:
        path: A Markdown file; None for the definitions of the taxonomy alone.

    Raises:
        ConfigError: The file cannot be read.
    """
    return _render("codebook.html.j2", book=_markdown(path) if path else "", words=words())


def find_codebook() -> Path | None:
    """The codebook of a checkout, beside ``src`` and ``service``; None in an installation without it."""
    path = Path(__file__).resolve().parents[3] / "annotation" / "codeboek.md"
    return path if path.is_file() else None


def _render(template: str, **values: Any) -> str:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader("vptnlp_service.annotate"), PackageLoader("vptnlp_service.desk")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(version=__version__, **values)


def _markdown(path: Path) -> str:
    """Markdown as HTML, without the HTML that stands in it, and with an anchor at each heading."""
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise MissingExtraError(error.name or "markdown_it", "service", "show the codebook") from None
    try:
        source = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The codebook '{path}' cannot be read as UTF-8 text; name another file.") from None
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(source)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", _NOT_IN_ANCHOR.sub("-", inline.content.lower()).strip("-"))
        elif opening.type == "table_open":
            opening.attrSet("tabindex", "0")  # wide tables scroll, and must do so without a mouse
    return str(reader.renderer.render(tokens, reader.options, {}))
