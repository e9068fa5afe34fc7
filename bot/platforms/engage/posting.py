"""What the bot says in Viva Engage: replies, posts, announcements and private messages, each outcome exact.

A request that left without an answer may have been carried out: then nobody knows, and it is looked for
(`lookup`). Only what surely did nothing is tried again. There is no editing: what is put right is
put right in a reply.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import logs
from bot.platforms.engage.budget import WINDOW, CallBudget
from bot.platforms.engage.client import (
    Away,
    CallFailed,
    Denied,
    EngageClient,
    Gone,
    Held,
    SignInNeeded,
    Throttled,
)
from bot.platforms.engage.messages import Page, UnreadableError, read_page
from bot.platforms.engage.rendering import References, body_of, title_of
from bot.platforms.engage.standing import WAITS, Standing
from handlers.wording.reasons import because
from scheduler.plan import ANNOUNCEMENT, ANSWER
from scheduler.port import (
    NotAccepted,
    Outcome,
    Post,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Withheld,
)

log = logs.get(__name__)

MESSAGES = "/messages.json"

#: So long the bot does not try again to announce where it was no administrator.
PLAIN_FOR = dt.timedelta(hours=1)

NOT_THE_ADMIN = "reden.engage geen beheerder"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where a post goes, in the words of the API; exactly one of these is given.

    Attributes:
        group: the number of a community, for a new post.
        reply_to: the number of the message that is answered.
        person: the number of the member whom a private message is for.
    """

    group: str | None = None
    reply_to: str | None = None
    person: str | None = None

    def fields(self) -> dict[str, str]:
        given = {
            "group_id": self.group,
            "replied_to_id": self.reply_to,
            "direct_to_user_ids": self.person,
        }
        return {name: value for name, value in given.items() if value is not None}


def target_of(post: Post) -> Target | Refused:
    """Where a post goes."""
    whispers = post.community is not None and post.reply.private and post.member is not None
    if not whispers and post.thread is not None:
        return Target(reply_to=post.ref if _is_number(post.ref) else post.thread)
    if whispers or post.community is None:
        if not _is_number(post.member):
            return Refused(reason="reden.engage lid onbekend")
        return Target(person=post.member)
    if not _is_number(post.community.channel):
        return Refused(reason=because("reden.engage geen nummer", community=post.community.name))
    return Target(group=post.community.channel)


def reference_of(post: Post, target: Target, references: References) -> str | None:
    """The reference that a post ends in. An answer in its thread needs none: it is found there."""
    if post.kind == ANSWER and target.reply_to is not None:
        return None
    return references.of(post.key)


