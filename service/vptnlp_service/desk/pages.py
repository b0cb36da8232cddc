"""The pages of the desk. They hold no data of any message, so they are built once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vptnlp import __version__, taxonomy
from vptnlp.messages import Urgency

if TYPE_CHECKING:
    from vptnlp_service.settings import Settings

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in _POLICY.items()),
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer of the desk. Text of strangers is shown on the page: nothing but its own scripts may run."""


def render(template: str, settings: Settings) -> str:
    """The HTML of a page.

    Args:
        template: Name of a file in ``templates/``.
        settings: The limits that it tells.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("vptnlp_service.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        words=words(), limits=limits(settings), urgencies=tuple(reversed(Urgency)), version=__version__
    )


def limits(settings: Settings) -> dict[str, Any]:
    """What the page may send: bytes of a file (also in words), characters of a message, and messages in one request."""
    upload = settings.max_upload
    size = f"{upload // 1_000_000} MB" if upload >= 1_000_000 else f"{upload // 1_000} kB"
    return {
        "upload": upload,
        "size": size,
        "characters": settings.max_characters,
        "messages": settings.max_messages,
    }


def words() -> dict[str, Any]:
    """The labels with their Dutch names and definitions, as the page's scripts need them."""
    urgencies = [{"key": str(u), "dutch": u.dutch, "definition": u.definition} for u in Urgency]
    return {**taxonomy.as_dict(), "urgencies": urgencies}
