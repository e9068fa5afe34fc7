"""A post that is owed, as the console shows it, and whether this person may see and steer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from handlers.model import Atrium, Community
from handlers.moderation.draft import title_of
from handlers.moderation.permissions import may_steer, may_steer_post
from handlers.posts.names import post_name
from handlers.wording.dates import brief_date, clock_text, local_day
from scheduler.plan import ANSWER, DIGEST
from scheduler.preview import pending_of
from store.agenda import StoredAgenda, atria_where, find_atrium
from store.announcements import Announcement
from store.outbox import Entry
from store.states import OutboxState
from store.tables import AtriumRow

STATE_NAMES: Mapping[OutboxState, str] = {
    OutboxState.PLANNED: "gepland",
    OutboxState.HELD: "tegengehouden",
    OutboxState.CLAIMED: "vertrekt nu",
    OutboxState.SENT: "geplaatst",
    OutboxState.FAILED: "mislukt",
    OutboxState.SKIPPED: "overgeslagen",
    OutboxState.AMBIGUOUS: "onzeker",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PostLine:
    """One post of a list.

    Attributes:
        day, hour: when it is due, in Brussels.
        about: the title of its atrium, or of the announcement that is planned; None where it is about none.
        announcement: the number of an announcement that is planned, and in no agenda yet.
        tone: how its state is marked ("bad", "good" or nothing).
        own: this person may steer it.
        version: differs when somebody else did something with it.
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


class Posts:
    """Turns entries of the outbox into lines, leaving out what this person may not see."""

    def __init__(self, visit: Visit, session: Session) -> None:
        self._visit = visit
        self._session = session
        self._agenda = StoredAgenda(session)
        self._communities = {one.key: one for one in visit.communities}
        self._atria: dict[str, Atrium | None] = {}

    def lines(self, entries: Sequence[Entry]) -> list[PostLine]:
        self._learn({entry.atrium_uid for entry in entries if entry.atrium_uid})
        return [self.line(entry) for entry in entries if self.is_seen(entry)]

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

    def _announced(self, pending: Announcement | None) -> str | None:
        """What a planned announcement is about, for who may know of it; its number for others."""
        if pending is None:
            return None
        visit = self._visit
        seen = visit.desk.setup.announcing.get(self._session, visit.person, visit.now, pending.id)
        return title_of(pending.drafts[0]) if seen else f"Aankondiging {pending.id}"

    def line(self, entry: Entry) -> PostLine:
        atrium = self.atrium(entry)
        pending = pending_of(self._session, entry) if atrium is None else None
        community = self._communities.get(entry.community_key or "")
        today = local_day(self._visit.now)
        return PostLine(
            id=entry.id,
            day=local_day(entry.due_at),
            day_text=brief_date(local_day(entry.due_at), today),
            hour=f"{clock_text(entry.due_at)} u.",
            community=community.name if community else entry.community_key or entry.platform,
            community_key=entry.community_key or "",
            platform=entry.platform,
            kind=post_name(entry.kind),
            about=atrium.title if atrium else self._announced(pending),
            uid=entry.atrium_uid if pending is None else None,
            announcement=pending.id if pending else None,
            state=entry.state,
            state_name=STATE_NAMES[entry.state],
            tone=_tone(entry.state),
            reason=entry.reason,
            own=self._visit.may("sturen") and self.is_own(entry),
            version=version(entry),
        )


def _tone(state: OutboxState) -> str:
    if state in {OutboxState.FAILED, OutboxState.AMBIGUOUS}:
        return "bad"
    return "good" if state is OutboxState.HELD else ""


def version(entry: Entry) -> str:
    """What a form remembers of a post: its state and its moment."""
    return f"{entry.state.value}@{entry.due_at:%Y%m%d%H%M%S}"
