"""The personal details in a cell of a table, read together with the name of its column.

A cell is short: "Bakker" or "613370042" shows nothing by itself, and its column says what it is. In a column that holds a kind
of detail by its name, whatever the recognisers leave is of that kind; in any other column doubtful details count as found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vptnlp.doxing.base import Detail
from vptnlp.doxing.detect import find_details
from vptnlp.doxing.repeats import PlainWord, plain_words
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject
from vptnlp.taxonomy import DetailKind as K

# Half of what a message needs: a cell has few words around it that could tell.
_DOUBTFUL = 0.3
_LETTERS = re.compile(r"[^\W\d_]+")
# What a column holds, by its name in plain words with spaces between; the first that fits serves ("e-mailadres", "plaatsnaam").
_COLUMNS: tuple[tuple[re.Pattern[str], DetailKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\be ?mail|mailadres|^mail$|reply to|return path", K.EMAIL),
        (r"\bip\b|\bipadres", K.IP_ADDRESS),
        (r"webadres|website|\burls?\b|\blinks?\b|homepage", K.URL),
        (r"\btel\b|\btelnr|telefoon|\bfoon|mobiel|mobile|\bgsm\b|phone|whatsapp|\bfax", K.PHONE),
        (r"\bhandle|account|gebruikersnaam|user ?name|\bprofiel|screen ?name|twitter|instagram|facebook|tiktok", K.HANDLE),
        (r"geboorte ?plaats|woonplaats|plaats ?naam|^plaats$|^stad$|^dorp$|^wijk$|^city$|^town$|gemeente", K.PLACE),
        (r"geboorte|geboren|\bgeb dat|birth|\bdob\b", K.DATE_OF_BIRTH),
        (r"post ?code|zip ?code|^zip$|postal", K.POSTCODE),
        (r"adres|address|straat|street|huis ?n(?:umme)?r", K.ADDRESS),
        (r"kenteken|nummerplaat|number ?plate|licen[cs]e ?plate", K.LICENCE_PLATE),
        (r"\bbsn|\bsofi|burgerservice|rijksregister", K.BSN),
        (r"\biban|rekening", K.IBAN),
        (r"paspoort|passport|rijbewijs|identiteit|personeels ?n|\bbig n|client ?n(?:umme)?r|klant ?n(?:umme)?r", K.ID_NUMBER),
        (r"voertuig|vehicle|^auto$", K.VEHICLE),
        (r"leeftijd|^age$", K.AGE),
        (r"werkgever|werkplek|employer|workplace", K.WORKPLACE),
        (r"coordina|coördina|\bgps\b|^lat(?:itude)?$|^lon(?:g|gitude)?$", K.COORDINATES),
        (
            r"naam\b|namen\b|\b(?:first|last|sur|full)? ?names?\b|afzender|sender|ontvanger|recipient|geadresseerde|melder"
            r"|slachtoffer|victim|verdachte|suspect|dader|aangever|betrokkene|getuige|contact ?persoon|auteur|author"
            r"|medewerker|employee|behandelaar|klant|cliënt|client|attachments?|bijlagen?|bestand|filename"
            r"|^(?:van|aan|from|to|cc|bcc|wie|who|door|by)$",
            K.PERSON,
        ),
    )
)  # fmt: skip


def cell_details(columns: Sequence[str], cell: str) -> list[Detail]:
    """The details in a cell.

    Args:
        columns: The names of the columns that it stands in, outermost first.
        cell: The cell as text.

    Returns:
        Spans over `cell`, with subjects; a guess where nothing says whose they are.
    """
    lead = f"{columns[-1]}: " if columns else ""
    shifted = (
        replace(found, start=max(found.start - len(lead), 0), end=found.end - len(lead))
        for found in find_details(lead + cell, threshold=_DOUBTFUL)
        if found.end > len(lead)
    )
    details = [*find_details(cell), *shifted]
    kind = next((kind for name in reversed(columns) if (kind := column_kind(name))), None)
    return [*details, *_rest(cell, details, kind)] if kind else details


def column_kind(name: str) -> DetailKind | None:
    """Which kind of detail a column of this name holds; None where it does not say."""
    # "telefoonNummer", "tel_nr" and "Tel. nr" are read alike.
    words = " ".join(_LETTERS.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:100]))).casefold()
    return next((kind for pattern, kind in _COLUMNS if pattern.search(words)), None)


def _rest(cell: str, details: Sequence[Detail], kind: DetailKind) -> list[Detail]:
    """The stretches of words that no detail covers, as details of one kind."""
    stretches: list[list[PlainWord]] = [[]]
    for word in plain_words(cell):
        if any(found.start <= word.start and word.end <= found.end for found in details):
            stretches.append([])
        else:
            stretches[-1].append(word)
    return [Span(words[0].start, words[-1].end, kind, Subject.TARGET) for words in stretches if words]
