"""The sender's own words against the reply chain below or between them.

Mail programs mark what they quote in three ways: ``>`` before each line; one line that says who wrote what
follows; or a block of headers above a copy of the earlier mail. Dutch, Flemish, English and Belgian French forms
are known. Every pattern looks at one line, cut to `_LINE_LIMIT`, or at a window of a few, so the time taken is
linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE_LIMIT = 500

_QUOTED = re.compile(r"[ \t]{0,3}>")
# Emoticons, "=>" and "more than ten" have a > in front too; they do not begin with a letter or a quote.
_QUOTED_PLAINLY = re.compile(r"[ \t]{0,3}>[> \t]*(?:$|[^\W\d_]|[\"'“‘(*•-])")

_RULE_CHARS = "-_=*#~+ \t"
_ORIGINAL = frozenset(
    {
        "oorspronkelijk bericht",
        "oorspronkelijke bericht",
        "origineel bericht",
        "originele bericht",
        "oorspronkelijke e-mail",
        "oorspronkelijke mail",
        "oorspronkelijke afspraak",
        "original message",
        "original email",
        "original appointment",
        "message d'origine",
        "message original",
    }
)
_FORWARDED = frozenset(
    {
        "doorgestuurd bericht",
        "doorgestuurde bericht",
        "doorgezonden bericht",
        "begin doorgestuurd bericht",
        "begin van doorgestuurd bericht",
        "forwarded message",
        "begin forwarded message",
        "message transféré",
        "début du message transféré",
    }
)
_ORIGINAL_OR_RULE = _ORIGINAL | {""}
_REPLY_ABOVE = re.compile(r"(?:boven|above) (?:deze|this) (?:regel|lijn|line)\b")

_KEYS = {
    "from": ("van", "from", "de"),
    "sent": ("verzonden", "verstuurd", "datum", "sent", "date", "envoyé"),
    "to": ("aan", "to", "à"),
    "copy": ("cc", "bcc", "kopie", "copie"),
    "subject": ("onderwerp", "betreft", "subject", "objet"),
    "other": ("bijlagen", "bijlage", "attachments", "prioriteit", "urgentie", "importance", "antwoord aan", "reply-to"),
}
_KEY_OF = {name: key for key, names in _KEYS.items() for name in names}
_HEADER = re.compile(rf"[ \t*_]{{0,4}}({'|'.join(_KEY_OF)})[ \t*_]{{0,3}}:[ \t*_]*(.*)", re.IGNORECASE)
_BLOCK_LINES = 16

_CLOCK_OR_ADDRESS = re.compile(r"\b\d{1,2}[:.]\d\d\b|@")
_SAYS = re.compile(r"\b(?:schreef|schrijft|geschreven|zei|zegt|mailde|antwoordde|wrote|said|écrit|schrieb)\b")
# "Op ... schreef u mij:" is how people quote by hand; their own words may follow.
_BY_HAND = re.compile(
    r"\b(?:schreef|heeft) (?:.{0,100} )?(?:u|je|jij|jullie|ik|hij|zij|ze|men|wij|we|mij|me|ons|dat)\b|"
    r"\b(?:you|i|he|she|they|we) wrote"
)
_ATTRIBUTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"op .{4,150} schreef(?: .{1,200})?:",
        r"op .{4,150} heeft .{1,200} geschreven:",
        r".{1,150} schreef (?:het volgende )?(?:op|in|om) .{4,100}:",
        r"on .{4,200} wrote:",
        r"at .{4,200} wrote:",
        r".{1,150} wrote (?:on|at) .{4,100}:",
        r"le .{4,200} a écrit ?:",
        r"\d{4}-\d\d-\d\d \d\d:\d\d .{0,100}<[^<>]{3,100}>:",
    )
)
_SHORT_ATTRIBUTION = re.compile(r".{1,80} (?:schreef|wrote|a écrit)(?: het volgende| the following)? ?:")
_RULED_ATTRIBUTION = re.compile(r"-{2,10} ?(?:op|on) .{4,200} (?:schreef|wrote) ?:? ?-{2,10}")

_SIGNED_BY_PHONE = re.compile(
    r"(?:verstuurd|verzonden|sent|envoyé) (?:vanaf|vanuit|via|met|from|with|de|depuis) .{1,60}|"
    r"(?:get |download )?outlook (?:for|voor) \w+.{0,80}"
)
_POINTER = re.compile(
    r"\b(?:zie (?:hier|onder|bijlage|bijgevoegd|de (?:mail|e-mail))|hieronder|onderstaande?|fyi|ter info|"
    r"ter informatie|ter kennisname|ter kennisgeving|tk|tki|tkn|t\.k\.i|t\.k\.n|doorgestuurd|"
    r"formulier|contactformulier|webformulier|see below|below|for your information)\b"
)
_POINTER_WORDS = 15


def split_quoted(text: str) -> tuple[str, str]:
    """Split a mail body, or any message, into the sender's own words and what is quoted.

    Answers between quoted lines count as own words. Where nothing else than quoted text is left, or only a pointer
    to it ("zie onder", "fyi"), the whole text is the sender's: a forwarded threat must not get lost.

    Args:
        text: The body, with line ends of Unix or Windows.

    Returns:
        Own words and quoted part; the text unchanged and an empty string where nothing is quoted.
    """
    scan = _Scan([line[:_LINE_LIMIT].strip("\r") for line in text.split("\n")])
    scan.run()
    if not any(scan.quoted):
        return text, ""
    lines = text.split("\n")
    own = [line for line, quoted in zip(lines, scan.quoted, strict=True) if not quoted]
    if _is_mere_pointer(own, scan):
        return text, ""
    return _joined(lines, scan.quoted, keep=False), _joined(lines, scan.quoted, keep=True)


@dataclass(slots=True, repr=False)
class _Scan:
    """One pass over the lines of a text.

    Attributes:
        lines: The lines, cut to `_LINE_LIMIT`.
        quoted: For each line whether it is quoted.
        forwarded: Whether the quoted part says that it is forwarded.
        quoting: Whether there are ``>`` quotes before this line; after those every ``>`` line is a quote.
    """

    lines: list[str]
    quoted: list[bool] = field(init=False)
    forwarded: bool = False
    quoting: bool = False

    def __post_init__(self) -> None:
        self.quoted = [False] * len(self.lines)

    def run(self) -> None:
        """Fill `quoted`."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if _QUOTED.match(line):
                at = self._quoted_run(at)
            elif self._separates(line) or self._is_header_block(at):
                self._quote_rest(at)
                return
            elif length := self._attribution_length(at):
                following = self._next_filled(at + length)
                if following < len(self.lines) and _QUOTED.match(self.lines[following]):
                    self.quoting = True
                    self.quoted[at:following] = [True] * (following - at)
                    at = following
                elif self._is_sure(at, length):
                    self._quote_rest(at)
                    return
                else:
                    at += 1
            else:
                at += 1

    def _quoted_run(self, at: int) -> int:
        """Mark the run of ``>`` lines that begins at `at`, if they are quotes; the line after it."""
        end = at
        while end < len(self.lines) and _QUOTED.match(self.lines[end]):
            end += 1
        if self.quoting or self._looks_quoted(at, end):
            self.quoting = True
            self.quoted[at:end] = [True] * (end - at)
        return end

    def _looks_quoted(self, at: int, end: int) -> bool:
        """Whether the ``>`` lines from `at` to `end` are quotes rather than arrows, though nobody is named."""
        plain = sum(_QUOTED_PLAINLY.match(line) is not None for line in self.lines[at:end])
        if 2 * plain <= end - at:
            return False
        before = at - 1
        while before >= 0 and not self.lines[before].strip():
            before -= 1
        introduction = _normal(self.lines[before]) if before >= 0 else ""
        if introduction.endswith(":") and not self.quoted[before]:
            # Below a colon stands the sender's own list, unless the line says who wrote it.
            return bool(_SAYS.search(introduction) or _CLOCK_OR_ADDRESS.search(introduction))
        return end - at > 1 or before < at - 1 or at == 0

    def _quote_rest(self, at: int) -> None:
        # A rule or a title above the marker belongs to it.
        before = at - 1
        while before >= 0 and self.lines[before].strip(_RULE_CHARS + ":").lower() in _ORIGINAL_OR_RULE:
            self.quoted[before] = True
            before -= 1
        self.quoted[at:] = [True] * (len(self.lines) - at)

    def _separates(self, line: str) -> bool:
        low = line.strip().lower().replace("’", "'")
        if low[:1] not in "-_=*#~+bd" or len(low) > 200:
            return False
        core = low.strip(_RULE_CHARS + ":")
        ruled = low.startswith(("--", "__", "==", "**", "##"))
        if core in _FORWARDED and (ruled or core.startswith(("begin", "début"))):
            self.forwarded = True
            return True
        if ruled and core in _ORIGINAL:
            return True
        return ruled and (_REPLY_ABOVE.search(low) is not None or _RULED_ATTRIBUTION.fullmatch(low) is not None)

    def _is_header_block(self, at: int) -> bool:
        """Whether the headers of an earlier mail begin here: who, when, and to whom or about what."""
        if not _HEADER.match(self.lines[at]):
            return False
        seen: set[str] = set()
        key = ""
        for position in range(at, min(at + _BLOCK_LINES, len(self.lines))):
            line = self.lines[position]
            if found := _HEADER.match(line):
                key = _KEY_OF[found[1].lower()]
                if key != "sent" or any(char.isdigit() for char in found[2]):
                    seen.add(key)
            elif line.strip() and key not in ("to", "copy"):
                break  # only lists of recipients run on
        return {"from", "sent"} <= seen and bool(seen & {"to", "subject"})

    def _attribution_length(self, at: int) -> int:
        """How many lines the attribution that begins here takes; 0 where there is none. Long ones are wrapped."""
        first = self.lines[at].strip()
        if not first:
            return 0
        joined = ""
        for length in (1, 2, 3):
            if at + length > len(self.lines) or not (line := self.lines[at + length - 1].strip()):
                return 0
            joined = f"{joined} {line}".strip()
            if line.endswith(":"):
                return length if _is_attribution(joined) else 0
            if not first[:3].lower().startswith(("op ", "on ", "le ", "at ")) and not first[:4].isdigit():
                return 0
        return 0

    def _is_sure(self, at: int, length: int) -> bool:
        """Whether an attribution is one even without ``>`` lines below it, so that all below it is quoted."""
        joined = _normal(" ".join(self.lines[at : at + length]))
        if _BY_HAND.search(joined) or not _CLOCK_OR_ADDRESS.search(joined):
            return False
        return any(pattern.fullmatch(joined) for pattern in _ATTRIBUTIONS)

    def _next_filled(self, at: int) -> int:
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at


