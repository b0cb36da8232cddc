"""HTML to the text that a reader of the mail sees."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

# Beyond this many characters markup is cut off, so that one mail cannot hold up the rest.
HTML_LIMIT = 4_000_000
QUOTE_MARKER = "-----Oorspronkelijk bericht-----"

_DROPPED = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "object", "svg", "select", "textarea"}
)
_LINES = re.compile(
    "address|article|aside|blockquote|body|center|dd|div|dl|dt|fieldset|figure|footer|form|header|hr|html|legend|"
    "li|main|nav|ol|pre|section|table|tbody|tfoot|thead|tr|ul"
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_MAX_DEPTH = 5

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DECLARATION = re.compile(r"<[!?][^>]*>")


def html_to_text(html: str) -> str:
    """The visible text of an HTML mail.

    Block elements become lines, links keep their address between angle brackets, quoted replies get ``> `` before
    their lines or a marker line above them, so that `vptnlp.readers.quotes.split_quoted` finds them. Scripts,
    styles and hidden elements are dropped.
    """
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, PreformattedString, Tag

    with warnings.catch_warnings():
        # Beautiful Soup warns, with the text itself, of text that looks like an address.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(_parsable(html[:HTML_LIMIT]), "html.parser")
    page = _Page()
    # No recursion: mails nest deeper than Python's stack.
    waiting: list[tuple[object, bool]] = [(soup, False)]
    while waiting:
        node, leaving = waiting.pop()
        if isinstance(node, Tag):
            if leaving:
                page.leave(node)
            elif not _is_hidden(node):
                page.enter(node)
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            page.add(str(node))
    return page.text()


def _parsable(html: str) -> str:
    """`html` without the constructs on which `html.parser` takes quadratic time when they are never closed."""
    kept = []
    position = 0
    while (start := html.find("<!--", position)) >= 0:
        kept.append(html[position:start])
        end = html.find("-->", start + 2)
        # An open comment hides the rest of the page, as in a browser.
        position = len(html) if end < 0 else end + 3
    kept.append(html[position:])
    html = "".join(kept)
    body, bracket, tail = html.rpartition(">")
    return _DECLARATION.sub("", body + bracket) + tail.replace("<", "&lt;")


class _Page:
    """Text as it is laid out, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._preformatted = 0
        # The innermost open link and where its text begins on the line; links do not nest.
        self._link: Tag | None = None
        self._link_start = 0
        self._searches_left = 20

    def enter(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._end_line()
        elif _LINES.fullmatch(name):
            self._break()
        elif name in _PARAGRAPHS:
            self._break()
            if "MsoNormal" not in _classes(tag):
                self._blank()
        if name == "blockquote":
            self._blank()
            self._depth += 1
        elif name == "pre":
            self._preformatted += 1
        elif name == "li":
            self._line.append("- ")
        elif name == "td" or name == "th":
            self._line.append(" ")
        elif name == "a":
            self._link, self._link_start = tag, len(self._line)
        elif name == "img":
            # Mail programs send emoji as images; other alternative texts say what a logo is.
            alt = str(tag.get("alt") or "").strip()
            if len(alt) <= 8 and not alt.isascii():
                self._line.append(alt)
        elif name == "div" and self._starts_quote(tag):
            self._searches_left = 0
            self._line.append(QUOTE_MARKER)
            self._end_line()

    def leave(self, tag: Tag) -> None:
        name = tag.name
        if tag is self._link:
            self._end_link(str(tag.get("href") or ""))
        elif name in _PARAGRAPHS or _LINES.fullmatch(name):
            self._break()
        if name == "blockquote":
            self._depth -= 1
            self._blank()
        elif name == "pre":
            self._preformatted -= 1
        elif name in _PARAGRAPHS and "MsoNormal" not in _classes(tag):
            self._blank()

    def add(self, text: str) -> None:
        if self._preformatted:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._end_line()
                self._line.append(line)
            return
        text = _SPACES.sub(" ", text)
        if text != " " or self._line:
            self._line.append(text)

    def text(self) -> str:
        self._break()
        while self._lines and not self._lines[-1].strip("> "):
            self._lines.pop()
        return "\n".join(self._lines).strip("\n")

    def _starts_quote(self, tag: Tag) -> bool:
        """Whether what follows is quoted although no attribution or quoting level may show it."""
        if self._searches_left == 0:
            return False
        if tag.get("id") == "divRplyFwdMsg":
            return True
        if not any(name.startswith("gmail_quote") for name in _classes(tag)):
            return False
        self._searches_left -= 1
        return tag.find("blockquote") is None

    def _end_link(self, href: str) -> None:
        self._link = None
        scheme, _, address = href.strip().partition(":")
        scheme = scheme.lower()
        if scheme not in ("http", "https", "mailto", "tel"):
            return
        shown = href.strip() if scheme.startswith("http") else address
        plain = shown.removeprefix(f"{scheme}:").strip("/")
        if plain and plain not in "".join(self._line[self._link_start :]):
            self._line.append(f" <{shown}>")

    def _break(self) -> None:
        """End the line unless it is empty."""
        if any(part.strip() for part in self._line):
            self._end_line()
        else:
            self._line.clear()

    def _blank(self) -> None:
        """One empty line, unless there is one already."""
        if self._lines and self._lines[-1].strip("> "):
            self._end_line()

    def _end_line(self) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._preformatted else " ".join(line.split())
        self._lines.append(("> " * min(self._depth, _MAX_DEPTH) + line).rstrip())
        self._line.clear()
        self._link_start = 0


def _classes(tag: Tag) -> list[str]:
    found = tag.get("class")
    return found if isinstance(found, list) else str(found or "").split()


def _is_hidden(tag: Tag) -> bool:
    if tag.name in _DROPPED or tag.has_attr("hidden"):
        return True
    style = str(tag.get("style") or "")
    return bool(style) and _HIDDEN.search(style.lower()) is not None
