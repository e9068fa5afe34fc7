"""A replica of the bot as a process: the real store, delivery, clockwork and inbox, on a fake platform.

Leases, looks and ticks are shorter than in life, in proportion, so that a test need not wait minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from bot import logs
from bot.clock import SystemClock
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.settings import Settings
from bot.wiring import build_conversation, replica_name
from scheduler import doubts, limits, sending
from scheduler.clockwork import Clockwork
from scheduler.delivery import Delivery
from scheduler.limits import channel_of
from scheduler.port import (
    Capabilities,
    Missing,
    NotAccepted,
    Outcome,
    Post,
    RateLimited,
    Sent,
    Unknown,
    Withheld,
)
from scheduler.rules import Rules
from store import claims, engine
from store.engine import Store
from store.leases import database_now
from store.limits import Limit
from tests.fakes.board import LIMITS, ThrottledError, call

T = TypeVar("T")

SECOND = dt.timedelta(seconds=1)

#: How long a claim lasts here, and how long after it a post may leave.
CLAIM = 4 * SECOND
LEAVES_WITHIN = 2 * SECOND

#: How long a replica waits for the board, in seconds. "late" is accepted after it.
TIMEOUT_SECONDS = 0.4

#: Where a post can be found again, and where it cannot.
BOARD, DEAF = "board", "deaf"

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@dataclass(kw_only=True)
class BoardPlatform:
    """Posts to the board."""

    name: str
    port: int
    stops: bool = False
    capabilities: Capabilities = field(init=False)

    def __post_init__(self) -> None:
        limit = Limit(number=LIMITS[self.name], per=SECOND) if self.name in LIMITS else None
        self.capabilities = Capabilities(
            find=self.name == BOARD, appears_within=1.5 * SECOND, account_limit=limit
        )

    async def send(self, post: Post) -> Outcome:
        return await asyncio.to_thread(self._send, post)

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        try:
            path = f"/posts?key={quote(post.key)}"
            found = (await asyncio.to_thread(call, self.port, "GET", path))["id"]
        except OSError as fault:
            return Unknown(reason=type(fault).__name__)
        return Sent(message_id=found) if found else Missing()

    async def edit(self, message_id: str, post: Post) -> Outcome:
        raise NotImplementedError("the board cannot edit")

    def _send(self, post: Post) -> Outcome:
        assert post.community is not None
        channel = channel_of(post.community).replace("/", ".")
        body = {"key": post.key, "channel": channel, "text": post.reply.plain_text()}
        if self.stops:
            self.stops = False
            # To this thread, which else might still send while the others stop.
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        if not post.may_leave():
            return Withheld()
        try:
            return Sent(message_id=call(self.port, "POST", "/posts", body, TIMEOUT_SECONDS)["id"])
        except ThrottledError as told:
            return RateLimited(retry_after=told.seconds * SECOND)
        except ConnectionRefusedError:
            return NotAccepted(reason="geen verbinding")
        except OSError as fault:
            return Unknown(reason=type(fault).__name__)


@dataclass(frozen=True, kw_only=True)
class Replica:
    """How one replica is to run.

    Attributes:
        skew: how far its clock is off, in seconds.
        stops_after_claim: it stops itself (SIGSTOP) between its first claim of something and the sending.
        stops_on_the_way: it stops itself in the platform, when the first post is about to leave.
        platforms: which ones it posts on.
    """

    database: str
    port: int
    log: str
    skew: float = 0.0
    stops_after_claim: bool = False
    stops_on_the_way: bool = False
    platforms: tuple[str, ...] = (BOARD, DEAF)

    def start(self) -> multiprocessing.process.BaseProcess:
        process = _processes.Process(target=_run, args=(self,), daemon=True)
        process.start()
        return process


def _run(replica: Replica) -> None:
    """The body of the process; ends when it is killed."""
    with Path(replica.log).open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    logs.configure("WARNING", readable=False)
    claims.CLAIM = CLAIM
    engine.IDLE_IN_TRANSACTION_MS = 2000
    limits.LEAVES_WITHIN = LEAVES_WITHIN
    sending.SEND_WITHIN_SECONDS = LEAVES_WITHIN.total_seconds()
    doubts.LOOK_AGAIN = 0.3 * SECOND
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_live(replica))


async def _live(replica: Replica) -> None:
    store, rules, skew = Store(replica.database), Rules(), dt.timedelta(seconds=replica.skew)
    platforms = {
        name: BoardPlatform(name=name, port=replica.port, stops=replica.stops_on_the_way)
        for name in replica.platforms
    }
    system = SystemClock()

    def now() -> dt.datetime:
        return system.now() + skew

    stops = replica.stops_after_claim

    async def stopping(work: Callable[[], T], /) -> T:
        nonlocal stops
        done = await asyncio.to_thread(work)
        if stops and getattr(done, "ready", None):
            stops = False
            os.kill(os.getpid(), signal.SIGSTOP)
        return done

    store.hold_file()
    deliver = Delivery(store, platforms, rules, now, replica_name(), run=stopping, pace=database_now)
    inbox = Inbox(store, build_conversation(Settings()), deliver, rules, now, Metrics())
    clockwork = Clockwork(store, deliver, rules, now, tick=0.1 * SECOND)
    await deliver.recover()
    await clockwork.start()
    await inbox.run()


if __name__ == "__main__":
    sys.exit("start it with Replica(...).start()")
