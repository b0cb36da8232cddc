import json
import os
import socket
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vptnlp.readers import Problem, read


def test_inputs_are_read_in_the_order_given(run, file):
    paths = [
        file("b.txt", "b"),
        file("a.jsonl", ['{"text": "a1"}', '{"text": "a2"}']),
        str(file("c.csv", "tekst\nc\n")),
    ]
    messages, problems = run(*paths)
    assert [m.text for m in messages] == ["b", "a1", "a2", "c"] and not problems
    assert [m.id for m in messages] == ["b.txt", "a.jsonl#1", "a.jsonl#2", "c.csv#2"]


def test_a_single_path_will_do(file):
    path = file("b.txt", "b")
    assert [m.text for m in read(path, print)] == [m.text for m in read(str(path), print)] == ["b"]


def test_reading_is_lazy(file):
    path = file("a.jsonl", ['{"text": "een"}', "stuk", '{"text": "twee"}'])
    problems = []
    stream = read([path, "bestaat-niet"], problems.append)
    assert next(stream).text == "een" and not problems
    assert next(stream).text == "twee" and len(problems) == 1
    assert list(stream) == [] and len(problems) == 2


def test_what_the_caller_raises_comes_through_once(file):
    calls = []

    def refuse(problem: Problem) -> None:
        calls.append(problem)
        raise OSError("stop")

    with pytest.raises(OSError, match="stop"):
        list(read([file("a.jsonl", ["stuk"])], refuse))
    assert len(calls) == 1


def test_ids_are_unique(run, file):
    own = ["x", "x", None, "a.jsonl#3", "a.jsonl#6", None, "x~2", "x"]
    rows = [json.dumps({"text": "a", "id": name}) for name in own]
    path = file("a.jsonl", rows)
    messages, _ = run(path)
    assert [m.id for m in messages] == [
        "x",
        "x~2",
        "a.jsonl#3",
        "a.jsonl#3~2",
        "a.jsonl#6",
        "a.jsonl#6~2",
        "x~2~2",
        "x~3",
    ]
    ids = [m.id for m in run(path, path, file("map/a.jsonl", rows), file("b.txt", "b"), file("map/b.txt", "b"))[0]]
    assert len(set(ids)) == len(ids) == 26 and ids[-2:] == ["b.txt", "b.txt~2"]


def test_ten_thousand_equal_ids_take_no_quadratic_time(run, file):
    path = file("a.jsonl", ['{"text": "a", "id": "x"}'] * 10_000)
    start = process_time()
    messages, _ = run(path)
    assert process_time() - start < 3
    assert len({m.id for m in messages}) == 10_000 and messages[-1].id == "x~10000"


@pytest.mark.parametrize("own", ["true", "[1]", '""', '"  "', "1.5", "null"])
def test_what_is_no_id_is_not_taken_for_one(run, file, own):
    assert run(file("a.jsonl", [f'{{"text": "a", "id": {own}}}']))[0][0].id == "a.jsonl#1"


def test_a_folder_is_read_with_everything_in_it(run, file, tmp_path):
    for name in (
        "in/b.txt",
        "in/a/z.eml",
        "in/a/b.jsonl",
        "in/c.txt",
        "in/.hidden.txt",
        "in/.git/x.txt",
        "in/~$x.xlsx",
    ):
        file(name, '{"text": "x"}' if name.endswith("jsonl") else "From: a@b.example\n\nhoi")
    messages, problems = run(tmp_path / "in")
    assert [m.id for m in messages] == ["a/b.jsonl#1", "a/z.eml", "b.txt", "c.txt"] and not problems


def test_problems_in_a_folder_name_the_file(run, file, tmp_path):
    file("in/a.txt", "hallo")
    file("in/b/plaatje.jpg", b"\xff\xd8\xff\xe0" + bytes(50))
    messages, problems = run(tmp_path / "in")
    assert len(messages) == 1
    assert [str(p) for p in problems] == [f"{tmp_path}/in/b/plaatje.jpg: It is a JPEG image, not text."]


def test_a_folder_without_messages(run, file, tmp_path):
    (tmp_path / "leeg" / "ook-leeg").mkdir(parents=True)
    file("leeg/.verborgen.txt", "x")
    messages, problems = run(tmp_path / "leeg")
    assert not messages and "no messages" in problems[0].reason and problems[0].source == str(tmp_path / "leeg")


