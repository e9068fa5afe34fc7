"""The calendar of a mailbox feeds the agenda: one way, by what changed, never too much at once."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from bot.graph.calendar import HELD_NOTE, CalendarSource, Changes, Synced
from bot.graph.client import Graph, GraphAway
from bot.graph.events import uid_of
from handlers.model import Atrium, Community, Kind, Status
from scheduler.rules import Rules
from store import outbox
from store.agenda import StoredAgenda, atria_between, get_atrium, save_atrium
from store.engine import Store
from store.notes import find_note
from store.states import OutboxState
from tests.bot.graph.conftest import NOW
from tests.fakes.engage.graph import Calls, GraphFault
from tests.fakes.engage.graph_calendar import Calendars, an_event
from tests.fakes.engage.world import World
from tests.fakes.network import fill

BOX = "agenda@example.org"
EVER = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
POLITICIANS = Community(
    key="mandatarissen", platform="engage", name="Mandatarissen", kinds=frozenset({Kind.MANDATARISSEN})
)


@pytest.fixture
def calendars(world: World) -> Calendars:
    calendars = world.part(Calendars)
    calendars.events[BOX] = {}
    return calendars


@pytest.fixture
def look(sqlite_store: Store, make_graph: Callable[[], Graph], calendars: Calendars) -> Callable[..., Synced]:
    """One look at the calendar, by a bot that was just started."""

    def once(
        now: dt.datetime = NOW,
        kind: Kind | None = Kind.THEMATISCH,
        *,
        yes: bool = False,
        dry_run: bool = False,
    ) -> Synced:
        async def ask() -> tuple[CalendarSource, Changes]:
            graph = make_graph()
            source = CalendarSource(
                graph=graph,
                store=sqlite_store,
                rules=Rules(),
                mailbox=BOX,
                kind=kind,
                communities=(POLITICIANS,),
            )
            try:
                return source, await source.changes(now)
            finally:
                await graph.close()

        source, changes = asyncio.run(ask())
        return source.apply(changes, now, yes=yes, dry_run=dry_run)

    return once


def agenda(store: Store) -> list[Atrium]:
    with store.reading() as session:
        return atria_between(session, EVER)


def stored(store: Store, event_id: str) -> Atrium:
    with store.reading() as session:
        return get_atrium(session, uid_of(event_id))


def test_an_appointment_becomes_an_atrium(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(
        BOX,
        an_event(
            "e1",
            "Waterberging",
            "2027-03-18T09:30:00",
            "2027-03-18T12:00:00",
            body={"contentType": "text", "content": "Over water.\r\n"},
        ),
    )
    synced = look()
    assert synced.findings == ()
    (atrium,) = agenda(sqlite_store)
    assert atrium.uid == uid_of("e1")
    assert (atrium.kind, atrium.title, atrium.municipality) == (Kind.THEMATISCH, "Waterberging", "Zottegem")
    assert (atrium.venue, atrium.address, atrium.description) == ("Stadhuis", "Markt 1", "Over water.")
    assert atrium.local_start.isoformat() == "2027-03-18T09:30:00+01:00"
    assert atrium.local_end is not None
    assert atrium.local_end.isoformat() == "2027-03-18T12:00:00+01:00"
    assert atrium.is_public


@pytest.mark.parametrize(
    ("zone", "told", "local"),
    [
        ("UTC", "2027-03-27T09:00:00", "2027-03-27T10:00:00+01:00"),
        ("UTC", "2027-03-28T09:00:00", "2027-03-28T11:00:00+02:00"),
        ("Romance Standard Time", "2027-06-01T09:00:00", "2027-06-01T09:00:00+02:00"),
        ("Europe/London", "2027-06-01T09:00:00", "2027-06-01T10:00:00+02:00"),
    ],
)
def test_whatever_the_zone_it_is_the_clock_of_brussels(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store, zone: str, told: str, local: str
) -> None:
    calendars.put(BOX, an_event("e1", "Titel", told, told, zone=zone))
    look()
    assert stored(sqlite_store, "e1").local_start.isoformat() == local


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"isAllDay": True}, "hele dagen"),
        ({"sensitivity": "private"}, "privé"),
        ({"end": {"dateTime": "2027-03-19T09:00:00.0000000", "timeZone": "UTC"}}, "andere dag"),
        ({"start": {"dateTime": "2027-03-18T09:00:00", "timeZone": "Nergens"}}, "tijdzone"),
        ({"location": {"displayName": "Ergens"}}, "geen gemeente"),
        ({"location": {"displayName": "Zaal", "address": {"city": "Velzeke"}}}, "Zottegem"),
        ({"subject": ""}, "titel"),
    ],
)
def test_what_cannot_be_an_atrium_is_left_out_and_named_and_the_rest_comes_in(
    calendars: Calendars,
    look: Callable[..., Synced],
    sqlite_store: Store,
    others: dict[str, object],
    why: str,
) -> None:
    calendars.put(BOX, {**an_event("bad", "Fout", "2027-03-18T09:00:00", "2027-03-18T10:00:00"), **others})
    calendars.put(BOX, an_event("good", "Goed", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    synced = look()
    assert [each.title for each in agenda(sqlite_store)] == ["Goed"]
    assert len(synced.findings) == 1
    assert why in synced.findings[0]


def test_the_kind_is_that_of_a_category_else_that_of_the_settings(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    when = ("2027-03-18T09:00:00", "2027-03-18T10:00:00")
    calendars.put(BOX, an_event("a", "A", *when, categories=["Blauw", "Lokaal Atrium"]))
    calendars.put(BOX, an_event("b", "B", *when, categories=["op_maat"]))
    calendars.put(BOX, an_event("c", "C", *when))
    assert look(kind=None).others == 1
    assert {each.title: each.kind for each in agenda(sqlite_store)} == {"A": Kind.LOKAAL, "B": Kind.OP_MAAT}


def test_what_is_for_politicians_is_not_shown_to_others(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look(kind=Kind.MANDATARISSEN)
    assert stored(sqlite_store, "a").visibility == {"mandatarissen"}


def test_what_came_from_the_bot_itself_does_not_come_back(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    when = ("2027-03-18T09:00:00", "2027-03-18T10:00:00")
    calendars.put(BOX, an_event("a", "A", *when, iCalUId="atr-1@atriumbot"))
    assert look().others == 1
    assert agenda(sqlite_store) == []


def test_only_what_changed_is_asked_for_and_taken_over(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store, world: World
) -> None:
    for number in range(25):
        calendars.put(BOX, an_event(f"e{number}", f"T{number}", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    assert len(look().plan.added) == 25
    calls = world.part(Calls)
    assert len(calls.seen) == 3
    calendars.put(BOX, an_event("e7", "Nieuw", "2027-03-19T14:00:00", "2027-03-19T15:00:00"))
    synced = look()
    assert len(calls.seen) == 4
    assert "deltatoken" in calls.seen[-1]
    assert [change.after.title for change in synced.plan.changed] == ["Nieuw"]
    assert stored(sqlite_store, "e7").sequence == 1
    assert look().plan.does_nothing


def test_what_is_taken_away_or_cancelled_there_is_cancelled_here(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    for name in "abcdefghijk":
        calendars.put(BOX, an_event(name, name, "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    calendars.remove(BOX, "a")
    gone = an_event("b", "b", "2027-03-18T09:00:00", "2027-03-18T10:00:00", isCancelled=True)
    calendars.put(BOX, gone)
    assert len(look().plan.cancelled) == 2
    assert stored(sqlite_store, "a").status is Status.GEANNULEERD
    assert stored(sqlite_store, "b").is_cancelled
    assert not stored(sqlite_store, "c").is_cancelled


def test_what_only_moved_out_of_the_period_is_moved_and_not_cancelled(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    calendars.put(BOX, an_event("a", "A", "2029-03-18T09:00:00", "2029-03-18T10:00:00"))
    look()
    moved = stored(sqlite_store, "a")
    assert not moved.is_cancelled
    assert moved.local_date == dt.date(2029, 3, 18)


def test_when_too_much_would_change_nothing_does_until_a_person_says_yes(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    for name in "abcdefghij":
        calendars.put(BOX, an_event(name, name, "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    for name in "abc":
        calendars.remove(BOX, name)
    assert look().is_held
    assert look().is_held
    assert not any(each.is_cancelled for each in agenda(sqlite_store))
    with sqlite_store.reading() as session:
        assert find_note(session, HELD_NOTE) == "3/10"
    assert not look(yes=True).is_held
    assert sum(each.is_cancelled for each in agenda(sqlite_store)) == 3
    with sqlite_store.reading() as session:
        assert find_note(session, HELD_NOTE) is None


def test_an_emptied_calendar_empties_no_agenda(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    for name in "abcdefghij":
        calendars.put(BOX, an_event(name, name, "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    calendars.events[BOX].clear()
    calendars.forgotten = len(calendars.changes)
    assert look().is_held
    assert not any(each.is_cancelled for each in agenda(sqlite_store))


def test_when_graph_forgot_the_last_look_all_is_read_anew(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    for name in "abcdefghij":
        calendars.put(BOX, an_event(name, name, "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    calendars.remove(BOX, "a")
    calendars.forgotten = len(calendars.changes)
    assert [change.after.title for change in look().plan.cancelled] == ["a"]


def test_after_a_week_the_period_moves_on(
    calendars: Calendars, look: Callable[..., Synced], world: World
) -> None:
    look()
    look(now=NOW + dt.timedelta(days=8))
    first, second = (call for call in world.part(Calls).seen if "startDateTime" in call)
    assert "startDateTime=2026-11-22T23%3A00%3A00Z" in first
    assert "startDateTime=2026-11-30T23%3A00%3A00Z" in second


def test_a_proof_changes_nothing(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    assert len(look(dry_run=True).plan.added) == 1
    assert agenda(sqlite_store) == []
    assert len(look().plan.added) == 1


def test_what_the_calendar_does_not_tell_stays_as_it_is(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    known = stored(sqlite_store, "a")
    with sqlite_store.writing() as session:
        save_atrium(session, dataclasses.replace(known, theme="water", visibility=frozenset({"x"})))
    calendars.put(BOX, an_event("a", "B", "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    look()
    after = stored(sqlite_store, "a")
    assert (after.title, after.theme, after.visibility) == ("B", "water", {"x"})


def test_an_atrium_that_was_cancelled_here_stays_cancelled(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T10:00:00", isCancelled=True))
    look()
    calendars.put(BOX, an_event("a", "A", "2027-03-18T09:00:00", "2027-03-18T11:00:00"))
    look()
    assert stored(sqlite_store, "a").is_cancelled


def test_half_a_list_cancels_nothing(
    look: Callable[..., Synced], sqlite_store: Store, calendars: Calendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer without appointments and without an end is no empty calendar."""
    calendars.put(BOX, an_event("e1", "Water", "2027-03-18T09:30:00", "2027-03-18T12:00:00"))
    look()

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    monkeypatch.setattr(Graph, "ask", nothing)
    with pytest.raises(GraphAway, match="next look"):
        look(NOW + dt.timedelta(days=8))
    with sqlite_store.reading() as session:
        assert not get_atrium(session, uid_of("e1")).is_cancelled


