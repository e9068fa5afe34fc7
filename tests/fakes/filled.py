"""What a store was filled with once is copied for the tests after: they mostly begin from the same agenda."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable

from store.engine import Store

Fill = Callable[[Store, dt.datetime], None]

_filled: dict[tuple[Fill, dt.datetime], bytes] = {}


def filled(store: Store, fill: Fill, now: dt.datetime) -> None:
    """Fill an SQLite file of which nothing was asked yet; only the first time `fill` does it itself."""
    assert store.file is not None
    if (fill, now) not in _filled:
        fill(store, now)
        with contextlib.closing(sqlite3.connect(store.file)) as connection:
            _filled[fill, now] = connection.serialize()
    else:
        store.file.write_bytes(_filled[fill, now])
