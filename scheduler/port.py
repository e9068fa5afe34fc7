"""The port that delivery needs a platform to fill: post this, and tell whether that was posted.

Errors of the vendor never cross it: a platform maps them to one of the outcomes below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from handlers.model import Community
from handlers.reply import Reply
from store.limits import Limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a platform can do; for each lack there is a tested fall-back.

    edit: a post can be changed afterwards (else: a correcting reply).
    buttons: choices and actions are pressed (else: numbered choices, links).
    direct_messages: a member can be told in private (else: in the thread). Then a reply marked
        private must reach `Post.member` alone, also when the post names a community.
    find: a post can be found again by its key, surely or not at all.
    appears_within: how long after a request left its post may still turn up; only then is it looked for.
    max_length: characters of one post, None when there is no limit that matters.
    account_limit: calls that the bot's account may make on the platform, whoever of the replicas makes them.
    channel_limit: posts that one channel takes.
    """

    edit: bool = False
    buttons: bool = False
    direct_messages: bool = False
    find: bool = False
    appears_within: dt.timedelta = dt.timedelta(seconds=30)
    max_length: int | None = None
    account_limit: Limit | None = None
    channel_limit: Limit | None = None


def always() -> bool:
    """Whether a post may leave that nothing withholds."""
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One post to deliver.

    **For whoever writes a platform.** A process can be frozen at any point, for longer than its claim
    lasts; another has then sent the post. So ask `may_leave()` as the very last thing before the first
    byte leaves: after the words are rendered, a token is fetched, a turn is waited for, a connection is
    made. When it says no, send nothing and answer `Withheld()`. It costs a microsecond, may be asked any
    number of times and from any thread; a platform that never asks is as safe as the check before `send`.

    Attributes:
        key: the dedupe key, which the platform keeps with the post if it can.
        kind: kind of post ("answer", "reminder", "digest", ...).
        community: where to; None for a private post.
        member: the platform's id of the member a private post is for.
        thread: the platform's id of the thread to reply in; None starts one.
        reply: what to say.
        ref: the platform's id of the message that is answered, where there is one.
        edits: the platform's id of the bot's own message that this takes the place of; None for a new one.
        route: what the platform itself noted, when the message came in, on where its answer goes.
        due_at: aware UTC; it never left before that moment. Only told of a post that is looked for.
        may_leave: whether the claim on it still holds, with time to spare; see above.
    """

    key: str
    kind: str
    reply: Reply
    community: Community | None = None
    member: str | None = None
    thread: str | None = None
    ref: str | None = None
    edits: str | None = None
    route: Mapping[str, str] | None = None
    due_at: dt.datetime | None = None
    may_leave: Callable[[], bool] = field(default=always, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """It is there: the platform's id of the message and of its thread."""

    message_id: str
    thread: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The platform will not take it, now or later; `reason` is Dutch, for a moderator."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimited:
    """Surely not accepted; try again after this long, in order."""

    retry_after: dt.timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class NotAccepted:
    """Surely not accepted, for a passing reason (no connection); try again later."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """Nothing left, because `Post.may_leave` said no at the last moment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """The request left and nobody can say what became of it."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """Looked up: surely not on the platform."""


Outcome = Sent | Refused | RateLimited | NotAccepted | Withheld | Unknown


class Platform(Protocol):
    """One place where the bot can post."""

    name: str
    capabilities: Capabilities

    async def send(self, post: Post) -> Outcome: ...

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        """Look for a post whose outcome is unknown."""
        ...

    async def edit(self, message_id: str, post: Post) -> Outcome:
        """Show `post` where the bot's own message is. Only asked where `capabilities.edit` says so.

        Doing it twice is doing it once. A message that is not there any more is `Refused`.
        """
        ...
