import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.readers.charsets import Decoder, decode, guess


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "één"),
        ("cp1252", "é"),
        ("cp1252", "Ik vind het één grote schande – héél jammer, €50 boete!"),
        ("cp1252", "Ik kom “morgen” langs… dat zie je wel’s"),
        ("mac_roman", "Geïrriteerd! Ik kom naar het café van José"),
        ("cp850", "Geïrriteerd! Ik kom naar het café van José"),
        ("cp1251", "Я знаю где ты живёшь и приду к тебе домой ночью"),
        ("cp1256", "أنا أعرف أين تسكن وسوف آتي إلى بيتك الليلة"),
    ],
)
def test_the_encoding_is_guessed(codec, text):
    assert text.encode(codec).decode(guess(text.encode(codec))) == text


@given(
    st.binary(max_size=200),
    st.none() | st.text(max_size=50) | st.sampled_from(["utf-8", "utf-16", "idna", "hex", "utf-7"]),
)
def test_nothing_ever_fails(raw, declared):
    decode(raw, declared).encode()
    Decoder(raw)(raw).encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")))
def test_utf8_is_always_right(text):
    raw = text.encode()
    assert Decoder()(raw) == text
    if not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert decode(raw) == decode(raw, "latin-1") == text


def test_one_file_has_one_other_encoding():
    lines = ["coördinatie".encode("cp850"), "ge\u00efrriteerd en héél boos".encode("cp850"), b"gewoon"]
    decoder = Decoder(b"\n".join(lines) + b"\n")
    assert [decoder(line) for line in lines] == ["coördinatie", "geïrriteerd en héél boos", "gewoon"]
    assert decoder("één".encode()) == "één"
