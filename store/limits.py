"""Rate limits that all replicas share: what was taken of each, on the database's clock.

A limit is a number of calls in a window that slides, as the platforms count: a bucket that
refills steadily would let twice the number through in a window that follows a quiet one. Functions take
a session and never commit; whoever holds a bucket is alone with it until its transaction ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select, update
from sqlalchemy.orm import Session

from store.tables import RateBucketRow
from store.upsert import insert_into, is_sqlite

_BUCKETS = cast("Table", RateBucketRow.__table__)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)

#: No call is counted further ahead of the clock than this. What lies further was written before somebody
#: set the database's clock back, and holds up nothing.
FURTHEST_AHEAD = dt.timedelta(minutes=1)
#: No platform is left alone for longer at a time, whatever it says, for the same reason.
LONGEST_CLOSED = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """So many calls in any window of `per`, which slides."""

    number: int
    per: dt.timedelta

    def __post_init__(self) -> None:
        if self.number < 1 or self.per <= dt.timedelta():
            raise ValueError(f"a limit of {self.number} in {self.per} lets nothing through")


@dataclass(kw_only=True, slots=True)
class Bucket:
    """What was taken of one limit; `closed_until` is what the platform said itself. Aware UTC."""

    name: str
    taken: dict[str, dt.datetime] = field(default_factory=dict)
    closed_until: dt.datetime | None = None

    def left(self, limit: Limit, clock: dt.datetime) -> int:
        """How many calls may be made now."""
        return max(limit.number - len(self._counted(limit, clock)), 0)

    def free_at(self, limit: Limit, clock: dt.datetime) -> dt.datetime:
        """When there is room for one call: `clock` itself, or later."""
        if self.left(limit, clock):
            return clock
        return sorted(self._counted(limit, clock).values())[-limit.number] + limit.per

    def opens_at(self, clock: dt.datetime) -> dt.datetime | None:
        """When the platform said that it lets something through again; None when it does at `clock`."""
        until = self.closed_until
        return until if until is not None and clock < until <= clock + LONGEST_CLOSED else None

    def take(self, limit: Limit, key: str, at: dt.datetime, clock: dt.datetime) -> None:
        """Count one call at a moment that may be still to come; counted again under the same key, it is one.

        What is not of the window at `clock` is forgotten.
        """
        self.taken = self._counted(limit, clock) | {key: at}

    def give_back(self, key: str) -> None:
        """Count a call no more that was never made."""
        self.taken.pop(key, None)

    def _counted(self, limit: Limit, clock: dt.datetime) -> dict[str, dt.datetime]:
        since, latest = clock - limit.per, clock + FURTHEST_AHEAD
        return {name: at for name, at in self.taken.items() if since < at <= latest}


_HELD = (
    select(_BUCKETS)
    .where(_BUCKETS.c.name.in_(bindparam("names", expanding=True)))
    .order_by(_BUCKETS.c.name)
    .with_for_update()
)
_FULL = select(_BUCKETS.c.name, _BUCKETS.c.free_at).where(
    _BUCKETS.c.name >= bindparam("first"),
    _BUCKETS.c.name < bindparam("end"),
    _BUCKETS.c.free_at > bindparam("clock", type_=_BUCKETS.c.free_at.type),
    _BUCKETS.c.free_at <= bindparam("latest", type_=_BUCKETS.c.free_at.type),
)
_CLOSED = select(_BUCKETS.c.name, _BUCKETS.c.closed_until).where(
    _BUCKETS.c.closed_until > bindparam("clock", type_=_BUCKETS.c.closed_until.type),
    _BUCKETS.c.closed_until <= bindparam("latest", type_=_BUCKETS.c.closed_until.type),
)


def hold(session: Session, names: Collection[str]) -> dict[str, Bucket]:
    """These buckets, for this transaction alone, always in one order so that two cannot block each other."""
    if not names:
        return {}
    connection = session.connection()
    rows = connection.execute(_HELD, {"names": sorted(names)}).all()
    missing = sorted(set(names) - {row.name for row in rows})
    if missing:
        new = insert_into(session, RateBucketRow).on_conflict_do_nothing(index_elements=["name"])
        connection.execute(new, [{"name": name, "taken": {}} for name in missing])
        if is_sqlite(session):
            return {row.name: _bucket(row) for row in rows} | {name: Bucket(name=name) for name in missing}
        # Another may have put it there first, and hold it.
        rows = connection.execute(_HELD, {"names": sorted(names)}).all()
    return {row.name: _bucket(row) for row in rows}


def peek(session: Session, name: str) -> Bucket:
    """A bucket as it is, held by nobody: for whoever only looks."""
    row = session.connection().execute(select(_BUCKETS).where(_BUCKETS.c.name == name)).one_or_none()
    return _bucket(row) if row is not None else Bucket(name=name)


def keep(session: Session, buckets: Mapping[str, tuple[Bucket, Limit]], clock: dt.datetime) -> None:
    """Write down what was taken of held buckets."""
    if not buckets:
        return
    statement = (
        update(_BUCKETS)
        .where(_BUCKETS.c.name == bindparam("bucket"))
        .values(taken=bindparam("now_taken", type_=_BUCKETS.c.taken.type), free_at=bindparam("now_free_at"))
    )
    session.connection().execute(
        statement,
        [
            {
                "bucket": name,
                "now_taken": {key: (at - _EPOCH) // _MICROSECOND for key, at in bucket.taken.items()},
                "now_free_at": bucket.free_at(limit, clock),
            }
            for name, (bucket, limit) in sorted(buckets.items())
        ],
    )


def full(session: Session, prefix: str, limit: Limit, clock: dt.datetime) -> dict[str, dt.datetime]:
    """The buckets of this limit, whose name begins so, that are full at `clock`, with when they have room."""
    parameters = {
        "first": prefix,
        "end": prefix[:-1] + chr(ord(prefix[-1]) + 1),
        "clock": clock,
        "latest": clock + FURTHEST_AHEAD + limit.per,
    }
    return {row.name: row.free_at for row in session.connection().execute(_FULL, parameters)}


def close(session: Session, name: str, pause: dt.timedelta, clock: dt.datetime) -> None:
    """Let nothing through for so long from `clock`, aware UTC; a later moment that was set already stays.

    Never for longer than `LONGEST_CLOSED`: a platform that wants more says so again.
    """
    until = clock + min(pause, LONGEST_CLOSED)
    opens_at = hold(session, [name])[name].opens_at(clock)
    if opens_at is None or opens_at < until:
        statement = update(_BUCKETS).where(_BUCKETS.c.name == name).values(closed_until=until)
        session.connection().execute(statement)


def closed(session: Session, clock: dt.datetime) -> dict[str, dt.datetime]:
    """The buckets that let nothing through at `clock`, with until when; aware UTC."""
    parameters = {"clock": clock, "latest": clock + LONGEST_CLOSED}
    return {row.name: row.closed_until for row in session.connection().execute(_CLOSED, parameters)}


def _bucket(row: Row[Any]) -> Bucket:
    taken = {key: _EPOCH + micros * _MICROSECOND for key, micros in row.taken.items()}
    return Bucket(name=row.name, taken=taken, closed_until=row.closed_until)
