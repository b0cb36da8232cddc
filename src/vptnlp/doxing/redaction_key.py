"""Key files: what brings redacted messages back.

JSON lines, one a message in the order of the redacted file: ``{"id": ..., "text": [[placeholder, value], ...]}``, and the
same for the other parts of a message that were redacted. Whoever has the key file and the redacted file has the messages, so
the key is readable for its owner only and is never written over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from vptnlp.doxing.redaction import Restorer, in_order
from vptnlp.errors import ConfigError, InputError

Values = Sequence[tuple[str, str]]
"""Placeholders and values in order, as `vptnlp.doxing.redaction.Redacted.values` gives them."""


@contextmanager
def new_key(path: Path) -> Iterator[KeyWriter]:
    """A key file that did not exist, with mode 0600.

    Raises:
        ConfigError: It exists, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(
            f"The key file '{path}' exists already and is not written over; give another name, or move it away."
        ) from None
    except OSError as error:
        raise ConfigError(f"The key file '{path}' cannot be written: {error.strerror}.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        try:
            yield KeyWriter(out)
        except BaseException:
            # A run that fails before its first message must not bar the next one.
            if out.tell() == 0:
                path.unlink()
            raise


class KeyWriter:
    """Writes a key as messages are redacted; keeps nothing in memory."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def add(self, id: str, parts: Mapping[str, Values]) -> None:
        """Write what brings one message back.

        Args:
            id: The id of the message.
            parts: Part of the message (``text``, ...) to its values; parts without any are left out.
        """
        held = {name: values for name, values in parts.items() if values}
        if held:
            self._out.write(json.dumps({"id": id, **held}, ensure_ascii=False) + "\n")


class Key:
    """A key file in memory.

    Args:
        path: The file.

    Raises:
        InputError: It does not exist, or is no key file.
    """

    def __init__(self, path: Path) -> None:
        self._messages: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._first: dict[str, str] = {}
        texts: list[tuple[str, str]] = []
        try:
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    id, parts = _entry(path, number, line)
                    self._messages[id] = parts
                    texts += parts.get("text", ())
                    for values in parts.values():
                        for placeholder, value in values:
                            self._first.setdefault(placeholder, value)
        except OSError as error:
            raise InputError(f"The key file '{path}' cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise InputError(f"The file '{path}' is no key file of vptnlp; give the one made with --key.") from None
        self._rest = Restorer(in_order(texts), self._first)

    def restore(self, id: str, part: str, text: str) -> str:
        """Put the values back in one part of a message.

        Args:
            id: The id of the message. One that the key does not know, such as a report that quotes several messages, gets
                the values of the whole file, in order.
            part: ``text`` or another part of a message.
            text: The redacted text of that part.
        """
        return self.restorer(id, part)(text)

    def restorer(self, id: str, part: str) -> Callable[[str], str]:
        """The same for a part that consists of several texts, which are to be given in order."""
        message = self._messages.get(id)
        if message is None:
            return self._rest.restore
        # Text that was pasted in from elsewhere has placeholders of other messages: hence the values of the whole file.
        return Restorer(in_order(message.get(part, [])), self._first).restore


def _entry(path: Path, number: int, line: str) -> tuple[str, dict[str, list[tuple[str, str]]]]:
    try:
        entry: dict[str, Any] = json.loads(line)
        id = entry.pop("id")
        parts = {str(name): [(str(p), str(v)) for p, v in values] for name, values in entry.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            f"Line {number} of the file '{path}' is no line of a key; give the key file that was made with --key."
        ) from None
    return str(id), parts
