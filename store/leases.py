"""Who may do what only one replica does at a time: leases with a fence, on the database's clock.

The machine's clocks of several replicas need not agree, so the database's own clock decides when a
lease ends; the injected clock of the bot never does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Float, Table, Update, bindparam, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from store.base import UtcDateTime
from store.tables import LeaseRow
from store.upsert import insert_into, is_sqlite

#: No lease outlives this: a replica that died is replaced within it.
LONGEST = dt.timedelta(minutes=2)

#: What ends later was taken before somebody set the database's clock back, and is over. Twice as far as
#: any lease reaches, so that a small step back ends none that is used.
FURTHEST_AHEAD = 2 * LONGEST

_SQLITE_CLOCK = sql("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
_POSTGRESQL_CLOCK = select(func.clock_timestamp())


class LeaseLostError(RuntimeError):
    """A lease ran out or was taken by another, so its work must stop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """Held until `expires_at` (aware UTC, the database's clock); `fence` rises with each taking."""

    name: str
    holder: str
    fence: int
    expires_at: dt.datetime


class DatabaseClock(FunctionElement[dt.datetime]):
    """The database clock so many seconds from now, within a statement: to ask first is a round trip.

    The seconds are a bound parameter, given when the statement runs.
    """

    name = "database_clock"
    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, seconds: str = "from_now") -> None:
        super().__init__(bindparam(seconds, type_=Float()))


@compiles(DatabaseClock)
def _postgresql_clock(element: DatabaseClock, compiler: SQLCompiler, **options: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **options)}))"


@compiles(DatabaseClock, "sqlite")
def _sqlite_clock(element: DatabaseClock, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    # As `UtcDateTime` writes it, so that moments compare as texts.
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {seconds} || ' seconds') || '000')"


def database_now(session: Session) -> dt.datetime:
    """What the database's clock says, as aware UTC."""
    connection = session.connection()
    if is_sqlite(session):
        return dt.datetime.fromisoformat(str(connection.execute(_SQLITE_CLOCK).scalar_one()))
    moment: dt.datetime = connection.execute(_POSTGRESQL_CLOCK).scalar_one()
    return moment.astimezone(dt.UTC)


def acquire(session: Session, name: str, holder: str, ttl: dt.timedelta) -> Lease | None:
    """Take the lease of that name for `ttl`, or None while somebody else holds it.

    Whoever holds it already simply gets it again, with a higher fence. Raises ValueError for a
    `ttl` over `LONGEST`.
    """
    if ttl > LONGEST:
        raise ValueError(f"a lease lasts {LONGEST} at the most, not {ttl}")
    clock = database_now(session)
    new = insert_into(session, LeaseRow).values(name=name, holder=holder, fence=1, expires_at=clock + ttl)
    taken = new.on_conflict_do_update(
        index_elements=[LeaseRow.name],
        set_={"holder": holder, "fence": LeaseRow.fence + 1, "expires_at": clock + ttl},
        where=(LeaseRow.expires_at <= clock)
        | (LeaseRow.expires_at > clock + FURTHEST_AHEAD)
        | (LeaseRow.holder == holder),
    ).returning(LeaseRow.fence)
    fence = session.execute(taken).scalar_one_or_none()
    if fence is None:
        return None
    return Lease(name=name, holder=holder, fence=fence, expires_at=clock + ttl)


_LEASES = cast("Table", LeaseRow.__table__)
#: Built once: whoever reads a platform renews with every look.
_LONGER = (
    update(_LEASES)
    .where(
        _LEASES.c.name == bindparam("held"),
        _LEASES.c.fence == bindparam("by_fence"),
        _LEASES.c.expires_at > bindparam("clock"),
    )
    .values(expires_at=bindparam("until"))
)


def renew(session: Session, lease: Lease, ttl: dt.timedelta) -> Lease | None:
    """The lease for `ttl` from now, or None when it ran out or somebody else took it since."""
    clock = database_now(session)
    held = {"held": lease.name, "by_fence": lease.fence, "clock": clock, "until": clock + ttl}
    if not session.connection().execute(_LONGER, held).rowcount:
        return None
    return Lease(name=lease.name, holder=lease.holder, fence=lease.fence, expires_at=clock + ttl)


def confirm(session: Session, lease: Lease) -> None:
    """Write only under a lease: make it last anew and keep others off it until this transaction ends.

    Raises:
        LeaseLostError: somebody may have done the work since, such as while this process was stopped.
    """
    if renew(session, lease, LONGEST) is None:
        raise LeaseLostError(f"the lease {lease.name!r} is not {lease.holder}'s any more")


def holders(session: Session) -> list[Lease]:
    """Every lease that is held now."""
    clock = database_now(session)
    held = (
        select(LeaseRow)
        .where(LeaseRow.expires_at > clock, LeaseRow.expires_at <= clock + FURTHEST_AHEAD)
        .order_by(LeaseRow.name)
    )
    return [
        Lease(name=row.name, holder=row.holder, fence=row.fence, expires_at=row.expires_at)
        for row in session.scalars(held)
    ]


def release(session: Session, lease: Lease) -> bool:
    """Give the lease up; False when it was somebody else's by then.

    The row stays, run out, so that the fence goes on rising.
    """
    ended = (
        update(LeaseRow)
        .where(LeaseRow.name == lease.name, LeaseRow.fence == lease.fence)
        .values(expires_at=database_now(session))
    )
    return _rows(session, ended) == 1


def _rows(session: Session, statement: Update) -> int:
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
