"""What reaches the bot is written once and settled once."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.message import Message
from handlers.model import Role
from store.engine import Store
from store.events import count_in_threads, next_unanswered, purge_events, record, settle, unanswered
from store.states import EventState
from store.tables import InboundEventRow
from tests.fakes.statements import Statements


@pytest.fixture
def message(now: dt.datetime) -> Message:
    return Message(
        platform="slack",
        event_id="Ev1",
        client_id="c1",
        text="Wanneer is het volgende atrium?",
        author_id="U1",
        author_name="An",
        author_role=Role.MODERATOR,
        community="algemeen",
        thread="171",
        sent_at=now,
    )


def test_a_message_comes_back_as_it_came(store: Store, message: Message, now: dt.datetime) -> None:
    with store.writing() as session:
        number = record(session, message, now)
    with store.writing() as session:
        (event,) = unanswered(session)
        assert (event.id, event.message, event.received_at) == (number, message, now)
        assert next_unanswered(session) == event


def test_the_same_event_again_is_there_already(store: Store, message: Message, now: dt.datetime) -> None:
    with store.writing() as session:
        assert record(session, message, now) is not None
        assert record(session, message, now) is None
        assert record(session, replace(message, client_id=None), now) is None
        assert len(unanswered(session)) == 1


def test_another_event_of_the_same_gesture_is_there_already(
    store: Store, message: Message, now: dt.datetime
) -> None:
    """C-8: one gesture is answered once."""
    with store.writing() as session:
        assert record(session, message, now) is not None
        assert record(session, replace(message, event_id="Ev2"), now) is None
        assert record(session, replace(message, event_id="Ev3", client_id="c3"), now) is not None
        assert record(session, replace(message, event_id="Ev4", client_id=None), now) is not None
        assert record(session, replace(message, event_id="Ev5", client_id=None), now) is not None
        assert record(session, replace(message, platform="engage"), now) is not None


def test_an_event_that_comes_many_times_at_once_is_written_once(
    store: Store, message: Message, now: dt.datetime
) -> None:
    together, numbers = threading.Barrier(4), []

    def arrive() -> None:
        together.wait()
        with store.writing() as session:
            numbers.append(record(session, message, now))

    arrivals = [threading.Thread(target=arrive) for _ in range(4)]
    for arrival in arrivals:
        arrival.start()
    for arrival in arrivals:
        arrival.join()
    assert len([number for number in numbers if number is not None]) == 1
    assert len(numbers) == 4


def test_what_came_first_is_answered_first(store: Store, message: Message, now: dt.datetime) -> None:
    with store.writing() as session:
        for number in range(3):
            record(session, replace(message, event_id=f"E{number}", client_id=None), now)
        assert [event.message.event_id for event in unanswered(session)] == ["E0", "E1", "E2"]
        assert [event.message.event_id for event in unanswered(session, limit=2)] == ["E0", "E1"]
        first = next_unanswered(session)
        assert first is not None
        assert first.message.event_id == "E0"


@pytest.mark.parametrize("state", [EventState.ANSWERED, EventState.IGNORED, EventState.FAILED])
def test_an_event_is_settled_once(
    store: Store, message: Message, now: dt.datetime, state: EventState
) -> None:
    with store.writing() as session:
        number = record(session, message, now)
        assert number is not None
        assert settle(session, number, state, now)
        assert not settle(session, number, EventState.ANSWERED, now)
        assert unanswered(session) == []
        assert next_unanswered(session) is None
        row = session.scalars(select(InboundEventRow)).one()
        assert (row.state, row.settled_at) == (state, now)
        assert not settle(session, 99, state, now)


@pytest.mark.postgres
def test_two_answerers_take_two_events(postgres_store: Store, message: Message, now: dt.datetime) -> None:
    """C-3: what one replica is answering, another passes over."""
    with postgres_store.writing() as session:
        for number in range(2):
            record(session, replace(message, event_id=f"E{number}", client_id=None), now)
    with postgres_store.writing() as one, postgres_store.writing() as other:
        first, second = next_unanswered(one), next_unanswered(other)
        assert first is not None
        assert second is not None
        assert (first.message.event_id, second.message.event_id) == ("E0", "E1")


def test_what_is_unanswered_is_found_without_walking_through_the_rest(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        statements = Statements(sqlite_store)
        next_unanswered(session)
        assert "USING INDEX ix_inbound_events_unanswered" in str(statements.plan_of_last(session))


def test_settled_events_are_purged_and_others_kept(store: Store, message: Message, now: dt.datetime) -> None:
    with store.writing() as session:
        settled = record(session, message, now)
        assert settled is not None
        settle(session, settled, EventState.ANSWERED, now)
        record(session, replace(message, event_id="open", client_id=None), now - dt.timedelta(days=99))
        purge_events(session, now)
        assert session.scalars(select(InboundEventRow.event_id)).all() == ["Ev1", "open"]
        purge_events(session, now + dt.timedelta(seconds=1))
        assert session.scalars(select(InboundEventRow.event_id)).all() == ["open"]


def test_answers_are_counted_by_the_index_of_threads(sqlite_store: Store) -> None:
    """A report costs by what was said below its posts, never by what was ever said."""
    statements = Statements(sqlite_store)
    with sqlite_store.reading() as session:
        assert count_in_threads(session, "slack", {"C1:1.1", "C1:2.2"}) == {}
        plan = statements.plan_of_last(session)
    assert any("ix_inbound_events_platform_thread" in step for step in plan), plan
