"""What the last look at the record may know and do, within one writing transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers.model import Atrium, Community
from handlers.wording.dates import clock_text
from handlers.wording.reasons import because
from scheduler.audience import told_in
from scheduler.liveliness import LIVELINESS, Liveliness
from scheduler.moments import is_allowed, next_allowed
from scheduler.plan import ANNOUNCEMENT, ANSWER, CANCELLATION, CHANGE
from scheduler.port import Capabilities, Post
from scheduler.rules import Rules
from store import outbox, settlements
from store.agenda import StoredAgenda, atria_between, find_atrium
from store.communities import find_community, list_communities
from store.outbox import Entry
from store.settlements import Settlement
from store.states import OutboxState
from store.texts import changed_texts

#: After so many tries a post is given up, for a moderator to look at.
MOST_ATTEMPTS = 40

#: A person's own act: hours do not bind it.
ASKED = frozenset({ANSWER, ANNOUNCEMENT})

#: What has not been said yet and will be, unless it is taken back.
COMING = frozenset({OutboxState.PLANNED, OutboxState.HELD, OutboxState.CLAIMED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One post that may leave now, and the outbox entries that it settles; the first one leads."""

    post: Post
    entries: tuple[Entry, ...]


def skipped(reason: str) -> Settlement:
    return Settlement(state=OutboxState.SKIPPED, reason=reason)


def put_off(due_at: dt.datetime, late_until: dt.datetime | None = None) -> Settlement:
    """Given back unsent, to be due at another moment (aware UTC), and late after another if that is given."""
    return Settlement(state=OutboxState.PLANNED, due_at=due_at, late_until=late_until)


@dataclass(kw_only=True, slots=True)
class Look:
    """One look at claimed posts.

    Attributes:
        now: aware UTC of the sending.
        holder: who claimed them, to claim more when a post takes others in.
        capabilities: of each platform, by name.
        settled: how many posts were settled here, by state.
        liveliness: where people talk, by name of the platform that lets the bot read it.
        address: finds the community that an answer goes to.
    """

    session: Session
    rules: Rules
    now: dt.datetime
    holder: str
    capabilities: Mapping[str, Capabilities]
    settled: dict[OutboxState, int] = field(default_factory=dict)
    liveliness: Mapping[str, Liveliness] = field(default_factory=lambda: LIVELINESS)
    address: Callable[[Session, str], Community | None] = find_community
    _atria: dict[str, Atrium | None] = field(default_factory=dict)
    _to_come: list[Atrium] | None = None
    _told: dict[str, frozenset[str]] = field(default_factory=dict)
    _posts: dict[tuple[str, tuple[str, ...]], list[Entry]] = field(default_factory=dict)
    _communities: list[Community] | None = None
    _texts: Mapping[str, str] | None = None

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts that moderators changed, read when first needed."""
        if self._texts is None:
            self._texts = changed_texts(self.session)
        return self._texts

    @property
    def communities(self) -> list[Community]:
        """All enabled communities, read when first needed."""
        if self._communities is None:
            self._communities = list_communities(self.session)
        return self._communities

    def community(self, key: str | None) -> Community | None:
        """One of them; an answer needs no more."""
        if key is None:
            return None
        if self._communities is None:
            return self.address(self.session, key)
        return next((each for each in self._communities if each.key == key), None)

    def atrium(self, uid: str | None) -> Atrium | None:
        """The atrium as the record holds it now."""
        if uid is None:
            return None
        if uid not in self._atria:
            self._atria[uid] = find_atrium(self.session, uid)
        return self._atria[uid]

    def to_come(self) -> list[Atrium]:
        """Everything on the agenda from now on, read once for all communities."""
        if self._to_come is None:
            self._to_come = atria_between(self.session, self.now)
        return self._to_come

    def told_here(self, atria: Collection[Atrium], community: Community) -> list[Atrium]:
        """Those of these atria that this community is told of, by the record as it is now."""
        self._learn_where_told([each for each in atria if each.uid not in self._told])
        return [each for each in atria if community.key in self._told[each.uid]]

    def _learn_where_told(self, atria: Collection[Atrium]) -> None:
        """Once for each atrium: it is the same for all communities."""
        if not atria:
            return
        region_of = StoredAgenda(self.session).region_of
        chosen = outbox.communities_chosen(self.session, ANNOUNCEMENT, [each.uid for each in atria])
        for each in atria:
            told = told_in(each, self.communities, region_of, chosen.get(each.uid))
            self._told[each.uid] = frozenset(one.key for one in told)

    def coming_notice(self, atrium: Atrium, community: Community) -> Entry | None:
        """A change or cancellation of this atrium that this community is yet to hear of."""
        here = self._told_of(atrium, (CHANGE, CANCELLATION))
        return next(
            (each for each in here if each.community_key == community.key and each.state in COMING), None
        )

    def announcements(self, atrium: Atrium, community: Community) -> list[Entry]:
        """The announcements of this atrium that this community got, or is to get, in whatever state."""
        return [
            each for each in self._told_of(atrium, (ANNOUNCEMENT,)) if each.community_key == community.key
        ]

    def _told_of(self, atrium: Atrium, kinds: tuple[str, ...]) -> list[Entry]:
        """The posts of these kinds about an atrium, read once for all communities."""
        if (atrium.uid, kinds) not in self._posts:
            self._posts[atrium.uid, kinds] = outbox.entries_of(self.session, atrium.uid, kinds)
        return self._posts[atrium.uid, kinds]

    def stay(self, entry: Entry) -> Settlement | None:
        """Why a post of any kind does not leave now."""
        return stay(entry, self.now, self.rules)

    def settle(self, entries: Collection[Entry], settlement: Settlement) -> None:
        """Settle claimed posts of which nothing was sent."""
        self._posts.clear()
        for entry in entries:
            if settlements.settle(self.session, entry, settlement, self.now, untried=True):
                self.settled[settlement.state] = self.settled.get(settlement.state, 0) + 1


def stay(entry: Entry, now: dt.datetime, rules: Rules) -> Settlement | None:
    """Why a post of any kind does not leave at `now`, aware UTC: tried too often, too late, or not yet."""
    if entry.attempts > MOST_ATTEMPTS:
        return Settlement(
            state=OutboxState.FAILED,
            reason=because("reden.te vaak geprobeerd", aantal=str(MOST_ATTEMPTS)),
        )
    if entry.late_until is not None and entry.late_until < now:
        return skipped(because("reden.te laat", uur=clock_text(entry.due_at)))
    if entry.kind in ASKED or is_exempt(entry) or is_allowed(now, rules.attention):
        return None
    opens = next_allowed(now, rules.attention)
    if entry.late_until is not None and entry.late_until < opens:
        return skipped("reden.te laat voor het uur")
    return put_off(opens)


def waits_until(entry: Entry, now: dt.datetime, rules: Rules) -> dt.datetime | None:
    """When a post leaves (aware UTC) that is due while the bot is quiet; None for any other.

    A post of which the moment is past is looked at as at `now`, aware UTC.
    """
    at = max(now, entry.due_at)
    if entry.state not in (OutboxState.PLANNED, OutboxState.HELD) or entry.kind in ASKED or is_exempt(entry):
        return None
    opens = next_allowed(at, rules.attention)
    if opens == at or (entry.late_until is not None and entry.late_until < opens):
        return None
    return opens


def is_exempt(entry: Entry) -> bool:
    """Whether a moderator asked for it all the same, or it cannot wait for an allowed hour."""
    payload = entry.payload or {}
    return bool(payload.get("asked") or payload.get("urgent"))
