"""Twelve invented messages and how to make more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vptnlp import taxonomy
from vptnlp.messages import (
    Assessment,
    Factor,
    Labels,
    Language,
    Message,
    ModelInfo,
    Notice,
    Scores,
    Span,
    StatuteCard,
    Step,
    Triage,
    Urgency,
)  # fmt: skip
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat

MODEL = ModelInfo("vpt-nl-linear", "1.0.0", "3fa1c07be2d94c55a8e0" + "0" * 44)
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


def assess(
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
    axes: dict[str, dict[str, float]] = {}
    for axis, kinds in taxonomy.AXES.items():
        held = getattr(labels, axis)
        single = axis in taxonomy.SINGLE_AXES
        rest = (1 - sure) / (len(kinds) - 1) if single else 0.04
        axes[axis] = {str(k): sure if (k == held if single else k in held) else rest for k in kinds}
    meta = {key.removesuffix("_"): value for key, value in meta.items()}
    return Assessment(
        Message(id, text, meta, quoted),
        MODEL,
        Language("nl", 0.99),
        labels,
        Scores(
            axes,
            sure if labels.organised_crime else 0.02,
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
    aims = frozenset(label for label in held if isinstance(label, Aim))
    forms = frozenset(label for label in held if isinstance(label, Form))
    targets = frozenset(label for label in held if isinstance(label, Target))
    return Labels(threat, frozenset({nature}), aims, forms, targets, doxing, crime)


@pytest.fixture(scope="session")
def make() -> Callable[..., Assessment]:
    """`assess`."""
    return assess


@pytest.fixture(scope="session")
def sample() -> list[Assessment]:
    """Twelve invented messages, ranked."""
    complaint = "Ik heb op 3 maart gebeld, daarna op 9 maart, en toen weer een week later. Niemand weet iets.\n"
    return [
        assess(
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
                Factor("deadline", "Het bericht noemt een tijdstip.", ((53, 60),)),
                Factor("address", "Het huisadres staat erin.", ((94, 105),)),
                Factor("relatives", "Het bericht noemt een naaste.", ((131, 136),)),
                Factor("weapon", "Het bericht noemt een middel."),
            ),
            (POLICE, CARE, ANSWER, FILE),
            (THREAT_LAW, DOXING_LAW),
            (Notice("quoted", "Het bericht bevat eerdere berichten van anderen. Die zijn niet meegewogen."),),
            quoted="Op 20 november schreef Vergunningen:\n> Uw vergunning wordt per 1 december ingetrokken.",
            from_="R. van Eijk <rve@post.example>",
            subject="intrekking vergunning",
            date="2026-11-23T08:41:00+00:00",
        ),
        assess(
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
            (
                Factor("call", "Het bericht roept anderen op langs te gaan."),
                Factor("plate", "Het bericht noemt adres en kenteken."),
            ),
            (POLICE, REMOVE, CARE, FILE),
            (DOXING_LAW,),
            sure=0.78,
            from_="@vrijedorpsstem",
            date="22-11 's avonds",
        ),
        assess(
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
            (Factor("violence", "Het bericht kondigt geweld aan."),),
            (LOOK, POLICE, FILE),
            (THREAT_LAW,),
            sure=0.64,
        ),
        assess(
            "inbox.mbox#22",
            "Onderwerp: mooie tuin\n\nLeuk, die nieuwe blauwe schutting. En wat wordt de kleine groot.",
            {
                "nieuwe blauwe schutting": (D.APPEARANCE, S.TARGET),
                "de kleine": (D.FAMILY, S.RELATIVE),
                "wat wordt de kleine groot": C.THREAT_PHRASE,
            },
            Urgency.HIGH,
            labels(Threat.VEILED, Doxing.HINT, Nature.EMOTIONAL, Aim.INTIMIDATE, Form.STALKING, Target.RELATIVES),
            (
                Factor("watched", "De afzender laat merken dat het huis is bekeken."),
                Factor("relatives", "Het bericht noemt een kind."),
            ),
            (LOOK, CARE),
            sure=0.54,
            from_="Anoniem formulier",
            subject="mooie tuin",
            date="2026-11-21",
        ),
        assess(
            "sms-88",
            "Tweeduizend handje contantje en jij raakt die melding kwijt. Goed voor ons allebei toch",
            {"Tweeduizend handje contantje": C.OFFER, "jij raakt die melding kwijt": C.CONDITION},
            Urgency.MEDIUM,
            labels(
                Threat.NONE, Doxing.NONE, Nature.INSTRUMENTAL, Aim.DISRUPT_INVESTIGATION, Form.BRIBERY, crime=True
            ),
            (Factor("offer", "De afzender biedt geld aan."),),
            (LOOK, FILE),
            sure=0.97,
        ),
        assess(
            "inbox.mbox#31",
            "Onderwerp: derde keer\n\nGeachte,\n\nVoor de derde keer word ik naar huis gestuurd zonder antwoord. Jullie zijn "
            "een stel waardeloze klaplopers, en dat zeg ik niet zomaar.\n\n"
            f"{complaint * 40}\nMet groet, Gerda Nijhuis",
            {"waardeloze klaplopers": C.SLUR, "Gerda Nijhuis": (D.PERSON, S.SENDER)},
            Urgency.LOW,
            labels(
                Threat.NONE, Doxing.NONE, Nature.EMOTIONAL, Aim.VENT_ANGER, Form.VERBAL_ABUSE, Target.MUNICIPALITY
            ),
            (Factor("slur", "De afzender scheldt."),),
            (ANSWER,),
            from_="Gerda Nijhuis",
            subject="derde keer",
            date="2026-11-20T08:02:00+01:00",
        ),
        assess(
            "inbox.mbox#33",
            "stelletje ratten",
            {"stelletje ratten": C.SLUR},
            Urgency.LOW,
            labels(Threat.NONE, Doxing.NONE, Nature.EMOTIONAL, Form.VERBAL_ABUSE),
            sure=0.44,
        ),
        assess(
            "inbox.mbox#9",
            "I know where you live.",
            warnings=(Notice("not_dutch", "Dit bericht lijkt niet Nederlands te zijn: lees het zelf."),),
        ),
        assess(
            "inbox.mbox#12",
            "Ik weet waar het misging.",
            factors=(Factor("uncertain", "Het model twijfelt of dit bericht dreigend is. Lees het zelf."),),
            subject="vraag",
        ),
        assess("inbox.mbox#1", "Onderwerp: dank\n\nBedankt voor de hulp bij mijn paspoort.", subject="dank", from_="J. de Wit"),
        assess("inbox.mbox#2", "Wanneer is de milieustraat open? Ik heb een koelkast die weg moet, en nog twee oude stoelen."),
        assess("inbox.mbox#4", "Ik vermoord een biertje na deze vergadering, tot straks."),
    ]  # fmt: skip