def test_a_look_that_graph_takes_no_more_is_begun_anew(
    look: Callable[..., Synced], world: World, calendars: Calendars
) -> None:
    calendars.put(BOX, an_event("e1", "Water", "2027-03-18T09:30:00", "2027-03-18T12:00:00"))
    look()
    calendars.put(BOX, an_event("e2", "Ruimte", "2027-03-25T09:30:00", "2027-03-25T12:00:00"))
    world.part(Calls).faults.append(GraphFault(status=400, on="deltatoken"))
    assert len(look().plan.added) == 1


def test_each_occurrence_of_a_series_is_an_atrium_and_the_series_is_none(
    look: Callable[..., Synced], sqlite_store: Store, calendars: Calendars
) -> None:
    """In a list of changes Graph tells of an occurrence only when it is; the rest stands in the series."""
    whole = an_event("m1", "Water", "2027-03-18T09:30:00", "2027-03-18T12:00:00", type="seriesMaster")
    calendars.put(BOX, whole)
    for number, day in enumerate(("2027-03-18", "2027-04-15")):
        calendars.put(BOX, bare_occurrence(f"o{number}", "m1", day))
    assert len(look().plan.added) == 2
    with sqlite_store.reading() as session:
        assert [each.title for each in atria_between(session, EVER, NOW + dt.timedelta(days=900))] == [
            "Water"
        ] * 2
    # Later the occurrence comes alone.
    calendars.put(BOX, bare_occurrence("o2", "m1", "2027-05-20"))
    assert len(look().plan.added) == 1


