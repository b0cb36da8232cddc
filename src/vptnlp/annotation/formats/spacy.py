"""spaCy: a `DocBin` with a `Doc` for each answer.

Kinds overlap, so spans stand in ``doc.spans["details"]`` and ``doc.spans["cues"]``, not in ``doc.ents``;
``span.label_`` is the kind and ``span.kb_id_`` the subject. Labels of the message are ``doc.cats``, by flat name
(``threat=veiled``), 1.0 or 0.0, every label present, as spaCy's text classifier wants them. ``doc.user_data`` holds
``task_id``, and of an answer ``annotator`` and ``answered_at``. Tokens are those of spaCy's Dutch tokeniser, cut
further where a span begins or ends inside one, so every span is exact and ``doc.text`` is the text as received.
Source: https://spacy.io/api/docbin, https://spacy.io/api/spangroup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vptnlp.annotation.formats.intake import Imported, Intake
from vptnlp.annotation.formats.shown import Sheet, add_span, label_names, names_of, row_of_names, sheets, spans_of
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.errors import CorpusError, MissingExtraError
from vptnlp.messages import Span
from vptnlp.taxonomy import SPAN_KINDS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write one ``.spacy`` file.

    Args:
        tasks: What to annotate.
        target: The file.
        answers: Given answers, a `Doc` each.
        suggestions: Labels and spans for tasks without an answer.

    Raises:
        MissingExtraError: spaCy is not installed.
    """
    nlp = _dutch()
    from spacy.tokens import DocBin

    held = DocBin(store_user_data=True)
    for sheet in sheets(tasks, answers, suggestions):
        held.add(_doc(sheet, nlp))
    held.to_disk(target)


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read a `DocBin` with user data.

    Args:
        path: The file.
        tasks: What was asked.
        annotator: Who answered, where a `Doc` does not say; one without an annotator is unanswered otherwise.

    Raises:
        CorpusError: The file cannot be read.
        MissingExtraError: spaCy is not installed.
    """
    nlp = _dutch()
    from spacy.tokens import DocBin

    try:
        docs = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    except OSError as error:
        raise CorpusError(f"The file '{path}' cannot be read: {error.strerror}.") from None
    except Exception:  # spaCy lets errors of zlib, msgpack and numpy through
        raise CorpusError(f"The file '{path}' is no spaCy DocBin, or a damaged one; write it again.") from None
    intake = Intake(tasks)
    for number, doc in enumerate(docs, 1):
        task = intake.task(doc.user_data.get("task_id"), f"{path.name}, document {number}", doc.text)
        if task is None:
            continue
        who = doc.user_data.get("annotator") or annotator
        if not isinstance(who, str):
            intake.found.unanswered += 1
            continue
        try:
            answer = _answer(doc)
        except CorpusError as error:
            intake.refuse(task.id, f"{error} The answer is left out.", who)
            continue
        intake.answer(task, who, answer)
    return intake.found


@cache
def _dutch() -> Language:
    try:
        import spacy
    except ImportError:
        raise MissingExtraError("spacy", "spacy", "write and read spaCy files") from None
    return spacy.blank("nl")


def _doc(sheet: Sheet, nlp: Language) -> Doc:
    from spacy.tokens import Doc, Span, SpanGroup

    text, judgement = sheet.task.text, sheet.judgement
    pieces = _pieces(nlp, text, spans_of(judgement) if judgement else ())
    words, spaces = [], []
    for start, end, spaced in pieces:
        words.append(text[start:end])
        spaces.append(spaced)
    doc = Doc(nlp.vocab, words=words, spaces=spaces)
    doc.user_data["task_id"] = sheet.task.id
    if judgement is None:
        return doc
    names = set(names_of(judgement.labels))
    doc.cats = {name: float(name in names) for name in label_names()}
    first = {start: i for i, (start, _, _) in enumerate(pieces)}
    last = {end: i + 1 for i, (_, end, _) in enumerate(pieces)}
    for group in SPAN_KINDS:
        marked = [
            Span(doc, first[s.start], last[s.end], label=str(s.kind), kb_id=str(s.subject or ""))
            for s in getattr(judgement, group)
        ]
        doc.spans[group] = SpanGroup(doc, name=group, spans=marked)
    if sheet.annotator is not None:
        doc.user_data["annotator"] = sheet.annotator
        if judgement.answered_at is not None:
            doc.user_data["answered_at"] = judgement.answered_at.isoformat()
    return doc


def _pieces(nlp: Language, text: str, spans: Sequence[Span]) -> list[tuple[int, int, bool]]:
    """Start and end of each token, and whether a space that is no token of its own follows."""
    cuts = {edge for span in spans for edge in (span.start, span.end)}
    spaces = set()
    for token in nlp.make_doc(text):
        end = token.idx + len(token)
        cuts |= {token.idx, end}
        if token.whitespace_:
            cuts.add(end + 1)
            # A space in which a span begins or ends must be a token, or the span would lose it.
            if not _edge(spans, end):
                spaces.add(end)
    inner = sorted(cuts | {0, len(text)})
    return [(start, end, end in spaces) for start, end in pairwise(inner) if start not in spaces]


def _edge(spans: Sequence[Span], space: int) -> bool:
    return any(s.start == space or s.end == space + 1 for s in spans)


def _answer(doc: Doc) -> dict[str, Any]:
    answer = row_of_names(name for name, score in doc.cats.items() if score >= 0.5)
    for group in SPAN_KINDS:
        for span in doc.spans.get(group, ()):
            add_span(answer, span.start_char, span.end_char, span.label_, span.kb_id_ or None)
    if moment := doc.user_data.get("answered_at"):
        answer["answered_at"] = moment
    return answer
