import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.readers import read

# Surrogates, NULs and blank texts are not kept as they are; that is tested by itself.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    lambda text: text.strip().strip("\ufeff").strip()
)


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=5), st.booleans())
def test_any_text_survives_json_lines_and_lists(texts, ascii_only):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        rows = [json.dumps({"text": text}, ensure_ascii=ascii_only) for text in texts]
        for name, content in (("a.jsonl", "\n".join(rows)), ("a.json", "[" + ",".join(rows) + "]")):
            path = Path(folder, name)
            path.write_bytes(content.encode())
            assert [m.text for m in read([path], problems.append)] == texts
    assert not problems


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson"])
def test_lines(run, file, name):
    rows = [
        '{"text": "een", "id": "a", "kanaal": "mail", "n": [1, {"x": null}]}',
        "",
        '{"id": 7, "text": "twee"}',
        '{"text": "drie"}',
    ]
    messages, problems = run(file(name, rows))
    assert [(m.id, m.text) for m in messages] == [("a", "een"), ("7", "twee"), (f"{name}#4", "drie")]
    assert messages[0].meta == {"kanaal": "mail", "n": [1, {"x": None}]} and not problems


def test_bad_lines_are_reported_and_the_rest_is_read(run, file):
    path = file(
        "x.jsonl",
        [
            '{"text": "een"}',
            '{"text": "stuk',
            "[1, 2]",
            "null",
            '{"text": 12}',
            '{"text": null}',
            '{"text": "  \\n "}',
            '{"id": "zonder"}',
            '{"text": ["a"]}',
            "[" * 100_000,
            '{"text": "a", "n": ' + "9" * 5000 + "}",
            '{"text": true}',
            '{"text": "\\u0000"}',
            '{"text": "slot", "score": NaN}',
        ],
    )
    messages, problems = run(path)
    assert [(m.id, m.text) for m in messages] == [("x.jsonl#1", "een"), ("x.jsonl#14", "slot")]
    assert messages[1].meta == {"score": None}
    assert [p.row for p in problems] == list(range(2, 14))
    reasons = [p.reason for p in problems]
    assert "damaged JSON" in reasons[0]
    assert all("no JSON object" in reason for reason in reasons[1:3])
    assert "a number" in reasons[3] and "a list" in reasons[7] and "true or false" in reasons[10]
    assert all("no text" in reason for reason in [*reasons[4:7], reasons[11]])
    assert all("nested too deeply" in reason for reason in reasons[8:10])
    assert str(problems[0]) == f"{path}, row 2: {reasons[0]}"


def test_half_surrogates_and_nuls_become_harmless_everywhere(run, file):
    row = r'{"text": "a\ud800b\u0000c \ud83d\ude00", "id": "x\udfff", "n": {"k\ud800": ["\udc00", 1]}}'
    messages, problems = run(file("x.jsonl", [row]))
    assert messages[0].text == "a\ufffdbc 😀" and messages[0].id == "x\ufffd"
    assert messages[0].meta == {"n": {"k\ufffd": ["\ufffd", 1]}} and not problems


def test_line_ends_within_a_text_stay_as_received(run, file):
    messages, _ = run(file("x.jsonl", ['{"text": "a\\r\\nb"}']))
    assert messages[0].text == "a\r\nb"


@pytest.mark.parametrize(
    "raw",
    [
        '{"text": "één"}\r\n{"text": "twee"}\r\n'.encode("utf-8-sig"),
        '{"text": "één"}\n{"text": "twee"}'.encode("utf-16"),
        '{"text": "één"}\n{"text": "twee"}'.encode("cp1252"),
    ],
)
def test_encodings(run, file, raw):
    messages, problems = run(file("x.jsonl", raw))
    assert [m.text for m in messages] == ["één", "twee"] and not problems


def test_a_line_of_ten_megabytes(run, file):
    messages, problems = run(file("x.jsonl", ['{"text": "' + "a" * 10_000_000 + '"}', '{"text": "dag"}']))
    assert [len(m.text) for m in messages] == [1_000_000, 3]
    assert messages[0].meta == {"truncated": True} and [p.row for p in problems] == [1]


def test_a_line_without_end_is_skipped(run, file, monkeypatch):
    monkeypatch.setattr("vptnlp.readers.sources.LINE_LIMIT", 1000)
    messages, problems = run(file("x.jsonl", ['{"text": "' + "a" * 5000 + '"}', '{"text": "dag"}']))
    assert [m.id for m in messages] == ["x.jsonl#2"] and [p.row for p in problems] == [1]


def test_keys_other_than_text(run, file):
    path = file("x.jsonl", ['{"bericht": "een", "nr": 3}', '{"klacht": "twee", "text": "x"}'])
    assert [(m.id, m.text) for m in run(path)[0]] == [("3", "een"), ("x.jsonl#2", "x")]
    messages, problems = run(path, text_column="klacht")
    assert [m.text for m in messages] == ["twee"] and [p.row for p in problems] == [1]


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_of_objects(run, file, name, indent):
    rows = [{"text": 'een "[{,"', "id": "a"}, {"text": "twee\\", "kanaal": {"x": [1, 2]}}]
    messages, problems = run(file(name, "\n " + json.dumps(rows, indent=indent) + "\n"))
    assert [(m.id, m.text) for m in messages] == [("a", 'een "[{,"'), (f"{name}#2", "twee\\")]
    assert messages[1].meta == {"kanaal": {"x": [1, 2]}} and not problems


def test_lines_named_json(run, file):
    messages, problems = run(file("x.json", ['{"text": "een"}', '{"text": "stuk', '{"text": "twee"}']))
    assert [m.text for m in messages] == ["een", "twee"] and [p.row for p in problems] == [2]


def test_pretty_printed_objects_one_after_the_other(run, file):
    text = json.dumps({"text": "een"}, indent=1) + "\n" + json.dumps({"text": "twee"}, indent=1)
    assert [m.text for m in run(file("x.json", text))[0]] == ["een", "twee"]


def test_bad_items_of_a_list(run, file):
    messages, problems = run(
        file("x.json", '[{"text": "een"}, 3, {"text": stuk}, "los", {"text": "twee"], {"text": "drie"}]')
    )
    assert [(m.id, m.text) for m in messages] == [("x.json#1", "een"), ("x.json#6", "drie")]
    assert [p.row for p in problems] == [2, 3, 4, 5]


def test_a_list_that_is_cut_off(run, file):
    messages, problems = run(file("x.json", '[{"text": "een"}, {"text": "tw'))
    assert [m.text for m in messages] == ["een"]
    assert [p.row for p in problems] == [2, None] and "cut off" in problems[1].reason


def test_items_fall_across_blocks(run, file):
    rows = [{"text": f'{i} \\ " ' + "x" * (i % 97)} for i in range(3000)]
    rows += [{"text": "x" * i + '"' * 100_000} for i in (1, 2)]
    messages, problems = run(file("x.json", json.dumps(rows)))
    assert [m.text for m in messages] == [row["text"] for row in rows] and not problems


def test_an_item_without_end_is_skipped(run, file, monkeypatch):
    monkeypatch.setattr("vptnlp.readers.json_list.LINE_LIMIT", 100_000)
    messages, problems = run(file("x.json", json.dumps([{"text": "a" * 500_000}, {"text": "dag"}])))
    assert [m.id for m in messages] == ["x.json#2"] and [p.row for p in problems] == [1]


def test_an_empty_list_is_a_problem(run, file):
    assert [p.reason for p in run(file("x.json", "[]"))[1]] == ["It holds no messages."]
