"""How each part of the program is, for `/readyz`."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.web.health import Part
from bot.wiring import Program


def readiness(program: Program) -> list[Part]:
    """The database, the clockwork, and each platform; asks the database, so not on the event loop."""
    parts = [_database(program), _clockwork(program)]
    if program.local is not None:
        parts.append(Part(name=program.local.name))
    return parts


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
    last = program.clockwork.last_tick
    when = f"the last tick was at {last.isoformat()}" if last else "it has not ticked yet"
    return Part(name="clockwork", state="STOPPED", reason=f"{when}; see the log, and start the bot again")
