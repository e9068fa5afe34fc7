"""Viva Engage, as the running program holds it: one part that reads, and one that posts.

Ids: `Message.event_id` and `Message.author_id` are the numbers of Viva Engage as text, `Message.thread` the
number of the message that began the thread. `Post.ref` is the message that is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Mapping

from bot import logs
from bot.doors import Door
from bot.platforms.engage.budget import POSTS
from bot.platforms.engage.client import EngageClient
from bot.platforms.engage.hearing import NAME
from bot.platforms.engage.lookup import Lookup
from bot.platforms.engage.poller import LOOKS_EVERY, Poller
from bot.platforms.engage.posting import Posting
from bot.platforms.engage.rendering import MAX_LENGTH
from bot.platforms.engage.standing import Standing
from bot.platforms.port import OK, Condition
from handlers.model import Community
from scheduler.port import Capabilities, Missing, Outcome, Post, Refused, Sent, Unknown

log = logs.get(__name__)

CAPABILITIES = Capabilities(
    direct_messages=True,
    find=True,
    # Feeds lag, and nobody says by how much: looked for too early, a post would be made twice.
    appears_within=dt.timedelta(minutes=2),
    max_length=MAX_LENGTH,
    account_limit=POSTS,
)

DELAY = "engage.vertraging"


class EngageConnection:
    """The bot's account in one network.

    Args:
        client: shared by all parts, and closed here.
        address: of a message, by its number, where the platform told it.
    """

    name = NAME
    capabilities = CAPABILITIES
    answer_delay: str | None = DELAY

    def __init__(
        self,
        client: EngageClient,
        poller: Poller,
        posting: Posting,
        lookup: Lookup,
        standing: Standing,
        address: Callable[[str], str | None] = lambda _message: None,
    ) -> None:
        self._client = client
        self._poller = poller
        self._posting = posting
        self._lookup = lookup
        self._standing = standing
        self._address = address
        self.on_event: Callable[[], None] | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to read; the first look is made at once."""
        self._reading = asyncio.create_task(self._read(), name="engage-reader")

    async def close(self) -> None:
        """Read no more, and let another replica read."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
            self._reading = None
        await asyncio.to_thread(self._poller.release)
        await self._client.close()

    def condition(self) -> Condition:
        """How it is now; well, with a reason, where single communities cannot be read."""
        told = self._standing.condition()
        denied = self._poller.denied
        if told.state != OK or not denied:
            return told
        return Condition(
            reason=f"cannot read {', '.join(denied)}: add the bot's account there, "
            "or take the community out of the settings"
        )

    def doors(self) -> Mapping[str, Door]:
        return {}

    def link_to(self, community: Community, message_id: str) -> str | None:
        return self._address(message_id)

    async def send(self, post: Post) -> Outcome:
        return await self._posting.send(post)

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        return await self._lookup.find(post)

    async def reactions(self, message_id: str) -> int | None:
        return await self._lookup.likes(message_id)

    async def edit(self, message_id: str, post: Post) -> Outcome:
        return Refused(reason="reden.engage aanpassen")

    async def round(self) -> dt.timedelta:
        """Read what is due, once; after how long to come again."""
        return await self._poller.round()

    def heard(self) -> None:
        """There is something to answer."""
        if self.on_event is not None:
            self.on_event()

    async def _read(self) -> None:
        while True:
            try:
                pause = await self.round()
            except Exception:
                # The database may be away for a while; what is unread stays to be read.
                log.exception("reading_round_failed", platform=NAME)
                pause = LOOKS_EVERY
            await asyncio.sleep(pause.total_seconds())
