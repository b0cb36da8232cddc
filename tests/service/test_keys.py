"""The key file and its command line."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vptnlp.cli import app
from vptnlp.errors import ConfigError
from vptnlp_service import keys
from vptnlp_service.keys import KeyStore, Scope


def test_the_file_holds_no_key_and_is_its_owners_only(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = keys.add(file, "balie", [Scope.ASSESS], None)
    content = file.read_text(encoding="utf-8")
    assert key.split("_", 2)[2] not in content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    found = KeyStore(file).find(key)
    assert found is not None
    assert (found.name, found.scopes) == ("balie", (Scope.ASSESS,))
    assert found.sha256 not in repr(found)


def test_keys_end(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys.add(file, "balie", [Scope.ASSESS], 1)
    [key] = keys.read(file)
    assert key.lives()
    assert key.lives(datetime.now(UTC) + timedelta(hours=23))
    assert not key.lives(datetime.now(UTC) + timedelta(hours=25))


def test_keys_differ(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    made = {keys.add(file, "balie", [Scope.ASSESS], None) for _ in range(20)}
    assert len(made) == len({k.id for k in keys.read(file)}) == 20


def test_rotating_is_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the second of two failed, the older key would end and no newer one would be there."""
    file = tmp_path / "keys.json"
    keys.add(file, "balie", [Scope.ASSESS, Scope.DETAILS], None)
    written: list[int] = []
    write = keys._write

    def count(path: Path, content: Sequence[keys.Key]) -> None:
        written.append(len(content))
        write(path, content)

    monkeypatch.setattr(keys, "_write", count)
    new = keys.rotate(file, "balie", 30, timedelta(days=7))
    assert written == [2]
    found = KeyStore(file).find(new)
    assert found is not None
    assert found.scopes == (Scope.ASSESS, Scope.DETAILS)
    assert [key.expires is not None for key in keys.read(file)] == [True, True]


def test_faults_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="vptnlp service key new"):
        KeyStore(tmp_path / "none.json")
    damaged = tmp_path / "keys.json"
    damaged.write_text('{"keys": [{"id": "geheim"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match="damaged") as error:
        keys.read(damaged)
    assert "geheim" not in str(error.value)
    with pytest.raises(ConfigError, match="cannot be written"):
        keys.add(tmp_path / "no" / "keys.json", "a", [Scope.ASSESS], None)
    file = tmp_path / "good.json"
    keys.add(file, "a", [Scope.ASSESS], None)
    with pytest.raises(ConfigError, match="no living key"):
        keys.rotate(file, "b", None, timedelta(0))
    with pytest.raises(ConfigError, match="no key with the id"):
        keys.revoke(file, "b")


def test_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    run = CliRunner()

    def call(*words: str) -> str:
        result = run.invoke(app, ["service", "key", *words, "--file", str(file)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    key = call("new", "balie", "--scope", "assess", "--scope", "metrics", "--days", "30").strip()
    store = KeyStore(file)
    assert store.find(key) is not None
    renewed = call("rotate", "balie", "--overlap", "0").strip()
    assert store.find(key) is None
    assert store.find(renewed) is not None
    shown = call("list")
    assert "balie" in shown
    assert "assess metrics" in shown
    assert renewed.split("_", 2)[2] not in shown
    call("revoke", renewed.split("_")[1])
    assert store.find(renewed) is None


def test_an_unknown_scope_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no scope 'alles'"):
        CliRunner().invoke(
            app, ["service", "key", "new", "a", "--scope", "alles", "-f", str(tmp_path / "k")], catch_exceptions=False
        )
