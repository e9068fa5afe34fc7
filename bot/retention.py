"""The nightly clearing up of what was kept long enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot import logs
from store.engine import Store
from store.retention import purge

log = logs.get(__name__)


def clearing_up(store: Store, now: Callable[[], dt.datetime], keep: dt.timedelta) -> Callable[[], None]:
    """The work of one night: drop what is older than `keep`, and log how much that was."""

    def clear_up() -> None:
        dropped = purge(store, now(), keep)
        log.info("cleared_up", **{name: number for name, number in dropped.items() if number})

    return clear_up
