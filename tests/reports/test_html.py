"""The HTML report: what it says, that strangers' text stays text, and that everybody can read it."""

from __future__ import annotations

import base64
import copy
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup, Tag

from vptnlp import taxonomy
from vptnlp.messages import Assessment, Factor, ModelInfo, Notice, StatuteCard, Step, Triage, Urgency
from vptnlp.reports import html as report
from vptnlp.taxonomy import CueKind, DetailKind, Subject

MADE = datetime(2026, 11, 23, 14, 5, tzinfo=timezone(timedelta(hours=1)))
Make = Callable[..., Assessment]
Sample = list[Assessment]


def render(assessments: Iterable[Assessment], ranked: bool = True, **options: object) -> str:
    out = io.StringIO()
    report.write_html(assessments, out, ranked=ranked, **options)  # type: ignore[arg-type]
    return out.getvalue()


def page(assessments: Iterable[Assessment], **options: object) -> BeautifulSoup:
    return BeautifulSoup(render(assessments, **options), "html.parser")  # type: ignore[arg-type]


def said(tag: Tag | BeautifulSoup | None) -> str:
    """The words of an element on one line."""
    assert tag is not None
    return " ".join(tag.get_text().split())


def received(card: Tag) -> str:
    """The text of the message on a card, without what the report adds to it."""
    text = copy.copy(card.select_one(".text"))
    assert text is not None
    for added in text.select("sup, summary"):
        added.extract()
    return text.get_text()


@pytest.fixture(scope="module")
def shown(sample: Sample) -> BeautifulSoup:
    sources = ["inbox.mbox", "-"]
    return page(sample, sources=sources, problems=["oud.pst: The file is of a kind that cannot be read."], made=MADE)


def test_overview_counts_and_first_term(shown: BeautifulSoup) -> None:
    figures = [said(div) for div in shown.select(".figures div")]
    assert figures == ["berichten12", "acuut2", "hoog2", "middel1", "laag2", "geen urgentie5"]
    points = said(shown.select_one(".points"))
    assert "2 berichten met onthulde privégegevens" in points
    assert "Eerste termijn: binnen 2 uur, uiterlijk maandag 23 november, 16:05 uur, bericht 1 en 2 andere." in points
    assert "2 berichten zonder urgentie, maar met een waarschuwing" in points
    about = said(shown.select_one(".about"))
    assert "maandag 23 november 2026, 14:05 uur" in about
    assert "inbox.mbox, standaardinvoer" in about
    assert "vpt-nl-linear 1.0.0" in about


def test_contents_say_urgency_in_word_and_shape_and_link_to_cards(shown: BeautifulSoup) -> None:
    rows = shown.select(".toc li")
    assert [said(row.select_one(".badge")) for row in rows] == [
        "acuut",
        "acuut",
        "hoog",
        "hoog",
        "middel",
        "laag",
        "laag",
    ]
    shapes = {row["data-u"]: row.select_one("use")["href"] for row in rows}  # type: ignore[index]
    assert len(set(shapes.values())) == 4
    first = said(rows[0])
    for part in (
        "intrekking vergunning",
        "R. van Eijk <rve@post.example>",
        "Het bericht noemt een tijdstip. Het huisadres staat erin.",
    ):
        assert part in first
    assert said(rows[6].select_one(".why")) == "emotioneel, verbale agressie"  # no factor: its labels


def test_every_link_leads_somewhere_and_ids_are_unique(shown: BeautifulSoup) -> None:
    ids = Counter(tag["id"] for tag in shown.select("[id]"))
    assert [name for name, times in ids.items() if times > 1] == []
    links = {tag["href"] for tag in shown.select("[href]")}
    assert {f"#{name}" for name in ids} >= links
    assert {"#b1", "#l-threat-conditional", "#l-organised_crime-true"} <= links


def test_overlapping_spans_are_cut_and_each_is_named_once(shown: BeautifulSoup) -> None:
    card = shown.select("article")[0]
    both = [mark.get_text() for mark in card.select(".text mark.cue.exposed")]
    assert "".join(both) == " de voordeur op Lindehof 12".lstrip()
    tags = [said(tag) for tag in card.select("sup")]
    assert tags == [
        "(tijdstip)", "(eis of voorwaarde)", "(middel)", "(adres · doelwit)", "(dreigende woorden)", "(plaats · doelwit)",
        "(uiterlijk · doelwit)", "(naam · naaste)", "(gewoonte · naaste)",
    ]  # fmt: skip
    others = [mark.get_text() for mark in shown.select("article")[1].select("mark.other")]
    assert others[:3] == ["Kees", "06 1234 5678", "Dorpsdijk 3"]


