"""Posts to Slack, finds there what was posted, and changes it.

Every post carries its key as message metadata, so that one whose outcome is unknown can be found again.
Nothing here tries twice: what must be tried again is delivery's to decide.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from bot.platforms.port import Condition
from bot.platforms.slack.blocks import Rendered, render
from bot.platforms.slack.buttons import Pages
from bot.platforms.slack.calls import Answer, Calls
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.outcomes import NO_ANSWER, Verdict
from bot.platforms.slack.places import Place, is_slacks, is_ts, message_id, parted, place_of, thread_of
from bot.platforms.slack.sharing import CONFIRM, share_row
from bot.platforms.slack.sightings import EVENT_TYPE, Sightings
from handlers.wording.catalogue import say
from scheduler.port import (
    Capabilities,
    Missing,
    NotAccepted,
    Outcome,
    Post,
    Refused,
    Sent,
    Unknown,
    Withheld,
)
from store.engine import Store
from store.limits import Limit
from store.local import public_uids

#: Slack takes one message a second in a channel, and several hundred a minute in a workspace.
CAPABILITIES = Capabilities(
    edit=True,
    buttons=True,
    direct_messages=True,
    find=True,
    # With more, an overview would be cut in the text that notifications and screen readers get.
    max_length=2500,
    account_limit=Limit(number=20, per=dt.timedelta(seconds=5)),
    channel_limit=Limit(number=1, per=dt.timedelta(seconds=1)),
)

#: What was for one member and cannot be shown in the channel, or by its hook, is told in a conversation.
_TOLD_IN_PRIVATE = frozenset(
    {"channel_not_found", "expired_url", "not_in_channel", "used_url", "user_not_in_channel"}
)

#: The bot cannot write where it was asked: a shortcut or a command works in every conversation.
_NOT_LET_IN = frozenset({"channel_not_found", "not_in_channel"})

#: What stands in place of the number that Slack gives no message that a hook took.
_BY_HOOK = "hook"

#: How long it counts that an atrium has a public page: a link to one that is hidden by then leads nowhere.
PAGES_KNOWN_FOR = dt.timedelta(minutes=1)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_MOST_PAGES = 5000

#: Of so many members it is remembered in which private conversation they are spoken to.
MOST_CONVERSATIONS = 5000

_NOWHERE = "reden.slack geen plaats"
_NOBODY = "reden.slack voor wie"
_NOT_SLACKS = "reden.slack adres vreemd"
_NOT_KEPT = "reden.slack niet bewaard"
_UNCHANGEABLE = "reden.slack alleen getoond"


class Posting:
    """The speaking part of the connection.

    Args:
        web: the Web API; whoever made it opens and closes it.
        store: says which atria have a public page.
        now: gives the present as aware UTC.
        public_url: base of the agenda page, without trailing slash.
    """

    def __init__(self, web: WebClient, store: Store, now: Callable[[], dt.datetime], public_url: str) -> None:
        self._calls = Calls(web)
        self._sightings = Sightings(self._calls)
        self._store = store
        self._now = now
        self._public_url = public_url
        self._conversations: dict[str, str] = {}
        #: Atria that had a public page, and when.
        self._public: dict[str, dt.datetime] = {}

    def condition(self) -> Condition:
        """How the last calls found the account."""
        return self._calls.condition()

    async def introduce(self) -> None:
        """Ask Slack who we are: a token that is no longer good shows before anything is due."""
        await self._sightings.ask_who_we_are()

    async def quiet(self) -> None:
        """Wait until nothing is on its way any more."""
        await self._calls.quiet()

    def link_to(self, message: str) -> str | None:
        """The address of a message in a channel, as Slack's own permalinks are; None before it is known."""
        channel, ts = parted(message)
        workspace = self._sightings.workspace
        if workspace is None or channel is None or ts is None or not is_ts(ts):
            return None
        return f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"

    async def send(self, post: Post) -> Outcome:
        place = place_of(post)
        if post.reply.private and not post.member:
            return Refused(reason=_NOBODY)
        told = await self._rendered(post)
        outcome = await self._placed(place, post, told)
        confirm = (post.route or {}).get(CONFIRM)
        if confirm and isinstance(outcome, Sent) and not post.reply.private:
            await self._confirm(confirm)
        return outcome

    async def _placed(self, place: Place, post: Post, told: Rendered) -> Outcome:
        if place.hook:
            return await self._to_hook(place, place.hook, post, told)
        if place.channel is not None and place.is_whispered:
            return await self._whisper(place, place.channel, post, told)
        return await self._to_conversation(place, post, told)

    async def _confirm(self, hook: str) -> None:
        """Tell whoever shared an answer, and nobody else, that it is there; it is there all the same."""
        if is_slacks(hook, self._calls.api_url):
            told = say("delen.gedaan")
            await self._calls.hook(hook, text=told, response_type="ephemeral", replace_original=False)

    async def edit(self, message_id: str, post: Post) -> Outcome:
        if post.reply.private and post.community is not None:
            # What is for one member may not take the place of what everybody sees.
            return await self.send(replace(post, edits=None))
        channel, ts = parted(message_id)
        if channel is None or ts is None or channel == _BY_HOOK:
            return Refused(reason=_UNCHANGEABLE)
        told = await self._rendered(post)
        if not post.may_leave():
            return Withheld()
        # Left out of the request, the message's metadata stays; its own way of reading names does not.
        answer = await self._calls.post(
            "chat.update",
            channel=channel,
            ts=ts,
            text=told.text,
            blocks=told.blocks,
            parse="none",
            link_names=False,
        )
        if isinstance(answer, Verdict):
            return answer.outcome
        return _sent(answer, channel, post.thread)

    async def reactions(self, message: str) -> int | None:
        """How many people reacted to a message of ours with a sign; None when Slack did not say."""
        channel, _, ts = message.partition(":")
        return await self._sightings.reactions(channel, ts) if ts else None

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        """Look for a post by its key, from the moment on that it was due."""
        place = place_of(post)
        if not place.can_be_found:
            return Unknown(reason=_NOT_KEPT)
        channel = place.channel or await self._conversation_with(place)
        if not isinstance(channel, str):
            return Unknown(reason=str(getattr(channel, "reason", NO_ANSWER)))
        return await self._sightings.find(post, channel, place.thread_ts, self._now())

    async def _rendered(self, post: Post) -> Rendered:
        reply = post.reply
        uids = {*reply.atria, *(action.uid for action in reply.actions if action.uid)}
        now = self._now()
        unknown = {uid for uid in uids if not now - PAGES_KNOWN_FOR < self._public.get(uid, _NEVER) <= now}
        if unknown:
            found = await asyncio.to_thread(self._ask_public, unknown)
            if len(self._public) > _MOST_PAGES:
                self._public.clear()
            self._public |= dict.fromkeys(found, now)
            uids -= unknown - found
        return render(reply, Pages(url=self._public_url, public=frozenset(uids)), now)

    def _ask_public(self, uids: set[str]) -> frozenset[str]:
        with self._store.glancing() as session:
            return public_uids(session, uids)

    # --- the ways out ------------------------------------------------------------------------------------

    async def _to_conversation(self, place: Place, post: Post, told: Rendered) -> Outcome:
        """Post it, in a channel or in private."""
        channel = place.channel or await self._conversation_with(place)
        if not isinstance(channel, str):
            return channel
        if not post.may_leave():
            return Withheld()
        answer = await self._calls.post(
            "chat.postMessage",
            channel=channel,
            thread_ts=place.thread_ts,
            text=told.text,
            blocks=told.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        if isinstance(answer, Verdict):
            # In a channel of ours that is amiss, and stays to be mended.
            is_elsewhere = post.community is None and place.channel is not None
            if answer.error in _NOT_LET_IN and is_elsewhere and place.member is not None:
                return await self._to_conversation(place.in_private, post, told)
            return answer.outcome
        sent = _sent(answer, channel)
        if isinstance(sent, Sent):
            return replace(sent, thread=thread_of(sent.message_id, place.thread_ts, post))
        return sent

    async def _whisper(self, place: Place, channel: str, post: Post, told: Rendered) -> Outcome:
        """Show it in the channel to one member, or tell it in private where that member is not there."""
        if not post.may_leave():
            return Withheld()
        answer = await self._calls.post(
            "chat.postEphemeral",
            channel=channel,
            user=place.member,
            thread_ts=place.thread_ts,
            text=told.text,
            blocks=told.blocks,
            parse="none",
            link_names=False,
        )
        if not isinstance(answer, Verdict):
            return _sent(answer, channel, post.thread, number="message_ts")
        if answer.error in _TOLD_IN_PRIVATE:
            return await self._to_conversation(place.in_private, post, told)
        return answer.outcome

    async def _to_hook(self, place: Place, hook: str, post: Post, told: Rendered) -> Outcome:
        """Give it to the address that came with a command, a shortcut or a button."""
        if not is_slacks(hook, self._calls.api_url):
            return Refused(reason=_NOT_SLACKS)
        if not post.may_leave():
            return Withheld()
        can_share = not place.is_shared and post.reply.can_be_shared
        verdict = await self._calls.hook(
            hook,
            text=told.text,
            blocks=[*told.blocks, share_row(post.ref)] if post.ref and can_share else told.blocks,
            response_type="in_channel" if place.is_shared else "ephemeral",
            replace_original=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        if verdict is None:
            return Sent(message_id=message_id(_BY_HOOK, post.key), thread=post.thread)
        if verdict.error in _TOLD_IN_PRIVATE and place.member:
            return await self._to_conversation(place.in_private, post, told)
        return verdict.outcome

    async def _conversation_with(self, place: Place) -> str | Outcome:
        """The private conversation with a member; to open one again changes nothing."""
        member = place.member
        if member is None:
            return Refused(reason=_NOWHERE)
        if member not in self._conversations:
            answer = await self._calls.post("conversations.open", users=member)
            if isinstance(answer, Verdict):
                is_doubtful = isinstance(answer.outcome, Unknown)
                return NotAccepted(reason=NO_ANSWER) if is_doubtful else answer.outcome
            channel = (answer.get("channel") or {}).get("id")
            if not channel:
                return NotAccepted(reason=NO_ANSWER)
            while len(self._conversations) >= MOST_CONVERSATIONS:
                del self._conversations[next(iter(self._conversations))]
            self._conversations[member] = str(channel)
        return self._conversations[member]


def _sent(answer: Answer, channel: str, thread: str | None = None, number: str = "ts") -> Outcome:
    """The message that Slack says is there; without its number nobody could point at it."""
    ts = str(answer.get(number) or "")
    if not ts:
        return Unknown(reason=NO_ANSWER)
    there = message_id(str(answer.get("channel") or channel), ts)
    return Sent(message_id=there, thread=thread or there)
