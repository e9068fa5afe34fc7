"""The calls the bot's account may make, shared by reading, writing and all replicas through the database.

Viva Engage allows 10 calls per 30 s; the bot uses 8. Posts leave two of these to reading, so that a digest
to many communities never keeps the bot from hearing a question; delivery counts posts itself
(`scheduler.limits`), in the same bucket.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

from sqlalchemy.orm import Session

from store import limits
from store.engine import Store
from store.limits import Limit

#: The window that Viva Engage counts in.
WINDOW = dt.timedelta(seconds=30)

#: Everything that may be called, and what of it posts may take.
CALLS = Limit(number=8, per=WINDOW)
POSTS = Limit(number=6, per=WINDOW)

#: Of these, what polls may take: asked more often than once a minute (by settings for another host than
#: Viva Engage's own) they would leave nothing to posts.
POLLS = 4

_POLL = "poll."

_numbers = itertools.count(1)


class CallBudget:
    """Counts calls that are no post of the outbox: polls, looks, and second calls of one post.

    Args:
        name: of the bucket, which is the platform's.
        holder: who calls, different for each running process.
        pace: the clock of rate limits that the replicas share, aware UTC.
    """

    def __init__(self, store: Store, name: str, holder: str, pace: Callable[[Session], dt.datetime]) -> None:
        self._store = store
        self._name = name
        self._holder = holder
        self._pace = pace

    def take(self, leave: int = 0) -> bool:
        """Make one call now; False when there is no room for it, and for `leave` more."""
        with self._store.writing() as session:
            return self.take_in(session, leave)

    def take_in(self, session: Session, leave: int = 0, *, is_poll: bool = False) -> bool:
        """The same, within a transaction that is the caller's; polls have a share of their own."""
        clock = self._pace(session)
        bucket = limits.hold(session, [self._name])[self._name]
        if bucket.opens_at(clock) or bucket.left(CALLS, clock) <= leave:
            return False
        key = f"{_POLL if is_poll else ''}{self._holder}.{next(_numbers)}"
        recent = (name for name, at in bucket.taken.items() if at > clock - CALLS.per)
        if is_poll and sum(name.startswith(_POLL) for name in recent) >= POLLS:
            return False
        bucket.take(CALLS, key, clock, clock)
        limits.keep(session, {self._name: (bucket, CALLS)}, clock)
        return True

    def close(self, pause: dt.timedelta) -> None:
        """Make no call for so long: the platform said that there were too many."""
        with self._store.writing() as session:
            limits.close(session, self._name, pause, self._pace(session))
