"""Numbers of passports, identity cards, driving licences, staff and the BIG register.

Format: Dutch passport and identity card: two letters, six letters or digits, a digit (no letter O; Paspoortuitvoeringsregeling);
Belgian identity card: twelve digits, 3-7-2; driving licence: ten digits (RDW); BIG: eleven digits (CIBG); staff numbers have
no standard: a letter at most and five to eight digits.
Accuracy: none of these has a public checksum, so a word such as "paspoort", "personeelsnummer" or the trade ("conducteur") is
needed. Only the passport shape with three leading letters stands out by itself, unless a word makes it a case, file or order
number, which is no personal detail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.announced import announcing
from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_GAP = (
    r"(?:\W{0,4}(?:nummer|nr|no|is|met|was|onder|van|mijn|mijne|man|mee|heeft|luidt|oude?|nieuwe?|"
    r"destijds|voor|de|uren)\b){0,4}[ .:=#(]{1,4}"
)
_DOCUMENT = re.compile(
    r"(?P<word>paspoort|pasp\b|rijbewijs|identiteitskaart|identiteitsbewijs|id-?kaart|"
    r"legitimatiebewijs|legitimatie|verblijfs\w{0,12}|v-nummer|"
    rf"perskaart|documentnummer|toegangspas|dienstpas|politiepas|badge|pasnummer)(?:s?nummer|"
    rf"nr)?{_GAP}(?P<number>(?=[a-z]{{0,9}}[0-9])[a-z0-9]{{5,11}}|[0-9]{{3}}-?[0-9]{{7}}-?[0-9]{{2}})(?![\w])"
)
_STAFF = re.compile(
    r"(?P<word>personeels|medewerkers?|dienst|verbalisant|stam|werknemers?|badge|politie|boa|"
    r"docent|staff|advocaten|student(?:en)?|lidmaatschaps)[ -]?(?:nummer|nr|id|code)\.?"
    rf"{_GAP}(?P<number>[a-z]{{0,3}}-?[0-9]{{4,9}})(?![\w])"
)
_BIG = re.compile(
    r"\bbig(?:-| )?(?:registratie|register)?-?(?:nummer|nr)?"
    + _GAP
    + r"(?P<number>[0-9]{8,11}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{3})(?!\w)"
)
_BIG_SHAPE = re.compile(r"(?<![\w.+-])[1479]9[0-9]{9}(?![\w-])")
_BIG_CONTEXT = re.compile(r"\bbig\b|\bbig-|verpleegkundig|verloskundig|\barts\b")
_ON_DUTY = re.compile(
    r"\b(?:(?:inspecteur|controleur|conducteur|conductrice|toezichthouder|handhaver|boa|beveiliger|agente?|melder|bewaarder)"
    r"[ (:]{1,3}(?:(?:met )?(?:nr|nummer|badge)\.? )?|staf[ (:]{1,3}(?=[pdm]))"
    r"(?P<number>(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2]))[pdm]?[0-9]{6})(?!\w| ?(?:euro|mensen|tot|t/m|keer))"
)
_OTHER_NUMBER = announcing()
_STAFF_SHAPE = re.compile(r"(?<![\w-])[PDM][0-9]{6}(?![\w-])")
_STAFF_CONTEXT = re.compile(
    r"personeel|\bpas\b|pasje|\b(?:stam|staff)?nummer|dienst|boa|toezicht|badge|collega|verbalisant|agent|bewaarder|groet"
)
_PASSPORT_CONTEXT = re.compile(r"paspoort|identiteit|\bid\b|\b(?:mijn|zijn|haar) nummer|document|kopie|van mijn")
_PASSPORT = re.compile(r"(?<![\w-])[A-NP-Z]{2}[A-NP-Z0-9][0-9]{6}(?![\w-])")
_SIGNED = re.compile(
    r"(?m)(?:, (?:\w{3,20} )?|\b(?:boa|dienst|collega|"
    r"verbalisant) )(?P<number>[PDM]?[0-9]{6})(?=[ .)]{0,2}$| )"
)
_LICENCE = re.compile(r"(?<![\w-])[35][0-9]{9}(?![\w-])")
_LICENCE_CONTEXT = re.compile(r"rijbewij[sz]")


class IdNumberRecogniser:
    """Finds numbers of identity documents, staff and registered care professionals."""

    kinds = frozenset({DetailKind.ID_NUMBER})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count < 4:
            return
        folded = passage.folded
        for pattern, score in ((_DOCUMENT, 0.85), (_STAFF, 0.85), (_BIG, 0.9), (_ON_DUTY, 0.6)):
            for match in pattern.finditer(folded):
                yield candidate(match.start("number"), match.end("number"), DetailKind.ID_NUMBER, score)
        for match in _PASSPORT.finditer(passage):
            before = passage.before(match.start(), 70)
            if _OTHER_NUMBER.search(before):
                score = 0.1
            elif _PASSPORT_CONTEXT.search(before):
                score = 0.65
            else:
                score = 0.5 if match.group()[2].isalpha() else 0.4
            yield candidate(match.start(), match.end(), DetailKind.ID_NUMBER, score)
        for match in _BIG_SHAPE.finditer(folded):
            before = passage.before(match.start(), 60)
            if _BIG_CONTEXT.search(before) and not _OTHER_NUMBER.search(before):
                yield candidate(match.start(), match.end(), DetailKind.ID_NUMBER, 0.6)
        for match in _STAFF_SHAPE.finditer(passage):
            before = passage.before(match.start(), 60)
            if not _OTHER_NUMBER.search(before):
                score = 0.6 if _STAFF_CONTEXT.search(before) else 0.4
                yield candidate(match.start(), match.end(), DetailKind.ID_NUMBER, score)
        for match in _SIGNED.finditer(passage):
            score = 0.25 if match.group("number").isdigit() else 0.4
            yield candidate(match.start("number"), match.end("number"), DetailKind.ID_NUMBER, score)
        if "rijbewij" in folded:
            for match in _LICENCE.finditer(folded):
                if _LICENCE_CONTEXT.search(passage.before(match.start(), 80)):
                    yield candidate(match.start(), match.end(), DetailKind.ID_NUMBER, 0.7)
