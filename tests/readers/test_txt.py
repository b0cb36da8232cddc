import codecs

import pytest

TEXT = "Beste burgemeester,\nhet café is één puinhoop.\nGroet, Zoë"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="utf-8-bom"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(TEXT.encode("utf-32"), id="utf-32"),
        pytest.param(TEXT.encode("cp1252"), id="cp1252"),
        pytest.param(TEXT.encode("mac_roman"), id="mac"),
        pytest.param(TEXT.encode("cp850"), id="dos"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(TEXT.replace("\n", "\r").encode(), id="cr"),
        pytest.param(TEXT.replace("burge", "bur\0ge").encode(), id="nul"),
    ],
)
def test_one_file_is_one_message_in_any_encoding(run, file, raw):
    messages, problems = run(file("brief.txt", raw))
    assert [message.text for message in messages] == [TEXT]
    assert messages[0].id == "brief.txt"
    assert not messages[0].meta and not messages[0].quoted
    assert not problems


def test_a_line_of_dashes_does_not_split(run, file):
    messages, _ = run(file("a.txt", "een\n---\ntwee"))
    assert [message.text for message in messages] == ["een\n---\ntwee"]


def test_quotes_are_left_in_plain_text(run, file):
    text = "Nee.\n\nOp ma 3 mrt 2025 om 10:12 schreef Jan:\n> Komt u?\n> Morgen?"
    messages, _ = run(file("a.txt", text))
    assert (messages[0].text, messages[0].quoted) == (text, "")


def test_a_text_over_the_limit_is_cut_and_reported(run, file):
    messages, problems = run(file("lang.txt", "é" * 2_500_000))
    assert messages[0].text == "é" * 1_000_000
    assert messages[0].meta == {"truncated": True}
    assert "1,000,000 characters" in problems[0].reason and len(problems) == 1


def test_a_text_at_the_limit_is_kept_whole(run, file):
    messages, problems = run(file("lang.txt", "😡" * 1_000_000))
    assert len(messages[0].text) == 1_000_000 and not messages[0].meta and not problems
