"""What the readers say in English about a file, in the Dutch of the desk."""

from __future__ import annotations

import re

# The first that matches decides. Groups are numbers and names of formats, never text of a message.
_DUTCH: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), dutch)
    for pattern, dutch in (
        (
            r"^suffix$",
            "Dit soort bestand leest de triagetafel niet. Gebruik txt, eml, mbox, csv of jsonl; sla een werkmap van "
            "Excel op als csv.",
        ),
        (r"^too many$", "Het bestand heeft meer dan 5.000 berichten. Alleen de eerste 5.000 zijn gelezen."),
        (r"^It is empty\.", "Het bestand is leeg."),
        (r"^It holds no messages", "Er staan geen berichten in."),
        (r"has no text: it is encrypted", "De mail is versleuteld en kan niet gelezen worden."),
        (r"has no text, only attachments", "De mail heeft geen tekst, alleen bijlagen, en is overgeslagen."),
        (r"has no text", "Hier staat geen tekst; overgeslagen."),
        (r"where its text should be", "Op de plek van de tekst staat iets anders; overgeslagen."),
        (r"^The text is longer than", "De tekst is te lang; de rest is weggelaten."),
        (r"is damaged JSON", "De regel is beschadigd (geen geldige JSON) en is overgeslagen."),
        (r"is JSON that is nested|is no JSON object", "De regel heeft niet de vorm {\"text\": \"...\"} en is overgeslagen."),
        (r"^The list is not closed", "Het bestand lijkt afgekapt. Wat ervoor stond, is gelezen."),
        (
            r"^There is no column .*with the text",
            "Er is geen kolom met de naam 'tekst', 'bericht' of 'text'. Geef de kolom met berichten een van die namen.",
        ),
        (r"cells where \d+ columns", "De rij heeft meer cellen dan kolommen; de tekst kan onvolledig zijn."),
        (r"quotation mark", "Een aanhalingsteken wordt nergens gesloten; de rij kan anders gelezen zijn dan bedoeld."),
        (r"is longer than \d+ MB and was skipped", "De regel is te lang en is overgeslagen."),
        (r"larger than \d+ MB", "De mail is te groot; de rest is weggelaten."),
        (r"^The mailbox is damaged", "Het begin van de mailbox is beschadigd; het is als één mail gelezen."),
        (r"no mail headers|too damaged", "Dit is geen gewone mail; alles is als platte tekst gelezen."),
        (r"damaged or cut off", "Een deel van de mail is beschadigd of afgekapt; de tekst kan onvolledig zijn."),
        (r"parts within parts|nested more than", "De mail zit vreemd in elkaar; niet alles is gelezen."),
        (r"of HTML was cut off", "Een deel van de mail is erg lang; de rest is weggelaten."),
        (r"Outlook \.msg", "Dit is een .msg-bestand van Outlook. Sla het bericht op als .eml."),
        (r"Outlook data file", "Dit is een gegevensbestand van Outlook. Sla de berichten op als .eml of .mbox."),
        (r"Excel|workbook|\.xls", "Dit is een werkmap. Sla die op als csv."),
        (r"password", "Het bestand heeft een wachtwoord. Sla het op zonder wachtwoord."),
        (r"image|PDF|RTF|archive|database|binary|Word|Office|zip", "Dit is geen tekstbestand."),
    )
)  # fmt: skip

_UNKNOWN = "Een deel van het bestand kon niet goed gelezen worden. Controleer of alle berichten er zijn."


def dutch(reason: str) -> str:
    """A problem in Dutch; a general sentence where there is no better one.

    Args:
        reason: What a reader reported, or ``suffix`` or ``too many``, which the desk itself finds.
    """
    return next((said for pattern, said in _DUTCH if pattern.search(reason)), _UNKNOWN)
