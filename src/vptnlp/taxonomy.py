"""The labels: one source for corpus, model, API, codebook and pages.

Keys are English and stable; Dutch names and definitions are what people read. Sources:
*Ongekekend* (Mehlbaum, Broekhuizen & Van den Akker 2024) for nature and aims; *Metamonitor
Veilige Publieke Taak* (Regioplan 2013) for forms; the municipal study (Bureau Broekhuizen and
Verwey-Jonker Instituut) for bribery, calculated against impulsive, and relatives; articles 285,
285b and 285d of the Dutch criminal code (Wetboek van Strafrecht) for threat, stalking and doxing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Self

VERSION = "1.0"


class Label(StrEnum):
    """A taxonomy value with its Dutch name and definition."""

    dutch: str
    definition: str

    def __new__(cls, key: str, dutch: str = "", definition: str = "") -> Self:
        """Make a member from its key, Dutch name and definition."""
        member = str.__new__(cls, key)
        member._value_ = key
        member.dutch = dutch or key
        member.definition = definition
        return member


class Threat(Label):
    """Exactly one a message, weakest first; where several hold the strongest wins."""

    NONE = (
        "none",
        "geen",
        "De afzender stelt geen kwaad in het vooruitzicht. Ook: belediging zonder dreiging, klacht, citaat, "
        "melding van andermans dreiging, beeldspraak, sport- en speltaal, aankondiging van wettige stappen.",
    )
    VEILED = (
        "veiled",
        "bedekt",
        "Het kwaad staat er niet, maar is af te leiden; ook geweld dat wordt toegewenst, "
        "goedgekeurd of van anderen wordt gevraagd.",
    )
    CONDITIONAL = (
        "conditional",
        "voorwaardelijk",
        "Het kwaad komt tenzij of als: er staat een eis of voorwaarde bij die eraan vastzit.",
    )
    DIRECT = ("direct", "direct", "Het kwaad wordt zonder voorwaarde aangekondigd.")


class Nature(Label):
    """None, one or both; a hostile message has at least one."""

    INSTRUMENTAL = (
        "instrumental",
        "instrumenteel",
        "De vijandigheid is een middel: de tekst zegt of laat merken wat het doelwit moet doen, laten, "
        "stoppen, besluiten of verzwijgen, of biedt een gift aan.",
    )
    EMOTIONAL = (
        "emotional",
        "emotioneel",
        "Gevoel wordt geuit: woede, vernedering, onmacht, verdriet, wrok, minachting, bravoure. Ook elke "
        "vijandige boodschap die geen gedrag wil.",
    )


class Aim(Label):
    """Any number."""

    CHALLENGE = ("challenge", "uitdagen", "Daagt het gezag uit, tart of prikkelt.")
    VENT_ANGER = (
        "vent_anger",
        "woede of onmacht uiten",
        "Laat woede of onmacht in woorden de vrije loop (vloeken, schreeuwen, verwijten), naast een ander doel of alleen.",
    )
    GAIN_STATUS = (
        "gain_status",
        "aanzien verwerven",
        "Pronkt voor anderen; beroept zich op een naam, groep of reputatie.",
    )
    DISRUPT_INVESTIGATION = (
        "disrupt_investigation",
        "onderzoek verstoren",
        "Wil dat een onderzoek, vervolging, getuigenis, aangifte, rapport of rechtszaak stopt, vertraagt of "
        "een andere kant op gaat.",
    )
    OBSTRUCT_SEARCH = (
        "obstruct_search",
        "doorzoeking of optreden hinderen",
        "Wil een doorzoeking, inbeslagname, aanhouding, inspectie of optreden ter plaatse hinderen.",
    )
    INFLUENCE_DECISION = (
        "influence_decision",
        "besluit beïnvloeden",
        "Wil een besluit, handeling of informatie van de overheid of journalist (vergunning, uitkering, boete, "
        "voogdij, beleid, stem, publicatie, blik in een register), of wil dat het doelwit opstapt, verhuist of zwijgt.",
    )
    INTIMIDATE = (
        "intimidate",
        "intimideren",
        "Wil gevreesd worden: speelt met bekeken, gevonden of opgewacht worden of met wat naasten kan overkomen. "
        "Geldt voor elke bedekte dreiging en voor privékennis die aan het doelwit wordt getoond.",
    )


class Form(Label):
    """Any number. A threat and doxing are forms too, and are not repeated here."""

    VERBAL_ABUSE = (
        "verbal_abuse",
        "verbale agressie",
        "Schelden, vloeken of vernederen, gericht op de ontvanger of het doelwit. Schelden op een situatie telt niet.",
    )
    PHYSICAL_VIOLENCE = (
        "physical_violence",
        "fysiek geweld",
        "Het kwaad dat wordt aangekondigd of waarop wordt gepocht is geweld tegen personen of spullen: letsel, "
        "wapen, brand, explosief, vernieling, verkrachting, ontvoering.",
    )
    SEXUAL_INTIMIDATION = (
        "sexual_intimidation",
        "seksuele intimidatie",
        "Seksuele dreiging, seksueel schelden of dreigen met seksuele beelden.",
    )
    DISCRIMINATION = (
        "discrimination",
        "discriminatie",
        "Haalt neer op afkomst, huidskleur, godsdienst, geslacht, geaardheid, beperking of leeftijd.",
    )
    BRIBERY = (
        "bribery",
        "omkoping",
        "Biedt of vraagt een gift, geld of wederdienst voor een ambtelijke handeling.",
    )
    STALKING = (
        "stalking",
        "belaging",
        "Toont, kondigt aan of roept op tot herhaald volgen, opwachten, bekijken of benaderen. Dagen, tijden of "
        "routes die alleen herhaald kijken oplevert tellen; één keer gezien niet.",
    )


class Target(Label):
    """Any number; empty when the text does not tell."""

    POLICE = ("police", "politie en boa", "Politie en buitengewoon opsporingsambtenaren.")
    JUDICIARY = ("judiciary", "justitie", "OM, rechter, reclassering, DJI, advocaat.")
    MUNICIPALITY = (
        "municipality",
        "gemeente en uitvoering",
        "Gemeenteambtenaar, wijkteam, uitvoering: UWV, SVB, Belastingdienst, COA, IND, jeugdzorg, NVWA, "
        "omgevingsdienst, OCMW; ook elke andere publieke dienst.",
    )
    POLITICIAN = ("politician", "politiek bestuur", "Burgemeester, wethouder, raadslid, Kamerlid, minister.")
    JOURNALIST = ("journalist", "journalist", "Journalist, fotograaf, redactie.")
    EMERGENCY_SERVICES = (
        "emergency_services",
        "hulpverlening en zorg",
        "Brandweer, ambulance, ziekenhuis, GGD.",
    )
    EDUCATION_TRANSPORT_HOUSING = (
        "education_transport_housing",
        "school, vervoer en wonen",
        "School, openbaar vervoer, woningcorporatie.",
    )
    RELATIVES = ("relatives", "naasten", "Partner, kinderen, ouders, huisdieren, huisgenoten.")


class Doxing(Label):
    """Exactly one a message, weakest first."""

    NONE = (
        "none",
        "geen",
        "Geen privégegeven van het doelwit of een naaste. Eigen contactgegevens van de afzender, een kantooradres, "
        "een werkadres of een naam in een publieke functie tellen niet.",
    )
    HINT = (
        "hint",
        "toespeling",
        "Toont of beweert privékennis zonder bruikbaar gegeven.",
    )
    EXPOSURE = (
        "exposure",
        "onthulling",
        "Een bruikbaar privégegeven van het doelwit of een naaste: huisadres, privénummer, kenteken, school bij naam, "
        "BSN, geboortedatum, dagelijkse route.",
    )
    CALL = (
        "call",
        "oproep",
        "Onthulling of verspreiding met een oproep aan anderen om te bezoeken, te benaderen, te verspreiden of lastig "
        "te vallen; of een oproep om zulke gegevens te vinden.",
    )


class DetailKind(Label):
    """Kinds of personal detail."""

    PERSON = ("PERSON", "naam", "Naam van een persoon, ook in een publieke functie.")
    ADDRESS = ("ADDRESS", "adres", "Straat met huisnummer en toevoeging.")
    POSTCODE = ("POSTCODE", "postcode", "Nederlandse of Belgische postcode.")
    PLACE = ("PLACE", "plaats", "Plaats, wijk of straat waar iemand woont, verblijft of langskomt.")
    PHONE = ("PHONE", "telefoonnummer", "Telefoonnummer.")
    EMAIL = ("EMAIL", "e-mailadres", "E-mailadres.")
    HANDLE = ("HANDLE", "account", "Naam van een account op sociale media.")
    URL = ("URL", "webadres", "Webadres.")
    BSN = ("BSN", "burgerservicenummer", "Burgerservicenummer (of Belgisch rijksregisternummer).")
    IBAN = ("IBAN", "rekeningnummer", "Bankrekeningnummer.")
    ID_NUMBER = ("ID_NUMBER", "identiteitsnummer", "Nummer van paspoort, rijbewijs, personeel of BIG.")
    LICENCE_PLATE = ("LICENCE_PLATE", "kenteken", "Kenteken van een voertuig.")
    VEHICLE = ("VEHICLE", "voertuig", "Merk, kleur of soort van een voertuig.")
    DATE_OF_BIRTH = ("DATE_OF_BIRTH", "geboortedatum", "Geboortedatum.")
    AGE = ("AGE", "leeftijd", "Leeftijd.")
    WORKPLACE = ("WORKPLACE", "werkplek", "Waar iemand werkt.")
    INSTITUTION = (
        "INSTITUTION",
        "instelling",
        "School, opvang, club, ziekenhuis of geloofsgemeenschap die iemand bezoekt.",
    )
    FAMILY = ("FAMILY", "naaste", "Een naaste, genoemd naar de relatie.")
    ROUTINE = ("ROUTINE", "gewoonte", "Wanneer of waar iemand gewoonlijk is.")
    APPEARANCE = ("APPEARANCE", "uiterlijk", "Huis, deur, hond, kleding: wat alleen een waarnemer weet.")
    COORDINATES = ("COORDINATES", "coördinaten", "Coördinaten.")
    IP_ADDRESS = ("IP_ADDRESS", "IP-adres", "IP-adres.")


class Subject(Label):
    """Whose detail it is."""

    TARGET = ("target", "doelwit", "Op wie het bericht gericht is of aan wie het is gericht.")
    RELATIVE = ("relative", "naaste", "Een naaste van het doelwit.")
    SENDER = ("sender", "afzender", "De afzender zelf.")
    BYSTANDER = ("bystander", "derde", "Een ander privépersoon, ook de eigen familie van de afzender.")
    ORGANISATION = ("organisation", "organisatie", "Een organisatie.")


class CueKind(Label):
    """Kinds of cue: why the message was labelled so."""

    THREAT_PHRASE = (
        "threat_phrase",
        "dreigende woorden",
        "De kortste woorden die het kwaad in het vooruitzicht stellen.",
    )
    CONDITION = ("condition", "eis of voorwaarde", "De eis of het als-deel.")
    DEADLINE = ("deadline", "tijdstip", "Wanneer.")
    WEAPON = ("weapon", "middel", "Het wapen of middel.")
    CALL_TO_ACTION = ("call_to_action", "oproep", "De oproep aan anderen.")
    OFFER = ("offer", "aanbod", "De gift of wederdienst.")
    SLUR = ("slur", "scheldwoord", "Scheldende of discriminerende woorden.")
    SELF_HARM = ("self_harm", "gevaar voor zichzelf", "Woorden over zelfdoding of zelfbeschadiging.")


ORGANISED_CRIME_DUTCH = "georganiseerde criminaliteit"
ORGANISED_CRIME_DEFINITION = (
    "Een vijandige afzender spreekt vanuit, namens of met de middelen van georganiseerde criminaliteit: drugs, "
    "witwassen, wapenhandel, een criminele groep, een liquidatie. Straattaal of bravoure alleen telt niet."
)

SINGLE_AXES: dict[str, type[Label]] = {"threat": Threat, "doxing": Doxing}
"""Axes with exactly one value a message, by record key."""

MULTI_AXES: dict[str, type[Label]] = {"nature": Nature, "aims": Aim, "forms": Form, "targets": Target}
"""Axes with any number of values a message, by record key."""

AXES: dict[str, type[Label]] = {
    "threat": Threat,
    "nature": Nature,
    "aims": Aim,
    "forms": Form,
    "targets": Target,
    "doxing": Doxing,
}
"""All label axes in the order of the assessment record (without ``organised_crime``, which is true or false)."""

AXIS_DUTCH: dict[str, str] = {
    "threat": "dreiging",
    "nature": "aard",
    "aims": "doelen",
    "forms": "vormen",
    "targets": "doelwit",
    "doxing": "doxing",
    "organised_crime": ORGANISED_CRIME_DUTCH,
}

SPAN_KINDS: dict[str, type[Label]] = {"details": DetailKind, "cues": CueKind}

USABLE_KINDS: frozenset[DetailKind] = frozenset(
    {
        DetailKind.ADDRESS,
        DetailKind.POSTCODE,
        DetailKind.PLACE,
        DetailKind.PHONE,
        DetailKind.EMAIL,
        DetailKind.HANDLE,
        DetailKind.URL,
        DetailKind.BSN,
        DetailKind.IBAN,
        DetailKind.ID_NUMBER,
        DetailKind.LICENCE_PLATE,
        DetailKind.DATE_OF_BIRTH,
        DetailKind.WORKPLACE,
        DetailKind.INSTITUTION,
        DetailKind.ROUTINE,
        DetailKind.COORDINATES,
        DetailKind.IP_ADDRESS,
    }
)
"""Kinds that can make an ``exposure`` when they belong to the target or a relative: with them a person can be found,
reached or awaited. A name, vehicle, age, relation or appearance alone is at most a ``hint``."""


def is_hostile(threat: str, doxing: str, aims: Iterable[str], forms: Iterable[str]) -> bool:
    """Whether a message is hostile: the gate for nature, aims, forms, targets and organised crime.

    Args:
        threat: A `Threat` key.
        doxing: A `Doxing` key.
        aims: `Aim` keys.
        forms: `Form` keys.

    Returns:
        True where threat or doxing is not ``none``, any form holds, or an aim other than ``vent_anger`` holds.
    """
    return (
        threat != Threat.NONE
        or doxing != Doxing.NONE
        or any(True for _ in forms)
        or any(aim != Aim.VENT_ANGER for aim in aims)
    )


def as_dict() -> dict[str, Any]:
    """The whole taxonomy as plain values, as `vptnlp taxonomy --format json` and the service give it."""
    groups: dict[str, tuple[str, str, type[Label]]] = {
        **{axis: (AXIS_DUTCH[axis], "one" if axis in SINGLE_AXES else "any", kind) for axis, kind in AXES.items()},
        "details": ("persoonlijke gegevens", "spans", DetailKind),
        "subjects": ("van wie", "one", Subject),
        "cues": ("aanwijzingen", "spans", CueKind),
    }
    axes = {
        key: {
            "dutch": dutch,
            "number": number,
            "values": [{"key": str(v), "dutch": v.dutch, "definition": v.definition} for v in kind],
        }
        for key, (dutch, number, kind) in groups.items()
    }
    axes["organised_crime"] = {
        "dutch": ORGANISED_CRIME_DUTCH,
        "number": "one",
        "values": [{"key": "true", "dutch": "ja", "definition": ORGANISED_CRIME_DEFINITION}],
    }
    return {"version": VERSION, "axes": axes}
