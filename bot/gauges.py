"""How the outbox and the clockwork are at this moment, for Prometheus: read when it asks, never kept."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import logs
from bot.platforms.port import AUTH_REQUIRED, Warned
from bot.unconnected import unconnected
from bot.wiring import Program
from store import leases, limits, waiting
from store.leases import database_now

log = logs.get(__name__)


def gauges(program: Program) -> Iterator[GaugeMetricFamily]:
    """Every gauge; those of the database are left out while it is away."""
    yield from _clock(program)
    yield _connections(program)
    yield _warnings(program)
    try:
        with program.store.reading() as session:
            found = [*_outbox(program, session), *_leases(session), *_limits(program, session)]
    except SQLAlchemyError as fault:
        log.warning("gauges_not_read", fault=type(fault).__name__)
        return
    yield from found


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"atriumbot_{name}", what, value=value)


def _clock(program: Program) -> Iterator[GaugeMetricFamily]:
    clockwork, now = program.clockwork, program.clock.now()
    if clockwork.last_tick is not None:
        since = (now - clockwork.last_tick).total_seconds()
        yield _gauge("tick_age_seconds", "Since the last tick came to its end", since)
    yield _gauge(
        "tick_duration_seconds", "The last tick that had something to do", clockwork.last_tick_seconds
    )
    yield _gauge("tick_well", "1 while the clockwork ticks", float(clockwork.is_well(now)))


def _connections(program: Program) -> GaugeMetricFamily:
    well = GaugeMetricFamily(
        "atriumbot_platform_state",
        "1 for the state that a platform elsewhere is in",
        labels=["platform", "state"],
    )
    for each in program.connections:
        well.add_metric([each.name, each.condition().state], 1.0)
    there = {each.name for each in program.connections}
    for name in {each.platform for each in unconnected(program.settings)} - there:
        well.add_metric([name, AUTH_REQUIRED], 1.0)
    return well


def _warnings(program: Program) -> GaugeMetricFamily:
    warned = GaugeMetricFamily(
        "atriumbot_platform_warning",
        "1 while a platform elsewhere has something to tell that may be amiss: see /readyz",
        labels=["platform"],
    )
    for each in program.connections:
        if isinstance(each, Warned):
            warned.add_metric([each.name], float(bool(each.warning())))
    return warned


def _outbox(program: Program, session: Session) -> Iterator[GaugeMetricFamily]:
    now = program.clock.now()
    backlog = waiting.backlog(session, now)
    lag = (now - backlog.oldest_due_at).total_seconds() if backlog.oldest_due_at else 0.0
    yield _gauge("outbox_due", "Posts that are due and not claimed, paused ones too", backlog.due)
    yield _gauge("outbox_lag_seconds", "Since the oldest of these was due", lag)
    yield _gauge("outbox_claimed", "Posts that are being sent", backlog.claimed)
    yield _gauge("outbox_ambiguous", "Posts of which nobody knows whether they are there", backlog.ambiguous)


def _leases(session: Session) -> Iterator[GaugeMetricFamily]:
    held = GaugeMetricFamily(
        "atriumbot_lease_seconds", "How long a lease still lasts", labels=["name", "holder"]
    )
    clock = database_now(session)
    for lease in leases.holders(session):
        held.add_metric([lease.name, lease.holder], (lease.expires_at - clock).total_seconds())
    yield held


def _limits(program: Program, session: Session) -> Iterator[GaugeMetricFamily]:
    left = GaugeMetricFamily(
        "atriumbot_rate_left", "Calls that the account may still make in this window", labels=["platform"]
    )
    closed = GaugeMetricFamily(
        "atriumbot_rate_closed_seconds", "How long a platform is left alone", labels=["platform"]
    )
    clock = database_now(session)
    for name, limit in program.delivery.account_limits().items():
        bucket = limits.peek(session, name)
        if limit is not None:
            left.add_metric([name], bucket.left(limit, clock))
        opens_at = bucket.opens_at(clock) or clock
        closed.add_metric([name], (opens_at - clock).total_seconds())
    yield left
    yield closed
