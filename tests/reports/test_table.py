from __future__ import annotations

import csv
import io

from rich.console import Console

from vptnlp import Analyzer, Message
from vptnlp.reports import print_ranking, print_table, write_csv


def printed(analyzer: Analyzer, *texts: str, ranked: bool = False) -> str:
    out = io.StringIO()
    assessments = [analyzer.assess(Message(f"bericht-{i}", text)) for i, text in enumerate(texts, 1)]
    (print_ranking if ranked else print_table)(assessments, Console(file=out, width=120))
    return out.getvalue()


def test_a_long_text_does_not_squeeze_the_other_columns(analyzer: Analyzer) -> None:
    shown = printed(analyzer, "Het regent. " * 5000, "Ik maak je af, vuile rat, morgen ben je dood")
    assert "bericht-1" in shown
    assert "doxing" in shown
    assert "geen" in shown
    assert "direct" in shown
    assert all(len(line.rstrip()) <= 120 for line in shown.splitlines())


def test_markup_and_control_characters_are_harmless(analyzer: Analyzer) -> None:
    shown = printed(analyzer, "Ik schiet je dood [bold red], vuile rat. \x1b[31m Ik weet je te vinden.", ranked=True)
    assert "\x1b" not in shown
    assert "[bold red]" in shown


def test_the_ranking_counts_what_it_leaves_out(analyzer: Analyzer) -> None:
    shown = printed(analyzer, "Dank voor de hulp", "Ik maak je af, vuile rat, morgen ben je dood", ranked=True)
    assert "2 berichten: 1 " in shown
    assert "Waarom:" in shown
    assert "Dank voor" not in shown


def test_csv_cells_cannot_run_as_formulas(analyzer: Analyzer) -> None:
    out = io.StringIO()
    write_csv([analyzer.assess(Message('=HYPERLINK("x")', "Dank u"))], out)
    row = next(csv.DictReader(io.StringIO(out.getvalue())))
    assert row["id"].startswith("'=")
    assert row["urgency"] == "none"
