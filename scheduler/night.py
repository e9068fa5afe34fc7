"""What is done once a night, by one of the replicas, when nobody waits for an answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from handlers.model import BRUSSELS
from store import leases
from store.engine import Store
from store.notes import find_note, keep_note

log = logging.getLogger(__name__)

#: From when on, wall clock of Brussels: past the hour that a clock change skips or lives twice.
FROM = dt.time(4)

#: The name of the lease, and the note that holds the day for which it was last begun, ISO 8601.
NIGHT = "night"
NIGHT_NOTE = "night_of"


class Night:
    """Has some work done once for each day in Brussels, at `FROM` or as soon after as the bot runs.

    Args:
        now: the injected clock, aware UTC.
        holder: who does it, different for each running process.
        work: done in a worker thread. What it leaves undone, by a fault or because the bot
            stopped, is for the next night.
    """

    def __init__(
        self, store: Store, now: Callable[[], dt.datetime], holder: str, work: Callable[[], None]
    ) -> None:
        self._store = store
        self._now = now
        self._holder = holder
        self._work = work
        self._seen: dt.date | None = None

    async def look(self) -> None:
        """Begin the work if it is time and nobody did. A fault is logged."""
        here = self._now().astimezone(BRUSSELS)
        if here.time() < FROM or here.date() == self._seen:
            return
        try:
            is_ours = await asyncio.to_thread(self._claim, here.date())
            self._seen = here.date()
            if is_ours:
                await asyncio.to_thread(self._work)
        except Exception:
            log.exception("the work of the night failed")

    def _claim(self, day: dt.date) -> bool:
        """Whether it is for us to do: written down at once, so that nobody else begins."""
        with self._store.writing() as session:
            lease = leases.acquire(session, NIGHT, self._holder, leases.LONGEST)
            if lease is None:
                return False
            last = find_note(session, NIGHT_NOTE)
            if last is not None and last >= day.isoformat():
                leases.release(session, lease)
                return False
            keep_note(session, NIGHT_NOTE, day.isoformat())
        return True