def test_text_stands_as_received(shown: BeautifulSoup, sample: Sample) -> None:
    assert [received(card) for card in shown.select("article")] == [a.message.text for a in sample[:7]]


def test_card_tells_labels_reasons_steps_and_statutes(shown: BeautifulSoup) -> None:
    card = shown.select("article")[0]
    assert said(card.select_one(".meta")).startswith(
        "van R. van Eijk <rve@post.example> maandag 23 november 2026, 09:41 uur inbox.mbox#14"
    )
    assert "dreiging voorwaardelijk 90% zeer waarschijnlijk" in said(card.select_one(".labels"))
    assert [said(factor) for factor in card.select(".factors li")][:2] == [
        "Het bericht noemt een tijdstip. ‘vrijdag’",
        "Het huisadres staat erin. ‘Lindehof 12’",
    ]
    assert [said(term) for term in card.select(".steps h4")] == [
        "Binnen 2 uur, uiterlijk maandag 23 november, 16:05 uur",
        "Binnen 24 uur, uiterlijk dinsdag 24 november, 14:05 uur",
        "Binnen 48 uur, uiterlijk woensdag 25 november, 14:05 uur",
        "Zonder termijn",
    ]
    steps = [said(step) for step in card.select(".steps li") if step.select_one("input[type=checkbox]")]
    assert len(steps) == 4
    assert steps[3] == "Leg het voorval vast in het incidentenregister. VPT-maatregel 3"
    assert said(card.select(".articles > div")[1]) == (
        "Artikel 285d Sr Staat in de tekst persoonsgegevens van een ander worden verspreid "
        "Blijkt niet uit de tekst het doel om vrees aan te jagen wie de afzender is"
    )
    assert "adres · doelwitLindehof 1290%" in said(card.select_one(".exposures"))
    assert "Die zijn niet meegewogen" in said(card.select_one(".warning"))
    assert "Uw vergunning wordt per 1 december ingetrokken" in said(card.select_one("details.quoted"))


def test_doubt_between_labels_is_told(shown: BeautifulSoup) -> None:
    assert "bedekt of geen, 15% 54% misschien" in said(shown.select("article")[3].select_one(".labels"))
    assert said(shown.select("article")[3].select_one(".meta")).startswith(
        "van Anoniem formulier zaterdag 21 november 2026 i"
    )


def test_messages_without_urgency(shown: BeautifulSoup) -> None:
    to_read, folded = shown.select(".rest")
    assert [said(line) for line in to_read.select("li")] == [
        "inbox.mbox#9 I know where you live.Dit bericht lijkt niet Nederlands te zijn: lees het zelf.",
        "inbox.mbox#12 vraag Ik weet waar het misging.Het model twijfelt of dit bericht dreigend is. Lees het zelf.",
    ]
    lines = [said(line) for line in folded.select("details:not([open]) li")]
    assert lines[0] == "inbox.mbox#1 dank Bedankt voor de hulp bij mijn paspoort."
    excerpt = lines[1].removeprefix("inbox.mbox#2 ")
    assert len(excerpt) <= 80 and excerpt.endswith("…")


def test_problems_and_footer(shown: BeautifulSoup) -> None:
    assert "oud.pst: The file is of a kind" in said(shown.select_one(".problems"))
    footer = said(shown.select_one("footer"))
    for words in ("Het model stelt voor, een mens beslist", "Wat het model niet ziet", "Geen urgentie wil niet zeggen"):
        assert words in footer


def test_without_a_time_there_is_no_clock(sample: Sample) -> None:
    shown = page(sample)
    assert not shown.select("time")
    assert [said(term) for term in shown.select("#b1 .steps h4")][:2] == ["Binnen 2 uur", "Binnen 24 uur"]


def test_a_term_counts_hours_and_not_clock_faces(sample: Sample) -> None:
    made = datetime(2026, 10, 24, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))  # the clock goes back that night
    assert "Binnen 24 uur, uiterlijk zondag 25 oktober, 13:00 uur" in said(page(sample, made=made))


