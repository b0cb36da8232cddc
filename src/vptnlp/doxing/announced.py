"""Words that announce a number as something else: an order, a case, a product. Shared by the recognisers of numbers."""

from __future__ import annotations

import re

_WORDS = (
    "order|bestel|factuur|zaak|dossier|klant|kenmerk|referentie|ref|polis|lot|serie|artikel|track|barcode|product|sku|"
    "model|type|ljn|ecli|kvk|btw|parket|aanvraag|reservering|ticket|cjib|beschikking|retour|contract|boeking|vlucht|coupon|transactie|"
    r"wachtwoord|zending|pakket|incident|(?:inlog|login|toegangs|kortings|boekings|pin|qr|actie|promo|verificatie|reserverings)code"
)


def announcing(*others: str) -> re.Pattern[str]:
    """A pattern of words right before a number that is no personal detail: "dossiernummer is", "aanvraag met nummer".

    Args:
        others: Beginnings of words that announce something else than what the recogniser looks for.
    """
    return re.compile(
        rf"\b(?:{'|'.join((_WORDS, *others))})\w*\W{{0,4}}(?:(?:is|met|nummer|nr\.?|no\.?)\W{{1,4}}){{0,2}}$"
    )
