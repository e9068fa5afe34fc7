from __future__ import annotations

import datetime as dt

import pytest

from handlers.model import Atrium, Status
from store import audit
from store.agenda import agenda_version, atria_between, find_atrium, get_atrium, save_atrium
from store.engine import Store
from store.exchange.agenda_file import agenda_file_bytes, read_agenda_file
from store.exchange.imports import ImportPlan, apply_import, differences, plan_import
from store.exchange.rows import Parsed
from tests.fakes.agenda_rows import ReadRows

EVER = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
LATER = dt.timedelta(days=2)


def bring_in(store: Store, parsed: Parsed, now: dt.datetime) -> ImportPlan:
    with store.writing() as session:
        plan = plan_import(session, parsed, now)
        apply_import(session, plan, now, "cli:jan")
    return plan


def stored(store: Store, uid: str = "atr-9-001") -> Atrium:
    with store.reading() as session:
        return get_atrium(session, uid)


def all_stored(store: Store) -> list[Atrium]:
    with store.reading() as session:
        return atria_between(session, EVER)


def test_a_first_import_adds_everything(store: Store, read: ReadRows, now: dt.datetime) -> None:
    plan = bring_in(store, read({}, {"programma_uid": "prov-1"}), now)
    assert (len(plan.added), plan.changes, plan.coming, plan.needs_confirmation) == (2, (), 0, False)
    assert stored(store) == plan.added[0]
    assert stored(store, "atr-9-002").programme_uid == "prov-1"


def test_planning_changes_nothing(store: Store, read: ReadRows, now: dt.datetime) -> None:
    with store.writing() as session:
        plan_import(session, read({}), now)
    assert all_stored(store) == []


def test_importing_twice_is_importing_once(store: Store, sample: list[Atrium], now: dt.datetime) -> None:
    """C-32: keyed by uid."""
    data = agenda_file_bytes(sample, "a.csv", now)
    bring_in(store, read_agenda_file(data, "a.csv", now=now), now)
    before = all_stored(store)
    with store.reading() as session:
        version = agenda_version(session)
    again = bring_in(store, read_agenda_file(data, "a.csv", now=now + LATER), now + LATER)
    assert again.does_nothing
    assert len(again.unchanged) == 60
    assert all_stored(store) == before
    with store.reading() as session:
        assert agenda_version(session) == version


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ics"])
def test_what_is_exported_changes_nothing_when_it_is_imported(
    store: Store, sample: list[Atrium], now: dt.datetime, extension: str
) -> None:
    with store.writing() as session:
        for atrium in sample:
            save_atrium(session, atrium)
    name = f"a.{extension}"
    data = agenda_file_bytes(all_stored(store), name, now + LATER)
    assert bring_in(store, read_agenda_file(data, name, now=now + LATER), now + LATER).does_nothing


def test_a_changed_row_raises_the_sequence_by_one(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({}), now)
    plan = bring_in(store, read({"begin": "10:00", "locatie": "Bibliotheek"}), now + LATER)
    ((before, after, fields),) = plan.changes
    assert fields == ("starts_at", "venue")
    assert (before.sequence, after.sequence) == (0, 1)
    assert stored(store) == after
    assert (after.updated_at, after.announced_at) == (now + LATER, now)


def test_a_change_is_told_in_the_words_of_the_file(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({}), now)
    (change,) = bring_in(store, read({"begin": "10:00", "thema": ""}), now).changes
    assert differences(change, now) == [("thema", "erfgoed", ""), ("begin", "09:30", "10:00")]


def test_a_row_that_is_absent_is_left_alone(store: Store, read: ReadRows, now: dt.datetime) -> None:
    """C-32: one way, and nothing is deleted."""
    bring_in(store, read({}, {}), now)
    bring_in(store, read({"titel": "Anders"}), now + LATER)
    assert stored(store, "atr-9-002").sequence == 0
    assert stored(store).title == "Anders"


def test_a_cancelled_row_cancels(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({}), now)
    plan = bring_in(store, read({"status": "geannuleerd"}), now + LATER)
    assert plan.changed == ()
    ((_, after, fields),) = plan.cancelled
    assert fields == ("status",)
    assert (after.status, after.sequence, after.cancelled_at) == (Status.GEANNULEERD, 1, now + LATER)
    assert stored(store) == after


def test_a_cancelled_atrium_stays_cancelled(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({"status": "geannuleerd"}), now)
    plan = bring_in(store, read({"status": "bevestigd"}), now + LATER)
    assert plan.does_nothing
    assert [(warning.line, warning.column) for warning in plan.warnings] == [(2, "status")]
    assert stored(store).cancelled_at == now


def test_what_went_by_is_over_whatever_the_file_says(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({"status": "bevestigd"}), now)
    afterwards = dt.datetime(2027, 4, 1, tzinfo=dt.UTC)
    for status in ("voorbij", "bevestigd", "gepland"):
        assert bring_in(store, read({"status": status}), afterwards).does_nothing
    assert stored(store).sequence == 0


