"""Looks for a post of which nobody knows whether it arrived, and says so only when it is sure.

What was said unasked carries a reference. An answer is found by its thread, its author and the message
that it answers. Feeds need not be complete, so *missing* takes two of them that both reach back to before
the post can have left.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from bot.platforms.engage.budget import CallBudget
from bot.platforms.engage.client import CallFailed, Denied, EngageClient
from bot.platforms.engage.messages import Heard, Page, UnreadableError, read_page
from bot.platforms.engage.posting import Target, target_of
from bot.platforms.engage.rendering import References, reference_in
from bot.platforms.engage.standing import Standing
from scheduler.plan import ANSWER
from scheduler.port import Missing, Post, Refused, Sent, Unknown

#: Pages that one look reads of one feed.
MOST_PAGES = 6

#: How far the clocks of the bot and of Viva Engage may be apart.
SLACK = dt.timedelta(minutes=5)

#: Calls of the budget that counting likes leaves to others.
LEFT_FREE = 6

_NOT_NOW = Unknown(reason="reden.engage opzoeken wacht")


class _NoRoomError(Exception):
    """The budget has no call left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trail:
    """What one feed showed: messages of the bot, and whether it went back far enough."""

    own: Sequence[Heard]
    is_whole: bool


class Lookup:
    """Finds posts again.

    Args:
        may_poll: asked, from a worker thread, before a feed is read that may be polled only once in a while.
    """

    def __init__(
        self,
        client: EngageClient,
        budget: CallBudget,
        standing: Standing,
        references: References,
        may_poll: Callable[[str], bool],
    ) -> None:
        self._client = client
        self._budget = budget
        self._standing = standing
        self._references = references
        self._may_poll = may_poll

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        """Where a post is. The first call was counted by who asks."""
        target = target_of(post)
        if isinstance(target, Refused):
            return Unknown(reason=target.reason)
        since = post.due_at - SLACK if post.due_at is not None else None
        try:
            if post.kind == ANSWER and target.reply_to is not None:
                return await self._find_answer(post, since)
            return await self._find_by_reference(post, target, since)
        except _NoRoomError:
            return _NOT_NOW
        except CallFailed as failure:
            self._standing.failed(failure)
            return Unknown(reason="reden.engage antwoordt niet")
        except UnreadableError:
            return Unknown(reason="reden.engage onleesbaar")

    async def likes(self, message: str) -> int | None:
        """How many people like a message; None when that is not known now. What is more urgent has room."""
        if not (message.isascii() and message.isdigit()):
            return None
        if not await asyncio.to_thread(self._budget.take, LEFT_FREE):
            return None
        try:
            page = read_page({"messages": [await self._client.get(f"/messages/{message}.json")]})
        except Denied:
            return None
        except CallFailed as failure:
            self._standing.failed(failure)
            return None
        self._standing.well()
        return next((heard.likes for heard in page.messages), None)

    async def _find_answer(self, post: Post, since: dt.datetime | None) -> Sent | Missing | Unknown:
        asked = int(post.ref or post.thread or 0)
        trail = await self._trail(f"/messages/in_thread/{post.thread}.json", after=asked, is_free=True)
        if trail is None:
            # The thread is gone, and with it what was or was not said in it.
            return Missing()
        later = [heard for heard in trail.own if heard.id > asked]
        exact = [heard for heard in later if heard.replied_to == asked]
        if exact:
            return _sent(exact[0])
        if not trail.is_whole:
            return Unknown(reason="reden.engage gesprek te lang")
        if any(heard.replied_to in (None, heard.thread) for heard in later) and asked != int(
            post.thread or 0
        ):
            return Unknown(reason="reden.engage antwoord waarop")
        return Missing()

    async def _find_by_reference(
        self, post: Post, target: Target, since: dt.datetime | None
    ) -> Sent | Missing | Unknown:
        wanted = self._references.of(post.key)
        where = "/messages/private.json"
        if target.group is not None:
            where = f"/messages/in_group/{target.group}.json"
        elif target.reply_to is not None:
            where = f"/messages/in_thread/{post.thread}.json"
        is_free = True
        for path in ("/messages/sent.json", where):
            trail = await self._trail(path, since=since, is_free=is_free)
            is_free = False
            found = [heard for heard in (trail.own if trail else ()) if reference_in(heard.text) == wanted]
            if found:
                return _sent(found[0])
            if trail is not None and not trail.is_whole:
                return Unknown(reason="reden.engage te veel na")
        return Missing()

    async def _trail(
        self,
        path: str,
        *,
        after: int | None = None,
        since: dt.datetime | None = None,
        is_free: bool,
    ) -> _Trail | None:
        """The bot's own messages in a feed, back to a message or a moment; None: there is no such feed."""
        own: list[Heard] = []
        pages = 0
        try:
            async for page in self._pages(path, is_free=is_free):
                pages += 1
                own += [heard for heard in page.messages if heard.sender == page.me]
                oldest = min(page.messages, key=lambda heard: heard.id, default=None)
                reached = oldest is None or (
                    (after is not None and oldest.id <= after) or (since is not None and oldest.at < since)
                )
                if reached or not page.has_older:
                    return _Trail(own=own, is_whole=True)
        except Denied:
            return None
        return _Trail(own=own, is_whole=False)

    async def _pages(self, path: str, *, is_free: bool) -> AsyncIterator[Page]:
        older: dict[str, str | int] = {}
        for number in range(MOST_PAGES):
            if number == 0 and not await asyncio.to_thread(self._may_poll, path):
                raise _NoRoomError
            if not (number == 0 and is_free) and not await asyncio.to_thread(self._budget.take):
                raise _NoRoomError
            page = read_page(await self._client.get(path, older))
            self._standing.well()
            yield page
            older = {"older_than": min((heard.id for heard in page.messages), default=0)}


def _sent(heard: Heard) -> Sent:
    return Sent(message_id=str(heard.id), thread=str(heard.thread))
