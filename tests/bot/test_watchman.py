"""The watchman: a clock that stands still, and posts that need a person, are told by a second channel."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from dataclasses import dataclass, field
from pathlib import Path

from bot.alerts import Alert, Alerts
from bot.clock import StandingClock, SystemClock
from bot.metrics import Metrics
from bot.program import application
from bot.readiness import readiness
from bot.settings import DatabaseSettings, Settings
from bot.watchman import DOUBT, ClockWatch, Patrol, PostWatch
from bot.wiring import Program, build
from scheduler.clockwork import TICK, Clockwork
from scheduler.port import Capabilities, Refused
from store import limits, waiting
from store.engine import Store
from store.states import OutboxState
from tests.fakes.bench import Bench
from tests.fakes.network import brussels
from tests.fakes.visitor import Visitor

DUE = brussels("2027-02-10 09:00")


@dataclass
class Person:
    """Hears alerts, or cannot be reached."""

    name: str = "person"
    heard: list[Alert] = field(default_factory=list)
    is_away: bool = False

    def send(self, alert: Alert) -> None:
        if self.is_away:
            raise ConnectionRefusedError
        self.heard.append(alert)

    def titles(self) -> list[str]:
        return [each.title for each in self.heard]


def clock_watch(bench: Bench, person: Person) -> tuple[Clockwork, ClockWatch]:
    work = Clockwork(bench.store, bench.delivery(), bench.rules, bench.clock.now)
    alerts = Alerts(ways=[person], seconds=lambda: bench.clock.now().timestamp())
    return work, ClockWatch(clockwork=work, alerts=alerts, now=bench.clock.now, replica="host-1")


def test_a_clock_that_stands_still_is_told_and_so_is_that_it_runs_again(sqlite_store: Store) -> None:
    """C-15: health is red within two intervals, and a second channel says so."""
    bench, person = Bench(sqlite_store), Person()
    work, watch = clock_watch(bench, person)
    asyncio.run(work.tick())
    bench.clock.moment += 2 * TICK
    watch.look()
    assert not person.heard, "well until then"
    for _ in range(10):
        bench.clock.moment += TICK / 2
        watch.look()
    assert person.titles() == ["De klok van de bot staat stil (host-1)."], "once, not at each look"
    assert "sinds 23/11/2026 10.00.00" in person.heard[0].text()
    asyncio.run(work.tick())
    watch.look()
    assert person.titles()[1:] == ["De klok van de bot loopt weer (host-1)."]


def test_the_watch_does_not_depend_on_the_loop_that_ticks(sqlite_store: Store) -> None:
    """C-15: a thread of its own, for a loop that hangs."""
    bench, person, heard = Bench(sqlite_store), Person(), threading.Event()
    work, watch = clock_watch(bench, person)

    def look() -> None:
        watch.look()
        if person.heard:
            heard.set()

    patrol = Patrol("watch", 0.01, look)

    async def live() -> None:
        await work.tick()
        bench.clock.moment += 4 * TICK
        patrol.start()
        assert heard.wait(20), "the loop is blocked meanwhile"  # that is the case

    asyncio.run(live())
    patrol.stop()


def test_a_start_may_take_a_while_before_it_is_told(sqlite_store: Store) -> None:
    bench, person = Bench(sqlite_store), Person()
    _, watch = clock_watch(bench, person)
    for _ in range(10):
        watch.look()
    assert not person.heard
    for _ in range(100):
        watch.look()
    assert "sinds het begin" in person.heard[0].text()


def test_a_patrol_goes_on_after_a_fault() -> None:
    again = threading.Event()
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) > 1:
            again.set()
        raise OSError

    patrol = Patrol("watch", 0.001, look)
    patrol.start()
    assert again.wait(20)
    patrol.stop()


# --- posts


def post_watch(bench: Bench, person: Person, holder: str = "host-1") -> PostWatch:
    alerts = Alerts(ways=[person], seconds=lambda: bench.clock.now().timestamp())
    return PostWatch(store=bench.store, alerts=alerts, now=bench.clock.now, holder=holder)


def test_a_dead_letter_has_a_reason_and_a_person_who_is_told_once(store: Store) -> None:
    """C-14, C-21."""
    bench, person = Bench(store), Person(is_away=True)
    bench.platform.script = [Refused(reason="de bot mag hier niet posten (403)")] * 2
    bench.tick(DUE)
    post_watch(bench, person).look()
    person.is_away = False
    watch = post_watch(bench, person)
    watch.look()
    (alert,) = person.heard
    assert alert.title == "2 berichten van de bot zijn niet geplaatst en worden niet meer geprobeerd."
    assert "herinnering voor algemeen, 10/02/2027 09.00 u.: de bot mag hier niet posten (403)" in alert.text()
    watch.look()
    assert len(person.heard) == 1


def test_one_replica_tells_for_all(store: Store) -> None:
    bench, person = Bench(store), Person()
    bench.platform.script = [Refused(reason="gesloten")] * 2
    bench.tick(DUE)
    post_watch(bench, person, "host-1").look()
    post_watch(bench, person, "host-2").look()
    assert len(person.heard) == 1


def test_a_doubt_that_nothing_settles_is_told_once(store: Store) -> None:
    """C-2: where the platform cannot tell, a person must."""
    bench, person = Bench(store), Person()
    bench.platform.capabilities = Capabilities(find=False)
    bench.platform.script = ["lost", "lost"]
    bench.tick(DUE)
    watch = post_watch(bench, person)
    watch.look()
    assert not person.heard, "it may still be settled by itself"
    for minutes in (10, 40, 70):
        bench.clock.moment = DUE + dt.timedelta(minutes=minutes)
        watch.look()
    (alert,) = person.heard
    assert alert.title == "Van 2 berichten weet de bot niet of ze er staan: een moderator moet beslissen."
    assert "outbox resolve" in alert.text()
    assert dt.timedelta(minutes=10) == DOUBT


# --- what a monitor sees


def program(store: Store, now: dt.datetime) -> Program:
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{store.file}"))
    return build(settings, store, StandingClock(now), demo=True)


def test_a_monitor_sees_what_is_due_how_late_and_who_does_what(sqlite_store: Store, now: dt.datetime) -> None:
    made = program(sqlite_store, now)
    asyncio.run(made.clockwork.replan())
    bench = Bench(sqlite_store)
    bench.answer(1)
    made.metrics.settled(OutboxState.SENT, 3)
    text = Visitor(application(made)).get("/metrics").text
    assert "atriumbot_outbox_due 1.0" in text
    assert "atriumbot_outbox_lag_seconds 0.0" in text
    assert 'atriumbot_posts_total{state="sent"} 3.0' in text
    assert 'atriumbot_rate_closed_seconds{platform="local"} 0.0' in text
    assert "atriumbot_tick_well 0.0" in text


def test_a_platform_that_is_left_alone_for_long_is_not_well(sqlite_store: Store, now: dt.datetime) -> None:
    made = program(sqlite_store, now)
    asyncio.run(made.clockwork.tick())
    assert [part.state for part in readiness(made)] == ["OK", "OK", "OK"]
    with sqlite_store.writing() as session:
        limits.close(session, "local", dt.timedelta(minutes=9), SystemClock().now())
    part = readiness(made)[-1]
    assert (part.name, part.state) == ("local", "THROTTLED")


def test_the_outbox_is_counted_by_what_waits(store: Store) -> None:
    bench = Bench(store)
    with store.reading() as session:
        assert waiting.backlog(session, DUE - dt.timedelta(seconds=1)) == waiting.Backlog()
        backlog = waiting.backlog(session, DUE)
    assert (backlog.due, backlog.oldest_due_at) == (2, DUE)
    bench.platform.script = ["lost", "ok"]
    bench.tick(DUE)
    with store.reading() as session:
        assert waiting.backlog(session, DUE) == waiting.Backlog(ambiguous=1)


def test_gauges_of_a_database_that_is_away_are_left_out(sqlite_store: Store, now: dt.datetime) -> None:
    made = program(sqlite_store, now)
    sqlite_store.close()
    Path(str(sqlite_store.file)).write_bytes(b"no database")
    text = Visitor(application(made)).get("/metrics").text
    assert "atriumbot_tick_well" in text
    assert "atriumbot_outbox_due" not in text


def test_each_program_counts_for_itself() -> None:
    one, other = Metrics(), Metrics()
    one.settled(OutboxState.SENT, 1)
    assert other.posts.labels("sent")._value.get() == 0
