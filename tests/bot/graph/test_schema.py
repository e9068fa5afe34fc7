"""What the bot asks of Graph, and what the fake answers, is what Microsoft's own schema says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.graph.calendar import CalendarSource
from bot.graph.client import Graph
from bot.graph.communities import live_communities
from bot.graph.people import group_people
from bot.graph.subscriptions import Subscriptions
from scheduler.rules import Rules
from store.engine import Store
from store.vault import Vault
from tests.bot.graph.conftest import NOW
from tests.fakes.engage.graph import Calls
from tests.fakes.engage.graph_calendar import Calendars, an_event
from tests.fakes.engage.graph_judge import Judge
from tests.fakes.engage.graph_subscriptions import Subscriptions as Held
from tests.fakes.engage.world import World

BOX = "agenda@example.org"


def asked(make_graph: Callable[[], Graph], work: Callable[[Graph], Awaitable[object]]) -> None:
    async def once() -> None:
        graph = make_graph()
        try:
            await work(graph)
        finally:
            await graph.close()

    asyncio.run(once())


@pytest.fixture
def judge() -> Judge:
    return Judge()


def test_communities_and_people(world: World, make_graph: Callable[[], Graph], judge: Judge) -> None:
    an = world.add_user("An Peeters")
    groups = [world.add_group(f"Groep {number}", members=[an], owners=[an]) for number in range(25)]

    async def work(graph: Graph) -> None:
        await live_communities(graph)
        await group_people(graph, groups[0].entra_id)

    asked(make_graph, work)
    calls = world.part(Calls)
    assert judge.faults(calls) == []
    assert all(judge.knows(method, path) for method, path, _, _ in calls.answers)
    assert len(calls.answers) == 4


def test_the_calendar(
    world: World, make_graph: Callable[[], Graph], sqlite_store: Store, judge: Judge
) -> None:
    calendars = world.part(Calendars)
    calendars.events[BOX] = {}
    for number in range(12):
        calendars.put(BOX, an_event(f"e{number}", "T", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    source = CalendarSource(graph=make_graph(), store=sqlite_store, rules=Rules(), mailbox=BOX)

    async def work(graph: Graph) -> None:
        changes = await source.changes(NOW)
        source.apply(changes, NOW)
        calendars.put(BOX, an_event("e1", "T", "2030-03-18T09:00:00", "2030-03-18T10:00:00"))
        await source.changes(NOW)
        await source.graph.close()

    asked(make_graph, work)
    calls = world.part(Calls)
    assert judge.faults(calls) == []
    assert any(path.endswith("/events/e1") for _, path, _, _ in calls.answers)


def test_subscriptions(
    world: World,
    make_graph: Callable[[], Graph],
    sqlite_store: Store,
    judge: Judge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def shakes(_state: Held, _url: str) -> bool:
        return True

    monkeypatch.setattr("tests.fakes.engage.graph_subscriptions._shakes_hands", shakes)

    async def work(graph: Graph) -> None:
        subscriptions = Subscriptions(graph, sqlite_store, Vault(b"key"), BOX, "https://bot.example.org")
        await subscriptions.keep_up(NOW)
        await subscriptions.renew(NOW)

    asked(make_graph, work)
    calls = world.part(Calls)
    assert [method for method, _, _ in calls.bodies] == ["POST", "PATCH"]
    assert judge.faults(calls) == []


def test_the_judge_sees_what_is_wrong(judge: Judge) -> None:
    calls = Calls()
    calls.seen.append("GET /employeeExperience/communities?$select=bogus&other=1")
    calls.bodies.append(("POST", "/subscriptions", b'{"changeType": 5}'))
    event = b'{"value": [{"isAllDay": "no", "start": "today"}]}'
    calls.answers.append(("GET", "/users/x/calendarView/delta()", 200, event))
    faults = judge.faults(calls)
    assert len(faults) >= 5
    assert any("bogus" in fault for fault in faults)
    assert any("isAllDay" in fault for fault in faults)
