"""What mail systems, web forms and exports put around a message: tags, banners, footers, brackets. It never changes what is said.

The marks are made at random from parts, so that a model learns that marks say nothing, instead of a list of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Mark = Callable[[random.Random], str]

_BRACKETS = (
    ("[", "]"),
    ("(", ")"),
    ("{", "}"),
    ("<", ">"),
    ("*** ", " ***"),
    ("== ", " =="),
    ("-- ", " --"),
    ("|", "|"),
)
_TAGS = (
    "extern",
    "external",
    "externe afzender",
    "spam?",
    "mogelijk spam",
    "fwd",
    "fw",
    "doorgestuurd",
    "ingekomen",
    "kopie",
    "scan",
    "geen onderwerp",
    "vertrouwelijk",
    "intern",
    "niet beantwoorden",
    "automatisch vertaald",
    "bericht ingekort",
    "bijlage verwijderd",
    "afbeelding",
    "sticker",
    "einde bericht",
    "handmatig ingevoerd",
    "website",
    "contactformulier",
    "anoniem",
    "urgent",
    "geen reactie nodig",
    "prioriteit: normaal",
    "pagina 1 van 1",
    "lezen",
    "nieuw",
    "zie onder",
    "vervolg",
)
_SUBJECTS = ("bericht", "uw zaak", "vraag", "reactie", "contact", "melding", "(geen)", "brief", "hallo", "info", "post")
_REPLIES = ("Re: ", "RE: ", "Fwd: ", "FW: ", "Antw: ", "Doorst: ", "Betr.: ", "TR: ", "RE: FW: ", "Re: Re: ")
_BANNERS = (
    "LET OP: dit bericht komt van buiten de organisatie. Open alleen bijlagen die u verwacht.",
    "Deze e-mail is afkomstig van een externe afzender.",
    "Caution: this message was sent from outside.",
    "U ontvangt dit bericht via het formulier op onze website.",
    "Nieuw bericht ontvangen via de algemene postbus",
    "Hieronder staat het bericht zoals het is binnengekomen.",
    "Uw bericht:",
    "Bericht van bezoeker:",
    "Tekst van het bericht",
    "Inhoud",
    "Opmerkingen:",
    "Transcriptie van ingesproken bericht:",
)
_FOOTERS = (
    "Verzonden vanaf mijn iPhone",
    "Verstuurd vanaf mijn telefoon",
    "Verzonden met Outlook voor Android",
    "Sent from my Galaxy",
    "Gesendet von meinem Handy",
    "Deze mail en de bijlagen zijn alleen bedoeld voor de geadresseerde. Bent u dat niet, verwijder hem dan.",
    "Aan de inhoud van dit bericht kunnen geen rechten worden ontleend.",
    "This e-mail is intended for the addressee only.",
    "Virusvrij. Gecontroleerd door de mailserver.",
    "Print dit bericht alleen als het nodig is.",
    "Vind ik leuk · Beantwoorden · 2 u",
    "Bekijk de vertaling",
    "Meer weergeven",
    "Gelezen",
    "U kunt op dit bericht niet antwoorden.",
    "Afmelden voor meldingen",
    "Einde van het bericht",
    "-- ",
    "____________________",
)
_HTML = (("<p>", "</p>"), ("<div>", "</div>"), ("<b>", "</b>"), ("<br>", "<br>"), ("&nbsp;", "&nbsp;"), ("<br/>", ""))
_WRAPS = (
    ("(", ")"),
    ("[", "]"),
    ("**", "**"),
    ("*", "*"),
    ("_", "_"),
    ("~", "~"),
    ("- ", ""),
    ("# ", ""),
    *_HTML,
)


def before(order: random.Random) -> str:
    """A mark that stands before a message, with what parts it from the text."""
    return order.choice(_BEFORE)(order)


def after(order: random.Random) -> str:
    """A mark that stands behind a message, with what parts it from the text."""
    return order.choice(_AFTER)(order)


def around(order: random.Random) -> tuple[str, str]:
    """What opens and closes a message that is wrapped as a whole."""
    return order.choice(_WRAPS)


def _tag(order: random.Random) -> str:
    opening, closing = order.choice(_BRACKETS)
    word = order.choice(_TAGS)
    return opening + order.choice((word, word.upper(), word.capitalize())) + closing


def _number(order: random.Random) -> str:
    number = order.randint(100, 999_999)
    return order.choice((f"[#{number}]", f"(#{number})", f"[ticket {number}]", f"Zaaknr. {number}", f"ref. {number}:"))


def _time(order: random.Random) -> str:
    day, month, hour, minute = order.randint(1, 28), order.randint(1, 12), order.randint(0, 23), order.randint(0, 59)
    return order.choice(
        (
            f"[{day:02}-{month:02} {hour:02}:{minute:02}]",
            f"{hour:02}:{minute:02} -",
            f"[{day}/{month}, {hour}:{minute:02}]",
            f"{day:02}.{month:02}, {hour} uur:",
        )
    )


def _subject(order: random.Random) -> str:
    reply = order.choice(_REPLIES)
    return order.choice((reply, f"Onderwerp: {order.choice(_SUBJECTS)}", f"{reply}{order.choice(_SUBJECTS)}"))


def _parted(mark: Mark, parts: tuple[str, ...], *, leading: bool) -> Mark:
    def parted(order: random.Random) -> str:
        part = order.choice(parts)
        return mark(order) + part if leading else part + mark(order)

    return parted


def _one_of(marks: tuple[str, ...]) -> Mark:
    return lambda order: order.choice(marks)


_NEAR, _LINES = (" ", "\n", " - "), ("\n", "\n\n", "\n---\n")
_BEFORE: tuple[Mark, ...] = (
    _parted(_tag, _NEAR, leading=True),
    _parted(_number, _NEAR, leading=True),
    _parted(_time, (" ",), leading=True),
    _parted(_subject, ("\n", "\n\n", " "), leading=True),
    _parted(_one_of(_BANNERS), _LINES, leading=True),
)
_AFTER: tuple[Mark, ...] = (
    _parted(_tag, _NEAR, leading=False),
    _parted(_tag, (" ", "\n"), leading=False),
    _parted(_number, _NEAR, leading=False),
    _parted(_one_of(_FOOTERS), _LINES, leading=False),
    _parted(_one_of(_FOOTERS), _LINES, leading=False),
)
