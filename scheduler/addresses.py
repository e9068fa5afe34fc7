"""Where communities are, remembered for a while: an answer needs no more, and to ask is a round trip."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from handlers.model import Community
from store.communities import find_community

#: For so long at the most an answer goes to where a community was before the settings moved it.
KNOWN_SECONDS = 60.0


class Addresses:
    """The communities that were answered in lately.

    Args:
        steady: seconds on a clock that nobody sets.
    """

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._known: dict[str, tuple[float, Community]] = {}

    def find(self, session: Session, key: str) -> Community | None:
        """The enabled community of this key; whether it is paused may be a while old."""
        now = self._steady()
        known = self._known.get(key)
        if known is not None and now - known[0] < KNOWN_SECONDS:
            return known[1]
        found = find_community(session, key)
        if found is not None:
            self._known[key] = (now, found)
        return found
