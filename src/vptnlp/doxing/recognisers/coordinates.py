"""Geographic coordinates.

Format: decimal degrees ("52.37403, 4.88969", with N/E or NB/OL, "lat 52.37403, lon 4.88969", ``geo:`` links), degrees and
minutes or seconds ("52°22′26″N 4°53′23″E"), and links of map services that carry them. Bounds: the Netherlands, Belgium,
Suriname and the Caribbean islands.
Source: ISO 6709 annex D for degrees, RFC 5870 for ``geo:``; the rest as phones and maps show it.
Accuracy: four or more decimals within the bounds are near certain; fewer need a word such as "coördinaten" or "locatie".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_NORTH = r"(?: ?°? ?(?:n\.?b\.?|n|noord(?:erbreedte)?)\b)?"
_EAST = r"(?: ?°? ?(?:o\.?l\.?|e|o|w|w\.?l\.?|oost(?:erlengte)?|wester?lengte)\b)?"
_DECIMAL = re.compile(
    rf"(?<![\w.,])(?:geo:)?(?P<marked>[nb] ?)?(?P<lat>[0-9]{{1,2}}[.,][0-9]{{2,8}})°?{_NORTH}[ ,;/]{{1,3}}"
    rf"(?:[eol] ?)?(?P<lon>-?[0-9]{{1,2}}[.,][0-9]{{2,8}})°?{_EAST}(?![\w]|[.,][0-9])"
)
_NAMED = re.compile(
    r"(?<!\w)lat(?:itude)?[ :=]{1,3}(?P<lat>[0-9]{1,2}[.,][0-9]{2,8})[ ,;/]{1,3}"
    r"(?:lon|lng|long)(?:gitude)?[ :=]{1,3}(?P<lon>-?[0-9]{1,2}[.,][0-9]{2,8})(?!\w|[.,][0-9])"
)
_SPOKEN = re.compile(
    r"(?<![\w.,])(?P<lat>[0-9]{2}[.,][0-9]{4,8}) en (?:dan )?(?P<lon>-?[0-9]{1,2}[.,][0-9]{4,8})(?!\w|[.,][0-9])"
)
_DEGREES = re.compile(
    r"(?<![\w.])[0-9]{1,2} ?° ?[0-9]{1,2}(?:[.,][0-9]{1,5})? ?['′](?: ?[0-9]{1,2}(?:[.,][0-9]{1,4})? ?(?:\"|"
    r"″|''))? ?[nz]\w{0,14}"
    r"[ ,;]{1,3}[0-9]{1,3} ?° ?[0-9]{1,2}(?:[.,][0-9]{1,5})? ?['′](?: ?[0-9]{1,2}(?:[.,][0-9]{1,4})? ?(?:\"|"
    r"″|''))? ?[eow]\w{0,14}"
)
_PREFIXED = re.compile(
    r"(?<!\w)[nz] ?[0-9]{1,2} ?° ?[0-9]{1,2}[.,][0-9]{1,5} ?['′]?[ ,;/]{1,3}"
    r"[eow] ?[0-9]{1,3} ?° ?[0-9]{1,2}[.,][0-9]{1,5}['′]?(?!\w)"
)
_LINK = re.compile(r"https?://[^\s<>\"]{3,500}")
_MAP_SERVICE = re.compile(r"maps|openstreetmap|osm\.|waze|geo")
_IN_LINK = re.compile(r"-?[0-9]{1,2}\.[0-9]{3,8}[^0-9]{1,8}-?[0-9]{1,2}\.[0-9]{3,8}")
_CONTEXT = re.compile(r"co.?.?rdina|locatie|gps|punt|plek|positie|kaart|pin\b|lat\b|maps|breedte")
_MARKS = re.compile(r"[0-9] ?°? ?n.*[0-9] ?°? ?[eow]")
# (south, north, west, east) in degrees
_BOUNDS = ((49.4, 53.8, 2.4, 7.4), (1.8, 6.2, -58.2, -53.8), (11.9, 18.2, -70.2, -62.8))


class CoordinatesRecogniser:
    """Finds coordinates."""

    kinds = frozenset({DetailKind.COORDINATES})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count < 4:
            return
        folded = passage.folded
        for match in _DECIMAL.finditer(folded):
            lat, lon = match.group("lat"), match.group("lon")
            if not _within(lat, lon):
                continue
            decimals = min(len(lat.strip("-")), len(lon.strip("-"))) - 3
            score = 0.35 + 0.12 * min(decimals, 4)
            if _CONTEXT.search(passage.before(match.start(), 45)):
                score += 0.3
            if match.group("marked") or _MARKS.search(match.group()):
                score += 0.15
            yield candidate(match.start(), match.end(), DetailKind.COORDINATES, min(score, 0.9))
        for pattern, sign in ((_NAMED, "lat"), (_SPOKEN, " en ")):
            if sign not in folded or passage.digit_count < 8:
                continue
            for match in pattern.finditer(folded):
                if _within(match.group("lat"), match.group("lon")):
                    yield candidate(match.start(), match.end(), DetailKind.COORDINATES, 0.9)
        if "°" in folded:
            for pattern in (_DEGREES, _PREFIXED):
                for match in pattern.finditer(folded):
                    yield candidate(match.start(), match.end(), DetailKind.COORDINATES, 0.95)
        if "://" in folded:
            for match in _LINK.finditer(folded):
                if not (_MAP_SERVICE.search(match.group()) and _IN_LINK.search(match.group())):
                    continue
                end = match.start() + len(match.group().rstrip(".,;:!?)"))
                yield candidate(match.start(), end, DetailKind.COORDINATES, 0.98)


def _within(lat: str, lon: str) -> bool:
    north, east = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    return any(
        (s <= north <= n and w <= abs(east) <= e) or (s <= north <= n and w <= -abs(east) <= e)
        for s, n, w, e in _BOUNDS
    )
