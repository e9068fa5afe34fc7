"""What Graph knows is kept up to date by one replica, fails closed, and is told to whom may hear it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.alerts import Alert, Alerts
from bot.connection_watch import ConnectionWatch
from bot.graph.calendar import CalendarSource
from bot.graph.client import Graph
from bot.graph.notifications import Told
from bot.graph.watch import GraphWatch
from handlers.model import Community, Kind
from scheduler.rules import Rules
from store import belonging
from store.agenda import StoredAgenda
from store.communities import sync_communities
from store.engine import Store
from store.leases import acquire, release
from store.texts import change_text
from tests.bot.graph.conftest import NOW, StandingTokens
from tests.fakes.engage.graph import Calls, GraphFault
from tests.fakes.engage.graph_calendar import Calendars, an_event
from tests.fakes.engage.world import Group, User, World

BOX = "agenda@example.org"


@dataclass
class Heard:
    """A way to reach people that remembers what they were told."""

    name: str = "heard"
    alerts: list[Alert] = field(default_factory=list)

    def send(self, alert: Alert) -> None:
        self.alerts.append(alert)


@dataclass
class Bench:
    """A program's watch over Graph, looked through by hand on a clock that the test puts forward."""

    world: World
    store: Store
    address: str
    tokens: StandingTokens
    communities: list[Community]
    now: dt.datetime = NOW
    heard: Heard = field(default_factory=Heard)

    def watch(self, holder: str = "one", *, calendar: bool = False) -> GraphWatch:
        graph = Graph(f"{self.address}/v1.0", self.tokens)
        source = CalendarSource(
            graph=graph, store=self.store, rules=Rules(), mailbox=BOX, kind=Kind.THEMATISCH
        )
        return GraphWatch(
            graph=graph,
            store=self.store,
            communities=self.communities,
            holder=holder,
            now=lambda: self.now,
            alerts=Alerts(ways=[self.heard]),
            calendar=source if calendar else None,
        )

    def look(self, watch: GraphWatch, times: int = 1) -> GraphWatch:
        async def looks() -> None:
            for _ in range(times):
                await watch.look()
            await watch.graph.close()

        asyncio.run(looks())
        return watch

    def moderated_by(self, who: str) -> frozenset[str]:
        with self.store.reading() as session:
            return belonging.moderated_by(session, who, "engage", self.now - belonging.FRESH_FOR)

    def read_by(self, who: str) -> frozenset[str]:
        with self.store.reading() as session:
            return belonging.joined_by(session, who, "engage", self.now - belonging.FRESH_FOR)

    def groups(self, *readers: str) -> dict[str, str | None]:
        with self.store.reading() as session:
            return {group.name: group.link for group in StoredAgenda(session).groups(frozenset(readers))}


@pytest.fixture
def an(world: World) -> User:
    return world.add_user("An Peeters")


@pytest.fixture
def mia(world: World) -> User:
    return world.add_user("Mia Moderator")


@pytest.fixture
def water(world: World, an: User, mia: User) -> Group:
    return world.add_group("Water", members=[an], owners=[mia])


@pytest.fixture
def secret_group(world: World, an: User) -> Group:
    return world.add_group("Mandatarissen", members=[an], privacy="private")


@pytest.fixture
def bench(
    world: World,
    sqlite_store: Store,
    address: str,
    tokens: StandingTokens,
    water: Group,
    secret_group: Group,
) -> Bench:
    communities = [
        Community(key=key, platform="engage", name=group.name, channel=str(group.id))
        for key, group in (("water", water), ("mandatarissen", secret_group))
    ]
    with sqlite_store.writing() as session:
        sync_communities(session, communities)
    return Bench(world, sqlite_store, address, tokens, communities)


def test_owners_moderate_and_members_read(bench: Bench, an: User, mia: User) -> None:
    bench.look(bench.watch())
    assert bench.moderated_by(mia.email) == {"water"}
    assert bench.moderated_by(an.email) == frozenset()
    assert bench.read_by(an.email) == {"water", "mandatarissen"}


