"""What both clients need to be set up."""

from __future__ import annotations

import re
from typing import Any

import httpx

from vptnlp.client.flows import Call
from vptnlp.errors import ConfigError

MOST = 256
"""Messages in one request, as the service allows unless its operator says otherwise; fewer where they are long (`parts`)."""

TIMEOUT = 60.0
"""Seconds to connect, to send and between two pieces of an answer; the service itself gives up after 30."""

_CREDENTIAL = re.compile(r"[!-~]+")


def address(base_url: str) -> str:
    """The base URL without a slash at its end.

    Raises:
        ConfigError: It is none.
    """
    try:
        url = httpx.URL(base_url)
        usable = url.scheme in ("http", "https") and bool(url.host) and not (url.query or url.fragment or url.userinfo)
    except httpx.InvalidURL:
        usable = False
    if not usable or base_url.rstrip("/").endswith("/v1"):
        raise ConfigError(
            "The base URL cannot be used; give scheme, host and, where the service has one, port and path, without '/v1', "
            "query or credentials, such as 'https://vptnlp.example.nl'."
        )
    return base_url.rstrip("/")


def headers(call: Call, credential: str | None) -> dict[str, str]:
    """The headers of a request.

    Args:
        call: The request.
        credential: An API key or token.

    Raises:
        ConfigError: The credential holds something that no header may hold; the sentence does not show it.
    """
    made = {"Accept": call.media_type, "User-Agent": "vptnlp-client"}
    if call.content is not None:
        made["Content-Type"] = call.media_type
    if credential is not None:
        plain = credential.strip()
        if not _CREDENTIAL.fullmatch(plain):
            raise ConfigError(
                "The credential is empty or holds characters that no key or token has; look at its source."
            )
        made["Authorization"] = f"Bearer {plain}"
    return made


def options(base_url: str, timeout: float, verify: Any, transport: Any) -> dict[str, Any]:
    """The arguments of the client of httpx."""
    return {"base_url": address(base_url), "timeout": timeout, "verify": verify, "transport": transport}
