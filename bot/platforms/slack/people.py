"""Who is in the channels, who moderates them, and how people are called: asked in the background.

What Slack said is kept in the store and counts for ten minutes (`TRUSTED_FOR`); when Slack is away for
longer, nobody moderates by its word and nobody reads more than what is public. Roles in the
settings still count then.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import logs
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.recording import TRUSTED_FOR
from bot.unreached import in_words
from handlers.model import Community
from store import belonging
from store.engine import Store

log = logs.get(__name__)

#: How often Slack is asked, so that one failure does not take a moderator's rights away at once.
REFRESH_SECONDS = TRUSTED_FOR.total_seconds() / 3
#: The role that Slack gives to whoever manages a channel, in the API of its Enterprise plan.
CHANNEL_MANAGER = "Rl0A"
#: People on one page: Slack lets all of them be asked for twenty pages a minute.
_PAGE = 1000
#: Names kept in memory.
_NAMES = 2000
#: How long a name is kept in memory.
_NAMED_FOR = dt.timedelta(hours=12)

#: What goes wrong on the way to Slack: its own refusal, no connection, no answer in time, half an answer, and
#: the page of some proxy in between, at which the SDK stumbles.
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, JSONDecodeError, AttributeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moderation:
    """Who moderates by Slack's word.

    Attributes:
        source: "list" (of the settings), "usergroup" or "channel_managers".
        usergroup: Slack's id of the user group, where that is the source.
    """

    source: str = "list"
    usergroup: str | None = None


@dataclass(slots=True)
class _Round:
    """What is asked once for all channels: who administers the workspace."""

    administrators: frozenset[str] | None = None


class People:
    """Keeps the store up to date on who belongs where.

    Args:
        web: the Web API.
        communities: the communities that live in Slack.
        myself: the bot's own id once it is known: it is in every channel, and nobody to be told anything.
    """

    def __init__(
        self,
        web: WebClient,
        store: Store,
        now: Callable[[], dt.datetime],
        communities: Sequence[Community],
        moderation: Moderation,
        myself: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._web = web
        self._store = store
        self._now = now
        self._communities = communities
        self._moderation = moderation
        self._myself = myself
        self._names: OrderedDict[str, tuple[str, dt.datetime]] = OrderedDict()
        self._asking: dict[str, asyncio.Future[str | None]] = {}
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to ask, in the running event loop."""
        self._task = asyncio.create_task(self._keep_up(), name="slack-people")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for asking in tuple(self._asking.values()):
            asking.cancel()

    async def refresh(self) -> bool:
        """Ask who is in each channel and who moderates it; False when some of it could not be told."""
        together = _Round()
        told = [
            await self._refresh(community, together) for community in self._communities if community.channel
        ]
        return all(told)

    async def came(self, channel: str, user: str, *, belongs: bool) -> None:
        """Somebody joined or left a channel: that counts from now on."""
        key = next((each.key for each in self._communities if each.channel == channel), None)
        if key is not None:
            await asyncio.to_thread(self._keep_one, key, user, belongs)

    def known_name(self, user: str) -> str | None:
        """How a person wants to be called, where Slack said so in the last half day."""
        known = self._names.get(user)
        return known[0] if known is not None and self._now() - known[1] < _NAMED_FOR else None

    async def name_of(self, user: str) -> str | None:
        """How a person wants to be called; None when Slack does not say."""
        known = self.known_name(user)
        if known is not None:
            return known
        # Whoever asks three things at once is looked up once.
        asking = self._asking.get(user)
        if asking is None:
            asking = self._asking[user] = asyncio.ensure_future(self._ask_name(user))
            asking.add_done_callback(lambda _: self._asking.pop(user, None))
        return await asyncio.shield(asking)

    async def _ask_name(self, user: str) -> str | None:
        try:
            answer = await self._web.users_info(user=user)
        except FAILURES:
            return None
        name = display_name(answer.get("user") or {})
        if name is not None:
            self._names[user] = (name, self._now())
            while len(self._names) > _NAMES:
                self._names.popitem(last=False)
        return name

    async def _keep_up(self) -> None:
        while True:
            try:
                is_well = await self.refresh()
            except Exception:
                # The database may be away for a while; who never asks again, lets nobody moderate any more.
                log.exception("slack_people_not_kept")
                is_well = False
            await asyncio.sleep(REFRESH_SECONDS if is_well else REFRESH_SECONDS / 6)

    async def _refresh(self, community: Community, together: _Round) -> bool:
        at, channel = self._now(), community.channel or ""
        try:
            members = [user async for user in self._members(channel) if user != self._myself()]
            owners = await self._owners(community, members, together)
        except FAILURES as error:
            log.warning("slack_people_unknown", community=community.key, error=cause(error))
            return False
        return await asyncio.to_thread(self._keep, community.key, owners, members, at)

    async def _owners(self, community: Community, members: Sequence[str], together: _Round) -> frozenset[str]:
        if self._moderation.source == "usergroup" and self._moderation.usergroup:
            answer = await self._web.usergroups_users_list(usergroup=self._moderation.usergroup)
            # Whoever moderates reads along: that takes being in the channel.
            return frozenset(answer.get("users") or ()) & frozenset(members)
        if self._moderation.source == "channel_managers":
            return await self._channel_managers(community)
        return community.moderators or await self._admins(members, together)

    async def _channel_managers(self, community: Community) -> frozenset[str]:
        """The managers as Slack names them, which it does on its Enterprise plan only; else the list."""
        try:
            answer = await self._web.admin_roles_listAssignments(
                role_ids=[CHANNEL_MANAGER], entity_ids=[community.channel or ""]
            )
        except SlackApiError as error:
            log.info("slack_managers_not_told", community=community.key, error=cause(error))
            return community.moderators
        given: list[dict[str, Any]] = answer.get("role_assignments") or []
        return frozenset(each["user_id"] for each in given if isinstance(each.get("user_id"), str))

    async def _admins(self, members: Collection[str], together: _Round) -> frozenset[str]:
        """The owners and administrators of the workspace who are in the channel."""
        if together.administrators is None:
            found: set[str] = set()
            async for page in await self._web.users_list(limit=_PAGE):
                people: list[dict[str, Any]] = page.get("members") or []
                found |= {each["id"] for each in people if _administers(each)}
            together.administrators = frozenset(found)
        return together.administrators & frozenset(members)

    async def _members(self, channel: str) -> AsyncIterator[str]:
        async for page in await self._web.conversations_members(channel=channel, limit=1000):
            for user in page.get("members") or ():
                yield user

    def _keep(self, key: str, owners: Collection[str], members: Collection[str], at: dt.datetime) -> bool:
        with self._store.writing() as session:
            return belonging.keep_people(session, key, owners, members, at)

    def _keep_one(self, key: str, user: str, belongs: bool) -> None:
        now = self._now()
        with self._store.writing() as session:
            moderated = belonging.moderated_by(session, user, NAME, now - TRUSTED_FOR)
            belonging.keep_person(session, key, user, now, belongs=belongs, owns=belongs and key in moderated)


def _administers(user: dict[str, Any]) -> bool:
    """Whether they own or administer our workspace: in a shared channel are those of others too."""
    leads = user.get("is_owner") or user.get("is_admin")
    return bool(leads) and not (user.get("is_stranger") or user.get("deleted") or user.get("is_bot"))


def display_name(user: dict[str, Any]) -> str | None:
    """The name that a person chose to be shown by, else their full name."""
    profile = user.get("profile") or {}
    told = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((name.strip() for name in told if isinstance(name, str) and name.strip()), None)


#: What is told where something else than Slack answered.
NO_ANSWER = "no answer of Slack's"


def cause(error: Exception) -> str:
    """What went wrong, as Slack calls it; never what was asked or answered."""
    if isinstance(error, SlackApiError):
        # A refusal holds Slack's word for it; a page of some proxy in between holds none.
        answer: Any = getattr(error.response, "data", error.response)
        word = answer.get("error") if isinstance(answer, dict) else None
        return word if isinstance(word, str) and len(word) < 80 else NO_ANSWER
    if isinstance(error, JSONDecodeError | AttributeError | aiohttp.ClientResponseError):
        return NO_ANSWER
    return in_words(error)
