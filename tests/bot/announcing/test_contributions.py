"""What members hand in: moderators order, merge and answer it; who handed in hears it once."""

from __future__ import annotations

import pytest

from handlers.context import HandedIn
from handlers.moderation.contribution_document import as_html, as_markdown
from handlers.moderation.contribution_state import ContributionState
from store import contributions, outbox
from store.engine import Store
from tests.fakes.desk import BOB, MIA, Desk
from tests.fakes.moderators import Talk
from tests.fakes.network import atrium


@pytest.fixture
def talk(store: Store) -> Talk:
    talk = Talk(Desk(store), whispering=("local",))
    talk.say("inbreng voor atr-1: Mag het korter?", MIA)
    talk.say("inbreng voor atr-1: Kan het ook korter? Met mijn naam.", BOB, thread="2")
    return talk


def handed_in(talk: Talk) -> list[HandedIn]:
    with talk.desk.store.reading() as session:
        return [contributions.handed_in(each) for each in contributions.list_contributions(session, "atr-1")]


def notices(talk: Talk) -> list[str]:
    with talk.desk.store.reading() as session:
        found = outbox.entries(session, kinds=("notice",))
    return [str((each.payload or {})["member"]) for each in found]


def test_only_who_agreed_is_named(talk: Talk) -> None:
    first, second = handed_in(talk)
    assert (first.text, first.author) == ("Mag het korter?", None)
    assert (second.text, second.author) == ("Kan het ook korter?", "Bob Claes")
    shown = talk.say("toon inbreng atr-1")
    assert f'{first.number}. "Mag het korter?": nieuw' in shown
    assert "Mia" not in shown


def test_a_point_gets_its_place_and_its_author_hears_it_once(talk: Talk) -> None:
    first, second = handed_in(talk)
    assert "staat op de agenda" in talk.say(f"zet inbreng {first.number} op de agenda")
    talk.say(f"zet inbreng {second.number} als eerste op de agenda")
    assert [each.number for each in handed_in(talk)] == [second.number, first.number]
    assert notices(talk) == ["mia", "bob"]
    assert "dat kan niet meer" in talk.say(f"zet inbreng {first.number} op de agenda")
    talk.desk.bench.tick()
    assert [each.post.member for each in talk.desk.bench.platform.posts] == ["mia", "bob"]
    assert all(each.post.reply.private for each in talk.desk.bench.platform.posts)


def test_what_was_merged_is_answered_with_the_one_that_speaks_for_it(talk: Talk) -> None:
    first, second = handed_in(talk)
    talk.say(f"voeg inbreng {first.number} samen met {second.number}")
    assert notices(talk) == []
    talk.say(f"beantwoord inbreng {second.number}: Ja, we stoppen om 12 uur.")
    assert sorted(notices(talk)) == ["bob", "mia"]
    states = [each.state for each in handed_in(talk)]
    assert sorted(states) == [ContributionState.BEANTWOORD, ContributionState.SAMENGEVOEGD]


def test_what_is_declined_says_why(talk: Talk) -> None:
    first, _ = handed_in(talk)
    talk.say(f"weiger inbreng {first.number}: dit hoort bij een ander atrium")
    talk.desk.bench.tick()
    (told,) = talk.desk.bench.platform.posts
    assert "komt niet op de agenda" in told.text
    assert "dit hoort bij een ander atrium" in told.text


def test_a_member_decides_nothing(talk: Talk) -> None:
    first, _ = handed_in(talk)
    assert "moderatoren" in talk.say(f"beantwoord inbreng {first.number}: ja", MIA)
    assert handed_in(talk)[0].state is ContributionState.NIEUW


def test_the_document_for_the_organiser_holds_all_and_runs_nothing(talk: Talk) -> None:
    talk.say("inbreng voor atr-1: <script>alert(1)</script> *vet*", MIA, thread="3")
    first, _, third = handed_in(talk)
    talk.say(f"zet inbreng {first.number} op de agenda")
    markdown = as_markdown(atrium(), handed_in(talk))
    assert "## Op de agenda\n\n1. Mag het korter?" in markdown
    assert "Kan het ook korter? (Bob Claes)" in markdown
    assert "\\*vet\\*" in markdown
    page = as_html(atrium(), handed_in(talk))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Mia" not in page + markdown
    assert third.text.startswith("<script>")
