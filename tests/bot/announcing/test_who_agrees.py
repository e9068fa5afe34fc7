"""Who may agree to what: anybody but who made the latest change; what agreeing does is said first."""

from __future__ import annotations

import pytest

from bot.outcomes import Refused, Saved
from handlers.moderation.lifecycle import State
from scheduler.rules import Rules
from store import audit
from store.engine import Store
from tests.fakes.desk import AN, BOB, Desk, one_place
from tests.fakes.moderators import Talk
from tests.fakes.network import brussels

FORM = one_place(communities=("algemeen",), publish_on="2026-11-26", publish_at="09:00")


@pytest.fixture
def desk(store: Store) -> Desk:
    """Every announcement needs a second pair of eyes, though nobody is known to read along."""
    return Desk(store, approval_above=0)


def agreed(desk: Desk) -> int:
    number = desk.saved("schedule", desk.saved("save", FORM).id).id
    desk.saved("approve", number, who=BOB)
    return number


def test_above_nobody_is_every_announcement(desk: Desk) -> None:
    waits = desk.saved("schedule", desk.saved("save", FORM).id)
    assert (waits.members, waits.state) == (0, State.AWAITING_APPROVAL)


def test_the_maker_agrees_to_what_another_changed_who_may_not(desk: Desk) -> None:
    number = agreed(desk)
    done = desk.act("save", FORM | {"venue-1": "Zaal B"}, number, who=BOB)
    assert isinstance(done, Saved)
    assert "Ook An Peeters, die het maakte, kan dat." in done.note
    assert isinstance(desk.act("approve", number, who=BOB), Refused)
    assert desk.saved("approve", number, who=AN).state is State.SCHEDULED


def test_who_moves_it_or_hands_it_in_may_still_agree_to_the_words_of_another(desk: Desk) -> None:
    draft = desk.saved("save", FORM)
    desk.saved("save", FORM | {"publish_at": "10:00"}, draft.id, who=BOB)
    desk.saved("submit", draft.id, who=BOB)
    assert isinstance(desk.act("approve", draft.id, who=AN), Refused)
    assert desk.saved("approve", draft.id, who=BOB).state is State.SCHEDULED


def test_the_audit_says_that_a_change_undid_the_agreement(desk: Desk) -> None:
    number = agreed(desk)
    desk.act("save", FORM | {"venue-1": "Zaal B"}, number, who=BOB)
    desk.act("save", FORM | {"venue-1": "Zaal C"}, number, who=BOB)
    with desk.store.reading() as session:
        later, undone = audit.entries(session, 2, subject=f"announcement:{number}")
    assert undone.action == "announcement save, approval undone"
    assert later.action == "announcement save"


def test_in_a_conversation_agreeing_says_that_it_leaves_at_once_and_asks_first_when_it_is_quiet(
    store: Store,
) -> None:
    desk = Desk(store, approval_above=0, rules=Rules())
    desk.bench.clock.moment = brussels("2026-11-23 20:30")
    number = desk.saved("submit", desk.saved("save", one_place(communities=("algemeen",))).id).id
    talk = Talk(desk, whispering=("local",))
    said = talk.say(f"keur goed {number} versie 2", BOB)
    assert "Keur je ze goed, dan vertrekt ze meteen in " in said
    assert "plaatst de bot niets uit zichzelf" in said
    assert desk.get(number).state is State.AWAITING_APPROVAL
    assert "Ze vertrekt nu." in talk.say(f"keur goed {number} versie 2 nu", BOB)
    assert desk.get(number).state is State.POSTING
