"""Where a post goes in Slack: pure, from what the post says and what was noted when the question came in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scheduler.port import Post

#: Where Slack takes answers to commands and buttons.
_HOOKS = ("hooks.slack.com", "hooks.slack-gov.com")

#: How Slack numbers messages. What is remembered of a command is a thread too, and of no message.
_TS = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one post goes.

    Attributes:
        channel: a channel or a private conversation; None: a private one with `member` is to be opened.
        thread_ts: the message that began the thread; None begins one.
        member: whom a private post is for.
        is_whispered: shown in the channel to `member` alone.
        hook: the address that takes the answer instead; `is_shared` shows it to everybody there.
    """

    channel: str | None = None
    thread_ts: str | None = None
    member: str | None = None
    is_whispered: bool = False
    hook: str | None = None
    is_shared: bool = False

    @property
    def can_be_found(self) -> bool:
        """Slack keeps no history of what it showed to one member alone, nor of what a hook took."""
        return self.hook is None and not self.is_whispered

    @property
    def in_private(self) -> Place:
        """The same, told in a private conversation."""
        return Place(member=self.member)


def place_of(post: Post) -> Place:
    """The place of a post; neither channel nor member nor hook when it has none."""
    route = post.route or {}
    begun_in, begun_by = parted(post.thread or "")
    channel = route.get("channel") or begun_in or (post.community.channel if post.community else None)
    # Also in a channel that is no community of ours, others read along.
    is_overheard = channel is not None and not channel.startswith("D")
    whispers = (post.reply.private and is_overheard) or route.get("ephemeral") == "yes"
    return Place(
        channel=channel,
        thread_ts=route.get("thread_ts") or (begun_by if _TS.fullmatch(begun_by or "") else None),
        member=post.member,
        is_whispered=bool(whispers and post.member),
        hook=route.get("response_url"),
        is_shared=route.get("response_type") == "in_channel" and not post.reply.private,
    )


def is_ts(number: str) -> bool:
    """Whether Slack numbers messages so."""
    return _TS.fullmatch(number) is not None


def message_id(channel: str, ts: str) -> str:
    return f"{channel}:{ts}"


def parted(identity: str) -> tuple[str | None, str | None]:
    """The channel and the ts of a message or thread, each None when it is not there."""
    channel, _, ts = identity.partition(":")
    return channel or None, ts or None


def thread_of(there: str, thread_ts: str | None, post: Post) -> str:
    """The thread of a message: which it answers in, which it begins, or a private conversation as a whole."""
    channel = there.partition(":")[0]
    if thread_ts:
        return message_id(channel, thread_ts)
    return channel if post.community is None else there


def is_slacks(hook: str, api_url: str) -> bool:
    """Whether an address may take answers: Slack's own over https, or one on the host of the Web API."""
    try:
        theirs, ours = urlsplit(hook), urlsplit(api_url)
    except ValueError:
        return False
    if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
        return True
    return theirs.scheme == "https" and theirs.netloc in _HOOKS
