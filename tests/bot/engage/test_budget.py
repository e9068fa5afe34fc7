"""One budget for reading and writing: nothing is crowded out, and no limit is ever met."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from bot.platforms.engage.budget import CALLS, POLLS, CallBudget
from bot.platforms.engage.feeds import Feed, FeedKind, FeedState, Gap, plan
from bot.platforms.engage.turns import turns
from handlers.model import Community
from handlers.reply import Reply
from store import outbox
from store.codec import dump
from store.engine import Store
from store.outbox import Owed
from store.states import OutboxState
from tests.fakes.engage.tenant import START, Tenant

MINUTE = dt.timedelta(minutes=1)
QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"


def test_many_posts_are_spread_and_a_question_meanwhile_is_answered_first(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store, *(f"Groep {number}" for number in range(30)))
    tenant.run(300)
    now = tenant.clock.now()
    with sqlite_store.writing() as session:
        for number in range(60):
            owed = Owed(
                key=f"answer:engage:own-{number}",
                kind="answer",
                platform="engage",
                community_key=f"groep-{number % 30 + 1}",
                due_at=now,
                late_until=now + dt.timedelta(days=1),
                payload={"reply": dump(Reply(headline=f"Bericht {number}"))},
            )
            outbox.enqueue(session, owed, now)
    tenant.run(30)
    asked = tenant.ask(QUESTION)

    tenant.run(15 * 60)

    assert {entry.state for entry in tenant.entries()} == {OutboxState.SENT}
    (answer,) = tenant.world.by_bot(thread=asked.thread)
    last = max(said.at for said in tenant.world.by_bot())
    assert last - now > dt.timedelta(minutes=4)
    assert answer.at - asked.at < dt.timedelta(minutes=8)
    assert tenant.rest.violations == []


def test_two_replicas_draw_on_one_budget_and_polls_leave_room(store: Store) -> None:
    clock = START
    budgets = [CallBudget(store, "engage", f"host-{number}", lambda _: clock) for number in (1, 2)]
    with store.writing() as session:
        polls = [budgets[number % 2].take_in(session, is_poll=True) for number in range(CALLS.number)]
    assert polls == [True] * POLLS + [False] * (CALLS.number - POLLS)
    others = [budgets[number % 2].take() for number in range(CALLS.number)]
    assert sum(others) == CALLS.number - POLLS
    clock += CALLS.per
    assert budgets[0].take()


def test_what_can_wait_leaves_room_for_what_cannot(store: Store) -> None:
    budget = CallBudget(store, "engage", "host-1", lambda _: START)
    assert [budget.take(leave=4) for _ in range(6)] == [True] * 4 + [False] * 2
    assert budget.take()


def communities(number: int) -> list[Community]:
    return [
        Community(key=f"groep-{each}", platform="engage", name=f"Groep {each}", channel=str(each))
        for each in range(1, number + 1)
    ]


@pytest.mark.parametrize(("number", "polled"), [(1, 3), (4, 6), (5, 3), (30, 3)])
def test_no_more_than_six_feeds_are_polled_however_many_communities(number: int, polled: int) -> None:
    feeds = plan(communities(number), MINUTE)
    assert sum(not feed.only_reconcile for feed in feeds) == polled
    assert {feed.community.key for feed in feeds if feed.community} == {
        each.key for each in communities(number)
    }


def test_feeds_take_turns_evenly_over_the_minute() -> None:
    feeds = [feed for feed in plan(communities(30), MINUTE) if not feed.only_reconcile]
    states = {feed.path: FeedState() for feed in feeds}
    clock, asked = START, []
    for _ in range(180):
        due, _ = turns([(feed, states[feed.path]) for feed in feeds], MINUTE, clock)
        for feed in due:
            asked.append((clock, feed.path))
            states[feed.path] = FeedState(polled_at=clock)
        clock += dt.timedelta(seconds=1)
    between = [later[0] - earlier[0] for earlier, later in itertools.pairwise(asked)]
    assert min(between) >= dt.timedelta(seconds=20)
    assert max(between) <= dt.timedelta(seconds=22)
    assert len({path for _, path in asked}) == 3


def test_a_poll_reads_a_while_back_and_a_clock_that_was_put_back_stops_nothing() -> None:
    feed = Feed(path="/messages/received.json", kind=FeedKind.RECEIVED, every=MINUTE)
    state = FeedState(polled_at=START)
    for number in range(6):
        state = state.read(100 + number, START + number * MINUTE, None)
    assert state.newest == 105
    assert state.since(START + 5 * MINUTE) == 102
    assert state.is_due(feed, START - dt.timedelta(hours=1))


def test_what_was_left_unread_gives_a_turn_between_polls() -> None:
    feed = Feed(path="/messages/received.json", kind=FeedKind.RECEIVED, every=MINUTE)
    state = FeedState(polled_at=START, gap=Gap(above=1, below=9))
    assert not state.is_due(feed, START + dt.timedelta(seconds=30))
    assert state.wants_turn(feed, START + dt.timedelta(seconds=30))
