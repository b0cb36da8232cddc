"""Accounts on social media, forums and games.

Format: ``@naam`` with letters, digits, dots and underscores (the rules of Instagram, X, TikTok and Telegram overlap in
these), ``@naam@server`` (ActivityPub), ``u/naam`` (Reddit), ``naam#1234`` (Discord), and names without the sign where a word
such as "account" or "gebruiker" announces them.
Accuracy: an at sign outside an e-mail address is near certain, apart from calls to a whole group (``@iedereen``). A name
without the sign needs an underscore, a digit or a mix of cases to tell it from a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_SIGNED = re.compile(r"(?<![\w@.+/-])@(?:[a-z_]|[0-9]{1,2}(?!uur)[a-z](?=\w{3}))[\w.]{1,31}(?![\w@])")
_GROUPS = frozenset({"@iedereen", "@allen", "@all", "@everyone", "@here", "@channel", "@alle", "@admin", "@home"})
_FILE_ENDINGS = (".jpg", ".jpeg", ".png", ".pdf", ".doc", ".docx", ".xlsx", ".mp4", ".mov", ".zip", ".txt", ".csv")
_NAME = r"(?P<name>(?=[\w.]{0,30}(?:_|[a-z][0-9]))[a-z_][\w.]{2,30})(?![\w@/-]|\.\w)"
_ANNOUNCED = re.compile(
    r"(?<!\w)(?:account(?:naam)?|profielnaam|psn|xbox|steam|reddit|ig|gebruiker(?:snaam)?|username|user|nick(?:name)?|insta(?:gram)?|"
    r"snap(?:chat)?|tiktok|telegram|"
    r"discord|twitter|twitch|facebook|fb|marktplaats|noemt (?:zich|zichzelf)|onder de naam|van|"
    r"afzender|profiel|handle|heet)"
    rf"(?: (?:is|was|heet|met|van|de|naam|op|gebruiker|account|hij|zij|ze)){{0,2}}[ :=\"']{{1,3}}{_NAME}"
)

# "mila.vd.berg" may be a file or a host, so a platform must stand right before it.
_DOTTED = re.compile(
    r"(?<!\w)(?:ig|insta(?:gram)?|snap(?:chat)?|tiktok|telegram|facebook|fb)(?: (?:is|heet))?[ :=]{1,3}"
    r"(?P<name>[a-z_][a-z0-9_]{1,20}(?:\.[a-z0-9_]{1,20}){1,3})(?![\w@/-]|\.\w)"
)
_NUMBERED = re.compile(r"(?<![\w#])(?P<name>[a-z_][\w.]{1,31}#[0-9]{4})(?!\w)")
_FEDIVERSE = re.compile(r"(?<![\w@.+-])(?P<name>@[a-z0-9_][\w.]{0,30}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3})(?![\w@])")
_REDDIT = re.compile(r"(?<![\w/.])(?P<name>u/[a-z0-9_-]{3,20})(?![\w/])")


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
        for sign, pattern, score in (
            (".", _DOTTED, 0.6),
            ("#", _NUMBERED, 0.75),
            ("u/", _REDDIT, 0.75),
            ("@", _FEDIVERSE, 0.99),
        ):
            if sign in folded:
                for match in pattern.finditer(folded):
                    yield candidate(match.start("name"), match.end("name"), DetailKind.HANDLE, score)
