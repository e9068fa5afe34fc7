"""What a member follows is told to them in private: at their moments, once, while they may see it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from handlers.model import BRUSSELS, Kind, Status
from handlers.routing import is_command
from scheduler.changes import on_changed
from scheduler.personal import PERSONAL
from store import outbox
from store.agenda import save_atrium
from store.communities import set_paused
from store.engine import Store
from store.members import unfollow
from store.states import OutboxState
from tests.fakes.network import atrium, brussels
from tests.fakes.private import PrivateNetwork

#: Wednesday 17 February 2027.
WATER = atrium("2027-02-17 09:30", uid="atr-1-044")
WAASLAND = atrium(
    "2027-02-24 09:30",
    uid="atr-1-002",
    kind=Kind.LOKAAL,
    title="Lokaal Atrium Waasland",
    theme=None,
    region="Waasland",
    municipality="Lokeren",
    audience=frozenset(),
)
SECRET = atrium(
    "2027-03-03 09:30",
    uid="atr-1-070",
    kind=Kind.MANDATARISSEN,
    title="Atrium Lokale Mandatarissen",
    theme=None,
    visibility=frozenset({"mandatarissen"}),
    audience=frozenset(),
)
WEEK_BEFORE = "2027-02-10 09:00"
DAY_BEFORE = "2027-02-16 09:00"


def _states(network: PrivateNetwork) -> dict[str, OutboxState]:
    with network.store.reading() as session:
        return {each.key: each.state for each in outbox.entries(session, kinds=PERSONAL)}


def test_whoever_follows_is_reminded_a_week_and_a_day_before(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")

    reply = network.say("herinner mij aan atr-1-044")

    assert "Ik herinner je 7 dagen en 1 dag vooraf in een privébericht" in reply.plain_text()
    assert reply.private
    network.tick("2027-02-10 08:59")
    assert network.told() == []
    network.tick(WEEK_BEFORE)
    network.tick(DAY_BEFORE)
    first, second = network.told()
    assert first.at == brussels(WEEK_BEFORE)
    assert first.text.startswith("Volgende week: Thematisch Atrium: circulair bouwen")
    assert second.text.startswith("Morgen: Thematisch Atrium: circulair bouwen")
    assert '"geen herinneringen"' in second.text
    assert (first.post.community, first.post.member, first.post.reply.private) == (None, "U1", True)


def test_several_wishes_for_one_atrium_remind_once(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    for wish in (
        "herinner mij aan atr-1-044",
        "volg de thematische atria",
        "volg circulair bouwen",
        "volg alles",
    ):
        network.say(wish)
    network.tick(WEEK_BEFORE)
    assert len(network.told()) == 1


def test_what_falls_due_together_is_one_message(store: Store) -> None:
    network = PrivateNetwork(
        store, WATER, atrium("2027-02-17 14:00", uid="atr-1-045", title="Nog een atrium")
    )
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    network.tick(WEEK_BEFORE)
    (text,) = network.texts()
    assert "Nog een atrium" in text
    assert "circulair bouwen" in text
    assert set(_states(network).values()) == {OutboxState.SENT, OutboxState.PLANNED}


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("herinner mij 3 dagen vooraf", ["2027-02-12 09:00"]),
        ("stuur mijn herinneringen 7 en 1 dag vooraf", [WEEK_BEFORE, DAY_BEFORE]),
        ("stuur mij herinneringen twee weken en een dag op voorhand", ["2027-02-03 09:00", DAY_BEFORE]),
        ("geen herinneringen", []),
    ],
)
def test_a_member_chooses_the_moments(store: Store, said: str, at: list[str]) -> None:
    """A moment in the weekend (3 days before, a Sunday) is the last allowed day before."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")

    assert network.say(said).headline.startswith("Genoteerd: ")

    for day in range(2, 18):
        network.tick(dt.datetime(2027, 2, day, 9, tzinfo=BRUSSELS))
    assert [each.at for each in network.told()] == [brussels(each) for each in at]


