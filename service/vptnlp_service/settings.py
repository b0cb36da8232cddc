"""Settings of the service, from the environment (`VPTNLP_*`) or a TOML file.

The environment wins over the file. The file is the one that `VPTNLP_CONFIG` or `vptnlp serve --config` names; its keys are
the names below. Settings hold no secrets: keys stand in a file of their own, hashed.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Self

import pydantic
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from vptnlp import bundle, config
from vptnlp.errors import ConfigError

PREFIX = "VPTNLP_"

_Count = Annotated[int, pydantic.Field(ge=1)]
_Seconds = Annotated[float, pydantic.Field(gt=0, le=3600)]


class Settings(BaseSettings):
    """Everything an operator can choose.

    Attributes:
        model: A bundle folder, or the name of a shipped bundle.
        rules: A TOML file of your own rules of urgency.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        tls_certificate: PEM file with the certificate chain, where the service itself speaks TLS.
        tls_key: PEM file with its private key.
        allowed_hosts: Names that a `Host` header may have beside loopback while authentication is off.
        keys_file: File with hashed API keys (`vptnlp service key`); setting it turns authentication on.
        oidc_issuer: Issuer whose access tokens are taken; setting it turns authentication on.
        oidc_audience: What the tokens must be made out to.
        oidc_jwks_url: Where the issuer's keys are; found through the issuer's discovery document when left out.
        oidc_scope_prefix: What stands before our scopes in a token, such as ``vptnlp:``.
        rate_limit: Requests a caller may make, such as ``600/minute``; empty for no limit.
        max_messages: Messages in one request.
        max_characters: Characters in one message.
        max_body: Bytes in the body of one request; also how much of a stream waits in memory.
        max_bodies: Bytes of all bodies in memory together.
        max_upload: Bytes of a file that is dropped on the desk.
        max_requests: Requests in hand at once; connections may be four times as many.
        queue_messages: Messages that may wait for the model.
        queue_seconds: Seconds that a request may have to wait for the work before it, a large one as long as it takes itself;
            it is refused when it would be longer.
        batch_messages: Messages that go through the model together, and that are taken together from a stream.
        batch_characters: Characters that go through the model together (of a stream: bytes that are taken together); one message
            may be longer.
        batch_wait: Seconds to wait for company when the queue is short.
        time_limit: Seconds from the queue to the answer; also for a client to read it.
        head_seconds: Seconds in which the head of a request must arrive.
        body_seconds: Seconds in which a body must arrive; in a stream, the longest silence.
        log_level: Least level of what is logged.
        tracing: Send OpenTelemetry traces, as the `OTEL_*` variables say.
        contact_name: Who runs this service, for the API description.
        contact_email: Their address.
        contact_url: Their page.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    model: str = bundle.DEFAULT
    rules: Path | None = None

    host: str = "127.0.0.1"
    port: Annotated[int, pydantic.Field(ge=0, le=65535)] = 8000
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    allowed_hosts: list[str] = []

    keys_file: Path | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = None
    oidc_scope_prefix: str = ""
    rate_limit: str = "600/minute"

    max_messages: _Count = 256
    max_characters: _Count = 100_000
    max_body: _Count = 8_000_000
    max_bodies: _Count = 64_000_000
    max_upload: _Count = 32_000_000
    max_requests: _Count = 256

    queue_messages: _Count = 512
    queue_seconds: _Seconds = 2.0
    batch_messages: _Count = 64
    batch_characters: _Count = 16_000
    batch_wait: Annotated[float, pydantic.Field(ge=0, le=1)] = 0.002
    time_limit: _Seconds = 30.0
    head_seconds: _Seconds = 10.0
    body_seconds: _Seconds = 20.0

    log_level: Annotated[str, pydantic.Field(pattern="^(debug|info|warning|error)$")] = "info"
    tracing: bool = False

    contact_name: str = "The vptnlp developers"
    contact_email: str | None = None
    contact_url: str = "https://github.com/vptnlp/vptnlp/issues"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First what the caller says, then the environment, then the file that the model's configuration names."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @pydantic.field_validator("rate_limit")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value:
            from limits import parse

            parse(value)
        return value

    @pydantic.model_validator(mode="after")
    def _together(self) -> Self:
        if self.queue_messages < self.max_messages:
            raise ValueError("'queue_messages' must be at least 'max_messages', or the largest request never fits")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("'tls_certificate' and 'tls_key' go together")
        if self.oidc_issuer is not None and self.oidc_audience is None:
            raise ValueError("'oidc_issuer' needs 'oidc_audience', or tokens made for others would be taken")
        if not self.authenticates and not is_loopback(self.host):
            raise ValueError(
                f"others can reach the address '{self.host}', so callers must prove who they are: make a key with "
                "'vptnlp service key new NAME' and set 'keys_file', or set 'oidc_issuer'"
            )
        return self

    @property
    def authenticates(self) -> bool:
        """Whether callers must prove who they are."""
        return self.keys_file is not None or self.oidc_issuer is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address; a name other than ``localhost`` is not trusted to be so."""
    try:
        return ipaddress.ip_address(host[1:-1] if host.startswith("[") and host.endswith("]") else host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def load(file: Path | None = None, **given: Any) -> Settings:
    """Gather the settings.

    Args:
        file: A TOML file; the one that `VPTNLP_CONFIG` names when left out.
        given: Settings that go before all others; None means not given.

    Raises:
        ConfigError: The file is missing or no TOML, or a setting is unknown or wrong; every fault is named, no value is.
    """
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in _VARIABLES)
    if unknown:
        raise ConfigError(
            f"The environment has no such setting as {', '.join(unknown)}. Correct or remove it; the settings are in "
            "service/README.md."
        )
    named = os.environ.get(PREFIX + "CONFIG")
    path = file or (Path(named) if named else None)
    if path is not None:
        # Unknown keys get their "did you mean" here; what the keys mean together is judged below, with the environment.
        config.read_toml(path, _FILE)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return FromFile(**{key: value for key, value in given.items() if value is not None})
    except pydantic.ValidationError as error:
        faults = [_fault(fault["loc"], fault["msg"]) for fault in error.errors(include_input=False)]
    except ValueError:
        # A list or number in the environment that cannot be read; the library's own words would show it.
        faults = [f'A variable {PREFIX}* cannot be read; lists are written as JSON, such as \'["a", "b"]\'.']
    raise ConfigError("The settings of the service cannot be used. " + " ".join(faults))


_VARIABLES = frozenset({PREFIX + name.upper() for name in ("config", *Settings.model_fields)})


def _fault(place: tuple[int | str, ...], reason: str) -> str:
    reason = reason.removeprefix("Value error, ").rstrip(".")
    if not place:
        return reason[0].upper() + reason[1:] + "."
    return f"At '{place[0]}' ({PREFIX}{str(place[0]).upper()}): {reason}."


_FILE: type[pydantic.BaseModel] = pydantic.create_model(
    "SettingsFile",
    __config__=pydantic.ConfigDict(extra="forbid"),
    **dict.fromkeys(Settings.model_fields, (Any, None)),  # type: ignore[call-overload]
)
