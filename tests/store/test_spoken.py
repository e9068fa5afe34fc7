"""In which threads the bot spoke, and up to which message it knows them."""

from __future__ import annotations

import datetime as dt

from store import spoken
from store.engine import Store


def test_what_was_noted_of_a_later_message_stays(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        spoken.note(session, "engage", {"1": 10, "2": 20}, now)
        spoken.note(session, "engage", {"1": 5, "2": 25}, now)
    with store.reading() as session:
        assert spoken.known(session, "engage", ["1", "2", "3"]) == {"1": 10, "2": 25}
        assert spoken.known(session, "slack", ["1"]) == {}


def test_threads_of_which_nothing_was_noted_for_long_are_forgotten(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        spoken.note(session, "engage", {"1": 10}, now - dt.timedelta(days=3))
        spoken.note(session, "engage", {"2": 20}, now)
        assert spoken.purge(session, now - dt.timedelta(days=1)) == 1
    with store.reading() as session:
        assert spoken.known(session, "engage", ["1", "2"]) == {"2": 20}
