from __future__ import annotations

import stat

import pytest

from vptnlp.doxing.redaction_key import Key, new_key
from vptnlp.errors import ConfigError, InputError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "key.jsonl"
    with new_key(path) as key:
        key.add(
            "a",
            {"text": [("[NAAM-1]", "Zoë"), ("[NAAM-1]", "ZOË")], "quoted": [], "meta": [("[EMAIL-1]", "z@x.example")]},
        )
        key.add("b", {"text": []})
        key.add("c", {"text": [("[NAAM-1]", "zoë"), ("[ADRES-1]", "Lindelaan 4")]})
    return path


def test_only_the_owner_can_read_a_key(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_written_over(path):
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="exists already"), new_key(path):
        pass
    assert path.read_bytes() == before


def test_a_link_is_not_followed(path, tmp_path):
    link = tmp_path / "link.jsonl"
    link.symlink_to(tmp_path / "nowhere.jsonl")
    with pytest.raises(ConfigError, match="exists already"), new_key(link):
        pass


def test_a_run_that_fails_at_once_leaves_no_key(tmp_path):
    with pytest.raises(RuntimeError), new_key(tmp_path / "k"):
        raise RuntimeError
    assert not (tmp_path / "k").exists()
    with pytest.raises(RuntimeError), new_key(tmp_path / "k") as key:
        key.add("a", {"text": [("[NAAM-1]", "Jan")]})
        raise RuntimeError
    assert (tmp_path / "k").exists()


def test_a_key_that_cannot_be_written(tmp_path):
    with pytest.raises(ConfigError, match="cannot be written"), new_key(tmp_path / "no" / "k"):
        pass


def test_a_message_gets_its_own_spellings(path):
    key = Key(path)
    assert key.restore("c", "text", "[NAAM-1] op [ADRES-1]") == "zoë op Lindelaan 4"
    assert key.restore("a", "text", "[NAAM-1] [NAAM-1]") == "Zoë ZOË"
    assert key.restore("a", "meta", "[EMAIL-1]") == "z@x.example"
    assert key.restore("b", "text", "niets, [NAAM-9]") == "niets, [NAAM-9]"


def test_a_file_that_holds_all_texts_gets_all_spellings_in_order(path):
    text = "[NAAM-1] [NAAM-1]\n\n\n\n[NAAM-1] [ADRES-1] [EMAIL-1]"
    assert Key(path).restore("alles.txt", "text", text) == "Zoë ZOË\n\n\n\nzoë Lindelaan 4 z@x.example"


def test_a_quotation_from_another_message_comes_back_too(path):
    assert Key(path).restore("a", "text", "[NAAM-1] zie [ADRES-1]") == "Zoë zie Lindelaan 4"


@pytest.mark.parametrize("line", ["{", "[]", '{"text": []}', '{"id": "a", "text": 3}', '{"id": "a", "text": [["x"]]}'])
def test_a_file_that_is_no_key_is_named_with_its_line(tmp_path, line):
    (tmp_path / "k").write_text('{"id": "a"}\n' + line + "\n")
    with pytest.raises(InputError, match="Line 2 of the file"):
        Key(tmp_path / "k")


def test_a_key_that_is_missing_or_binary(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        Key(tmp_path / "k")
    (tmp_path / "k").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no key file"):
        Key(tmp_path / "k")