def test_the_moment_and_what_to_follow_go_in_one_sentence(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    said = network.say("herinner mij 2 dagen vooraf aan atr-1-044").plain_text()
    assert "je volgt het Thematisch Atrium" in said
    assert "Ik herinner je 2 dagen vooraf" in said
    network.tick("2027-02-15 09:00")
    assert len(network.told()) == 1


def test_a_moment_that_nobody_can_mean_is_refused(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    assert network.say("herinner mij 100 dagen vooraf").headline.startswith("Kies hoogstens vijf momenten")


def test_no_longer_following_voids_what_is_planned(store: Store) -> None:
    network = PrivateNetwork(store, WATER, WAASLAND)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg lokale atria in Waasland")
    network.say("herinner mij aan atr-1-044")
    network.say("stuur mij geen herinneringen meer voor atr-1-044")
    network.tick(WEEK_BEFORE)
    assert network.told() == []
    network.tick("2027-02-17 09:00")
    assert len(network.told()) == 1
    network.say("stuur mij geen herinneringen meer")
    assert OutboxState.PLANNED not in _states(network).values()


def test_who_stopped_following_meanwhile_is_not_told(store: Store) -> None:
    """What was planned is looked at again when it leaves."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    with store.writing() as session:
        unfollow(session, network.member(), None)
    network.tick(WEEK_BEFORE)
    assert network.told() == []


def test_a_moved_atrium_moves_its_reminders_and_is_told(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    starts = brussels("2027-02-22 09:30")
    network.change("atr-1-044", starts_at=starts, ends_at=starts + dt.timedelta(hours=3), sequence=1)
    network.tick("2027-02-01 10:31")
    (notice,) = network.texts()
    assert "22 februari 2027" in notice
    assert "Niets meer volgen" in notice
    network.tick(WEEK_BEFORE)
    assert len(network.told()) == 1
    network.tick("2027-02-15 09:00")
    assert len(network.told()) == 2


def test_edits_within_the_window_are_one_notice(store: Store) -> None:
    """C-30."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    for hall in ("Zaal A", "Zaal B", "Zaal C"):
        network.clock.forward(minutes=2)
        network.change("atr-1-044", venue=hall)
    network.tick("2027-02-01 10:50")
    (notice,) = network.texts()
    assert "Zaal C" in notice


def test_a_cancelled_atrium_is_told_once_and_reminds_no_more(store: Store) -> None:
    """C-27."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 19:00")
    network.say("volg alles")
    network.say("herinner mij aan atr-1-044")
    network.change("atr-1-044", status=Status.GEANNULEERD, cancelled_at=network.clock.now())
    network.tick("2027-02-02 07:59")
    assert network.told() == []
    network.tick("2027-02-02 08:00")
    network.tick(WEEK_BEFORE)
    (text,) = network.texts()
    assert "gaat niet door" in text


def test_an_atrium_that_comes_later_is_planned_for_its_followers(store: Store) -> None:
    network = PrivateNetwork(store)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    network.say("volg lokale atria in Waasland", who="U2")
    with store.writing() as session:
        save_atrium(session, WATER)
        on_changed(session, None, WATER, network.rules, network.clock.now())
    network.tick(WEEK_BEFORE)
    assert (len(network.told()), network.told("U2")) == (1, [])


@pytest.mark.parametrize(
    ("belongs", "told"), [(("U1",), 1), (("U9",), 0), (None, 0)], ids=["member", "left", "nobody knows"]
)
def test_only_who_belongs_there_now_is_told_of_what_is_not_public(
    store: Store, belongs: tuple[str, ...] | None, told: int
) -> None:
    """C-42. Whoever followed it as a member, and left, is told nothing."""
    network = PrivateNetwork(store, SECRET)
    network.clock.moment = brussels("2027-02-20 10:00")
    network.say("herinner mij aan atr-1-070", reads=frozenset({"mandatarissen"}))
    network.say("volg alles")
    network.clock.moment = brussels("2027-02-24 08:55")
    if belongs is not None:
        network.belongs("mandatarissen", *belongs)
    network.tick("2027-02-24 09:00")
    assert len(network.told()) == told


def test_who_cannot_be_looked_up_now_is_told_as_soon_as_they_can(store: Store) -> None:
    network = PrivateNetwork(store, SECRET)
    network.clock.moment = brussels("2027-02-20 10:00")
    network.belongs("mandatarissen", "U1")
    network.say("volg alles")
    network.tick("2027-02-24 09:00")
    assert network.told() == []
    network.clock.moment = brussels("2027-02-24 09:05")
    network.belongs("mandatarissen", "U1")
    network.tick("2027-02-24 09:11")
    assert len(network.told()) == 1


def test_a_pause_of_everything_is_for_members_too(store: Store) -> None:
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    with store.writing() as session:
        set_paused(session, None, paused=True)
    network.tick(WEEK_BEFORE)
    assert network.told() == []


def test_a_lost_answer_of_the_platform_does_not_remind_twice(store: Store) -> None:
    """C-5. It is looked for by its key, at the member."""
    network = PrivateNetwork(store, WATER, communities=())
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    network.platforms["slack"].script = ["accept-then-timeout"]
    sought = []
    find = network.platforms["slack"].find

    async def seek(post: object) -> object:
        sought.append(getattr(post, "member", None))
        return await find(post)  # type: ignore[arg-type]  # what delivery looks for

    network.platforms["slack"].find = seek  # type: ignore[method-assign, assignment]  # listens in
    network.tick("2027-02-10 09:00")
    network.tick("2027-02-10 09:05")
    assert len(network.told()) == 1
    assert sought == ["U1"]
    assert OutboxState.AMBIGUOUS not in _states(network).values()


def test_where_nobody_can_be_written_to_the_calendar_is_named(store: Store) -> None:
    network = PrivateNetwork(store, WATER, direct=frozenset())
    reply = network.say("volg alles", platform="engage")
    assert "privébericht" not in reply.plain_text()
    assert "eigen kalender" in reply.plain_text()
    assert "Hier kan ik je geen privéberichten sturen" in network.say("geen herinneringen").headline
    assert _states(network) == {}


def test_forgetting_takes_what_was_planned_along(store: Store) -> None:
    """C-43."""
    network = PrivateNetwork(store, WATER)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("volg alles")
    network.say("vergeet mij")
    network.say("ja, vergeet mij")
    assert _states(network) == {}
    network.tick(WEEK_BEFORE)
    assert network.told() == []


PAGE = (Path(__file__).parents[2] / "docs" / "gebruik" / "vragen.md").read_text(encoding="utf-8")
#: What stands between back quotes in the left column of the page's table on following.
COMMANDS = [
    command
    for line in PAGE.splitlines()
    if line.startswith("| `")
    for command in re.findall(r"`([^`]+)`", line.split("|")[1])
]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_the_page_for_members_says_is_done(sqlite_store: Store, command: str) -> None:
    network = PrivateNetwork(sqlite_store, WATER, WAASLAND)
    network.say("herinner mij aan atr-1-044")
    assert network.say(command).headline.startswith(("Genoteerd: ", "Je volgt"))
    assert is_command(command)
