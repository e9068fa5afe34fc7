"""Threads that hold more than a feed shows: they are read by themselves, where the bot speaks first.

A reply to an old thread lets the whole thread surface, and a feed may leave out what was said in between.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict

from sqlalchemy.orm import Session

from bot.platforms.engage.hearing import NAME
from bot.platforms.engage.messages import Page
from store import spoken

#: How many threads are remembered, to be read or as read.
REMEMBERED = 2_000


class Resurfacing:
    """What to read yet. In memory alone: what is lost with it comes up again as the thread goes on."""

    def __init__(self) -> None:
        #: Threads to read, each with the message from which on.
        self._waiting: OrderedDict[int, int] = OrderedDict()
        #: How far threads were read in which the bot does not speak.
        self._read: OrderedDict[int, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def note(self, session: Session, page: Page) -> None:
        """Find the threads of which a page does not show all that is new."""
        shown: dict[int, int] = {}
        for heard in page.messages:
            shown[heard.thread] = max(heard.id, shown.get(heard.thread, 0))
        known = spoken.known(session, NAME, [str(thread) for thread in shown])
        for number, last in shown.items():
            thread = page.threads.get(number)
            newest = max(last, (thread.newest or 0) if thread is not None else 0)
            since = known.get(str(number))
            is_known = since is not None
            if since is None:
                since = max(last, self._read.get(number, 0))
            if newest > since:
                self._waiting[number] = min(since, self._waiting.get(number, since))
                self._waiting.move_to_end(number, last=not is_known)
        while len(self._waiting) > REMEMBERED:
            self._waiting.popitem()

    def next(self) -> tuple[int, int] | None:
        """The thread to read now, and the message from which on."""
        return self._waiting.popitem(last=False) if self._waiting else None

    def read(self, session: Session, number: int, page: Page, now: dt.datetime) -> None:
        """A thread was read up to the end of a page; `now` is aware UTC."""
        newest = max((heard.id for heard in page.messages), default=0)
        self._read[number] = max(newest, self._read.get(number, 0))
        self._read.move_to_end(number)
        while len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        if newest and spoken.known(session, NAME, [str(number)]):
            spoken.note(session, NAME, {str(number): newest}, now)
