"""Ends a conversation that goes on and on: two programs that answer one another never stop by themselves.

A program with an ordinary account cannot be told from a member, but no member asks so much in one thread.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, deque

from bot import logs

log = logs.get(__name__)

#: So much may one author say to the bot in one thread within so long, before the bot falls silent there.
MOST = 20
WITHIN = dt.timedelta(hours=1)
SILENT_FOR = dt.timedelta(days=1)

#: Conversations that are remembered.
REMEMBERED = 2_000

_Pair = tuple[int, int]


class Brake:
    """Counts what each author says in each thread. In memory alone: a restart begins anew."""

    def __init__(self) -> None:
        self._said: OrderedDict[_Pair, deque[dt.datetime]] = OrderedDict()
        self._silent_until: dict[_Pair, dt.datetime] = {}

    def is_on(self, author: int, thread: int, at: dt.datetime) -> bool:
        """Whether what was said then (aware UTC) is left unanswered."""
        return at < self._silent_until.get((author, thread), at)

    def count(self, author: int, thread: int, at: dt.datetime) -> None:
        """Something was said to the bot; aware UTC."""
        pair = author, thread
        said = self._said.setdefault(pair, deque())
        self._said.move_to_end(pair)
        said.append(at)
        while said[0] <= at - WITHIN:
            said.popleft()
        if len(said) >= MOST:
            self._silent_until[pair] = at + SILENT_FOR
            log.warning("conversation_braked", thread=thread)
        while len(self._said) > REMEMBERED:
            forgotten, _ = self._said.popitem(last=False)
            self._silent_until.pop(forgotten, None)
