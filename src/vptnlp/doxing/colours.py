"""Colours, as an observer would name them: shared by the recognisers of vehicles and appearance."""

from __future__ import annotations

_BASE = (
    "rode|rood|rooie|blauwe?|groene?|gele?|zwarte?|witte?|wit|grijze?|grijs|bruine?|oranje|"
    "paarse?|paars|roze|beige|cr[eè]me(?:kleurige)?|zilver(?:en|kleurige|grijze?)?|gouden|"
    "goudkleurige|bordeaux(?:rode?)?|"
    "turquoise|okergele|mintgroene|antraciet(?:kleurige|grijze?)?|kobaltblauwe|violette|taupe|turkooi?ze"
)
COLOUR = (
    rf"(?:(?:donker|licht|mat|fel|knal|hel|mos|olijf|leger|appel|hemels|marine|nacht|staal|wijn|"
    rf"parel|ivoor|mint|fles|petrol|glimmend |metallic |gebroken )?-?(?:{_BASE})|"
    rf"\w{{3,12}}kleurige?|gebloemde|gestreepte|geruite|gespikkelde)"
)
"""Pattern of a colour, inflected or not, with "donker", "licht", "mat" and the like."""
