"""The messages of the local community in the store, on both databases."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from handlers.model import Role
from handlers.reply import Card, Reply
from store import codec, local
from store.engine import Store
from store.local import MAX_ID, LocalMessage
from store.tables import LocalMessageRow
from tests.fakes.network import atrium, fill


def say(
    session: Session, now: dt.datetime, text: str, *, thread: int | None = None, community: str = "algemeen"
) -> LocalMessage:
    row = LocalMessageRow(
        community_key=community,
        thread_id=thread,
        reply_to=thread,
        author="An",
        role=Role.MEMBER,
        text=text,
        at=now,
    )
    return local.add(session, row)


def post(session: Session, now: dt.datetime, ref: str, *, thread: int | None = None) -> LocalMessage:
    reply = Reply(headline="Het volgende atrium is morgen.")
    row = LocalMessageRow(
        community_key="algemeen",
        thread_id=thread,
        reply_to=thread,
        author="atriumbot",
        role=None,
        text=reply.plain_text(),
        at=now,
        by_bot=True,
        reply=codec.dump(reply),
        ref=ref,
    )
    return local.add(session, row)


def test_the_first_message_of_a_thread_is_its_own_thread(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        first = say(session, now, "Dag")
    assert first.thread == first.id
    assert first.reply_to is None


def test_a_message_is_read_as_it_was_written(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        written = say(session, now, "Zie je 'm? é ✓ 'aanhaling' \\ en\nnog een regel")
    with store.reading() as session:
        assert local.find(session, "algemeen", written.id) == written


def test_a_reply_of_the_bot_is_read_as_it_was_written(store: Store, now: dt.datetime) -> None:
    card = Card(uid="a-1", title="T", when="w", brief="b", where="g", starts_at=now, cancelled=True)
    reply = Reply(headline="Ja.", cards=(card,), notes=("een",))
    row = LocalMessageRow(
        community_key="algemeen",
        author="atriumbot",
        text=reply.plain_text(),
        at=now,
        by_bot=True,
        reply=codec.dump(reply),
        ref="answer:local:1",
    )
    with store.writing() as session:
        local.add(session, row)
    with store.reading() as session:
        found = local.find_by_ref(session, "answer:local:1")
    assert found is not None
    assert found.reply == reply


def test_a_message_is_not_found_from_another_community(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        first = say(session, now, "Dag")
    with store.reading() as session:
        assert local.find(session, "mandatarissen", first.id) is None


@pytest.mark.parametrize("number", [-1, 0, MAX_ID, MAX_ID + 1, 10**30])
def test_an_impossible_id_finds_nothing(store: Store, number: int) -> None:
    with store.reading() as session:
        assert local.find(session, "algemeen", number) is None


def test_after_an_id_come_only_later_messages_of_that_community_in_order(
    store: Store, now: dt.datetime
) -> None:
    with store.writing() as session:
        first = say(session, now, "een")
        say(session, now, "elders", community="mandatarissen")
        second = say(session, now, "twee", thread=first.id)
        third = say(session, now, "drie")
    with store.reading() as session:
        found = local.messages_after(session, first.id, community="algemeen")
        assert [message.id for message in found] == [second.id, third.id]
        assert len(local.messages_after(session, 0)) == 4
        assert local.last_id(session, "algemeen") == third.id


def test_the_bot_spoke_in_a_thread_it_began_or_answered_in(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        asked = say(session, now, "vraag")
        silent = say(session, now, "praatje")
        post(session, now, "a", thread=asked.id)
        begun = post(session, now, "b")
    with store.reading() as session:
        assert local.bot_spoke_in(session, asked.id)
        assert local.bot_spoke_in(session, begun.id)
        assert not local.bot_spoke_in(session, silent.id)


def test_threads_come_by_their_latest_message(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        old = say(session, now, "oud")
        new = say(session, now, "nieuw")
        revived = say(session, now, "toch nog", thread=old.id)
    with store.reading() as session:
        threads = local.recent_threads(session, "algemeen")
        assert [[message.id for message in thread] for thread in threads] == [[old.id, revived.id], [new.id]]
        older = local.recent_threads(session, "algemeen", before=revived.id)
        assert [thread[0].id for thread in older] == [new.id]


def test_an_empty_community_has_no_threads_and_no_last_message(store: Store) -> None:
    with store.reading() as session:
        assert local.recent_threads(session, "algemeen") == []
        assert local.last_id(session) == 0


def test_only_public_atria_have_a_page(store: Store) -> None:
    private = atrium(uid="atr-geheim", visibility=frozenset({"mandatarissen"}))
    fill(store, atrium(uid="atr-open"), private)
    with store.reading() as session:
        asked = ["atr-open", "atr-geheim", "atr-onbekend"]
        assert local.public_uids(session, asked) == {"atr-open"}
        assert local.public_uids(session, []) == frozenset()


def test_the_liveliest_threads_are_counted_by_what_people_wrote_since(store: Store, now: dt.datetime) -> None:
    before, after = now - dt.timedelta(days=8), now - dt.timedelta(days=1)
    since = now - dt.timedelta(days=7)
    with store.writing() as session:
        quiet = say(session, after, "Een vraag")
        old = say(session, before, "Van toen")
        lively = post(session, before, "reminder:1")
        for _ in range(4):
            say(session, after, "Ook van toen", thread=old.id)
        for _ in range(5):
            say(session, after, "Ik kom", thread=lively.id)
            post(session, after, f"answer:{_}", thread=lively.id)
        say(session, after, "Elders", community="water")
        found = local.liveliest(session, "algemeen", since, fewest=2, most=5)
        assert found == [(lively.id, 5), (old.id, 4)]
        assert local.liveliest(session, "algemeen", since, fewest=1, most=5)[-1] == (quiet.id, 1)
        assert local.liveliest(session, "algemeen", since, most=1) == [(lively.id, 5)]
