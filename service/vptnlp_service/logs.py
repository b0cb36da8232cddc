"""Structured logs: one JSON object a line, on stderr. Never text, details, query strings, addresses or values."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_FRAMES = 8


def make(level: str = "info", out: TextIO | None = None) -> FilteringBoundLogger:
    """A logger of our own; nothing global is changed.

    Args:
        level: Least level that is written.
        out: Where to; stderr when left out.
    """
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(out or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
    )
    return logger


def describe(error: BaseException) -> dict[str, object]:
    """An error without its words, which may quote a message: its type and where it came from."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": places}


class Bridge(logging.Handler):
    """Passes the records of libraries (the web server) on, without what their errors say."""

    def __init__(self, logger: FilteringBoundLogger) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; with an error its type and place only."""
        if record.exc_info and record.exc_info[1] is not None:
            self._logger.error("library error", logger=record.name, **describe(record.exc_info[1]))
        else:
            self._logger.log(record.levelno, record.getMessage(), logger=record.name)
