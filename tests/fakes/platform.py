"""A platform that records every post and fails by a script."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from scheduler.port import (
    Capabilities,
    Missing,
    NotAccepted,
    Outcome,
    Post,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Withheld,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One post that is really there."""

    at: dt.datetime
    message_id: str
    post: Post

    @property
    def text(self) -> str:
        return self.post.reply.plain_text()


@dataclass(kw_only=True)
class RecordingPlatform:
    """Keeps what it was given.

    Attributes:
        script: what happens to the next requests, in order; when it is empty, they succeed.
            An outcome is answered as it is; "accept-then-timeout" posts and says nothing,
            "lost" neither posts nor answers, "fault" raises, "no-id" posts but gives no id.
        requests: every request to send, failed ones too.
        posts: what is there.
        edits: every request to edit, with the message it is about; the same script goes for them.
        finds: how often was looked for a post.
        closed: keys of communities that refuse every post.
        before: called with each post before it is asked whether it may still leave.
        during: called with each request before anything else.
    """

    now: Callable[[], dt.datetime]
    name: str = "local"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(find=True))
    script: list[Outcome | str] = field(default_factory=list)
    requests: list[Post] = field(default_factory=list)
    posts: list[Recorded] = field(default_factory=list)
    edits: list[tuple[str, Post]] = field(default_factory=list)
    finds: int = 0
    closed: set[str] = field(default_factory=set)
    before: Callable[[Post], None] | None = None
    during: Callable[[Post], None] | None = None

    async def send(self, post: Post) -> Outcome:
        if self.before is not None:
            self.before(post)
        if not post.may_leave():
            return Withheld()
        self.requests.append(post)
        if self.during is not None:
            self.during(post)
        await asyncio.sleep(0)
        if post.community is not None and post.community.key in self.closed:
            return Refused(reason="het kanaal is gearchiveerd")
        step = self.script.pop(0) if self.script else "ok"
        match step:
            case "ok":
                return self._record(post)
            case "accept-then-timeout":
                self._record(post)
                return Unknown(reason="geen antwoord binnen de tijd")
            case "lost":
                return Unknown(reason="geen antwoord binnen de tijd")
            case "no-id":
                self._record(post)
                return Sent(message_id="")
            case "fault":
                raise ConnectionResetError("the fake was told to break")
            case RateLimited() | Refused() | NotAccepted() | Unknown() | Sent():
                return step
        raise AssertionError(f"no such step: {step}")

    async def edit(self, message_id: str, post: Post) -> Outcome:
        self.edits.append((message_id, post))
        if self.during is not None:
            self.during(post)
        await asyncio.sleep(0)
        step = self.script.pop(0) if self.script else "ok"
        there = next((each for each in self.posts if each.message_id == message_id), None)
        if there is None:
            return Refused(reason="dit bericht staat er niet")
        if step in ("ok", "accept-then-timeout"):
            self.posts[self.posts.index(there)] = replace(there, post=replace(post, key=there.post.key))
        if step == "ok":
            return Sent(message_id=message_id, thread=there.post.thread or message_id)
        if isinstance(step, str):
            return Unknown(reason="geen antwoord binnen de tijd")
        return step

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        self.finds += 1
        await asyncio.sleep(0)
        for recorded in self.posts:
            if recorded.post.key == post.key:
                return Sent(message_id=recorded.message_id)
        return Missing()

    def texts(self, community: str | None = None) -> list[str]:
        """What is there, as plain text."""
        return [
            each.text
            for each in self.posts
            if community is None or (each.post.community is not None and each.post.community.key == community)
        ]

    def _record(self, post: Post) -> Sent:
        message = f"{self.name}-{len(self.posts) + 1}"
        self.posts.append(Recorded(at=self.now(), message_id=message, post=post))
        return Sent(message_id=message, thread=post.thread or message)


@dataclass
class SteeredClock:
    """A clock that a test puts forward."""

    moment: dt.datetime

    def now(self) -> dt.datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += dt.timedelta(**by)
