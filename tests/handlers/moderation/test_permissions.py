"""Who may do what, in every step: members hear who can, regional moderators keep to their own."""

from __future__ import annotations

import pytest

from handlers.changes import Paused, Resumed
from handlers.model import Community, Person, Role
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.talking import AN, BOB, GENERAL, MEMBER, WATER, Thread, person

ANNOUNCE = "kondig aan: thematisch atrium over ontharding op 18/3 om 14u in Mechelen"
CHANGE = "wijzig atr-1-053: zaal Auditorium B"
CANCEL = "annuleer atr-1-053"
OUTSIDER = person("Otto", Role.MODERATOR, known=False)


@pytest.mark.parametrize("who", [MEMBER, OUTSIDER], ids=["member", "outsider"])
@pytest.mark.parametrize(
    ("typed", "noun"),
    [
        (ANNOUNCE, "Aankondigen"),
        (CHANGE, "Wijzigen"),
        (CANCEL, "Annuleren"),
        ("pauzeer algemeen", "Pauzeren"),
    ],
)
def test_who_may_not_hears_who_can(who: Person, typed: str, noun: str) -> None:
    thread = Thread()

    assert thread.say(typed, who).startswith(f"{noun} doen de moderatoren van het netwerk.")
    thread.say("bevestig", who)

    assert thread.changes == []


def test_a_member_with_an_idea_is_told_how_to_suggest_it() -> None:
    assert "Heb je een idee voor een thema?" in Thread().say(ANNOUNCE, MEMBER)


@pytest.mark.parametrize("begin", [ANNOUNCE, CHANGE, CANCEL])
@pytest.mark.parametrize("step", ["bevestig", "stop", "1", "nee, 19 maart"])
@pytest.mark.parametrize("who", [MEMBER, OUTSIDER, BOB], ids=["member", "outsider", "other moderator"])
def test_only_the_author_goes_on(begin: str, step: str, who: Person) -> None:
    thread = Thread()
    thread.say(begin)
    kept = thread.dialogue

    thread.say(step, who)

    assert thread.published == []
    assert thread.dialogue == kept


def test_another_moderator_is_told_who_is_drafting() -> None:
    thread = Thread()
    thread.say(ANNOUNCE)

    assert thread.say("nee, 19 maart", BOB).startswith("An Peeters werkt in deze draad aan een aankondiging.")
    assert thread.say("bevestig", BOB).startswith("An Peeters werkt in deze draad aan een aankondiging.")


def test_who_only_asks_something_in_that_thread_is_answered() -> None:
    thread = Thread()
    thread.say(ANNOUNCE)

    assert thread.reply("wanneer is het volgende atrium?", BOB) is None
    assert thread.reply("waar is dat dan", MEMBER) is None


@pytest.mark.parametrize("begin", [ANNOUNCE, CHANGE, CANCEL])
@pytest.mark.parametrize("step", ["bevestig", "nee, 19 maart", "1"])
def test_who_lost_the_role_in_between_cannot_go_on(begin: str, step: str) -> None:
    thread = Thread()
    thread.say(begin)

    reply = thread.say(step, person(AN.name, Role.MEMBER))

    assert "doen de moderatoren van het netwerk" in reply
    assert thread.published == []


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("thematisch", True), ("Rivierenland", True), ("Waasland", False), ("lokaal", False)],
)
def test_a_regional_moderator_announces_within_their_scope(scope: str, allowed: bool) -> None:
    thread = Thread(agenda=MemoryAgenda(regions={"Rivierenland": ["Mechelen"]}))
    regional = person("Rik", Role.REGIONAL_MODERATOR, scope)

    reply = thread.say(ANNOUNCE, regional)
    thread.say("bevestig", regional)

    assert bool(thread.published) is allowed
    assert ("buiten je eigen werking" in reply) is not allowed


def test_a_regional_moderator_cannot_move_a_draft_out_of_their_region() -> None:
    thread = Thread()
    regional = person("Rik", Role.REGIONAL_MODERATOR, "Waasland")
    thread.say("kondig aan: atrium op maat over ontharding op 18/3 om 14u in Sint-Niklaas", regional)

    assert "buiten je eigen werking" in thread.say("in Gent", regional)
    thread.say("bevestig", regional)

    assert thread.announced.municipality == "Sint-Niklaas"


@pytest.mark.parametrize(
    ("uid", "allowed"), [("atr-1-002", True), ("atr-1-009", False), ("atr-1-053", False)]
)
@pytest.mark.parametrize("command", ["wijzig {}: zaal Raadzaal", "annuleer {}"])
def test_a_regional_moderator_changes_within_their_region(command: str, uid: str, allowed: bool) -> None:
    thread = Thread()
    regional = person("Rik", Role.REGIONAL_MODERATOR, "Waasland")

    thread.say(command.format(uid), regional)
    thread.say("bevestig", regional)

    assert bool(thread.published) is allowed


def test_a_regional_moderator_cannot_move_an_atrium_out_of_their_kind_and_region() -> None:
    thread = Thread()
    regional = person("Rik", Role.REGIONAL_MODERATOR, "thematisch")
    thread.say("wijzig atr-1-053: gemeente: Gent", regional)
    thread.say("bevestig", person("Rik", Role.REGIONAL_MODERATOR, "lokaal"))

    assert thread.published == []


def test_a_moderator_pauses_and_resumes_a_community() -> None:
    thread = Thread()

    assert thread.say("pauzeer algemeen").startswith("Gepauzeerd: Algemeen.")
    assert thread.say("hervat algemeen").startswith("Algemeen was niet gepauzeerd.")
    assert thread.changes == [Paused(community="algemeen"), Resumed(community="algemeen")]


def test_pausing_everything_is_for_administrators() -> None:
    thread = Thread()

    assert "doen de beheerders" in thread.say("pauzeer alles")
    assert thread.changes == []
    chief = person("Cil", Role.ADMINISTRATOR)
    thread.say("pauzeer alles", chief)
    thread.say("hervat alles", chief)
    assert thread.changes == [Paused(community=None), Resumed(community=None)]


def test_pausing_without_a_name_is_pausing_here() -> None:
    thread = Thread(WATER)
    thread.say("pauzeer")
    assert thread.changes == [Paused(community="water")]


def test_an_unknown_community_is_asked_for() -> None:
    assert "Ik ken Algemeen, Water en droogte en Atrium Lokale Mandatarissen." in Thread().say(
        "pauzeer vissen"
    )


def test_a_regional_moderator_pauses_only_a_community_of_their_own() -> None:
    region = Community(key="waas", platform="local", name="Waasland", regions=frozenset({"Waasland"}))
    thread = Thread(communities=(GENERAL, region))
    regional = person("Rik", Role.REGIONAL_MODERATOR, "Waasland")

    assert "buiten je eigen werking" in thread.say("pauzeer algemeen", regional)
    thread.say("pauzeer waas", regional)

    assert thread.changes == [Paused(community="waas")]


def test_pausing_leaves_a_draft_alone() -> None:
    thread = Thread()
    thread.say(ANNOUNCE)
    thread.say("pauzeer water")
    thread.say("bevestig")

    assert len(thread.published) == 1
