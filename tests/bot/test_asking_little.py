"""An answer asks the database for what may have changed, and for nothing that it knows already."""

from __future__ import annotations

from bot.conversation import Conversation
from bot.effects import Effects
from handlers.message import Message
from store.agenda import save_atrium
from store.engine import Store
from tests.fakes.atria import an_atrium
from tests.fakes.bench import QUIET
from tests.fakes.network import COMMUNITIES, brussels, fill
from tests.fakes.private import PSEUDONYMS
from tests.fakes.statements import Statements

#: The versions, the thread, what the thread follows, the author, and what the thread remembers of it.
MOST = 5

NOW = brussels("2026-11-23 10:00")


def _ask(store: Store, number: int) -> str:
    """Ask in a thread of its own, at another moment of the day; gives what is answered."""
    conversation = Conversation(Effects(QUIET, PSEUDONYMS), public_url=None, whispering={"slack"})
    message = Message(
        platform="slack",
        event_id=str(number),
        text="wanneer is het volgende atrium over wind?",
        author_id="U1",
        author_name="An",
        sent_at=NOW.replace(minute=number),
        community="algemeen",
        thread=f"t{number}",
    )
    with store.writing() as session:
        return conversation.answer(session, message).plain_text()


def test_a_question_that_was_asked_today_costs_few_statements(sqlite_store: Store) -> None:
    fill(sqlite_store, an_atrium("a", "2027-01-12", theme="wind"), communities=COMMUNITIES)
    first = _ask(sqlite_store, 1)
    heard = Statements(sqlite_store)
    assert _ask(sqlite_store, 2) == first
    assert heard.count <= MOST


def test_its_answer_is_another_once_the_agenda_is(sqlite_store: Store) -> None:
    fill(sqlite_store, an_atrium("a", "2027-01-12", theme="wind"), communities=COMMUNITIES)
    first = _ask(sqlite_store, 1)
    elsewhere = Store(str(sqlite_store.url))
    with elsewhere.writing() as session:
        save_atrium(session, an_atrium("a", "2027-01-13", theme="wind"))
    elsewhere.close()
    assert _ask(sqlite_store, 2) != first
