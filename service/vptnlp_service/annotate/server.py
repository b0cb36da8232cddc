"""Runs the annotation table on this machine, and prints its address."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from vptnlp.annotation.store import Store
from vptnlp.errors import ConfigError
from vptnlp_service.annotate import pages
from vptnlp_service.annotate.app import create_app
from vptnlp_service.annotate.gate import PARAMETER
from vptnlp_service.annotate.work import Adjudication, Annotation

_HOST = "127.0.0.1"


def serve(
    store: Store,
    author: str,
    *,
    adjudicates: bool = False,
    port: int = 0,
    codebook: Path | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted.

    Args:
        store: The store.
        author: Who works.
        adjudicates: Whether they decide where answers differ, and do not label.
        port: Port to listen on; any free one when 0.
        codebook: The codebook (Markdown); the one of the checkout, if any, when None.
        say: Told the address, key included, once it can be opened.

    Raises:
        ConfigError: The port is taken, or the codebook cannot be read.
    """
    work = Adjudication(store, author) if adjudicates else Annotation(store, author)
    token = secrets.token_urlsafe(24)
    app = create_app(work, token, codebook or pages.find_codebook())
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except OSError as error:
            raise ConfigError(f"The page cannot be served on port {port}: {error.strerror}.") from None
        listener.listen()
        say(f"http://{_HOST}:{listener.getsockname()[1]}/?{PARAMETER}={token}")
        # No access log: the first address holds the key.
        config = uvicorn.Config(
            app, http="h11", ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False
        )
        uvicorn.Server(config).run([listener])
