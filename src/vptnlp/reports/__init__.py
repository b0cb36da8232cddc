"""Outputs: terminal table, JSONL, CSV, HTML."""

from vptnlp.reports.html import write_html
from vptnlp.reports.rows import write_csv, write_jsonl
from vptnlp.reports.table import print_ranking, print_table

__all__ = ["print_ranking", "print_table", "write_csv", "write_html", "write_jsonl"]
