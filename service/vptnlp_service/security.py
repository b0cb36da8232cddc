"""The gate: who calls, what they may do, how often, and how many at once. What is not named here as open is closed."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from vptnlp_service import keys
from vptnlp_service.bodies import refuse
from vptnlp_service.connections import CROWDED
from vptnlp_service.keys import KeyStore
from vptnlp_service.keys import Scope as Permission
from vptnlp_service.metrics import Metrics
from vptnlp_service.oidc import TokenVerifier
from vptnlp_service.problems import Problem
from vptnlp_service.settings import Settings, is_loopback
from vptnlp_service.trail import Trail

HEALTH = frozenset({"/livez", "/readyz", "/v2/health/live", "/v2/health/ready"})
_OPEN = HEALTH | {"/", "/v1/openapi.json"}
"""What anybody may get: health, the API description, and the pages of the desk (which hold no messages)."""

_OPEN_FOLDER = "/desk/"
_NEEDS: tuple[tuple[str, Permission], ...] = (
    ("/v1/assessments", Permission.ASSESS),
    ("/v2/models", Permission.ASSESS),
    (_OPEN_FOLDER, Permission.ASSESS),
    ("/v1/details", Permission.DETAILS),
    ("/v1/redactions", Permission.DETAILS),
    ("/metrics", Permission.METRICS),
)
_PROXIED = frozenset({"forwarded", "via", "x-real-ip"})
_PROXIED_PREFIX = "x-forwarded-"
"""Headers by which a proxy tells that it speaks for another."""

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="vptnlp"'}
_LONGEST_CREDENTIAL = 16_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        id: Id of the key; for a token a hash of its subject, which may be a person's name.
        scopes: What they may do.
    """

    id: str
    scopes: frozenset[str]


class Authenticator:
    """Tells who calls.

    Args:
        store: API keys, where used.
        tokens: OpenID Connect, where used.
    """

    def __init__(self, store: KeyStore | None, tokens: TokenVerifier | None) -> None:
        self._store = store
        self._tokens = tokens

    async def identify(self, headers: Headers) -> Caller | None:
        """Who the headers speak for; None when that is nobody we know."""
        scheme, _, credential = headers.get("authorization", "").partition(" ")
        presented = credential.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        if not presented or len(presented) > _LONGEST_CREDENTIAL:
            return None
        if presented.startswith(keys.PREFIX):
            key = self._store.find(presented) if self._store else None
            return Caller(key.id, frozenset(key.scopes)) if key else None
        subject = await self._tokens.verify(presented) if self._tokens else None
        if subject is None:
            return None
        return Caller("oidc-" + hashlib.sha256(subject.name.encode()).hexdigest()[:12], subject.scopes)


class Gate:
    """ASGI middleware that lets in who may come in.

    Args:
        app: What is inside.
        settings: The settings.
        metrics: Told how many requests are in hand.
        authenticator: Tells who calls; None where authentication is off, and then only this machine may call.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, authenticator: Authenticator | None) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._authenticator = authenticator
        self._limit: RateLimitItem | None = parse(settings.rate_limit) if settings.rate_limit else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._check(scope)
        except Problem as problem:
            await refuse(problem, scope, receive, send)
            return
        self._in_hand += 1
        self._metrics.in_hand.set(self._in_hand)
        try:
            await self._app(scope, receive, send)
        finally:
            self._in_hand -= 1
            self._metrics.in_hand.set(self._in_hand)

    async def _check(self, scope: Scope) -> None:
        path = scope["path"]
        if path in HEALTH:
            return
        if scope.get(CROWDED):
            raise Problem(
                503,
                "busy",
                "The service has too many connections; try again later.",
                retry_after=2,
                headers={"Connection": "close"},
            )
        if self._in_hand >= self._settings.max_requests:
            raise Problem(503, "busy", "The service has too many requests in hand; try again later.", retry_after=1)
        headers = Headers(scope=scope)
        if self._authenticator is None:
            self._check_local(scope, headers)
            return
        if scope["method"] in ("GET", "HEAD") and (path in _OPEN or path.startswith(_OPEN_FOLDER)):
            return
        caller = await self._authenticator.identify(headers)
        if caller is None:
            raise Problem(
                401,
                "unauthenticated",
                "A valid key or token is needed: send 'Authorization: Bearer ...' or 'X-API-Key: ...'.",
                headers=_CHALLENGE,
            )
        Trail.of(scope).caller = caller.id
        self._check_rate(caller)
        for prefix, permission in _NEEDS:
            if path.startswith(prefix) and permission not in caller.scopes:
                raise Problem(403, "forbidden", f"This key or token lacks the scope '{permission}'.")

    def _check_rate(self, caller: Caller) -> None:
        if self._limit is not None and not self._limiter.hit(self._limit, caller.id):
            reset = self._limiter.get_window_stats(self._limit, caller.id).reset_time
            wait = max(1, math.ceil(reset - time.time()))
            raise Problem(
                429,
                "rate-limit",
                f"This caller may make {self._limit.amount} requests per {self._limit.get_expiry()} seconds.",
                retry_after=wait,
            )

    def _check_local(self, scope: Scope, headers: Headers) -> None:
        """Without authentication, answer this machine only, and no web page that pretends to be from here."""
        server = scope.get("server")
        address = server[0] if server else ""
        # A socket in the file system has no port; a name in place of an address comes from no network.
        port = server[1] if server else None
        reached_from_afar = port is not None and _is_address(address) and not is_loopback(address)
        host = _name(headers.get("host", ""))
        known = is_loopback(host) or host == address or host in self._settings.allowed_hosts
        if reached_from_afar or not known:
            raise Problem(
                403,
                "local-only",
                "Authentication is off, so only this machine may call; set up keys to open the service.",
            )
        if any(name in _PROXIED or name.startswith(_PROXIED_PREFIX) for name in headers):
            # To us a proxy on this machine is this machine, whoever stands behind it.
            raise Problem(
                403,
                "local-only",
                "Authentication is off, so no proxy may pass requests on (this one has 'Forwarded', 'X-Forwarded-*' or the "
                "like); set up keys to open the service.",
            )


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


def _name(host: str) -> str:
    """The name in a `Host` header, without its port."""
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
