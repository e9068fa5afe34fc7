"""A change of the agenda changes what is owed, and people who were told hear of it once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handlers.model import Atrium, Kind, Status
from scheduler import changes
from scheduler.changes import announce, on_changed, replan_all
from scheduler.plan import ANNOUNCEMENT, CANCELLATION, CHANGE, REMINDER
from scheduler.port import Refused
from scheduler.rules import Rules
from store import outbox, post_acts
from store.agenda import atria_held, save_atrium
from store.engine import Store
from store.outbox import Entry
from store.replanning import Replanned
from store.states import OutboxState
from tests.fakes.bench import QUIET, Bench
from tests.fakes.network import COMMUNITIES, GENERAL, atrium, brussels, fill

MINUTE = dt.timedelta(minutes=1)
#: Two weeks and one week before: the first tells people, the second shows what became of the plan.
TWICE = replace(QUIET, reminders={kind: (dt.timedelta(days=14), dt.timedelta(days=7)) for kind in Kind})


def change(bench: Bench, before: Atrium | None, after: Atrium) -> Replanned:
    with bench.store.writing() as session:
        save_atrium(session, after)
        return on_changed(session, before, after, bench.rules, bench.clock.now())


def cancelled(bench: Bench, one: Atrium) -> Atrium:
    return replace(one, status=Status.GEANNULEERD, cancelled_at=bench.clock.now())


def of_kind(bench: Bench, kind: str, community: str = "algemeen") -> list[Entry]:
    with bench.store.reading() as session:
        return outbox.entries(session, kinds=[kind], community=community)


@pytest.fixture
def told(store: Store) -> Bench:
    """An atrium of 17 February 2027 of which people were told two weeks before."""
    bench = Bench(store, rules=TWICE)
    bench.tick(brussels("2027-02-03 09:00"))
    assert len(bench.platform.texts("algemeen")) == 1
    bench.clock.moment = brussels("2027-02-04 10:00")
    return bench


def test_a_change_that_is_made_while_everything_is_planned_anew_stands(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-27: between two transactions of the planning, when it knows of the atrium only that it is to come."""
    one, two = atrium(), atrium("2027-03-03 09:30", uid="atr-2", title="Thematisch Atrium: water")
    moved = replace(two, starts_at=brussels("2027-03-10 14:00"), ends_at=brussels("2027-03-10 16:00"))
    bench = Bench(sqlite_store, one, two)
    monkeypatch.setattr(changes, "FIRST_ATRIA", 1)
    writing, pending = sqlite_store.writing, [moved]

    @contextmanager
    def interrupted() -> Iterator[Session]:
        with writing() as session:
            yield session
        while pending:
            after = pending.pop()
            with writing() as session:
                save_atrium(session, after)
                on_changed(session, two, after, bench.rules, bench.clock.now())

    monkeypatch.setattr(sqlite_store, "writing", interrupted)
    bench.clock.forward(days=1)
    replan_all(sqlite_store, bench.rules, bench.clock.now())
    reminders = [each for each in of_kind(bench, REMINDER) if each.atrium_uid == "atr-2"]
    assert [each.due_at for each in reminders] == [brussels("2027-03-03 09:00")]


def test_planning_anew_holds_what_it_plans(postgres_store: Store) -> None:
    """C-27: who changes an atrium meanwhile waits, and plans after."""
    fill(postgres_store, atrium())
    begins, ends = brussels("2027-01-01 00:00"), brussels("2028-01-01 00:00")

    def change_in_haste() -> None:
        with postgres_store.writing() as changing:
            changing.execute(text("SET LOCAL lock_timeout = '50ms'"))
            save_atrium(changing, atrium("2027-02-17 14:00"))

    with postgres_store.writing() as planning:
        assert len(atria_held(planning, begins, ends)) == 1
        with pytest.raises(OperationalError, match="lock timeout"):
            change_in_haste()
    change_in_haste()


