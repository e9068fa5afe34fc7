"""A replica of the bot in Viva Engage as a process: real store, reader, inbox, delivery and HTTP client.

Everything that takes its time is ten times faster than in life, in proportion, and so are the limits of the
fake that it speaks to, so that a test need not wait minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import multiprocessing
import multiprocessing.process
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from bot import logs
from bot.clock import SystemClock
from bot.graph.auth import Audience, ReadyToken
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.platforms.engage import budget, client, connection, feeds, poller
from bot.platforms.engage.joining import engage_connection
from bot.settings import Settings
from bot.wiring import build_conversation, replica_name
from scheduler import doubts, limits, sending
from scheduler.clockwork import Clockwork
from scheduler.delivery import Delivery
from store import claims, engine
from store.engine import Store
from store.leases import database_now
from store.limits import Limit

#: So many times faster than in life.
SCALE = 10
POLL_SECONDS = 60 / SCALE

SECOND = dt.timedelta(seconds=1)

#: How long a reader that died keeps others from reading.
LEASE_LASTS = 4.5 * SECOND

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


@dataclass(frozen=True, kw_only=True)
class Replica:
    """How one replica is to run; its token tells it from the others."""

    database: str
    settings: Settings
    token: str
    log: str

    def start(self) -> multiprocessing.process.BaseProcess:
        process = _processes.Process(target=_run, args=(self,), daemon=True)
        process.start()
        return process


def _hasten() -> None:
    window = budget.WINDOW / SCALE
    budget.CALLS, budget.POSTS = Limit(number=8, per=window), Limit(number=6, per=window)
    connection.CAPABILITIES = replace(
        connection.CAPABILITIES, account_limit=budget.POSTS, appears_within=3 * SECOND
    )
    connection.EngageConnection.capabilities = connection.CAPABILITIES
    client.TIMEOUT_SECONDS, client.WINDOW = 1.5, window
    feeds.OVERLAP, feeds.RECONCILE = feeds.OVERLAP / SCALE, feeds.RECONCILE / SCALE
    feeds.LENT_FOR = feeds.LENT_FOR / SCALE
    poller.LEASE_LASTS, poller.LOOKS_EVERY = LEASE_LASTS, SECOND
    poller.SHORTEST_PAUSE = 0.1 * SECOND
    claims.CLAIM = 6 * SECOND
    engine.IDLE_IN_TRANSACTION_MS = 3000
    limits.LEAVES_WITHIN = 2 * SECOND
    sending.SEND_WITHIN_SECONDS = 2.0
    doubts.LOOK_AGAIN = SECOND


def _run(replica: Replica) -> None:
    """The body of the process; ends when it is killed."""
    with Path(replica.log).open("a") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    logs.configure("WARNING", readable=False)
    _hasten()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_live(replica))


async def _live(replica: Replica) -> None:
    store, rules, now = Store(replica.database), replica.settings.rules(), SystemClock().now
    tokens = ReadyToken(Audience.YAMMER, token=replica.token)
    engage = engage_connection(replica.settings, store, now, tokens)
    deliver = Delivery(store, {"engage": engage}, rules, now, replica_name(), pace=database_now)
    inbox = Inbox(store, build_conversation(replica.settings, ["engage"]), deliver, rules, now, Metrics())
    engage.on_event = inbox.nudge
    clockwork = Clockwork(store, deliver, rules, now, tick=0.2 * SECOND)
    await deliver.recover()
    await clockwork.start()
    await engage.open()
    await inbox.run()


if __name__ == "__main__":
    sys.exit("start it with Replica(...).start()")
