"""How the bot stands with Viva Engage, as its own calls tell: one place that reading and writing share."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from bot.platforms.engage.client import Away, CallFailed, Gone, SignInNeeded, Throttled, Unanswered
from bot.platforms.port import AUTH_REQUIRED, DEAF, OK, THROTTLED, TRANSPORT_GONE, Condition
from handlers.model import BRUSSELS

#: Nothing was heard for so long although it was tried: then the bot is deaf there.
PATIENCE = dt.timedelta(minutes=5)

#: A refused sign-in, or an API that is gone, is not tried by each post: so long do they wait.
WAITS = dt.timedelta(seconds=30)


class Standing:
    """The state of the connection. Safe from any thread.

    Args:
        now: the injected clock, aware UTC.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._state = OK
        self._reason = ""
        self._throttled_until: dt.datetime | None = None
        self._deaf_since: dt.datetime | None = None

    def well(self) -> None:
        """A call was answered."""
        with self._lock:
            self._state, self._reason, self._deaf_since = OK, "", None

    def failed(self, failure: CallFailed) -> None:
        """A call was not; a refusal of one thing says nothing of the rest."""
        now = self._now()
        with self._lock:
            match failure:
                case SignInNeeded():
                    self._state, self._reason = AUTH_REQUIRED, failure.reason
                case Gone():
                    self._state, self._reason = TRANSPORT_GONE, failure.reason
                case Throttled():
                    self._throttled_until = now + failure.retry_after
                case Away() | Unanswered():
                    self._deaf_since = self._deaf_since or now
                    if self._state in (OK, DEAF):
                        self._reason = failure.reason
                case _:
                    self._state, self._reason, self._deaf_since = OK, "", None

    @property
    def is_shut(self) -> bool:
        """Whether no call can succeed until a person did something: then posts wait, untried."""
        with self._lock:
            return self._state in (AUTH_REQUIRED, TRANSPORT_GONE)

    def condition(self) -> Condition:
        """How it is now."""
        now = self._now()
        with self._lock:
            if self._state in (AUTH_REQUIRED, TRANSPORT_GONE):
                return Condition(state=self._state, reason=self._reason)
            if self._deaf_since is not None and now - self._deaf_since > PATIENCE:
                return Condition(state=DEAF, reason=f"{self._reason}; since {_clock(self._deaf_since)}")
            if self._throttled_until is not None and self._throttled_until > now:
                return Condition(
                    state=THROTTLED,
                    reason=f"too many calls: nothing is read or posted until {_clock(self._throttled_until)}",
                )
            return Condition()


def _clock(moment: dt.datetime) -> str:
    return f"{moment.astimezone(BRUSSELS):%H.%M.%S}"
