"""Slack, as the running program holds it: one part that posts, and one that listens.

What a pressed button means is written in the button, so that nothing of it need be remembered:

- `action_id` "says:<n>": the press is a message. `value` is what it says, in full (2 000 characters at the
  most); whoever pressed it is its author, in the thread of the message that holds the button.
  (`SAYS_ID` and `GOES_ID` of `bot.platforms.slack.buttons`.)
- `action_id` "hands-in:<n>": the press opens the form to hand something in for the atrium whose uid is
  `value` (`HANDS_IN_ID`).
- `action_id` "goes:<n>": the button opens an address by itself; Slack tells us of the press all the same, and
  there is nothing to do but acknowledge it.

`<n>` only makes an id unique within one message. Ids of messages are "channel:ts", so that a message in
private can be found and changed too. Ids of threads (`Message.thread`, `Post.thread`) are the id of the
message that began the thread, or in a private conversation without threads the channel alone ("D0123456789").

What the listening part may write in `Message.route`, for the answer to find its place; every key may be
absent:

- `channel`: Slack's id of the channel or private conversation to post in; without it, that of the thread,
  else the community's channel, or in private a conversation with `Post.member`.
- `thread_ts`: `ts` of the message that began the thread to answer in; without it, that of the thread.
- `response_url`: the address that Slack gave with a slash command, a shortcut or a button. The answer goes
  there, to the asker alone, unless `response_type` is "in_channel". It must be Slack's own https address,
  or lie on the host of `api_url`. Once it is used up or expired, the answer goes to the asker in private.
- `response_type`: "ephemeral" (when absent) or "in_channel".
- `ephemeral`: "yes" when the answer in `channel` is for `Post.member` alone; so is every private reply.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from bot.doors import Door
from bot.platforms.port import OK, Condition
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.posting import CAPABILITIES, Posting
from handlers.model import Community
from scheduler.port import Missing, Outcome, Post, Sent, Unknown

NAME = "slack"


class Inbound(Protocol):
    """The listening part: events, buttons, forms, by HTTP or over a socket.

    It writes what arrives to the store, acknowledges it, and then calls `SlackConnection.heard`.
    """

    async def open(self) -> None:
        """Begin to listen; never fails because Slack is away."""
        ...

    async def close(self) -> None:
        """Stop listening."""
        ...

    def condition(self) -> Condition:
        """How listening goes, from memory; asked from any thread."""
        ...

    def warning(self) -> str:
        """What may be amiss with listening, from memory; empty when nothing is. From any thread."""
        ...

    def doors(self) -> Mapping[str, Door]:
        """What answers where Slack calls, by path; nothing over a socket."""
        ...


class SlackConnection:
    """The bot in one Slack workspace.

    Args:
        web: the Web API, shared by both parts; it is opened and closed here.
        posting: sends, finds and edits.

    Attributes:
        inbound: the listening part; None only speaks.
        on_event: set by the wiring; the listening part reaches it by `heard`.
    """

    name = NAME
    capabilities = CAPABILITIES
    answer_delay: str | None = None

    def __init__(self, web: WebClient, posting: Posting) -> None:
        self.web = web
        self.inbound: Inbound | None = None
        self.on_event: Callable[[], None] | None = None
        self._posting = posting
        self._introduction: asyncio.Task[None] | None = None

    def heard(self) -> None:
        """Something that the bot must answer is in the store; called from any thread."""
        if self.on_event is not None:
            self.on_event()

    async def open(self) -> None:
        await self.web.open()
        self._introduction = asyncio.create_task(self._posting.introduce(), name="slack introduction")
        if self.inbound is not None:
            await self.inbound.open()

    async def close(self) -> None:
        if self.inbound is not None:
            await self.inbound.close()
        if self._introduction is not None:
            self._introduction.cancel()
            await asyncio.wait([self._introduction])
        # What delivery has on its way is heard out; what it may still send makes a connection of its own.
        await self._posting.quiet()
        await self.web.close()

    def condition(self) -> Condition:
        """What ails speaking comes first: a token that was revoked ails listening too."""
        speaking = self._posting.condition()
        if speaking.state != OK or self.inbound is None:
            return speaking
        return self.inbound.condition()

    def warning(self) -> str:
        return self.inbound.warning() if self.inbound is not None else ""

    def doors(self) -> Mapping[str, Door]:
        return self.inbound.doors() if self.inbound is not None else {}

    def link_to(self, community: Community, message_id: str) -> str | None:
        return self._posting.link_to(message_id)

    async def send(self, post: Post) -> Outcome:
        return await self._posting.send(post)

    async def edit(self, message_id: str, post: Post) -> Outcome:
        return await self._posting.edit(message_id, post)

    async def reactions(self, message_id: str) -> int | None:
        return await self._posting.reactions(message_id)

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        return await self._posting.find(post)