def test_links(run, file, tmp_path):
    target = file("elders/a.txt", "een")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bestand.txt").symlink_to(target)
    (folder / "map").symlink_to(target.parent)
    (folder / "lus").symlink_to(folder)
    (folder / "rond1").symlink_to("rond2")
    (folder / "rond2").symlink_to("rond1")
    (folder / "weg.txt").symlink_to("bestaat-niet")
    messages, problems = run(folder)
    assert [m.text for m in messages] == ["een"]
    assert [(Path(p.source).name, p.reason.split(";")[0]) for p in problems] == [
        ("lus", "It is a link to a folder and was not followed"),
        ("map", "It is a link to a folder and was not followed"),
        ("rond1", "The link leads back to itself"),
        ("rond2", "The link leads back to itself"),
        ("weg.txt", "The file does not exist"),
    ]
    assert [m.id for m in run(folder / "map")[0]] == ["a.txt"]
    assert "leads back" in run(folder / "rond1")[1][0].reason


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b'\n {"text": "een"}\n{"text": "twee"}\n', ["een", "twee"]),
        ('\ufeff{"text": "één"}\n'.encode(), ["één"]),
        ('{"text": "één"}\n'.encode("utf-16"), ["één"]),
        (b'{"text": "stuk\n{"text": "twee"}\n', ["twee"]),
        (b'[{"text": "een"}, {"text": "twee"}]', ["een", "twee"]),
        (b"From a@b.example Mon Mar  3 10:12:00 2025\nSubject: x\n\neen\n", ["Onderwerp: x\n\neen"]),
        (b"From: a@b.example\nMIME-Version: 1.0\nSubject: x\n\neen\n", ["Onderwerp: x\n\neen"]),
        (b"From now on I watch you.\n\nBye\n", ["From now on I watch you.\n\nBye\n"]),
        ("Ik kom één keer\n\nen nog eens".encode("cp1252"), ["Ik kom één keer\n\nen nog eens"]),
        (b"{ik kom}", ["{ik kom}"]),
        (b"a" * 200_000, ["a" * 200_000]),
    ],
)
def test_standard_input(run, stdin, content, texts):
    stdin(content)
    messages, problems = run("-")
    assert [m.text for m in messages] == texts
    assert all(m.id.startswith("stdin") for m in messages)
    assert all(p.source == "-" for p in problems) and len(problems) == content.count(b"stuk")


def test_standard_input_that_holds_nothing(run, stdin, monkeypatch):
    stdin(b"")
    assert "is empty" in run("-")[1][0].reason
    stdin(b"PAR1" + bytes(50))
    assert "standard input" in run("-")[1][0].reason
    stdin(b"PK\x03\x04" + bytes(50))
    assert "standard input" in run("-")[1][0].reason
    monkeypatch.setattr("sys.stdin", None)
    assert "closed" in run(Path("-"))[1][0].reason


def test_standard_input_may_be_a_pipe_that_is_still_open(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", buffering=0) as sender, os.fdopen(reading) as receiver:
        monkeypatch.setattr("sys.stdin", receiver)
        sender.write(b'{"text": "een"}\n{"text": "twee"}\n')
        stream = read("-", print)
        assert next(stream).text == "een"  # without waiting for the end of the pipe


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("a", '{"text": "een"}\n', ["een"]),
        ("a.txt", '{"text": "een"}\n{"text": "twee"}\n', ["een", "twee"]),
        ("a.csv", '{"text": "een"}\n', ["een"]),
        ("a.dat", "From: a@b.example\nSubject: x\n\neen", ["Onderwerp: x\n\neen"]),
        ("1741.M1.host:2,S", "Return-Path: <a@b.example>\nSubject: x\n\neen", ["Onderwerp: x\n\neen"]),
        ("a.txt", "Van: a\nOnderwerp: x\n\neen", ["Van: a\nOnderwerp: x\n\neen"]),
        ("a.txt", "From: a\nSubject: x\nDate: nu\n\neen", ["From: a\nSubject: x\nDate: nu\n\neen"]),
        ("a.md", "een", ["een"]),
        ("LIJST.CSV", "tekst\neen\n", ["een"]),
    ],
)
def test_content_decides_where_the_extension_does_not(run, file, name, content, texts):
    messages, problems = run(file(name, content))
    assert [m.text for m in messages] == texts and not problems


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.csv", b"", "is empty"),
        ("a.mbox", b"", "is empty"),
        ("a.txt", b" \r\n\t\n", "has no text"),
        ("a.jsonl", b"\n\n", "holds no messages"),
        ("a.txt", b"\xef\xbb\xbf", "has no text"),
        ("a.txt", bytes(range(32)) * 20, "binary file"),
        ("a.csv", bytes(500), "binary file"),
        ("a.jsonl", b"\x7fELF" + bytes(100), "binary file"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG image"),
        ("a.eml", b"%PDF-1.7 tekst", "a PDF document"),
        ("a.gz", b"\x1f\x8b\x08" + bytes(20), "a gzip archive"),
    ],
)
def test_files_that_hold_no_message(run, file, name, content, reason):
    path = file(name, content)
    messages, problems = run(path, file("goed.txt", "hallo"))
    assert [m.text for m in messages] == ["hallo"]
    assert len(problems) == 1 and reason in problems[0].reason and problems[0].source == str(path)


