"""Wordings that settle whose a detail is, whatever the rest of the message says.

Each held for about nine in ten of the details that it applies to in VPT-NL, or is a settled case of the taxonomy. They come
before the weights of `vptnlp.doxing.ownership`, so that plain cases do not depend on a fit.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vptnlp.doxing.base import Detail, Passage
from vptnlp.doxing.cues import ROLE_MAILBOX
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject

_NAMES = frozenset({K.PERSON})
_WHERE = frozenset({K.ADDRESS, K.POSTCODE, K.PLACE})
_CONTACT = frozenset({K.PHONE, K.EMAIL})
_REACH = frozenset(
    {K.PHONE, K.EMAIL, K.BSN, K.IBAN, K.LICENCE_PLATE, K.ID_NUMBER, K.ADDRESS, K.DATE_OF_BIRTH, K.HANDLE}
)
_TITLE = r"(?:(?:de )?heer |mevrouw |meneer |mw\.? |dhr\.? |mr\. |dr\. |de )?"
_TO_REACH = r"(?:bel|belt|bellen|app|appt|appen|mail|mailt|mailen|sms|bereik|bereikt|bereiken|terugbellen|contacteren)"
_ME = r"(?:me|mij)"
_ACQUAINTANCE = (
    r"(?:buurman|buurvrouw|buren|advocaat|advocate|raadsman|raadsvrouw|collega|huisarts|notaris|makelaar|baas)"
)


class Wording(NamedTuple):
    """Words right before a detail (or, for `own`, the detail itself) that settle its subject."""

    pattern: re.Pattern[str]
    kinds: frozenset[K]
    subject: Subject
    own: bool = False


WORDINGS: tuple[Wording, ...] = (
    Wording(re.compile(r"(?:postbus|antwoordnummer)"), _WHERE, Subject.ORGANISATION, own=True),
    Wording(ROLE_MAILBOX, frozenset({K.EMAIL}), Subject.ORGANISATION, own=True),
    Wording(
        re.compile(
            r"\b(?:vriendelijke groet(?:en)?|hoogachtend|groet(?:en|jes)?|mvg|grtz?)(?: van)?[,.! ]*\s(?:mr\. |dr\. )?$"
        ),
        _NAMES,
        Subject.SENDER,
    ),
    Wording(re.compile(r"\b(?:ik heet|mijn naam is) $"), _NAMES, Subject.SENDER),
    Wording(re.compile(r"(?:^|\n)(?:van|from|afzender) ?: [^\n:]{0,50}$"), _NAMES | _CONTACT, Subject.SENDER),
    Wording(re.compile(r"(?:^|\n)(?:aan|to) ?: [^\n:]{0,50}$"), _NAMES | _CONTACT, Subject.TARGET),
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
    Wording(re.compile(rf"\b(?:mijn|onze|ons) {_ACQUAINTANCE},? {_TITLE}$"), _NAMES, Subject.BYSTANDER),
    Wording(
        re.compile(rf"\b(?:mijn|onze|ons) {_ACQUAINTANCE},? {_TITLE}[\w' -]{{2,30}}(?: \(|, )(?:tel\.? )?$"),
        _CONTACT,
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
            r"\bmijn (?:nummer|mobiel|gsm|telefoonnummer|mail|e-mail|mailadres|bsn|kenteken|paspoort|rekening|adres|account|"
            r"tel\.? ?nr\.?|telnr\.?|06|e-mailadres)(?:nummer)?(?: is)?:? $"
        ),
        _REACH,
        Subject.SENDER,
    ),
    Wording(re.compile(rf"\b{_TO_REACH} {_ME}\b[^.!?\n]{{0,25}}$"), _CONTACT, Subject.SENDER),
    Wording(
        re.compile(
            rf"\b(?:kunt?|kan|mag|wil) (?:je |u |jij |jullie )?{_ME} [^.!?\n]{{0,25}}"
            rf"\b{_TO_REACH}(?: op| via| onder)?:? $"
        ),
        _CONTACT,
        Subject.SENDER,
    ),
    Wording(
        re.compile(
            r"(?:(?:^|[\n.!?] ?)bereikbaar|\bik ben (?:te bereiken|bereikbaar|te vinden))"
            r"(?: op| via| onder| aan| in)?(?: de| het)?:? $"
        ),
        _CONTACT | _WHERE,
        Subject.SENDER,
    ),
    Wording(
        re.compile(
            r"(?:^|\n)(?:gemeente|provincie|politie|rechtbank|kantoor|bezoekadres)[^\n]{0,40}?[,:\n] ?$|"
            r"\b(?:kantoor|hoofdkantoor|politiebureau|bureau|stadhuis|gemeentehuis|stadskantoor|rechtbank|vestiging) "
            r"(?:op|aan|in|te|van)(?: de| het)? $"
        ),
        frozenset({K.ADDRESS, K.POSTCODE}),
        Subject.ORGANISATION,
    ),
    # Unmarked cars of the police, named to warn others: of the office, by the taxonomy's settled cases.
    Wording(
        re.compile(r"\b(?:onopvallende|ongemarkeerde|anonieme|stille) [^.!?\n]{0,40}$"),
        frozenset({K.LICENCE_PLATE}),
        Subject.ORGANISATION,
    ),
)


def certain_subject(passage: Passage, detail: Detail) -> Subject | None:
    """The subject that the words right before a detail settle; None where none do.

    In quoted lines somebody else speaks, mostly the reader: what would be the sender's there is the target's, and other
    wordings settle nothing.
    """
    folded = passage.folded
    quoted = folded.startswith(">", folded.rfind("\n", 0, detail.start) + 1)
    before = passage.before(detail.start, 60)
    for wording in WORDINGS:
        if detail.kind in wording.kinds:
            found = wording.pattern.match(folded, detail.start) if wording.own else wording.pattern.search(before)
            if found and not quoted:
                return wording.subject
            if found and wording.subject == Subject.SENDER:
                return Subject.TARGET
    return None
