"""The command line: results on stdout, talk on stderr; exit 0, 1 (failed, and says why) or 2 (usage)."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import (
    agenda,
    asking,
    calendar,
    communities,
    database,
    doctor,
    outbox,
    posts,
    running,
    signing_in,
)
from bot.commands.frame import CommandFailed, Frame, talk

#: So many more things made than dropped, and Python looks which of them are garbage.
GARBAGE_AFTER = 10_000

app = typer.Typer(
    help="The bot of the Atrium Lerend Netwerk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings file (default: atriumbot.toml here)."),
    ] = None,
) -> None:
    """Bridges the online half and the physical atria of the Atrium Lerend Netwerk."""
    context.obj = Frame(config=config)


running.register(app)
asking.register(app)
posts.register(app)
doctor.register(app)
calendar.register(agenda.app)
app.add_typer(agenda.app, name="agenda")
app.add_typer(agenda.groups, name="groups")
app.add_typer(agenda.regions, name="regions")
app.add_typer(communities.app, name="communities")
app.add_typer(asking.questions, name="questions")
app.add_typer(outbox.app, name="outbox")
app.add_typer(database.app, name="db")
app.add_typer(communities.moderators, name="moderators")
app.add_typer(signing_in.app, name="login")


def main() -> None:
    """Run a command; what an operator can mend is told in a line or two, without a trace."""
    # A command makes many things that stay, and little garbage: Python's own measure looks for it fifteen
    # times as often.
    gc.set_threshold(GARBAGE_AFTER)
    try:
        app()
    except CommandFailed as failure:
        talk.print(f"atriumbot: {failure}", style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output left, as `head` does
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        told = _mendable(error)
        if told is None:
            raise
        talk.print(told, style="red", markup=False)
        sys.exit(1)


def _mendable(error: Exception) -> str | None:
    """The words for a failure that the operator can mend; None for a fault of ours."""
    from sqlalchemy.exc import DatabaseError

    from bot.settings import SettingsError
    from store.engine import StoreInUseError, StoreUnreachableError
    from store.migrations import SchemaOutdatedError

    if isinstance(error, SettingsError):
        return "\n".join(["atriumbot: these settings must be mended:", *(f"  {p}" for p in error.problems)])
    if isinstance(error, StoreInUseError | StoreUnreachableError | SchemaOutdatedError):
        return f"atriumbot: {error}"
    if isinstance(error, DatabaseError) and "database is locked" in str(error.orig):
        return "atriumbot: the database is busy: another program is writing it.\nTry again in a moment."
    if isinstance(error, DatabaseError):
        return f"atriumbot: the database does not answer: {error.orig}\nCheck [database] url."
    return None
