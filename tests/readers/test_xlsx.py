import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(70_000) + "Workbook".encode("utf-16-le") + bytes(500)
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(65_510) + "__substg1.0_1000".encode("utf-16-le") + bytes(500)


@pytest.fixture
def workbook(tmp_path):
    def save(*sheets, name="x.xlsx"):
        book = Workbook()
        book.remove(book.active)
        for position, rows in enumerate(sheets, 1):
            sheet = book.create_sheet(f"Blad{position}")
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def test_rows_with_their_other_columns(run, workbook):
    path = workbook(
        [
            [None, None],
            ["Nr", "Bericht", "Datum", None, "Bedrag"],
            [1, "een\nregel", datetime(2025, 3, 3, 10, 12), "x", 1.5],
            [None, "twee_x000D_\nregels", date(2025, 3, 4), None, None],
            [],
            [3, "   "],
            [4, 12],
            [5, None, None],
        ]
    )
    messages, problems = run(path)
    assert [(m.id, m.text) for m in messages] == [("1", "een\nregel"), ("x.xlsx#4", "twee\nregels")]
    assert messages[0].meta == {"Datum": "2025-03-03T10:12:00", "column 4": "x", "Bedrag": 1.5}
    assert [p.row for p in problems] == [6, 7, 8]
    assert "a number" in problems[1].reason


def test_every_sheet_with_a_text_column(run, workbook):
    path = workbook([["tekst"], ["een"]], [["tekst"], ["twee"]], [["plaats", "aantal"], ["Utrecht", 3]], [])
    messages, problems = run(path)
    assert [(m.id, m.text) for m in messages] == [("x.xlsx#2", "een"), ("x.xlsx#Blad2#2", "twee")]
    assert len(problems) == 1 and "worksheet 'Blad3'" in problems[0].reason and "'plaats'" in problems[0].reason


def test_more_rows_than_a_batch(run, workbook):
    messages, problems = run(workbook([["id", "tekst"], *([f"r{i}", f"bericht {i}"] for i in range(1_200))]))
    assert [m.id for m in messages] == [f"r{i}" for i in range(1_200)] and not problems


def test_the_text_column_is_named_or_missing(run, workbook):
    path = workbook([["nr", "reactie"], [1, "hallo"]])
    assert "'nr', 'reactie'" in run(path)[1][0].reason
    assert [m.text for m in run(path, text_column="Reactie")[0]] == ["hallo"]


def test_a_workbook_with_another_extension(run, workbook):
    assert [m.text for m in run(workbook([["tekst"], ["een"]], name="x.csv"))[0]] == ["een"]


def test_a_stated_size_that_is_wrong(run, workbook, file):
    path = workbook([["id", "tekst"], ["a", "een"], ["b", "twee"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b'ref="A1:B3"' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'ref="A1:B3"', b'ref="A1"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert [m.text for m in run(path)[0]] == ["een", "twee"]


def test_rows_before_the_damage_are_read(run, workbook):
    path = workbook([["id", "tekst"], ["a", "een"], ["b", "twee"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet][: parts[sheet].index(b'<row r="3"') + 12]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    messages, problems = run(path)
    assert [m.text for m in messages] == ["een"] and "damaged" in problems[0].reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.xlsx", b"id,tekst\n1,hallo\n", "not an Excel workbook"),
        ("x.xlsx", ENCRYPTED, "password"),
        ("x.csv", ENCRYPTED, "password"),
        ("x.xls", OLD, "old .xls kind"),
        ("x.msg", OUTLOOK, "Outlook .msg"),
        ("x.doc", OLD[:8] + bytes(3000), "old Office"),
        ("x.xlsx", b"PK\x03\x04" + bytes(300), "damaged Excel workbook"),
    ],
)
def test_what_is_no_workbook(run, file, name, content, reason):
    messages, problems = run(file(name, content))
    assert not messages and [p.row for p in problems] == [None] and reason in problems[0].reason


def test_an_archive_with_other_things_or_a_hollow_workbook(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "office document" in run(tmp_path / "a.docx")[1][0].reason
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "damaged Excel workbook" in run(tmp_path / "b.xlsx")[1][0].reason


def test_a_workbook_that_unpacks_without_end(run, workbook, monkeypatch):
    monkeypatch.setattr("vptnlp.readers.xlsx._UNPACKED_LIMIT", 1_000)
    assert "unpacks to more than" in run(workbook([["tekst"], ["een"]]))[1][0].reason
