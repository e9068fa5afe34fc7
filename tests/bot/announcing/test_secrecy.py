"""What is not out yet is found nowhere, and what is for one half of the network stays there."""

from __future__ import annotations

import pytest

from bot.outcomes import Invalid
from handlers.model import Query
from handlers.moderation.lifecycle import State
from scheduler.reach import not_reached_in
from store.agenda import StoredAgenda, atria_between
from store.catalogue import vocabulary
from store.engine import Store
from tests.fakes.desk import LENA, MIA, WAAS, Desk, one_place
from tests.fakes.moderators import Talk
from tests.fakes.network import brussels

#: A word that stands in the draft and nowhere else.
THEME = "ontharding"
EVERYWHERE = frozenset({"algemeen", "mandatarissen", "water"})


@pytest.fixture(params=["draft", "awaiting_approval", "scheduled", "retracted"])
def desk(request: pytest.FixtureRequest, store: Store) -> Desk:
    """A desk with one announcement that nobody may know of."""
    desk = Desk(store)
    draft = desk.saved("save", one_place())
    if request.param == "awaiting_approval":
        desk.saved("submit", draft.id)
    elif request.param != "draft":
        desk.saved("schedule", draft.id, brussels("2026-12-17 09:00"))
    if request.param == "retracted":
        desk.saved("retract", draft.id)
    assert desk.get(draft.id).state is State(request.param)
    return desk


@pytest.mark.parametrize(
    "question",
    [
        f"is er een atrium over {THEME}?",
        "wat staat er op de agenda?",
        "wanneer is het volgende thematisch atrium?",
        "wat is er te doen in Mechelen?",
        "wat staat er gepland?",
        "welke themas zijn er?",
    ],
)
def test_no_answer_tells_of_it(desk: Desk, question: str) -> None:
    talk = Talk(desk)
    told = talk.say(question, MIA) + talk.say(question, MIA, thread="2", community=None)
    assert "Lamot" not in told
    assert f"Thematisch Atrium: {THEME}" not in told
    assert "inschrijven.example.org/ontharding" not in told


def test_no_list_search_or_vocabulary_holds_it(desk: Desk) -> None:
    with desk.store.reading() as session:
        agenda = StoredAgenda(session)
        for query in (
            Query(theme=THEME, visible_to=EVERYWHERE),
            Query(text=THEME, visible_to=EVERYWHERE),
            Query(municipality="Mechelen", visible_to=EVERYWHERE),
        ):
            assert agenda.count(query) == 0
        assert all(THEME not in each.title for each in atria_between(session, desk.now))
        assert THEME not in vocabulary(session, EVERYWHERE).themes


def test_no_post_tells_of_it_before_its_moment(desk: Desk) -> None:
    for day in range(24, 31):
        desk.at(f"2026-11-{day} 09:00")
    assert all(THEME not in each.text for each in desk.bench.platform.posts)


def test_moderators_see_that_something_is_planned_and_where_nobody_reads_along_what(store: Store) -> None:
    desk = Desk(store)
    draft = desk.saved("save", one_place(communities=("algemeen",)))
    desk.saved("schedule", draft.id, brussels("2026-11-26 09:00"))
    talk = Talk(desk)
    told = talk.say("wat staat er gepland?")
    assert f"do 26 november, 9.00 u.: Aankondiging {draft.id}." in told
    assert THEME not in told
    assert THEME in talk.say(f"toon ontwerp {draft.id}", thread="p", community=None)


def test_who_does_not_moderate_sees_no_announcement(desk: Desk) -> None:
    with desk.store.reading() as session:
        for who in (MIA, LENA, WAAS):
            assert desk.announcing.list_announcements(session, who, desk.now) == []
            assert desk.announcing.get(session, who, desk.now, 1) is None
            assert desk.announcing.report(session, who, desk.now, 1) is None


def test_an_atrium_for_politicians_is_seen_and_told_in_their_own_community_alone(store: Store) -> None:
    desk = Desk(store)
    values = one_place(kind="op_maat", title="Avond voor schepenen", audience=("mandataris",))
    draft = desk.saved("save", values)
    desk.saved("publish", draft.id)
    desk.bench.tick()
    assert [len(desk.texts(key)) for key in ("algemeen", "water", "mandatarissen")] == [0, 0, 1]
    with store.reading() as session:
        agenda = StoredAgenda(session)
        (uid,) = desk.get(draft.id).atria
        assert agenda.find(uid, frozenset({"algemeen", "water"})) is None
        assert agenda.find(uid, frozenset({"mandatarissen"})) is not None


def test_picking_a_community_of_the_other_half_is_refused_and_changes_nothing(store: Store) -> None:
    desk = Desk(store)
    draft = desk.saved("save", one_place(communities=("mandatarissen",)))
    refused = desk.act("publish", draft.id)
    assert isinstance(refused, Invalid)
    assert "andere doelgroep" in refused.errors["communities"]
    assert desk.get(draft.id).state is State.DRAFT


def test_whom_nothing_was_for_is_told_without_what_others_alone_may_see(store: Store) -> None:
    desk = Desk(store)
    with store.reading() as session:
        found = not_reached_in(session, desk.now, frozenset({"algemeen"}))
    assert found.silent == ("Atrium Lerend Netwerk",)
    assert [kind.value for kind in found.kinds] == ["lokaal", "centrumsteden", "mandatarissen", "provinciaal"]
    assert found.lines()[0].startswith("Soorten zonder atrium: Lokaal Atrium")
