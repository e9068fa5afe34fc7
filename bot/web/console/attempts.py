"""How often one may try to sign in: few times from one address, and not too many in all."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from threading import Lock

WINDOW = dt.timedelta(minutes=5)
MOST_FROM_ONE = 10
MOST_IN_ALL = 200

#: Addresses that are remembered at the most; beyond that all count as one.
MOST_ADDRESSES = 5000


class Attempts:
    """Counts the attempts of the last minutes, in this process alone: what it guards is random and long."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._all: deque[dt.datetime] = deque()
        self._of: dict[str, deque[dt.datetime]] = {}
        self._lock = Lock()

    def allows(self, address: str) -> bool:
        """Whether one more attempt from this address is allowed; it is counted."""
        now = self._now()
        with self._lock:
            mine = self._of.setdefault(address if len(self._of) < MOST_ADDRESSES else "", deque())
            for times in (self._all, mine):
                while times and times[0] <= now - WINDOW:
                    times.popleft()
            if len(mine) >= MOST_FROM_ONE or len(self._all) >= MOST_IN_ALL:
                return False
            self._all.append(now)
            mine.append(now)
            if len(self._of) >= MOST_ADDRESSES:
                recent = now - WINDOW
                self._of = {one: times for one, times in self._of.items() if times and times[-1] > recent}
            return True