def test_what_is_planned_anew_goes_on_after_the_last_of_an_hour(store: Store) -> None:
    same_hour = [atrium(uid=f"a-{number}") for number in range(5)]
    bench = Bench(store, *same_hour)
    with store.writing() as session:
        found = []
        last = None
        while some := atria_held(session, bench.clock.now(), brussels("2028-01-01 00:00"), last, 2):
            found += some
            last = some[-1]
    assert [each.uid for each in found] == [each.uid for each in same_hour]


def test_three_edits_in_five_minutes_are_one_notice_with_the_last_values(told: Bench) -> None:
    """C-30."""
    one = atrium()
    for minutes, at in ((0, "2027-02-17 10:00"), (2, "2027-02-17 11:00"), (5, "2027-02-17 13:00")):
        told.clock.moment = brussels("2027-02-04 10:00") + minutes * MINUTE
        two = atrium(at)
        change(told, one, two)
        one = two
    told.tick(brussels("2027-02-04 10:29"))
    assert len(told.platform.texts("algemeen")) == 1, "nothing inside the window"
    told.tick(brussels("2027-02-04 10:30"))
    told.tick(brussels("2027-02-04 12:00"))
    _, notice = told.platform.texts("algemeen")
    assert notice.startswith("Gewijzigd: ")
    assert "Nieuw moment: woensdag 17 februari 2027, van 13.00 tot 16.00 u." in notice
    assert "Eerder was dat woensdag 17 februari 2027, van 9.30 tot 12.30 u." in notice
    assert "10.00 u." not in notice


def test_an_edit_back_to_the_start_is_not_told(told: Bench) -> None:
    """C-30."""
    change(told, atrium(), atrium("2027-02-17 14:00"))
    change(told, atrium("2027-02-17 14:00"), atrium())
    told.tick(brussels("2027-02-04 11:00"))
    assert len(told.platform.texts("algemeen")) == 1
    (notice,) = of_kind(told, CHANGE)
    assert notice.reason == "reden.teruggedraaid"


def test_a_second_change_after_the_window_is_told_again(told: Bench) -> None:
    change(told, atrium(), atrium("2027-02-17 14:00"))
    told.tick(brussels("2027-02-04 10:30"))
    change(told, atrium("2027-02-17 14:00"), atrium("2027-02-17 15:00"))
    told.tick(brussels("2027-02-04 11:00"))
    assert [each.key for each in of_kind(told, CHANGE)] == [
        "change:atr-1:1:-:algemeen",
        "change:atr-1:2:-:algemeen",
    ]
    assert "Eerder was dat woensdag 17 februari 2027, van 14.00" in told.platform.texts("algemeen")[-1]


def test_who_was_not_told_hears_of_no_change(store: Store) -> None:
    bench = Bench(store, rules=TWICE)
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    assert not of_kind(bench, CHANGE)


def test_what_does_not_matter_is_not_told(told: Bench) -> None:
    change(told, atrium(), replace(atrium(), description="Nieuwe tekst", contact="02 000 00 00"))
    assert not of_kind(told, CHANGE)


def test_another_place_is_told(told: Bench) -> None:
    change(told, atrium(), replace(atrium(), venue="Cultuurcentrum", address="Parklaan 1"))
    told.tick(brussels("2027-02-04 10:30"))
    assert "De plaats is nu Cultuurcentrum, Parklaan 1, Sint-Niklaas" in told.platform.texts("algemeen")[-1]


def test_who_read_it_in_an_overview_hears_of_the_change(store: Store) -> None:
    bench = Bench(store, communities=(GENERAL,))
    bench.tick(brussels("2027-02-01 08:30"))
    bench.clock.moment = brussels("2027-02-02 10:00")
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    assert len(of_kind(bench, CHANGE)) == 1


def test_a_change_at_night_is_told_in_the_morning(told: Bench) -> None:
    """C-40."""
    told.clock.moment = brussels("2027-02-04 23:00")
    change(told, atrium(), atrium("2027-02-17 14:00"))
    assert of_kind(told, CHANGE)[0].due_at == brussels("2027-02-05 08:00")


