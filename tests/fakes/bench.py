"""A store with a plan, a platform that records and a clock that is put forward."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from dataclasses import replace

from handlers.model import Atrium, Community, Kind
from handlers.reply import Reply
from scheduler.changes import replan_all
from scheduler.delivery import Delivery
from scheduler.plan import ANSWER
from scheduler.rules import PostRules, Rules
from scheduler.tick_report import TickReport
from store import outbox
from store.codec import dump
from store.engine import Store
from store.outbox import Entry, Owed
from store.states import OutboxState
from tests.fakes.network import COMMUNITIES, atrium, brussels, fill
from tests.fakes.platform import RecordingPlatform, SteeredClock

#: One reminder, a week before, and nothing else that could be said.
QUIET = Rules(
    reminders={kind: (dt.timedelta(days=7),) for kind in Kind},
    deadline=(),
    posts=PostRules(save_the_date={}, thanks={}),
)
SILENT = tuple(replace(each, digest=False) for each in COMMUNITIES)


class Bench:
    """A store with one plan, a platform and a clock."""

    def __init__(
        self,
        store: Store,
        *atria: Atrium,
        rules: Rules = QUIET,
        communities: tuple[Community, ...] = SILENT,
        planned_at: str = "2026-11-23 10:00",
    ) -> None:
        self.store, self.rules = store, rules
        self.clock = SteeredClock(brussels(planned_at))
        self.platform = RecordingPlatform(now=self.clock.now)
        fill(store, *(atria or (atrium(),)), communities=communities)
        replan_all(store, rules, self.clock.now())

    def delivery(self, holder: str = "host-1") -> Delivery:
        return Delivery(
            self.store,
            {"local": self.platform},
            self.rules,
            self.clock.now,
            holder,
            chance=random.Random(1),
        )

    def tick(self, at: dt.datetime | None = None, delivery: Delivery | None = None) -> TickReport:
        if at is not None:
            self.clock.moment = at
        return asyncio.run((delivery or self.delivery()).tick())

    def states(self) -> dict[str, OutboxState]:
        with self.store.reading() as session:
            return {each.key: each.state for each in outbox.entries(session)}

    def only(self, community: str = "algemeen") -> Entry:
        with self.store.reading() as session:
            (found,) = outbox.entries(session, community=community)
        return found

    def answer(self, number: int, thread: str = "t-1", community: str = "algemeen") -> str:
        owed = Owed(
            key=f"answer:local:{number}",
            kind=ANSWER,
            platform="local",
            community_key=community,
            thread=thread,
            due_at=self.clock.now(),
            late_until=self.clock.now() + dt.timedelta(days=1),
            payload={"reply": dump(Reply(headline=f"Antwoord {number}"))},
        )
        with self.store.writing() as session:
            outbox.enqueue(session, owed, self.clock.now())
        return owed.key
