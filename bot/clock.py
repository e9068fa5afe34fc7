"""The one module that may ask the machine what time it is (a lint rule holds the rest to it)."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Gives the present as an aware UTC instant."""

    def now(self) -> dt.datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class StandingClock:
    """A clock that stands still, for `--at`."""

    def __init__(self, moment: dt.datetime) -> None:
        self._moment = moment.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        return self._moment
