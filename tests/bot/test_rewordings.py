"""A question that is worded anew has one answer, whatever became of the answer to its first wording."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select, update

from bot.earlier_answers import answer_key
from handlers.message import Message
from scheduler.port import NotAccepted
from store import events
from store.engine import Store
from store.states import OutboxState
from store.tables import OutboxRow
from tests.fakes.platform import RecordingPlatform
from tests.fakes.private import PrivateNetwork

FIRST, SECOND = "wat is een atrium op maat?", "wat is een lokaal atrium?"
THIRD = "wat is een thematisch atrium?"


class _Asking(PrivateNetwork):
    """Somebody who asks in one thread, and words the question anew."""

    def ask(self, text: str, *, anew: bool = False) -> str:
        """Say it and have it answered, as far as that goes; gives its id."""
        self._said += 1
        event = f"Ev{self._said}"
        message = Message(
            platform="slack",
            event_id=event,
            text=text,
            author_id="U1",
            author_name="An",
            sent_at=self.clock.now(),
            community="algemeen",
            thread="t1",
            amends="Ev1" if anew else None,
        )
        with self.store.writing() as session:
            events.record(session, message, self.clock.now())
        asyncio.run(self.inbox.answer_pending())
        return event

    @property
    def slack(self) -> RecordingPlatform:
        return self.platforms["slack"]

    def shown(self) -> list[str]:
        """The questions whose answers are there, in the end."""
        for _ in range(4):
            self.clock.moment += dt.timedelta(minutes=2)
            asyncio.run(self.delivery.tick())
        titles = {"atrium op maat": FIRST, "lokaal atrium": SECOND, "thematisch atrium": THIRD}
        return [
            next(asked for title, asked in titles.items() if title in text.casefold().split("\n")[0])
            for text in self.slack.texts()
        ]

    def state_of(self, event: str) -> OutboxState:
        with self.store.reading() as session:
            key = answer_key("slack", event)
            return session.scalars(select(OutboxRow.state).where(OutboxRow.key == key)).one()


@pytest.fixture
def asking(store: Store) -> _Asking:
    return _Asking(store)


def test_the_answer_is_edited(asking: _Asking) -> None:
    asking.ask(FIRST)
    asking.ask(SECOND, anew=True)
    assert asking.shown() == [SECOND]


@pytest.mark.parametrize("fault", ["accept-then-timeout", "lost", "no-id"])
def test_while_nobody_knows_whether_it_is_there_the_new_answer_waits(asking: _Asking, fault: str) -> None:
    asking.slack.script = [fault]
    first = asking.ask(FIRST)
    assert asking.state_of(first) is OutboxState.AMBIGUOUS
    second = asking.ask(SECOND, anew=True)
    assert asking.state_of(second) is OutboxState.PLANNED
    assert asking.shown() == [SECOND]
    assert asking.state_of(second) is OutboxState.SENT


@pytest.mark.parametrize("fault", ["accept-then-timeout", "lost"])
def test_of_two_new_wordings_the_last_is_answered(asking: _Asking, fault: str) -> None:
    asking.slack.script = [fault]
    asking.ask(FIRST)
    asking.ask(SECOND, anew=True)
    asking.ask(THIRD, anew=True)
    assert asking.shown() == [THIRD]


def test_what_did_not_leave_yet_is_not_sent_any_more(asking: _Asking) -> None:
    asking.slack.script = [NotAccepted(reason="overbelast")] * 2
    for number, text in enumerate((FIRST, SECOND, THIRD)):
        asking.ask(text, anew=number > 0)
    assert asking.shown() == [THIRD]


def test_an_edit_that_nobody_knows_of_is_followed_by_the_next(asking: _Asking) -> None:
    asking.ask(FIRST)
    asking.slack.script = ["accept-then-timeout"]
    asking.ask(SECOND, anew=True)
    asking.ask(THIRD, anew=True)
    assert asking.shown() == [THIRD]


def test_while_another_replica_sends_it_the_new_answer_waits(asking: _Asking) -> None:
    first = asking.ask(FIRST)
    this = update(OutboxRow).where(OutboxRow.key == answer_key("slack", first))
    busy = {"state": OutboxState.CLAIMED, "lease_until": asking.clock.now() + dt.timedelta(hours=1)}
    with asking.store.writing() as session:
        session.execute(this.values(**busy, claimed_by="host-2"))
    asking.ask(SECOND, anew=True)
    assert len(asking.slack.posts) == 1
    assert asking.slack.edits == []
    with asking.store.writing() as session:
        session.execute(this.values(state=OutboxState.SENT, lease_until=None, claimed_by=None))
    assert asking.shown() == [SECOND]
