import json
import tracemalloc
from time import process_time

import pytest

from vptnlp.readers import read

TEXT = "Bericht {}. " + "Beste gemeente, dit gaat over mijn aanvraag van vorige week; ik hoor graag van u. " * 6


def peak_of(path):
    """How many messages `path` holds, and the most memory that reading them one by one took, in bytes."""
    next(read([path], print))  # imports are not what is measured
    tracemalloc.start()
    try:
        count = sum(1 for _ in read([path], print))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write_jsonl(path, own_ids):
    with path.open("w") as file:
        for number in range(20_000):
            row = {"text": TEXT.format(number), "kanaal": "mail"} | ({"id": f"m{number}"} if own_ids else {})
            file.write(json.dumps(row) + "\n")


@pytest.mark.parametrize("own_ids", [False, True])
def test_json_lines_take_no_memory(tmp_path, own_ids):
    path = tmp_path / "x.jsonl"
    write_jsonl(path, own_ids)
    count, peak = peak_of(path)
    # Of an id that the input gives a hash is kept, in at most 24 bytes and as many again while their table grows.
    assert path.stat().st_size > 9_000_000
    assert count == 20_000 and peak < 700_000 + own_ids * 20_000 * 48


def test_a_mailbox_takes_no_memory(tmp_path):
    path = tmp_path / "x.mbox"
    with path.open("w") as file:
        for number in range(20_000):
            file.write(
                f"From a@post.example Mon Mar  3 10:12:00 2025\nFrom: a@post.example\nSubject: nr {number}\n\n"
                f"{TEXT.format(number)}\n\n"
            )
    count, peak = peak_of(path)
    assert path.stat().st_size > 9_000_000
    assert count == 20_000 and peak < 700_000


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_tables_and_lists_take_no_memory(tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    with path.open("w") as file:
        rows = (TEXT.format(number) for number in range(20_000))
        if suffix == "csv":
            file.write("tekst\n" + "".join(f'"{row}"\n' for row in rows))
        else:
            file.write("[" + ",\n".join(json.dumps({"text": row}) for row in rows) + "]")
    count, peak = peak_of(path)
    assert count == 20_000 and peak < 1_500_000


def test_fifty_thousand_short_rows_a_second(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(f'{{"text": "Beste gemeente, bericht {n}.", "kanaal": "mail"}}\n' for n in range(50_000)))

    def seconds():
        start = process_time()
        assert sum(1 for _ in read([path], print)) == 50_000
        return process_time() - start

    assert min(seconds() for _ in range(3)) < 1
