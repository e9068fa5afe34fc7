"""What every command shares: the settings, the store, the moment, and how a failure is told."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from bot.clock import Clock, StandingClock, SystemClock
from bot.moments import parse_moment
from handlers.wording.catalogue import worded

if TYPE_CHECKING:
    from bot.settings import Settings
    from store.engine import Store

#: Talk goes to stderr, results to stdout; both drop colour in a pipe and with NO_COLOR.
talk = Console(stderr=True, highlight=False, soft_wrap=True)
#: A pipe has no width, so that a table does not lose the ends of its words there.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 240)

At = Annotated[
    str | None,
    typer.Option("--at", metavar="ISO-TIME", help="Pretend it is this moment; without a zone: Brussels."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]


class CommandFailed(Exception):  # noqa: N818 - an outcome that is told, not a fault
    """The command could not do what was asked; the message says why and what to do (exit 1)."""


@dataclass(slots=True)
class Frame:
    """The options before the command."""

    config: Path | None = None

    def settings(self) -> Settings:
        """The settings; raises SettingsError with every problem."""
        from bot.settings import load_settings

        return load_settings(self.config)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store of the settings, empty ones migrated, older ones refused."""
        from store.engine import Store
        from store.migrations import ensure_current
        from store.texts import texts_of

        store = Store(self.settings().database.url)
        is_new = store.file is not None and not store.file.exists()
        try:
            ensure_current(store)
            if is_new:
                # Who mistyped the address must not take an empty agenda for the truth.
                talk.print(f"nieuwe, lege databank: {store.file}", markup=False)
            with worded(texts_of(store)):
                yield store
        finally:
            store.close()


def clock_at(at: str | None) -> Clock:
    """The machine's clock, or one that stands still at `--at`."""
    if at is None:
        return SystemClock()
    try:
        return StandingClock(parse_moment(at))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error


def frame_of(context: typer.Context) -> Frame:
    frame = context.find_object(Frame)
    if frame is None:
        raise RuntimeError("the command was called without its frame")
    return frame


def print_json(data: Any) -> None:
    """One JSON document on stdout, Dutch letters as they are."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no JSON")
