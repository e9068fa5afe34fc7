"""What the rate limits of a platform let leave now: of the bot's account, and of each channel.

The budget is shared by all replicas, through the database. Whoever opens it is alone with the account
until its transaction ends, so that two who claim at once neither overdraw it nor part what
belongs together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers.model import Community
from scheduler.look import Outgoing
from scheduler.port import Capabilities
from store import limits
from store.limits import Bucket, Limit

#: How long after a claim its posts may leave. Until they did, they count as if they left at the very end.
LEAVES_WITHIN = dt.timedelta(seconds=20)


def channel_of(community: Community) -> str:
    """The bucket of a community's channel."""
    return f"{community.platform}/{community.channel or community.key}"


def is_limited(capabilities: Capabilities) -> bool:
    """Whether a platform declares any rate limit; what it says by itself is heeded in any case."""
    return capabilities.account_limit is not None or capabilities.channel_limit is not None


def _call(outgoing: Outgoing) -> str:
    """The name of one try to make a post: each claim of it is another try."""
    lead = outgoing.entries[0]
    return f"{lead.id}.{lead.fence}"


@dataclass(kw_only=True, slots=True)
class Budget:
    """The budget of one platform's account in one writing transaction; `pace` tells aware UTC.

    Where nothing is limited and nothing is closed, what time it is does not matter and is not asked.
    """

    session: Session
    platform: str
    capabilities: Capabilities
    pace: Callable[[Session], dt.datetime]
    _clock: dt.datetime | None = None
    _account: Bucket = field(init=False)
    _changed: dict[str, tuple[Bucket, Limit]] = field(default_factory=dict)
    _full: dict[str, dt.datetime] | None = None

    def __post_init__(self) -> None:
        self._account = limits.hold(self.session, [self.platform])[self.platform]

    @property
    def clock(self) -> dt.datetime:
        """Now, once and for all of this transaction; aware UTC."""
        if self._clock is None:
            self._clock = self.pace(self.session)
        return self._clock

    @property
    def has_channels(self) -> bool:
        """Whether channels have a limit of their own."""
        return self.capabilities.channel_limit is not None

    def left(self, most: int) -> int:
        """How many posts may leave the account now, `most` at the most."""
        if self._account.closed_until is not None and self._account.opens_at(self.clock):
            return 0
        limit = self.capabilities.account_limit
        return min(self._account.left(limit, self.clock), most) if limit else most

    def full_channels(self, communities: Iterable[Community]) -> frozenset[str]:
        """The keys of the communities whose channel takes nothing now."""
        full = self._full_channels()
        return frozenset(each.key for each in communities if channel_of(each) in full)

    def admit(self, ready: Sequence[Outgoing]) -> tuple[list[Outgoing], list[Outgoing]]:
        """What leaves, in order, and what stays, with all that would follow it in its channel."""
        limit = self.capabilities.channel_limit
        names = {channel_of(each.post.community) for each in ready if each.post.community} if limit else ()
        channels = limits.hold(self.session, names)
        left = self.left(len(ready))
        leaving: list[Outgoing] = []
        staying: list[Outgoing] = []
        full: set[str] = set()
        for outgoing in ready:
            name = channel_of(outgoing.post.community) if outgoing.post.community else ""
            channel = channels.get(name)
            if limit and channel and (name in full or not channel.left(limit, self.clock)):
                full.add(name)
            if len(leaving) == left or name in full:
                staying.append(outgoing)
                continue
            leaving.append(outgoing)
            if is_limited(self.capabilities):
                self._count(_call(outgoing), self.clock + LEAVES_WITHIN, channel)
        if limit:
            self._full = self._full_channels() | {
                name: channels[name].free_at(limit, self.clock) for name in full
            }
        return leaving, staying

    def left_at(self, outgoing: Outgoing) -> None:
        """Count a post at the moment that it left, which is now."""
        self._count(_call(outgoing), self.clock, self._channel(outgoing))

    def never_left(self, queue: Collection[Outgoing]) -> None:
        """Count posts no more that were claimed and given back."""
        for outgoing in queue:
            self._account.give_back(_call(outgoing))
            channel = self._channel(outgoing)
            if channel is not None:
                channel.give_back(_call(outgoing))
                self._mark(channel, self.capabilities.channel_limit)
        self._mark(self._account, self.capabilities.account_limit)

    def take(self, key: str) -> bool:
        """Make one call that is no post, such as a look; False when there is no room for it now."""
        if not self.left(1):
            return False
        self._count(key, self.clock, None)
        return True

    def close(self, pause: dt.timedelta) -> None:
        """Let nothing leave the account for so long: the platform said so, or cannot be reached."""
        limits.close(self.session, self.platform, pause, self.clock)

    def keep(self) -> None:
        """Write down what was counted."""
        if self._changed:
            limits.keep(self.session, self._changed, self.clock)

    def opens_in(self) -> dt.timedelta | None:
        """After how long more may leave than now; None when nothing is held up."""
        if self._account.closed_until is None and not is_limited(self.capabilities):
            return None
        limit = self.capabilities.account_limit
        account_at = max(
            self._account.free_at(limit, self.clock) if limit else self.clock,
            self._account.opens_at(self.clock) or self.clock,
        )
        moments = [account_at] if account_at > self.clock else self._full_channels().values()
        return min((moment - self.clock for moment in moments if moment > self.clock), default=None)

    def _full_channels(self) -> dict[str, dt.datetime]:
        if self._full is None:
            limit = self.capabilities.channel_limit
            self._full = limits.full(self.session, f"{self.platform}/", limit, self.clock) if limit else {}
        return self._full

    def _channel(self, outgoing: Outgoing) -> Bucket | None:
        if self.capabilities.channel_limit is None or outgoing.post.community is None:
            return None
        name = channel_of(outgoing.post.community)
        if name in self._changed:
            return self._changed[name][0]
        return limits.hold(self.session, [name])[name]

    def _count(self, key: str, at: dt.datetime, channel: Bucket | None) -> None:
        account_limit, channel_limit = self.capabilities.account_limit, self.capabilities.channel_limit
        if account_limit:
            self._account.take(account_limit, key, at, self.clock)
            self._mark(self._account, account_limit)
        if channel is not None and channel_limit:
            channel.take(channel_limit, key, at, self.clock)
            self._mark(channel, channel_limit)

    def _mark(self, bucket: Bucket, limit: Limit | None) -> None:
        if limit is not None:
            self._changed[bucket.name] = (bucket, limit)
