"""`vptnlp serve`: start the HTTP service."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from vptnlp.errors import MissingExtraError


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on; 127.0.0.1, which only this machine reaches, when left out."),
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 8000 when left out.")] = None,
    model: Annotated[str | None, typer.Option(help="A bundle folder, or the name of a shipped one.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings (TOML); variables VPTNLP_* go before it.")] = None,
) -> None:
    """Start the HTTP service and the triage desk (needs the extra 'service')."""
    try:
        # By name, not import: the service stands above the command line.
        server = import_module("vptnlp_service.server")
    except ImportError as error:
        raise MissingExtraError(error.name or "fastapi", "service", "start the HTTP service") from None
    server.serve(config, host=host, port=port, model=model)