def test_files_that_are_not_there_or_are_no_files(run, file, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pijp")
    monkeypatch.chdir(tmp_path)
    server = socket.socket(socket.AF_UNIX)
    server.bind("stopcontact")
    odd = ["bestaat-niet.txt", "pijp", "stopcontact", "/dev/zero", "a\0b", "x" * 5_000, file("a.txt", "a") / "b"]
    messages, problems = run(*odd, file("goed.txt", "hallo"))
    server.close()
    assert [m.text for m in messages] == ["hallo"]
    expected = ["does not exist", "pipe", "pipe", "pipe", "cannot be a file name", "too long", "does not exist"]
    assert len(problems) == len(expected)
    assert all(part in problem.reason for part, problem in zip(expected, problems, strict=True))


def test_a_pipe_in_a_folder_does_not_block(run, file, tmp_path):
    file("in/a.txt", "hallo")
    os.mkfifo(tmp_path / "in" / "pijp.txt")
    messages, problems = run(tmp_path / "in")
    assert len(messages) == len(problems) == 1


def test_permission_denied(run, file, tmp_path, monkeypatch):
    locked = file("in/dicht.txt", "geheim")
    file("in/open.txt", "hallo")
    locked.chmod(0)
    if os.access(locked, os.R_OK):  # root may read everything
        really_open = Path.open

        def guarded(path, *args, **kwargs):
            if path == locked:
                raise PermissionError(13, "Permission denied")
            return really_open(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", guarded)
    messages, problems = run(tmp_path / "in")
    assert [m.text for m in messages] == ["hallo"]
    assert "Permission to read it was denied" in problems[0].reason


def test_a_folder_that_may_not_be_listed(run, file, tmp_path, monkeypatch):
    file("in/dicht/a.txt", "geheim")
    file("in/open.txt", "hallo")
    really_scan = os.scandir

    def guarded(path):
        if Path(path).name == "dicht":
            raise PermissionError(13, "Permission denied")
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    messages, problems = run(tmp_path / "in")
    assert [m.text for m in messages] == ["hallo"] and problems[0].source.endswith("dicht")


def test_a_disk_that_fails_halfway(run, file, monkeypatch):
    path = file("a.jsonl", ['{"text": "een"}'] * 20_000)
    really_open = Path.open

    class Failing:
        def __init__(self, raw):
            self.raw, self.calls = raw, 0

        def read(self, size):
            self.calls += 1
            if self.calls > 2:
                raise OSError(5, "Input/output error")
            return self.raw.read(size)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.raw.close()

    monkeypatch.setattr(Path, "open", lambda path, *args, **kwargs: Failing(really_open(path, *args, **kwargs)))
    messages, problems = run(path)
    assert 5_000 < len(messages) < 20_000
    assert len(problems) == 1 and "EIO" in problems[0].reason and "What comes before" in problems[0].reason


def test_names_that_cannot_be_shown(run, tmp_path):
    name = os.fsdecode(b"caf\xe9\x1b[31m.jsonl")
    (tmp_path / name).write_bytes(b'{"text": "een"}\nstuk\n')
    messages, problems = run(tmp_path / name)
    assert messages[0].id == "caf\ufffd\ufffd[31m.jsonl#1"
    assert str(problems[0]).encode().isascii() is False and "\x1b" not in str(problems[0])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["txt", "csv", "tsv", "json", "jsonl", "eml", "mbox", "xlsx", "parquet", ""]),
    st.lists(
        st.binary(max_size=30)
        | st.sampled_from(
            [b"id;tekst\n", b'"', b"\n", b"\n\n", b'{"text": "', b'"}', b"[", b"]", b"\\ud800", b"From a 1 Jan 2025 10:12\n",
             b"From: a\n", b"Subject: =?utf-8?q?=FF?=\n", b"Content-Type: text/html\n", b"<p>", b"\xff\xfe", b"PAR1"]
        ),
        max_size=12,
    ),
)  # fmt: skip
def test_whatever_the_bytes_reading_never_fails(tmp_path, suffix, pieces):
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(b"".join(pieces))
    problems = []
    messages = list(read([path], problems.append))
    assert messages or problems
    for message in messages:
        assert message.text.strip()
        json.dumps([message.id, message.text, message.quoted, dict(message.meta)], ensure_ascii=False).encode()


def test_problems_read_as_sentences():
    assert str(Problem("a.csv", 3, "It is wrong.")) == "a.csv, row 3: It is wrong."
    assert str(Problem("a.csv", None, "It is wrong.")) == "a.csv: It is wrong."