def test_who_is_no_owner_any_more_moderates_no_more(bench: Bench, water: Group, mia: User) -> None:
    watch = bench.look(bench.watch())
    water.owners.clear()
    bench.now += dt.timedelta(minutes=6)
    bench.look(watch)
    assert bench.moderated_by(mia.email) == frozenset()


def test_when_graph_is_away_for_long_nobody_moderates(bench: Bench, world: World, mia: User) -> None:
    watch = bench.look(bench.watch())
    world.part(Calls).faults.append(GraphFault(status=503, times=1000))
    for _ in range(5):
        bench.now += dt.timedelta(minutes=5)
        bench.look(watch)
    assert bench.moderated_by(mia.email) == frozenset()
    assert watch.condition().state == "THROTTLED"
    world.part(Calls).faults.clear()
    bench.now += dt.timedelta(minutes=5)
    bench.look(watch)
    assert bench.moderated_by(mia.email) == {"water"}
    assert watch.condition().state == "OK"


def test_graph_is_left_alone_for_as_long_as_it_asks(bench: Bench, world: World) -> None:
    calls = world.part(Calls)
    calls.faults.append(GraphFault(status=429, retry_after="120", times=2))
    watch = bench.look(bench.watch())
    asked = len(calls.seen)
    bench.now += dt.timedelta(seconds=119)
    bench.look(watch)
    assert len(calls.seen) == asked
    bench.now += dt.timedelta(seconds=1)
    bench.look(watch)
    assert len(calls.seen) > asked


def test_what_was_asked_is_not_asked_again_until_it_is_due(bench: Bench, world: World) -> None:
    watch = bench.look(bench.watch())
    asked = len(world.part(Calls).seen)
    bench.look(watch, times=3)
    assert len(world.part(Calls).seen) == asked


def test_one_replica_asks_and_another_takes_over(bench: Bench, world: World) -> None:
    bench.look(bench.watch("one"))
    asked = len(world.part(Calls).seen)
    other = bench.look(bench.watch("other"))
    assert len(world.part(Calls).seen) == asked
    with bench.store.writing() as session:
        held = acquire(session, "graph", "one", dt.timedelta(minutes=1))
        assert held is not None
        release(session, held)
    bench.look(other)
    assert len(world.part(Calls).seen) > asked


def test_a_missing_permission_is_told_and_the_other_communities_go_on(
    bench: Bench, world: World, water: Group, an: User
) -> None:
    world.part(Calls).denied.append(water.entra_id)
    watch = bench.look(bench.watch())
    assert bench.read_by(an.email) == {"mandatarissen"}
    assert watch.condition().state == "AUTH_REQUIRED"
    assert "grant the app the permission" in watch.condition().reason


def test_a_sign_in_that_ended_is_told_once_by_the_second_way(bench: Bench, world: World) -> None:
    world.part(Calls).faults.append(GraphFault(status=401, times=1000))
    watch = bench.look(bench.watch())
    assert watch.condition().state == "AUTH_REQUIRED"
    connections = ConnectionWatch(watched=[watch], alerts=watch.alerts)
    for _ in range(3):
        connections.look()
    assert [alert.title for alert in bench.heard.alerts] == ["graph moet opnieuw aangemeld worden."]


def test_a_community_that_is_not_as_the_settings_say_is_named(bench: Bench, water: Group) -> None:
    water.name = "Water en droogte"
    watch = bench.look(bench.watch())
    (found,) = watch.mismatches
    assert found.key == "water"
    assert 'is called "Water en droogte", not "Water"' in found.reason


def test_public_communities_are_groups_for_everybody_and_private_ones_for_their_readers(
    bench: Bench, world: World
) -> None:
    world.add_group("Ruimte")
    world.add_group("Geheim", privacy="private")
    bench.look(bench.watch())
    assert set(bench.groups()) == {"Water", "Ruimte"}
    assert set(bench.groups("mandatarissen")) == {"Water", "Ruimte", "Mandatarissen"}
    link = bench.groups()["Water"]
    assert link is not None
    assert link.startswith("https://engage.cloud.microsoft/main/groups/")


