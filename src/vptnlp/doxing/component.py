"""A spaCy pipeline component that marks personal details.

>>> import spacy
>>> nlp = spacy.blank("nl")
>>> _ = nlp.add_pipe("vptnlp_doxing")
>>> [(span.text, span.label_, span._.vptnlp_subject) for span in nlp("Bel mij: 06-13370042").spans["vptnlp_details"]]
[('06-13370042', 'PHONE', 'sender')]

The factory is found through the entry point ``spacy_factories``, so that ``add_pipe`` works without an import. Importing this
module imports spaCy and registers the factory, which is how spaCy wants it; nothing else in the package imports it.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from vptnlp.doxing.detect import find_details

SPANS_KEY = "vptnlp_details"
"""Where the component puts its spans in ``doc.spans``."""

SUBJECT_EXTENSION = "vptnlp_subject"
"""The extension of `spacy.tokens.Span` that holds the subject, as a string."""


class DoxingComponent:
    """Sets ``doc.spans["vptnlp_details"]``: the label of a span is its kind, ``span._.vptnlp_subject`` its subject.

    A detail that starts or ends inside a token is widened to whole tokens, as spaCy spans are made of tokens.

    Args:
        name: The name of the component in the pipeline.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        if not Span.has_extension(SUBJECT_EXTENSION):
            Span.set_extension(SUBJECT_EXTENSION, default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the details of one document."""
        spans = []
        for detail in find_details(doc.text):
            span = doc.char_span(detail.start, detail.end, label=str(detail.kind), alignment_mode="expand")
            if span is not None:
                span._.set(SUBJECT_EXTENSION, str(detail.subject))
                spans.append(span)
        doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans)
        return doc


@Language.factory("vptnlp_doxing")
def make_doxing(nlp: Language, name: str) -> DoxingComponent:
    """The factory ``vptnlp_doxing``.

    Args:
        nlp: The pipeline; its tokenizer decides where spans can start and end.
        name: The name of the component in the pipeline.
    """
    return DoxingComponent(name)
