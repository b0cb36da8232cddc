"""The application: the layers around the resources, from the outside in: envelope, gate, body limit, HEAD."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from vptnlp import Analyzer
from vptnlp_service import desk, inference, logs, openapi, operations, problems, resources
from vptnlp_service import settings as configuration
from vptnlp_service.bodies import BodyLimit, HeldBytes
from vptnlp_service.engine import Engine
from vptnlp_service.envelope import API_VERSION, Envelope
from vptnlp_service.heads import HeadAsGet
from vptnlp_service.keys import KeyStore
from vptnlp_service.metrics import Metrics
from vptnlp_service.oidc import TokenVerifier
from vptnlp_service.security import Authenticator, Gate
from vptnlp_service.settings import Settings
from vptnlp_service.tracing import Tracing

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from structlog.typing import FilteringBoundLogger

# FastAPI's own telemetry (where its version has it) would send paths, query strings and the words of errors to whatever
# is configured in the process. Ours is in `tracing`, and sends none of these.
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(
    settings: Settings | None = None,
    *,
    analyzer: Analyzer | None = None,
    authenticator: Authenticator | None = None,
    logger: FilteringBoundLogger | None = None,
    tracing: Tracing | None = None,
) -> FastAPI:
    """Build the application.

    Args:
        settings: The settings; gathered from the environment when left out.
        analyzer: A loaded analyzer; loaded when the application starts, as the settings say, when left out.
        authenticator: Tells who calls; as the settings say when left out.
        logger: The log; JSON on stderr when left out.
        tracing: Where traces go; as the settings say when left out.

    Raises:
        ConfigError: A setting or the key file is wrong.
        MissingExtraError: A setting needs a package that is not installed.
    """
    chosen = settings if settings is not None else configuration.load()
    log = logger if logger is not None else logs.make(chosen.log_level)
    metrics = Metrics(log)
    engine = Engine(chosen, metrics, log, analyzer)
    held = HeldBytes(chosen.max_bodies)
    spans = tracing if tracing is not None else (Tracing() if chosen.tracing else None)
    callers = authenticator if authenticator is not None else _authenticator(chosen)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if callers is None:
            log.warning("authentication is off: whoever can use this machine can use the service")
        async with engine.running():
            log.info("ready", model=engine.analyzer.info.name, version=engine.analyzer.info.version)
            yield
        log.info("stopped: all accepted work is done")
        if spans is not None:
            spans.close()

    app = FastAPI(
        title="vptnlp",
        version=API_VERSION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    problems.install(app)
    openapi.install(app, chosen)
    app.include_router(resources.router(engine, chosen, held))
    app.include_router(inference.router(engine, chosen))
    app.include_router(operations.router(engine, metrics))

    @app.get("/v1/openapi.json", include_in_schema=False)
    async def description(_: Request) -> JSONResponse:
        """The API description. Any web page may read it (NLGov API Design Rules, /core/publish-openapi); nothing else."""
        open_to_all = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
        return JSONResponse(app.openapi(), headers=open_to_all)

    desk.install(app, chosen)
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit, settings=chosen, held=held)
    app.add_middleware(Gate, settings=chosen, metrics=metrics, authenticator=callers)
    app.add_middleware(Envelope, logger=log, metrics=metrics, model=lambda: engine.info, tracing=spans)
    return app


def _authenticator(settings: Settings) -> Authenticator | None:
    """Who tells callers apart, by the settings; None where authentication is off."""
    if not settings.authenticates:
        return None
    store = KeyStore(settings.keys_file) if settings.keys_file is not None else None
    tokens = None
    if settings.oidc_issuer is not None and settings.oidc_audience is not None:
        tokens = TokenVerifier(
            settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url, settings.oidc_scope_prefix
        )
    return Authenticator(store, tokens)
