"""Moderators see, agree to, send back, plan and recall announcements in a conversation."""

from __future__ import annotations

import pytest

from handlers.moderation.lifecycle import State
from store import announcements
from store.announcements import Announcement
from store.engine import Store
from tests.fakes.desk import AN, BOB, MIA, Desk, one_place
from tests.fakes.moderators import Talk
from tests.fakes.network import brussels

ANNOUNCED = "kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen, in algemeen"


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)


def kept(talk: Talk) -> list[Announcement]:
    with talk.desk.store.reading() as session:
        return announcements.list_announcements(session)


def test_what_is_confirmed_is_posted_by_the_way_of_a_form(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    assert "Aangekondigd" in talk.say("bevestig")
    talk.desk.bench.tick()
    (announcement,) = kept(talk)
    assert announcement.state is State.POSTED
    assert announcement.author_name == "An Peeters"
    assert len(talk.desk.texts("algemeen")) == 1


@pytest.mark.parametrize("said", ["bevestig donderdag 9 uur", "plaats donderdag om 9.00 u."])
def test_it_is_posted_at_the_moment_that_was_said(talk: Talk, said: str) -> None:
    talk.say(ANNOUNCED)
    assert "Gepland voor donderdag 26 november 2026 om 9.00 u." in talk.say(said)
    talk.desk.at("2026-11-26 08:59")
    assert talk.desk.texts("algemeen") == []
    talk.desk.at("2026-11-26 09:00")
    assert len(talk.desk.texts("algemeen")) == 1


def test_a_moment_out_of_hours_becomes_the_next_allowed_one(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    assert "maandag 30 november 2026 om 8.00 u." in talk.say("bevestig zaterdag 10 uur")
    assert kept(talk)[0].publish_at == brussels("2026-11-30 08:00")


def test_a_moment_after_the_atrium_is_refused_and_the_draft_stays(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    assert "niet voor het atrium zelf" in talk.say("bevestig 19 maart 2027 om 9 uur")
    assert "Aangekondigd" in talk.say("bevestig")


def test_a_draft_is_kept_and_posted_later_by_its_number(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    assert "Bewaard als ontwerp" in talk.say("bewaar")
    (draft,) = kept(talk)
    assert draft.state is State.DRAFT
    assert "Doorgegeven" in talk.say(f"plaats ontwerp {draft.id} donderdag 9 uur", thread="2")
    assert kept(talk)[0].state is State.SCHEDULED


def test_what_is_planned_is_shown_in_one_sentence(desk: Desk) -> None:
    """A moment ends in the full stop of "u."."""
    talk = Talk(desk, whispering=("local",))
    draft = desk.saved("save", one_place())
    talk.say(f"plaats ontwerp {draft.id} donderdag 9 uur")
    said = talk.say(f"toon ontwerp {draft.id}")
    assert f"Aankondiging {draft.id}: gepland, donderdag 26 november 2026 om 9.00 u." in said
    assert "u.." not in said


def test_drafts_are_shown_where_nobody_reads_along_and_counted_elsewhere(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    overheard = Talk(desk).say("toon ontwerpen")
    assert f"{draft.id}. Ontwerp" in overheard
    assert "ontharding" not in overheard
    assert "ontharding" not in Talk(desk).say(f"toon ontwerp {draft.id}")
    whispered = Talk(desk, whispering=("local",))
    assert "Thematisch Atrium: ontharding, Mechelen, van An Peeters" in whispered.say("toon ontwerpen")
    assert "Lamot" in whispered.say(f"toon ontwerp {draft.id}")


def test_many_members_need_another_moderator(store: Store) -> None:
    desk = Desk(store, approval_above=2, moderators="water")
    desk.has_members("algemeen", "a", "b", "c")
    talk = Talk(desk)
    talk.say(ANNOUNCED)
    assert "Voorgelegd" in talk.say("bevestig")
    (waiting,) = kept(talk)
    assert waiting.state is State.AWAITING_APPROVAL
    assert "andere moderator" in talk.say(f"keur goed {waiting.id} versie 2", thread="2")
    assert "Zeg erbij waarom" in talk.say(f"wijs af {waiting.id}", BOB, thread="3")
    assert "Teruggestuurd" in talk.say(f"wijs af {waiting.id}: te vroeg", BOB, thread="3")
    assert (kept(talk)[0].state, kept(talk)[0].reason) == (State.DRAFT, "te vroeg")
    talk.say(f"plaats ontwerp {waiting.id}", thread="4")
    version = kept(talk)[0].version
    assert "Goedgekeurd" in talk.say(f"keur goed {waiting.id} versie {version}", BOB, thread="3")
    desk.bench.tick()
    assert len(desk.texts("algemeen")) == 1
    assert kept(talk)[0].approver_name == "Bob Claes"


def test_what_is_planned_is_recalled_by_its_number(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    talk.say("bevestig donderdag 9 uur")
    (planned,) = kept(talk)
    assert "Er wordt niets geplaatst." in talk.say(f"trek {planned.id} in", BOB, thread="2")
    talk.desk.at("2026-11-26 09:00")
    assert talk.desk.texts("algemeen") == []
    assert "ingetrokken" in talk.say(f"keur goed {planned.id}", BOB, thread="2")


@pytest.mark.parametrize(
    "said", ["gooi ontwerp 1 weg", "gooi 1 weg", "Gooi het ontwerp weg.", "verwijder mijn ontwerp"]
)
def test_a_draft_is_thrown_away(talk: Talk, said: str) -> None:
    talk.say(ANNOUNCED)
    talk.say("bewaar")
    assert "Weggegooid: ontwerp 1." in talk.say(said, thread="2")
    assert kept(talk)[0].state is State.RETRACTED
    assert "Er is geen ontwerp om weg te gooien." in talk.say("gooi het ontwerp weg", thread="3")


def test_who_has_several_drafts_is_asked_which_to_throw_away(talk: Talk) -> None:
    for place in ("Mechelen", "Gent"):
        talk.desk.saved("save", one_place(municipality=place))
    said = talk.say("gooi het ontwerp weg")
    assert said.splitlines() == ["Welk ontwerp gooi ik weg?", "1. Ontwerp 1", "2. Ontwerp 2"]
    assert [each.state for each in kept(talk)] == [State.DRAFT, State.DRAFT]
    assert "Weggegooid: ontwerp 2." in talk.say("2")


def test_a_draft_of_another_is_thrown_away_only_when_it_is_named(talk: Talk) -> None:
    draft = talk.desk.saved("save", one_place())
    assert "Welk ontwerp gooi ik weg?" in talk.say("gooi het ontwerp weg", BOB)
    assert kept(talk)[0].state is State.DRAFT
    assert "Weggegooid" in talk.say(f"gooi ontwerp {draft.id} weg", BOB, thread="2")


def test_what_is_planned_is_no_draft_to_throw_away(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    talk.say("bevestig donderdag 9 uur")
    (planned,) = kept(talk)
    said = talk.say(f"gooi ontwerp {planned.id} weg", thread="2")
    assert "is geen ontwerp meer (gepland)" in said
    assert f"trek {planned.id} in" in said
    assert kept(talk)[0].state is State.SCHEDULED


def test_what_is_in_the_making_is_thrown_away_by_whoever_makes_it(talk: Talk) -> None:
    older = talk.desk.saved("save", one_place())
    talk.say(ANNOUNCED)
    talk.say("gooi het ontwerp weg")
    assert "Hier wacht niets op je bevestiging." in talk.say("bevestig")
    assert [(each.id, each.state) for each in kept(talk)] == [(older.id, State.DRAFT)]


@pytest.mark.parametrize(
    "said",
    [
        "keur goed 1",
        "wijs af 1: nee",
        "trek in 1",
        "plaats ontwerp 1",
        "gooi ontwerp 1 weg",
        "gooi het ontwerp weg",
    ],
)
def test_a_member_steers_nothing(talk: Talk, said: str) -> None:
    draft = talk.desk.saved("save", one_place())
    assert draft.id == 1
    assert "moderatoren" in talk.say(said, MIA)
    assert kept(talk)[0].version == 1


def test_a_community_for_others_is_asked_again(talk: Talk) -> None:
    said = talk.say(
        "kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen, "
        "voor mandatarissen\ncommunity: algemeen"
    )
    assert "alleen voor mandatarissen" in said
    assert "bevestig" not in said
    assert kept(talk) == []


def test_a_number_that_is_nobodys_is_told(talk: Talk) -> None:
    assert "Er is geen aankondiging 99." in talk.say("keur goed 99", AN)


def waiting(desk: Desk) -> Announcement:
    """One that An wrote and that waits for Bob."""
    draft = desk.saved("save", one_place(communities=("algemeen",), publish_on="2026-11-26"))
    return desk.saved("submit", draft.id)


def test_nobody_agrees_to_what_was_not_shown(desk: Desk) -> None:
    """Where others read along it says where to read it, and asks; the words that agree name the version."""
    talk = Talk(desk, public_url="https://atria.example.org")
    found = waiting(desk)
    link = f"https://atria.example.org/beheer/aankondigingen/{found.id}"
    assert link in talk.say(f"toon ontwerp {found.id}", BOB)
    asked = talk.say(f"keur goed {found.id}", BOB)
    assert link in asked
    assert f"keur goed {found.id} versie {found.version}" in asked
    assert desk.get(found.id).state is State.AWAITING_APPROVAL
    assert "Goedgekeurd" in talk.say("1", BOB)
    assert desk.get(found.id).state is State.SCHEDULED


def test_where_nobody_reads_along_the_text_is_shown_before_one_agrees(desk: Desk) -> None:
    talk = Talk(desk, whispering=("local",))
    found = waiting(desk)
    assert "Lamot" in talk.say(f"keur {found.id} goed", BOB)
    assert desk.get(found.id).state is State.AWAITING_APPROVAL


def test_agreeing_to_an_earlier_version_shows_the_one_of_now(desk: Desk) -> None:
    talk = Talk(desk, whispering=("local",))
    found = waiting(desk)
    desk.saved("save", one_place(communities=("algemeen",), **{"venue-1": "Zaal B"}), found.id)
    said = talk.say(f"keur goed {found.id} versie {found.version}", BOB)
    assert "intussen gewijzigd" in said
    assert "Zaal B" in said
    assert desk.get(found.id).approver is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("zaterdag 3 uur", "Op zaterdag 28 november 2026 plaatst de bot niets uit zichzelf"),
        ("vrijdag 20 uur", "Om 20.00 u. plaatst de bot niets uit zichzelf"),
        ("25 december 9 uur", "Vrijdag 25 december 2026 is een feestdag"),
    ],
)
def test_why_a_moment_is_another_one_is_told(talk: Talk, said: str, why: str) -> None:
    talk.say(ANNOUNCED)
    answer = talk.say(f"bevestig {said}")
    assert why in answer
    assert "Het wordt " in answer
    draft = talk.desk.saved("save", one_place())
    assert why in talk.say(f"plaats ontwerp {draft.id} {said}", thread="2")


@pytest.mark.parametrize(
    "said",
    [
        "kondig an: tematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen, in algemeen",
        "kondg aan: themathisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen, in algemeen",
        "Kodnig aan: thematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen, in algemeen",
    ],
)
def test_a_command_that_is_all_but_typed_right_is_understood(talk: Talk, said: str) -> None:
    assert "Zo komt het bericht eruit te zien" in talk.say(said)
    assert "Aangekondigd: Thematisch Atrium: ontharding" in talk.say("bevestig")


def test_in_all_communities_is_wherever_it_fits(talk: Talk) -> None:
    said = talk.say(ANNOUNCED.removesuffix(", in algemeen") + ", in alle communities")
    assert "Niet gebruikt" not in said
    assert "Komt in Atrium Lerend Netwerk en Water en droogte" in said
    assert "Komt in Atrium Lerend Netwerk, zodra" in talk.say("alleen in algemeen")
    assert "en Water en droogte" in talk.say("toch in alle communities")


def test_a_member_who_asks_for_a_draft_hears_whose_that_is(talk: Talk) -> None:
    assert "doen de moderatoren" in talk.say("toon ontwerp 1", MIA)


def test_in_the_evening_one_hears_that_it_is_late_and_how_to_plan_it(talk: Talk) -> None:
    talk.desk.at("2026-11-23 20:12")
    told = talk.say(ANNOUNCED)
    assert "het is na 18.00 u.: plaats je nu, dan krijgen" in told
    planned = told.partition('Je kunt het plannen met "')[2].partition('"')[0]
    assert "Gepland voor dinsdag 24 november 2026 om 8.00 u." in talk.say(planned)


def test_a_cancellation_in_chat_says_when_and_where_it_is_heard(talk: Talk) -> None:
    talk.say(ANNOUNCED)
    talk.say("bevestig")
    talk.desk.bench.tick()
    talk.desk.at("2026-11-23 20:17")
    uid = kept(talk)[0].atria[0]
    leaves = "Het bericht vertrekt morgen om 8.00 u. in Atrium Lerend Netwerk."
    assert leaves in talk.say(f"annuleer {uid}")
    assert leaves in talk.say("bevestig")


def test_a_change_in_chat_says_when_it_is_heard_and_what_the_last_day_is(talk: Talk) -> None:
    talk.say(f"{ANNOUNCED}, inschrijven tot 17 maart")
    talk.say("bevestig")
    talk.desk.bench.tick()
    talk.desk.at("2026-11-23 20:17")
    told = talk.say(f"wijzig {kept(talk)[0].atria[0]}: datum 25 maart 2027")
    assert "inschrijven kan nog tot en met woensdag 17 maart 2027, acht dagen ervoor." in told
    leaves = "Het bericht vertrekt morgen om 8.00 u. in Atrium Lerend Netwerk."
    assert leaves in told
    assert leaves in talk.say("bevestig")
