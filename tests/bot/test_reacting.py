"""How many people reacted to what was posted is asked now and then, a few at a time, by one replica."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from bot.platforms.port import AUTH_REQUIRED, OK, Condition
from bot.reacting import AT_A_TIME, LOOKED_BACK, STALE_AFTER, Reacting
from store import outbox, reactions
from store.engine import Store
from store.outbox import Owed
from store.states import OutboxState
from store.tables import OutboxRow


@dataclass
class Counting:
    """A platform that tells how many reacted, and remembers what it was asked."""

    name: str = "slack"
    state: str = OK
    numbers: dict[str, int | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def condition(self) -> Condition:
        return Condition(state=self.state)

    async def reactions(self, message_id: str) -> int | None:
        self.asked.append(message_id)
        return self.numbers.get(message_id, 0)


class Clock:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def platform() -> Counting:
    return Counting()


def posted(store: Store, at: dt.datetime, *messages: str, kind: str = "reminder") -> None:
    with store.writing() as session:
        for each in messages:
            owed = Owed(
                key=f"{kind}:{each}", kind=kind, platform="slack", community_key="algemeen", due_at=at
            )
            outbox.enqueue(session, owed, at)
            row = update(OutboxRow).where(OutboxRow.key == owed.key)
            session.execute(row.values(state=OutboxState.SENT, message_id=each, sent_at=at))


def looking(store: Store, platform: Counting, clock: Clock, holder: str = "one") -> Reacting:
    return Reacting(store, [platform], lambda: clock.now, holder)  # type: ignore[list-item]  # no more is asked of it


def look(reacting: Reacting) -> int:
    return asyncio.run(reacting.look())


def test_posts_of_communities_are_asked_after_a_few_at_a_time_and_again_later(
    store: Store, platform: Counting, clock: Clock
) -> None:
    posted(store, clock.now, *"abcd")
    posted(store, clock.now, "answer", kind="answer")
    posted(store, clock.now - LOOKED_BACK - dt.timedelta(days=1), "old")
    platform.numbers = {"a": 3, "b": None}
    reacting = looking(store, platform, clock)
    assert look(reacting) == AT_A_TIME
    while look(reacting):
        pass
    assert sorted(platform.asked) == ["a", "b", "c", "d"]
    with store.reading() as session:
        assert reactions.counts(session, "slack", [*"abcd"]) == {"a": 3, "c": 0, "d": 0}
    clock.now += STALE_AFTER + dt.timedelta(seconds=1)
    assert look(reacting) == AT_A_TIME


def test_one_replica_asks_and_the_other_leaves_it(store: Store, platform: Counting, clock: Clock) -> None:
    posted(store, clock.now, *"abcd")
    assert look(looking(store, platform, clock)) == AT_A_TIME
    assert look(looking(store, platform, clock, "two")) == 0


def test_a_platform_that_is_away_is_not_asked(store: Store, platform: Counting, clock: Clock) -> None:
    posted(store, clock.now, "a")
    platform.state = AUTH_REQUIRED
    assert look(looking(store, platform, clock)) == 0
    assert platform.asked == []