def bare_occurrence(event_id: str, series: str, day: str) -> dict[str, object]:
    told = an_event(event_id, "", f"{day}T09:30:00", f"{day}T12:00:00")
    kept = {name: told[name] for name in ("@odata.etag", "id", "start", "end")}
    return {**kept, "type": "occurrence", "seriesMasterId": series}


def test_what_is_marked_private_later_is_shown_to_nobody_and_told_of_no_more_until_the_mark_is_gone(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    fill(sqlite_store)
    event = an_event("e1", "Waterberging", "2027-03-18T09:30:00", "2027-03-18T12:00:00")
    calendars.put(BOX, event)
    look()
    uid = uid_of("e1")
    assert planned(sqlite_store, uid)
    calendars.put(BOX, {**event, "sensitivity": "private"})
    (finding,) = look(NOW + dt.timedelta(hours=1)).findings
    assert "privé" in finding
    with sqlite_store.reading() as session:
        everybody = frozenset({"algemeen", "water", "mandatarissen"})
        assert StoredAgenda(session).find(uid, everybody) is None
        assert not get_atrium(session, uid).is_cancelled
    assert not planned(sqlite_store, uid)
    calendars.put(BOX, event)
    look(NOW + dt.timedelta(hours=2))
    assert stored(sqlite_store, "e1").is_public
    assert planned(sqlite_store, uid)


def test_readers_that_a_moderator_chose_stay_whatever_the_mark(
    calendars: Calendars, look: Callable[..., Synced], sqlite_store: Store
) -> None:
    event = an_event("e1", "Waterberging", "2027-03-18T09:30:00", "2027-03-18T12:00:00")
    calendars.put(BOX, event)
    look()
    chosen = frozenset({"mandatarissen"})
    with sqlite_store.writing() as session:
        save_atrium(session, dataclasses.replace(stored(sqlite_store, "e1"), visibility=chosen))
    for hours, mark in enumerate(("private", "normal"), start=1):
        calendars.put(BOX, {**event, "sensitivity": mark})
        look(NOW + dt.timedelta(hours=hours))
        assert stored(sqlite_store, "e1").visibility == chosen


def planned(store: Store, uid: str) -> list[str]:
    with store.reading() as session:
        return [
            each.key for each in outbox.entries(session, (OutboxState.PLANNED,)) if each.atrium_uid == uid
        ]
