"""Every act as every role: the table of who may do what, in conversation and as the one place says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import Paused, PostHeld
from handlers.context import PlannedPost
from handlers.model import Atrium, Kind, Person, Role
from handlers.moderation.permissions import (
    may_administer,
    may_announce,
    may_change,
    may_change_network,
    may_pause,
    may_see_console,
    may_steer,
    may_steer_post,
    moderates,
)
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.network import atrium, brussels
from tests.fakes.owed import MemoryOutbox
from tests.fakes.talking import GENERAL, POLITICIANS, WATER, Thread, person

OWNER = replace(person("Wout Water", Role.MEMBER), communities=frozenset({"water"}))
ROLES: dict[str, Person] = {
    "administrator": person("Cil Chef", Role.ADMINISTRATOR),
    "moderator": person("An Peeters", Role.MODERATOR),
    "regional": person("Rik Regio", Role.REGIONAL_MODERATOR, "Waasland"),
    "community": OWNER,
    "reader": person("Lea Lezer", Role.READER),
    "member": person("Mia Lid", Role.MEMBER),
    "outsider": replace(OWNER, name="Otto", is_known=False, role=Role.ADMINISTRATOR),
}

#: What each act takes: those who may.
ALL = {"administrator", "moderator", "regional", "community"}
NETWORK = {"administrator", "moderator"}

HERE = atrium(uid="a-water", municipality="Gent")
WAAS = atrium(uid="a-waas", kind=Kind.LOKAAL, region="Waasland", municipality="Lokeren")
SHUT = atrium(uid="a-shut", municipality="Gent", visibility=frozenset({"water"}))
BOTH = atrium(uid="a-both", municipality="Gent")


def _agenda() -> MemoryAgenda:
    agenda = MemoryAgenda([HERE, WAAS, SHUT, BOTH], regions={"Waasland": ["Lokeren", "Sint-Niklaas"]})
    agenda.announced = {"a-water": frozenset({"water"}), "a-both": frozenset({"water", "algemeen"})}
    return agenda


def _who(may: dict[str, bool]) -> set[str]:
    return {name for name, allowed in may.items() if allowed}


def test_who_may_see_the_console_and_change_what_is_everybodys() -> None:
    assert _who({name: moderates(each) for name, each in ROLES.items()}) == ALL
    assert _who({name: may_see_console(each) for name, each in ROLES.items()}) == ALL | {"reader"}
    assert _who({name: may_change_network(each) for name, each in ROLES.items()}) == NETWORK
    assert _who({name: may_administer(each) for name, each in ROLES.items()}) == {"administrator"}
    assert _who({name: may_pause(each, None) for name, each in ROLES.items()}) == {"administrator"}


@pytest.mark.parametrize(
    ("municipality", "communities", "may"),
    [
        ("Gent", ("water",), NETWORK | {"community"}),
        ("Gent", ("water", "algemeen"), NETWORK),
        ("Gent", ("algemeen",), NETWORK),
        ("Lokeren", ("algemeen",), NETWORK | {"regional"}),
        ("Lokeren", ("water",), ALL),
    ],
)
def test_who_may_announce_where(municipality: str, communities: tuple[str, ...], may: set[str]) -> None:
    agenda = _agenda()
    allowed = {
        name: may_announce(
            each, agenda, kind=Kind.THEMATISCH, municipality=municipality, communities=communities
        )
        for name, each in ROLES.items()
    }
    assert _who(allowed) == may


@pytest.mark.parametrize(
    ("uid", "may"),
    [
        ("a-water", NETWORK | {"community"}),
        ("a-waas", NETWORK | {"regional"}),
        ("a-shut", NETWORK | {"community"}),
        ("a-both", NETWORK),
    ],
)
def test_who_may_change_which_atrium(uid: str, may: set[str]) -> None:
    agenda = _agenda()
    assert _who({name: may_change(each, agenda, agenda.atria[uid]) for name, each in ROLES.items()}) == may


def test_who_may_steer_which_community_and_post() -> None:
    agenda, waas = _agenda(), replace(GENERAL, key="waas", regions=frozenset({"Waasland"}))
    steers = {
        community.key: _who({name: may_steer(each, community) for name, each in ROLES.items()})
        for community in (GENERAL, WATER, POLITICIANS, waas)
    }
    assert steers == {
        "algemeen": NETWORK,
        "water": NETWORK | {"community"},
        "mandatarissen": NETWORK,
        "waas": NETWORK | {"regional"},
    }
    of_waas = {
        name: may_steer_post(each, agenda, GENERAL, kind=Kind.LOKAAL, municipality="Lokeren")
        for name, each in ROLES.items()
    }
    assert _who(of_waas) == NETWORK | {"regional"}
    gone = {
        name: may_steer_post(each, agenda, None, kind=None, municipality=None) for name, each in ROLES.items()
    }
    assert _who(gone) == NETWORK


# --- in conversation, in the community "water" -----------------------------------------------------

ANNOUNCE = "kondig aan: thematisch atrium over ontharding op 18/3 om 14u in Mechelen"


def _thread() -> Thread:
    return Thread(WATER, agenda=_agenda())


@pytest.mark.parametrize("name", ROLES)
def test_announcing_as_every_role(name: str) -> None:
    thread = _thread()
    thread.say(ANNOUNCE, ROLES[name])
    thread.say("bevestig", ROLES[name])
    assert bool(thread.published) is (name in NETWORK | {"community"})


def test_a_community_moderator_announces_in_their_own_alone() -> None:
    thread = _thread()
    thread.say(ANNOUNCE, OWNER)
    assert "Water en droogte" in thread.say("bevestig", OWNER)
    (announced,) = [each.communities for each in thread.published if hasattr(each, "communities")]
    assert announced == ("water",)


def test_a_community_moderator_cannot_name_another_community() -> None:
    thread = _thread()
    said = thread.say(f"{ANNOUNCE}, alleen in community algemeen", OWNER)
    assert "valt buiten je eigen werking (Water en droogte)" in said
    thread.say("bevestig", OWNER)
    assert thread.published == []


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("uid", ["a-water", "a-both", "a-waas", "a-shut"])
@pytest.mark.parametrize("command", ["wijzig {}: zaal Raadzaal", "annuleer {}"])
def test_changing_and_cancelling_as_every_role(name: str, uid: str, command: str) -> None:
    may = {
        "a-water": NETWORK | {"community"},
        "a-shut": NETWORK | {"community"},
        "a-waas": NETWORK | {"regional"},
        "a-both": NETWORK,
    }
    thread = _thread()
    thread.say(command.format(uid), ROLES[name])
    thread.say("bevestig", ROLES[name])
    assert bool(thread.published) is (name in may[uid])


@pytest.mark.parametrize("name", ROLES)
def test_pausing_as_every_role(name: str) -> None:
    thread = _thread()
    thread.say("pauzeer water", ROLES[name])
    assert (Paused(community="water") in thread.changes) is (name in NETWORK | {"community"})
    thread.say("pauzeer algemeen", ROLES[name])
    assert (Paused(community="algemeen") in thread.changes) is (name in NETWORK)
    thread.say("pauzeer alles", ROLES[name])
    assert (Paused(community=None) in thread.changes) is (name == "administrator")


def _owed(number: int, community: str, about: Atrium) -> PlannedPost:
    return PlannedPost(
        id=number,
        at=brussels("2026-11-26 09:00"),
        community=community,
        kind="reminder",
        text="Volgende week",
        state="planned",
        atrium=about.uid,
        atrium_kind=about.kind,
        place=about.municipality,
        region=about.region,
    )


@pytest.mark.parametrize("name", ROLES)
def test_steering_as_every_role(name: str) -> None:
    thread = _thread()
    thread.outbox = MemoryOutbox([_owed(1, "water", HERE), _owed(2, "algemeen", HERE)])
    thread.say("hou 1 tegen", ROLES[name])
    assert (PostHeld(post=1) in thread.changes) is (name in NETWORK | {"community"})
    thread.say("hou 2 tegen", ROLES[name])
    assert (PostHeld(post=2) in thread.changes) is (name in NETWORK)


@pytest.mark.parametrize("begin", [ANNOUNCE, "wijzig a-water: zaal Raadzaal", "annuleer a-water"])
def test_a_right_that_was_taken_away_is_lost_at_the_confirmation(begin: str) -> None:
    thread = _thread()
    thread.say(begin, OWNER)
    thread.say("bevestig", replace(OWNER, communities=frozenset()))
    assert thread.published == []
    thread.say("bevestig", replace(OWNER, communities=frozenset({"mandatarissen"})))
    assert thread.published == []


def test_a_reader_hears_who_can() -> None:
    assert _thread().say(ANNOUNCE, ROLES["reader"]).startswith("Aankondigen doen de moderatoren")
