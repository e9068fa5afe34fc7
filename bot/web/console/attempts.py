"""How often one may try: few times from one address, and not too many in all."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from threading import Lock

from fastapi import Request

WINDOW = dt.timedelta(minutes=5)
MOST_FROM_ONE = 10
MOST_IN_ALL = 200

#: Addresses that are remembered at the most; beyond that all count as one.
MOST_ADDRESSES = 5000


class Attempts:
    """Counts the attempts of the last minutes, in this process alone.

    What it guards is guarded otherwise too: what signs in is random and long, what waits is counted.
    """

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        *,
        window: dt.timedelta = WINDOW,
        most_from_one: int = MOST_FROM_ONE,
        most_in_all: int = MOST_IN_ALL,
    ) -> None:
        self._now = now
        self._window = window
        self._most_from_one = most_from_one
        self._most_in_all = most_in_all
        self._all: deque[dt.datetime] = deque()
        self._of: dict[str, deque[dt.datetime]] = {}
        self._lock = Lock()

    def allows(self, address: str) -> bool:
        """Whether one more attempt from this address is allowed; it is counted."""
        now = self._now()
        with self._lock:
            mine = self._of.setdefault(address if len(self._of) < MOST_ADDRESSES else "", deque())
            for times in (self._all, mine):
                while times and times[0] <= now - self._window:
                    times.popleft()
            if len(mine) >= self._most_from_one or len(self._all) >= self._most_in_all:
                return False
            self._all.append(now)
            mine.append(now)
            if len(self._of) >= MOST_ADDRESSES:
                recent = now - self._window
                self._of = {one: times for one, times in self._of.items() if times and times[-1] > recent}
            return True


def address_of(request: Request) -> str:
    """Where a request comes from, as far as the server knows."""
    return request.client.host if request.client else ""
