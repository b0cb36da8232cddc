"""Dates of birth.

Format: day, month, year in digits ("12-03-1985", "6/6/91", ISO 8601), with a month name ("3 mei 1996"), or wholly in words
("drie mei negentienzesentachtig"); a birthday ("wordt 3 mei zeven").
Accuracy: a word such as "geboren" or "geb.", or the age that is reached, is near certain. Without it a whole date that lies
twenty years back or more mostly is one too, unless a law, a letter or "sinds" is dated by it; a later or shorter one counts
only beside a name or number, which `vptnlp.doxing.corroboration` looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.spelled import number_words
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_MONTHS = (
    "(?:januari|februari|maart|april|mei|maj|juni|juli|augustus|september|oktober|november|december|"
    r"(?:jan|feb|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec)\b\.?)"
)
_DIGITS = re.compile(
    r"(?<![\w.,/-])(?:(?P<d>[0-3]?[0-9])(?P<s>[-/. ])(?P<m>[01]?[0-9])(?P=s)(?P<y>'?[0-9]{2}|(?:19|20)[0-9]{2})|"
    r"(?P<iso>(?:19|20)[0-9]{2})-[01][0-9]-[0-3][0-9])(?![\w/-]|[.,][0-9])"
)
_COMPACT = re.compile(
    r"(?<![\w.,/-])(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?P<y>(?:19|20)[0-9]{2})|"
    r"(?P<iso>(?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![\w/-]|[.,][0-9])"
)
_YEAR = re.compile(r"\b(?:geboortejaar|geboren in)(?: is|:)? (?P<year>19[2-9][0-9]|20[01][0-9])(?![\w-]|[.,][0-9])")
_NAMED_MONTH = re.compile(
    rf"(?<![\w])(?P<d>[0-3]?[0-9])(?:e|ste|de)?[ -]{_MONTHS}(?:[ -](?P<y>(?:19|"
    rf"20)[0-9]{{2}}|'?[0-9]{{2}}(?![0-9])))?(?!\w)"
)
_CONTEXT = re.compile(
    r"(?:geboren|geboorte(?:datum|dag|jaar|dd)?\b|geb(?:\.|oren)?|geb\.? ?dat(?:um)?|gebdat|"
    r"verjaardag|verjaart|jarig|d\.?o\.?b\.?|\*)"
    r"(?:\W{1,4}(?:op|is|was|datum|d\.?d|mijn|de|nl|den|plaats|stond|erbij|van|(?:te|in) [a-zà-ÿ'-]{3,25}|op de)){0,3}\W{0,4}$"
)
_IS_OF = re.compile(r"\b(?:ik ben|ben ik|hij is|zij is|ze is|(?:mijn|je|uw|zijn|haar) [a-z]{2,15} is) van $")
_AFTER = re.compile(
    r"\W{0,3}(?:(?:dat )?is|als) (?:mijn|zijn|haar|jouw|je|uw) (?:geboortedatum|verjaardag)|\W{0,3}geboren\b"
)
# "wordt op 3 mei zeven": the day, and the age that is reached.
_TURNS = re.compile(r"\b(?:word|wordt|werd|worden|werden) (?:op |pas |al )?(?:de )?$")
_AGE_REACHED = re.compile(
    r" (?:al |pas |alweer |weer )?(?P<age>[a-zë]{3,18}|[1-9][0-9]?)"
    r"(?! (?:uur|euro|graden|keer|weken|maanden|dagen))(?![\w:,.-]\w)"
)
_DATED = re.compile(
    r"\b(?:\w*datum|sinds|vanaf|per|tot|wet|besluit|arrest|uitspraak|vonnis|brief|akte|verdrag|d\.?d\.?|opgericht|gebouwd|overleden|"
    r"trouwdag|gehuwd|getrouwd|in dienst|verzonden|verstuurd|ontvangen|getekend|afgegeven|geldig|†)"
    r"(?: (?:van|op|de|in|dd|is)){0,2}[ :]{0,2}$"
)
_LONG_AGO = range(1930, 2006)
_BIRTH_YEARS = range(1920, 2013)
_CHILDS_YEARS = range(2013, 2021)
_WORD_MONTHS = word_set("""
    januari februari maart april mei juni juli augustus september oktober november december
