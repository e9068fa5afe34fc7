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

    def known(self, key: str) -> Community | None:
        """The community of this key, if it was asked for lately."""
        at, community = self._known.get(key, (0.0, None))
        return community if self._steady() - at < KNOWN_SECONDS else None

    def find(self, session: Session, key: str) -> Community | None:
        """The enabled community of this key; whether it is paused may be a while old."""
        found = self.known(key) or find_community(session, key)
        if found is not None and self.known(key) is None:
            self._known[key] = (self._steady(), found)
        return found
