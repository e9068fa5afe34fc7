"""People who talk to the bot about announcements, on the real store through the real conversation."""

from __future__ import annotations

from bot.conversation import Conversation
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Person
from tests.fakes.desk import AN, Desk


class Talk:
    """Threads of communities, and private conversations, with one bot.

    Args:
        whispering: platforms on which a private reply reaches the asker alone.
    """

    def __init__(
        self, desk: Desk, *, whispering: tuple[str, ...] = (), public_url: str | None = None
    ) -> None:
        self.desk = desk
        self._conversation = Conversation(
            Effects(desk.announcing.rules, Pseudonyms(b"k" * 32), desk.announcing),
            public_url=public_url,
            whispering=whispering,
        )
        self._said = 0

    def say(
        self, text: str, who: Person = AN, *, thread: str = "1", community: str | None = "algemeen"
    ) -> str:
        """What the bot answers; `community` None is a private conversation."""
        self._said += 1
        message = Message(
            platform=who.platform,
            event_id=str(self._said),
            text=text,
            author_id=who.external_id,
            author_name=who.name,
            author_role=who.role,
            sent_at=self.desk.now,
            community=community,
            thread=thread,
        )
        with self.desk.store.writing() as session:
            return self._conversation.answer(session, message).plain_text()
