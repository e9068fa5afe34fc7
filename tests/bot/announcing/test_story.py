"""One story, told by form and by conversation: planned on Monday, posted on Thursday, set right on Friday.

Both end with the same rows and the same posts. A conversation announces one atrium at a time; what is in
five places is announced by form, and each of its places is changed and cancelled by conversation too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.model import Atrium
from handlers.moderation.lifecycle import State
from store import announcements
from store.agenda import find_atrium
from store.announcements import Announcement
from store.engine import Store
from store.migrations import upgrade
from tests.fakes.desk import PLACES, Desk, one_place, programme
from tests.fakes.moderators import Talk
from tests.fakes.network import GENERAL, POLITICIANS, WATER, brussels

THURSDAY, FRIDAY = "2026-11-26 09:00", "2026-11-27 10:00"

FOUR = tuple(
    replace(each, digest=False)
    for each in (
        GENERAL,
        POLITICIANS,
        WATER,
        replace(WATER, key="ruimte", name="Ruimte", kinds=frozenset()),
        replace(WATER, key="klimaat", name="Klimaat", kinds=frozenset()),
    )
)
TARGETS = ("algemeen", "water", "ruimte", "klimaat")
ANNOUNCED = """kondig aan: Thematisch Atrium over ontharding op 18 maart 2027 van 13.30 tot 16.30 \
in Mechelen, Lamot, Van Beethovenstraat 8, \
inschrijven tot 16 maart via https://inschrijven.example.org/ontharding, \
voor ambtenaren
community: algemeen, water, ruimte en klimaat"""


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, communities=FOUR)


@pytest.fixture
def other_desk(tmp_path: Path) -> Iterator[Desk]:
    """A second one, on a database of its own."""
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(other)
    yield Desk(other, communities=FOUR)
    other.close()


def record(desk: Desk) -> dict[str, Any]:
    """What is kept and what was said, without the names by which each way calls its rows."""
    with desk.store.reading() as session:
        (kept,) = announcements.list_announcements(session)
        atria = [find_atrium(session, uid) for uid in kept.atria]
    return {
        "state": kept.state,
        "drafts": [replace(each, open_fields=frozenset(), communities=()) for each in kept.drafts],
        "communities": kept.communities,
        "publish_at": kept.publish_at,
        "author": kept.author,
        "atria": [_nameless(each) for each in atria if each],
        "posts": {key: desk.texts(key) for key in (*TARGETS, "mandatarissen")},
    }


def _nameless(atrium: Atrium) -> Atrium:
    return replace(atrium, uid="", programme_uid=None)


def at_the_desk(desk: Desk) -> dict[str, Any]:
    """One atrium: planned, posted, its hall corrected, cancelled; all by form."""
    values = one_place(communities=TARGETS)
    draft = desk.saved("save", values)
    (uid,) = desk.saved("schedule", draft.id, brussels(THURSDAY)).atria
    desk.at(THURSDAY)
    desk.at(FRIDAY)
    desk.saved("correct", uid, values | {"venue-1": "Auditorium B"})
    desk.at("2026-11-27 11:00")
    desk.saved("cancel", draft.id, [uid])
    desk.at("2026-11-27 11:01")
    return record(desk)


def in_conversation(desk: Desk) -> dict[str, Any]:
    """The same, in a thread of a community."""
    talk = Talk(desk)
    talk.say(ANNOUNCED)
    said = talk.say("bevestig donderdag 9 uur")
    assert "Gepland voor donderdag 26 november 2026 om 9.00 u." in said
    desk.at(THURSDAY)
    desk.at(FRIDAY)
    (uid,) = only(desk).atria
    talk.say(f"wijzig {uid}: zaal: Auditorium B", thread="2")
    assert "Gewijzigd" in talk.say("bevestig", thread="2")
    desk.at("2026-11-27 11:00")
    talk.say(f"annuleer {uid}", thread="3")
    assert "Geannuleerd" in talk.say("bevestig", thread="3")
    desk.at("2026-11-27 11:01")
    return record(desk)


def only(desk: Desk) -> Announcement:
    with desk.store.reading() as session:
        (found,) = announcements.list_announcements(session)
    return found


def test_a_form_and_a_conversation_end_in_the_same_rows_and_the_same_posts(
    desk: Desk, other_desk: Desk
) -> None:
    by_form, by_conversation = at_the_desk(desk), in_conversation(other_desk)
    assert by_form == by_conversation
    assert by_form["state"] is State.POSTED
    assert [len(by_form["posts"][key]) for key in TARGETS] == [3, 3, 3, 3]
    assert by_form["posts"]["mandatarissen"] == []


def five_places(desk: Desk) -> tuple[int, tuple[str, ...]]:
    """A programme in five places, planned on Monday and posted on Thursday in four communities."""
    draft = desk.saved("save", programme(communities=TARGETS))
    planned = desk.saved("schedule", draft.id, brussels(THURSDAY))
    desk.at(THURSDAY)
    for key in TARGETS:
        (post,) = desk.texts(key)
        assert all(municipality in post for municipality, _ in PLACES)
    desk.at(FRIDAY)
    return draft.id, planned.atria


def gent(**different: str) -> dict[str, str]:
    """The form of the third place alone."""
    return {
        "kind": "provinciaal",
        "theme": "windturbines en draagvlak",
        "date-1": "2027-04-12",
        "begins-1": "09:00",
        "ends-1": "16:00",
        "municipality-1": "Gent",
        "venue-1": "Provinciehuis",
        "registration_url-1": "https://inschrijven.example.org/wind-3",
        **different,
    }


def test_five_places_are_corrected_and_one_is_cancelled_by_form_and_by_conversation_alike(
    desk: Desk, other_desk: Desk
) -> None:
    number, uids = five_places(desk)
    desk.saved("correct", uids[2], gent(**{"venue-1": "Auditorium B"}))
    desk.at("2026-11-27 11:00")
    desk.saved("cancel", number, [uids[3]])
    desk.at("2026-11-27 11:01")

    _, others = five_places(other_desk)
    talk = Talk(other_desk)
    talk.say(f"wijzig {others[2]}: zaal: Auditorium B")
    talk.say("bevestig")
    other_desk.at("2026-11-27 11:00")
    assert "Alleen deze plaats van het programma vervalt" in talk.say(f"annuleer {others[3]}", thread="2")
    talk.say("bevestig", thread="2")
    other_desk.at("2026-11-27 11:01")

    by_form, by_conversation = record(desk), record(other_desk)
    assert by_form == by_conversation
    assert [each.is_cancelled for each in by_form["atria"]] == [False, False, False, True, False]
    assert (
        "Wel nog in Antwerpen (6/4), Leuven (9/4), Gent (12/4) en Brugge (19/4)."
        in by_form["posts"]["water"][-1]
    )
