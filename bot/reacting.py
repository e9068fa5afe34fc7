"""Asks the platforms now and then how many people reacted to what the bot posted: numbers, never who."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from bot import logs
from bot.platforms.port import OK, Connection, Reacted
from store import leases, reactions
from store.engine import Store
from store.reactions import Reactable

log = logs.get(__name__)

#: How often is looked whether there is something to ask, in seconds; a few posts at a time, so that a
#: platform that counts calls has room for what is more urgent.
EVERY_SECONDS = 300.0
AT_A_TIME = 3

#: How long people still react to a post, and how old a number may be.
LOOKED_BACK = dt.timedelta(days=30)
STALE_AFTER = dt.timedelta(hours=12)

_LEASE = "reactions"


class Reacting:
    """Keeps the numbers up to date, on one replica at a time.

    Args:
        now: gives the present as aware UTC.
        holder: a name for this process that no other has.
    """

    def __init__(
        self,
        store: Store,
        connections: Sequence[Connection],
        now: Callable[[], dt.datetime],
        holder: str,
    ) -> None:
        self._store = store
        self._reacted: Mapping[str, Reacted] = {
            each.name: each for each in connections if isinstance(each, Reacted)
        }
        self._condition = {each.name: each.condition for each in connections}
        self._now = now
        self._holder = holder
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the event loop of the program; where no platform tells of reactions nothing is done."""
        if self._reacted:
            self._task = asyncio.create_task(self._go_on(), name="reactions")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> int:
        """Ask after the few posts that were not asked after for the longest time; how many there were."""
        due = await asyncio.to_thread(self._due)
        for each in due:
            number = await self._reacted[each.platform].reactions(each.message_id)
            await asyncio.to_thread(self._keep, each, number)
        return len(due)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.look()
            except Exception:
                # A number that is missing harms nobody; the next look tries again.
                log.exception("reactions_failed")

    def _due(self) -> list[Reactable]:
        well = [name for name in self._reacted if self._condition[name]().state == OK]
        if not well:
            return []
        now = self._now()
        with self._store.writing() as session:
            if leases.acquire(session, _LEASE, self._holder, leases.LONGEST) is None:
                return []
            return reactions.to_read(session, well, now - LOOKED_BACK, now - STALE_AFTER, AT_A_TIME)

    def _keep(self, asked: Reactable, number: int | None) -> None:
        with self._store.writing() as session:
            reactions.keep(session, asked.platform, asked.message_id, number, self._now())
