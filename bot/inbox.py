"""Answers what has reached the bot: one event after the other, and after a restart what was left.

An event was written to the store before its platform heard that it arrived. Here it is answered in
one transaction with the outbox row that owes the answer, so that a crash at any point leaves it
either unanswered (and answered at the next start) or owed (and settled by delivery).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import logs
from bot.conversation import Conversation
from bot.metrics import Metrics
from handlers.changes import AtriumAnnounced, MemberForgotten
from handlers.reply import Reply
from scheduler.delivery import Delivery
from scheduler.plan import ANSWER
from scheduler.rules import Rules
from store import events, forgetting, outbox
from store.codec import dump
from store.engine import Store
from store.events import InboundEvent
from store.states import EventState

log = logs.get(__name__)

#: How long the inbox sleeps when nobody nudges it: another process may have written an event.
IDLE_SECONDS = 1.0

APOLOGY = Reply(
    headline="Ik kon dit bericht niet verwerken.",
    paragraphs=(
        "De beheerder van de bot ziet wat er misliep.",
        "Stel je vraag gerust anders, of bel de afdeling PBM op 02 553 80 56.",
    ),
    understood=False,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answered:
    """The key of the answer that is owed, and what the message brought about.

    Attributes:
        announces: a post became due besides.
        takes_leave: the asker is forgotten, and so must this answer be.
    """

    key: str
    announces: bool
    takes_leave: bool


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
                await self.answer_pending()
            except Exception:
                # The database may be away for a while; the events are safe in it.
                log.exception("inbox_round_failed")
            try:
                await asyncio.wait_for(self._nudged.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue

    async def answer_pending(self) -> int:
        """Answer everything that is unanswered; returns how many events were settled."""
        settled = 0
        while (answered := await asyncio.to_thread(self._answer_next)) is not None:
            settled += 1
            await self._delivery.deliver([answered.key])
            if answered.announces:
                # A moderator who just confirmed looks for the post, not for the next tick.
                await self._delivery.tick()
            if answered.takes_leave:
                await asyncio.to_thread(self._drop_farewell, answered.key)
        return settled

    def _drop_farewell(self, key: str) -> None:
        with self._store.writing() as session:
            forgetting.drop_farewell(session, key)

    def _answer_next(self) -> _Answered | None:
        """Answer the oldest event; None when all is done."""
        event: InboundEvent | None = None
        try:
            with self._store.writing() as session:
                event = events.next_unanswered(session)
                if event is None:
                    return None
                reply = self._conversation.answer(session, event.message)
                return self._owe(session, event, reply, EventState.ANSWERED)
        except Exception:
            if event is None:
                raise
            # One message on which the bot breaks must not keep everybody else waiting.
            log.exception(
                "message_broke_the_bot", platform=event.message.platform, event_id=event.message.event_id
            )
        with self._store.writing() as session:
            return self._owe(session, event, APOLOGY, EventState.FAILED)

    def _owe(self, session: Session, event: InboundEvent, reply: Reply, state: EventState) -> _Answered:
        """Settle the event and owe its answer; what the reply wanted changed has been carried out."""
        message, now = event.message, self._now()
        key = f"{ANSWER}:{message.platform}:{message.event_id}"
        said = replace(reply, changes=(), topic=None, reading=None)
        takes_leave = any(isinstance(change, MemberForgotten) for change in reply.changes)
        leave = {forgetting.FAREWELL: True} if takes_leave else {}
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
                **leave,
            },
        )
        outbox.enqueue(session, owed, now)
        events.settle(session, event.id, state, now)
        intent = reply.reading.intent.value if reply.reading else "other"
        self._metrics.messages.labels(message.platform).inc()
        self._metrics.answers.labels(intent).inc()
        announces = any(isinstance(change, AtriumAnnounced) for change in reply.changes)
        return _Answered(key=key, announces=announces, takes_leave=takes_leave)
