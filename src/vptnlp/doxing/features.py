"""What the words around a detail show about whose it is: the features of `vptnlp.doxing.ownership`.

A feature is a short name such as ``near:second`` (the nearest pronoun before the detail is "je" or "u"). Every feature also
exists joined to the group of the detail's kind (``name&near:second``), since "je" before a name says something else than
"je" before a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from vptnlp.doxing.base import Detail, Passage
from vptnlp.doxing.cues import AFTER, BEFORE, CLOSING, GREETS, MESSAGE, PRONOUN, ROLE_MAILBOX, TITLE
from vptnlp.doxing.relations import POSSESSIVES
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject

GROUPS: dict[K, str] = {
    K.PERSON: "name",
    K.FAMILY: "family",
    K.PHONE: "phone",
    K.EMAIL: "email",
    K.URL: "url",
    K.HANDLE: "handle",
    K.IBAN: "iban",
    K.ADDRESS: "where",
    K.POSTCODE: "where",
    K.PLACE: "where",
    K.AGE: "age",
    K.DATE_OF_BIRTH: "identity",
    K.BSN: "identity",
    K.ID_NUMBER: "identity",
    K.LICENCE_PLATE: "vehicle",
    K.VEHICLE: "vehicle",
    K.INSTITUTION: "daily",
    K.WORKPLACE: "work",
    K.ROUTINE: "seen",
    K.APPEARANCE: "seen",
    K.COORDINATES: "trace",
    K.IP_ADDRESS: "trace",
}
"""Kinds that behave alike when it comes to whose they are."""

_SENTENCE_MARKS = ".!?\n"
_WINDOW = 80
_LOOK_BACK = 30
# The first words of a message name its reader, unless the words before say otherwise.
_HEAD = frozenset({"pos:head", "pos:near_head", "pos:first_word", "pos:opening"})
_SETTLING = frozenset(
    {"cue:signs", "cue:party", "cue:colleague", "cue:form", "cue:introduces", "cue:voice", "cue:called"}
)
_MANY = 5


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole message, computed once for all its details.

    Attributes:
        passage: The message.
        facts: Features of the message.
        signature: Where the signature starts; the length of the text where there is none.
        body: Where the text starts after white space.
        letters: For each offset, how many letters stand before it outside the details.
        last_name: Index of the last detail that is a name; -1 where there is none.
    """

    passage: Passage
    facts: tuple[str, ...]
    signature: int
    body: int
    letters: tuple[int, ...]
    last_name: int


def context_of(text: str, details: Sequence[Detail], hostile: bool | None = None) -> Context:
    """Read what holds for a whole message with these details.

    Args:
        text: The message.
        details: Its details, sorted by start.
        hostile: Whether the message is hostile, where a classifier or an annotator has said so.
    """
    passage = Passage.of(text)
    folded = passage.folded
    facts = [name for name, pattern in MESSAGE.items() if pattern.search(folded)]
    facts.append("msg:short" if len(folded) < 120 else "msg:long" if len(folded) > 700 else "msg:middle")
    if len(details) >= _MANY:
        facts.append("msg:many_details")
    if hostile is not None:
        facts.append("hint:hostile" if hostile else "hint:calm")
    closings = [match.start() for match in CLOSING.finditer(folded)]
    signature = (
        closings[-1]
        if closings and len(folded) - closings[-1] < 320 and closings[-1] > 0.2 * len(folded)
        else len(folded)
    )
    last_name = max((index for index, detail in enumerate(details) if detail.kind == K.PERSON), default=-1)
    return Context(
        passage, tuple(facts), signature, len(folded) - len(folded.lstrip()), _letters(folded, details), last_name
    )


def _letters(text: str, details: Sequence[Detail]) -> tuple[int, ...]:
    inside = bytearray(len(text) + 1)
    for detail in details:
        inside[detail.start : detail.end] = b"\1" * (detail.end - detail.start)
    return tuple(
        accumulate((char.isalpha() and not covered for char, covered in zip(text, inside, strict=False)), initial=0)
    )


def features_of(context: Context, details: Sequence[Detail], index: int, subjects: Sequence[Subject]) -> list[str]:
    """The features of one detail.

    Args:
        context: Of the message.
        details: All details of the message, sorted by start.
        index: Which of them.
        subjects: Whose the details before it are.

    Returns:
        Names of the features that hold; each also joined to the group of the kind.
    """
    detail = details[index]
    passage, folded = context.passage, context.passage.folded
    start, end = detail.start, detail.end
    sentence = max(folded.rfind(mark, max(0, start - _WINDOW), start) for mark in _SENTENCE_MARKS) + 1
    before = folded[max(sentence, start - _WINDOW) : start]
    wide = folded[max(0, start - 60) : start]
    after = folded[end : end + 30]
    found: list[str] = []
    cues = [name for name, pattern in BEFORE.items() if pattern.search(wide)]
    if "cue:signs" not in cues:  # a closing says all that the place could
        found += [name for name in _position(context, start, end) if name not in _HEAD or _SETTLING.isdisjoint(cues)]
    found += cues
    found += [name for name, pattern in AFTER.items() if pattern.match(after)]
    if GREETS.search(wide):
        found.append("cue:greets")
    if TITLE.search(wide):
        found.append("cue:title")
    found.append(f"near:{_last_pronoun(before)}")
    found.append(f"then:{_first_pronoun(after)}")
    found += _neighbours(context, details, index, subjects)
    found += _of_kind(passage, detail)
    group = GROUPS[detail.kind]  # type: ignore[index]
    joint = [f"{group}&{name}" for name in (*found, *context.facts)]
    hinted = [f"{fact}&{name}" for fact in context.facts if fact.startswith("hint:") for name in found]
    return ["always", group, f"kind:{detail.kind}", *found, *context.facts, *joint, *hinted]