def test_what_is_due_at_once(make: Make) -> None:
    shown = page([make("1", "x", urgency=Urgency.HIGH, steps=(Step("s", "Bel.", "bron", 0),))], made=MADE)
    assert said(shown.select_one(".steps h4")) == "Nu"
    assert said(shown.select_one(".toc .due")) == "nu"


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-11-23T08:41:00+00:00", "maandag 23 november 2026, 09:41 uur"),
        ("2026-11-23 08:41", "maandag 23 november 2026, 08:41 uur"),
        ("2026-11-21", "zaterdag 21 november 2026"),
        ("gisteren", "gisteren"),
        (45000, "45000"),
    ],
)
def test_dates(make: Make, date: object, words: str) -> None:
    shown = page([make("1", "x", urgency=Urgency.LOW, date=date)], made=MADE)
    assert said(shown.select_one(".meta")).startswith(f"{words} 1")


def test_unranked_keeps_the_order_of_the_input(sample: Sample) -> None:
    shown = page(reversed(sample), ranked=False)
    assert said(shown.h1) == "Beoordeelde berichten"
    assert said(shown.select(".toc .badge")[0]) == "laag"


@pytest.mark.parametrize("number", [0, 1])
def test_nothing_to_report(sample: Sample, number: int) -> None:
    shown = page(sample[-1:] * number)
    assert not shown.select("article, .problems, .filter")
    assert said(shown.select_one(".figures div")) == ("bericht1" if number else "berichten0")
    empty = ("Er zijn geen berichten gelezen.", "Het model zag in geen enkel bericht vijandigheid.")
    assert said(shown.select_one(".empty")) == empty[number]


ATTACK = "</style></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & {{ 7*7 }} {% raw %}"


def test_strangers_text_stays_text(make: Make) -> None:
    step, factor = Step("s", ATTACK, ATTACK, 1), Factor("f", ATTACK, ((0, 60),))
    law, notice = StatuteCard(ATTACK, (ATTACK,), (ATTACK,)), Notice("n", ATTACK)
    marks = {ATTACK[:20]: CueKind.SLUR, ATTACK[5:40]: (DetailKind.URL, Subject.TARGET)}
    more = {"warnings": (notice,), "quoted": ATTACK, "from_": ATTACK, "subject": ATTACK, "date": ATTACK}
    bad = make(ATTACK, ATTACK, marks, Urgency.HIGH, factors=(factor,), steps=(step,), statutes=(law,), **more)
    bad = replace(bad, model=ModelInfo(ATTACK, ATTACK, ATTACK))
    quiet = replace(bad, triage=Triage(Urgency.NONE, 0.0), warnings=())
    raw = render([bad, quiet, replace(quiet, warnings=(notice,))], sources=[ATTACK], problems=[ATTACK], made=MADE)
    assert "<script" not in raw.lower()
    assert raw.count("</style>") == 1
    shown = BeautifulSoup(raw, "html.parser")
    assert not shown.select("script, img, textarea, [onerror], [style]")
    assert received(shown.select("article")[0]) == ATTACK


def test_policy_allows_nothing_but_the_pages_own_style(shown: BeautifulSoup) -> None:
    policy = shown.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert shown.style is not None
    digest = base64.b64encode(hashlib.sha256(shown.style.get_text().encode()).digest()).decode()
    assert policy["content"] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|//", shown.style.get_text())
    assert not shown.select("[src], [style], script, link, form")
    assert all(str(tag["href"]).startswith("#") for tag in shown.select("[href]"))


