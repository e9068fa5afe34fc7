"""What the rate limits let leave: shared by replicas, answers first, in order, and nothing waits claimed."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from scheduler.delivery import Delivery
from scheduler.port import Capabilities, Post, RateLimited
from scheduler.sending import SEND_WITHIN_SECONDS
from store import claims, limits
from store.engine import Store
from store.limits import Limit
from store.states import OutboxState
from tests.fakes.bench import Bench
from tests.fakes.network import GENERAL, brussels

DUE = brussels("2027-02-10 09:00")
SECOND = dt.timedelta(seconds=1)
TEN = tuple(replace(GENERAL, key=f"c{number}", digest=False) for number in range(10))


def limited(store: Store, **given: Limit) -> Bench:
    """Ten communities, each owed one post at `DUE`, on a platform with limits."""
    bench = Bench(store, communities=TEN)
    bench.platform.capabilities = Capabilities(find=True, **given)
    bench.clock.moment = DUE
    return bench


def told(bench: Bench) -> list[str]:
    return [each.post.community.key for each in bench.platform.posts if each.post.community]


def states(bench: Bench) -> list[str]:
    return [state.value for state in bench.states().values()]


def test_replicas_share_the_budget_of_an_account(store: Store) -> None:
    """C-41: four posts in ten seconds, however many replicas tick."""
    bench = limited(store, account_limit=Limit(number=4, per=10 * SECOND))

    async def together() -> None:
        await asyncio.gather(*(bench.delivery(f"host-{number}").tick() for number in range(3)))

    asyncio.run(together())
    assert len(told(bench)) == 4
    assert states(bench).count("planned") == 6, "nothing waits claimed"
    bench.tick(DUE + 9 * SECOND)
    assert len(told(bench)) == 4
    bench.tick(DUE + 10 * SECOND)
    bench.tick(DUE + 20 * SECOND)
    assert sorted(told(bench)) == sorted(each.key for each in TEN)
    assert {each.state for each in _entries(bench)} == {OutboxState.SENT}
    assert {each.attempts for each in _entries(bench)} == {1}


def test_a_channel_has_a_budget_of_its_own(store: Store) -> None:
    """C-41: one post a second in a channel; the others do not wait for it."""
    bench = limited(store, channel_limit=Limit(number=1, per=SECOND))
    answers = [asked(bench, number) for number in (1, 2, 3)]
    bench.tick()
    assert len(told(bench)) == 10, "one in each"
    assert bench.platform.requests[0].key == answers[0], "an answer goes before what is unasked"
    for seconds in (1, 2, 3):
        bench.tick(DUE + seconds * SECOND)
    assert [each.key for each in bench.platform.requests if each.kind == "answer"] == answers
    assert len(told(bench)) == 13


def test_answers_go_before_what_nobody_asked(store: Store) -> None:
    bench = limited(store, account_limit=Limit(number=2, per=10 * SECOND))
    for number in (1, 2, 3):
        asked(bench, number)
    bench.tick()
    assert [each.kind for each in bench.platform.requests] == ["answer", "answer"]
    bench.tick(DUE + 10 * SECOND)
    assert [each.kind for each in bench.platform.requests][2:] == ["answer", "reminder"]


def test_what_is_held_up_says_when_it_may_leave(store: Store) -> None:
    """The clockwork looks then, rather than at the next tick."""
    bench = limited(store, account_limit=Limit(number=10, per=10 * SECOND))
    delivery, waits = bench.delivery(), list[dt.timedelta]()
    delivery.on_held_up = waits.append
    bench.tick(delivery=delivery)
    assert len(told(bench)) == 10
    asked(bench, 1)
    bench.tick(DUE + 4 * SECOND, delivery)
    assert waits[-1] == 6 * SECOND


def test_a_wait_that_the_platform_asks_for_binds_every_replica(store: Store) -> None:
    """C-7, C-20: the clocks of the replicas differ by a minute; the wait goes by the one that they share."""
    bench = limited(store)
    bench.platform.script = [RateLimited(retry_after=40 * SECOND)]
    bench.tick()
    fast = Delivery(
        store,
        {"local": bench.platform},
        bench.rules,
        lambda: bench.clock.now() + 60 * SECOND,
        "host-2",
        pace=lambda session: bench.clock.now(),
    )
    bench.tick(DUE + 30 * SECOND, fast)
    assert not told(bench)
    bench.tick(DUE + 40 * SECOND, fast)
    assert sorted(told(bench)) == sorted(each.key for each in TEN)


def test_what_was_given_back_costs_no_budget(store: Store) -> None:
    bench = limited(store, account_limit=Limit(number=5, per=10 * SECOND))
    delivery = bench.delivery()
    bench.platform.during = lambda post: delivery.stop()
    bench.tick(delivery=delivery)
    assert states(bench).count("sent") == 1
    with store.reading() as session:
        assert limits.peek(session, "local").left(Limit(number=5, per=10 * SECOND), DUE) == 4


def test_a_look_for_a_lost_post_is_a_call_too(store: Store) -> None:
    bench = limited(store, account_limit=Limit(number=2, per=300 * SECOND))
    bench.platform.script = ["accept-then-timeout", "ok"]
    delivery = bench.delivery()
    bench.tick(delivery=delivery)
    bench.tick(DUE + 60 * SECOND, delivery)
    assert bench.platform.finds == 0
    bench.tick(DUE + 301 * SECOND, delivery)
    assert bench.platform.finds == 1


def test_a_replica_that_slept_over_its_claim_sends_nothing(store: Store) -> None:
    """C-4: stopped between claim and sending, by a scripted clock; what it claimed is owed as before."""
    bench = limited(store)
    seconds = iter([0.0, 0.0, *[claims.CLAIM.total_seconds()] * 50])
    sleeper = Delivery(
        store, {"local": bench.platform}, bench.rules, bench.clock.now, "host-1", steady=lambda: next(seconds)
    )
    bench.tick(delivery=sleeper)
    assert not bench.platform.requests
    assert set(states(bench)) == {"planned"}
    assert bench.tick().sent == 10


def test_a_replica_that_is_frozen_on_the_way_to_the_wire_sends_nothing(store: Store) -> None:
    """C-4: after delivery's own check; the platform asks once more just before the first byte."""
    bench = limited(store, account_limit=Limit(number=10, per=SECOND))
    steady = [0.0]
    sleeper = Delivery(
        store, {"local": bench.platform}, bench.rules, bench.clock.now, "host-1", steady=lambda: steady[0]
    )

    def freeze(post: Post) -> None:
        if len(bench.platform.posts) == 3:
            steady[0] += claims.CLAIM.total_seconds()

    bench.platform.before = freeze
    bench.tick(delivery=sleeper)
    assert len(bench.platform.posts) == 3
    assert len(bench.platform.requests) == 3
    assert sorted(states(bench)) == ["planned"] * 7 + ["sent"] * 3
    assert {each.attempts for each in _entries(bench) if each.state is OutboxState.PLANNED} == {0}
    assert bench.tick().sent == 7, "what never left costs no budget"


