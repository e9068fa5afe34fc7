"""The outbox: what is owed is kept once, moves with its atrium, and is settled by its claimer alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from store import claims, lapsed, lookout, outbox, post_acts, precedents, replanning, settlements
from store.claims import Claim
from store.engine import Store
from store.leases import database_now
from store.outbox import Entry, Owed, UnknownPostError
from store.post_acts import TransitionError
from store.replanning import Replanned, Scope
from store.settlements import Settled, Settlement
from store.states import OutboxState
from store.tables import OutboxRow

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
REMINDERS = frozenset({"reminder"})
SENT = Settlement(state=OutboxState.SENT, message_id="m-1", thread="t-1")


def owed(number: int = 1, due_at: dt.datetime | None = None, **different: object) -> Owed:
    made = Owed(
        key=f"reminder:atr-{number}:1:7d:algemeen",
        kind="reminder",
        platform="local",
        community_key="algemeen",
        atrium_uid=f"atr-{number}",
        offset="7d",
        due_at=due_at or dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC),
    )
    return replace(made, **different)  # type: ignore[arg-type]


def claim_of(now: dt.datetime, holder: str = "host-1", **different: frozenset[str]) -> Claim:
    return replace(Claim(now=now, holder=holder, platform="local"), **different)  # type: ignore[arg-type]


def put(store: Store, now: dt.datetime, *posts: Owed) -> None:
    with store.writing() as session:
        for each in posts:
            outbox.enqueue(session, each, now)


def claimed(store: Store, now: dt.datetime, holder: str = "host-1", limit: int = 50) -> list[Entry]:
    with store.writing() as session:
        return claims.claim(session, claim_of(now, holder), limit)


def entry(store: Store, number: int = 1) -> Entry:
    with store.reading() as session:
        found = outbox.entry_with_key(session, owed(number).key)
    assert found is not None
    return found


def run_out(store: Store) -> None:
    with store.writing() as session:
        session.execute(update(OutboxRow).values(lease_until=database_now(session) - HOUR))


def replan(store: Store, now: dt.datetime, *posts: Owed, scope: Scope | None = None) -> Replanned:
    with store.writing() as session:
        return replanning.replan(session, posts, scope or Scope(kinds=REMINDERS), now)


# --- what is owed


def test_owing_twice_is_owing_once(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        assert outbox.enqueue(session, owed(), now)
        assert not outbox.enqueue(session, owed(), now)
    assert len(claimed(store, now)) == 1


def test_a_moved_atrium_moves_what_is_planned(store: Store, now: dt.datetime) -> None:
    """C-27."""
    replan(store, now, owed(due_at=now + DAY))
    assert replan(store, now, owed(due_at=now + 8 * DAY)) == Replanned(moved=1)
    assert entry(store).due_at == now + 8 * DAY


def test_what_is_no_longer_owed_is_taken_back_and_comes_back_when_owed_again(
    store: Store, now: dt.datetime
) -> None:
    replan(store, now, owed(due_at=now + DAY))
    assert replan(store, now) == Replanned(voided=1)
    assert (entry(store).state, entry(store).reason) == (OutboxState.SKIPPED, "reden.niet langer gepland")
    assert replan(store, now, owed(due_at=now + 2 * DAY)) == Replanned(moved=1)
    assert (entry(store).state, entry(store).due_at) == (OutboxState.PLANNED, now + 2 * DAY)


def test_planning_the_same_again_changes_nothing(store: Store, now: dt.datetime) -> None:
    posts = [owed(number, due_at=now + number * DAY) for number in range(1, 4)]
    assert replan(store, now, *posts) == Replanned(planned=3)
    assert replan(store, now, *posts) == Replanned()


def test_the_past_is_never_planned(store: Store, now: dt.datetime) -> None:
    """C-28."""
    assert replan(store, now, owed(due_at=now - HOUR)) == Replanned(passed=1)
    known_later = owed(2, due_at=now + HOUR, known_at=now + 2 * HOUR)
    assert replan(store, now, known_later) == Replanned(passed=1)


def test_what_is_merely_late_stays_planned(store: Store, now: dt.datetime) -> None:
    """C-11: a new plan between the due moment and the tick takes nothing away."""
    late = owed(due_at=now, late_until=now + 8 * HOUR)
    replan(store, now - HOUR, late)
    assert replan(store, now + HOUR, late) == Replanned()
    assert entry(store).state is OutboxState.PLANNED


def test_what_moves_into_the_past_is_taken_back(store: Store, now: dt.datetime) -> None:
    """C-30: an atrium that is moved forward sends no reminder of last week."""
    replan(store, now, owed(due_at=now + 14 * DAY, late_until=now + 15 * DAY))
    moved = owed(due_at=now - 3 * DAY, late_until=now - 2 * DAY)
    assert replan(store, now, moved) == Replanned(voided=1)
    assert entry(store).reason == replanning.MOVED_TO_THE_PAST


def test_a_plan_leaves_what_was_sent_or_held_alone(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(1, due_at=now), owed(2, due_at=now + DAY))
    (taken,) = claimed(store, now)
    with store.writing() as session:
        assert settlements.settle(session, taken, SENT, now)
        found = outbox.entry_with_key(session, owed(2).key)
        assert found is not None
        post_acts.hold(session, found.id, now)
    assert replan(store, now) == Replanned()
    assert replan(store, now, owed(1, due_at=now + DAY), owed(2, due_at=now + 2 * DAY)) == Replanned()
    assert entry(store, 1).state is OutboxState.SENT
    assert entry(store, 2).due_at == now + DAY


def test_a_plan_of_one_atrium_leaves_others_alone(store: Store, now: dt.datetime) -> None:
    replan(store, now, owed(1, due_at=now + DAY), owed(2, due_at=now + DAY))
    one = Scope(kinds=REMINDERS, atria=frozenset({"atr-1"}))
    assert replan(store, now, scope=one) == Replanned(voided=1)
    assert entry(store, 2).state is OutboxState.PLANNED


def test_a_restored_backup_sends_nothing_of_the_past(store: Store, now: dt.datetime) -> None:
    """C-28."""
    put(store, now, owed(1, due_at=now - HOUR), owed(2, due_at=now + HOUR))
    with store.writing() as session:
        assert outbox.void_past(session, "teruggezet uit een reservekopie", now) == 1
    assert not claimed(store, now)


# --- claiming


def test_two_overlapping_ticks_claim_a_post_once(store: Store, now: dt.datetime) -> None:
    """C-1, C-3."""
    put(store, now, owed(due_at=now))
    assert len(claimed(store, now, "host-1")) == 1
    assert not claimed(store, now, "host-2")


def test_claims_in_open_transactions_do_not_meet(postgres_store: Store, now: dt.datetime) -> None:
    """C-3: three replicas claim at the same instant; each post goes to one of them, nobody waits."""
    put(postgres_store, now, *(owed(each, due_at=now, community_key=f"c{each}") for each in range(6)))
    with postgres_store.writing() as one, postgres_store.writing() as two, postgres_store.writing() as three:
        got = [
            claims.claim(session, claim_of(now, f"host-{number}"), 2)
            for number, session in enumerate((one, two, three))
        ]
    keys = [each.key for entries in got for each in entries]
    assert len(keys) == len(set(keys)) == 6


def test_what_is_not_due_is_not_claimed(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now + dt.timedelta(seconds=1)))
    assert not claimed(store, now)


def test_all_that_is_due_in_a_community_is_claimed_together(store: Store, now: dt.datetime) -> None:
    put(
        store, now, *(owed(each, due_at=now) for each in range(5)), owed(9, due_at=now, community_key="water")
    )
    assert {each.community_key for each in claimed(store, now, limit=2)} == {"algemeen"}
    assert entry(store, 4).state is OutboxState.CLAIMED


def test_a_community_with_an_open_claim_waits(store: Store, now: dt.datetime) -> None:
    """C-20: order within a community is kept."""
    put(store, now, owed(1, due_at=now))
    claimed(store, now)
    put(store, now, owed(2, due_at=now), owed(3, due_at=now, community_key="water"))
    assert [each.community_key for each in claimed(store, now, "host-2")] == ["water"]


def test_an_answer_waits_for_the_answer_before_it_in_its_thread(store: Store, now: dt.datetime) -> None:
    """C-20."""
    answers = [owed(each, due_at=now, kind="answer", thread="t-1") for each in (1, 2)]
    put(store, now, answers[0])
    claimed(store, now)
    put(store, now, answers[1], owed(3, due_at=now, kind="answer", thread="t-2"))
    assert [each.thread for each in claimed(store, now)] == ["t-2"]


def test_a_paused_community_gets_answers_only(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(1, due_at=now), owed(2, due_at=now, kind="answer"))
    with store.writing() as session:
        found = claims.claim(session, claim_of(now, closed=frozenset({"algemeen"})))
    assert [each.kind for each in found] == ["answer"]


# --- settling


def test_a_claim_is_settled_by_who_holds_it_alone(store: Store, now: dt.datetime) -> None:
    """C-2, C-4: a process that wakes up after its lease ran out cannot settle what another took."""
    put(store, now, owed(due_at=now))
    (first,) = claimed(store, now, "host-1")
    run_out(store)
    with store.writing() as session:
        assert lapsed.expire_claims(session, now) == 1
        assert not settlements.settle(session, first, SENT, now)
        (doubtful,) = outbox.ambiguous(session)
        assert doubtful.state is OutboxState.AMBIGUOUS
        assert settlements.settle(session, doubtful, Settlement(state=OutboxState.PLANNED), now)
    (second,) = claimed(store, now, "host-2")
    with store.writing() as session:
        assert not settlements.settle(session, first, SENT, now)
        assert settlements.settle(session, second, SENT, now)
        assert not settlements.settle(session, second, SENT, now), "once is once"
    assert entry(store).sent_at == now


def test_posts_that_are_settled_together_are_told_apart_when_one_was_taken_over(
    store: Store, now: dt.datetime
) -> None:
    put(store, now, *(owed(number) for number in (1, 2, 3)))
    first, second, third = claimed(store, now)
    with store.writing() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == second.id).values(fence=second.fence + 1))
    refused = Settlement(state=OutboxState.FAILED, reason="gesloten")
    with store.writing() as session:
        ours = settlements.settle_all(
            session,
            [
                Settled(entry=first, outcome=SENT, at=now),
                Settled(entry=second, outcome=SENT, at=now),
                Settled(entry=third, outcome=refused, at=now),
            ],
        )
        assert settlements.settle_all(session, []) == frozenset()
    assert ours == {first.id, third.id}
    assert [entry(store, number).state.value for number in (1, 2, 3)] == ["sent", "claimed", "failed"]
    assert (entry(store, 1).message_id, entry(store, 1).thread, entry(store, 1).sent_at) == (
        "m-1",
        "t-1",
        now,
    )


def test_what_is_being_settled_is_not_waited_for(postgres_store: Store, now: dt.datetime) -> None:
    """C-3: replicas that settle and expire the same posts do not lock each other out."""
    put(postgres_store, now, owed())
    (taken,) = claimed(postgres_store, now)
    run_out(postgres_store)
    with postgres_store.writing() as settling:
        assert settlements.settle(settling, taken, SENT, now)
        with postgres_store.writing() as expiring:
            expiring.execute(text("SET LOCAL lock_timeout = '50ms'"))
            assert lapsed.expire_claims(expiring, now) == 0


def test_a_running_claim_does_not_expire(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now))
    claimed(store, now)
    with store.writing() as session:
        assert lapsed.expire_claims(session, now + DAY) == 0, "the injected clock ends no lease"


@pytest.mark.parametrize(("back", "ran_out"), [(3 * HOUR, 1), (HOUR / 60, 0)])
def test_a_clock_that_is_set_back_keeps_no_claim(
    store: Store, now: dt.datetime, back: dt.timedelta, ran_out: int
) -> None:
    """C-4: a claim whose holder is gone runs out, and not only when the clock is there again."""
    put(store, now, owed(due_at=now))
    claimed(store, now)
    with store.writing() as session:
        ends = database_now(session) + claims.CLAIM + back
        session.execute(update(OutboxRow).values(lease_until=ends))
        assert lapsed.expire_claims(session, now) == ran_out


def test_sent_needs_the_platforms_id() -> None:
    """C-14."""
    with pytest.raises(ValueError, match="only with the platform's id"):
        Settlement(state=OutboxState.SENT)


# --- moderators


def test_a_held_post_stays_until_it_is_released(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now))
    with store.writing() as session:
        number = post_acts.hold(session, 1, now).id
    assert not claimed(store, now)
    with store.writing() as session:
        post_acts.release(session, number, now)
    assert len(claimed(store, now)) == 1


def test_a_skipped_post_can_be_sent_all_the_same(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now + DAY))
    number = entry(store).id
    with store.writing() as session:
        assert post_acts.skip(session, number, now).reason == "reden.door een moderator"
        again = post_acts.retry(session, number, now)
    assert (again.state, again.due_at, again.payload) == (OutboxState.PLANNED, now, {"asked": True})


def test_a_plan_does_not_bring_back_what_a_moderator_skipped(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now + DAY))
    number = entry(store).id
    with store.writing() as session:
        post_acts.skip(session, number, now)
    assert replan(store, now, owed(due_at=now + 2 * DAY)) == Replanned()


def test_a_wrong_step_says_what_is_allowed(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now + DAY))
    number = entry(store).id
    with store.writing() as session, pytest.raises(TransitionError, match="is planned: it allows hold, skip"):
        post_acts.release(session, number, now)
    with store.writing() as session, pytest.raises(UnknownPostError, match="no post 999"):
        post_acts.skip(session, 999, now)


@pytest.mark.parametrize("to", [OutboxState.SENT, OutboxState.PLANNED, OutboxState.SKIPPED])
def test_a_moderator_settles_a_doubt_for_all_that_was_said_with_it(
    store: Store, now: dt.datetime, to: OutboxState
) -> None:
    """C-2: never posted again blindly; a person decides where the platform cannot tell."""
    put(store, now, owed(1, due_at=now), owed(2, due_at=now))
    one, two = claimed(store, now)
    with store.writing() as session:
        claims.keep_payload(session, two, {"with": one.key})
    run_out(store)
    with store.writing() as session:
        lapsed.expire_claims(session, now)
    with store.writing() as session:
        with pytest.raises(ValueError, match="only with the platform's id"):
            post_acts.resolve(session, one.id, OutboxState.SENT, now)
        post_acts.resolve(session, one.id, to, now, message_id="m-7" if to is OutboxState.SENT else None)
    assert [entry(store, each).state for each in (1, 2)] == [to, to]


def test_the_atria_of_a_thread_are_known(store: Store, now: dt.datetime) -> None:
    put(store, now, owed(due_at=now))
    (taken,) = claimed(store, now)
    with store.writing() as session:
        settlements.settle(session, taken, SENT, now)
        assert precedents.atria_of_thread(session, "local", "t-1") == ["atr-1"]
        assert not precedents.atria_of_thread(session, "slack", "t-1")


# --- cost


def test_looking_for_what_is_due_goes_by_the_partial_index(sqlite_store: Store, now: dt.datetime) -> None:
    """A tick costs by what is due, never by what is stored."""
    with sqlite_store.reading() as session:
        peek = "EXPLAIN QUERY PLAN " + str(lookout._LOOK)
        lines = [row[-1] for row in session.execute(text(peek), {"now": "2026-11-23 09:00:00"})]
        due = select(OutboxRow.id).where(outbox.PLANNED, OutboxRow.due_at <= now).order_by(OutboxRow.due_at)
        compiled = str(due.compile(sqlite_store.engine, compile_kwargs={"literal_binds": False}))
        lines += [
            row[-1]
            for row in session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN " + compiled, ("2026-11-23 09:00:00",)
            )
        ]
    searches = [line for line in lines if "outbox" in line]
    assert len(searches) == 3
    assert all("ix_outbox_due" in line or "ix_outbox_open" in line for line in searches)
