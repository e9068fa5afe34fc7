"""A post that is owed, as the console shows it, and whether this person may see and steer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from handlers.model import Atrium, Community
from handlers.moderation.draft import title_of
from handlers.moderation.moments_of_posting import moment_text
from handlers.moderation.permissions import may_steer, may_steer_post
from handlers.posts.names import post_name
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import brief_date, clock_text, local_day
from handlers.wording.reasons import reason_text
from handlers.wording.texts import kind_name
from scheduler.look import ASKED, is_exempt, waits_until
from scheduler.plan import ANSWER, DIGEST
from scheduler.preview import pending_of
from store import outbox
from store.agenda import StoredAgenda, atria_where, find_atrium
from store.announcements import Announcement
from store.outbox import Entry
from store.states import OutboxState
from store.tables import AtriumRow

STATE_NAMES: Mapping[OutboxState, str] = Said(
    {
        OutboxState.PLANNED: "bericht.gepland",
        OutboxState.HELD: "bericht.tegengehouden",
        OutboxState.CLAIMED: "beheer bericht.vertrekt nu",
        OutboxState.SENT: "bericht.geplaatst",
        OutboxState.FAILED: "bericht.mislukt",
        OutboxState.SKIPPED: "bericht.overgeslagen",
        OutboxState.AMBIGUOUS: "bericht.onzeker",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PostPlace:
    """One place of a programme in a line that tells of several: the number of its post, and its name."""

    id: int
    name: str
    own: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PostLine:
    """One line of a list: a post, or the posts of one programme that are made at one moment in one community.

    Attributes:
        day, hour: when it is due, in Brussels.
        about: the title of its atrium, or of the announcement that is planned; None where it is about none.
        announcement: the number of an announcement that is planned, and in no agenda yet.
        tone: how its state is marked ("bad", "good" or nothing).
        own: this person may steer it.
        version: differs when somebody else did something with it.
        places: of a programme, where the line tells of more than one.
        leaves: when it leaves, where the bot is quiet when it is due; else empty.
        is_leaving: somebody asked for it at once, and it is on its way.
    """

    id: int
    day: dt.date
    day_text: str
    hour: str
    community: str
    community_key: str
    platform: str
    kind: str
    about: str | None
    uid: str | None
    state: OutboxState
    state_name: str
    tone: str
    reason: str | None
    own: bool
    version: str
    announcement: int | None = None
    places: tuple[PostPlace, ...] = ()
    leaves: str = ""
    is_leaving: bool = False


class Posts:
    """Turns entries of the outbox into lines, leaving out what this person may not see."""

    def __init__(self, visit: Visit, session: Session) -> None:
        self._visit = visit
        self._session = session
        self._agenda = StoredAgenda(session)
        self._communities = {one.key: one for one in visit.communities}
        self._atria: dict[str, Atrium | None] = {}
        self._pending: dict[str, Announcement | None] = {}

    def lines(self, entries: Sequence[Entry]) -> list[PostLine]:
        """These posts, in their order; the places of one programme in the line of the first."""
        self._learn({entry.atrium_uid for entry in entries if entry.atrium_uid})
        groups: dict[object, list[Entry]] = {}
        for entry in entries:
            if self.is_seen(entry):
                groups.setdefault(_shared(entry) or entry.id, []).append(entry)
        return [self.line(*group) for group in groups.values()]

    def group_of(self, entry: Entry) -> list[Entry]:
        """The post, with those of the other places of its programme that stand in one line with it."""
        shared = _shared(entry)
        if shared is None:
            return [entry]
        found = outbox.entries(
            self._session,
            (entry.state,),
            entry.community_key,
            (entry.kind,),
            due_from=entry.due_at,
            due_before=entry.due_at + dt.timedelta(microseconds=1),
        )
        return [each for each in found if _shared(each) == shared and self.is_seen(each)]

    def _learn(self, uids: set[str]) -> None:
        """Read the atria of a whole list at once: one by one would be a query for each post."""
        new = uids - set(self._atria)
        if new:
            found = {each.uid: each for each in atria_where(self._session, AtriumRow.uid.in_(new))}
            self._atria |= {uid: found.get(uid) for uid in new}

    def is_seen(self, entry: Entry) -> bool:
        """Whether this person may know of the post and what it says; answers are nobody else's."""
        if entry.kind == ANSWER or entry.community_key is None:
            return False
        if self._visit.person.role in EVERYWHERE:
            return True
        if entry.community_key in self._visit.reads:
            return True
        atrium = self.atrium(entry)
        return entry.kind != DIGEST and atrium is not None and atrium.is_visible_to(self._visit.reads)

    def atrium(self, entry: Entry) -> Atrium | None:
        uid = entry.atrium_uid
        if uid is None:
            return None
        if uid not in self._atria:
            self._atria[uid] = find_atrium(self._session, uid)
        return self._atria[uid]

    def is_own(self, entry: Entry) -> bool:
        """Whether this person may steer it."""
        person, atrium = self._visit.person, self.atrium(entry)
        community: Community | None = self._communities.get(entry.community_key or "")
        if atrium is None:
            return community is not None and may_steer(person, community)
        return may_steer_post(
            person,
            self._agenda,
            community,
            kind=atrium.kind,
            municipality=atrium.municipality,
            region=atrium.region,
        )

    def _pending_of(self, entry: Entry) -> Announcement | None:
        """The announcement that is planned and not begun; asked once for all its places."""
        uid = entry.atrium_uid
        if uid is None or self.atrium(entry) is not None:
            return None
        if uid not in self._pending:
            found = pending_of(self._session, entry)
            self._pending |= dict.fromkeys((uid, *(found.atria if found else ())), found)
        return self._pending[uid]

    def _about(self, entries: Sequence[Entry], pending: Announcement | None) -> str | None:
        """What a line is about: its title; what the places have in common, where titles name the place."""
        if pending is not None:
            visit = self._visit
            seen = visit.desk.setup.announcing.get(self._session, visit.person, visit.now, pending.id)
            if not seen:
                return say("sturen.aankondiging", nummer=str(pending.id))
            titles = {title_of(draft) for draft in pending.drafts}
            first = pending.drafts[0]
            return titles.pop() if len(titles) == 1 else title_of(replace(first, title=None))
        atria = [atrium for each in entries if (atrium := self.atrium(each)) is not None]
        titles = {each.title for each in atria}
        if len(titles) > 1:
            name = kind_name(atria[0].kind)
            return f"{name}: {atria[0].theme}" if atria[0].theme else name
        return titles.pop() if titles else None

    def _place(self, entry: Entry, pending: Announcement | None) -> PostPlace:
        atrium = self.atrium(entry)
        drafts = dict(zip(pending.atria, pending.drafts, strict=False)) if pending else {}
        draft = drafts.get(entry.atrium_uid or "")
        name = atrium.municipality if atrium else (draft and draft.municipality) or str(entry.id)
        return PostPlace(id=entry.id, name=name, own=self._visit.may("sturen") and self.is_own(entry))

    def line(self, *entries: Entry) -> PostLine:
        """One post, or those of several places that are told of together."""
        entry = entries[0]
        pending = self._pending_of(entry)
        community = self._communities.get(entry.community_key or "")
        today = local_day(self._visit.now)
        leaving = _is_leaving(entry, community, self._visit.now)
        places = tuple(self._place(each, pending) for each in entries)
        return PostLine(
            id=entry.id,
            day=local_day(entry.due_at),
            day_text=brief_date(local_day(entry.due_at), today),
            hour=f"{clock_text(entry.due_at)} u.",
            community=community.name if community else entry.community_key or entry.platform,
            community_key=entry.community_key or "",
            platform=entry.platform,
            kind=post_name(entry.kind),
            about=self._about(entries, pending),
            uid=entry.atrium_uid if pending is None else None,
            announcement=pending.id if pending else None,
            state=entry.state,
            state_name=say("bericht.onderweg") if leaving else STATE_NAMES[entry.state],
            tone=_tone(entry.state),
            reason=reason_text(entry.reason) if entry.reason else None,
            own=any(each.own for each in places),
            version=version(*entries),
            places=places if len(places) > 1 else (),
            leaves=_leaves(entry, self._visit),
            is_leaving=leaving,
        )


