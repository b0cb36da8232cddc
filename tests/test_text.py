from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.text import lower_shouting, normalise

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
TRICKY = st.text("aei kmn14@$!. -\u200b\u0301éа️👍ﬁ", max_size=40)


@pytest.mark.parametrize(
    ("received", "normal"),
    [
        ("ik m4ak je d00d", "ik maak je dood"),
        ("i k  m a a k  j e  a f", "ik maak je af"),
        ("k.a.n.k.e.r.l.i.j.e.r", "kankerlijer"),
        ("k*a*n*k*e*r", "kanker"),
        ("dooooood!!!", "dood!!!"),
        ("ik stееk je", "ik steek je"),  # Cyrillic е
        ("vu\u200bur ﬁets ｄｏｏｄ", "vuur fiets dood"),
        ("e\u0301e\u0301n", "één"),
        ("k@nker w1jf!", "kanker wijf!"),
    ],
)
def test_hidden_words_are_read(received: str, normal: str) -> None:
    assert normalise(received).text == normal


@pytest.mark.parametrize(
    "text",
    [
        "Audi A4 van 20km, 3e keer, 4x4, 12a en 12-hs om 18u30",
        "Bel 06-12345678 of mail jan3@voorbeeld.example",
        "Kenteken L-716-RT, postcode 1234 AB",
        "J.A.M. de Vries, een zaak van niets",
        "https://voorbeeld.example/a1b2?c=3",
        "|Naam|Adres|",
        "|extern| hallo",
        "Привет, как дела",  # wholly another script: not disguised Latin
        "",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert normalise(text).text == text


@given(st.one_of(ANY_TEXT, TRICKY))
def test_offsets_stay_inside_and_in_order(text: str) -> None:
    normal = normalise(text)
    ranges = [normal.to_received(i, i + 1) for i in range(len(normal.text))]
    for start, end in ranges:
        assert 0 <= start < end <= len(text)
    assert ranges == sorted(ranges)


@given(st.one_of(ANY_TEXT, TRICKY))
def test_normalising_text_without_disguise_maps_to_itself(text: str) -> None:
    normal = normalise(text)
    if normal.text == text and text:
        assert normal.to_received(0, len(text)) == (0, len(text))


@given(st.one_of(ANY_TEXT, TRICKY))
def test_the_way_there_and_back_covers_the_letters(text: str) -> None:
    normal = normalise(text)
    for i in range(len(normal.text)):
        start, end = normal.from_received(*normal.to_received(i, i + 1))
        assert start <= i < end


def test_a_span_leads_back_to_the_received_letters() -> None:
    received = "👍 zo: i k  m a a k  j e  a f."
    normal = normalise(received)
    start = normal.text.index("maak")
    left, right = normal.to_received(start, start + len("maak je af"))
    assert received[left:right] == "m a a k  j e  a f"


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("IK KOM JE HALEN. Tot dan.", "ik kom je halen. Tot dan."),
        ("Hallo mevrouw\nIK WEET WAAR JE WOONT", "Hallo mevrouw\nik weet waar je woont"),
        ("Bel de ANWB of de KNVB, zei Piet.", "Bel de ANWB of de KNVB, zei Piet."),
        ("OK. NS!", "OK. NS!"),
        ("İK KOM LANGS", "İk kom langs"),
        ("IK\nGA\nJE\nMAKEN", "ik\nga\nje\nmaken"),
        ("DOOD! HOER! KOM OP!", "dood! hoer! kom op!"),
        ("IK MAAK JE AF EN ik weet waar je woont", "ik maak je af en ik weet waar je woont"),
    ],
)
def test_shouting_is_read_in_lower_case(received: str, read: str) -> None:
    assert lower_shouting(received) == read


@given(ANY_TEXT)
def test_lower_case_keeps_the_length(text: str) -> None:
    assert len(lower_shouting(text)) == len(text)


def test_an_empty_span_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        normalise("abc").to_received(1, 1)


@pytest.mark.parametrize("piece", ["a ", "a1", "a.b", "@$!", "1", "a-", "a  ", "x", "a|", "\u0301", "👍\u200d", "éа"])
def test_long_hostile_input_takes_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - started < 2
