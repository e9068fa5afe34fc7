"""Which feeds are asked, how often, and from where on: what the bot remembers of each stands in the store.

A feed may be polled once a minute. When it was polled is written before it is asked, so that no crash and
no replica asks too soon. Times are those of the clock that the replicas share.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.platforms.engage.messages import Page
from handlers.model import Community
from store.notes import find_note, keep_note, notes_under

#: Up to so many communities each have a feed of their own; more share the feed of what the bot follows.
FEW = 4

#: How often a feed is read without a lower bound, for what it left out before.
RECONCILE = dt.timedelta(minutes=15)

#: How far back each poll reads again: messages may appear late.
OVERLAP = dt.timedelta(minutes=3)

#: Who looks for a post and comes too early gets the next turn, if it comes back within this.
LENT_FOR = dt.timedelta(minutes=5)

#: A second clock, of the server, counts too: so much longer than the interval is waited.
LEEWAY = dt.timedelta(milliseconds=500)

_NOTE = "engage:feed:"
_BEGUN = "engage:begun"


class FeedKind(StrEnum):
    """What a feed holds, and so how its messages are meant."""

    RECEIVED = "received"
    PRIVATE = "private"
    FOLLOWING = "following"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """One feed. `only_reconcile`: read now and then, beside another that is polled.

    Attributes:
        path: of the API.
        every: how often it is asked.
        community: whose it is, of a group's.
    """

    path: str
    kind: FeedKind
    every: dt.timedelta
    only_reconcile: bool = False
    community: Community | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What was not read yet of a feed: messages above `above` (0: all) and below `below`."""

    above: int
    below: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedState:
    """What is remembered of a feed. Moments are aware UTC.

    Attributes:
        marks: the newest message that was read, at each of the last polls.
        lent_until: until then the next turn is for who looks for a post in it.
    """

    polled_at: dt.datetime | None = None
    reconciled_at: dt.datetime | None = None
    marks: tuple[tuple[dt.datetime, int], ...] = ()
    gap: Gap | None = None
    lent_until: dt.datetime | None = None

    @property
    def newest(self) -> int:
        """The newest message that was ever read; 0 before the first."""
        return max((number for _, number in self.marks), default=0)

    def due_in(self, feed: Feed, clock: dt.datetime) -> dt.timedelta:
        """After how long the feed may be polled; not after zero when it may be now."""
        if self.polled_at is None or self.polled_at > clock:
            # Never, or by a clock that was put right since.
            return dt.timedelta()
        return self.polled_at + feed.every + LEEWAY - clock

    def is_due(self, feed: Feed, clock: dt.datetime) -> bool:
        return self.due_in(feed, clock) <= dt.timedelta()

    def wants_turn(self, feed: Feed, clock: dt.datetime) -> bool:
        """Whether there is something to ask: the feed is due, or something of it was not read yet."""
        return self.gap is not None or (self.is_due(feed, clock) and not self.is_lent(clock))

    def is_lent(self, clock: dt.datetime) -> bool:
        return self.lent_until is not None and self.lent_until > clock

    def is_to_reconcile(self, feed: Feed, clock: dt.datetime) -> bool:
        last = self.reconciled_at
        return feed.only_reconcile or last is None or clock - last >= RECONCILE

    def since(self, clock: dt.datetime) -> int:
        """Above which message a poll asks: the newest of a while ago; 0 for all."""
        return max((number for at, number in self.marks if at <= clock - OVERLAP), default=0)

    def read(self, newest: int, clock: dt.datetime, gap: Gap | None) -> FeedState:
        """After everything up to `newest` was read but for a gap."""
        old = [mark for mark in self.marks if mark[0] <= clock - OVERLAP][-1:]
        recent = [mark for mark in self.marks if mark[0] > clock - OVERLAP]
        return replace(self, marks=(*old, *recent, (clock, max(newest, self.newest))), gap=gap)


def plan(communities: Iterable[Community], every: dt.timedelta) -> Sequence[Feed]:
    """The feeds for these communities: six calls a minute at the most, and a look into each now and then."""
    groups = [each for each in communities if each.channel]
    feeds = [
        Feed(path="/messages/received.json", kind=FeedKind.RECEIVED, every=every),
        Feed(path="/messages/private.json", kind=FeedKind.PRIVATE, every=every),
    ]
    shared = len(groups) > FEW
    if shared:
        feeds.append(Feed(path="/messages/following.json", kind=FeedKind.FOLLOWING, every=every))
    of_groups = (
        Feed(
            path=f"/messages/in_group/{community.channel}.json",
            kind=FeedKind.GROUP,
            every=max(RECONCILE, every) if shared else every,
            only_reconcile=shared,
            community=community,
        )
        for community in groups
    )
    return [*feeds, *of_groups]


def left_out(page: Page, known: int, oldest: dt.datetime) -> Gap | None:
    """What a page of a feed does not show, down to the message that was known (0: none) or to `oldest`."""
    last = min(page.messages, key=lambda heard: heard.id, default=None)
    if last is None or not page.has_older or last.id <= known or last.at < oldest:
        return None
    return Gap(above=known, below=last.id)


def narrower(gap: Gap, page: Page, oldest: dt.datetime) -> Gap | None:
    """What is left of a gap after a page of it; nothing where the feed goes no further back."""
    left = left_out(page, gap.above, oldest)
    return left if left is not None and left.below < gap.below else None


def wider(one: Gap | None, other: Gap | None) -> Gap | None:
    """One gap that holds both; what lies between is read again, which does no harm."""
    if one is None or other is None:
        return one or other
    return Gap(above=min(one.above, other.above), below=max(one.below, other.below))


def states(session: Session) -> Mapping[str, FeedState]:
    """What is remembered of every feed, by its path."""
    return {path: _state(kept) for path, kept in notes_under(session, _NOTE).items()}


def state_of(session: Session, path: str) -> FeedState:
    """What is remembered of a feed."""
    kept = find_note(session, _NOTE + path)
    return _state(kept) if kept is not None else FeedState()


def _state(kept: str) -> FeedState:
    values = json.loads(kept)
    gap = values.get("gap")
    return FeedState(
        polled_at=_moment(values.get("polled_at")),
        reconciled_at=_moment(values.get("reconciled_at")),
        marks=tuple((dt.datetime.fromisoformat(at), number) for at, number in values.get("marks", ())),
        gap=Gap(above=gap[0], below=gap[1]) if gap else None,
        lent_until=_moment(values.get("lent_until")),
    )


def keep_state(session: Session, path: str, state: FeedState) -> None:
    """Remember it instead of what was there."""
    values = {
        "polled_at": state.polled_at.isoformat() if state.polled_at else None,
        "reconciled_at": state.reconciled_at.isoformat() if state.reconciled_at else None,
        "marks": [(at.isoformat(), number) for at, number in state.marks],
        "lent_until": state.lent_until.isoformat() if state.lent_until else None,
        "gap": [state.gap.above, state.gap.below] if state.gap else None,
    }
    keep_note(session, _NOTE + path, json.dumps(values))


def begun_at(session: Session, now: dt.datetime) -> dt.datetime:
    """When the bot began to read here (aware UTC); it begins now if it never did."""
    kept = find_note(session, _BEGUN)
    if kept is not None:
        return dt.datetime.fromisoformat(kept)
    keep_note(session, _BEGUN, now.isoformat())
    return now


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
