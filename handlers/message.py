"""A message that reached the bot, whatever platform it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from handlers.model import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message for the bot.

    Attributes:
        platform: "local", "slack", "engage", "cli".
        event_id: the platform's id of the event; the same id again is the same message.
        client_id: a second id of one and the same human gesture, where the platform has one.
        community: key of the community; None in private.
        thread: the platform's id of the thread; None where there are none.
        author_id, author_name: who wrote it, as the platform knows them.
        author_role: the role that the platform vouches for (the store may know a higher one).
        sent_at: aware UTC; relative words ("morgen") count from here.
    """

    platform: str
    event_id: str
    text: str
    author_id: str
    author_name: str
    sent_at: dt.datetime
    community: str | None = None
    thread: str | None = None
    author_role: Role = Role.MEMBER
    client_id: str | None = None
