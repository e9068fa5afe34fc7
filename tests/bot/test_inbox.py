"""Waiting messages are answered together, in order where order matters, and none holds up another."""

from __future__ import annotations

import asyncio

import pytest

from handlers.message import Message
from handlers.reply import Reply
from scheduler.port import Outcome, Post, Sent
from store import events
from store.engine import Store
from tests.fakes.private import PrivateNetwork

BREAKS = "dit breekt de bot"
QUESTION = "wat is een atrium op maat?"


class _Waiting(PrivateNetwork):
    """Messages that came in while the bot was away."""

    def wait(self, text: str, thread: str, who: str = "U1") -> str:
        """One more message; gives its id."""
        self._said += 1
        message = Message(
            platform="slack",
            event_id=f"Ev{self._said}",
            text=text,
            author_id=who,
            author_name=f"Naam {who}",
            sent_at=self.clock.now(),
            community=None,
            thread=thread,
        )
        with self.store.writing() as session:
            events.record(session, message, self.clock.now())
        return message.event_id

    def answer(self) -> list[str]:
        """Answer everything; gives what was answered, in order."""
        asyncio.run(self.inbox.answer_pending())
        return self.answered

    @property
    def answered(self) -> list[str]:
        return [each.post.ref or "" for each in self.platforms["slack"].posts]

    def reply_to(self, event: str) -> Reply:
        return next(each.post.reply for each in self.platforms["slack"].posts if each.post.ref == event)


@pytest.fixture
def bot(store: Store, monkeypatch: pytest.MonkeyPatch) -> _Waiting:
    network = _Waiting(store)
    respond = network.inbox._conversation.answer

    def answer(session: object, message: Message, **more: object) -> Reply:
        if message.text == BREAKS:
            raise RuntimeError(BREAKS)
        return respond(session, message, **more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(network.inbox._conversation, "answer", answer)
    return network


def test_messages_that_waited_are_each_answered_once(bot: _Waiting) -> None:
    asked = [bot.wait(QUESTION, f"t{number}", f"U{number % 7}") for number in range(40)]
    assert sorted(bot.answer()) == sorted(asked)
    assert asyncio.run(bot.inbox.answer_pending()) == 0


def test_what_is_said_in_one_thread_is_answered_in_order(bot: _Waiting) -> None:
    asked = [bot.wait(QUESTION, "t1") for _ in range(5)]
    bot.wait(QUESTION, "t2", "U2")
    assert [each for each in bot.answer() if each in asked] == asked


def test_a_message_that_breaks_the_bot_takes_no_other_with_it(bot: _Waiting) -> None:
    asked = [bot.wait(BREAKS if number == 3 else QUESTION, f"t{number}") for number in range(8)]
    assert sorted(bot.answer()) == asked
    assert [event for event in asked if bot.reply_to(event).headline != bot.reply_to(asked[0]).headline] == [
        asked[3]
    ]


def test_what_somebody_wishes_counts_for_what_they_ask_next(bot: _Waiting) -> None:
    bot.wait("volg de provinciale atria", "t1")
    asked = bot.wait("wat volg ik?", "t2")
    bot.answer()
    assert "provinciale" in bot.reply_to(asked).plain_text().casefold()


def test_who_is_forgotten_got_the_answers_before(bot: _Waiting) -> None:
    before, leaves = bot.wait(QUESTION, "t1"), bot.wait("ja, vergeet mij", "t2")
    after = bot.wait(QUESTION, "t3")
    assert bot.answer() == [before, leaves, after]


def test_a_slow_post_holds_up_no_other(bot: _Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, *others = [bot.wait(QUESTION, f"t{number}") for number in range(40)]
    platform = bot.platforms["slack"]
    send, left, all_others = platform.send, list[str](), asyncio.Event()

    async def sending(post: Post) -> Outcome:
        if post.ref == slow:
            await all_others.wait()
        outcome = await send(post)
        assert isinstance(outcome, Sent)
        left.append(post.ref or "")
        if len(left) == len(others):
            all_others.set()
        return outcome

    monkeypatch.setattr(platform, "send", sending)
    bot.answer()
    assert left[-1] == slow
    assert sorted(left) == sorted([slow, *others])
