"""The plan of what members are owed in private is pure, bounded, and shown without who they are."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handlers.model import Atrium, Follow, FollowWhat, Status
from scheduler import personal
from scheduler.changes import replan_all
from scheduler.preview import preview, texts_of
from scheduler.rules import Rules
from scheduler.simulation import simulate
from store import members, outbox, replanning, subscriptions
from store.agenda import save_atrium
from store.engine import Store
from store.replanning import Replanned
from store.subscriptions import Subscriber
from tests.fakes.network import atrium, brussels
from tests.fakes.private import PrivateNetwork

WATER = atrium("2027-02-17 09:30", uid="atr-1-044")
AN = Subscriber(
    member_id=12,
    platform="slack",
    external_id="U1",
    follows=(Follow(what=FollowWhat.ALL), Follow(what=FollowWhat.ATRIUM, value="atr-1-044")),
    reminders=(dt.timedelta(days=7), dt.timedelta(days=1)),
)
FAR = brussels("2030-01-01 09:00")


def test_a_member_is_owed_one_reminder_for_each_moment() -> None:
    owed = list(personal.owed_to(AN, [WATER], Rules(), FAR))
    assert [(each.key, each.due_at) for each in owed] == [
        ("personal_reminder:atr-1-044:1:7d:lid-12", brussels("2027-02-10 09:00")),
        ("personal_reminder:atr-1-044:1:1d:lid-12", brussels("2027-02-16 09:00")),
    ]
    assert all(each.community_key is None and each.member_id == 12 for each in owed)
    assert owed[0].late_until == brussels("2027-02-10 17:00")


def test_a_key_names_nobody() -> None:
    (first, *_) = personal.owed_to(AN, [WATER], Rules(), FAR)
    assert "U1" not in first.key


def test_what_is_called_off_or_not_followed_owes_nothing() -> None:
    off = replace(WATER, status=Status.GEANNULEERD)
    stranger = replace(AN, follows=(Follow(what=FollowWhat.PLACE, value="Gent"),))
    assert list(personal.owed_to(AN, [off], Rules(), FAR)) == []
    assert list(personal.owed_to(stranger, [WATER], Rules(), FAR)) == []
    assert list(personal.owed_to(replace(AN, reminders=()), [WATER], Rules(), FAR)) == []


def test_no_reminder_falls_in_the_weekend_or_after_the_start() -> None:
    monday = atrium("2027-02-22 08:00", uid="atr-1-046")
    owed = list(personal.owed_to(AN, [monday], Rules(), FAR))
    assert [each.due_at for each in owed] == [brussels("2027-02-15 09:00"), brussels("2027-02-19 09:00")]


def _followed(store: Store) -> PrivateNetwork:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    for who in ("U0WILMA42", "U0JOZEF43"):
        network.say("volg alles", who=who)
    return network


def _owed(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {each.key: each.state.value for each in outbox.entries(session, kinds=personal.PERSONAL)}


def test_planning_everything_anew_changes_nothing(store: Store) -> None:
    network = _followed(store)
    before = _owed(store)
    assert len(before) == 4
    replan_all(store, network.rules, network.clock.now())
    assert _owed(store) == before


def _moved_meanwhile(store: Store, network: PrivateNetwork, after: Atrium) -> None:
    with store.writing() as session:
        save_atrium(session, after)
        personal.on_changed(session, WATER, after, network.rules, network.clock.now())


def test_a_change_that_is_made_while_members_are_planned_anew_stands(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-27: between two transactions of the planning."""
    network = _followed(sqlite_store)
    moved = replace(WATER, starts_at=brussels("2027-02-24 14:00"), ends_at=brussels("2027-02-24 16:00"))
    monkeypatch.setattr(personal, "MEMBERS_AT_A_TIME", 1)
    writing, pending = sqlite_store.writing, [moved]

    @contextmanager
    def interrupted() -> Iterator[Session]:
        with writing() as session:
            yield session
        if pending:
            after = pending.pop()
            with monkeypatch.context() as undisturbed:
                undisturbed.setattr(sqlite_store, "writing", writing)
                _moved_meanwhile(sqlite_store, network, after)

    monkeypatch.setattr(sqlite_store, "writing", interrupted)
    personal.replan_all(sqlite_store, network.rules, network.clock.now())
    with sqlite_store.reading() as session:
        owed = outbox.entries(session, kinds=[personal.PERSONAL_REMINDER])
    assert {each.due_at for each in owed} == {brussels("2027-02-17 09:00"), brussels("2027-02-23 09:00")}


