"""The annotation table: a Dutch web page on which one person labels messages, or decides where others differ.

It runs on the annotator's own machine. What is typed and marked is written to the store at once. An annotator's page is
blind by construction: it is built on an object that can reach that annotator's own answers and no others.
"""

from __future__ import annotations

from vptnlp_service.annotate.app import create_app
from vptnlp_service.annotate.work import Adjudication, Annotation, Work

__all__ = ["Adjudication", "Annotation", "Work", "create_app"]
