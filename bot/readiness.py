"""How each part of the program is, for `/readyz`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.platforms.port import AUTH_REQUIRED, OK, THROTTLED, WARNING, Condition, Warned
from bot.unconnected import unconnected
from bot.web.health import Part
from bot.wiring import Program
from store import limits
from store.leases import database_now

#: A platform may say to wait this long without being unwell.
PATIENCE = dt.timedelta(minutes=2)
#: The first tick comes after planning: so long it is awaited before anything is thought to be amiss.
STARTING = dt.timedelta(minutes=1)


def readiness(program: Program) -> list[Part]:
    """The database, the clockwork, and each platform; asks the database, so not on the event loop."""
    return [
        _database(program),
        _clockwork(program),
        *_platforms(program),
        *_unconnected(program),
        *_graph(program),
    ]


def _platforms(program: Program) -> list[Part]:
    try:
        with program.store.glancing() as session:
            clock = database_now(session)
            left_alone: dict[str, dt.timedelta] = {
                name: until - clock for name, until in limits.closed(session, clock).items()
            }
    except SQLAlchemyError:
        # That is the database's part to tell.
        left_alone = {}
    told = {each.name: each.condition() for each in program.connections}
    warned = {each.name: each.warning() for each in program.connections if isinstance(each, Warned)}
    return [
        _platform(name, left_alone.get(name), told.get(name), warned.get(name, ""))
        for name in program.delivery.account_limits()
    ]


def _platform(name: str, left_alone: dt.timedelta | None, told: Condition | None, warned: str) -> Part:
    """A platform is unwell when it says so, or is left alone for longer than a rate limit asks for."""
    if told is not None and told.state != OK:
        return Part(name=name, state=told.state, reason=told.reason)
    if left_alone is None or left_alone <= PATIENCE:
        if warned:
            return Part(name=name, state=WARNING, reason=warned)
        return Part(name=name, reason=told.reason if told is not None else "")
    return Part(
        name=name,
        state=THROTTLED,
        reason=f"left alone for another {left_alone.total_seconds():.0f} s: it said so, or cannot be reached",
    )


def _unconnected(program: Program) -> list[Part]:
    """Platforms on which the settings have communities and give no way in: nothing there is answered."""
    there = set(program.delivery.account_limits())
    lacking = {each.platform: each for each in unconnected(program.settings) if each.platform not in there}
    return [
        Part(name=name, state=AUTH_REQUIRED, reason=f"{each.told}: {each.mend}")
        for name, each in lacking.items()
    ]


def _graph(program: Program) -> list[Part]:
    """Graph, where the settings want something of it: without it nobody is known to moderate there."""
    if program.graph is None:
        return []
    told = program.graph.condition()
    return [Part(name="graph", state=told.state, reason=told.reason)]


def _database(program: Program) -> Part:
    try:
        with program.store.glancing() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Part(
            name="database", state="UNREACHABLE", reason=f"{type(error).__name__}: check [database] url"
        )
    return Part(name="database")


def _clockwork(program: Program) -> Part:
    if program.clockwork.is_well(program.clock.now()):
        return Part(name="clockwork")
    last, now = program.clockwork.last_tick, program.clock.now()
    if last is None and now - program.clockwork.made_at < STARTING:
        return Part(name="clockwork", state="STARTING", reason="the bot is starting: it plans, then it ticks")
    when = f"the last tick was at {last.isoformat()}" if last else "it has not ticked yet"
    return Part(name="clockwork", state="STOPPED", reason=f"{when}; see the log, and start the bot again")
