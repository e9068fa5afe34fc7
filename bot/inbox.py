"""Answers what has reached the bot, several events at once, and after a restart what was left.

An event was written to the store before its platform heard that it arrived. Here it is answered in
one transaction with the outbox row that owes the answer, so that a crash at any point leaves it
either unanswered (and answered at the next start) or owed (and settled by delivery).

What is said in one thread is answered in order, each once the answer before it was delivered. What
waits in different threads is answered in one transaction, and one by one where that does not go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import logs, rounds
from bot.conversation import Conversation
from bot.earlier_answers import answer_key, given_again, instead_of
from bot.metrics import Metrics
from bot.rounds import Answered, Round, UnderWay, forgets, is_decisive, lane_of
from handlers.message import Message
from handlers.reply import Reply
from handlers.wording.catalogue import say, worded
from handlers.wording.texts import CONTACT_PHONE
from scheduler.delivery import Delivery
from scheduler.plan import ANSWER
from scheduler.rules import Rules
from store import events, forgetting, outbox
from store.codec import dump
from store.counts import QUESTION
from store.engine import Store
from store.events import InboundEvent
from store.states import EventState
from store.texts import changed_texts

log = logs.get(__name__)

#: How long the inbox sleeps when nobody nudges it: another process may have written an event.
IDLE_SECONDS = 1.0

#: Events answered in one transaction: few, because acknowledgements wait for it.
TOGETHER = 4
#: Rounds of answers on their way at once.
ROUNDS = 16
#: Events looked through when all of those wait for answers on their way.
LOOKAHEAD = 256


def apology() -> Reply:
    """What is said of a message on which the bot broke."""
    return Reply(
        headline=say("antwoord.mislukt"),
        paragraphs=(
            say("antwoord.mislukt uitleg"),
            say("antwoord.mislukt anders", telefoon=CONTACT_PHONE),
        ),
        understood=False,
    )


class _AloneError(Exception):
    """This message forgets somebody: before it is answered, everything else must have been delivered."""


class Inbox:
    """Works through the unanswered events, oldest first."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        delivery: Delivery,
        rules: Rules,
        now: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._delivery = delivery
        self._rules = rules
        self._now = now
        self._metrics = metrics
        self._nudged = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        #: The numbers of events that are answered by themselves.
        self._alone: set[int] = set()

    def nudge(self) -> None:
        """Say, from any thread, that there may be something to answer."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._nudged.set)

    async def run(self) -> None:
        """Answer for as long as the program runs; what breaks one round is tried again in the next."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._nudged.clear()
            try:
                await self._answer_pending(self._nudged)
            except Exception:
                # The database may be away for a while; the events are safe in it.
                log.exception("inbox_round_failed")
            try:
                await asyncio.wait_for(self._nudged.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue

    async def answer_pending(self) -> int:
        """Answer everything that is unanswered; returns how many events were settled."""
        return await self._answer_pending(None)

    async def _answer_pending(self, nudged: asyncio.Event | None) -> int:
        """While answers are on their way, the next ones are made."""
        settled, under_way = 0, UnderWay()
        try:
            while True:
                answered = await asyncio.to_thread(self._answer_some, under_way.lanes)
                if answered is None:
                    await under_way.all()
                    answered = await asyncio.to_thread(self._answer_one)
                settled += len(answered)
                if answered:
                    under_way.begin(self._deliver(answered), answered)
                if any(each.takes_leave for each in answered):
                    await under_way.all()
                elif len(under_way) >= ROUNDS or (under_way and not answered):
                    await self._wait(under_way, nudged)
                elif not answered:
                    return settled
        finally:
            await under_way.settle_down()

    async def _wait(self, under_way: UnderWay, nudged: asyncio.Event | None) -> None:
        """Wait until an answer was delivered, or, where more may be on their way, until somebody asks."""
        if nudged is None or len(under_way) >= ROUNDS:
            await under_way.some()
            return
        asked = asyncio.create_task(nudged.wait(), name="inbox-nudged")
        try:
            await under_way.some(asked)
        finally:
            asked.cancel()
        nudged.clear()

    async def _deliver(self, answered: Sequence[Answered]) -> None:
        await self._delivery.deliver([each.key for each in answered])
        if any(each.announces for each in answered):
            # A moderator who just confirmed looks for the post, not for the next tick.
            await self._delivery.tick()
        for each in answered:
            if each.takes_leave:
                await asyncio.to_thread(self._drop_farewell, each.key)

    def _drop_farewell(self, key: str) -> None:
        with self._store.writing() as session:
            forgetting.drop_farewell(session, key)

    def _answer_some(self, busy: Collection[str]) -> list[Answered] | None:
        """Answer the oldest events outside these lanes together; None when the first must be alone.

        One that must be alone, because the bot breaks on it or because it forgets somebody, is found out
        by answering it: then everything is undone, and answered again as far as that one.
        """
        while True:
            event: InboundEvent | None = None
            done = Round(busy)
            try:
                with self._store.writing() as session:
                    for event in self._waiting(session, busy):
                        if event.id in self._alone:
                            break
                        if not done.takes(event.message):
                            continue
                        reply = self._reply(session, event.message)
                        if forgets(reply):
                            raise _AloneError
                        done.answered.append(self._owe(session, event, reply, EventState.ANSWERED))
                        if is_decisive(reply):
                            # What it changed counts for what is said next, and is committed before.
                            break
            except Exception:
                if event is None:
                    raise
                # When it is answered alone, whatever is wrong with it is told.
                self._alone.add(event.id)
                continue
            if not done.answered and event is not None and event.id in self._alone:
                return None
            self._count(done.answered)
            return done.answered

    def _waiting(self, session: Session, busy: Collection[str]) -> list[InboundEvent]:
        """What may be answered next; further on when what waits longest waits for answers on their way."""
        waiting = events.held_unanswered(session, TOGETHER)
        if len(waiting) == TOGETHER and all(lane_of(each.message) in busy for each in waiting):
            return events.held_unanswered(session, LOOKAHEAD)
        return waiting

    def _answer_one(self) -> list[Answered]:
        """Answer the oldest event by itself; empty when all is done."""
        event: InboundEvent | None = None
        try:
            with self._store.writing() as session:
                event = events.next_unanswered(session)
                if event is None:
                    return []
                reply = self._reply(session, event.message)
                answered = [self._owe(session, event, reply, EventState.ANSWERED)]
        except Exception:
            if event is None:
                raise
            # One message on which the bot breaks must not keep everybody else waiting.
            log.exception(
                "message_broke_the_bot", platform=event.message.platform, event_id=event.message.event_id
            )
            with self._store.writing() as session:
                with worded(changed_texts(session)):
                    sorry = apology()
                answered = [self._owe(session, event, sorry, EventState.FAILED)]
        self._alone.discard(event.id)
        self._count(answered)
        return answered

    def _count(self, answered: Sequence[Answered]) -> None:
        for each in answered:
            self._metrics.messages.labels(each.platform).inc()
            self._metrics.answers.labels(each.intent).inc()

    def _reply(self, session: Session, message: Message) -> Reply:
        if message.repeats is not None:
            return given_again(session, message, message.repeats)
        return self._conversation.answer(session, message, now=self._now())

    def _owe(self, session: Session, event: InboundEvent, reply: Reply, state: EventState) -> Answered:
        """Settle the event and owe its answer; what the reply wanted changed has been carried out."""
        message, now = event.message, self._now()
        key = answer_key(message.platform, message.event_id)
        said = replace(reply, changes=(), topic=None, reading=None)
        leave = {forgetting.FAREWELL: True} if forgets(reply) else {}
        owed = outbox.Owed(
            key=key,
            kind=ANSWER,
            platform=message.platform,
            due_at=now,
            late_until=now + self._rules.lateness.answer,
            community_key=message.community,
            thread=message.thread,
            payload={
                "reply": dump(said),
                "ref": message.event_id,
                "member": message.author_id,
                "route": dict(message.route) if message.route else None,
                **({QUESTION: True} if _is_counted(message, reply) else {}),
                **(instead_of(session, message, said, now) if message.amends else {}),
                **leave,
            },
        )
        outbox.enqueue(session, owed, now)
        events.settle(session, event.id, state, now)
        return rounds.answered(key, message, reply)


def _is_counted(message: Message, reply: Reply) -> bool:
    """Whether a question is answered here for the first time; other words for it do not count again."""
    return reply.answered_question and message.amends is None and message.repeats is None
