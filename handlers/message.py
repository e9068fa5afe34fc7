"""A message that reached the bot, whatever platform it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.model import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message for the bot.

    Attributes:
        platform: "local", "slack", "engage", "cli".
        event_id: the platform's id of the event; the same id again is the same message.
        client_id: a second id of one and the same human gesture, where the platform has one.
        amends: the `event_id` of the earlier message that this one is a new wording of; its answer is
            changed rather than given anew.
        repeats: the `event_id` of an earlier message whose very answer is to be given once more, here.
        below: the platform's id of the bot's message below which a button said this; None where it was typed.
        alone: the platform shows the answer to the author alone, though it was asked in a community.
        author_reads: keys of the communities to which the platform says that the author belongs; what
            the bot says in private may speak of what they may read there.
        author_moderates: keys of the communities that the platform says are the author's to moderate.
        route: what the platform needs to place the answer, in its own words; nobody else reads it.
        community: key of the community; None in private.
        thread: the platform's id of the thread; None where there are none.
        author_id, author_name: who wrote it, as the platform knows them.
        author_email: the address at which the platform itself reached the author, in whatever case; None
            where it does not vouch for one. Who has one address on two platforms is one member.
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
    amends: str | None = None
    author_reads: frozenset[str] = frozenset()
    author_moderates: frozenset[str] = frozenset()
    author_email: str | None = None
    repeats: str | None = None
    below: str | None = None
    alone: bool = False
    route: Mapping[str, str] | None = None
