"""Questions that could not be answered: kept once a day for each person, and dropped after a while."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers.model import BRUSSELS
from store.engine import Store
from store.questions import keep_unread, purge_unread, unread


def texts(session: Session) -> list[str]:
    return [each.text for each in unread(session)]


def test_the_same_question_of_one_person_on_one_day_is_kept_once(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        keep_unread(session, "an", "Is er parking?", "niet begrepen", now)
        keep_unread(session, "an", "Is er parking?", "afgekeurd", now + dt.timedelta(hours=1))

        assert [(each.text, each.reason) for each in unread(session)] == [("Is er parking?", "niet begrepen")]


def test_another_person_another_question_and_another_day_are_kept_besides(
    store: Store, now: dt.datetime
) -> None:
    with store.writing() as session:
        keep_unread(session, "an", "Is er parking?", "afgekeurd", now)
        keep_unread(session, "bert", "Is er parking?", "afgekeurd", now)
        keep_unread(session, "an", "Is er koffie?", "afgekeurd", now)
        for day in (1, -1):
            keep_unread(session, "an", "Is er parking?", "afgekeurd", now + dt.timedelta(days=day))

        assert sorted(texts(session)) == ["Is er koffie?", *["Is er parking?"] * 4]


def test_the_day_is_that_of_brussels_also_on_the_night_that_the_clock_turns(store: Store) -> None:
    before = dt.datetime(2026, 10, 25, 0, 5, tzinfo=BRUSSELS)
    late = dt.datetime(2026, 10, 25, 23, 55, tzinfo=BRUSSELS)
    with store.writing() as session:
        keep_unread(session, "an", "Is er parking?", "afgekeurd", before)
        keep_unread(session, "an", "Is er parking?", "afgekeurd", late)
        assert len(texts(session)) == 1
        keep_unread(session, "an", "Is er parking?", "afgekeurd", late + dt.timedelta(minutes=5))
        assert len(texts(session)) == 2


def test_what_is_older_than_allowed_is_dropped_and_counted(store: Store, now: dt.datetime) -> None:
    bound = now - dt.timedelta(days=365)
    with store.writing() as session:
        for minutes, text in ((-2, "oud"), (-1, "ook oud"), (0, "net niet"), (1, "jong")):
            keep_unread(session, "an", text, "afgekeurd", bound + dt.timedelta(minutes=minutes))

        assert purge_unread(session, bound) == 2
        assert texts(session) == ["jong", "net niet"]
        assert purge_unread(session, bound) == 0


def test_a_stronger_reason_takes_the_place_of_a_weaker_one_and_no_other(
    store: Store, now: dt.datetime
) -> None:
    with store.writing() as session:
        keep_unread(session, "an", "Is er parking?", "elders", now)
        keep_unread(session, "an", "Is er parking?", "afgekeurd", now, None, ("elders",))
        keep_unread(session, "bert", "Is er koffie?", "niet begrepen", now)
        keep_unread(session, "bert", "Is er koffie?", "afgekeurd", now, None, ("elders",))
        assert sorted((each.author, each.reason) for each in unread(session)) == [
            ("an", "afgekeurd"),
            ("bert", "niet begrepen"),
        ]
