"""The watchman: sees from outside the event loop whether the bot still ticks, and what needs a person.

It has threads of its own, so that nothing that stops the tick stops it too; and one for the clock
alone, so that a database that hangs does not keep it from saying so.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import logs
from bot.alerts import Alert, Alerts, Way, ways_of
from bot.connection_watch import ConnectionWatch, Expiry, ExpiryWatch
from bot.settings import Settings
from bot.wiring import Program
from handlers.model import BRUSSELS
from handlers.posts.names import post_name
from handlers.wording.catalogue import say, worded
from handlers.wording.reasons import reason_text
from scheduler.clockwork import TICK, Clockwork
from store import leases, outbox
from store.engine import Store
from store.notes import drop_note, keep_note, notes_under
from store.outbox import Entry, UnknownPostError
from store.settlements import UNTOLD
from store.texts import latest_texts

log = logs.get(__name__)

#: How often is looked whether the clock ticks, and for posts that need a person.
CLOCK_SECONDS = TICK.total_seconds() / 2
POSTS_SECONDS = 30.0

#: How often is looked how the bot stands with the platforms elsewhere, and what is about to run out.
PLATFORMS_SECONDS = 30.0
EXPIRY_SECONDS = 600.0

#: The first tick comes after planning; so many seconds after the start it must have come.
START_SECONDS = 120.0

#: A doubt that is older was looked up often enough: it waits for a moderator.
DOUBT = dt.timedelta(minutes=10)

#: Notes of the doubts that somebody was told of.
TOLD = "told:"

#: The lease under which one replica tells of posts.
ALERTING = "alerts"


class Patrol:
    """Does one look again and again in a thread of its own; a fault is logged, and it goes on."""

    def __init__(self, name: str, seconds: float, look: Callable[[], None]) -> None:
        self._seconds = seconds
        self._look = look
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._walk, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Look no more; waits for a look that is under way, unless it hangs."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def _walk(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._look()
            except Exception:
                log.exception("watch_failed", watch=self._thread.name)


@dataclass(kw_only=True, slots=True)
class ClockWatch:
    """Tells when the clockwork stands still, and when it ticks again.

    Attributes:
        replica: whose clock it is, where there are several.
    """

    clockwork: Clockwork
    alerts: Alerts
    now: Callable[[], dt.datetime]
    replica: str
    _unwell: int = 0
    _looks: int = 0
    _is_told: bool = False

    def look(self) -> None:
        """One look. Unwell once may be a process that was stopped and goes on; twice is unwell."""
        self._looks += 1
        if self.clockwork.is_well(self.now()):
            self._unwell = 0
            if self._is_told:
                self._is_told = False
                self.alerts.tell(
                    Alert(
                        topic=f"klok {self.replica}",
                        title=say("melding.klok loopt", proces=self.replica),
                    )
                )
            return
        self._unwell += 1
        starting = self.clockwork.last_tick is None and self._looks * CLOCK_SECONDS < START_SECONDS
        if self._is_told or self._unwell < 2 or starting:
            return
        last = self.clockwork.last_tick
        when = (
            say("melding.sinds", moment=f"{last.astimezone(BRUSSELS):%d/%m/%Y %H.%M.%S}")
            if last
            else say("melding.sinds het begin")
        )
        self._is_told = self.alerts.tell(
            Alert(
                topic=f"klok {self.replica}",
                title=say("melding.klok stil", proces=self.replica),
                lines=(
                    say("melding.geen berichten", sinds=when),
                    say("melding.kijk"),
                ),
            )
        )


@dataclass(kw_only=True, slots=True)
class PostWatch:
    """Tells of posts that were given up, and of doubts that only a moderator can settle; each once.

    What is to be told stands in the database, written as the post failed: no crash loses it, and one
    replica tells it for all.
    """

    store: Store
    alerts: Alerts
    now: Callable[[], dt.datetime]
    holder: str

    def look(self) -> None:
        """One look; what could not be told is tried again at the next."""
        with self.store.writing() as session:
            lease = leases.acquire(session, ALERTING, self.holder, leases.LONGEST)
            if lease is None:
                return
            failed = [int(number) for number in notes_under(session, UNTOLD)]
            told = {int(number) for number in notes_under(session, TOLD)}
            doubts = [
                each
                for each in outbox.ambiguous(session)
                if each.updated_at is None or self.now() - each.updated_at >= DOUBT
            ]
            for number in told - {each.id for each in doubts}:
                drop_note(session, f"{TOLD}{number}")
            given_up = [found for number in failed if (found := _entry(session, number)) is not None]
        if failed and self._tell("geweigerd", _given_up(len(failed)), given_up, "retry of skip"):
            with self.store.writing() as session:
                for number in failed:
                    drop_note(session, f"{UNTOLD}{number}")
        new = [each for each in doubts if each.id not in told]
        if new and self._tell("twijfel", _in_doubt(len(new)), new, "resolve"):
            with self.store.writing() as session:
                for each in new:
                    keep_note(session, f"{TOLD}{each.id}", each.key)

    def _tell(self, topic: str, title: str, entries: list[Entry], steps: str) -> bool:
        how = say("melding.bekijk", stappen=steps)
        return self.alerts.tell(Alert(topic=topic, title=title, lines=(how, *map(_line, entries))))


def ways_to_tell(program: Program) -> tuple[Way, ...]:
    """How people are reached: as the settings of alerts say, and by mail through Graph."""
    ways = ways_of(program.settings.alerts)
    if program.settings.graph.mail_from is None:
        return ways
    from bot.graph.joining import graph_mail

    return (*ways, *graph_mail(program.settings, program.store))


def patrols(program: Program) -> tuple[Patrol, ...]:
    """The watch over a program, not started yet."""
    alerts = Alerts(ways=ways_to_tell(program))
    holder = program.delivery.holder
    clock = ClockWatch(clockwork=program.clockwork, alerts=alerts, now=program.clock.now, replica=holder)
    posts = PostWatch(store=program.store, alerts=alerts, now=program.clock.now, holder=holder)
    graph = (program.graph,) if program.graph is not None else ()
    connections = ConnectionWatch(watched=(*program.connections, *graph), alerts=alerts)
    expiry = ExpiryWatch(
        expiries=expiries_of(program.settings),
        store=program.store,
        alerts=alerts,
        now=program.clock.now,
        holder=holder,
    )
    return (
        Patrol("watch-clock", CLOCK_SECONDS, _in_our_words(program.store, clock.look)),
        Patrol("watch-posts", POSTS_SECONDS, _in_our_words(program.store, posts.look)),
        Patrol("watch-platforms", PLATFORMS_SECONDS, _in_our_words(program.store, connections.look)),
        Patrol("watch-expiry", EXPIRY_SECONDS, _in_our_words(program.store, expiry.look)),
    )


def _in_our_words(store: Store, look: Callable[[], None]) -> Callable[[], None]:
    def worded_look() -> None:
        # Without a look at the database: what is watched may be that it does not answer.
        with worded(latest_texts(store)):
            look()

    return worded_look


def expiries_of(settings: Settings) -> tuple[Expiry, ...]:
    """What the settings say will run out, and the certificate, which says so itself."""
    found: list[Expiry] = []
    if settings.engage.expires_on is not None:
        what = say("melding.toegang engage")
        found.append(Expiry(name="engage", what=what, on=settings.engage.expires_on))
    if settings.entra.certificate_file is not None:
        from bot.graph.expiry import certificate_ends

        on = certificate_ends(settings.entra.certificate_file)
        if on is not None:
            what = say("melding.certificaat")
            found.append(Expiry(name="certificate", what=what, on=on))
    return tuple(found)


def _entry(session: Session, number: int) -> Entry | None:
    try:
        return outbox.get_entry(session, number)
    except UnknownPostError:
        return None


def _given_up(number: int) -> str:
    if number == 1:
        return say("melding.niet geplaatst")
    return say("melding.meer niet geplaatst", aantal=str(number))


def _in_doubt(number: int) -> str:
    if number == 1:
        return say("melding.twijfel")
    return say("melding.meer twijfel", aantal=str(number))


def _line(entry: Entry) -> str:
    due = f"{entry.due_at.astimezone(BRUSSELS):%d/%m/%Y %H.%M}"
    return say(
        "melding.bericht",
        nummer=str(entry.id),
        soort=post_name(entry.kind),
        community=entry.community_key or say("naam.een lid"),
        moment=due,
        reden=reason_text(entry.reason or "-"),
    )
