"""Whose turn it is: feeds are polled evenly over the minute, so that polls never crowd out posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.platforms.engage.feeds import Feed, FeedState

#: A feed and what is remembered of it.
Remembered = tuple[Feed, FeedState]

#: Communities that one round looks into beside what is polled: spread, so that no answer waits for them.
MOST_RECONCILED = 1

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def turns(
    planned: Sequence[Remembered], every: dt.timedelta, clock: dt.datetime
) -> tuple[Sequence[Feed], dt.timedelta]:
    """The feeds to ask now, and after how long the next may be polled.

    Args:
        every: how often each feed is polled.
        clock: now, on the clock that the replicas share; aware UTC.
    """
    polled = [each for each in planned if not each[0].only_reconcile]
    others = [each for each in planned if each[0].only_reconcile]
    wait = _wait(polled, every, clock)
    due = _longest_waiting(polled, clock, 1 if wait <= dt.timedelta() else 0)
    pause = every / len(polled) if due else wait
    return [*due, *_longest_waiting(others, clock, MOST_RECONCILED)], pause


def _wait(polled: Sequence[Remembered], every: dt.timedelta, clock: dt.datetime) -> dt.timedelta:
    """How long until a feed may be polled: when one is due, and a share of the time after the last poll."""
    soonest = min((state.due_in(feed, clock) for feed, state in polled), default=every)
    last = max((state.polled_at for _, state in polled if state.polled_at is not None), default=None)
    if last is None or last > clock:
        return soonest
    return max(soonest, last + every / len(polled) - clock)


def _longest_waiting(among: Sequence[Remembered], clock: dt.datetime, most: int) -> list[Feed]:
    """Of the feeds that there is something to ask of, those that were asked longest ago."""
    wanting = [(state.polled_at or _NEVER, feed) for feed, state in among if state.wants_turn(feed, clock)]
    wanting.sort(key=lambda each: each[0])
    return [feed for _, feed in wanting[:most]]
