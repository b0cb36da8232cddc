import csv

import pytest


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_the_delimiter_is_found(run, file, delimiter, suffix):
    rows = [("Nr", "Bericht", "Kanaal"), ("a1", 'Hallo, "u";\nkom|langs', "mail"), ("a2", "Dag\tu", "post")]
    quoted = "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    messages, problems = run(file(f"x.{suffix}", quoted))
    assert [(m.id, m.text, dict(m.meta)) for m in messages] == [
        ("a1", 'Hallo, "u";\nkom|langs', {"Kanaal": "mail"}),
        ("a2", "Dag\tu", {"Kanaal": "post"}),
    ]
    assert not problems


@pytest.mark.parametrize(
    "name", ["text", "Tekst", "BERICHT", "message", "body", "inhoud", "Bericht_tekst", "message-text", "omschrijving"]
)
def test_usual_names_of_the_text_column(run, file, name):
    messages, problems = run(file("x.csv", f"datum,{name}\n2025-03-03,hallo daar\n"))
    assert [m.text for m in messages] == ["hallo daar"] and not problems
    assert messages[0].id == "x.csv#2" and messages[0].meta == {"datum": "2025-03-03"}


def test_text_goes_before_message(run, file):
    messages, _ = run(file("x.csv", "message,text\na,b\n"))
    assert messages[0].text == "b" and messages[0].meta == {"message": "a"}


def test_the_caller_names_the_text_column(run, file):
    messages, _ = run(file("x.csv", "text,Klacht van burger\na,b\n"), text_column="klacht van burger")
    assert messages[0].text == "b" and messages[0].meta == {"text": "a"}


def test_without_a_text_column_the_problem_says_which_there_are(run, file):
    messages, problems = run(file("x.csv", "nr;naam;reactie burger\n1;Jan;hallo\n"))
    assert not messages
    assert "'nr', 'naam', 'reactie burger'" in problems[0].reason and problems[0].row is None


def test_a_first_row_that_may_be_a_message_is_not_shown(run, file):
    _, problems = run(file("x.csv", "1;Ik weet waar u woont, meneer\n2;Hallo\n"))
    assert "does not look like a row of column names" in problems[0].reason
    assert "woont" not in str(problems[0])


def test_a_wrong_name_for_the_text_column(run, file):
    messages, problems = run(file("x.csv", "nr,tekst\n1,hallo\n"), text_column="klacht")
    assert not messages and "named 'klacht'" in problems[0].reason and "'tekst'" in problems[0].reason


def test_one_column_without_quotes_is_not_cut_at_commas(run, file):
    messages, problems = run(file("x.csv", "tekst\nJij, ja jij; kom hier\nDag\n"))
    assert [m.text for m in messages] == ["Jij, ja jij; kom hier", "Dag"] and not problems


def test_a_last_text_cut_up_by_its_own_commas_is_put_together(run, file):
    messages, problems = run(file("x.csv", "id,tekst\n1,ik kom, en dan, dan weet je het\n"))
    assert [m.text for m in messages] == ["ik kom, en dan, dan weet je het"] and not problems


def test_too_many_cells_elsewhere_are_reported_and_read(run, file):
    messages, problems = run(file("x.csv", "tekst,kanaal\nik kom, morgen,mail\ndag,post,,\n"))
    assert [m.text for m in messages] == ["ik kom", "dag"]
    assert [p.row for p in problems] == [2] and "3 cells where 2" in problems[0].reason


def test_rows_are_numbered_as_a_spreadsheet_does(run, file):
    messages, problems = run(file("x.csv", 'tekst,kanaal\n"een\ntwee",mail\n\n  ,post\ndrie,web\n'))
    assert [(m.id, m.text) for m in messages] == [("x.csv#2", "een\ntwee"), ("x.csv#5", "drie")]
    assert [(p.row, p.reason) for p in problems] == [(4, "The row has no text and was skipped.")]


def test_a_quotation_mark_never_closed_does_not_swallow_the_rest(run, file):
    messages, problems = run(file("x.csv", 'id,tekst\n1,een\n2,"twee\n3,drie\n4,vier\n'))
    assert [(m.id, m.text) for m in messages] == [("1", "een"), ("2", '"twee'), ("3", "drie"), ("4", "vier")]
    assert [p.row for p in problems] == [3] and "never closed" in problems[0].reason


def test_a_quotation_mark_left_open_in_the_last_row(run, file):
    messages, problems = run(file("x.csv", 'id,tekst\n1,een\n2,"twee'))
    assert [m.text for m in messages] == ["een", '"twee'] and [p.row for p in problems] == [3]


def test_a_field_over_the_limit_of_the_csv_module_is_read(run, file):
    assert csv.field_size_limit() < 300_000
    messages, problems = run(file("x.csv", f"id,tekst\n1,{'a' * 300_000}\n2,dag\n"))
    assert [len(m.text) for m in messages] == [300_000, 3] and not problems
    assert csv.field_size_limit() < 300_000


def test_a_field_of_many_megabytes_is_cut_and_reported(run, file):
    messages, problems = run(file("x.csv", f'id,tekst\n1,{"a" * 17_000_000}\n2,"dag"\n'))
    assert [len(m.text) for m in messages] == [1_000_000, 3]
    assert [p.row for p in problems] == [2, 2] and "16,000,000" in problems[0].reason


def test_excels_own_line_about_the_delimiter(run, file):
    messages, problems = run(file("x.csv", "sep=;\r\nid;tekst\r\n1;a, b\r\n;c\r\n"))
    assert [(m.id, m.text) for m in messages] == [("1", "a, b"), ("x.csv#4", "c")] and not problems


def test_excel_for_mac_and_windows(run, file):
    assert [m.text for m in run(file("x.csv", b"id;tekst\r1;een\r2;h\xe9\xe9l"))[0]] == ["een", "héél"]
    assert [m.text for m in run(file("y.csv", "id;tekst\r\n1;één\r\n".encode("utf-16")))[0]] == ["één"]


def test_encodings_may_change_from_line_to_line(run, file):
    messages, problems = run(file("x.csv", b"tekst\nh\xc3\xa9l\nh\xe9l\n"))
    assert [m.text for m in messages] == ["hél", "hél"] and not problems


def test_columns_without_a_name_or_with_the_same(run, file):
    messages, _ = run(file("x.csv", "tekst,,naam,naam\nhallo,1,2,3\n"))
    assert messages[0].meta == {"column 2": "1", "naam": "2", "naam 2": "3"}


def test_carriage_returns_and_nuls_within_a_row(run, file):
    messages, problems = run(file("x.csv", b"id,tekst\r\r\n1,ik\rkom\0\r\r\n2,dag\r\r\n"))
    assert [m.text for m in messages] == ["ik kom", "dag"] and not problems


def test_column_names_alone_are_a_problem(run, file):
    assert [p.reason for p in run(file("x.csv", "id,tekst\n"))[1]] == ["It holds no messages."]
