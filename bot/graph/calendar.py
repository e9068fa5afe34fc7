"""The calendar of a mailbox as a source of the agenda: one way, by what changed, with the import's guards.

Of the appointments only what changed since the last look is asked for (a delta). Where Graph forgot the
last look, and once a week, the whole period is read anew: then what is no longer there was taken away.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from bot.graph.client import Graph, GraphAway, GraphFailed, GraphMissing, GraphSignIn
from bot.graph.events import PREFIX, Reading, by_occurrence, read_events, uid_of, wanted_series
from bot.importing import carry_out
from handlers.model import BRUSSELS, WITHHELD, Atrium, Community, Kind, Status
from scheduler.rules import Rules
from store.agenda import atria_between, find_atrium
from store.engine import Store
from store.exchange.imports import ImportPlan, plan_import
from store.exchange.rows import Candidate, Known, Parsed
from store.notes import drop_note, find_note, keep_note
from store.regions import list_regions

if TYPE_CHECKING:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient

#: How far the period reaches from today, and how long one period is gone on with.
AHEAD = dt.timedelta(days=550)
ANEW = dt.timedelta(days=7)

#: Appointments to a page.
PAGE = 50

#: Where the last look is noted, and since when a person must say yes to what it found.
LOOK_NOTE = "graph:calendar"
HELD_NOTE = "graph:calendar:held"

#: What is needed of an appointment.
_FIELDS = [
    "id",
    "subject",
    "start",
    "end",
    "location",
    "categories",
    "isAllDay",
    "isCancelled",
    "sensitivity",
    "body",
    "iCalUId",
]

_ACTOR = "graph:agenda van de mailbox"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Where the last look ended.

    Attributes:
        mailbox: of which calendar.
        link: the address at which Graph tells what changed since.
        begins, ends: the period, aware UTC.
    """

    mailbox: str
    link: str
    begins: dt.datetime
    ends: dt.datetime

    def dump(self) -> str:
        return json.dumps(dataclasses.asdict(self), default=dt.datetime.isoformat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What Graph told, in full or since the last look.

    Attributes:
        is_whole: these are all appointments of the period.
        look: where the next look begins.
    """

    events: Sequence[Mapping[str, Any]]
    is_whole: bool
    look: Look


@dataclass(frozen=True, kw_only=True, slots=True)
class Synced:
    """What became of a look. `is_held`: nothing was applied, because too much would change."""

    plan: ImportPlan
    findings: tuple[str, ...] = ()
    others: int = 0
    is_held: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarSource:
    """Brings the calendar of a mailbox into the agenda.

    Attributes:
        kind: of appointments whose categories name none; None leaves those out.
        communities: those of the settings.
    """

    graph: Graph
    store: Store
    rules: Rules
    mailbox: str
    kind: Kind | None = None
    communities: Sequence[Community] = field(default=())

    async def changes(self, now: dt.datetime) -> Changes:
        """Ask Graph what changed. Raises GraphFailed."""
        last = await asyncio.to_thread(self._last_look)
        if last is not None and now - last.begins < ANEW:
            try:
                return await self._since(last)
            except (GraphAway, GraphSignIn):
                raise
            except GraphFailed:
                pass  # it forgot the last look, or takes its address no more: all anew
        return await self._anew(now)

    def apply(
        self, changes: Changes, now: dt.datetime, *, yes: bool = False, dry_run: bool = False
    ) -> Synced:
        """Bring changes into the agenda, and into what is owed for it; in a worker thread.

        Args:
            now: aware UTC.
            yes: a person agreed to many changes.
            dry_run: only say what would be done.
        """
        with self.store.writing() as session:
            reading = self._read(session, changes, now)
            plan = plan_import(session, self._parsed(session, changes, reading, now), now)
            is_held = _is_too_much(plan) and not yes
            synced = Synced(plan=plan, findings=reading.findings, others=reading.others, is_held=is_held)
            if dry_run:
                return synced
            if is_held:
                keep_note(session, HELD_NOTE, f"{plan.touched}/{plan.coming}")
                return synced
            drop_note(session, HELD_NOTE)
            carry_out(session, plan, self.rules, now, _ACTOR)
            keep_note(session, LOOK_NOTE, changes.look.dump())
            return synced

    # --- asking ----------------------------------------------------------------------------------------

    def _last_look(self) -> Look | None:
        with self.store.reading() as session:
            noted = find_note(session, LOOK_NOTE)
        if noted is None:
            return None
        told = json.loads(noted)
        for name in ("begins", "ends"):
            told[name] = dt.datetime.fromisoformat(told[name])
        look = Look(**told)
        return look if look.mailbox == self.mailbox else None

    async def _since(self, last: Look) -> Changes:
        events, link = await self._all(lambda client: self._at(client, last.link))
        return Changes(
            events=[await self._verified(each) for each in events],
            is_whole=False,
            look=dataclasses.replace(last, link=link),
        )

    async def _verified(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is said to be gone may only have moved out of the period: then where it is now."""
        if "@removed" not in event:
            return event
        try:
            return await self.graph.ask(lambda client: self._one(client, str(event["id"])))
        except GraphMissing:
            return event

    async def _anew(self, now: dt.datetime) -> Changes:
        today = now.astimezone(BRUSSELS).date()
        begins = dt.datetime.combine(today, dt.time(), BRUSSELS).astimezone(dt.UTC)
        ends = begins + AHEAD
        events, link = await self._all(lambda client: self._between(client, begins, ends))
        look = Look(mailbox=self.mailbox, link=link, begins=begins, ends=ends)
        return Changes(events=events, is_whole=True, look=look)

    async def _all(self, first: Any) -> tuple[list[Mapping[str, Any]], str]:
        """Every appointment of all pages, the last word on each; and the link for the next look."""
        found: dict[str, Mapping[str, Any]] = {}
        link = ""
        async for page in self.graph.pages(first, self._at):
            for event in page.get("value", ()):
                found.pop(str(event.get("id")), None)
                found[str(event.get("id"))] = event
            link = page.get("@odata.deltaLink", link)
        if not link:
            # Half a list would have what it lacks cancelled.
            raise GraphAway("Graph ended the calendar without saying where the next look begins")
        wanted = sorted(wanted_series(found.values()))
        series = [await self._series(each) for each in wanted]
        return by_occurrence(found.values(), series), link

    async def _series(self, event_id: str) -> Mapping[str, Any]:
        try:
            return await self.graph.ask(lambda client: self._one(client, event_id))
        except GraphMissing:  # it went in the meantime, and so will what it repeats
            return {}

    def _between(
        self, client: GraphServiceClient, begins: dt.datetime, ends: dt.datetime
    ) -> RequestInformation:
        from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import (
            DeltaRequestBuilder as Builder,
        )

        # Of a calendar's delta nothing can be selected: everything comes along.
        query = Builder.DeltaRequestBuilderGetQueryParameters(
            start_date_time=_zulu(begins), end_date_time=_zulu(ends)
        )
        delta = client.users.by_user_id(self.mailbox).calendar_view.delta
        return delta.to_get_request_information(_configuration(query))

    def _at(self, client: GraphServiceClient, link: str) -> RequestInformation:
        delta = client.users.by_user_id(self.mailbox).calendar_view.delta.with_url(link)
        return delta.to_get_request_information(_configuration(None))

    def _one(self, client: GraphServiceClient, event_id: str) -> RequestInformation:
        from msgraph.generated.users.item.events.item.event_item_request_builder import (
            EventItemRequestBuilder as Builder,
        )

        query = Builder.EventItemRequestBuilderGetQueryParameters(select=_FIELDS)
        event = client.users.by_user_id(self.mailbox).events.by_event_id(event_id)
        return event.to_get_request_information(_configuration(query))

    # --- applying ------------------------------------------------------------------------------------------

    def _read(self, session: Session, changes: Changes, now: dt.datetime) -> Reading:
        known = Known(
            regions=list_regions(session) or None, communities=[each.key for each in self.communities]
        )
        return read_events(changes.events, kind=self.kind, communities=self.communities, known=known, now=now)

    def _parsed(self, session: Session, changes: Changes, reading: Reading, now: dt.datetime) -> Parsed:
        """What the calendar tells, as if it were a file: what was taken away is a row that cancels."""
        removed = [find_atrium(session, uid) for uid in reading.removed]
        if changes.is_whole:
            told = {uid_of(str(each.get("id"))) for each in changes.events}
            removed += [
                each
                for each in atria_between(session, changes.look.begins, changes.look.ends)
                if each.uid.startswith(PREFIX) and each.uid not in told
            ]
        gone = [
            _cancelling(each, now)
            for each in removed
            if each is not None and not each.is_cancelled and each.starts_at > now
        ]
        candidates = [_shown_again(session, each) for each in reading.candidates]
        hidden = [each for uid in reading.withheld if (each := _withheld(session, uid)) is not None]
        return Parsed(candidates=(*candidates, *gone, *hidden))


def _cancelling(atrium: Atrium, now: dt.datetime) -> Candidate:
    gone = dataclasses.replace(atrium, status=Status.GEANNULEERD, cancelled_at=now)
    return Candidate(line=0, atrium=gone, told=frozenset({"status"}))


def _withheld(session: Session, uid: str) -> Candidate | None:
    """What was public and is marked private now: shown to nobody; what has its own readers keeps those."""
    atrium = find_atrium(session, uid)
    if atrium is None or not atrium.is_public:
        return None
    hidden = dataclasses.replace(atrium, visibility=frozenset({WITHHELD}))
    return Candidate(line=0, atrium=hidden, told=frozenset({"visibility"}))


def _shown_again(session: Session, candidate: Candidate) -> Candidate:
    """What was withheld and is not marked private any more has the readers that a new one has."""
    atrium = find_atrium(session, candidate.atrium.uid)
    if atrium is None or atrium.visibility != {WITHHELD}:
        return candidate
    return dataclasses.replace(candidate, told=candidate.told | {"visibility"})


def _is_too_much(plan: ImportPlan) -> bool:
    """The rule of every import; but one change alone is somebody's doing, however few atria there are."""
    return plan.needs_confirmation and plan.touched > 1


def _zulu(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _configuration(query: Any) -> RequestConfiguration[Any]:
    """Ids that stay when an appointment moves to another folder, texts without markup, pages not too big."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from kiota_abstractions.headers_collection import HeadersCollection

    headers = HeadersCollection()
    for preference in (
        'IdType="ImmutableId"',
        'outlook.body-content-type="text"',
        f"odata.maxpagesize={PAGE}",
    ):
        headers.add("Prefer", preference)
    return RequestConfiguration(query_parameters=query, headers=headers)
