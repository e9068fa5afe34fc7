"""What became of posts is written down: settled in a short transaction, or given back as it was."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session

from scheduler.doubts import Runner
from scheduler.limits import Budget, is_limited
from scheduler.look import Outgoing
from scheduler.outcomes import settlement_of
from scheduler.port import Outcome, Platform, RateLimited, Sent, Withheld
from scheduler.tick_report import TickReport
from store import settlements
from store.courier import Courier
from store.engine import Store
from store.settlements import Settled, Settlement
from store.states import OutboxState

log = logging.getLogger(__name__)

#: A post that was sent, or tried, and what the platform said.
Done: TypeAlias = tuple[Outgoing, Outcome]


class Ledger:
    """Settles what this process claimed; the arguments are those of `scheduler.delivery.Delivery`."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], dt.datetime],
        pace: Callable[[Session], dt.datetime],
        run: Runner,
        courier: Courier,
    ) -> None:
        self._store = store
        self._courier = courier
        self._now = now
        self._pace = pace
        self._run = run
        #: Aware UTC of when a post was last settled; None before the first.
        self.settled_at: dt.datetime | None = None

    async def settle(
        self,
        platform: Platform,
        done: Sequence[Done],
        report: TickReport,
        pause: dt.timedelta | None,
    ) -> bool:
        """Write down what became of posts; False when another settled one of them in the meantime.

        Args:
            pause: how long to leave the platform alone from now on.
        """
        is_plain = pause is None and not is_limited(platform.capabilities)
        if is_plain and await self._settle_sent(done, report):
            return True

        def write() -> tuple[list[Settled], frozenset[int]]:
            with self._store.writing() as session:
                self._count_calls(session, platform, [outgoing for outgoing, _ in done], pause)
                settled = [
                    each
                    for outgoing, outcome in done
                    for each in self._settled(session, platform, outgoing, outcome)
                ]
                return settled, settlements.settle_all(session, settled)

        settled, ours = await self._run(write)
        for each in settled:
            if each.entry.id in ours:
                report.add(each.outcome.state)
            else:
                log.warning("post %s was settled by another in the meantime", each.entry.key)
        self.settled_at = self._now()
        return len(ours) == len(settled)

    async def _settle_sent(self, done: Sequence[Done], report: TickReport) -> bool:
        """Settle what is settled most often, posts that were sent, without a transaction of everything."""
        at = self._now()
        sent = [
            Settled(entry=entry, outcome=settlement_of(outcome), at=at)
            for outgoing, outcome in done
            if isinstance(outcome, Sent) and outcome.message_id
            for entry in outgoing.entries
        ]
        if not self._courier.is_open or len(sent) != sum(len(outgoing.entries) for outgoing, _ in done):
            return False
        write = partial(self._courier.settle, sent)
        if not (write() if self._courier.is_prompt else await self._run(write)):
            return False
        report.add(OutboxState.SENT, len(sent))
        self.settled_at = at
        return True

    async def give_back(self, platform: Platform, queue: Sequence[Outgoing], report: TickReport) -> None:
        """What was claimed and not tried is planned again, at the moment it had."""
        if not queue:
            return

        def write() -> int:
            back = Settlement(state=OutboxState.PLANNED)
            with self._store.writing() as session:
                if is_limited(platform.capabilities):
                    budget = self._budget(session, platform)
                    budget.never_left(queue)
                    budget.keep()
                return sum(
                    settlements.settle(session, entry, back, self._now(), untried=True)
                    for outgoing in queue
                    for entry in outgoing.entries
                )

        report.add(OutboxState.PLANNED, await self._run(write))

    def _settled(
        self, session: Session, platform: Platform, outgoing: Outgoing, outcome: Outcome
    ) -> list[Settled]:
        can_find = platform.capabilities.find or outgoing.post.edits is not None
        settlement = settlement_of(outcome, can_find)
        in_doubt = settlement.state is OutboxState.AMBIGUOUS
        at = self._pace(session) if in_doubt else self._now()
        untried = isinstance(outcome, RateLimited | Withheld)
        return [Settled(entry=each, outcome=settlement, at=at, untried=untried) for each in outgoing.entries]

    def _count_calls(
        self,
        session: Session,
        platform: Platform,
        left: Collection[Outgoing],
        pause: dt.timedelta | None,
    ) -> None:
        if pause is None and not is_limited(platform.capabilities):
            return
        budget = self._budget(session, platform)
        for outgoing in left:
            budget.left_at(outgoing)
        if pause is not None:
            budget.close(pause)
        budget.keep()

    def _budget(self, session: Session, platform: Platform) -> Budget:
        return Budget(
            session=session,
            platform=platform.name,
            capabilities=platform.capabilities,
            pace=self._pace,
        )
