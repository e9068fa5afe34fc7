"""Keeps what Graph knows up to date while the program runs: one replica asks, all of them read the store."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot import logs
from bot.alerts import Alert, Alerts
from bot.doors import Door
from bot.graph.belonging import keep_communities, keep_group_people, served
from bot.graph.calendar import CalendarSource, Synced
from bot.graph.client import Graph, GraphAway, GraphFailed, GraphSignIn
from bot.graph.communities import LiveCommunity, Mismatch, live_communities, mismatches
from bot.graph.notifications import Told, notification_doors
from bot.graph.people import group_people
from bot.graph.subscriptions import Subscriptions
from bot.platforms.port import AUTH_REQUIRED, OK, THROTTLED, Condition
from handlers.model import Community
from handlers.wording.catalogue import say, worded
from store import leases
from store.engine import Store
from store.notes import drop_note, keep_note, notes_under
from store.texts import texts_of

log = logs.get(__name__)

#: How often is looked what is due.
LOOK_SECONDS = 15.0

#: How often each thing is asked for. People count for ten minutes and a little: one failed round is survived.
COMMUNITIES_EVERY = dt.timedelta(hours=1)
PEOPLE_EVERY = dt.timedelta(minutes=5)
CALENDAR_EVERY = dt.timedelta(minutes=15)
SUBSCRIPTION_EVERY = dt.timedelta(minutes=10)

#: After a failure that does not say when to come back.
AGAIN = dt.timedelta(seconds=30)

#: Graph may be away for so long without the program being unwell.
PATIENCE = dt.timedelta(minutes=15)

#: The lease under which one replica asks Graph.
ASKING = "graph"

#: Notes of what Graph told, for the replica that asks.
NUDGE = "graph:told:"


@dataclass(slots=True)
class Chore:
    """Something that is asked for again and again. `due_at` is aware UTC; None is: at once."""

    name: str
    every: dt.timedelta
    work: Callable[[dt.datetime], Awaitable[None]]
    due_at: dt.datetime | None = None
    failure: GraphFailed | None = None
    failing_since: dt.datetime | None = None

    def is_due(self, now: dt.datetime) -> bool:
        return self.due_at is None or self.due_at <= now


@dataclass(kw_only=True, slots=True)
class GraphWatch:
    """Asks Graph in the program's event loop.

    Attributes:
        communities: those of the settings.
        calendar, subscriptions: where the settings name a mailbox, and want to be told.
        holder: this replica.
        now: aware UTC.
    """

    graph: Graph
    store: Store
    communities: Sequence[Community]
    holder: str
    now: Callable[[], dt.datetime]
    alerts: Alerts
    calendar: CalendarSource | None = None
    subscriptions: Subscriptions | None = None
    mismatches: tuple[Mismatch, ...] = ()
    name: str = "graph"
    _live: tuple[LiveCommunity, ...] = ()
    _chores: list[Chore] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        if any(each.platform == "engage" for each in self.communities):
            self._chores.append(Chore("communities", COMMUNITIES_EVERY, self._communities))
            self._chores.append(Chore("people", PEOPLE_EVERY, self._people))
        if self.subscriptions is not None:
            self._chores.append(Chore("subscription", SUBSCRIPTION_EVERY, self.subscriptions.keep_up))
        if self.calendar is not None:
            self._chores.append(Chore("calendar", CALENDAR_EVERY, self._calendar))

    async def open(self) -> None:
        """Begin; what is slow to load loads meanwhile."""
        self._task = asyncio.create_task(self._run(), name="graph")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.graph.close()

    def doors(self) -> Mapping[str, Door]:
        """What answers where Graph calls, if it was asked to, by path."""
        return notification_doors(self.subscriptions.knows, self._note) if self.subscriptions else {}

    def condition(self) -> Condition:
        """How it is with Graph, as far as this replica asked; from memory."""
        for chore in self._chores:
            failure, since = chore.failure, chore.failing_since
            if failure is None or since is None:
                continue
            if not isinstance(failure, GraphAway):
                return Condition(state=AUTH_REQUIRED, reason=f"{chore.name}: {failure.reason}")
            if self.now() - since > PATIENCE:
                return Condition(state=THROTTLED, reason=f"{chore.name}: {failure.reason}")
        return Condition(state=OK)

    async def look(self) -> None:
        """One look: what is due is asked for, if this replica is the one that asks."""
        if await asyncio.to_thread(self._told) is None:
            # How another replica fares with Graph, it tells itself.
            for chore in self._chores:
                chore.failure = chore.failing_since = None
            return
        with worded(await asyncio.to_thread(texts_of, self.store)):
            for chore in self._chores:
                now = self.now()
                if chore.is_due(now) and await asyncio.to_thread(self._hold):
                    await self._do(chore, now)

    async def _run(self) -> None:
        while True:
            try:
                await self.graph.warm_up()
                await self.look()
            except Exception:
                log.exception("graph_look_failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _do(self, chore: Chore, now: dt.datetime) -> None:
        try:
            await chore.work(now)
        except GraphFailed as failure:
            _fails(chore, failure, now)
            log.warning("graph_failed", chore=chore.name, reason=failure.reason)
            return
        except Exception as fault:
            # One thing that breaks must not keep the others from being asked, nor break unseen.
            _fails(chore, GraphAway(f"it broke ({type(fault).__name__}): see the log"), now)
            log.exception("graph_chore_broke", chore=chore.name)
            return
        chore.due_at, chore.failure, chore.failing_since = now + chore.every, None, None

    async def _tell(self, alert: Alert) -> None:
        await asyncio.to_thread(self.alerts.tell, alert)

    # --- the lease, and what Graph told ----------------------------------------------------------------

    def _hold(self) -> bool:
        """Go on being the replica that asks; False when it is another."""
        with self.store.writing() as session:
            return leases.acquire(session, ASKING, self.holder, leases.LONGEST) is not None

    def _told(self) -> set[str] | None:
        """Take what Graph told, whichever replica heard it; None when this is not the replica that asks."""
        with self.store.writing() as session:
            if leases.acquire(session, ASKING, self.holder, leases.LONGEST) is None:
                return None
            told = set(notes_under(session, NUDGE))
            for each in told:
                drop_note(session, NUDGE + each)
        self._heed(told)
        return told

    def _note(self, what: Told) -> None:
        with self.store.writing() as session:
            keep_note(session, NUDGE + what.value, self.now().isoformat())

    def _heed(self, told: set[str]) -> None:
        if not told:
            return
        if Told.REMOVED in told and self.subscriptions is not None:
            self.subscriptions.drop()
        for chore in self._chores:
            if chore.name == "calendar" or (chore.name == "subscription" and told - {Told.CHANGED}):
                chore.due_at = None

    # --- what is asked for -----------------------------------------------------------------------------

    async def _communities(self, now: dt.datetime) -> None:
        live = await live_communities(self.graph)
        self._live = tuple(live)
        await asyncio.to_thread(keep_communities, self.store, self.communities, live, now)
        found = tuple(mismatches(self.communities, live))
        for each in () if found == self.mismatches else found:
            log.warning("community_not_as_set", community=each.key, reason=each.reason, mend=each.mend)
        self.mismatches = found

    async def _people(self, now: dt.datetime) -> None:
        if not self._live:
            self._live = tuple(await live_communities(self.graph))
        failed: GraphFailed | None = None
        for community, group in served(self.communities, self._live):
            try:
                people = await group_people(self.graph, group)
            except (GraphAway, GraphSignIn):
                raise
            except GraphFailed as failure:  # of this community alone: the others go on
                failed = failure
                continue
            if not await asyncio.to_thread(self._hold):
                return
            await asyncio.to_thread(keep_group_people, self.store, community, people, now)
        if failed is not None:
            raise failed

    async def _calendar(self, now: dt.datetime) -> None:
        if self.calendar is None:
            return
        changes = await self.calendar.changes(now)
        if not await asyncio.to_thread(self._hold):
            return
        synced = await asyncio.to_thread(self.calendar.apply, changes, now)
        log.info(
            "calendar_read",
            added=len(synced.plan.added),
            changed=len(synced.plan.changes),
            left_out=len(synced.findings),
            held=synced.is_held,
        )
        if synced.is_held or synced.findings:
            await self._tell(_about_calendar(synced))


def _fails(chore: Chore, failure: GraphFailed, now: dt.datetime) -> None:
    pause = dt.timedelta(seconds=failure.retry_after) if isinstance(failure, GraphAway) else AGAIN
    chore.due_at, chore.failure = now + pause, failure
    chore.failing_since = chore.failing_since or now


def _about_calendar(synced: Synced) -> Alert:
    if synced.is_held:
        return Alert(
            topic="agenda",
            title=say("melding.mailbox te veel"),
            lines=(
                say(
                    "melding.mailbox hoeveel",
                    geraakt=str(synced.plan.touched),
                    komende=str(synced.plan.coming),
                ),
                say("melding.mailbox hoe"),
            ),
        )
    return Alert(
        topic="agenda",
        title=say("melding.mailbox niet overgenomen"),
        lines=synced.findings,
    )
