"""New messages of the local community, as they come: one task looks, every open page is told.

A message of this process is told at once; one of another process on the same database within half
a second.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from sqlalchemy.exc import SQLAlchemyError

from store import local
from store.engine import Store
from store.local import LocalMessage

#: How often the store is asked, in seconds.
INTERVAL = 0.5

#: After how many silent seconds a page is told that nothing happened, so that nobody in between hangs up.
HEARTBEAT = 15.0

#: Messages told at once.
BATCH = 100


class Live:
    """Tells open pages of new messages.

    Args:
        store: where the messages are.
        interval, heartbeat: seconds; see `INTERVAL` and `HEARTBEAT`.
    """

    def __init__(self, store: Store, interval: float = INTERVAL, heartbeat: float = HEARTBEAT) -> None:
        self._store = store
        self._interval = interval
        self._heartbeat = heartbeat
        self._changed = asyncio.Event()
        self._nudged = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None
        self._readers = 0
        self._stopped = False

    def nudge(self) -> None:
        """There may be something new; may be called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._nudged.set)

    def stop(self) -> None:
        """End every stream, so that a server that stops need not wait for them.

        May be called from any thread, and from the handler of a signal.
        """
        self._stopped = True
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._tell)

    async def messages(self, community: str, after: int) -> AsyncIterator[Sequence[LocalMessage]]:
        """The messages of a community with an id above `after`, in batches, without end.

        An empty batch is a heartbeat.
        """
        self._enter()
        try:
            while not self._stopped:
                # Taken before reading: what comes while reading is then not slept through.
                changed = self._changed
                batch = await asyncio.to_thread(self._read, community, after)
                if batch:
                    after = batch[-1].id
                    yield batch
                    continue
                try:
                    await asyncio.wait_for(changed.wait(), self._heartbeat)
                except TimeoutError:
                    yield ()
        finally:
            self._leave()

    def _enter(self) -> None:
        self._readers += 1
        if self._looking is None:
            self._loop = asyncio.get_running_loop()
            self._looking = self._loop.create_task(self._look())

    def _leave(self) -> None:
        self._readers -= 1
        if self._readers == 0 and self._looking is not None:
            self._looking.cancel()
            self._looking, self._loop = None, None

    async def _look(self) -> None:
        newest = -1
        while True:
            # A database that is away for a moment is readiness' to report; the pages wait.
            with contextlib.suppress(SQLAlchemyError):
                found = await asyncio.to_thread(self._last_id)
                if found != newest:
                    newest = found
                    self._tell()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), self._interval)
            self._nudged.clear()

    def _tell(self) -> None:
        """Wake every reader; the next change has an event of its own."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _read(self, community: str, after: int) -> list[LocalMessage]:
        with self._store.reading() as session:
            return local.messages_after(session, after, community=community, limit=BATCH)

    def _last_id(self) -> int:
        with self._store.reading() as session:
            return local.last_id(session)
