"""The running program: one event loop for the web, the inbox and the clockwork, stopped as one."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import sys
from collections.abc import AsyncIterator
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from bot import logs
from bot.demo import PEOPLE
from bot.effects import Effects
from bot.front import Front
from bot.gauges import gauges
from bot.pseudonyms import form_key
from bot.reacting import Reacting
from bot.readiness import readiness
from bot.watchman import patrols
from bot.web.console.setup import ConsoleSetup, Provider
from bot.web.site import Web
from bot.wiring import Program, pseudonyms_of

if TYPE_CHECKING:
    from bot.graph.watch import GraphWatch
    from bot.platforms.port import Connection

log = logs.get(__name__)

#: How long requests under way get to end after Ctrl-C, in seconds.
GRACE_SECONDS = 2

#: Whoever asked something while the bot was away is answered before the bot plans what it will say itself,
#: in seconds.
MEMBERS_FIRST_SECONDS = 1.0

#: How long a thread that answers keeps the interpreter while the event loop wants to acknowledge, in
#: seconds: a tenth of Python's own. The slowest acknowledgements come a quarter sooner,
#: and answers somewhat later.
SWITCH_SECONDS = 0.0005


class _Server(uvicorn.Server):
    """Ends the streams of open pages first: they never end by themselves."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if isinstance(self.config.app, Front):
            self.config.app.stop()
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
    # Else it loads what reads HTTP on the event loop.
    config.load()
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[listening])


def application(program: Program) -> Front:
    """The web application; while it serves, the inbox and the clockwork run."""
    web = Web(
        store=program.store,
        now=program.clock.now,
        public_url=program.public_url,
        local=program.local,
        readiness=lambda: readiness(program),
        metrics=program.metrics,
        console=console_of(program),
        takes_contributions=program.settings.web.contributions,
        people=[each.name for each in PEOPLE] if program.demo else (),
        form_key=form_key(program.settings),
        doors={path: door for each in _open_ended(program) for path, door in each.doors().items()},
    )
    program.metrics.watch(lambda: gauges(program))
    front = Front(web, lambda _: _running(program, front))
    return front


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


async def _start_the_rest(program: Program) -> None:
    """What no member waits for: the clockwork."""
    try:
        await asyncio.sleep(MEMBERS_FIRST_SECONDS)
        await program.clockwork.start()
    except Exception:
        log.exception("start_failed")
    finally:
        # What is there now stays: the collector need not look at it again, which takes a tenth of a second.
        gc.freeze()
        gc.enable()


@contextlib.asynccontextmanager
async def _running(program: Program, front: Front) -> AsyncIterator[None]:
    sys.setswitchinterval(SWITCH_SECONDS)
    await program.delivery.recover()
    inbox = asyncio.create_task(program.inbox.run(), name="inbox")
    watch = patrols(program)
    for patrol in watch:
        patrol.start()
    for each in _open_ended(program):
        await each.open()
    reacting = Reacting(program.store, program.connections, program.clock.now, program.delivery.holder)
    reacting.start()
    afterwards = asyncio.create_task(_start_the_rest(program), name="start")
    if program.local is not None:
        # Where people talk on our own pages, those are the way in: the program is up when they are.
        await front.load()
    try:
        yield
    finally:
        afterwards.cancel()
        await asyncio.wait([afterwards])
        await reacting.stop()
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
