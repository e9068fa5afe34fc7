"""Log lines: JSON for machines, colour for a person at a terminal, always on stderr.

An event is named for what happened (`answered`, `post_sent`) and carries ids. Texts of messages and
tokens are never logged.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def configure(level: str = "INFO", *, readable: bool | None = None) -> None:
    """Send everything, libraries included, through one formatter.

    Args:
        level: "DEBUG", "INFO", "WARNING" or "ERROR".
        readable: for people rather than machines; None asks whether stderr is a terminal.
    """
    if readable is None:
        readable = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if readable:
        # The pretty formatter shows local variables, and those hold what people wrote.
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # One line per tick, request or migration tells an operator nothing.
    # One of httpx names the whole address, in which a person's may stand.
    for noisy in ("alembic", "apscheduler", "httpx", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get(name: str) -> Any:
    """The logger of a module: `log = logs.get(__name__)`; `log.info("answered", event_id=...)`."""
    return structlog.stdlib.get_logger(name)
