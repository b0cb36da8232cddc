import base64
from email.message import EmailMessage, MIMEPart
from time import process_time

import pytest

from vptnlp.readers.mail import mail_record


def compose(text="Ik kom morgen langs.", subject="Mijn aanvraag", **headers):
    mail = EmailMessage()
    mail["From"] = "Zoë de Vries <zoe@post.example>"
    mail["To"] = "loket@gemeente.example"
    mail["Date"] = "Mon, 03 Mar 2025 10:12:00 +0100"
    mail["Message-ID"] = "<1@post.example>"
    if subject:
        mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text is not None:
        mail.set_content(text)
    return mail


def raw(*lines):
    return "\r\n".join(lines).encode()


def test_subject_body_and_headers(run, file):
    messages, problems = run(file("a.eml", bytes(compose("Ik kom mórgen.\n\nJan", "Één vraag"))))
    assert [(m.id, m.text, m.quoted) for m in messages] == [
        ("a.eml", "Onderwerp: Één vraag\n\nIk kom mórgen.\n\nJan", "")
    ]
    assert messages[0].meta == {
        "from": "Zoë de Vries <zoe@post.example>",
        "to": "loket@gemeente.example",
        "date": "2025-03-03T10:12:00+01:00",
        "subject": "Één vraag",
        "message-id": "<1@post.example>",
    }
    assert not problems


def received(time, by="mx.gemeente.example"):
    return f"Received: from a.example (a.example [192.0.2.1])\r\n\tby {by} with ESMTP id 1; {time}"


SENT = "Date: Sun, 06 Mar 2095 09:00:00 +0100"


@pytest.mark.parametrize(
    ("headers", "date"),
    [
        ([received("Mon, 3 Mar 2025 10:12:00 +0100 (CET)")], "2025-03-03T10:12:00+01:00"),
        ([received("Mon, 3 Mar 2025 10:12:00 -0000")], "2025-03-03T10:12:00+00:00"),
        # The sender can forge what stands below the header of the last server, earlier or later.
        (
            [
                received("Mon, 3 Mar 2025 10:12:00 +0100"),
                received("Wed, 5 Mar 2025 10:12:00 +0100"),
                received("Sat, 1 Mar 2025 10:12:00 +0100"),
            ],
            "2025-03-03T10:12:00+01:00",
        ),
        # What cannot be is passed over.
        (
            [
                received("Fri, 4 Mar 2095 10:12:00 +0100"),
                received("Thu, 1 Jan 1970 00:00:00 +0000"),
                received("gisteren"),
                "Received: zomaar",
                received("Mon, 3 Mar 2025 10:12:00 +0100"),
            ],
            "2025-03-03T10:12:00+01:00",
        ),
        ([received("gisteren")], "2095-03-06T09:00:00+01:00"),
        ([], "2095-03-06T09:00:00+01:00"),
    ],
)
def test_the_date_is_that_of_the_last_server_and_else_the_senders(run, file, headers, date):
    mail = raw(*headers, "From: a@b.example", SENT, "", "Hoi")
    assert run(file("a.eml", mail))[0][0].meta["date"] == date


def test_a_mail_without_date_has_that_of_the_server(run, file):
    mail = raw(received("Mon, 3 Mar 2025 10:12:00 +0100"), "From: a@b.example", "", "Hoi")
    assert run(file("a.eml", mail))[0][0].meta["date"] == "2025-03-03T10:12:00+01:00"


def test_without_subject_there_is_no_subject_line(run, file):
    assert run(file("a.eml", bytes(compose(subject=""))))[0][0].text == "Ik kom morgen langs."
    assert run(file("a.eml", raw("From: a@b.example", "Subject:   ", "", "Hoi")))[0][0].text == "Hoi"


def test_a_subject_alone_is_a_message(run, file):
    messages, problems = run(file("a.eml", bytes(compose("\n", "IK WEET JE TE VINDEN"))))
    assert messages[0].text == "Onderwerp: IK WEET JE TE VINDEN" and not problems


def test_the_reply_chain_goes_to_quoted(run, file):
    body = "Nee.\n\nOp 03-03-2025 om 10:12 schreef Loket:\n> Komt u?\n> Morgen?\n"
    message = run(file("a.eml", bytes(compose(body, "Re: x"))))[0][0]
    assert message.text == "Onderwerp: Re: x\n\nNee."
    assert message.quoted == "Op 03-03-2025 om 10:12 schreef Loket:\n> Komt u?\n> Morgen?"


def test_plain_text_goes_before_html(run, file):
    mail = compose("platte tekst")
    mail.add_alternative("<p>opgemaakte tekst</p>", subtype="html")
    assert run(file("a.eml", bytes(mail)))[0][0].text == "Onderwerp: Mijn aanvraag\n\nplatte tekst"


