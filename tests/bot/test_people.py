"""Who somebody is on several platforms, what they may do there, and what they may hear in private."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from handlers.model import Kind, Role
from store import members
from store.communities import find_community
from store.engine import Store
from store.tables import MemberRow
from tests.fakes.dump import places_of
from tests.fakes.network import atrium, brussels
from tests.fakes.private import IN_SLACK, PrivateNetwork

MAIL = "an.peeters@example.org"
MINE = frozenset({"mandatarissen"})

WATER = atrium("2027-02-17 09:30", uid="atr-1-044")
SECRET = atrium(
    "2027-03-03 09:30",
    uid="atr-1-070",
    kind=Kind.MANDATARISSEN,
    title="Atrium Lokale Mandatarissen: geheimberaad",
    theme="geheimberaad",
    venue="Kasteel Verborgen",
    address="Stilstraat 9",
    registration_url="https://inschrijven.example.org/stil",
    visibility=MINE,
    audience=frozenset(),
)
#: What nobody may hear who does not belong there.
SECRETS = ("geheimberaad", "Verborgen", "Stilstraat", "/stil", "3 maart")


def _members(store: Store) -> int:
    with store.reading() as session:
        return session.query(MemberRow).count()


# --- identities ------------------------------------------------------------------------------------


def test_two_platforms_that_vouch_for_one_address_know_one_person(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("volg de lokale atria", platform="engage", who="77", email=MAIL)
    network.say("ik werk in Gent", who="U1", email=MAIL.upper())
    assert _members(store) == 1
    said = network.say("mijn gegevens", email=MAIL).plain_text()
    assert f"Viva Engage (77, {MAIL}) en Slack (U1, {MAIL})" in said
    assert "alle Lokale Atria" in said
    assert network.say("wat volg ik?", email=MAIL).headline == "Je volgt: alle Lokale Atria."


def test_a_name_alone_links_nobody(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("volg alles", platform="engage", who="77")
    network.say("volg alles", who="77")
    assert _members(store) == 2


def test_an_address_that_two_accounts_share_links_nobody(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("hallo", who="U1", email=MAIL)
    network.say("hallo", who="U2", email=MAIL)
    network.say("hallo", platform="engage", who="77", email=MAIL)
    assert _members(store) == 3


def test_a_linked_member_keeps_roles_wishes_and_calendar(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    with store.writing() as session:
        members.sync_roles(session, moderators=["engage:77"], regional={"slack:U1": ["Waasland"]})
    network.say("volg circulair bouwen", platform="engage", who="77", email=MAIL)
    network.say("volg alles", who="U1", email=MAIL)
    with store.writing() as session:
        members.feed_token(session, members.member_id_of(session, "slack", "U1"))
        here, there = (
            members.find_person(session, "slack", "U1"),
            members.find_person(session, "engage", "77"),
        )
    assert here is not None
    assert there is not None
    assert here.role is there.role is Role.MODERATOR
    assert here.follows == there.follows
    assert len(here.follows) == 2


def test_who_followed_elsewhere_is_reminded_once_they_can_be_written_to(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles", platform="engage", who="77", email=MAIL)
    network.say("hallo", who="U1", email=MAIL)
    assert "in een privébericht" in network.say("wat volg ik?", platform="engage", who="77").plain_text()
    network.tick("2027-02-10 09:00")
    assert len(network.told("U1")) == 1


def test_whoever_is_forgotten_on_one_platform_is_forgotten_on_all(store: Store) -> None:
    """C-43."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.belongs("algemeen", "U0WILMA42")
    network.say("volg alles", platform="engage", who="7700042", email=MAIL)
    network.say("herinner mij 3 dagen vooraf", who="U0WILMA42", email=MAIL)
    network.say("vergeet mij", who="U0WILMA42", email=MAIL)
    network.say("ja, vergeet mij", who="U0WILMA42", email=MAIL)
    for trace in (MAIL, "U0WILMA42", "7700042"):
        assert places_of(store, trace) == []
    network.tick("2027-02-12 09:00")
    assert network.told("U0WILMA42") == []


@pytest.mark.parametrize("platform", ["slack", "engage"])
def test_own_data_are_told_on_every_platform_to_one_pair_of_eyes(store: Store, platform: str) -> None:
    """C-43."""
    network = PrivateNetwork(store, WATER)
    network.say("volg alles", platform=platform)
    community = {"slack": "algemeen", "engage": None}[platform]
    reply = network.say("mijn gegevens", platform=platform, community=community)
    assert reply.headline == "Dit bewaar ik van jou."
    assert reply.private
    assert network.platforms[platform].posts[-1].post.member == "U1"


def test_where_others_read_along_own_data_stay_unsaid(store: Store) -> None:
    network = PrivateNetwork(store, WATER, communities=(replace(IN_SLACK[0], platform="engage"),))
    network.say("volg alles", platform="engage", community="algemeen", email=MAIL)
    said = network.say("mijn gegevens", platform="engage", community="algemeen").plain_text()
    assert MAIL not in said
    assert "zeg ik niet waar anderen meelezen" in said


# --- rights ------------------------------------------------------------------------------------------


def _paused(network: PrivateNetwork, key: str = "water") -> bool:
    with network.store.reading() as session:
        community = find_community(session, key)
    assert community is not None
    return community.paused


