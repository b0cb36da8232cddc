"""Dates of birth.

Format: day, month, year in digits ("12-03-1985", "6/6/91", ISO 8601), with a month name ("3 mei 1996"), or wholly in words
("drie mei negentienzesentachtig"); a birthday ("wordt 3 mei zeven").
Accuracy: a word such as "geboren" or "geb.", or the age that is reached, is near certain. Without it a date counts that stands in
a list, not in a sentence ("Kramer, 03-11-1961, Bergen"), and lies some twenty years back or more: letters, rulings, weddings
and ranges are dated as well, and are told by the words around. A later date counts only beside a name or number, which
`vptnlp.doxing.corroboration` looks at.
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
_BIRTHDAY = re.compile(
    rf"\b(?:word|wordt|werd|worden|werden) (?:op |pas |al )?(?P<date>(?:[0-3]?[0-9](?:e|ste|de)?|[a-zë]{{3,18}}) {_MONTHS}),? "
    r"(?:al |pas |alweer |weer )?(?P<age>[a-zë]{3,18}|[1-9][0-9]?)(?=(?: jaar)?(?:[,;!?)\n]|\.(?!\w)|\s*$))"
)
# A date in a list stands alone between marks, not after a preposition.
_IN_LIST = re.compile(r"(?:^|[,;:(|/>*\"\n] ?)$")
_DATING = (
    r"\w*(?:datum|wet|besluit|arrest|uitspraak|vonnis|brief|mail|bericht|akte|verdrag|vergunning|beschikking|schrijven|zaak|zaken|"
    r"kenmerk|nummer)|sinds|vanaf|per|tot|t/m|d\.?d|opgericht|gebouwd|over(?:leden|leed)|trouwdag|gehuwd|getrouwd|in dienst|"
    r"verzonden|verstuurd|ontvangen|(?:onder)?getekend|afgegeven|geldig|verlopen|ingegaan|periode|tweet|post|hr|rb|hof|"
    r"rechtbank \w+|ecli|†"
)
_DATED = re.compile(
    rf"(?<!\w)(?:{_DATING})(?:[ :.,]+(?:nr|nummer|van|op|de|het|in|dd|is|was|hoge|raad))*[ :.,(-]{{0,3}}$"
)
_DONE = re.compile(
    r",? (?:(?:is|was|ben|zijn|werd|al) )?(?:in dienst|getrouwd|gehuwd|overleden|gestorven|begraven|verleend|ingegaan|afgegeven|"
    r"aangevraagd|begonnen|opgericht|gestart|getreden|geopend|verzonden|ontvangen|getekend|bevrijd|vertrokken|verhuisd)\b|"
    r" ?(?:-|–|t/m|tot(?: en met)?) ?[0-9]"
)
_TOWN_LINE = re.compile(r"(?:^|\n)[^\n,;:()]{2,30}, ?$")
_LINE_END = re.compile(r" *(?:\n|$)")
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
                    yield _scored(passage, match.span(), match.group("iso") or match.group("y"))
            for match in _COMPACT.finditer(folded):
                if _CONTEXT.search(passage.before(match.start(), 45)):
                    yield _scored(passage, match.span(), match.group("iso") or match.group("y"))
            for match in _YEAR.finditer(folded):
                yield candidate(*match.span("year"), DetailKind.DATE_OF_BIRTH, 0.6)
            for match in _NAMED_MONTH.finditer(folded):
                yield _scored(passage, match.span(), match.group("y"))
        for match in _BIRTHDAY.finditer(folded):
            if match["age"].isdigit() or match["age"] in number_words():
                yield candidate(*match.span("date"), DetailKind.DATE_OF_BIRTH, 0.6)
        if not passage.vocabulary.isdisjoint(_WORD_MONTHS):
            yield from _in_words(passage)


def _scored(passage: Passage, span: tuple[int, int], year: str | None) -> Detail:
    start, end = span
    score = _year_score(year)
    before = passage.before(start, 45)
    if _CONTEXT.search(before):
        score += 0.65
    elif _AFTER.match(passage.folded, end):
        score += 0.5
    elif score >= 0.2 and _IS_OF.search(before):
        score += 0.35
    elif _DATED.search(before) or _DONE.match(passage.folded, end):
        score = 0.1
    elif year is not None and len(year) == 4 and int(year) in _LONG_AGO and _IN_LIST.search(before):
        heads_a_letter = _TOWN_LINE.search(before) and _LINE_END.match(passage.folded, end)
        score = 0.3 if heads_a_letter else 0.5
    return candidate(start, end, DetailKind.DATE_OF_BIRTH, score)


def _year_score(year: str | None) -> float:
    if year is None:
        return 0.0
    if len(year) < 4:
        return 0.25 if year.startswith("'") else 0.1
    if int(year) in _BIRTH_YEARS:
        return 0.3
    return 0.2 if int(year) in _CHILDS_YEARS else 0.05


def _in_words(passage: Passage) -> Iterator[Detail]:
    words, numbers = passage.words, number_words()
    for index, word in enumerate(words):
        if word.lower not in _WORD_MONTHS or index == 0:
            continue
        first = index - 1 - (words[index - 1].lower == "van" and index > 1)
        day = words[first].lower
        if day not in numbers and not re.fullmatch(r"\w{3,20}(?:de|ste)|[0-9]{1,2}", day):
            continue
        last, year = _year_after(passage, index)
        if not day.isdigit() or year is not None:
            yield _scored(passage, (words[first].start, words[last].end), year)


def _year_after(passage: Passage, month: int) -> tuple[int, str | None]:
    """The year in the words right after a month: its last word, and its digits; the month itself and None without a year."""
    words = passage.words
    found: tuple[int, str | None] = (month, None)
    spoken = ""
    for last in range(month + 1, min(month + 5, len(words))):
        if not passage[words[last - 1].end : words[last].start].isspace():
            break
        spoken += words[last].lower
        year = _year(spoken)
        if year is not None:
            found = last, year
    return found


def _year(spoken: str) -> str | None:
    numbers = number_words()
    if re.fullmatch("(?:19|20)[0-9]{2}", spoken):
        return spoken
    if spoken.startswith("negentien"):
        rest = numbers.get(spoken.removeprefix("negentien").removeprefix("honderd").removeprefix("en"))
        return None if rest is None else f"19{rest:02}"
    if spoken.startswith("tweeduizend"):
        rest = numbers.get(spoken.removeprefix("tweeduizend").removeprefix("en") or "nul")
        return None if rest is None else f"20{rest:02}"
    value = numbers.get(spoken, 0)
    return f"'{value}" if value >= 20 else None