""")


class DateOfBirthRecogniser:
    """Finds dates of birth."""

    kinds = frozenset({DetailKind.DATE_OF_BIRTH})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if passage.digit_count >= 1:
            for match in _DIGITS.finditer(folded):
                if match.group("iso") or (1 <= int(match.group("d")) <= 31 and 1 <= int(match.group("m")) <= 12):
                    yield _scored(passage, match, match.group("iso") or match.group("y"))
            for match in _COMPACT.finditer(folded):
                if _CONTEXT.search(passage.before(match.start(), 45)):
                    yield _scored(passage, match, match.group("iso") or match.group("y"))
            for match in _YEAR.finditer(folded):
                yield candidate(match.start("year"), match.end("year"), DetailKind.DATE_OF_BIRTH, 0.6)
            for match in _NAMED_MONTH.finditer(folded):
                yield _scored(passage, match, match.group("y"))
        if not passage.vocabulary.isdisjoint(_WORD_MONTHS):
            yield from _in_words(passage)


def _scored(passage: Passage, match: re.Match[str], year: str | None) -> Detail:
    score = _year_score(year)
    if _CONTEXT.search(passage.before(match.start(), 45)):
        score += 0.65
    elif _AFTER.match(passage.folded, match.end()) or _turns(passage, match.start(), match.end()):
        score += 0.5
    elif score == 0.3 and _IS_OF.search(passage.before(match.start(), 40)):
        score += 0.3
    elif score == 0.5 and _DATED.search(passage.before(match.start(), 30)):
        score = 0.1
    return candidate(match.start(), match.end(), DetailKind.DATE_OF_BIRTH, score)


def _year_score(year: str | None) -> float:
    if year is None:
        return 0.0
    if len(year) < 4:
        return 0.25 if year.startswith("'") else 0.1
    for years, score in ((_LONG_AGO, 0.5), (_BIRTH_YEARS, 0.3), (_CHILDS_YEARS, 0.2)):
        if int(year) in years:
            return score
    return 0.05


def _turns(passage: Passage, start: int, end: int) -> bool:
    reached = _AGE_REACHED.match(passage.folded, end)
    if reached is None or not _TURNS.search(passage.before(start, 20)):
        return False
    return reached["age"].isdigit() or reached["age"] in number_words()


def _in_words(passage: Passage) -> Iterator[Detail]:
    words, numbers = passage.words, number_words()
    for index, word in enumerate(words):
        if word.lower not in _WORD_MONTHS or index == 0:
            continue
        first = index - 1 - (words[index - 1].lower == "van" and index > 1)
        day = words[first].lower
        if day not in numbers and not re.fullmatch(r"\w{3,20}(?:de|ste)|[0-9]{1,2}", day):
            continue
        last = index
        while last + 1 < len(words) and last - index < 4 and _is_year_word(words[last + 1].lower):
            last += 1
        while words[last].lower == "en":
            last -= 1
        year = [word.lower for word in words[index + 1 : last + 1]]
        if day.isdigit() and not year:
            continue
        start, end = words[first].start, words[last].end
        if _CONTEXT.search(passage.before(start, 45)):
            score = 0.85
        elif day in numbers and _turns(passage, start, words[index].end):
            end, score = words[index].end, 0.6
        elif year and (year[-1].startswith("negentien") or (len(year) > 1 and not day.isdigit())):
            score = 0.6
        elif len(year) == 1 and (numbers.get(year[0], 0) >= 20 or year[0].isdigit()):
            score = 0.25
        else:
            continue
        yield candidate(start, end, DetailKind.DATE_OF_BIRTH, score)


def _is_year_word(word: str) -> bool:
    if word in number_words() or word in ("honderd", "duizend", "tweeduizend", "en"):
        return True
    return word.startswith(("negentien", "tweeduizend")) or (word.isdigit() and len(word) == 4)