def test_a_replica_that_is_too_slow_for_its_claims_claims_fewer(store: Store) -> None:
    """C-20: else nothing would ever leave, where ten posts take longer than a claim lasts."""
    bench = limited(store)
    steady = [0.0]
    slow = Delivery(
        store, {"local": bench.platform}, bench.rules, bench.clock.now, "host-1", steady=lambda: steady[0]
    )

    def take_long(post: Post) -> None:
        steady[0] += SEND_WITHIN_SECONDS / 4

    bench.platform.before = take_long
    first = bench.tick(delivery=slow)
    assert (first.claimed, first.sent) == (10, 4)
    second = bench.tick(delivery=slow)
    assert (second.claimed, second.sent) == (6, 6)


def test_what_has_not_left_when_the_bot_stops_is_withheld(store: Store) -> None:
    bench = limited(store)
    delivery = bench.delivery()

    def stop(post: Post) -> None:
        delivery.stop()

    bench.platform.before = stop
    bench.tick(delivery=delivery)
    assert not bench.platform.requests
    assert set(states(bench)) == {"planned"}


def test_order_in_a_thread_is_that_of_the_questions_whatever_the_clocks_say(store: Store) -> None:
    """C-20: the first question was answered by a replica whose clock is half a minute ahead."""
    bench = limited(store)
    bench.clock.forward(seconds=30)
    bench.answer(1)
    bench.clock.forward(seconds=-30)
    second = bench.answer(2)
    asyncio.run(bench.delivery().deliver([second]))
    bench.tick()
    assert not [each for each in bench.platform.requests if each.kind == "answer"], "the first is not due"
    bench.clock.forward(seconds=30)
    bench.tick()
    answers = [each.key for each in bench.platform.requests if each.kind == "answer"]
    assert answers == ["answer:local:1", "answer:local:2"]


def asked(bench: Bench, number: int) -> str:
    """An answer owed in the first of the ten communities."""
    return bench.answer(number, community="c0")


def _entries(bench: Bench) -> list[claims.Entry]:
    from store import outbox

    with bench.store.reading() as session:
        return outbox.entries(session)
