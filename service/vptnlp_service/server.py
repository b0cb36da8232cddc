"""Runs the application under uvicorn, in one process."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import uvicorn

from vptnlp import Analyzer
from vptnlp.errors import VptnlpError
from vptnlp_service import connections, logs
from vptnlp_service import settings as configuration
from vptnlp_service.app import create_app
from vptnlp_service.settings import Settings

_GRACE = 5
"""Seconds beyond the time limit that a shutdown waits for requests in hand."""


def serve(file: Path | None = None, **given: Any) -> None:
    """Serve until told to stop; then finish what was accepted.

    Args:
        file: A TOML file with settings.
        given: Settings that go before those of the file and the environment.

    Raises:
        VptnlpError: A setting, the key file, the rules or the model is wrong, or the address is taken.
    """
    settings = configuration.load(file, **given)
    logger = logs.make(settings.log_level)
    # Loaded here and not by the application, so that a fault is one sentence at the command line.
    app = create_app(settings, analyzer=Analyzer.load(settings.model, rules=settings.rules), logger=logger)
    bridge = logs.Bridge(logger)
    for name in ("uvicorn.error", "asyncio"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [bridge], False
        library.setLevel(logging.WARNING if name == "asyncio" else logging.INFO)
    server = uvicorn.Server(config(app, settings))
    server.run()
    if not server.started:
        raise VptnlpError(f"The service could not start on {settings.host}:{settings.port}; the log says why.")


def config(app: Any, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs the application.

    Args:
        app: The application.
        settings: The settings.
    """
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # h11 bounds the size of request headers; ours bounds their time too, and the number of connections.
        http=connections.bounded(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=round(settings.time_limit) + _GRACE,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
