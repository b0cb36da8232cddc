from __future__ import annotations

import pytest

from vptnlp.doxing import find_details
from vptnlp.doxing.cells import column_kind
from vptnlp.doxing.redactor import Redactor, map_texts, with_rules
from vptnlp.messages import Message, Span
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject


def record(text="Hoi.", meta=None, quoted="", redactor=None):
    message = Message("1", text, meta or {}, quoted)
    return (redactor or Redactor(None, None, drop_meta=False)).record(message, find_details(text))[0]


@pytest.mark.parametrize(
    ("column", "cell", "redacted"),
    [
        ("adres", "Poolster 33", "[ADRES-1]"),
        ("geboortedatum", "12-03-1985", "[GEBOORTEDATUM-1]"),
        ("plaats", "Zwolle", "[PLAATS-1]"),
        ("telefoon", 613370042, "[TELEFOON-1]"),
        ("Tel. nr", 613370042.0, "[TELEFOON-1]"),
        ("telefoonNummer", "onbekend", "[TELEFOON-1]"),
        ("kenteken", "gb123x", "[KENTEKEN-1]"),
        ("naam", "Bakker", "[NAAM-1]"),
        ("from", '"Bakker, S." <s.bakker@x.example>', '"[NAAM-1]." <[EMAIL-1]>'),
        ("attachments", ["cv-sanne-bakker.pdf"], ["[NAAM-1]"]),
        ("melder", {"voor": "Xandrio", "nr": 12}, {"voor": "[NAAM-1]", "nr": "[NAAM-2]"}),
        ("wat", "bsn 123456782", "bsn [BSN-1]"),
    ],
)
def test_a_cell_is_read_with_its_column(column, cell, redacted):
    assert record(meta={column: cell})["meta"] == {column: redacted}


def test_cells_that_tell_of_nobody_keep_their_words_and_types():
    meta = {
        "zaak": 12, "score": 0.5, "open": True, "leeg": None, "status": "Open", "kanaal": "E-mail", "titel": "Klacht over afval",
        "date": "2024-03-05T10:00:00+01:00", "Datum ontvangst": "05-03-2024", "prioriteit": "Hoog", "aantal": [1, 2.0],
    }  # fmt: skip
    kept = record(meta=meta)["meta"]
    assert kept == meta
    assert [type(value) for value in kept.values()] == [type(value) for value in meta.values()]


def test_names_of_columns_are_redacted_and_none_is_lost():
    kept = record(meta={"Sanne Bakker": "ja", "SANNE BAKKER": "nee", "j.v@x.example": 1})["meta"]
    assert kept == {"[NAAM-1]": "ja", "[NAAM-1]'": "nee", "[EMAIL-1]": 1}


@pytest.mark.parametrize(
    "name", ["titel", "hotel", "opname", "datum", "zaak", "onderwerp", "plaatsing", "kanaal", "date"]
)
def test_other_columns_hold_no_kind(name):
    assert column_kind(name) is None


def test_a_value_goes_from_all_parts_and_from_later_messages():
    redactor = Redactor(None, None, drop_meta=False)
    first = record("Weet je, amrani?", {"naam": "Fatima el Amrani"}, "Zo zei F. Amrani het", redactor)
    later = record("De fiets van Amrani", {"wat": "over Amrani"}, redactor=redactor)
    assert "mrani" not in str((first, later))


def test_kinds_that_were_not_chosen_stay_in_cells():
    kept = record(
        meta={"adres": "Poolster 33", "naam": "Bakker"}, redactor=Redactor(frozenset({K.PERSON}), None, drop_meta=False)
    )
    assert kept["meta"] == {"adres": "Poolster 33", "naam": "[NAAM-1]"}


def test_what_a_model_doubts_but_the_rules_found_goes():
    text = "Mevrouw Fatima el Amrani woont op Kerkstraat 12."
    found = find_details(text)
    name = next(d for d in found if d.kind is K.PERSON)
    message, redactor = Message("1", text), Redactor(None, None, drop_meta=False)
    kept = redactor.record(message, [d for d in found if d.kind is not K.PERSON])[0]["text"]
    assert kept == "Mevrouw [NAAM-1] woont op [ADRES-1]."
    half = Span(name.start, name.start + 6, K.PERSON, Subject.SENDER)
    assert {d.subject for d in with_rules(text, [half]) if d.kind is K.PERSON} == {Subject.SENDER}


def test_texts_are_changed_in_one_order():
    value = {"a": ["x", {"b": "y"}], "c": 1}
    seen = []
    map_texts(value, lambda text, columns: seen.append((text, columns)) or text, numbers=True)
    assert seen == [("a", None), ("x", ("a",)), ("b", None), ("y", ("a", "b")), ("c", None), ("1", ("c",))]
