"""What the web needs from the rest of the program."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.doors import Door
from bot.metrics import Metrics
from bot.platforms.local import LocalPlatform
from bot.web.health import Readiness
from handlers.context import Agenda
from handlers.wording.dates import local_day
from store.agenda import StoredAgenda, vocabulary
from store.engine import Store

if TYPE_CHECKING:
    from bot.web.console.setup import ConsoleSetup


@dataclass(frozen=True, kw_only=True)
class Web:
    """Everything that the pages, feeds and interfaces are made of; filled in by the wiring.

    Attributes:
        store: where the agenda and the local messages are.
        now: gives the present as aware UTC.
        public_url: the address under which people reach the agenda, without trailing slash.
        readiness: asks each part of the program how it is.
        local: the local community; None leaves its pages out.
        metrics: the counters that `/metrics` shows.
        console: how the moderators' console works here; None leaves it out.
        doors: what answers where other programs call this one, by path.
        trusted_hosts: host names, besides those of this machine, under which the local community
            may be used. Empty in earnest; tests name theirs.
        takes_contributions: whether the page of an atrium takes in what visitors hand in for it.
        people: the names of moderators whom a visitor of the local community can choose to be; the demo's.
        form_key: by which the forms of the pages are known as ours; the same on every replica.
    """

    store: Store
    now: Callable[[], dt.datetime]
    public_url: str
    readiness: Readiness
    local: LocalPlatform | None = None
    metrics: Metrics = field(default_factory=Metrics)
    console: ConsoleSetup | None = None
    doors: Mapping[str, Door] = field(default_factory=dict)
    trusted_hosts: frozenset[str] = frozenset()
    takes_contributions: bool = True
    people: Sequence[str] = ()
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @contextmanager
    def agenda(self) -> Iterator[Agenda]:
        """The agenda as of this moment."""
        with self.store.reading() as session:
            yield StoredAgenda(session)

    def themes(self) -> Sequence[str]:
        """The themes of what is public, to choose from."""
        with self.store.reading() as session:
            return vocabulary(session).themes

    def today(self) -> dt.date:
        """The day in Brussels."""
        return local_day(self.now())

    def address(self, path: str) -> str:
        """A path of ours as people elsewhere can follow it."""
        return self.public_url.rstrip("/") + path
