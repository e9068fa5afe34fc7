"""What somebody hears of their own data, alone and where others read along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from handlers.changes import CalendarAddressed, Dialogue, MemberForgotten
from handlers.context import Context
from handlers.dossier import Grant, Identity
from handlers.model import OUTSIDER, AtriumDraft, Follow, FollowWhat, Role
from handlers.reply import Reply
from handlers.routing import respond
from tests.fakes.asking import AN, context_at
from tests.fakes.dossier import MemoryDossier
from tests.fakes.talking import GENERAL

OLD, NEW = "oud-geheim", "nieuw-geheim"

EVERYTHING: dict[str, Any] = {
    "identities": (
        Identity(platform="local", external_id="an"),
        Identity(platform="slack", external_id="U0AN42"),
    ),
    "municipality": "Zottegem",
    "grants": (Grant(role=Role.REGIONAL_MODERATOR, scope=frozenset({"Waasland"})),),
    "follows": (Follow(what=FollowWhat.KIND, value="lokaal"), Follow(what=FollowWhat.PLACE, value="Gent")),
    "contributions": ("Hoe meten we regen?", "Graag iets over daken"),
    "messages": 14,
    "unread": 2,
    "feed_token": OLD,
}

#: What may not be said where others read along.
SECRETS = (
    "Zottegem",
    "Waasland",
    "Lokale Atria",
    "Gent",
    "regen",
    "daken",
    "14",
    "veertien",
    "geheim",
    "U0AN42",
    "An Peeters",
    "/mijn/",
)


def alone(dossier: MemoryDossier, **more: Any) -> Context:
    return context_at(dossier=dossier, public_url="https://atria.example.org", **more)


def overheard(dossier: MemoryDossier, **more: Any) -> Context:
    return alone(dossier, community=GENERAL, reads=frozenset({GENERAL.key}), **more)


def facts_of(reply: Reply) -> dict[str, str]:
    return {fact.label: fact.text for fact in reply.facts}


def test_everything_that_is_kept_is_told_to_the_one_it_is_about() -> None:
    reply = respond("mijn gegevens", alone(MemoryDossier(**EVERYTHING)))
    assert reply.private
    assert facts_of(reply) == {
        "Naam": "An Peeters",
        "Platform": "de lokale community (an) en Slack (U0AN42)",
        "Bekend sinds": "2 november 2026",
        "Gemeente": "Zottegem",
        "Rol": "regionaal moderator (Waasland)",
        "Je volgt": "alle Lokale Atria en de atria in Gent",
        "Inbreng": "twee keer",
        "Inbreng 1": "Hoe meten we regen?",
        "Inbreng 2": "Graag iets over daken",
        "Berichten aan mij": "14",
        "Vragen die ik niet begreep, zonder je naam": "twee",
        "Je eigen kalender": "https://atria.example.org/mijn/oud-geheim.ics",
    }
    told = reply.plain_text()
    assert "na 365 dagen" in told
    assert '"vergeet mij"' in told


def test_what_is_not_kept_is_said_not_to_be() -> None:
    facts = facts_of(respond("wat weet je over mij?", alone(MemoryDossier())))
    assert facts["Gemeente"] == "niet doorgegeven"
    assert facts["Rol"] == "lid"
    assert facts["Je volgt"] == "niets"
    assert facts["Inbreng"] == "geen"
    assert facts["Je eigen kalender"] == 'niet gevraagd: dat kan met "mijn agenda"'


def test_many_contributions_are_counted_where_they_are_not_shown() -> None:
    reply = respond("mijn gegevens", alone(MemoryDossier(contributions=tuple(map(str, range(25))))))
    assert facts_of(reply)["Inbreng"] == "25 keer"
    assert "Inbreng 21" not in facts_of(reply)
    assert "En nog vijf keer inbreng." in reply.notes


@pytest.mark.parametrize(
    "text", ["mijn gegevens", "mijn agenda", "maak een nieuwe kalenderlink", "vergeet mij", "ja, vergeet mij"]
)
def test_where_others_read_along_nothing_of_the_person_is_said(text: str) -> None:
    follows = EVERYTHING["follows"]
    context = overheard(MemoryDossier(**EVERYTHING), person=replace(AN, follows=follows))
    told = respond(text, context).plain_text()
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("command", ["mijn gegevens", "mijn agenda"])
def test_where_others_read_along_is_told_how_to_get_it_in_private(command: str) -> None:
    told = respond(command, overheard(MemoryDossier(**EVERYTHING))).plain_text()
    assert f'Stuur mij "{command}" in een privébericht' in told
    assert "02 553 80 56" in told


def test_where_the_platform_whispers_everything_is_told_in_the_community() -> None:
    reply = respond("mijn gegevens", overheard(MemoryDossier(**EVERYTHING), whispers=True))
    assert reply.private
    assert facts_of(reply)["Gemeente"] == "Zottegem"


@pytest.mark.parametrize("text", ["mijn gegevens", "mijn agenda", "vergeet mij", "ja, vergeet mij"])
def test_of_an_outsider_nothing_is_kept_and_nothing_is_changed(text: str) -> None:
    reply = respond(text, context_at(person=OUTSIDER))
    assert reply.headline == "Van jou bewaar ik niets: ik weet niet wie je bent."
    assert not reply.changes


def test_other_questions_do_not_look_into_the_dossier() -> None:
    dossier = MemoryDossier()
    for text in ("wanneer is het volgende atrium?", "wat volg ik?", "hallo", "inbreng: meer bomen"):
        respond(text, alone(dossier))
    assert dossier.reads == 0


# --- being forgotten -------------------------------------------------------------------------------


def test_nobody_is_forgotten_without_saying_so_in_words() -> None:
    asked = respond("vergeet mij", alone(MemoryDossier()))
    assert not asked.changes
    assert not asked.choices
    assert '"ja, vergeet mij"' in asked.plain_text()
    assert not respond("ja", alone(MemoryDossier())).changes
    assert respond("ja, vergeet mij", alone(MemoryDossier())).changes == (MemberForgotten(),)


def test_a_moderator_hears_what_stays() -> None:
    moderator = replace(AN, role=Role.MODERATOR)
    told = respond("vergeet mij", alone(MemoryDossier(), person=moderator)).plain_text()
    assert "blijft drie jaar bewaard onder een schuilnaam" in told
    assert "alleen de beheerder" in told
    assert "schuilnaam" not in respond("vergeet mij", alone(MemoryDossier())).plain_text()


def test_what_stands_on_another_platform_is_not_ours_to_wipe() -> None:
    elsewhere = replace(AN, platform="slack")
    told = respond("vergeet mij", alone(MemoryDossier(), person=elsewhere)).plain_text()
    assert "die verwijder je zelf" in told


def test_the_farewell_leaves_nothing_for_the_thread_to_remember() -> None:
    assert respond("ja, vergeet mij", alone(MemoryDossier())).topic is None


def test_a_moderator_who_asks_in_the_middle_of_an_announcement_keeps_the_draft() -> None:
    dialogue = Dialogue(act="announce", draft=AtriumDraft(title="Water"), author="an")
    moderator = replace(AN, role=Role.MODERATOR)
    reply = respond("mijn gegevens", alone(MemoryDossier(), person=moderator, dialogue=dialogue))
    assert reply.headline == "Dit bewaar ik van jou."
    assert not reply.changes


# --- their own calendar ----------------------------------------------------------------------------


def test_who_asks_for_a_calendar_first_gets_a_new_address() -> None:
    reply = respond("mijn agenda", alone(MemoryDossier()))
    assert reply.private
    assert reply.links[0].url == "https://atria.example.org/mijn/nieuw-geheim.ics"
    assert reply.changes == (CalendarAddressed(token=NEW),)
    assert "nog leeg" in reply.plain_text()


def test_who_has_a_calendar_keeps_its_address() -> None:
    person = replace(AN, follows=(Follow(what=FollowWhat.ALL),))
    reply = respond("geef mij mijn kalender", alone(MemoryDossier(feed_token=OLD), person=person))
    assert reply.links[0].url == "https://atria.example.org/mijn/oud-geheim.ics"
    assert not reply.changes
    assert "nog leeg" not in reply.plain_text()


def test_a_new_address_takes_the_place_of_the_old_one() -> None:
    reply = respond("maak een nieuwe kalenderlink", alone(MemoryDossier(feed_token=OLD)))
    assert reply.links[0].url == "https://atria.example.org/mijn/nieuw-geheim.ics"
    assert reply.changes == (CalendarAddressed(token=NEW),)


def test_an_address_that_leaked_is_shut_also_where_others_read_along() -> None:
    context = overheard(MemoryDossier(feed_token=OLD))
    reply = respond("maak een nieuwe kalenderlink", context)
    assert reply.headline == "Je oude kalenderlink werkt niet meer."
    assert reply.changes == (CalendarAddressed(token=NEW),)
    assert not respond("mijn agenda", context).changes


def test_without_a_web_address_there_is_no_calendar() -> None:
    reply = respond("mijn agenda", context_at(dossier=MemoryDossier()))
    assert reply.headline == "Een eigen kalender kan ik niet geven: de agenda heeft geen webadres."
    assert not reply.changes


def test_the_example_of_what_to_follow_works() -> None:
    told = respond("mijn agenda", alone(MemoryDossier())).plain_text()
    assert '"herinner mij aan de provinciale atria"' in told
    assert respond("herinner mij aan de provinciale atria", alone(MemoryDossier())).changes
