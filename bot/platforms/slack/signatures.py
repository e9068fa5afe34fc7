"""Which signatures of requests were right and wrong of late: the one sign of a wrong signing secret.

Anybody on the internet can send a request with a wrong signature: it is told, and makes nothing unready.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from handlers.model import BRUSSELS

#: How long a refusal is told of.
TOLD_FOR = dt.timedelta(hours=1)
#: Refusals remembered; a flood of them is no more than many.
_MOST = 1_000
#: The note of them is written no oftener, whatever comes in.
_WRITTEN_EVERY = dt.timedelta(minutes=1)
#: A note that says the same is renewed so often.
_RENEWED_EVERY = dt.timedelta(minutes=30)

#: The note in the store, for commands beside the running bot.
NOTE = "slack signatures"

MEND = (
    "if they are Slack's, copy the Signing Secret of the app again into [slack] signing_secret "
    "and start the bot again; Retry under Event Subscriptions shows it"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sightings:
    """What came in within the last hour.

    Attributes:
        wrong: how many signatures were wrong since the last right one.
        wrong_at: aware UTC of the last wrong one; None where there was none.
        right_at: aware UTC of the last right one, however long ago; None where there was none.
    """

    wrong: int = 0
    wrong_at: dt.datetime | None = None
    right_at: dt.datetime | None = None

    @property
    def told(self) -> str:
        """For an operator; empty where no signature was wrong since the last right one."""
        if self.wrong_at is None:
            return ""
        many = f"{self.wrong} or more" if self.wrong >= _MOST else str(self.wrong)
        requests = "request was" if self.wrong == 1 else "requests were"
        last = f"{self.wrong_at.astimezone(BRUSSELS):%H.%M.%S}"
        return f"{many} {requests} refused for a wrong signature in the last hour, the last at {last}"


class Signatures:
    """Counts in memory, and says when the note of it is due. Safe from any thread.

    Args:
        now: gives the present as aware UTC.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._wrong: deque[dt.datetime] = deque(maxlen=_MOST)
        self._right_at: dt.datetime | None = None
        self._noted_at: dt.datetime | None = None
        self._noted_wrong = 0

    def right(self) -> None:
        """A signature was right: the secret is, and what was wrong before came from somebody else."""
        with self._lock:
            self._wrong.clear()
            self._right_at = self._now()

    def wrong(self) -> None:
        with self._lock:
            self._wrong.append(self._now())

    def seen(self) -> Sightings:
        with self._lock:
            return self._seen()

    def note_due(self) -> str | None:
        """What the note shall say, when it is time to write it; it counts as written then."""
        with self._lock:
            now, seen = self._now(), self._seen()
            if seen == Sightings():
                return None
            since = now - self._noted_at if self._noted_at is not None else None
            pause = _WRITTEN_EVERY if seen.wrong != self._noted_wrong else _RENEWED_EVERY
            if since is not None and since < pause:
                return None
            self._noted_at, self._noted_wrong = now, seen.wrong
            return _written(seen)

    def _seen(self) -> Sightings:
        oldest = self._now() - TOLD_FOR
        while self._wrong and self._wrong[0] < oldest:
            self._wrong.popleft()
        last = self._wrong[-1] if self._wrong else None
        return Sightings(wrong=len(self._wrong), wrong_at=last, right_at=self._right_at)


def _written(seen: Sightings) -> str:
    moments = {"wrong_at": seen.wrong_at, "right_at": seen.right_at}
    return json.dumps(
        {"wrong": seen.wrong, **{name: at.isoformat() if at else None for name, at in moments.items()}}
    )


def read_note(note: str | None, now: dt.datetime) -> Sightings:
    """What the running bot noted; wrong signatures of more than an hour ago count no more."""
    if note is None:
        return Sightings()
    kept = json.loads(note)
    wrong_at, right_at = (
        dt.datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("wrong_at", "right_at")
    )
    if wrong_at is None or now - wrong_at > TOLD_FOR:
        return Sightings(right_at=right_at)
    return Sightings(wrong=kept["wrong"], wrong_at=wrong_at, right_at=right_at)