def test_html_where_plain_text_is_missing_or_blank(run, file):
    for text in (None, " \n"):
        mail = compose(text)
        if text is None:
            mail.set_content("<p>Eén</p><blockquote>oud</blockquote>", subtype="html")
        else:
            mail.add_alternative("<p>Eén</p><blockquote>oud</blockquote>", subtype="html")
        message = run(file("a.eml", bytes(mail)))[0][0]
        assert message.text == "Onderwerp: Mijn aanvraag\n\nEén" and message.quoted == "> oud"


def test_html_within_related_and_alternative(run, file):
    mail = compose(" ")
    mail.add_alternative("<p>hallo <img src=cid:a></p>", subtype="html")
    mail.get_payload()[1].add_related(b"\x89PNG", "image", "png", filename="logo.png")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="brief é.pdf")
    message = run(file("a.eml", bytes(mail)))[0][0]
    assert message.text.endswith("\n\nhallo")
    assert message.meta["attachments"] == ["logo.png", "brief é.pdf"]


def test_text_attachments_are_named_and_not_read(run, file):
    mail = compose()
    mail.add_attachment("geheim", filename="notitie.txt")
    message = run(file("a.eml", bytes(mail)))[0][0]
    assert "geheim" not in message.text + message.quoted and message.meta["attachments"] == ["notitie.txt"]


def test_a_name_of_an_attachment_in_broken_bytes(run, file):
    lines = [b"From: a@b.example", b'Content-Type: multipart/mixed; boundary="x"', b"", b"--x", b"", b"hoi", b"--x",
             b"Content-Type: image/png; name=\"caf\xe9 =?utf-8?q?=FF?=.png\"", b"", b"x", b"--x--"]  # fmt: skip
    message = run(file("a.eml", b"\n".join(lines)))[0][0]
    assert message.meta["attachments"] == ["caf\ufffd ÿ.png"]


def test_several_text_parts_belong_together(run, file):
    mail = compose("deel een")
    mail.make_mixed()
    part = MIMEPart()
    part.set_content("deel twee")
    mail.attach(part)
    assert run(file("a.eml", bytes(mail)))[0][0].text.endswith("deel een\n\ndeel twee")


def test_a_forwarded_mail(run, file):
    inner = compose("IK MAAK JE AF", "dreig")
    long = (
        "Dit kreeg ik vanochtend binnen en ik wil heel graag van jullie weten wat wij hier nu als team mee moeten doen."
    )
    for own, kept in ((long, False), ("fyi", True), ("", True)):
        mail = compose(own, "Fwd: dreig")
        mail.add_attachment(inner)
        message = run(file("a.eml", bytes(mail)))[0][0]
        assert ("IK MAAK JE AF" in message.text) is kept
        assert ("IK MAAK JE AF" in message.quoted) is not kept
        assert "Van: Zoë de Vries" in (message.text if kept else message.quoted)


def test_a_forwarded_mail_that_is_encoded(run, file):
    inner = base64.encodebytes(b"Subject: dreig\n\nIK MAAK JE AF").decode()
    lines = ["From: a@b.example", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", inner]
    text = run(file("a.eml", raw(*lines)))[0][0].text
    assert "Onderwerp: dreig" in text and "IK MAAK JE AF" in text


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"=?utf-8?B?RcOpbiB2cmFhZw==?=", "Eén vraag"),
        (b"=?iso-8859-1?Q?E=E9n_vraag?= =?iso-8859-1?Q?je?=", "Eén vraagje"),
        (b"=?utf-8?Q?caf=C3?=\r\n =?utf-8?Q?=A9?=", "café"),
        (b"=?x-onbekend?Q?E=E9n?=", "Eén"),
        (b"=?utf-8?Q?E=E9n?=", "Eén"),
        (b"=?utf-8?B?%%%?=", "=?utf-8?B?%%%?="),
        ("Eén".encode(), "Eén"),
        ("Eén €".encode("cp1252"), "Eén €"),
        (b"lang\r\n en breed", "lang en breed"),
        (b"voor =?utf-8?Q?=C3=A9?= na", "voor é na"),
        (b"half \\ud800 =?utf-8?Q?=C3=A9?=", "half \ufffd é"),
    ],
)
def test_encoded_headers(run, file, header, text):
    message = run(file("a.eml", b"From: a@b.example\r\nSubject: " + header + b"\r\n\r\nhoi"))[0][0]
    assert message.meta["subject"] == text


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "héél €".encode()),
        ("utf-8", "héél €".encode("cp1252")),
        ("iso-8859-1", "héél €".encode("cp1252")),
        ("us-ascii", "héél €".encode("cp1252")),
        ("iso-8859-1", "héél €".encode()),
        ("iso-8859-15", "héél €".encode("iso-8859-15")),
        ("x-bestaat-niet", "héél €".encode()),
        ("unicode_escape", "héél €".encode()),
        ("utf-16", "héél €".encode("utf-16")),
        (None, "héél €".encode("cp1252")),
        (None, "héél €".encode()),
    ],
)
def test_charsets_that_are_missing_wrong_or_unknown(run, file, charset, body):
    kind = f"Content-Type: text/plain; charset={charset}\n" if charset else ""
    head = f"From: a@b.example\n{kind}Content-Transfer-Encoding: base64\n\n".encode()
    messages, problems = run(file("a.eml", head + base64.encodebytes(body)))
    assert messages[0].text == "héél €" and not problems


