"""Posts that were claimed leave, outside any transaction: one after the other, or several at once.

What a platform does never leaves this module as a fault, and no post leaves on a claim that ran out.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from scheduler.claiming import CLAIM_SIZE, Batch
from scheduler.ledger import Done, Ledger
from scheduler.limits import LEAVES_WITHIN
from scheduler.port import NotAccepted, Outcome, Platform, Post, RateLimited, Sent, Unknown, Withheld
from scheduler.tick_report import TickReport
from store.outbox import Entry

log = logging.getLogger(__name__)

#: A claim that is older is given back unsent rather than risked: the lease must outlast the request.
SEND_WITHIN_SECONDS = LEAVES_WITHIN.total_seconds()

#: So many posts are settled together when a platform answers faster than this, in seconds. After a crash
#: they are in doubt together, so only where a post can be found again.
SETTLED_TOGETHER = 8
FAST_SECONDS = 0.006

#: Answers of different threads that leave at the same time.
AT_ONCE = 8

#: How long a platform is left alone after it could not be reached: doubled each time, up to the second.
FIRST_PAUSE = dt.timedelta(seconds=2)
LONGEST_PAUSE = dt.timedelta(minutes=10)


class Sending:
    """Sends for one process.

    Args:
        ledger: where is written down what became of posts.
        steady: seconds that go on while the process is stopped.
        chance: spreads the pauses of several processes.
    """

    def __init__(self, ledger: Ledger, steady: Callable[[], float], chance: random.Random) -> None:
        self._ledger = ledger
        self._steady = steady
        self._chance = chance
        #: Nothing more leaves; what was only claimed is given back.
        self.is_stopped = False
        #: How many posts are claimed at a time, by platform, where that is not `CLAIM_SIZE`.
        self._room: dict[str, int] = {}

    def room(self, name: str) -> int:
        """How many posts to claim at a time: fewer where they take so long that a claim runs out."""
        return self._room.get(name, CLAIM_SIZE)

    def may_leave(self, claimed_at: float) -> bool:
        """Whether what was claimed then may leave now: not when it slept over the end of the claim."""
        return not self.is_stopped and self._steady() - claimed_at <= SEND_WITHIN_SECONDS

    async def in_order(self, platform: Platform, batch: Batch, report: TickReport) -> None:
        """One post after the other; where posts can be found again, what is done is settled meanwhile."""
        may_leave = partial(self.may_leave, batch.claimed_at)
        settling: asyncio.Task[bool] | None = None
        done: list[Done] = []
        try:
            for position, outgoing in enumerate(batch.ready):
                asked_at = self._steady()
                outcome = await send(platform, replace(outgoing.post, may_leave=may_leave))
                if isinstance(outcome, Withheld):
                    self._room[platform.name] = max(position, 1)
                    await self._ledger.give_back(platform, batch.ready[position:], report)
                    return
                done.append((outgoing, outcome))
                pause = self.pause_after(outcome, outgoing.entries[0])
                is_plain = platform.capabilities.find and isinstance(outcome, Sent)
                is_fast = self._steady() - asked_at < FAST_SECONDS
                if is_plain and is_fast and len(done) < SETTLED_TOGETHER:
                    continue
                is_ours = await settling if settling is not None else True
                settling = asyncio.ensure_future(self._ledger.settle(platform, done, report, pause))
                done = []
                if not is_plain or not is_ours:
                    is_ours = await settling and is_ours
                if pause is not None or not is_ours:
                    await self._ledger.give_back(platform, batch.ready[position + 1 :], report)
                    return
            self._room[platform.name] = min(2 * self.room(platform.name), CLAIM_SIZE)
        finally:
            if settling is not None:
                await settling
            if done:
                await self._ledger.settle(platform, done, report, None)

    async def apart(self, platform: Platform, batch: Batch, report: TickReport) -> None:
        """Posts that need not wait for each other, several at once; what is done is settled meanwhile."""
        may_leave = partial(self.may_leave, batch.claimed_at)
        queue, done, pauses = deque(batch.ready), list[Done](), list[dt.timedelta]()
        settling = asyncio.Lock()

        async def settle() -> None:
            async with settling:
                while done:
                    taken, done[:] = done[:], []
                    await self._ledger.settle(platform, taken, report, max(pauses, default=None))

        async def leave() -> None:
            while queue and not pauses:
                outgoing = queue.popleft()
                outcome = await send(platform, replace(outgoing.post, may_leave=may_leave))
                if isinstance(outcome, Withheld):
                    queue.appendleft(outgoing)
                    return
                pause = self.pause_after(outcome, outgoing.entries[0])
                if pause is not None:
                    pauses.append(pause)
                done.append((outgoing, outcome))
                if not settling.locked():
                    await settle()

        try:
            await asyncio.gather(*(leave() for _ in range(min(AT_ONCE, len(queue)))))
        finally:
            await settle()
            await self._ledger.give_back(platform, tuple(queue), report)

    def pause_after(self, outcome: Outcome, entry: Entry) -> dt.timedelta | None:
        """How long to leave the platform alone after this outcome; None when it may go on."""
        if isinstance(outcome, RateLimited):
            return outcome.retry_after
        if isinstance(outcome, NotAccepted):
            doubled: dt.timedelta = min(FIRST_PAUSE * 2 ** min(entry.attempts - 1, 10), LONGEST_PAUSE)
            return doubled * (1 + self._chance.random() / 2)
        return None


async def send(platform: Platform, post: Post) -> Outcome:
    """Send a post, or edit what it takes the place of, unless it may not leave any more."""
    if not post.may_leave():
        return Withheld()
    try:
        if post.edits is not None:
            return await platform.edit(post.edits, post)
        return await platform.send(post)
    except Exception:
        # One of the two places where faults are caught: a platform's must not stop the others.
        log.exception("platform %s failed on post %s", platform.name, post.key)
        return Unknown(reason="reden.onbekende fout")
