"""The codebook for annotators: what is generated in it, and what each of its sections must have.

The pages in the repository's folder ``annotation/`` are written by hand, but names, definitions and tables of values come
from the taxonomy. They stand between marks that name the region::

    <!-- begin: threat -->
    <!-- end: threat -->

Regions of the codebook: one a label (``threat=veiled``, ``ADDRESS``, ``slur``) with heading and definition, and one a
group (``threat``, ``details``, ``subjects``, ``cues``, ...) with the table of its values. A label's section runs from its
heading to the next one, and has lines that start with the words of `PATH` and `MISTAKE`, and lists under `CLEAR` and
`BORDERLINE` of examples ``- «message» — reason``. In examples of details and cues ``**bold**`` words are what is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vptnlp.errors import ConfigError
from vptnlp.taxonomy import (
    AXES,
    AXIS_DUTCH,
    ORGANISED_CRIME_DEFINITION,
    ORGANISED_CRIME_DUTCH,
    SINGLE_AXES,
    SPAN_KINDS,
    VERSION,
    CueKind,
    DetailKind,
    Label,
    Subject,
)

PATH, CLEAR, BORDERLINE, MISTAKE = "**Beslispad.**", "**Duidelijk.**", "**Grensgevallen.**", "**Veelgemaakte fout.**"
VERDICTS = ("**Wel.**", "**Niet.**")
"""How the reason of a borderline example begins: the label holds, or it does not."""

HOSTILE = "hostile"
"""The label that follows from the others; its section is written by hand from heading to end."""

EXAMPLES = 3
"""Clear examples a label has, and borderline ones too, at the least."""

SPAN_DUTCH = {"details": "persoonlijke gegevens", "cues": "aanwijzingen"}
"""Group of spans to its Dutch name."""

_REGION = re.compile(r"<!-- begin: (\S+) -->\n(.*?)<!-- end: \1 -->", re.DOTALL)
_MARK = re.compile(r"<!-- (?:begin|end): \S+ -->")
_HEADING = re.compile(r"^#{2,6} .*$", re.MULTILINE)
_KEY = re.compile(r"\(`([^`]+)`\)$")
_EXAMPLE = re.compile(r"^- «(.+?)» — (.+)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class CodebookExample:
    """One example of the codebook.

    Attributes:
        label: The label it stands under, such as ``threat=veiled`` or ``ADDRESS``.
        clear: Whether it is a clear example; a borderline one if not.
        text: The invented message, without bold.
        marked: The words that are marked in it.
        reason: Why the label holds, or why it does not.
    """

    label: str
    clear: bool
    text: str
    marked: tuple[str, ...]
    reason: str


def labels() -> dict[str, tuple[str, str]]:
    """Every label that has a generated heading: its flat name to its Dutch name and definition."""
    found = {f"{axis}={value}": (value.dutch, value.definition) for axis, kind in AXES.items() for value in kind}
    found["organised_crime=true"] = (ORGANISED_CRIME_DUTCH, ORGANISED_CRIME_DEFINITION)
    for kinds in SPAN_KINDS.values():
        found |= {str(kind): (kind.dutch, kind.definition) for kind in kinds}
    return found


def codebook_regions() -> dict[str, str]:
    """The generated regions of the codebook, by name."""
    regions = {"version": f"Dit codeboek hoort bij taxonomie {VERSION}.\n"}
    regions |= {axis: _table(kind) for axis, kind in AXES.items()}
    regions |= {"details": _table(DetailKind), "subjects": _table(Subject), "cues": _table(CueKind)}
    for name, (dutch, definition) in labels().items():
        regions[name] = f"### {dutch} (`{name}`)\n\n{definition}\n"
    return regions


def summary_regions() -> dict[str, str]:
    """The generated region of the summary: every group with its values, by Dutch name, and how many may hold."""
    rows = ["| onderdeel | hoeveel | waarden |", "| --- | --- | --- |"]
    for axis, kind in AXES.items():
        rows.append(
            f"| {AXIS_DUTCH[axis]} | {'precies één' if axis in SINGLE_AXES else 'geen of meer'} | {_names(kind)} |"
        )
    rows.append(f"| {ORGANISED_CRIME_DUTCH} | ja of nee | |")
    for group, kinds in SPAN_KINDS.items():
        rows.append(f"| {SPAN_DUTCH[group]} | markeren | {_names(kinds)} |")
    rows.append(f"| van wie een gegeven is | precies één | {_names(Subject)} |")
    return {"overzicht": "\n".join(rows) + "\n"}


def refresh(page: str, regions: Mapping[str, str]) -> str:
    """Write the generated regions of a page anew.

    Args:
        page: Markdown with marked regions.
        regions: What stands in each region, by name.

    Raises:
        ConfigError: A region has no end or an unknown name, occurs twice, or is missing.
    """
    found = [match[1] for match in _REGION.finditer(page)]
    if len(_MARK.findall(page)) != 2 * len(found):
        raise ConfigError(
            "A region has no begin or no end, or stands in another; each '<!-- begin: NAME -->' needs its end."
        )
    if unknown := sorted(set(found) - set(regions)):
        raise ConfigError(f"The page has regions that are unknown: {', '.join(unknown)}; remove their marks.")
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise ConfigError(f"The page has regions twice: {', '.join(twice)}; keep one of each.")
    if missing := [name for name in regions if name not in found]:
        raise ConfigError(f"The page lacks regions: {', '.join(missing)}; add '<!-- begin: NAME -->' and its end.")
    return _REGION.sub(lambda m: f"<!-- begin: {m[1]} -->\n{regions[m[1]]}<!-- end: {m[1]} -->", page)


def sections(page: str) -> dict[str, str]:
    """What stands under each label's heading, by the label's flat name."""
    headings = list(_HEADING.finditer(page))
    ends = [heading.start() for heading in headings[1:]] + [len(page)]
    return {
        key[1]: page[heading.end() : end]
        for heading, end in zip(headings, ends, strict=True)
        if (key := _KEY.search(heading[0]))
    }


def examples(page: str) -> Iterator[CodebookExample]:
    """The examples of the codebook, in order."""
    for label, body in sections(page).items():
        clear: bool | None = None
        for line in body.splitlines():
            if line.startswith("**"):
                clear = True if line.startswith(CLEAR) else False if line.startswith(BORDERLINE) else None
            elif clear is not None and (match := _EXAMPLE.match(line)):
                text, marked = _BOLD.sub(r"\1", match[1]), tuple(_BOLD.findall(match[1]))
                yield CodebookExample(label, clear, text, marked, match[2])


def faults(page: str) -> Iterator[str]:
    """What the codebook lacks, as full sentences that name the label."""
    found = sections(page)
    spans = {str(kind) for kinds in SPAN_KINDS.values() for kind in kinds}
    given = list(examples(page))
    for label in [HOSTILE, *labels()]:
        if label not in found:
            yield f"The label '{label}' has no section."
            continue
        lines = found[label].splitlines()
        for part in (PATH, MISTAKE):
            if not any(line.startswith(part) and line.removeprefix(part).strip() for line in lines):
                yield f"The section '{label}' has no line that starts with '{part}'."
        own = [example for example in given if example.label == label]
        if sum(line.startswith("- «") for line in lines) != len(own):
            yield f"The section '{label}' has an example that is not written as '- «message» — reason' under its heading."
        for clear, what in ((True, "clear"), (False, "borderline")):
            if (count := sum(example.clear is clear for example in own)) < EXAMPLES:
                yield f"The section '{label}' has {count} {what} examples; it needs {EXAMPLES}."
        if any(not example.clear and not example.reason.startswith(VERDICTS) for example in own):
            yield f"The section '{label}' has a borderline reason that does not start with {' or '.join(VERDICTS)}."
        if label in spans and any(example.clear and not example.marked for example in own):
            yield f"The section '{label}' has a clear example without marked words."


def _table(kind: type[Label]) -> str:
    rows = ["| sleutel | naam | omschrijving |", "| --- | --- | --- |"]
    rows += [f"| `{value}` | {value.dutch} | {value.definition} |" for value in kind]
    return "\n".join(rows) + "\n"


def _names(kind: type[Label]) -> str:
    return ", ".join(value.dutch for value in kind)