def test_html_states_its_own_charset(run, file):
    body = b'<html><meta charset="windows-1251"><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>'
    assert run(file("a.eml", b"From: a@b.example\nContent-Type: text/html\n\n" + body))[0][0].text == "Привет"


def test_a_damaged_part_is_reported_and_the_rest_is_read(run, file):
    lines = ["From: a@b.example", 'Content-Type: multipart/mixed; boundary="x"', "", "--x", "", "een", "--x",
             "Content-Transfer-Encoding: base64", "", "aGFsbG8gZGFhcg=", "--x", "", "drie"]  # fmt: skip
    messages, problems = run(file("a.eml", raw(*lines)))
    assert messages[0].text == "een\n\nhallo daar\n\ndrie"
    assert len(problems) == 1 and "damaged or cut off" in problems[0].reason


def test_mails_without_text(run, file):
    mail = compose(None, "")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="ik weet waar je woont.png")
    messages, problems = run(file("a.eml", bytes(mail)))
    assert not messages and "only attachments" in problems[0].reason and "woont" not in str(problems[0])
    secret = raw("From: a@b.example", "Content-Type: application/pkcs7-mime; name=smime.p7m", "", "x")
    assert "it is encrypted" in run(file("b.eml", secret))[1][0].reason
    assert "no text" in run(file("c.eml", raw("From: a@b.example", "", "  ")))[1][0].reason


def test_a_file_without_headers_is_read_as_text(run, file):
    messages, problems = run(file("a.eml", "Ik kom langs\r\nmorgen".encode("cp1252")))
    assert messages[0].text == "Ik kom langs\nmorgen" and "no mail headers" in problems[0].reason


def test_parts_nested_too_deep(run, file):
    def nested(depth):
        parts = "".join(f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(depth))
        return f"From: a@b.example\nSubject: diep\n{parts}\nbodem".encode()

    messages, problems = run(file("a.eml", nested(100)))
    assert messages[0].text == "Onderwerp: diep" and any("nested" in p.reason for p in problems)
    messages, problems = run(file("b.eml", nested(5_000)))
    assert "bodem" not in messages[0].text and "only its start" in problems[0].reason
    messages, problems = run(file("c.eml", nested(2_000)))
    assert messages[0].text.endswith("bodem") and "too damaged" in problems[0].reason


def test_a_mail_over_the_limit_is_cut(run, file, monkeypatch):
    monkeypatch.setattr("vptnlp.readers.mail.MAIL_LIMIT", 500)
    messages, problems = run(file("a.eml", bytes(compose("a" * 5_000))))
    assert len(messages) == 1 and len(messages[0].text) < 500 and "larger than" in problems[0].reason


def test_many_boundaries_in_a_long_mail_cost_its_end(monkeypatch):
    monkeypatch.setattr("vptnlp.readers.mail._PARSING_LIMIT", 1_000)
    monkeypatch.setattr("vptnlp.readers.mail._NESTED_LIMIT", 300)
    notes = []
    record = mail_record(
        raw("From: a@b.example", "X: boundary=", "", *["regel"] * 2_000), None, lambda *note: notes.append(note)
    )
    assert len(record.text) < 300 and len(notes) == 1


@pytest.mark.parametrize(
    "header",
    [
        "Content-Type: " + '"' * 80_000,
        "Content-Type: text/plain" + "(" * 80_000,
        "Content-Type: text/plain" + "; a=" * 20_000,
        "Subject: " + "=?utf-8?q?" * 8_000,
        "Date: " + "(" * 80_000,
        "From: " + "<" * 80_000,
        "Content-Type: text/plain; charset=" + "x" * 80_000,
        "Content-Type: text/plain; charset=a\0b",
    ],
)
def test_forged_headers_cost_no_time_and_no_text(run, file, header):
    path = file("a.eml", raw("From: a@b.example", header, "", "hallo"))
    start = process_time()
    assert run(path)[0][0].text.endswith("hallo")
    assert process_time() - start < 2