def _is_attribution(joined: str) -> bool:
    low = _normal(joined)
    if len(low) > _LINE_LIMIT:
        return False
    return any(pattern.fullmatch(low) for pattern in (*_ATTRIBUTIONS, _SHORT_ATTRIBUTION))


def _normal(line: str) -> str:
    return " ".join(line.split()).strip("*_ ").lower()


def _is_mere_pointer(own: list[str], scan: _Scan) -> bool:
    """Whether `own` says nothing itself: nothing at all, or a short note above the quoted part."""
    filled = [low for line in own if (low := _normal(line)).strip(_RULE_CHARS + ".|")]
    filled = [low for low in filled if not _SIGNED_BY_PHONE.fullmatch(low)]
    if not filled:
        return True
    if sum(len(low.split()) for low in filled) > _POINTER_WORDS:
        return False
    first = scan.quoted.index(True)
    below = zip(scan.lines[first:], scan.quoted[first:], strict=True)
    if any(line.strip() and not quoted for line, quoted in below):
        return False
    return scan.forwarded or any(_POINTER.search(low) for low in filled)


def _joined(lines: list[str], quoted: list[bool], *, keep: bool) -> str:
    """The lines whose mark is `keep`; where others were between them one empty line stays."""
    kept: list[str] = []
    gap = False
    for line, mark in zip(lines, quoted, strict=True):
        if mark == keep:
            if gap and kept:
                if not kept[-1].strip() and not line.strip():
                    continue
                if kept[-1].strip() and line.strip():
                    kept.append("")
            kept.append(line)
            gap = False
        else:
            gap = True
    return "\n".join(kept).strip("\r\n")