def test_a_moved_atrium_moves_its_reminders_and_repeats_none(told: Bench) -> None:
    """C-27: moved by a week; what was sent stays sent."""
    assert change(told, atrium(), atrium("2027-02-24 09:30")).moved == 2, "one in each community"
    for day in range(4, 25):
        told.tick(brussels(f"2027-02-{day:02} 10:30"))
    reminder, notice, second = told.platform.texts("algemeen")
    assert "17 februari 2027" in reminder
    assert notice.startswith("Gewijzigd")
    assert second.startswith("Volgende week: Thematisch Atrium: circulair bouwen, woensdag 24 februari 2027")
    assert told.platform.posts[-1].at.date() == dt.date(2027, 2, 17)


def test_a_cancellation_is_told_once_and_silences_the_rest(told: Bench) -> None:
    """C-27, C-31."""
    off = cancelled(told, atrium())
    change(told, atrium(), off)
    change(told, off, replace(off, contact="02 000 00 00"))
    for day in range(4, 18):
        told.tick(brussels(f"2027-02-{day:02} 10:00"))
    _, notice = told.platform.texts("algemeen")
    assert notice.startswith("Geannuleerd: Thematisch Atrium: circulair bouwen, woensdag 17 februari 2027")
    assert [each.state for each in of_kind(told, CANCELLATION)] == [OutboxState.SENT]
    assert {each.state for each in of_kind(told, REMINDER)} == {OutboxState.SENT, OutboxState.SKIPPED}


def test_what_is_cancelled_a_second_before_it_is_due_is_not_said(store: Store) -> None:
    """C-44: nothing was handed to a platform beforehand, so there is no ghost of it."""
    bench = Bench(store, rules=TWICE)
    bench.clock.moment = brussels("2027-02-03 09:00") - dt.timedelta(seconds=1)
    change(bench, atrium(), cancelled(bench, atrium()))
    for minute in range(5):
        bench.tick(brussels("2027-02-03 09:00") + minute * MINUTE)
    assert {each.post.kind for each in bench.platform.posts} == {CANCELLATION}


def test_who_would_have_been_reminded_hears_of_a_cancellation_too(store: Store) -> None:
    bench = Bench(store, rules=TWICE)
    bench.clock.moment = brussels("2027-01-05 10:00")
    change(bench, atrium(), cancelled(bench, atrium()))
    bench.tick(bench.clock.now() + MINUTE)
    assert len(bench.platform.texts("algemeen")) == 1
    assert not bench.platform.texts("mandatarissen")


def test_a_cancellation_swallows_a_change_that_waits(told: Bench) -> None:
    change(told, atrium(), atrium("2027-02-17 14:00"))
    change(told, atrium("2027-02-17 14:00"), cancelled(told, atrium("2027-02-17 14:00")))
    told.tick(brussels("2027-02-04 11:00"))
    assert [text.split(":")[0] for text in told.platform.texts("algemeen")][1:] == ["Geannuleerd"]


def test_a_cancellation_waits_for_the_morning_unless_it_would_come_too_late(told: Bench) -> None:
    """C-40: people must not travel for nothing."""
    told.clock.moment = brussels("2027-02-04 21:00")
    change(told, atrium(), cancelled(told, atrium()))
    assert of_kind(told, CANCELLATION)[0].due_at == brussels("2027-02-05 08:00")


def test_a_cancellation_on_the_evening_before_an_early_atrium_is_said_at_once(store: Store) -> None:
    early = atrium("2027-02-17 07:30")
    bench = Bench(store, early, rules=TWICE)
    bench.clock.moment = brussels("2027-02-16 21:00")
    change(bench, early, cancelled(bench, early))
    bench.tick(brussels("2027-02-16 21:01"))
    assert len(bench.platform.texts("algemeen")) == 1


def test_several_cancellations_at_once_are_one_post(store: Store) -> None:
    """C-40, C-41."""
    many = [atrium("2027-02-17 09:30", uid=f"a-{each}", title=f"Atrium {each}") for each in range(5)]
    bench = Bench(store, *many)
    bench.clock.moment = brussels("2027-02-04 10:00")
    for one in many:
        change(bench, one, cancelled(bench, one))
    bench.tick(brussels("2027-02-04 10:01"))
    (text,) = bench.platform.texts("algemeen")
    assert text.startswith("Vijf atria zijn geannuleerd.")


