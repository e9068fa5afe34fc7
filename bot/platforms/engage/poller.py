"""Reads what is new in Viva Engage: one replica at a time, each feed once a minute, nothing twice.

A feed is asked for what is newer than a while ago, and now and then without that bound, because feeds
may leave out, repeat and reorder what they show. What cannot be read at once is remembered as a gap and
read later. What a round costs does not depend on what was ever said.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot import logs
from bot.platforms.engage import feeds
from bot.platforms.engage.brake import Brake
from bot.platforms.engage.budget import CallBudget
from bot.platforms.engage.client import CallFailed, Denied, EngageClient, Throttled
from bot.platforms.engage.feeds import Feed, FeedKind, FeedState, Gap
from bot.platforms.engage.hearing import NAME, Ear
from bot.platforms.engage.messages import Page, UnreadableError, read_page
from bot.platforms.engage.reader import ReaderLease
from bot.platforms.engage.resurfacing import Resurfacing
from bot.platforms.engage.standing import WAITS, Standing
from bot.platforms.engage.turns import turns
from store.communities import list_communities
from store.engine import Store
from store.leases import LeaseLostError

log = logs.get(__name__)

#: A reader that died is followed within this.
LEASE_LASTS = dt.timedelta(seconds=45)

#: How often the reader looks whether a feed is due; the lease is renewed as often.
LOOKS_EVERY = dt.timedelta(seconds=10)

#: A feed that is due and has no room waits so long.
SHORTEST_PAUSE = dt.timedelta(seconds=1)

#: Pages that one round reads of one feed; the rest is a gap.
MOST_PAGES = 3

#: Threads that one round reads by themselves.
MOST_THREADS = 3

#: Calls that what can wait leaves to what cannot.
LEAVES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    """One feed that may be asked now: polled for what is newer than `since`, or only for its gap.

    `oldest` is before when (aware UTC) nothing is read for its own sake.
    """

    feed: Feed
    state: FeedState
    oldest: dt.datetime
    polls: bool
    since: int = 0


class Poller:
    """Reads for the account while it holds the lease.

    Args:
        holder: who reads, different for each running process.
        now: the injected clock, aware UTC: how old messages are.
        pace: the clock that the replicas share: when a feed is due.
        every: how often each feed is asked.
        kept_for: how long answered messages are remembered.
        heard: called, in the event loop, when there is something to answer.
    """

    def __init__(
        self,
        client: EngageClient,
        budget: CallBudget,
        standing: Standing,
        store: Store,
        *,
        holder: str,
        now: Callable[[], dt.datetime],
        pace: Callable[[Session], dt.datetime],
        every: dt.timedelta,
        kept_for: dt.timedelta,
        heard: Callable[[], None],
    ) -> None:
        self._client = client
        self._budget = budget
        self._standing = standing
        self._store = store
        self._now = now
        self._pace = pace
        self._every = every
        self._kept_for = kept_for
        self._heard = heard
        self._lease = ReaderLease(holder, LEASE_LASTS)
        self._resurfacing = Resurfacing()
        self._brake = Brake()
        self._denied: dict[str, str] = {}

    async def round(self) -> dt.timedelta:
        """Ask what is due; returns after how long to come again. Faults of the platform stay inside."""
        try:
            if not await asyncio.to_thread(self._lease.hold, self._store):
                return LOOKS_EVERY
            if self._standing.is_shut:
                await self._client.probe()
                self._standing.well()
            due, pause = await asyncio.to_thread(self._plan)
            for feed in due:
                await self._ask(feed)
            await self._read_threads()
            return pause
        except LeaseLostError:
            log.warning("reading_taken_over", platform=NAME)
        except CallFailed as failure:
            await self._failed(failure)
            if self._standing.is_shut:
                return WAITS
        return LOOKS_EVERY

    def release(self) -> None:
        """Let another replica read, at once."""
        self._lease.release(self._store)

    def may_poll(self, path: str) -> bool:
        """Whether a feed may be read now to look for a post; it counts as a poll.

        Who comes too early gets the next turn: the reader passes it over.
        """
        if "/in_group/" not in path and path != "/messages/private.json":
            return True
        feed = Feed(path=path, kind=FeedKind.GROUP, every=self._every)
        with self._store.writing() as session:
            clock = self._pace(session)
            state = feeds.state_of(session, path)
            is_free = state.is_due(feed, clock)
            taken = replace(state, polled_at=clock, lent_until=None)
            lent = replace(state, lent_until=clock + feeds.LENT_FOR)
            feeds.keep_state(session, path, taken if is_free else lent)
        return is_free

    def _plan(self) -> tuple[Sequence[Feed], dt.timedelta]:
        """What is to be asked now, and after how long to come again."""
        with self._store.reading() as session:
            communities = [each for each in list_communities(session) if each.platform == NAME]
            clock, states = self._pace(session), feeds.states(session)
        planned = [
            (feed, states.get(feed.path, FeedState())) for feed in feeds.plan(communities, self._every)
        ]
        due, pause = turns(planned, self._every, clock)
        return due, min(max(pause, SHORTEST_PAUSE), LOOKS_EVERY)

    # --- feeds ---------------------------------------------------------------------------------------------

    async def _ask(self, feed: Feed) -> None:
        turn = await asyncio.to_thread(self._begin, feed)
        if turn is None:
            return
        try:
            pages, gap = await self._pages(turn)
        except CallFailed as failure:
            await asyncio.to_thread(self._answered, feed)
            if not isinstance(failure, Denied):
                raise
            self._deny(feed, failure)
            return
        self._standing.well()
        self._denied.pop(feed.path, None)
        if await asyncio.to_thread(self._keep, turn, pages, gap):
            self._heard()

    def _begin(self, feed: Feed) -> _Turn | None:
        """Claim the turn of a feed: what it costs and when it was polled are written before it is asked."""
        with self._store.writing() as session:
            clock = self._pace(session)
            state = feeds.state_of(session, feed.path)
            is_due = state.is_due(feed, clock) and not state.is_lent(clock)
            if not is_due and state.gap is None:
                return None
            self._lease.confirm(session)
            can_wait = feed.only_reconcile or not is_due
            if not self._budget.take_in(session, LEAVES if can_wait else 0, is_poll=True):
                return None
            oldest = self._ear(session).oldest
            if not is_due:
                return _Turn(feed=feed, state=state, oldest=oldest, polls=False)
            reconciles = state.is_to_reconcile(feed, clock)
            reconciled_at = clock if reconciles else state.reconciled_at
            state = replace(state, polled_at=clock, reconciled_at=reconciled_at)
            feeds.keep_state(session, feed.path, state)
            since = 0 if reconciles else state.since(clock)
            return _Turn(feed=feed, state=state, oldest=oldest, polls=True, since=since)

    async def _pages(self, turn: _Turn) -> tuple[list[Page], Gap | None]:
        """What a turn reads, and what it leaves. The first call was counted already."""
        gap = turn.state.gap
        pages: list[Page] = []
        if turn.polls:
            pages.append(await self._page(turn.feed.path, newer=turn.since))
            if turn.feed.only_reconcile:
                return pages, None
            gap = feeds.wider(gap, feeds.left_out(pages[0], turn.state.newest, turn.oldest))
        while gap is not None and len(pages) < MOST_PAGES:
            if pages and not await asyncio.to_thread(self._budget.take, LEAVES):
                break
            # Both bounds at once are documented nowhere: a page ends above what was known, or goes below it.
            page = await self._page(turn.feed.path, older=gap.below)
            pages.append(page)
            gap = feeds.narrower(gap, page, turn.oldest)
        return pages, gap

    async def _page(self, path: str, *, newer: int = 0, older: int = 0) -> Page:
        bounds = {"newer_than": newer, "older_than": older}
        query: dict[str, str | int] = {name: number for name, number in bounds.items() if number}
        try:
            page = read_page(await self._client.get(path, query))
        except UnreadableError:
            log.error("feed_not_read", path=path)
            return Page()
        if page.unread:
            log.error("messages_not_read", path=path, number=page.unread)
        return page

    def _keep(self, turn: _Turn, pages: Sequence[Page], gap: Gap | None) -> int:
        """Write what was heard and how far it was read, in one transaction; how many are to be answered."""
        with self._store.writing() as session:
            self._lease.confirm(session)
            clock = self._pace(session)
            ear = self._ear(session)
            recorded = 0
            for page in pages:
                ear.own_threads(page)
                recorded += ear.hear(page, turn.feed.kind)
                self._resurfacing.note(session, page)
            newest = max((heard.id for page in pages for heard in page.messages), default=0)
            state = feeds.state_of(session, turn.feed.path).read(newest, clock, gap)
            if turn.polls:
                state = replace(state, polled_at=clock)
            feeds.keep_state(session, turn.feed.path, state)
        return recorded

    def _answered(self, feed: Feed) -> None:
        """Count the interval from the end of a call: nobody knows when within it the server counted it."""
        with self._store.writing() as session:
            self._lease.confirm(session)
            state = feeds.state_of(session, feed.path)
            feeds.keep_state(session, feed.path, replace(state, polled_at=self._pace(session)))

    def _ear(self, session: Session) -> Ear:
        here = (each for each in list_communities(session) if each.platform == NAME)
        now = self._now()
        return Ear(
            session=session,
            communities={int(each.channel): each for each in here if each.channel and each.channel.isdigit()},
            now=now,
            begun_at=feeds.begun_at(session, now),
            kept_for=self._kept_for,
            brake=self._brake,
        )

    # --- threads -------------------------------------------------------------------------------------------

    async def _read_threads(self) -> None:
        for _ in range(min(MOST_THREADS, len(self._resurfacing))):
            if not await asyncio.to_thread(self._budget.take, LEAVES):
                return
            found = self._resurfacing.next()
            if found is None:
                return
            number, since = found
            try:
                pages = await self._thread_pages(number, since)
            except Denied:
                continue
            if await asyncio.to_thread(self._keep_thread, number, pages):
                self._heard()

    async def _thread_pages(self, number: int, since: int) -> list[Page]:
        """What was said in a thread after a message; its first call was counted already."""
        path = f"/messages/in_thread/{number}.json"
        pages = [await self._page(path, newer=since)]
        while len(pages) < MOST_PAGES:
            last = min((heard.id for heard in pages[-1].messages), default=0)
            if last <= since or not pages[-1].has_older:
                break
            if not await asyncio.to_thread(self._budget.take, LEAVES):
                break
            older = await self._page(path, older=last)
            pages.append(older)
            if min((heard.id for heard in older.messages), default=last) >= last:
                break
        return pages

    def _keep_thread(self, number: int, pages: Sequence[Page]) -> int:
        with self._store.writing() as session:
            self._lease.confirm(session)
            ear = self._ear(session)
            recorded = 0
            for page in reversed(pages):
                ear.own_threads(page)
                recorded += ear.hear(page, FeedKind.GROUP)
                self._resurfacing.read(session, number, page, ear.now)
        return recorded

    # --- what goes wrong -----------------------------------------------------------------------------------

    async def _failed(self, failure: CallFailed) -> None:
        self._standing.failed(failure)
        log.warning("reading_failed", platform=NAME, fault=type(failure).__name__, reason=failure.reason)
        if isinstance(failure, Throttled):
            await asyncio.to_thread(self._budget.close, failure.retry_after)

    def _deny(self, feed: Feed, denied: Denied) -> None:
        """A community that is gone, or from which the bot was removed: a person must know."""
        if feed.path not in self._denied:
            name = feed.community.name if feed.community is not None else feed.path
            self._denied[feed.path] = name
            log.error("feed_denied", path=feed.path, status=denied.status)

    @property
    def denied(self) -> Sequence[str]:
        """The communities that the bot may not read."""
        return sorted(self._denied.values())
