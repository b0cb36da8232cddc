"""The HTML report: what it says, that strangers' text stays text, and that everybody can read it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from vptnlp import taxonomy
from vptnlp.messages import (
    Assessment, Factor, Labels, Language, Message, ModelInfo, Notice, Scores, Span, StatuteCard, Step, Triage, Urgency,
)  # fmt: skip
from vptnlp.reports import html as report
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat

MODEL = ModelInfo("vpt-nl-linear", "1.0.0", "3fa1c07be2d94c55a8e0" + "0" * 44)
MADE = datetime(2026, 11, 23, 14, 5, tzinfo=timezone(timedelta(hours=1)))
Marks = dict[str, CueKind | tuple[DetailKind, Subject]]

D, C, S = DetailKind, CueKind, Subject
LOOK = Step("read", "Laat een tweede collega het bericht vandaag lezen.", "VPT-maatregel 2", 8)
POLICE = Step("police", "Bel de politie over aangifte. Bewaar het bericht met kopregels.", "VPT-maatregel 5", 2)
ANSWER = Step("respond_within_48h", "Stuur de afzender een reactie waarin u de grens stelt.", "VPT-maatregel 6", 48)
CARE = Step("care", "Vraag de collega hoe het gaat en bied opvang aan.", "VPT-maatregel 7", 24)
REMOVE = Step("takedown", "Vraag het platform de post te verwijderen.", "Artikel 285d Sr", 4)
FILE = Step("register", "Leg het voorval vast in het incidentenregister.", "VPT-maatregel 3")
THREAT_LAW = StatuteCard(
    "285 Sr",
    ("bedreiging met brandstichting", "gericht tegen een persoon"),
    ("of de ander redelijkerwijs bang kon worden",),
)
DOXING_LAW = StatuteCard(
    "285d Sr",
    ("persoonsgegevens van een ander worden verspreid",),
    ("het doel om vrees aan te jagen", "wie de afzender is"),
)


def make(
    id: str,
    text: str,
    marks: Marks | None = None,
    urgency: Urgency = Urgency.NONE,
    labels: Labels = Labels(),  # noqa: B008 - frozen
    factors: tuple[Factor, ...] = (),
    steps: tuple[Step, ...] = (),
    statutes: tuple[StatuteCard, ...] = (),
    warnings: tuple[Notice, ...] = (),
    sure: float = 0.9,
    quoted: str = "",
    **meta: object,
) -> Assessment:
    """An assessment whose spans are given by their words; every label that holds gets `sure` as its probability."""
    spans = []
    for words, mark in (marks or {}).items():
        start = text.index(words)
        kind, subject = mark if isinstance(mark, tuple) else (mark, None)
        spans.append(Span(start, start + len(words), kind, subject, sure))
    axes = {}
    for axis, kinds in taxonomy.AXES.items():
        held = getattr(labels, axis)
        single = axis in taxonomy.SINGLE_AXES
        rest = (1 - sure) / (len(kinds) - 1) if single else 0.04
        axes[axis] = {k: sure if (k == held if single else k in held) else rest for k in kinds}
    meta = {key.removesuffix("_"): value for key, value in meta.items()}
    return Assessment(
        Message(id, text, meta, quoted),
        MODEL,
        Language("nl", 0.99),
        labels,
        Scores(axes, sure if labels.organised_crime else 0.02,
            sure if labels.hostile else 0.02,
        ),
        tuple(s for s in spans if s.subject),
        tuple(s for s in spans if not s.subject),
        Triage(urgency, 0.5, factors, steps, statutes),
        warnings,
    )


def labels(
    threat: Threat = Threat.NONE,
    doxing: Doxing = Doxing.NONE,
    nature: Nature = Nature.EMOTIONAL,
    *held: Aim | Form | Target,
    crime: bool = False,
) -> Labels:
    kinds = {kind: frozenset(label for label in held if isinstance(label, kind)) for kind in (Aim, Form, Target)}
    return Labels(threat, frozenset({nature}), kinds[Aim], kinds[Form], kinds[Target], doxing, crime)


def sample() -> list[Assessment]:
    """Twelve invented messages, ranked."""
    complaint = "Ik heb op 3 maart gebeld, daarna op 9 maart, en toen weer een week later. Niemand weet iets.\n"
    return [
        make(
            "inbox.mbox#14",
            "Onderwerp: intrekking vergunning\n\nAls die intrekking vrijdag nog staat, brandt de voordeur op Lindehof 12 "
            "in Oudeveen. Je weet dat Marit dan thuis is.",
            {
                "Als die intrekking vrijdag nog staat": C.CONDITION,
                "vrijdag": C.DEADLINE,
                "brandt de voordeur op Lindehof 12": C.THREAT_PHRASE,
                "brandt": C.WEAPON,
                "de voordeur op Lindehof 12 in Oudeveen": (D.APPEARANCE, S.TARGET),
                "Lindehof 12": (D.ADDRESS, S.TARGET),
                "Oudeveen": (D.PLACE, S.TARGET),
                "Marit": (D.PERSON, S.RELATIVE),
                "Marit dan thuis is": (D.ROUTINE, S.RELATIVE),
            },
            Urgency.CRITICAL,
            labels(
                Threat.CONDITIONAL, Doxing.EXPOSURE, Nature.INSTRUMENTAL, Aim.INFLUENCE_DECISION, Aim.INTIMIDATE,
                Form.PHYSICAL_VIOLENCE, Target.MUNICIPALITY, Target.RELATIVES,
            ),
            (
                Factor("deadline", "noemt een tijdstip", ((53, 60),)),
                Factor("address", "kent het huisadres", ((94, 105),)),
                Factor("relatives", "noemt een naaste", ((131, 136),)),
                Factor("weapon", "noemt brand als middel"),
            ),
            (POLICE, CARE, ANSWER, FILE),
            (THREAT_LAW, DOXING_LAW),
            (Notice("quoted", "Het bericht bevat eerdere berichten van anderen. Die zijn niet meegewogen."),),
            quoted="Op 20 november schreef Vergunningen:\n> Uw vergunning wordt per 1 december ingetrokken.",
            from_="R. van Eijk <rve@post.example>",
            subject="intrekking vergunning",
            date="2026-11-23T08:41:00+00:00",
        ),
        make(
            "inbox.mbox#3",
            "DELEN!! Dit is de handhaver die Kees zijn zaak heeft gesloten: Joris Terpstra, Karekiet 48, 0123 AB. Hij rijdt "
            "een grijze Skoda, 99-ZZX-9. Ga allemaal even langs vanavond, dan leert hij het wel.\n\n"
            "Zelf ben ik bereikbaar op 06 1234 5678, de zaak zit aan de Dorpsdijk 3.",
            {
                "Kees": (D.PERSON, S.BYSTANDER),
                "Joris Terpstra": (D.PERSON, S.TARGET),
                "Karekiet 48": (D.ADDRESS, S.TARGET),
                "0123 AB": (D.POSTCODE, S.TARGET),
                "grijze Skoda": (D.VEHICLE, S.TARGET),
                "99-ZZX-9": (D.LICENCE_PLATE, S.TARGET),
                "Ga allemaal even langs vanavond": C.CALL_TO_ACTION,
                "vanavond": C.DEADLINE,
                "dan leert hij het wel": C.THREAT_PHRASE,
                "06 1234 5678": (D.PHONE, S.SENDER),
                "Dorpsdijk 3": (D.ADDRESS, S.ORGANISATION),
            },
            Urgency.CRITICAL,
            labels(Threat.VEILED, Doxing.CALL, Nature.EMOTIONAL, Aim.INTIMIDATE, Aim.VENT_ANGER, Form.STALKING, Target.POLICE),
            (Factor("call", "roept anderen op langs te gaan"), Factor("plate", "noemt adres en kenteken")),
            (POLICE, REMOVE, CARE, FILE),
            (DOXING_LAW,),
            sure=0.78,
            from_="@vrijedorpsstem",
            date="22-11 's avonds",
        ),
        make(
            "dm-20261122-0071",
            "ik maak je af als je nog 1x aan mn broertje komt",
            {
                "ik maak je af": C.THREAT_PHRASE,
                "als je nog 1x aan mn broertje komt": C.CONDITION,
                "mn broertje": (D.FAMILY, S.BYSTANDER),
            },
            Urgency.HIGH,
            labels(
                Threat.CONDITIONAL, Doxing.NONE, Nature.INSTRUMENTAL, Aim.OBSTRUCT_SEARCH, Form.PHYSICAL_VIOLENCE,
                Target.POLICE,
            ),
            (Factor("violence", "zegt geweld tegen het doelwit aan"),),
            (LOOK, POLICE, FILE),
            (THREAT_LAW,),
            sure=0.64,
        ),
        make(
            "inbox.mbox#22",
            "Onderwerp: mooie tuin\n\nLeuk, die nieuwe blauwe schutting. En wat wordt de kleine groot.",
            {
                "nieuwe blauwe schutting": (D.APPEARANCE, S.TARGET),
                "de kleine": (D.FAMILY, S.RELATIVE),
                "wat wordt de kleine groot": C.THREAT_PHRASE,
            },
            Urgency.HIGH,
            labels(Threat.VEILED, Doxing.HINT, Nature.EMOTIONAL, Aim.INTIMIDATE, Form.STALKING, Target.RELATIVES),
            (Factor("watched", "laat merken dat het huis is bekeken"), Factor("relatives", "noemt een kind")),
            (LOOK, CARE),
            sure=0.54,
            from_="Anoniem formulier",
            subject="mooie tuin",
            date="2026-11-21",
        ),
        make(
            "sms-88",
            "Tweeduizend handje contantje en jij raakt die melding kwijt. Goed voor ons allebei toch",
            {"Tweeduizend handje contantje": C.OFFER, "jij raakt die melding kwijt": C.CONDITION},
            Urgency.MEDIUM,
            labels(
                Threat.NONE, Doxing.NONE, Nature.INSTRUMENTAL, Aim.DISRUPT_INVESTIGATION, Form.BRIBERY, crime=True
            ),
            (Factor("offer", "biedt geld voor een ambtelijke handeling"),),
            (LOOK, FILE),
            sure=0.97,
        ),
        make(
            "inbox.mbox#31",
            "Onderwerp: derde keer\n\nGeachte,\n\nVoor de derde keer word ik naar huis gestuurd zonder antwoord. Jullie zijn "
            "een stel waardeloze klaplopers, en dat zeg ik niet zomaar.\n\n"
            f"{complaint * 40}\nMet groet, Gerda Nijhuis",
            {"waardeloze klaplopers": C.SLUR, "Gerda Nijhuis": (D.PERSON, S.SENDER)},
            Urgency.LOW,
            labels(
                Threat.NONE, Doxing.NONE, Nature.EMOTIONAL, Aim.VENT_ANGER, Form.VERBAL_ABUSE, Target.MUNICIPALITY
            ),
            (Factor("slur", "scheldt de ontvanger uit"),),
            (ANSWER,),
            from_="Gerda Nijhuis",
            subject="derde keer",
            date="2026-11-20T08:02:00+01:00",
        ),
        make(
            "inbox.mbox#33",
            "stelletje ratten",
            {"stelletje ratten": C.SLUR},
            Urgency.LOW,
            labels(Threat.NONE, Doxing.NONE, Nature.EMOTIONAL, Form.VERBAL_ABUSE),
            sure=0.44,
        ),
        make(
            "inbox.mbox#9",
            "I know where you live.",
            warnings=(Notice("not_dutch", "Dit bericht lijkt niet Nederlands te zijn: lees het zelf."),),
        ),
        make("inbox.mbox#12", "Ik weet het niet meer, ik stap eruit.", {"ik stap eruit": C.SELF_HARM}, subject="hulp"),
        make("inbox.mbox#1", "Onderwerp: dank\n\nBedankt voor de hulp bij mijn paspoort.", subject="dank", from_="J. de Wit"),
        make("inbox.mbox#2", "Wanneer is de milieustraat open? Ik heb een koelkast die weg moet, en nog twee oude stoelen."),
        make("inbox.mbox#4", "Ik vermoord een biertje na deze vergadering, tot straks."),
    ]  # fmt: skip


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
    text = card.select_one(".text")
    assert text is not None
    for added in text.select("sup, summary"):
        added.extract()
    return text.get_text()


@pytest.fixture(scope="module")
def shown() -> BeautifulSoup:
    sources = ["inbox.mbox", "-"]
    return page(sample(), sources=sources, problems=["oud.pst: The file is of a kind that cannot be read."], made=MADE)


def test_overview_counts_and_first_term(shown: BeautifulSoup) -> None:
    figures = [said(div) for div in shown.select(".figures div")]
    assert figures == ["berichten 12", "acuut 2", "hoog 2", "middel 1", "laag 2", "geen urgentie 5"]
    points = said(shown.select_one(".points"))
    assert "2 berichten met onthulde privégegevens" in points
    assert "Eerste termijn: binnen 2 uur, uiterlijk maandag 23 november, 16:05 uur, bericht 1." in points
    assert "2 berichten zonder urgentie, maar met een waarschuwing" in points
    about = said(shown.select_one(".about"))
    assert "maandag 23 november 2026, 14:05 uur" in about
    assert "inbox.mbox, standaardinvoer" in about
    assert "vpt-nl-linear 1.0.0" in about


def test_contents_say_urgency_in_word_and_shape_and_link_to_cards(shown: BeautifulSoup) -> None:
    rows = shown.select(".toc li")
    assert [said(row.select_one(".badge")) for row in rows] == "acuut acuut hoog hoog middel laag laag".split()
    shapes = {row["data-u"]: row.select_one("use")["href"] for row in rows}  # type: ignore[index]
    assert len(set(shapes.values())) == 4
    first = said(rows[0])
    for part in ("intrekking vergunning", "R. van Eijk <rve@post.example>", "noemt een tijdstip; kent het huisadres"):
        assert part in first
    assert said(rows[6].select_one(".why")) == "emotioneel; verbale agressie"  # no factor: its labels


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


def test_text_stands_as_received(shown: BeautifulSoup) -> None:
    cards = BeautifulSoup(str(shown), "html.parser").select("article")
    assert [received(card) for card in cards] == [a.message.text for a in sample()[:7]]


def test_card_tells_labels_reasons_steps_and_statutes(shown: BeautifulSoup) -> None:
    card = shown.select("article")[0]
    assert "van R. van Eijk <rve@post.example>maandag 23 november 2026, 09:41 uur" in said(card.select_one(".meta"))
    assert "dreiging voorwaardelijk 90% zeer waarschijnlijk" in said(card.select_one(".labels"))
    assert [said(factor) for factor in card.select(".factors li")][:2] == [
        "noemt een tijdstip: vrijdag",
        "kent het huisadres: Lindehof 12",
    ]
    steps = [said(step) for step in card.select(".steps li") if step.select_one("input[type=checkbox]")]
    assert steps[2].endswith("binnen 48 uur, uiterlijk woensdag 25 november, 14:05 uur VPT-maatregel 6")
    assert steps[3] == "Leg het voorval vast in het incidentenregister. VPT-maatregel 3"
    assert said(card.select(".statute")[1]) == (
        "Artikel 285d Sr Staat in de tekst persoonsgegevens van een ander worden verspreid "
        "Blijkt niet uit de tekst het doel om vrees aan te jagenwie de afzender is"
    )
    assert "adres · doelwitLindehof 1290%" in said(card.select_one(".exposures"))
    assert "Die zijn niet meegewogen" in said(card.select_one(".warning"))
    assert "Uw vergunning wordt per 1 december ingetrokken" in said(card.select_one("details.quoted"))


def test_doubt_between_labels_is_told(shown: BeautifulSoup) -> None:
    assert "bedekt of geen, 15% 54% misschien" in said(shown.select("article")[3].select_one(".labels"))
    assert said(shown.select("article")[3].select_one(".meta")).startswith("van Anoniem formulierzaterdag 21 november 2026i")


def test_messages_without_urgency(shown: BeautifulSoup) -> None:
    to_read, folded = shown.select(".rest")
    assert [said(line) for line in to_read.select("li")] == [
        "inbox.mbox#9 I know where you live.Dit bericht lijkt niet Nederlands te zijn: lees het zelf.",
        "inbox.mbox#12 hulp Ik weet het niet meer, ik stap eruit."
        "Er staan woorden in over zelfdoding of zelfbeschadiging: lees het zelf.",
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


def test_without_a_time_there_is_no_clock() -> None:
    shown = page(sample())
    assert not shown.select("time")
    assert "binnen 48 uur" in said(shown)
    assert "uiterlijk" not in said(shown.main).replace("uiterlijk · doelwit", "").replace("uiterlijk: Huis", "")


def test_a_term_counts_hours_and_not_clock_faces() -> None:
    made = datetime(2026, 10, 24, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))  # the clock goes back that night
    assert "uiterlijk zondag 25 oktober, 13:00 uur" in said(page(sample(), made=made))


def test_unranked_keeps_the_order_of_the_input() -> None:
    shown = page(reversed(sample()), ranked=False)
    assert said(shown.h1) == "Beoordeelde berichten"
    assert said(shown.select(".toc .badge")[0]) == "laag"


@pytest.mark.parametrize("number", [0, 1])
def test_nothing_to_report(number: int) -> None:
    shown = page(sample()[-1:] * number)
    assert not shown.select("article, .problems, .filter")
    assert said(shown.select_one(".figures div")) == ("bericht 1" if number else "berichten 0")
    assert said(shown.select_one(".empty")) in (
        "Er zijn geen berichten gelezen.",
        "Het model zag in geen enkel bericht vijandigheid.",
    )


ATTACK = "</style></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & {{ 7*7 }} {% raw %}"


def test_strangers_text_stays_text() -> None:
    step, factor = Step("s", ATTACK, ATTACK, 1), Factor("f", ATTACK, ((0, 60),))
    law, notice = StatuteCard(ATTACK, (ATTACK,), (ATTACK,)), Notice("n", ATTACK)
    meta = {"from_": ATTACK, "subject": ATTACK, "date": ATTACK}
    bad = make(ATTACK, ATTACK, {ATTACK[:20]: C.SLUR, ATTACK[5:40]: (D.URL, S.TARGET)}, Urgency.HIGH, Labels(),
               (factor,), (step,), (law,), (notice,), 0.9, ATTACK, **meta)  # fmt: skip
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
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
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


def test_tags_are_balanced() -> None:
    balance = Balance()
    balance.feed(render(sample(), sources=["a"], problems=["b"], made=MADE))
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
    assert not shown.select_one("article").select("details.fold")  # type: ignore[union-attr]


def test_the_end_of_a_long_text_folds() -> None:
    stretches = list(report._stretches(make("1", "dreig " + "woord " * 900, {"dreig": C.THREAT_PHRASE})))
    assert [s.folded for s in stretches] == [False, False, True]


def test_lists_are_capped_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LIST_LIMIT", 3)
    monkeypatch.setattr(report, "PROBLEM_LIMIT", 2)
    quiet, doubtful = sample()[-1], sample()[7]
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


def test_ten_thousand_messages_stream_in_small_pieces() -> None:
    hot, quiet = sample()[2], sample()[-1]
    out = Pieces()
    report.write_html((hot if i % 20 == 0 else quiet for i in range(10_000)), out, ranked=True, made=MADE)
    assert out.getvalue().count("<article") == 500
    assert len(out.sizes) > 50 and max(out.sizes) < 60_000


def test_problems_found_while_reading_are_shown() -> None:
    problems: list[str] = []

    def reading() -> Iterator[Assessment]:
        yield sample()[-1]
        problems.append("kapot.eml: The mail is too damaged to be read.")

    assert "kapot.eml" in said(page(reading(), problems=problems))


def test_what_no_file_can_hold_is_replaced() -> None:
    raw = render([make("a\ud800", "b\x00c\udfff", urgency=Urgency.LOW, subject="\ud83d")])
    assert raw.encode("utf-8")
    assert "b\ufffdc\ufffd" in raw


kinds = st.sampled_from([*((kind, None) for kind in C), *((kind, subject) for kind in D for subject in S)])
spans = st.lists(st.builds(lambda a, b, k: Span(a, b, *k), st.integers(-3, 70), st.integers(-3, 70), kinds), max_size=8)


@given(text=st.text(max_size=60), found=spans, fold=st.booleans())
def test_stretches_cover_the_text_and_end_each_span_once(text: str, found: list[Span], fold: bool) -> None:
    pieces = list(report._cut(text, found))
    assert "".join(piece.text for piece in pieces) == text
    assert "".join(piece.text for piece in report._folded(pieces)) == text
    inside = [span for span in found if max(0, span.start) < min(len(text), span.end)]
    assert Counter(span for piece in pieces for span in piece.ending) == Counter(inside)
    place = 0
    for piece in pieces:
        over = [span for span in found if span.start <= place < span.end]
        assert piece.cue == any(span.subject is None for span in over)
        assert (piece.detail == "exposed") == any(span.subject in (S.TARGET, S.RELATIVE) for span in over)
        assert bool(piece.detail) == any(span.subject is not None for span in over)
        place += len(piece.text)


@given(gap=st.integers(0, 4_000), words=st.text("ab \n", max_size=3_000))
def test_folding_loses_nothing(gap: int, words: str) -> None:
    text = words + "x" * gap + "DREIG" + words
    assessment = make("1", text, {"DREIG": C.THREAT_PHRASE})
    stretches = list(report._stretches(assessment))
    assert "".join(s.text for s in stretches) == text
    assert all(len(s.text) <= report.FOLD_FROM for s in stretches if not s.folded)


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
    lines = [("edge", "card"), ("cue-ink", "cue"), ("exposed-ink", "exposed"), ("other-ink", "other"), ("warn-line", "warn")]
    assert [pair for pair in lines if contrast(*map(colours.__getitem__, pair)) < 3] == []


def test_marks_differ_in_grey_by_their_line(shown: BeautifulSoup) -> None:
    assert shown.style is not None
    style = shown.style.get_text()
    lines = [re.search(rf"mark\.{kind} {{[^}}]*(dashed|dotted|solid)", style)[1] for kind in ("cue", "exposed", "other")]  # type: ignore[index]
    assert lines == ["dashed", "solid", "dotted"]


def test_glossary_holds_every_definition(shown: BeautifulSoup) -> None:
    text = said(shown.select_one(".glossary"))
    for kind in (Urgency, *taxonomy.AXES.values(), C, D, S):
        assert all(label.definition in text for label in kind)
