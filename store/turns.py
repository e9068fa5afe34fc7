"""Who writes next: threads of one process take turns in the order they came, those in haste first."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """One turn at a time, handed over from whoever ends to whoever is next.

    A plain lock goes to whichever thread happens to ask when it is free: one that writes all the time can
    keep it from one that somebody waits for.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._hasty: deque[threading.Lock] = deque()
        self._waiting: deque[threading.Lock] = deque()

    def take(self, *, hasty: bool = False) -> None:
        """Wait for one's turn; who is in haste goes before all who are not."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            (self._hasty if hasty else self._waiting).append(mine)
        try:
            mine.acquire()
        except BaseException:  # Ctrl-C while it waits
            self._withdraw(mine)
            raise

    def take_if_free(self) -> bool:
        """Take one's turn if nobody has it; never waits."""
        with self._guard:
            if self._taken:
                return False
            self._taken = True
            return True

    def give(self) -> None:
        """End one's turn."""
        with self._guard:
            following = self._hasty or self._waiting
            if following:
                following.popleft().release()
            else:
                self._taken = False

    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._guard:
            return len(self._hasty) + len(self._waiting)

    def _withdraw(self, mine: threading.Lock) -> None:
        with self._guard:
            for queue in (self._hasty, self._waiting):
                if mine in queue:
                    queue.remove(mine)
                    return
        # It was handed over just then.
        self.give()
