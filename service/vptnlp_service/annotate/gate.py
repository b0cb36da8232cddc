"""The gate of the annotation table: this machine only, and only who has the address that was printed.

The address holds a random key. Opening it once sets a cookie and leads to the same page without the key, so that it does not
stay in the address bar or in the browser's history of pages.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vptnlp_service.desk.pages import HEADERS
from vptnlp_service.settings import is_loopback

PARAMETER = "sleutel"
"""The part of the printed address that holds the key."""

_CLOSED = (
    "Deze pagina is dicht. Open het adres dat 'vptnlp annotate serve' laat zien: het hele adres, met de sleutel erin."
)


class Gate:
    """ASGI middleware.

    Args:
        app: What is inside.
        token: The key.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token
        # Cookies do not tell ports apart, and two people may work on one machine.
        self.cookie = f"vptnlp-annotate-{hashlib.sha256(token.encode()).hexdigest()[:8]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def harden(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**HEADERS, "Cache-Control": "no-store"})
            await send(message)

        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, harden)

    def _refusal(self, request: Request) -> Response | None:
        if not _is_local(request.headers):
            return PlainTextResponse("Deze pagina is er alleen voor deze computer.", 403)
        given = parse_qs(request.url.query).get(PARAMETER)
        if request.method == "GET" and request.url.path == "/" and given:
            if not self._is_key(given[0]):
                return PlainTextResponse(_CLOSED, 401)
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self.cookie, self._token, httponly=True, samesite="strict", path="/")
            return answer
        if not self._is_key(request.cookies.get(self.cookie, "")):
            return PlainTextResponse(_CLOSED, 401)
        origin = request.headers.get("origin")
        if request.method not in ("GET", "HEAD") and origin != f"http://{request.headers.get('host')}":
            return PlainTextResponse("Dit verzoek komt van een andere pagina.", 403)
        return None

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


def _is_local(headers: Headers) -> bool:
    """Whether the page was asked for by an address of this machine; another name may lead here by a forged DNS answer."""
    host = headers.get("host", "")
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return is_loopback(name)
