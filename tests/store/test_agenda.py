"""Writing atria, and the bot's own looks at the agenda, which see everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from handlers.model import Kind, Query, Status
from store.agenda import (
    AtriumUnknownError,
    StoredAgenda,
    atria_between,
    find_atrium,
    get_atrium,
    programme_places,
    save_atrium,
)
from store.engine import Store
from store.shapes import MOST_LANES
from store.tables import AtriumRow, ProgrammeRow
from tests.fakes.atria import an_atrium, brussels
from tests.fakes.statements import Statements

SECRET = frozenset({"mandatarissen"})


def test_an_atrium_is_written_over_by_its_uid(store: Store) -> None:
    before = an_atrium("a", theme="wind", province="Oost-Vlaanderen")
    after = replace(before, theme="water", sequence=1, status=Status.BEVESTIGD, title="Verplaatst")
    with store.writing() as session:
        save_atrium(session, before)
        save_atrium(session, after)
        assert get_atrium(session, "a") == after
        assert session.scalar(select(func.count()).select_from(AtriumRow)) == 1
        agenda = StoredAgenda(session)
        assert agenda.count(Query(theme="wind")) == 0
        assert agenda.count(Query(theme="water", text="verplaatst")) == 1


def test_the_bot_itself_sees_what_is_not_public(store: Store) -> None:
    with store.writing() as session:
        save_atrium(session, an_atrium("a", visibility=SECRET, programme_uid="p"))
        assert get_atrium(session, "a").visibility == SECRET
        assert [atrium.uid for atrium in atria_between(session, brussels("2026-11-23"))] == ["a"]
        assert [atrium.uid for atrium in programme_places(session, "p")] == ["a"]


def test_an_unknown_uid_is_nothing_or_a_fault(store: Store) -> None:
    with store.reading() as session:
        assert find_atrium(session, "a") is None
        with pytest.raises(AtriumUnknownError, match="a9"):
            get_atrium(session, "a9")


def test_a_period_for_planning_holds_cancelled_atria_too(store: Store) -> None:
    with store.writing() as session:
        for uid, day in (("c", "2026-12-03"), ("b", "2026-12-02"), ("a", "2026-12-01")):
            save_atrium(session, an_atrium(uid, day, status=Status.GEANNULEERD))
        found = atria_between(session, brussels("2026-12-01"), brussels("2026-12-03"))
        assert [atrium.uid for atrium in found] == ["a", "b"]
        assert len(atria_between(session, brussels("2026-12-02"))) == 2


def test_a_programme_comes_to_be_with_its_first_place(store: Store) -> None:
    with store.writing() as session:
        for uid, day in (("gent", "2027-04-12"), ("antwerpen", "2027-04-06")):
            save_atrium(session, an_atrium(uid, day, kind=Kind.PROVINCIAAL, theme="wind", programme_uid="p1"))
        assert [atrium.uid for atrium in programme_places(session, "p1")] == ["antwerpen", "gent"]
        kept = session.scalars(select(ProgrammeRow)).one()
        assert (kept.uid, kept.kind, kept.theme) == ("p1", Kind.PROVINCIAAL, "wind")


QUESTIONS = {
    "ix_atria_kind_province_starts_at": Query(kinds=frozenset({Kind.LOKAAL}), province="Oost-Vlaanderen"),
    "ix_atria_kind_starts_at": Query(kinds=frozenset({Kind.LOKAAL, Kind.OP_MAAT})),
    "ix_atria_province_starts_at": Query(province="Oost-Vlaanderen"),
    "ix_atria_municipality_starts_at": Query(municipality="Gent", kinds=frozenset({Kind.LOKAAL})),
    "ix_atria_region_starts_at": Query(region="Waasland", province="Oost-Vlaanderen"),
    "ix_atria_topic_starts_at": Query(
        theme="wind", kinds=frozenset({Kind.LOKAAL}), province="Oost-Vlaanderen"
    ),
    "ix_atria_programme_uid": Query(programme_uid="p", kinds=frozenset({Kind.LOKAAL})),
    "ix_atria_starts_at": Query(newest_first=True),
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_each_shape_of_question_walks_its_own_index_in_order(sqlite_store: Store, index: str) -> None:
    """With another index, finding nothing among 100 000 atria takes a hundred times as long."""
    with sqlite_store.writing() as session:
        for kind in (Kind.LOKAAL, Kind.OP_MAAT):
            atrium = an_atrium(kind, kind=kind, theme="wind", region="Waasland", programme_uid="p")
            save_atrium(session, atrium)
        statements = Statements(sqlite_store)
        query = replace(QUESTIONS[index], begins_from=brussels("2026-11-23"))
        assert StoredAgenda(session).upcoming(query)
        plan = statements.plan_of_last(session)
    walks = [step for step in plan if "atria" in step]
    assert walks
    assert all(f"INDEX {index} " in step for step in walks)
    # What two lanes found, a limit at the most, is sorted once more; so are the few places of a programme.
    if len(walks) == 1 and index != "ix_atria_programme_uid":
        assert not [step for step in plan if "TEMP B-TREE" in step]


def test_a_question_for_very_many_themes_walks_by_date(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        for number in range(MOST_LANES + 1):
            save_atrium(session, an_atrium(f"a{number}", theme=f"water, deel {number}"))
        statements = Statements(sqlite_store)
        assert StoredAgenda(session).upcoming(Query(theme="water", begins_from=brussels("2026-11-23")))
        (walk,) = statements.plan_of_last(session)
    assert "INDEX ix_atria_starts_at " in walk