class Posting:
    """Posts, one call each but for announcements that are not allowed.

    Args:
        on_sent: told, after a post is there, its message and its thread.
        on_plain: told of an announcement that became a plain post.
    """

    def __init__(
        self,
        client: EngageClient,
        budget: CallBudget,
        standing: Standing,
        references: References,
        now: Callable[[], dt.datetime],
        on_sent: Callable[[Page], Awaitable[None]],
        on_plain: Callable[[Post, str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._budget = budget
        self._standing = standing
        self._references = references
        self._now = now
        self._on_sent = on_sent
        self._on_plain = on_plain
        #: Until when no announcement is tried in a community, by its number.
        self._plain_until: dict[str, dt.datetime] = {}

    async def send(self, post: Post) -> Outcome:
        """Place a post. Never raises for what Viva Engage does."""
        target = target_of(post)
        if isinstance(target, Refused):
            return target
        if not await self._is_open():
            # Not tried, so that waiting for a person never uses up the attempts of a post.
            return RateLimited(retry_after=WAITS)
        fields = target.fields() | {"body": body_of(post.reply, reference_of(post, target, self._references))}
        title = title_of(post.reply) if target.group is not None else None
        if title is not None:
            fields["title"] = title
        if post.kind == ANNOUNCEMENT and target.group is not None:
            return await self._announce(post, target.group, fields)
        return await self._post(post, fields)

    async def _is_open(self) -> bool:
        """Whether a post may be tried: after a refused sign-in, only once another call went well."""
        if self._standing.is_shut:
            try:
                await self._client.probe()
            except CallFailed as failure:
                self._standing.failed(failure)
                return not self._standing.is_shut
            self._standing.well()
        return True

    async def _announce(self, post: Post, group: str, fields: dict[str, str]) -> Outcome:
        until = self._plain_until.get(group)
        if until is not None and until > self._now():
            return await self._plainly(post, fields)
        outcome = await self._post(post, fields | {"broadcast": "true"}, announced=True)
        if not isinstance(outcome, _NotAnnounced):
            return outcome
        self._plain_until[group] = self._now() + PLAIN_FOR
        if not await self._may_call():
            return RateLimited(retry_after=WINDOW)
        return await self._plainly(post, fields)

    async def _plainly(self, post: Post, fields: dict[str, str]) -> Outcome:
        outcome = await self._post(post, fields)
        if isinstance(outcome, Sent):
            await self._tell_plain(post, outcome.message_id)
        return outcome

    async def _post(self, post: Post, fields: dict[str, str], *, announced: bool = False) -> Outcome:
        try:
            answer = await self._client.post(MESSAGES, fields, post.may_leave)
        except Held:
            return Withheld()
        except CallFailed as failure:
            self._standing.failed(failure)
            if announced and isinstance(failure, Denied) and failure.status == 403:
                return _NotAnnounced(reason=failure.reason)
            return outcome_of(failure, post)
        self._standing.well()
        try:
            page = read_page(answer)
            said = page.messages[0]
        except (UnreadableError, IndexError):
            return Unknown(reason="reden.engage nummer van bericht")
        await self._on_sent(page)
        if announced and not await self._is_announced(page):
            await self._tell_plain(post, str(said.id))
        return Sent(message_id=str(said.id), thread=str(said.thread))

    async def _is_announced(self, page: Page) -> bool:
        """Whether the thread counts as an announcement, read back where the answer does not say.

        Where that cannot be read it is taken to be one: a word too many would be untrue.
        """
        number = page.messages[0].thread
        thread = page.threads.get(number)
        if thread is not None and thread.announcement is not None:
            return thread.announcement
        if not await self._may_call():
            return True
        try:
            again = read_page(await self._client.get(f"/messages/in_thread/{number}.json"))
        except (CallFailed, UnreadableError):
            return True
        found = again.threads.get(number)
        return found is None or found.announcement is not False

    async def _tell_plain(self, post: Post, message: str) -> None:
        log.warning("announcement_is_plain", post=post.key, message_id=message)
        await self._on_plain(post, message)

    async def _may_call(self) -> bool:
        return await asyncio.to_thread(self._budget.take)


@dataclass(frozen=True, kw_only=True, slots=True)
class _NotAnnounced(Refused):
    """It may not be an announcement; whether it may be a post is not said."""


def outcome_of(failure: CallFailed, post: Post) -> Outcome:
    """What a failed call means for its post; reasons are Dutch, for a moderator."""
    match failure:
        case Throttled(retry_after=retry_after):
            return RateLimited(retry_after=retry_after)
        case SignInNeeded():
            return NotAccepted(reason="reden.engage aanmelden")
        case Gone():
            return NotAccepted(reason="reden.engage adres")
        case Away():
            return NotAccepted(reason="reden.engage onbereikbaar")
        case Denied(status=status):
            return Refused(reason=_refusal(post, status))
    return Unknown(reason="reden.engage onduidelijk")


def _refusal(post: Post, status: int) -> str:
    name = (
        because("reden.engage waar community", community=post.community.name)
        if post.community
        else "reden.engage waar prive"
    )
    if status == 403:
        return because("reden.engage mag niet", waar=name)
    if status == 404 and post.thread is not None:
        return "reden.engage bericht weg"
    if status == 404:
        return because("reden.engage community weg", waar=name)
    return because("reden.engage weigert", fout=str(status))


def _is_number(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit()
