"""The generated files in the repository's folder ``annotation/``: the labelling config, and the labels in its README.

Run ``python -m vptnlp.annotation.formats.pages annotation`` to write them anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from vptnlp.annotation.formats.label_studio_config import labelling_config
from vptnlp.errors import ConfigError
from vptnlp.taxonomy import AXES, AXIS_DUTCH, SINGLE_AXES, VERSION, CueKind, DetailKind, Label, Subject

BEGIN, END = "<!-- begin generated: labels -->", "<!-- end generated: labels -->"


def label_list() -> str:
    """All labels as a Markdown table, by the flat names that doccano, Prodigy, spaCy and CoNLL files use."""
    rows = [f"Taxonomy {VERSION}.", "", "| label | Dutch | of |", "| --- | --- | --- |"]
    for axis, kind in AXES.items():
        number = "message, one" if axis in SINGLE_AXES else "message, any number"
        rows += [f"| `{axis}={label}` | {AXIS_DUTCH[axis]}: {label.dutch} | {number} |" for label in kind]
    rows.append(f"| `organised_crime=true` | {AXIS_DUTCH['organised_crime']} | message |")
    rows += _spans(DetailKind, "span, with a subject") + _spans(CueKind, "span")
    subjects = ", ".join(f"`{subject}` ({subject.dutch})" for subject in Subject)
    return "\n".join([*rows, "", f"Subjects, as in `ADDRESS:target`: {subjects}.", ""])


def readme_with_labels(page: str) -> str:
    """The README with its generated part written anew.

    Raises:
        ConfigError: The marks around the generated part are missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ConfigError(f"The README must have the lines '{BEGIN}' and '{END}'; put them back.")
    return f"{before}{BEGIN}\n\n{label_list()}\n{END}{after}"


def write_pages(folder: Path) -> None:
    """Write ``label-studio.xml`` and the generated part of ``README.md`` in `folder`."""
    (folder / "label-studio.xml").write_text(labelling_config(), encoding="utf-8", newline="\n")
    readme = folder / "README.md"
    readme.write_text(readme_with_labels(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _spans(kinds: type[Label], what: str) -> list[str]:
    return [f"| `{kind}` | {kind.dutch} | {what} |" for kind in kinds]


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
