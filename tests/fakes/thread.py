"""One thread in which somebody asks and the bot answers, remembering what was said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.changes import Change, DraftDropped, DraftKept
from handlers.context import Context
from handlers.reply import Reply
from handlers.routing import respond


class Thread:
    """Keeps the topic and the draft between messages, as the conversation does with the store.

    Attributes:
        changes: everything that replies wanted changed so far.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.changes: list[Change] = []

    def ask(self, text: str) -> Reply:
        """Say this, a minute after what was said before."""
        reply = respond(text, self.context)
        self.changes += reply.changes
        dialogue = self.context.dialogue
        for change in reply.changes:
            if isinstance(change, DraftKept):
                dialogue = change.dialogue
            elif isinstance(change, DraftDropped):
                dialogue = None
        self.context = replace(
            self.context,
            now=self.context.now + dt.timedelta(minutes=1),
            topic=reply.topic or self.context.topic,
            dialogue=dialogue,
        )
        return reply

    def wait(self, time: dt.timedelta) -> None:
        """Nothing is said for a while."""
        self.context = replace(self.context, now=self.context.now + time)
