"""What the bot keeps of one person, as that person may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from handlers.model import REMINDED_BEFORE, Follow, Role

#: How long is kept who announced, changed or cancelled what, where the rest goes sooner.
ACTS_KEPT_FOR = dt.timedelta(days=3 * 365)


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A person as one platform knows them; `email` is the address that it vouches for."""

    platform: str
    external_id: str
    email: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """A role by the settings; `scope` holds the regions or kind keys of a regional moderator."""

    role: Role
    scope: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonalData:
    """Everything that is kept of one person.

    Attributes:
        known_since: aware UTC.
        grants: the roles that the settings give them; what a platform vouches for is not kept.
        contributions: the texts they handed in, oldest first.
        messages: how many messages of theirs are kept.
        unread: how many of their questions are kept, without their name, for want of an answer.
        feed_token: the secret word in the address of their own calendar; None when they have none.
        kept_for: how long messages and answers are kept.
        reminders: how long before the start they are reminded in private of what they follow.
        communities: names of the communities to which the platforms said that they belong.
    """

    name: str
    known_since: dt.datetime
    kept_for: dt.timedelta
    identities: tuple[Identity, ...] = ()
    municipality: str | None = None
    grants: tuple[Grant, ...] = ()
    follows: tuple[Follow, ...] = ()
    contributions: tuple[str, ...] = ()
    messages: int = 0
    unread: int = 0
    feed_token: str | None = None
    reminders: tuple[dt.timedelta, ...] = REMINDED_BEFORE
    communities: tuple[str, ...] = ()


class Dossier(Protocol):
    """What is kept of the one who asks; looked up only when asked, so that other questions pay nothing."""

    def read(self) -> PersonalData: ...

    def new_token(self) -> str:
        """A word for the address of a calendar that nobody can guess; it is not kept by asking for it."""
        ...
