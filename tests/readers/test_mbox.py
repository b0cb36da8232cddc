import mailbox
from email.message import EmailMessage

import pytest

MAIL = "From {0}@post.example Mon Mar  3 10:12:00 2025\nFrom: {0}@post.example\nSubject: {0}\n\n{1}\n\n"


def test_mails_as_the_standard_library_writes_them(run, tmp_path):
    box = mailbox.mbox(tmp_path / "in.mbox")
    for number in range(3):
        mail = EmailMessage()
        mail["Subject"] = f"nr {number}"
        mail.set_content(f"From nu af kom ik.\n\nFrom hier: niets\n> From\nbericht {number} é")
        box.add(mail)
    box.close()
    messages, problems = run(tmp_path / "in.mbox")
    assert [m.id for m in messages] == ["in.mbox#1", "in.mbox#2", "in.mbox#3"]
    assert messages[2].text == "Onderwerp: nr 2\n\nFrom nu af kom ik.\n\nFrom hier: niets\n> From\nbericht 2 é"
    assert not problems


def test_sentences_that_begin_with_from_split_nothing(run, file):
    body = "Hi\n\nFrom now on I come\nFrom: that\n\nFrom what I know 10:12 is late\n>From ons"
    messages, problems = run(file("in.mbox", MAIL.format("a", body) + MAIL.format("b", "twee")))
    assert [m.meta["subject"] for m in messages] == ["a", "b"]
    assert messages[0].text.startswith("Onderwerp: a\n\nHi") and "\nFrom ons" in messages[0].text and not problems


def test_separators_without_a_blank_line_or_a_date(run, file):
    text = MAIL.format("a", "een").rstrip("\n") + "\n" + MAIL.format("b", "twee") + "From MAILER\nSubject: c\n\ndrie\n"
    messages, _ = run(file("in.mbox", text))
    assert [m.text for m in messages] == [
        f"Onderwerp: {s}\n\n{t}" for s, t in (("a", "een"), ("b", "twee"), ("c", "drie"))
    ]


def test_windows_line_ends_and_another_extension(run, file):
    text = (MAIL.format("a", "een") + MAIL.format("b", "twee")).replace("\n", "\r\n")
    for name in ("in.mbox", "in.eml", "in", "in.txt"):
        assert [m.id for m in run(file(name, text))[0]] == [f"{name}#1", f"{name}#2"]


def test_a_damaged_start_is_reported_and_read(run, file):
    messages, problems = run(file("in.mbox", "Subject: half\n\nstuk\n\n" + MAIL.format("b", "twee")))
    assert [m.text for m in messages] == ["Onderwerp: half\n\nstuk", "Onderwerp: b\n\ntwee"]
    assert "does not begin with a line 'From '" in problems[0].reason and len(problems) == 1


def test_damaged_mails_do_not_stop_the_rest(run, file):
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(3_000))
    empty = "From x@post.example Mon Mar  3 10:12:00 2025\nFrom: x\n\n\n"
    path = file(
        "in.mbox",
        MAIL.format("a", "een")
        + empty
        + MAIL.format("c", "drie").replace("Subject: c", deep[:-1])
        + MAIL.format("d", "vier"),
    )
    messages, problems = run(path)
    assert [m.id for m in messages] == ["in.mbox#1", "in.mbox#3", "in.mbox#4"]
    assert [p.row for p in problems] == [2, 3]


def test_a_mail_over_the_limit_is_cut(run, file, monkeypatch):
    monkeypatch.setattr("vptnlp.readers.mbox.MAIL_LIMIT", 300)
    messages, problems = run(file("in.mbox", MAIL.format("a", "regel\n" * 1_000) + MAIL.format("b", "twee")))
    assert len(messages[0].text) < 300 and messages[1].text.endswith("twee")
    assert [p.row for p in problems] == [1]


@pytest.mark.parametrize("line", ["From ", "From me", "From x 10:12"])
def test_a_box_of_next_to_nothing(run, file, line):
    messages, problems = run(file("in.mbox", line))
    assert problems and len(messages) <= 1