def _leaves(entry: Entry, visit: Visit) -> str:
    """When a planned post leaves that is due while the bot is quiet; else empty."""
    at = waits_until(entry, visit.now, visit.desk.rules) if entry.state is OutboxState.PLANNED else None
    return say("beheer bericht.vertrekt later", moment=moment_text(at)) if at else ""


def _is_leaving(entry: Entry, community: Community | None, now: dt.datetime) -> bool:
    """Whether it goes out at the next tick because somebody asked for that."""
    is_asked = entry.kind in ASKED or is_exempt(entry)
    is_due = entry.state is OutboxState.PLANNED and entry.due_at <= now
    return is_asked and is_due and not (community is not None and community.paused)


def _shared(entry: Entry) -> object | None:
    """What the posts in one line have in common; None for what stands in a line of its own."""
    if entry.programme_uid is None:
        return None
    where = (entry.platform, entry.community_key, entry.thread)
    return (entry.due_at, *where, entry.kind, entry.state, entry.reason, entry.programme_uid)


def _tone(state: OutboxState) -> str:
    if state in {OutboxState.FAILED, OutboxState.AMBIGUOUS}:
        return "bad"
    return "good" if state is OutboxState.HELD else ""


def version(*entries: Entry) -> str:
    """What a form remembers of the posts of a line: which they are, their state and their moment."""
    first = f"{entries[0].state.value}@{entries[0].due_at:%Y%m%d%H%M%S}"
    return ".".join([first, *(str(each.id) for each in entries[1:])])
