"""Wordings that settle whose a detail is, whatever the rest of the message says.

Each held for over nine in ten of the details that it applies to in VPT-NL. They come before the weights of
`vptnlp.doxing.ownership`, so that plain cases do not depend on a fit.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vptnlp.doxing.base import Detail, Passage
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject

_NAMES = frozenset({K.PERSON})
_WHERE = frozenset({K.ADDRESS, K.POSTCODE, K.PLACE})
_REACH = frozenset(
    {K.PHONE, K.EMAIL, K.BSN, K.IBAN, K.LICENCE_PLATE, K.ID_NUMBER, K.ADDRESS, K.DATE_OF_BIRTH, K.HANDLE}
)


class Wording(NamedTuple):
    """Words right before a detail (or, for `own`, the detail itself) that settle its subject."""

    pattern: re.Pattern[str]
    kinds: frozenset[K]
    subject: Subject
    own: bool = False


WORDINGS: tuple[Wording, ...] = (
    Wording(re.compile(r"(?:postbus|antwoordnummer)"), _WHERE, Subject.ORGANISATION, own=True),
    Wording(
        re.compile(
            r"\b(?:vriendelijke groet(?:en)?|hoogachtend|groet(?:en|jes)?|mvg|grtz?)(?: van)?[,.! ]*\s(?:mr\. |dr\. )?$"
        ),
        _NAMES,
        Subject.SENDER,
    ),
    Wording(re.compile(r"\b(?:ik heet|mijn naam is) $"), _NAMES, Subject.SENDER),
    Wording(
        re.compile(
            r"(?:^|\n)(?:zeer )?(?:beste|geachte|hooggeachte|waarde) (?:de heer |heer |mevrouw |meneer |mr\. |dr\. )?$"
        ),
        _NAMES,
        Subject.TARGET,
    ),
    Wording(
        re.compile(
            r"\b(?:verdachte|getuige|aangever|aangeefster|betrokkene|appellant|cli[eë]nte?),? "
            r"(?:de heer |mevrouw |mw\. |dhr\. )?$"
        ),
        _NAMES,
        Subject.BYSTANDER,
    ),
    Wording(
        re.compile(r"\b(?:ik woon|wij wonen|we wonen) (?:\w+ )?(?:op |aan |in )?(?:de |het )?$"), _WHERE, Subject.SENDER
    ),
    Wording(
        re.compile(
            r"\b(?:(?:jij|je|u|ge|gij) woont|woon je|woont u) (?:toch |gewoon |daar )?(?:op |aan |in )?(?:de |het )?$"
        ),
        _WHERE,
        Subject.TARGET,
    ),
    Wording(
        re.compile(
            r"\bmijn (?:nummer|mobiel|gsm|telefoonnummer|mail|e-mail|mailadres|bsn|kenteken|paspoort|rekening|adres|account)"
            r"(?:nummer)?(?: is)?:? $"
        ),
        _REACH,
        Subject.SENDER,
    ),
)


def certain_subject(passage: Passage, detail: Detail) -> Subject | None:
    """The subject that the words right before a detail settle; None where none do, and in quoted lines."""
    folded = passage.folded
    if folded.startswith(">", folded.rfind("\n", 0, detail.start) + 1):
        return None
    before = passage.before(detail.start, 60)
    for wording in WORDINGS:
        if detail.kind in wording.kinds:
            found = wording.pattern.match(folded, detail.start) if wording.own else wording.pattern.search(before)
            if found:
                return wording.subject
    return None
