"""INCEpTION: UIMA CAS XMI, a file for each message or answer, with the type system beside it.

Three layers, which the project must have under these names: ``webanno.custom.Detail`` (span; string features ``kind``
and ``subject``), ``webanno.custom.Cue`` (span; ``kind``), ``webanno.custom.Message`` (document metadata; string
features ``threat`` and ``doxing``, multi-valued string feature ``labels`` with flat names such as
``aims=intimidate``, and ``annotator`` and ``answered_at``). UIMA counts UTF-16 units, as Java does; `cassis` converts
them to code points and back (dkpro-cassis issue 135). Characters that XML 1.0 forbids (Char, section 2.2) become
U+FFFD, one for one.

A file in the folder itself is a task; in a folder named after the document, as INCEpTION's project export has them
(``annotation/<document>/<user>.xmi``), it is that user's answer. Not run against INCEpTION itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from vptnlp.annotation.formats.intake import Imported, Intake
from vptnlp.annotation.formats.shown import (
    Sheet,
    add_span,
    file_name,
    folder,
    names_of,
    row_of_names,
    sheets,
    shown,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.errors import CorpusError, MissingExtraError
from vptnlp.taxonomy import SINGLE_AXES

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

TYPES = "TypeSystem.xml"
_MESSAGE = "webanno.custom.Message"
_LAYERS = {"details": "webanno.custom.Detail", "cues": "webanno.custom.Cue"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write a folder of XMI files and ``TypeSystem.xml``.

    Args:
        tasks: What to annotate.
        target: The folder.
        answers: Given answers, as ``<document>/<annotator>.xmi``.
        suggestions: Labels and spans to start from.

    Raises:
        MissingExtraError: cassis is not installed.
    """
    types = _type_system()
    place = folder(target)
    types.to_xml(place / TYPES)
    for sheet in sheets(tasks, answers, suggestions):
        stem = file_name(sheet.task.id)
        own = place if sheet.annotator is None else folder(place / stem)
        name = stem if sheet.annotator is None else file_name(sheet.annotator)
        _cas(sheet, types).to_xmi(own / f"{name}.xmi")


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read a folder of XMI files, at any depth.

    Args:
        path: The folder: ``annotation`` of INCEpTION's unpacked project export, or one that `export` wrote.
        tasks: What was asked.
        annotator: Who answered what lies in `path` itself; left out, such files are unanswered.

    Raises:
        CorpusError: It is no folder.
        MissingExtraError: cassis is not installed.
    """
    if not path.is_dir():
        raise CorpusError(f"'{path}' is no folder; name the folder with the XMI files.")
    types = _type_system()
    intake = Intake(tasks)
    by_file = {file_name(task): task for task in intake.ids()}
    for file in sorted(path.rglob("*.xmi")):
        inner = file.parent != path
        document = file.parent.name.removesuffix(".xmi") if inner else file.stem
        name = by_file.get(document, document)
        try:
            cas = _load(file, types)
        except CorpusError as error:
            intake.refuse(name, str(error))
            continue
        found = intake.task(name, file.name, cas.sofa_string or "", xml_text)
        if found is None:
            continue
        owner = file.stem if inner else annotator
        if owner is None:
            intake.found.unanswered += 1
            continue
        try:
            owner, answer = _answer(cas, owner)
        except CorpusError as error:
            intake.refuse(found.id, f"{error} The answer is left out.", owner)
            continue
        intake.answer(found, owner, answer)
    return intake.found


def xml_text(text: str) -> str:
    """The text as it stands in an XMI file, of the same length."""
    return _FORBIDDEN.sub("\ufffd", shown(text))


def _type_system() -> TypeSystem:
    try:
        from cassis import TypeSystem
    except ImportError:
        raise MissingExtraError("cassis", "annotate", "write and read UIMA files for INCEpTION") from None
    types = TypeSystem()
    for group, layer in _LAYERS.items():
        made = types.create_type(name=layer, supertypeName="uima.tcas.Annotation")
        for feature in ("kind", "subject") if group == "details" else ("kind",):
            types.create_feature(made, feature, "uima.cas.String")
    message = types.create_type(name=_MESSAGE, supertypeName="uima.cas.AnnotationBase")
    for feature in (*SINGLE_AXES, "annotator", "answered_at"):
        types.create_feature(message, feature, "uima.cas.String")
    types.create_feature(message, "labels", "uima.cas.StringArray")
    return types


def _cas(sheet: Sheet, types: TypeSystem) -> Cas:
    from cassis import Cas

    cas = Cas(typesystem=types)
    cas.sofa_string = xml_text(sheet.task.text)
    cas.sofa_mime = "text/plain"
    judgement = sheet.judgement
    if judgement is None:
        return cas
    names = names_of(judgement.labels)
    single = dict(name.split("=") for name in names if name.partition("=")[0] in SINGLE_AXES)
    others = types.get_type("uima.cas.StringArray")(elements=[n for n in names if n.partition("=")[0] not in single])
    moment = judgement.answered_at if sheet.annotator is not None else None
    message = types.get_type(_MESSAGE)
    answered_at = moment.isoformat() if moment else None
    name = None if sheet.annotator is None else quote(sheet.annotator, safe="@ ")  # XML cannot hold every character
    cas.add(message(**single, labels=others, annotator=name, answered_at=answered_at))
    for group, layer in _LAYERS.items():
        made = types.get_type(layer)
        for span in getattr(judgement, group):
            subject = {"subject": str(span.subject)} if group == "details" else {}
            cas.add(made(begin=span.start, end=span.end, kind=str(span.kind), **subject))
    return cas


def _load(file: Path, types: TypeSystem) -> Cas:
    from cassis import load_cas_from_xmi

    try:
        with file.open("rb") as source:
            return load_cas_from_xmi(source, typesystem=types, lenient=True)
    except Exception:  # cassis lets errors of lxml and of its own parsing through
        raise CorpusError(f"The file '{file.name}' is no UIMA CAS XMI, or a damaged one; it is left out.") from None


def _answer(cas: Cas, owner: str) -> tuple[str, dict[str, Any]]:
    """Who answered, and the judgement row."""
    messages = list(cas.select(_MESSAGE))
    names: list[object] = []
    who, moment = owner, None
    for message in messages:
        names += [f"{axis}={value}" for axis in SINGLE_AXES if (value := getattr(message, axis))]
        names += message.labels.elements if message.labels is not None else []
        who = unquote(message.annotator) if message.annotator else who
        moment = message.answered_at or moment
    answer = row_of_names(names)
    for layer in _LAYERS.values():
        for span in cas.select(layer):
            add_span(answer, span.begin, span.end, span.kind, getattr(span, "subject", None))
    if moment:
        answer["answered_at"] = moment
    return who, answer
