"""Annotation: judgements of several annotators, and how far they agree."""

from vptnlp.annotation.agreement import AgreementReport, measure
from vptnlp.annotation.judgements import Judgement, judgements_of, read_judgements, read_texts, write_judgements
from vptnlp.annotation.markdown import markdown

__all__ = [
    "AgreementReport",
    "Judgement",
    "judgements_of",
    "markdown",
    "measure",
    "read_judgements",
    "read_texts",
    "write_judgements",
]
