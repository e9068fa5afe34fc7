"""How the bot stands with its platforms, and what is about to run out, is told by a second channel."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bot.alerts import Alert, Alerts
from bot.connection_watch import ConnectionWatch, Expiry, ExpiryWatch
from bot.platforms.port import AUTH_REQUIRED, THROTTLED, Condition
from store.engine import Store
from tests.fakes.platform import SteeredClock


@dataclass
class Person:
    """Hears alerts."""

    name: str = "person"
    heard: list[Alert] = field(default_factory=list)

    def send(self, alert: Alert) -> None:
        self.heard.append(alert)


@dataclass
class Elsewhere:
    """A platform that is as it is told to be."""

    name: str = "engage"
    now: Condition = field(default_factory=Condition)

    def condition(self) -> Condition:
        return self.now


def watch(elsewhere: Elsewhere, person: Person) -> ConnectionWatch:
    return ConnectionWatch(watched=[elsewhere], alerts=Alerts(ways=[person]))


def test_a_sign_in_that_ran_out_is_told_once_and_so_is_that_it_is_well_again() -> None:
    elsewhere, person = Elsewhere(), Person()
    watching = watch(elsewhere, person)
    elsewhere.now = Condition(state=AUTH_REQUIRED, reason="sign in with: atriumbot login engage")
    for _ in range(5):
        watching.look()
    (told,) = person.heard
    assert told.title == "engage moet opnieuw aangemeld worden."
    assert "atriumbot login engage" in told.lines[0]

    elsewhere.now = Condition()
    for _ in range(5):
        watching.look()
    assert [alert.title for alert in person.heard[1:]] == ["engage is weer in orde."]


def test_what_passes_within_a_look_and_a_rate_limit_are_nobodys_business() -> None:
    elsewhere, person = Elsewhere(), Person()
    watching = watch(elsewhere, person)
    elsewhere.now = Condition(state=AUTH_REQUIRED, reason="x")
    watching.look()
    elsewhere.now = Condition(state=THROTTLED, reason="busy")
    for _ in range(3):
        watching.look()
    assert person.heard == []


def test_a_community_that_cannot_be_read_is_told() -> None:
    elsewhere, person = Elsewhere(), Person()
    watching = watch(elsewhere, person)
    elsewhere.now = Condition(reason="cannot read Eerste: add the bot's account there")
    for _ in range(3):
        watching.look()
    (told,) = person.heard
    assert told.title == "engage werkt niet overal."
    assert "Eerste" in told.lines[0]


def test_what_runs_out_is_told_thirty_seven_and_one_day_before_each_once(store: Store) -> None:
    person = Person()
    clock = SteeredClock(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    watching = [
        ExpiryWatch(
            expiries=[Expiry(name="engage", what="De toegang", on=dt.date(2027, 1, 15))],
            store=store,
            alerts=Alerts(ways=[person], seconds=lambda: clock.now().timestamp()),
            now=clock.now,
            holder=f"host-{number}",
        )
        for number in (1, 2)
    ]
    for _ in range(55):
        for each in watching:
            each.look()
        clock.forward(days=1)

    assert [alert.title for alert in person.heard] == [
        "De toegang verloopt over 30 dagen, op vrijdag 15 januari 2027.",
        "De toegang verloopt over 7 dagen, op vrijdag 15 januari 2027.",
        "De toegang verloopt morgen, op vrijdag 15 januari 2027.",
    ]