def test_an_owner_steers_their_own_community(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("pauzeer algemeen", community="water", moderates=frozenset({"water"}))
    assert not _paused(network, "algemeen")
    network.say("pauzeer water", community="water", moderates=frozenset({"water"}))
    assert _paused(network)


def test_a_member_steers_nothing(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.say("pauzeer water", community="water")
    assert not _paused(network)


def test_where_moderators_are_named_the_platforms_owners_are_none(store: Store) -> None:
    named = replace(IN_SLACK[2], moderators=frozenset({"U7", MAIL}))
    network = PrivateNetwork(store, WATER, communities=(IN_SLACK[0], named))
    network.say("pauzeer water", community="water", moderates=frozenset({"water"}))
    assert not _paused(network)
    network.say("pauzeer water", who="U7", community="water")
    assert _paused(network)
    network.say("hervat water", who="U8", community="water", email=MAIL)
    assert not _paused(network)


def test_in_private_what_the_platform_said_last_counts_while_it_is_fresh(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.belongs("water", owners=("U1",))
    network.say("pauzeer water")
    assert _paused(network)
    network.clock.forward(minutes=16)
    network.say("hervat water")
    assert _paused(network)
    network.belongs("water", owners=("U2",))
    network.say("hervat water")
    assert _paused(network)


def test_a_right_that_was_taken_away_is_lost_before_the_confirmation(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    asked = "kondig aan: thematisch atrium over ontharding op 18/3/2027 om 14u in Mechelen"
    network.belongs("water", owners=("U1",))
    assert "Zo komt het bericht eruit te zien" in network.say(asked).headline
    network.belongs("water", "U1")
    assert "doen de moderatoren van het netwerk" in network.say("bevestig").headline


def test_what_waited_is_answered_by_what_the_platform_says_now(store: Store) -> None:
    network = PrivateNetwork(store, SECRET)
    late = dt.timedelta(hours=2)
    network.say("pauzeer water", community="water", moderates=frozenset({"water"}), waited=late)
    assert not _paused(network)
    said = network.say("wanneer is het atrium lokale mandatarissen?", reads=MINE, waited=late)
    assert "3 maart" not in said.plain_text()


def test_a_reader_by_the_settings_changes_nothing(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    with store.writing() as session:
        members.sync_roles(session, readers=["slack:U1"])
        found = members.find_person(session, "slack", "U1")
    assert found is not None
    assert found.role is Role.READER
    network.say("pauzeer water", community="water")
    assert not _paused(network)


# --- what is not everybody's -------------------------------------------------------------------------

QUESTIONS = (
    "wanneer is het volgende atrium lokale mandatarissen?",
    "welke atria zijn er in maart 2027?",
    "wat is er op 3 maart 2027?",
    "vertel mij over atr-1-070",
    "zijn er atria over geheimberaad?",
    "herinner mij aan atr-1-070",
    "herinner mij 3 dagen vooraf aan atr-1-070",
    "volg geheimberaad",
    "wat volg ik?",
    "mijn gegevens",
)


def _leaks(text: str, asked: str) -> list[str]:
    return [each for each in SECRETS if each in text and each not in asked]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_in_private_a_stranger_hears_nothing_of_what_is_not_public(store: Store, asked: str) -> None:
    """C-42."""
    network = PrivateNetwork(store, WATER, SECRET)
    network.belongs("mandatarissen", "U9")
    said = network.say(asked).plain_text()
    assert _leaks(said, asked) == []


def test_in_private_whoever_belongs_there_hears_it(store: Store) -> None:
    network = PrivateNetwork(store, WATER, SECRET)
    said = network.say("wanneer is het volgende atrium lokale mandatarissen?", reads=MINE).plain_text()
    assert "3 maart" in said


def test_whoever_followed_it_and_left_hears_of_it_no_more(store: Store) -> None:
    """C-42. Neither in an answer, nor in a reminder or notice, nor in a list of what is planned."""
    network = PrivateNetwork(store, WATER, SECRET)
    network.clock.moment = brussels("2027-02-20 10:00")
    network.say("herinner mij aan atr-1-070", reads=MINE)
    network.belongs("mandatarissen", "U9")
    for asked in ("wat volg ik?", "mijn gegevens"):
        assert _leaks(network.say(asked).plain_text(), asked) == []
    network.change("atr-1-070", venue="Kasteel Verborgen, zaal twee")
    for day in range(20, 29):
        network.clock.moment = brussels(f"2027-02-{day} 08:59")
        network.belongs("mandatarissen", "U9")
        network.tick(f"2027-02-{day} 09:00")
    assert network.told() == []


def test_a_community_that_is_not_known_hears_no_more_than_everybody(store: Store) -> None:
    """Others read along there, whatever the author may read elsewhere."""
    network = PrivateNetwork(store, SECRET)
    said = network.say("wanneer is het atrium lokale mandatarissen?", community="weg", reads=MINE)
    assert _leaks(said.plain_text(), "") == []
    network.say("volg alles", platform="engage", email=MAIL)
    own = network.say("mijn gegevens", platform="engage", community="weg", email=MAIL)
    assert MAIL not in own.plain_text()