def test_page_has_a_language_one_top_heading_and_no_skipped_levels(shown: BeautifulSoup) -> None:
    assert shown.html is not None and shown.html["lang"] == "nl"
    assert said(shown.title) == "Triagerapport, maandag 23 november 2026, 14:05 uur"
    levels = [int(tag.name[1]) for tag in shown.select("h1, h2, h3, h4, h5, h6")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(box.find_parent("label") for box in shown.select("input"))


class Balance(HTMLParser):
    """Fails where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass


def test_tags_are_balanced(sample: Sample) -> None:
    balance = Balance()
    balance.feed(render(sample, sources=["a"], problems=["b"], made=MADE))
    assert balance.open == []


def test_long_text_folds_where_it_has_no_marks(shown: BeautifulSoup) -> None:
    text = shown.select("article")[5].select_one(".text")
    assert text is not None
    (fold,) = text.select("details.fold")
    assert not fold.has_attr("open") and not fold.select("mark")
    assert "tekens zonder markering" in said(fold.summary)
    in_sight = text.get_text().replace(fold.get_text(), "")
    assert "waardeloze klaplopers" in in_sight and "Gerda Nijhuis" in in_sight
    assert len(in_sight) < 2_000 < len(fold.get_text())
    assert not shown.select("#b1 details.fold")


def test_lists_are_capped_and_say_so(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LIST_LIMIT", 3)
    monkeypatch.setattr(report, "PROBLEM_LIMIT", 2)
    quiet, doubtful = sample[-1], sample[7]
    shown = page([quiet] * 1_500 + [doubtful] * 5, problems=["een", "twee", "drie"])
    to_read, folded = shown.select(".rest")
    assert len(to_read.select("li")) == len(folded.select("li")) == 3
    assert "Nog 2 berichten" in said(to_read.select_one(".more"))
    assert "Nog 1.497 berichten" in said(folded.select_one(".more")) and "JSONL" in said(folded)
    assert len(shown.select(".problems li")) == 2 and "En nog 1" in said(shown.select_one(".problems"))


class Pieces(io.StringIO):
    """Remembers the size of every write."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def write(self, piece: str, /) -> int:
        self.sizes.append(len(piece))
        return super().write(piece)


def test_ten_thousand_messages_stream_in_small_pieces(sample: Sample) -> None:
    hot, quiet = sample[2], sample[-1]
    out = Pieces()
    report.write_html((hot if i % 20 == 0 else quiet for i in range(10_000)), out, ranked=True, made=MADE)
    assert out.getvalue().count("<article") == 500
    assert len(out.sizes) > 50 and max(out.sizes) < 60_000


def test_problems_found_while_reading_are_shown(sample: Sample) -> None:
    problems: list[str] = []

    def reading() -> Iterator[Assessment]:
        yield sample[-1]
        problems.append("kapot.eml: The mail is too damaged to be read.")

    assert "kapot.eml" in said(page(reading(), problems=problems))


def test_what_no_file_can_hold_is_replaced(make: Make) -> None:
    raw = render([make("a\ud800", "b\x00c\udfff", urgency=Urgency.LOW, subject="\ud83d")])
    assert raw.encode("utf-8")
    assert "b\ufffdc\ufffd" in raw


@pytest.mark.parametrize(
    ("score", "percent", "word"),
    [
        (1.0, "ruim 99%", "vrijwel zeker"),
        (0.9501, "95%", "vrijwel zeker"),
        (0.8, "80%", "zeer waarschijnlijk"),
        (0.61, "61%", "waarschijnlijk"),
        (0.5, "50%", "misschien"),
        (0.004, "minder dan 1%", "minder waarschijnlijk"),
    ],
)
def test_chance_in_words(score: float, percent: str, word: str) -> None:
    assert (report._percent(score), report._likelihood(score)) == (percent, word)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_enough_contrast(shown: BeautifulSoup, scheme: str) -> None:
    assert shown.style is not None
    roots = re.findall(r":root \{(.*?)\}", shown.style.get_text(), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", roots[scheme == "dark"]))
    urgencies = [str(urgency) for urgency in Urgency]
    pairs = [
        *((ink, ground) for ink in ("ink", "quiet", "link", *urgencies, "cue-ink") for ground in ("page", "card")),
        *(("on-urgency", urgency) for urgency in ("critical", "high")),
        *((ink, ground) for ink in ("exposed-ink", "other-ink") for ground in ("card", "page")),
        *(("ink", ground) for ground in ("cue", "exposed", "other", "warn")),
    ]
    assert {pair: round(contrast(*map(colours.__getitem__, pair)), 2) for pair in pairs
            if contrast(*map(colours.__getitem__, pair)) < 4.5} == {}  # fmt: skip
    lines = [
        ("edge", "card"),
        ("cue-ink", "cue"),
        ("exposed-ink", "exposed"),
        ("other-ink", "other"),
        ("warn-line", "warn"),
    ]
    assert [pair for pair in lines if contrast(*map(colours.__getitem__, pair)) < 3] == []


def test_marks_differ_in_grey_by_their_line(shown: BeautifulSoup) -> None:
    assert shown.style is not None
    lines = re.findall(r"mark\.(\w+) \{[^}]*(dashed|dotted|solid)", shown.style.get_text())
    assert dict(lines) == {"cue": "dashed", "exposed": "solid", "other": "dotted"}


def test_glossary_holds_every_definition(shown: BeautifulSoup) -> None:
    text = said(shown.select_one(".glossary"))
    kinds: list[type[taxonomy.Label]] = [Urgency, *taxonomy.AXES.values(), CueKind, DetailKind, Subject]
    assert [label for kind in kinds for label in kind if label.definition not in text] == []
