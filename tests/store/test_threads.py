"""What is remembered of a thread comes back as it was."""

from __future__ import annotations

import datetime as dt

from handlers.changes import Dialogue
from handlers.context import Topic
from handlers.model import AtriumDraft, Audience, Kind, Span
from handlers.reading.model import Intent, Reading, Step
from store.engine import Store
from store.threads import Thread, drop_dialogue, find_thread, keep_dialogue, keep_topic, purge_threads


def _topic(now: dt.datetime) -> Topic:
    reading = Reading(
        text="en in Gent?",
        intent=Intent.NEXT_SESSION,
        kind=Kind.PROVINCIAAL,
        audience=Audience.AMBTENAAR,
        place="Gent",
        period=Span(first=dt.date(2026, 12, 1)),
        guesses=(Intent.HELP,),
        also=Reading(text="en waar?", intent=Intent.WHERE),
        trace=(Step(rule="plaats", span="Gent", value="Gent"),),
    )
    return Topic(reading=reading, at=now, uids=("a", "b"), choices=("1",))


DIALOGUE = Dialogue(
    act="announce",
    draft=AtriumDraft(
        kind=Kind.OP_MAAT,
        date=dt.date(2027, 2, 1),
        begins=dt.time(9, 30),
        audience=frozenset({Audience.MANDATARIS}),
        communities=("algemeen",),
        open_fields=frozenset({"venue"}),
    ),
    asks=("municipality",),
    author="U1",
)


def test_a_topic_and_a_dialogue_come_back_as_they_were(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        assert find_thread(session, "local", "7") is None
        keep_topic(session, "local", "7", "algemeen", _topic(now))
        assert find_thread(session, "local", "7") == Thread(topic=_topic(now), dialogue=None)
        keep_dialogue(session, "local", "7", "algemeen", DIALOGUE, now)
        assert find_thread(session, "local", "7") == Thread(topic=_topic(now), dialogue=DIALOGUE)
        assert find_thread(session, "slack", "7") is None


def test_a_dropped_dialogue_leaves_the_topic(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        keep_dialogue(session, "local", "7", None, DIALOGUE, now)
        keep_topic(session, "local", "7", None, _topic(now))
        drop_dialogue(session, "local", "7", now)
        drop_dialogue(session, "local", "8", now)
        assert find_thread(session, "local", "7") == Thread(topic=_topic(now), dialogue=None)


def test_the_last_topic_replaces_the_one_before(store: Store, now: dt.datetime) -> None:
    later = now + dt.timedelta(minutes=5)
    with store.writing() as session:
        keep_topic(session, "local", "7", None, _topic(now))
        keep_topic(session, "local", "7", None, _topic(later))
        found = find_thread(session, "local", "7")
        assert found is not None
        assert found.topic == _topic(later)


def test_old_threads_are_forgotten(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        keep_topic(session, "local", "old", None, _topic(now - dt.timedelta(days=40)))
        keep_topic(session, "local", "new", None, _topic(now))
        purge_threads(session, now - dt.timedelta(days=30))
        assert find_thread(session, "local", "old") is None
        assert find_thread(session, "local", "new") is not None
