"""Where results go: a JSON file each, and a section each in `README.md`, between marks, so that a run replaces its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_HEAD = """# Benchmarks

One command each; every table is written by its own script, from the JSON file beside it. Figures of different runs are not
comparable: the peers of a table were measured in the same run on the same machine.
"""

TITLES = {
    "encoder": "Encoder: the full assessment beside PyTorch eager (`make bench-encoder`)",
    "details": "Personal details: rules and model beside other tools (`make bench-details`)",
    "peers": "Quality beside fastText, spaCy and SetFit (`make bench-peers`)",
    "service": "The service under load (`make bench-service`)",
    "soak": "The service under mixed load for minutes (`make soak`)",
}


def write(folder: Path, name: str, results: Mapping[str, Any], table: str) -> None:
    """Write the results of one benchmark.

    Args:
        folder: Where `README.md` stands or is made.
        name: One of `TITLES`.
        results: What was measured.
        table: The same as Markdown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    path = folder / "README.md"
    if not path.exists():
        path.write_text(_HEAD, encoding="utf-8")
    insert(path, name, f"## {TITLES[name]}\n\n{table}")


def insert(path: Path, name: str, text: str) -> None:
    """Put text between the marks of a name in a page; at its end, with marks, where it has none.

    Args:
        path: A Markdown page.
        name: Name of the marks.
        text: What comes between them.
    """
    page = path.read_text(encoding="utf-8")
    section = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
    marked = re.compile(rf"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
    page = marked.sub(lambda _: section, page) if marked.search(page) else f"{page.rstrip()}\n\n{section}\n"
    path.write_text(page, encoding="utf-8")
