"""An edit of a planned announcement undoes nothing that was decided on it, or says so."""

from __future__ import annotations

import pytest

from bot.outcomes import Saved
from handlers.moderation.lifecycle import State
from scheduler import publishing
from store import outbox, post_acts
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState
from tests.fakes.desk import BOB, Desk, one_place, programme
from tests.fakes.network import brussels

MOMENT = {"publish_on": "2026-11-26", "publish_at": "09:00"}
TWO = one_place(**MOMENT, communities=("algemeen", "water"))


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def posts(desk: Desk, number: int) -> dict[str, Entry]:
    with desk.store.reading() as session:
        return {each.community_key or "": each for each in publishing.posts_of(session, desk.get(number))}


def planned(desk: Desk, **different: str | tuple[str, ...]) -> int:
    draft = desk.saved("save", TWO | different)
    return desk.saved("schedule", draft.id).id


def held_and_moved(desk: Desk, number: int) -> None:
    """The post in the one community is held, the one in the other goes a day later."""
    owed = posts(desk, number)
    with desk.store.writing() as session:
        post_acts.hold(session, owed["algemeen"].id, desk.now)
        post_acts.move(session, owed["water"].id, brussels("2026-11-27 10:00"), desk.now)


def edited(desk: Desk, number: int, **different: str | tuple[str, ...]) -> Saved:
    done = desk.act("save", TWO | different, number, desk.get(number).version)
    assert isinstance(done, Saved)
    return done


def test_what_was_held_stays_held_and_what_was_moved_stays_where_it_was_put(desk: Desk) -> None:
    number = planned(desk)
    held_and_moved(desk, number)
    done = edited(desk, number, **{"venue-1": "Zaal B"})
    assert "In Atrium Lerend Netwerk blijft het bericht tegengehouden" in done.note
    assert "In Water en droogte blijft het bericht op vrijdag 27 november 2026 om 10.00 u." in done.note
    owed = posts(desk, number)
    assert owed["algemeen"].state is OutboxState.HELD
    assert owed["water"].due_at == brussels("2026-11-27 10:00")
    desk.at("2026-11-26 09:00")
    assert desk.texts("algemeen") == desk.texts("water") == []
    desk.at("2026-11-27 10:00")
    assert desk.texts("algemeen") == []
    assert "Zaal B" in desk.texts("water")[0]


def test_another_moment_of_the_announcement_takes_what_was_moved_along(desk: Desk) -> None:
    number = planned(desk)
    held_and_moved(desk, number)
    done = edited(desk, number, publish_on="2026-11-30")
    assert "Ook het bericht dat je apart verplaatste, vertrekt nu op dat moment." in done.note
    owed = posts(desk, number)
    assert owed["algemeen"].state is OutboxState.HELD
    assert {each.due_at for each in owed.values()} == {brussels("2026-11-30 09:00")}


def test_what_was_struck_stays_struck(desk: Desk) -> None:
    number = planned(desk)
    with desk.store.writing() as session:
        post_acts.skip(session, posts(desk, number)["water"].id, desk.now)
    done = edited(desk, number, **{"venue-1": "Zaal B"})
    assert "In Water en droogte blijft het bericht geschrapt." in done.note
    desk.at("2026-11-26 09:00")
    assert (len(desk.texts("algemeen")), desk.texts("water")) == (1, [])


def test_what_is_posted_now_leaves_what_is_held_where_it_is(desk: Desk) -> None:
    number = planned(desk)
    held_and_moved(desk, number)
    desk.saved("publish", number)
    desk.bench.tick()
    assert (desk.texts("algemeen"), len(desk.texts("water"))) == ([], 1)
    assert posts(desk, number)["algemeen"].state is OutboxState.HELD


