"""The running program: one event loop for the web, the inbox and the clockwork, stopped as one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from bot import logs
from bot.effects import Effects
from bot.gauges import gauges
from bot.readiness import readiness
from bot.watchman import patrols
from bot.web.app import Web, create_app
from bot.web.console.setup import ConsoleSetup, Provider
from bot.wiring import Program, pseudonyms_of

if TYPE_CHECKING:
    from bot.graph.watch import GraphWatch
    from bot.platforms.port import Connection
    from bot.web.live import Live

log = logs.get(__name__)

#: How long requests under way get to end after Ctrl-C, in seconds.
GRACE_SECONDS = 2

#: How long a thread that answers keeps the interpreter while the event loop wants to acknowledge, in
#: seconds: a tenth of Python's own. The slowest acknowledgements come a quarter sooner,
#: and answers somewhat later.
SWITCH_SECONDS = 0.0005


class _Server(uvicorn.Server):
    """Ends the streams of open pages first: they never end by themselves."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        live: Live | None = getattr(self.config.app.state, "live", None)  # type: ignore[union-attr]  # a FastAPI
        if live is not None:
            live.stop()
        super().handle_exit(sig, frame)


def listen(host: str, port: int) -> socket.socket:
    """The socket that people will reach the program by. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def serve(program: Program, listening: socket.socket) -> None:
    """Run until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        application(program),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[listening])


def application(program: Program) -> FastAPI:
    """The web application; while it serves, the inbox and the clockwork run."""
    web = Web(
        store=program.store,
        now=program.clock.now,
        public_url=program.public_url,
        local=program.local,
        readiness=lambda: readiness(program),
        metrics=program.metrics,
        console=console_of(program),
        routers=tuple(router for each in _open_ended(program) for router in each.routers()),
    )
    program.metrics.watch(lambda: gauges(program))
    app = create_app(web)
    app.router.lifespan_context = lambda _app: _running(program)
    return app


def _open_ended(program: Program) -> tuple[Connection | GraphWatch, ...]:
    """What is opened and closed with the program: the platforms elsewhere, and Graph."""
    return (*program.connections, *((program.graph,) if program.graph is not None else ()))


def console_of(program: Program) -> ConsoleSetup:
    """The moderators' console as the settings have it."""
    given = program.settings.console
    provider = None
    if given.issuer and given.client_id and given.client_secret is not None:
        provider = Provider(
            issuer=given.issuer,
            client_id=given.client_id,
            client_secret=given.client_secret.get_secret_value(),
        )
    effects = Effects(program.rules, pseudonyms_of(program.settings), program.announcing)
    return ConsoleSetup(
        effects=effects, announcing=program.announcing, provider=provider, has_link=program.demo
    )


@contextlib.asynccontextmanager
async def _running(program: Program) -> AsyncIterator[None]:
    sys.setswitchinterval(SWITCH_SECONDS)
    await program.delivery.recover()
    inbox = asyncio.create_task(program.inbox.run(), name="inbox")
    watch = patrols(program)
    for patrol in watch:
        patrol.start()
    await program.clockwork.start()
    for each in _open_ended(program):
        await each.open()
    try:
        yield
    finally:
        for each in _open_ended(program):
            await each.close()
        for patrol in watch:
            patrol.stop()
        program.delivery.stop()
        await program.clockwork.stop()
        inbox.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await inbox
        log.info("stopped")