def test_a_past_row_is_added_as_known_from_now(store: Store, read: ReadRows, now: dt.datetime) -> None:
    """C-28."""
    bring_in(store, read({"datum": "2025-03-18", "inschrijven_tot": "", "status": "voorbij"}), now)
    assert (stored(store).status, stored(store).announced_at) == (Status.VOORBIJ, now)


def test_a_file_without_a_column_leaves_what_it_would_hold(
    store: Store, read: ReadRows, now: dt.datetime
) -> None:
    bring_in(store, read({}), now)
    narrow = b"uid;soort;titel;datum;begin;gemeente\natr-9-001;lokaal;Kort;2027-03-18;9u30;Zottegem\n"
    plan = bring_in(store, read_agenda_file(narrow, "a.csv", now=now), now)
    assert plan.changes[0].fields == ("title",)
    assert stored(store).theme == "erfgoed"


def test_an_end_that_a_new_date_leaves_behind_is_dropped(
    store: Store, read: ReadRows, now: dt.datetime
) -> None:
    bring_in(store, read({}), now)
    narrow = b"uid;soort;titel;datum;begin;gemeente\natr-9-001;lokaal;Kort;2027-03-10;9u30;Zottegem\n"
    bring_in(store, read_agenda_file(narrow, "a.csv", now=now), now)
    assert stored(store).ends_at is None
    assert stored(store).registration_until is None


def test_a_row_that_empties_a_cell_empties_the_field(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({}), now)
    bring_in(store, read({"einde": "", "doelgroep": ""}), now)
    assert (stored(store).ends_at, stored(store).audience) == (None, frozenset())


@pytest.mark.parametrize(("changed", "asks"), [(2, False), (3, True)])
def test_more_than_a_fifth_of_what_is_coming_asks_first(
    store: Store, read: ReadRows, now: dt.datetime, changed: int, asks: bool
) -> None:
    """C-32."""
    bring_in(store, read(*[{}] * 10, {"status": "geannuleerd"}), now)
    rows = [{"titel": "Anders"}] * (changed - 1) + [{"status": "geannuleerd"}] + [{}] * (10 - changed)
    with store.writing() as session:
        plan = plan_import(session, read(*rows), now)
    assert (plan.coming, plan.touched, plan.needs_confirmation) == (10, changed, asks)


def test_changes_of_the_past_do_not_count_for_the_question(
    store: Store, read: ReadRows, now: dt.datetime
) -> None:
    past = {"datum": "2026-03-18", "inschrijven_tot": "", "status": "voorbij"}
    bring_in(store, read(past, {}), now)
    with store.writing() as session:
        plan = plan_import(session, read(past | {"titel": "Anders"}), now)
    assert (len(plan.changed), plan.touched, plan.needs_confirmation) == (1, 0, False)


def test_a_file_with_a_problem_is_not_imported_by_halves(
    store: Store, read: ReadRows, now: dt.datetime
) -> None:
    parsed = read({}, {"gemeente": "Nergens"})
    assert parsed.candidates
    with store.writing() as session, pytest.raises(ValueError, match="1 problem"):
        plan_import(session, parsed, now)
    assert all_stored(store) == []


def test_every_act_of_an_import_is_audited(store: Store, read: ReadRows, now: dt.datetime) -> None:
    bring_in(store, read({}, {}), now)
    bring_in(store, read({"titel": "Anders"}, {"status": "geannuleerd"}), now + LATER)
    with store.reading() as session:
        acts = audit.entries(session)
    assert [(act.action, act.subject) for act in acts] == [
        ("cancelled", "atr-9-002"),
        ("changed", "atr-9-001"),
        ("imported", "atr-9-002"),
        ("imported", "atr-9-001"),
    ]
    assert acts[1].actor == "cli:jan"
    assert acts[1].before is not None
    assert acts[1].after is not None
    assert (acts[1].before["title"], acts[1].after["title"]) == ("Lokaal Atrium Vlaamse Ardennen", "Anders")


def test_an_import_that_fails_leaves_nothing(store: Store, read: ReadRows, now: dt.datetime) -> None:
    def failing() -> None:
        with store.writing() as session:
            apply_import(session, plan_import(session, read({}), now), now, "cli")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    with store.reading() as session:
        assert find_atrium(session, "atr-9-001") is None
        assert audit.entries(session) == []


def test_a_calendar_of_somebody_else_keeps_what_moderators_added(
    store: Store, read: ReadRows, now: dt.datetime
) -> None:
    bring_in(store, read({}), now)
    data = agenda_file_bytes([stored(store)], "a.ics", now)
    foreign = b"\r\n".join(
        line for line in data.split(b"\r\n") if not line.startswith((b"X-ATRIUM", b"LAST-MODIFIED"))
    ).replace(b"atr-9-001@atriumbot", b"atr-9-001")
    parsed = read_agenda_file(foreign, "a.ics", now=now, kind=stored(store).kind)
    (change,) = bring_in(store, parsed, now).changes
    assert set(change.fields).isdisjoint({"theme", "audience", "region", "visibility", "programme"})
    assert stored(store).theme == "erfgoed"
