"""Watches how the bot stands with the platforms elsewhere, and counts down to what is known to run out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.alerts import Alert, Alerts
from bot.platforms.port import AUTH_REQUIRED, DEAF, OK, TRANSPORT_GONE, Condition
from handlers.model import BRUSSELS
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import long_date
from store import leases
from store.engine import Store
from store.notes import find_note, keep_note

#: What a person must do something about, in words; a rate limit passes by itself.
MATTERS = Said(
    {
        AUTH_REQUIRED: "melding.aanmelden",
        TRANSPORT_GONE: "melding.onbereikbaar",
        DEAF: "melding.hoort niets",
    }
)

#: So many days before something runs out it is told.
COUNTDOWN = (30, 7, 1)

_COUNTED = "expiry:"

#: The lease under which one replica counts down.
ALERTING = "countdown"


class Watched(Protocol):
    """What can say how it is."""

    @property
    def name(self) -> str: ...

    def condition(self) -> Condition: ...


@dataclass(kw_only=True, slots=True)
class ConnectionWatch:
    """Tells once what is the matter with a platform, and once that it is well again.

    A state counts when it was seen twice: one that passes within a look is nobody's business.
    """

    watched: Sequence[Watched]
    alerts: Alerts
    _seen: dict[str, Condition] = field(default_factory=dict)
    _told: dict[str, Condition] = field(default_factory=dict)

    def look(self) -> None:
        for each in self.watched:
            now = each.condition()
            before = self._seen.get(each.name, Condition())
            self._seen[each.name] = now
            if now.state == before.state and bool(now.reason) == bool(before.reason):
                self._tell(each.name, now)

    def _tell(self, name: str, now: Condition) -> None:
        told = self._told.get(name, Condition())
        if now.state in MATTERS and now.state != told.state:
            if self.alerts.tell(_trouble(name, now)):
                self._told[name] = now
        elif now.state == OK and told != Condition() and not now.reason:
            if self.alerts.tell(Alert(topic=f"platform {name}", title=say("melding.in orde", platform=name))):
                self._told.pop(name)
        elif now.state == OK and now.reason and now.reason != told.reason:
            title = say("melding.niet overal", platform=name)
            if self.alerts.tell(Alert(topic=f"platform {name}", title=title, lines=(now.reason,))):
                self._told[name] = now


@dataclass(frozen=True, kw_only=True, slots=True)
class Expiry:
    """Something that is known to run out on a day."""

    name: str
    what: str
    on: dt.date


@dataclass(kw_only=True, slots=True)
class ExpiryWatch:
    """Counts down to what runs out, so that nobody is surprised; each step is told once, by one replica.

    Args:
        now: aware UTC; days are those of Brussels.
    """

    expiries: Sequence[Expiry]
    store: Store
    alerts: Alerts
    now: Callable[[], dt.datetime]
    holder: str

    def look(self) -> None:
        today = self.now().astimezone(BRUSSELS).date()
        for each in self.expiries:
            left = (each.on - today).days
            step = next((days for days in sorted(COUNTDOWN) if left <= days), None)
            if step is not None:
                self._tell(each, step, left)

    def _tell(self, expiry: Expiry, step: int, left: int) -> None:
        note, told = f"{_COUNTED}{expiry.name}", f"{expiry.on.isoformat()}/{step}"
        with self.store.writing() as session:
            is_ours = leases.acquire(session, ALERTING, self.holder, leases.LONGEST) is not None
            if not is_ours or find_note(session, note) == told:
                return
        if self.alerts.tell(_countdown(expiry, left)):
            with self.store.writing() as session:
                keep_note(session, note, told)


def _trouble(name: str, now: Condition) -> Alert:
    return Alert(
        topic=f"platform {name}",
        title=f"{name} {MATTERS[now.state]}.",
        lines=(now.reason, say("melding.wacht")),
    )


def _countdown(expiry: Expiry, left: int) -> Alert:
    when = say("melding.op dag", dag=long_date(expiry.on))
    days = (
        say("dag.vandaag")
        if left == 0
        else say("dag.morgen")
        if left == 1
        else say("melding.over dagen", aantal=str(left))
    )
    verb = (
        say("melding.is verlopen", wanneer=when)
        if left < 0
        else say("melding.verloopt", nog=days, wanneer=when)
    )
    return Alert(
        topic=f"vervaldag {expiry.name}",
        title=f"{expiry.what} {verb}.",
        lines=(say("melding.vernieuw"),),
    )
