"""A bot that answers everything it is asked in the local community, without reading the question."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading

from bot.platforms.local import LocalPlatform
from handlers.reply import Choice, Reply
from handlers.wording.cards import card
from scheduler.port import Post
from store.agenda import find_atrium
from store.communities import find_community
from store.engine import Store
from store.events import settle, unanswered
from store.states import EventState


class AnsweringBot:
    """Says the same card, with two ways on, to whoever asks."""

    def __init__(self, store: Store, local: LocalPlatform, now: dt.datetime, uid: str) -> None:
        self._store = store
        self._local = local
        self._now = now
        self._uid = uid
        local.on_event = self._told

    def _told(self) -> None:
        # In a thread of its own: whoever wrote the message may be in an event loop already.
        answering = threading.Thread(target=self.answer)
        answering.start()
        answering.join()

    def answer(self) -> None:
        """Answer everything that is owed."""
        with self._store.writing() as session:
            events = unanswered(session)
            for event in events:
                settle(session, event.id, EventState.ANSWERED, self._now)
            atrium = find_atrium(session, self._uid)
            communities = {
                event.id: find_community(session, event.message.community or "") for event in events
            }
        assert atrium is not None
        reply = Reply(
            headline="Het volgende atrium.",
            cards=(card(atrium, self._now),),
            choices=(Choice(label="En daarna", says="en daarna?"), Choice(label="Contact", says="contact")),
            source="Bron: agenda van het Atrium Lerend Netwerk.",
            answers_question=True,
        )
        for event in events:
            message = event.message
            post = Post(
                key=f"answer:local:{message.event_id}",
                kind="answer",
                community=communities[event.id],
                thread=message.thread,
                ref=message.event_id,
                reply=reply,
            )
            asyncio.run(self._local.send(post))