def test_planning_members_anew_holds_the_agenda(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-27: who changes an atrium meanwhile waits, and plans after."""
    network = _followed(postgres_store)
    replan, waited = replanning.replan, []

    def change_in_haste() -> None:
        with postgres_store.writing() as changing:
            changing.execute(text("SET LOCAL lock_timeout = '50ms'"))
            save_atrium(changing, replace(WATER, title="Thematisch Atrium: water"))

    def held(*given: Any) -> Replanned:
        with pytest.raises(OperationalError, match="lock timeout"):
            change_in_haste()
        waited.append(True)
        return replan(*given)

    monkeypatch.setattr(replanning, "replan", held)
    personal.replan_all(postgres_store, network.rules, network.clock.now())
    assert waited
    change_in_haste()


def test_a_wish_that_is_made_while_everything_is_planned_anew_stands(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-27: on a server others write meanwhile; what a new wish owes is not taken back."""
    network = _followed(postgres_store)
    with postgres_store.writing() as session:
        member = members.member_id_of(session, "slack", "U0WILMA42")
        members.unfollow(session, member, None)
        personal.replan_member(session, member, network.rules, network.clock.now())
    subscribers, wish = subscriptions.subscribers, Follow(what=FollowWhat.ALL)

    def followed_meanwhile(*given: Any) -> list[Subscriber]:
        found = subscribers(*given)
        monkeypatch.setattr(subscriptions, "subscribers", subscribers)
        with postgres_store.writing() as session:
            members.follow(session, member, wish, network.clock.now())
            personal.replan_follow(session, member, wish, network.rules, network.clock.now())
        return found

    with postgres_store.writing() as session:
        members.follow(session, member, Follow(what=FollowWhat.PLACE, value="Brugge"), network.clock.now())
    monkeypatch.setattr(subscriptions, "subscribers", followed_meanwhile)
    personal.replan_all(postgres_store, network.rules, network.clock.now())
    assert list(_owed(postgres_store).values()) == ["planned"] * 4


def test_each_day_the_plan_moves_up(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("volg alles")
    assert _owed(store) == {}
    replan_all(store, network.rules, brussels("2027-01-12 09:00"))
    assert set(_owed(store).values()) == {"planned"}


def test_a_dropped_wish_leaves_what_another_wish_names(store: Store) -> None:
    network = _followed(store)
    network.say("herinner mij aan atr-1-044", who="U0WILMA42")
    network.say("ontvolg atr-1-044", who="U0WILMA42")
    assert set(_owed(store).values()) == {"planned"}


def test_a_simulation_tells_what_members_will_be_told_and_not_who(store: Store) -> None:
    network = _followed(store)
    posted = asyncio.run(simulate(store, network.rules, dt.date(2027, 2, 1), dt.date(2027, 2, 28)))
    told = [each for each in posted if each.kind == "personal_reminder"]
    assert [each.community for each in told] == ["een lid"] * 4
    assert [each.atrium for each in told] == ["atr-1-044"] * 4
    assert told[0].text.startswith("Volgende week: Thematisch Atrium: circulair bouwen")
    assert "WILMA" not in repr(posted)


def test_a_simulation_with_faults_says_the_same(store: Store) -> None:
    network = _followed(store)
    span = (dt.date(2027, 2, 1), dt.date(2027, 2, 28))
    calm = asyncio.run(simulate(store, network.rules, *span))
    faults = {"429": 0.2, "timeout": 0.2, "crash": 0.1, "unreachable": 0.1}
    shaken = asyncio.run(simulate(store, network.rules, *span, faults=faults, seed=3))
    assert sorted(key for each in calm for key in each.keys) == sorted(
        key for each in shaken for key in each.keys
    )


def test_the_plan_shows_what_members_will_be_told(store: Store) -> None:
    network = _followed(store)
    found = asyncio.run(preview(store, network.rules, network.clock.now(), 14))
    assert [each.community for each in found if each.kind == "personal_reminder"] == ["een lid"] * 2
    assert "WILMA" not in repr(found)


def test_the_outbox_shows_the_text_of_what_a_member_is_owed(store: Store) -> None:
    network = _followed(store)
    with store.writing() as session:
        (first, *_) = outbox.entries(session, kinds=personal.PERSONAL)
        texts = texts_of(session, [first], network.rules, network.clock.now())
    assert texts[first.id].startswith("Volgende week: ")
