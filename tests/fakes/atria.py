"""Fictitious atria for tests, each told by what matters to the test."""

from __future__ import annotations

import datetime as dt
from typing import Any

from handlers.model import BRUSSELS, Atrium, Kind

#: When the atria of tests became known.
KNOWN_AT = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


def brussels(day: str, time: str = "09:30") -> dt.datetime:
    """A moment on the wall clock of Brussels, as aware UTC: `brussels("2026-12-01", "14:00")`."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=BRUSSELS).astimezone(dt.UTC)


def an_atrium(uid: str = "a1", day: str = "2026-12-01", **values: Any) -> Atrium:
    """An atrium on a day, in Gent and a Lokaal Atrium unless told otherwise."""
    told: dict[str, Any] = {
        "kind": Kind.LOKAAL,
        "title": f"Lokaal Atrium {uid}",
        "municipality": "Gent",
        "updated_at": KNOWN_AT,
        "announced_at": KNOWN_AT,
    }
    time = values.pop("time", "09:30")
    return Atrium(**(told | {"uid": uid, "starts_at": brussels(day, time)} | values))