def test_a_hold_outlives_that_a_colleague_must_agree_again(store: Store) -> None:
    desk = Desk(store, approval_above=0)
    for key in ("algemeen", "water"):
        desk.has_members(key, "a", "b")
    number = planned(desk)
    desk.saved("approve", number, who=BOB)
    held_and_moved(desk, number)
    done = edited(desk, number, **{"venue-1": "Zaal B"})
    assert done.announcement.state is State.AWAITING_APPROVAL
    assert "een andere moderator moet het opnieuw goedkeuren" in done.note
    with desk.store.reading() as session:
        assert not outbox.entries(session, kinds=("announcement",))
    desk.saved("approve", number, who=BOB)
    owed = posts(desk, number)
    assert owed["algemeen"].state is OutboxState.HELD
    assert owed["water"].due_at == brussels("2026-11-27 10:00")


def test_another_moment_while_it_waits_takes_what_was_moved_along(store: Store) -> None:
    desk = Desk(store, approval_above=0)
    for key in ("algemeen", "water"):
        desk.has_members(key, "a", "b")
    number = planned(desk)
    desk.saved("approve", number, who=BOB)
    held_and_moved(desk, number)
    edited(desk, number, **{"venue-1": "Zaal B"})
    done = edited(desk, number, **{"venue-1": "Zaal B", "publish_on": "2026-11-30"})
    assert "Ook het bericht dat je apart verplaatste" in done.note
    desk.saved("approve", number, who=BOB)
    owed = posts(desk, number)
    assert owed["algemeen"].state is OutboxState.HELD
    assert {each.due_at for each in owed.values()} == {brussels("2026-11-30 09:00")}


def test_whoever_may_agree_is_asked_again(store: Store) -> None:
    desk = Desk(store, approval_above=0, moderators="mandatarissen")
    desk.has_members("algemeen", "a", "b")
    number = planned(desk, communities=("algemeen",))
    desk.saved("approve", number, who=BOB)
    edited(desk, number, communities=("algemeen",), theme="water")
    with desk.store.reading() as session:
        asked = outbox.entries(session, kinds=("notice",))
    assert len(asked) == 2


def test_another_moment_alone_needs_no_new_agreement(store: Store) -> None:
    desk = Desk(store, approval_above=0)
    desk.has_members("algemeen", "a", "b")
    number = planned(desk, communities=("algemeen",))
    desk.saved("approve", number, who=BOB)
    done = edited(desk, number, communities=("algemeen",), publish_on="2026-11-27")
    assert (done.announcement.state, done.announcement.approver_name) == (State.SCHEDULED, "Bob Claes")


def test_an_agreement_that_was_not_needed_is_said_to_be_of_the_earlier_text(desk: Desk) -> None:
    draft = desk.saved("save", TWO)
    desk.saved("submit", draft.id)
    desk.saved("approve", draft.id, who=BOB)
    done = edited(desk, draft.id, **{"venue-1": "Zaal B"})
    assert (done.announcement.state, done.announcement.approver) == (State.SCHEDULED, None)
    assert "De goedkeuring van Bob Claes gold de vorige tekst." in done.note


def test_an_edit_on_a_quiet_day_is_put_off_as_planning_is(desk: Desk) -> None:
    number = planned(desk)
    done = edited(desk, number, publish_on="2026-11-28")
    assert done.announcement.publish_at == brussels("2026-11-30 08:00")


def test_what_was_decided_on_one_place_of_a_programme_stays_with_it(desk: Desk) -> None:
    values = programme(**MOMENT, communities=("algemeen", "water"))
    number = desk.saved("schedule", desk.saved("save", values).id).id
    with desk.store.writing() as session:
        first, *others = publishing.posts_of(session, desk.get(number))
        post_acts.skip(session, first.id, desk.now)
        post_acts.hold(session, others[0].id, desk.now)
    before = len(others) + 1
    desk.act("save", values | {"theme": "wind op zee"}, number)
    with desk.store.reading() as session:
        after = publishing.posts_of(session, desk.get(number))
    states = [each.state for each in after]
    assert (len(after), states.count(OutboxState.SKIPPED), states.count(OutboxState.HELD)) == (before, 1, 1)
