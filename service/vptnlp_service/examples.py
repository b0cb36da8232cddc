"""Examples of answers, for the API description. The answer to the first message of the examples of requests, lists cut short."""

from __future__ import annotations

from typing import Any

from vptnlp import taxonomy

_SHA256 = "d863ff20341319f781417ebb2872b0f8162490339a622ef6f6d91848c2141de8"
_MODEL = {"name": "vpt-nl-linear", "version": "1.1.0", "sha256": _SHA256}
_DETAIL = {"start": 70, "end": 83, "kind": "ADDRESS", "subject": "target", "score": 0.99}
_DOXING = {"label": "exposure", "scores": {"none": 0.1243, "hint": 0.0795, "exposure": 0.7905, "call": 0.0057}}
_ASSESSMENT = {
    "id": "mail-1",
    "taxonomy": taxonomy.VERSION,
    "model": _MODEL,
    "language": {"code": "nl", "score": 0.9997},
    "threat": {
        "label": "conditional",
        "scores": {"none": 0.064, "veiled": 0.0012, "conditional": 0.8388, "direct": 0.0959},
    },
    "nature": {"labels": ["instrumental", "emotional"], "scores": {"instrumental": 0.8951, "emotional": 0.6204}},
    "aims": {
        "labels": ["influence_decision"],
        "scores": {
            "challenge": 0.0154,
            "vent_anger": 0.1411,
            "gain_status": 0.0128,
            "disrupt_investigation": 0.0082,
            "obstruct_search": 0.0901,
            "influence_decision": 0.709,
            "intimidate": 0.2202,
        },
    },
    "forms": {
        "labels": ["physical_violence"],
        "scores": {
            "verbal_abuse": 0.106,
            "physical_violence": 0.7738,
            "sexual_intimidation": 0.0139,
            "discrimination": 0.0411,
            "bribery": 0.0026,
            "stalking": 0.0654,
        },
    },
    "targets": {
        "labels": ["municipality"],
        "scores": {
            "police": 0.0731,
            "judiciary": 0.0046,
            "municipality": 0.6187,
            "politician": 0.0749,
            "journalist": 0.0026,
            "emergency_services": 0.0122,
            "education_transport_housing": 0.0482,
            "relatives": 0.0103,
        },
    },
    "doxing": _DOXING,
    "organised_crime": {"label": False, "score": 0.0049},
    "details": [{**_DETAIL, "text": "Kerkstraat 12"}],
    "cues": [{"start": 0, "end": 29, "kind": "condition", "score": 0.8072, "text": "Als je die boete niet intrekt"}],
    "triage": {
        "urgency": "critical",
        "score": 0.75,
        "factors": [{"key": "home_address", "text": "Het adres staat erin.", "spans": [[70, 83]]}],
        "steps": [
            {
                "key": "report_internally",
                "text": "Meld het bericht bij je leidinggevende of de veiligheidscoördinator, ook als je er zelf niet van "
                "schrikt.",
                "source": "VPT-maatregel: stimuleer melden",
                "due_hours": 1,
            }
        ],
        "statutes": [
            {
                "article": "284 Sr (dwang)",
                "present": ["Om iemand iets te laten doen, laten of verdragen: er staat een eis of voorwaarde"],
                "missing": ["Zonder recht daartoe: een tekst kan dit niet tonen"],
                "spans": [[[0, 29]]],
            }
        ],
    },
    "warnings": [
        {
            "key": "usable_detail",
            "text": "Het bericht noemt een gegeven waarmee het doelwit of een naaste te vinden of te bereiken is.",
        }
    ],
}
_REDACTION = {
    "id": "mail-1",
    "text": "Als je die boete niet intrekt, sta ik morgen bij je op de stoep in de [ADDRESS_1].",
    "replacements": [{"start": 70, "end": 83, "placeholder": "[ADDRESS_1]", "kind": "ADDRESS", "subject": "target"}],
}
_ENTRY = {
    **_MODEL,
    "kind": "linear",
    "taxonomy": taxonomy.VERSION,
    "corpus": {"name": "vpt-nl", "version": "1.1.0", "sha256": _SHA256},
    "metrics": {"threat_macro_f1": {"value": 0.7453, "low": 0.7114, "high": 0.7785}},
}


def _axes() -> dict[str, Any]:
    axes: dict[str, Any] = taxonomy.as_dict()["axes"]
    return {"threat": axes["threat"]}


ANSWERS: dict[str, dict[str, Any]] = {
    "/assessments": {"model": _MODEL, "assessments": [_ASSESSMENT]},
    "/details": {"model": _MODEL, "details": [{"id": "mail-1", "doxing": _DOXING, "details": [_DETAIL]}]},
    "/redactions": {"model": _MODEL, "redactions": [_REDACTION]},
    "/taxonomy": {"version": taxonomy.VERSION, "axes": _axes()},
    "/models": {"models": [_ENTRY]},
    "/models/{name}": _ENTRY,
}
"""By path."""
