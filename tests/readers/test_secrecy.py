"""No problem, log line or warning may hold any of a message, whatever is wrong with it."""

import json
import logging
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from vptnlp.readers import read

CANARY = "kanarieZQX"
WORD = f"{CANARY} weet waar je woont"

FILES = {
    "damaged.jsonl": f'{{"text": "{WORD}\n["{WORD}"]\n"{WORD}"\n{{"text": ["{WORD}"]}}\n{{"text": {{"{WORD}": 1}}}}\n'
    f'{{"{WORD}": 1}}\n{{"id": "{WORD}"}}\n{{"text": "", "x": "{WORD}"}}\n',
    "list.json": f'[{{"text": "{WORD}}}, "{WORD}", {{"text": {WORD}}}',
    "no-header.csv": f"1;{WORD}\n2;{WORD}\n",
    "no-header-single.csv": f"{CANARY}\n{CANARY}\n",
    "no-header-comma.csv": f"3 maart,{CANARY}!\n",
    "unclosed.csv": f'id,tekst,x\n1,"{WORD},a\n2,b,c,{WORD}\n3,,{WORD}\n',
    "a.eml": f"{WORD}",
    "b.eml": f"From: a\nContent-Type: image/png; name={CANARY}.png\nSubject:\n\n{WORD}",
    "c.eml": f'From: {WORD}\nContent-Type: multipart/mixed; boundary="{CANARY}"\n\n{WORD}',
    "d.eml": f"From: a\nContent-Type: text/html; charset={CANARY}\n\n<p style='display:none'>https://{CANARY}.example</p>",
    "e.mbox": f"{WORD}\n\nFrom {CANARY}@post.example Mon Mar  3 10:12:00 2025\n{WORD}\n\n{WORD}",
    "deep.eml": "From: a\n"
    + "".join(f'Content-Type: multipart/mixed; boundary="{CANARY}{i}"\n\n--{CANARY}{i}\n' for i in range(3_000)),
    "long.txt": CANARY * 150_000,
    "binary.txt": f"{WORD}" + "\0\1\2" * 50,
    "not.xlsx": WORD,
    "not.parquet": WORD,
    "broken.parquet": f"PAR1{WORD}",
    "broken.xlsx": f"PK\x03\x04{WORD}",
    "rtf.txt": f"{{\\rtf1 {WORD}}}",
}


@pytest.fixture
def folder(file, tmp_path):
    for name, content in FILES.items():
        file(f"in/{name}", content)
    book = Workbook()
    book.active.append([WORD, 1])
    book.create_sheet("twee").append(["tekst", "x"])
    book["twee"].append([None, WORD])
    book.save(tmp_path / "in" / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "in" / "b.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", f"<{CANARY}>{WORD}")
    pq.write_table(pa.table({WORD: [WORD], "nr": [1]}), tmp_path / "in" / "a.parquet")
    pq.write_table(pa.table({"text": [[WORD]], "nr": [1]}), tmp_path / "in" / "b.parquet")
    return tmp_path / "in"


def test_no_text_gets_out(run, folder, stdin, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    stdin(f'{{"text": "{WORD}\n{{"text": 1, "x": "{WORD}"}}'.encode())
    messages, problems = run(folder, "-")
    heard = {re.split(r"[/\\]", problem.source)[-1] for problem in problems}
    assert heard >= {*FILES, "a.xlsx", "b.xlsx", "a.parquet", "b.parquet", "-"} - {"d.eml"}
    for problem in problems:
        assert CANARY not in str(problem) + repr(problem)
        assert problem.reason[0].isupper() and problem.reason.endswith(".")
    assert CANARY not in caplog.text + "".join(capfd.readouterr())
    assert CANARY not in repr([message for message in messages if CANARY not in message.id])


@pytest.mark.parametrize(
    "name", ["damaged.jsonl", "list.json", "a.eml", "deep.eml", "broken.parquet", "a.xlsx", "unclosed.csv"]
)
def test_what_the_caller_raises_carries_no_text_along(folder, name):
    def refuse(problem):
        raise RuntimeError(problem.reason)

    with pytest.raises(RuntimeError) as raised:
        list(read([folder / name], refuse))
    error = raised.value
    while error is not None:
        assert CANARY not in f"{error} {vars(error)} {error.args}"
        error = error.__context__


def test_json_keys_are_not_shown(run, file):
    _, problems = run(file("a.jsonl", [json.dumps({WORD: "x"})]))
    assert len(problems) == 1 and CANARY not in str(problems[0])
