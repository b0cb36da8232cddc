"""Recognises threats, intent and doxing in Dutch messages to people with a public task.

>>> from vptnlp import Analyzer
>>> Analyzer.load().assess("Morgen sta ik bij je op de stoep.").triage.urgency
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vptnlp.analyzer import Analyzer
    from vptnlp.messages import Assessment, Labels, Message, Span

__all__ = ["Analyzer", "Assessment", "Labels", "Message", "Span", "__version__"]

__version__ = "0.1.0"

_HOME = {
    "Analyzer": "vptnlp.analyzer",
    "Assessment": "vptnlp.messages",
    "Labels": "vptnlp.messages",
    "Message": "vptnlp.messages",
    "Span": "vptnlp.messages",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `import vptnlp` costs next to nothing.
    if name not in _HOME:
        raise AttributeError(f"module 'vptnlp' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
