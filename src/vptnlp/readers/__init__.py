"""Inboxes: messages out of files, folders and standard input, whatever their format.

`read` is the way in; `Problem` is what it reports. `vptnlp.readers.quotes.split_quoted` splits the reply chain off
any text.
"""

from __future__ import annotations

from vptnlp.readers.inbox import read
from vptnlp.readers.records import Problem

__all__ = ["Problem", "read"]
