"""Access tokens of an OpenID Connect issuer (RFC 9068 style JWTs), checked by joserfc. Needs the extra ``oidc``."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vptnlp.errors import ConfigError, MissingExtraError

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a public key only: never ``none``, never a shared secret."""

_KEEP = 3600.0
_AGAIN = 60.0
"""Seconds that keys are kept, and that must pass before an unknown key id makes us fetch them again."""

_LEEWAY = 30
_LARGEST = 1_000_000

Fetch = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a token speaks for."""

    name: str
    scopes: frozenset[str]


class TokenVerifier:
    """Checks tokens against the issuer's keys.

    Args:
        issuer: The issuer, as tokens name it.
        audience: What tokens must be made out to.
        jwks_url: Where its keys are; asked of the issuer when None.
        scope_prefix: What stands before our scopes in a token.
        fetch: Gets a JSON document.

    Raises:
        MissingExtraError: joserfc is not installed.
        ConfigError: An address is not https.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str | None = None,
        scope_prefix: str = "",
        fetch: Fetch | None = None,
    ) -> None:
        try:
            from joserfc import jwt
        except ImportError:
            raise MissingExtraError("joserfc", "oidc", "check OpenID Connect tokens") from None
        for address in filter(None, (issuer, jwks_url)):
            if not address.startswith("https://"):
                raise ConfigError(f"The address '{address}' of the OpenID Connect issuer must begin with https://.")
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._scope_prefix = scope_prefix
        self._fetch = fetch or _fetch
        self._rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._keys: KeySet | None = None
        self._fresh_until = self._next_try = 0.0
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Subject | None:
        """Whom a token speaks for; None when it is not valid or the issuer cannot be asked."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        for newest in (False, True):
            keys = await self._load(newest)
            if keys is None:
                return None
            try:
                claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
            except (JoseError, ValueError, KeyError, TypeError):
                # The issuer may have new keys: look once more.
                continue
            try:
                self._rules.validate(claims)
            except (JoseError, ValueError, TypeError):
                return None
            return Subject(str(claims["sub"]), self._scopes(claims))
        return None

    def _scopes(self, claims: dict[str, Any]) -> frozenset[str]:
        given = claims.get("scope", claims.get("scp", ""))
        words = given.split() if isinstance(given, str) else [w for w in given if isinstance(w, str)]
        return frozenset(w.removeprefix(self._scope_prefix) for w in words if w.startswith(self._scope_prefix))

    async def _load(self, newest: bool) -> KeySet | None:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        if not newest and self._fresh:
            # Before the lock: whoever sends a key id that nobody knows holds it while we ask the issuer.
            return self._keys
        before = self._keys
        async with self._lock:
            if self._fresh and (not newest or self._keys is not before):
                return self._keys
            now = time.monotonic()
            if now < self._next_try:
                return None if newest else self._keys
            self._next_try = now + _AGAIN
            try:
                self._keys = KeySet.import_key_set(await asyncio.to_thread(self._get_keys))
                self._fresh_until = now + _KEEP
            except (OSError, ValueError, KeyError, TypeError, JoseError):
                # Keys we know stay good for now; without any nobody gets in.
                return None if newest else self._keys
            return self._keys

    @property
    def _fresh(self) -> bool:
        return self._keys is not None and time.monotonic() < self._fresh_until

    def _get_keys(self) -> Any:
        url = self._jwks_url
        if url is None:
            url = self._fetch(self._issuer.rstrip("/") + "/.well-known/openid-configuration")["jwks_uri"]
            if not str(url).startswith("https://"):
                raise ValueError("The issuer names an address for its keys that is not https.")
        return self._fetch(url)


def _fetch(url: str) -> Any:
    """A JSON document over https."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - https is checked where settings are read
        return json.loads(answer.read(_LARGEST))