def test_a_community_that_becomes_private_is_named_no_more(bench: Bench, world: World, water: Group) -> None:
    other = world.add_group("Ruimte")
    watch = bench.look(bench.watch())
    other.privacy = "private"
    bench.now += dt.timedelta(hours=2)
    bench.look(watch)
    assert set(bench.groups()) == {"Water"}


def test_a_notification_makes_the_calendar_be_read_at_once(
    bench: Bench, world: World, look_count: Callable[[], int]
) -> None:
    world.part(Calendars).events[BOX] = {}
    watch = bench.look(bench.watch(calendar=True))
    assert look_count() == 1
    bench.look(watch)
    assert look_count() == 1
    bench.watch("other")._note(Told.CHANGED)
    bench.look(watch)
    assert look_count() == 2


def test_what_is_wrong_in_the_mailbox_is_told_in_the_words_of_the_moderators(
    bench: Bench, world: World
) -> None:
    nameless = an_event("bad", "", "2027-03-18T09:00:00", "2027-03-18T10:00:00")
    world.part(Calendars).put(BOX, nameless)
    with bench.store.writing() as session:
        change_text(session, "melding.mailbox niet overgenomen", "Niet in de agenda.", "Mia", NOW)
    bench.look(bench.watch(calendar=True))
    assert [alert.title for alert in bench.heard.alerts] == ["Niet in de agenda."]


@pytest.fixture
def look_count(world: World) -> Callable[[], int]:
    return lambda: sum("calendarView" in call for call in world.part(Calls).seen)


def test_a_chore_that_breaks_keeps_nothing_else_from_being_asked(
    bench: Bench, mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr("bot.graph.watch.keep_communities", broken)
    watch = bench.look(bench.watch())
    assert bench.moderated_by(mia.email) == {"water"}
    for _ in range(4):
        bench.now += dt.timedelta(minutes=5)
        bench.look(watch)
    assert watch.condition().state == "THROTTLED"
    assert "KeyError" in watch.condition().reason


def test_what_cannot_be_loaded_at_the_start_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = bench.watch()
    monkeypatch.setattr("bot.graph.watch.LOOK_SECONDS", 0.0)
    tries, loaded = [], asyncio.Event()

    async def warm_up() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is away")
        loaded.set()

    monkeypatch.setattr(watch.graph, "warm_up", warm_up)

    async def start() -> None:
        await watch.open()
        try:
            await asyncio.wait_for(loaded.wait(), 30)
        finally:
            await watch.close()

    asyncio.run(start())
    assert len(tries) > 1


def test_who_asks_no_more_tells_no_failure_of_before(bench: Bench, world: World) -> None:
    world.part(Calls).faults.append(GraphFault(status=401, times=1000))
    watch = bench.look(bench.watch("one"))
    assert watch.condition().state == "AUTH_REQUIRED"
    with bench.store.writing() as session:
        held = acquire(session, "graph", "one", dt.timedelta(minutes=1))
        assert held is not None
        release(session, held)
        assert acquire(session, "graph", "other", dt.timedelta(minutes=1)) is not None
    bench.look(watch)
    assert watch.condition().state == "OK"


def test_who_lost_the_turn_while_asking_writes_nothing(bench: Bench, mia: User) -> None:
    """A replica that stood still for a while may not bring back who was an owner before."""
    watch = bench.watch()
    asked = watch.graph.ask

    async def ask_slowly(build: object) -> object:
        told = await asked(build)  # type: ignore[arg-type]  # handed on
        with bench.store.writing() as session:
            held = acquire(session, "graph", "one", dt.timedelta(minutes=1))
            if held is not None:
                release(session, held)
            acquire(session, "graph", "other", dt.timedelta(minutes=1))
        return told

    watch.graph.ask = ask_slowly  # type: ignore[method-assign,assignment]  # slower than the lease is long
    bench.look(watch)
    assert bench.moderated_by(mia.email) == frozenset()