def _position(context: Context, start: int, end: int) -> list[str]:
    folded = context.passage.folded
    found: list[str] = []
    line_start = folded.rfind("\n", 0, start) + 1
    line_end = folded.find("\n", end)
    line_end = len(folded) if line_end < 0 else line_end
    if start >= context.signature:
        found.append("pos:signature")
    if start - context.body < 3:
        found.append("pos:first_word")
    elif start - context.body < 40:
        found.append("pos:opening")
    if len(folded) - end < 4:
        found.append("pos:last_word")
    elif len(folded) - end < 60:
        found.append("pos:ending")
    if (not start or folded[max(0, start - 4) : start].rstrip(" ")[-1:] in ".!?)\n") and (
        not folded[end : end + 40].strip(" .!") or folded[end : end + 2].strip(" .,!")[:1] == "\n"
    ):
        found.append("pos:alone")
    rest = context.letters[-1] - context.letters[end]
    if rest <= 30 and context.letters[start] > 20:
        found.append("pos:tail" if rest <= 12 else "pos:near_tail")
    if context.letters[start] <= 12:
        found.append("pos:head")
    elif context.letters[start] <= 40:
        found.append("pos:near_head")
    if folded[line_start : line_start + 1] == ">":
        found.append("pos:quoted")
    if line_start and not folded[line_start:start].strip(" >*-•"):
        found.append("pos:opens_line")
        if not folded[end:line_end].strip(" .,!"):
            found.append("pos:own_line")
    if line_start and line_end - line_start < 60 and len(folded) - line_end < 200:
        found.append("pos:late_short_line")
    return found


def _last_pronoun(before: str) -> str:
    last = "none"
    for match in PRONOUN.finditer(before):
        last = match.lastgroup or last
    return last


def _first_pronoun(after: str) -> str:
    match = PRONOUN.search(after)
    return f"{match.lastgroup}_follows" if match else "none_follows"


def _neighbours(context: Context, details: Sequence[Detail], index: int, subjects: Sequence[Subject]) -> list[str]:
    """Whose the details just before are, and whether this name was seen before."""
    detail, folded = details[index], context.passage.folded
    found = ["last_name"] if index == context.last_name else []
    if index + 1 < len(details) and 0 <= details[index + 1].start - detail.end <= 6:
        found.append(f"next:{GROUPS[details[index + 1].kind]}")  # type: ignore[index]
    if not index:
        return [*found, "prev:none"]
    previous = details[index - 1]
    gap = detail.start - previous.end
    if gap <= 0:
        found.append(f"inside:{subjects[index - 1]}")
    elif gap <= 6 and "\n\n" not in folded[previous.end : detail.start]:
        found.append(f"touches:{subjects[index - 1]}")
    elif gap <= 40:
        found.append(f"prev:{subjects[index - 1]}")
    else:
        found.append(f"earlier:{subjects[index - 1]}")
    recent = range(index - 1, max(index - 1 - _LOOK_BACK, -1), -1)
    owner = next((position for position in recent if details[position].kind in (K.PERSON, K.FAMILY)), None)
    if owner is None:
        found.append("who:none")
    else:
        found.append(f"{'who' if detail.start - details[owner].end <= 120 else 'far_who'}:{subjects[owner]}")
    if detail.kind == K.PERSON:
        name = folded[detail.start : detail.end].split()[-1]
        for position in recent:
            if details[position].kind == K.PERSON and name in folded[details[position].start : details[position].end]:
                found.append(f"same:{subjects[position]}")
                break
    return found


def _of_kind(passage: Passage, detail: Detail) -> list[str]:
    """What the text of the detail itself shows."""
    own = passage.folded[detail.start : detail.end]
    match detail.kind:
        case K.FAMILY:
            first = own.split(" ")[0]
            return [
                f"own:{POSSESSIVES.get(first, 'article' if first in ('de', 'het', 'die', 'een', 'dat') else 'bare')}"
            ] + (["own:of_yours"] if own.endswith((" van je", " van jou", " van u")) else [])
        case K.EMAIL:
            return ["own:role_mailbox"] if ROLE_MAILBOX.match(own) else [f"own:mailbox_{_names_in(passage, detail)}"]
        case K.PHONE:
            digits = re.sub(r"[^0-9]", "", own)
            mobile = digits.startswith(("06", "316", "00316", "04", "324"))
            return ["own:mobile" if mobile else "own:landline"]
        case K.ADDRESS:
            return ["own:po_box"] if own.startswith(("postbus", "antwoord")) else []
        case K.PERSON:
            return ["own:full" if " " in own else "own:single"]
        case _:
            return []


def _names_in(passage: Passage, detail: Detail) -> str:
    """Whether words of the local part of an e-mail address occur elsewhere in the message (a name does)."""
    local = _local_parts(passage.folded[detail.start : detail.end])
    rest = passage.vocabulary
    return "named" if any(part in rest for part in local) else "other"


@lru_cache(maxsize=64)
def _local_parts(address: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[^a-zà-ÿ]+", address.split("@")[0]) if len(part) > 2)
