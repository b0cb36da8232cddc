"""Settings from the environment and from TOML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vptnlp.errors import ConfigError
from vptnlp_service import settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("VPTNLP_"):
            monkeypatch.delenv(name)


def test_arguments_go_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vptnlp.toml"
    file.write_text('port = 1\nmax_messages = 2\nmax_characters = 3\nmodel = "a"\n', encoding="utf-8")
    monkeypatch.setenv("VPTNLP_CONFIG", str(file))
    monkeypatch.setenv("VPTNLP_PORT", "11")
    monkeypatch.setenv("VPTNLP_MAX_MESSAGES", "12")
    found = settings.load(port=111, host=None)
    assert (found.port, found.max_messages, found.max_characters, found.host) == (111, 12, 3, "127.0.0.1")
    assert settings.load(tmp_path / "vptnlp.toml").model == "a"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"port": 70_000}, "VPTNLP_PORT"),
        ({"host": "0.0.0.0"}, "vptnlp service key new"),
        ({"host": "::"}, "prove who they are"),
        ({"host": "balie.example"}, "prove who they are"),
        ({"queue_messages": 10}, "at least 'max_messages'"),
        ({"tls_key": Path("a")}, "go together"),
        ({"oidc_issuer": "https://a"}, "needs 'oidc_audience'"),
        ({"rate_limit": "vaak"}, "VPTNLP_RATE_LIMIT"),
        ({"log_level": "luid"}, "VPTNLP_LOG_LEVEL"),
        ({"onzin": 1}, "onzin"),
    ],
)
def test_faults_are_sentences(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as error:
        settings.load(**given)
    assert said in str(error.value)
    assert str(error.value).endswith(".")


def test_values_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPTNLP_PORT", "geheim")
    with pytest.raises(ConfigError) as error:
        settings.load()
    assert "geheim" not in str(error.value)
    monkeypatch.delenv("VPTNLP_PORT")
    monkeypatch.setenv("VPTNLP_ALLOWED_HOSTS", "geheim")
    with pytest.raises(ConfigError, match="written as JSON") as error:
        settings.load()
    assert "geheim" not in str(error.value)
    assert error.value.__cause__ is None


def test_unknown_variables_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPTNLP_KEY_FILE", "geheim")
    monkeypatch.setenv("vptnlp_onzin", "geheim")
    with pytest.raises(ConfigError, match="VPTNLP_KEY_FILE, vptnlp_onzin") as error:
        settings.load()
    assert "geheim" not in str(error.value)


def test_all_variables_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in settings.Settings.model_fields:
        assert f"VPTNLP_{name.upper()}" in settings._VARIABLES
    monkeypatch.setenv("vptnlp_port", "5")
    assert settings.load().port == 5


def test_faults_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("max_mesages = 5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="Did you mean 'max_messages'"):
        settings.load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        settings.load(tmp_path / "none.toml")


def test_loopback() -> None:
    assert all(map(settings.is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST")))
    assert not any(map(settings.is_loopback, ("0.0.0.0", "10.0.0.1", "", "localhost.example", "::", "[::1")))


def test_a_missing_key_file_stops_the_start(workshop: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"), workshop.client(keys_file=tmp_path / "none"):
        pytest.fail("It started.")


def test_no_swap_takes_messages_to_disk() -> None:
    service = Path(__file__).parents[2] / "service"
    unit = (service / "vptnlp.service").read_text("utf-8").splitlines()
    assert "MemorySwapMax=0" in unit
    assert "LimitNOFILE=65536" in unit
    compose = (service / "compose.yaml").read_text("utf-8")
    [memory], [both] = (re.findall(rf"^    {name}: (\w+)", compose, re.M) for name in ("mem_limit", "memswap_limit"))
    assert memory == both