def test_an_announcement_is_said_at_once_in_the_communities_that_were_chosen(store: Store) -> None:
    """C-9, C-16: later reminders only, and only there; the moderator hears how many moments are past."""
    bench = Bench(store, atrium("2027-06-16 09:30", uid="other"), planned_at="2026-11-23 19:30")
    new = atrium("2026-12-17 09:30", uid="new", announced_at=bench.clock.now())
    with store.writing() as session:
        save_atrium(session, new)
        done = announce(session, new, ["algemeen"], Rules(), bench.clock.now())
        announce(session, new, ["algemeen"], Rules(), bench.clock.now())
    assert (done.planned, done.passed) == (4, 1)
    bench.tick()
    (text,) = bench.platform.texts()
    assert text.startswith("Nieuw: Thematisch Atrium: circulair bouwen, donderdag 17 december 2026")
    assert len(of_kind(bench, ANNOUNCEMENT)) == 1
    replan_all(store, Rules(), bench.clock.now())
    assert not of_kind(bench, REMINDER, "water") or all(
        each.atrium_uid == "other" for each in of_kind(bench, REMINDER, "water")
    )


def test_an_announcement_that_two_of_five_refuse_is_sent_again_to_those_two_alone(store: Store) -> None:
    """C-7, C-21: both are named, and the three that have it are left alone."""
    five = tuple(replace(GENERAL, key=f"groep-{each}", digest=False) for each in range(5))
    bench = Bench(store, atrium("2027-06-16 09:30", uid="other"), communities=five)
    with store.writing() as session:
        save_atrium(session, atrium(uid="new"))
        announce(session, atrium(uid="new"), [each.key for each in five], QUIET, bench.clock.now())
    bench.platform.script = ["ok", Refused(reason="geen toegang"), "ok", Refused(reason="vol"), "ok"]
    bench.tick()
    with store.writing() as session:
        failed = outbox.entries(session, [OutboxState.FAILED])
        assert [(each.community_key, each.reason) for each in failed] == [
            ("groep-1", "geen toegang"),
            ("groep-3", "vol"),
        ]
        for each in failed:
            post_acts.retry(session, each.id, bench.clock.now())
    bench.tick(bench.clock.now() + MINUTE)
    requested = [each.community.key for each in bench.platform.requests if each.community]
    assert requested == [f"groep-{each}" for each in (0, 1, 2, 3, 4, 1, 3)]
    assert len(bench.platform.posts) == 5


def test_a_mandatarissen_thing_never_reaches_others(store: Store) -> None:
    """C-42: over its whole life: planned, told, changed, cancelled."""
    hidden = atrium(kind=Kind.MANDATARISSEN, audience=frozenset(), visibility=frozenset({"mandatarissen"}))
    bench = Bench(store, hidden, rules=TWICE, communities=COMMUNITIES)
    for day in range(1, 4):
        bench.tick(brussels(f"2027-02-{day:02} 09:00"))
    moved = replace(hidden, starts_at=hidden.starts_at + dt.timedelta(hours=2))
    change(bench, hidden, moved)
    bench.tick(brussels("2027-02-04 09:00"))
    change(bench, moved, cancelled(bench, moved))
    for day in range(5, 18):
        bench.tick(brussels(f"2027-02-{day:02} 09:00"))
    told = {each.post.community.key for each in bench.platform.posts if each.post.community}
    assert told == {"mandatarissen"}
    kinds = {each.post.kind for each in bench.platform.posts}
    assert kinds == {"digest", "reminder", "change", "cancellation"}


def test_the_cost_of_one_change_does_not_grow_with_the_agenda(sqlite_store: Store) -> None:
    bench = Bench(sqlite_store, *(atrium(uid=f"a-{each}") for each in range(1)), rules=TWICE)
    statements: list[str] = []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    change(bench, atrium(uid="a-0"), atrium("2027-02-18 09:30", uid="a-0"))
    alone = len(statements)
    for each in range(1, 60):
        change(bench, None, atrium(uid=f"a-{each}"))
    statements.clear()
    change(bench, atrium("2027-02-18 09:30", uid="a-0"), atrium(uid="a-0"))
    assert len(statements) <= alone
