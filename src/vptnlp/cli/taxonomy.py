"""`vptnlp taxonomy`: the labels."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from vptnlp import taxonomy as labels
from vptnlp.cli.common import console_for


class TaxonomyFormat(StrEnum):
    """How the labels are written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def taxonomy(
    format: Annotated[TaxonomyFormat, typer.Option("--format", "-f")] = TaxonomyFormat.TABLE,
) -> None:
    """Show the labels with their Dutch names and definitions."""
    groups = labels.as_dict()
    if format == TaxonomyFormat.JSON:
        print(json.dumps(groups, ensure_ascii=False, indent=2))
    elif format == TaxonomyFormat.MARKDOWN:
        print(_markdown(groups))
    else:
        _print_tables(groups)


def _markdown(groups: dict[str, Any]) -> str:
    lines = [f"# Taxonomie {groups['version']}"]
    for axis, group in groups["axes"].items():
        lines += ["", f"## {axis} ({group['dutch']})", "", "| sleutel | naam | omschrijving |", "| --- | --- | --- |"]
        lines += [f"| `{v['key']}` | {v['dutch']} | {v['definition']} |" for v in group["values"]]
    return "\n".join(lines)


def _print_tables(groups: dict[str, Any]) -> None:
    console = console_for(sys.stdout)
    for axis, group in groups["axes"].items():
        table = Table(title=f"{axis} ({group['dutch']})", title_justify="left", title_style="bold", box=None)
        for column in ("sleutel", "naam", "omschrijving"):
            table.add_column(column, no_wrap=column != "omschrijving")
        for value in group["values"]:
            table.add_row(value["key"], value["dutch"], value["definition"])
        console.print(table)
        console.print()
