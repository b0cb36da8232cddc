"""Accounts on social media, forums and games.

Format: ``@naam`` with letters, digits, dots and underscores (the rules of Instagram, X, TikTok and Telegram overlap in
these), and names without the sign where a word such as "account" or "gebruiker" announces them.
Accuracy: an at sign outside an e-mail address is near certain, apart from calls to a whole group (``@iedereen``). A name
without the sign needs an underscore, a digit or a mix of cases to tell it from a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_SIGNED = re.compile(r"(?<![\w@.+/-])@[a-z_][\w.]{1,31}(?![\w@])")
_GROUPS = frozenset({"@iedereen", "@allen", "@all", "@everyone", "@here", "@channel", "@alle", "@admin", "@home"})
_FILE_ENDINGS = (".jpg", ".jpeg", ".png", ".pdf", ".doc", ".docx", ".xlsx", ".mp4", ".mov", ".zip", ".txt", ".csv")
_NAME = r"(?P<name>(?=[\w.]{0,30}(?:_|[a-z][0-9]))[a-z_][\w.]{2,30})(?![\w@/-]|\.\w)"
_ANNOUNCED = re.compile(
    r"(?<!\w)(?:account(?:naam)?|gebruiker(?:snaam)?|username|user|nick(?:name)?|insta(?:gram)?|"
    r"snap(?:chat)?|tiktok|telegram|"
    r"discord|twitter|twitch|facebook|fb|marktplaats|noemt (?:zich|zichzelf)|onder de naam|van|"
    r"afzender|profiel|handle|heet)"
    rf"(?: (?:is|was|heet|met|van|de|naam|op|gebruiker|account)){{0,2}}[ :=\"']{{1,3}}{_NAME}"
)


class HandleRecogniser:
    """Finds account names."""

    kinds = frozenset({DetailKind.HANDLE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if "@" in folded:
            for match in _SIGNED.finditer(folded):
                name = match.group().rstrip("._") if match.group().endswith(".") else match.group()
                if len(name) > 2 and name not in _GROUPS:
                    yield candidate(match.start(), match.start() + len(name), DetailKind.HANDLE, 0.9)
        if "_" in folded or passage.digit_count:
            for match in _ANNOUNCED.finditer(folded):
                name = match.group("name").rstrip(".")
                if name.endswith(_FILE_ENDINGS):
                    continue
                score = 0.75 if "_" in name else 0.55
                yield candidate(match.start("name"), match.start("name") + len(name), DetailKind.HANDLE, score)
