"""`vptnlp serve`: start the HTTP service."""

from __future__ import annotations

from typing import Annotated

import typer

from vptnlp.errors import MissingExtraError


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Start the HTTP service (needs the extra 'service')."""
    try:
        import fastapi  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise MissingExtraError(error.name or "fastapi", "service", "start the HTTP service") from None
    # By name, not import: the service stands above the command line.
    uvicorn.run("vptnlp_service.app:create_app", factory=True, host=host, port=port, access_log=False)
