"""What one member is told now in private, of what is due: checked against the record, worded, said at once.

Whether they still follow it, and may still see it, is looked at here and nowhere before: who belongs
where changes by the hour, and what was planned knows nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.model import Atrium
from handlers.posts.personal import personal_cancellation, personal_change, personal_reminder
from handlers.reply import Reply
from scheduler import personal
from scheduler.look import COMING, Look, Outgoing, is_exempt, put_off, skipped
from scheduler.moments import offset_of
from scheduler.personal import (
    PERSONAL_CANCELLATION,
    PERSONAL_CHANGE,
    PERSONAL_REMINDER,
    reminders,
)
from scheduler.port import Post
from scheduler.saying import PRACTICAL_WITHIN
from scheduler.telling import AFTER_NOTICE, HAS_BEGUN, IS_OFF, NOT_PLANNED, NOTHING_TO_TELL
from store import belonging, claims, outbox, precedents, replanning, subscriptions
from store.belonging import FRESH_FOR
from store.codec import load
from store.outbox import Entry
from store.settlements import Settlement
from store.subscriptions import Subscriber

NOT_REACHED = "reden.geen privebericht"
NOT_FOLLOWED = "reden.volgt niet meer"
NOT_THEIRS = "reden.mag niet zien"

#: How soon is looked again where nobody can say now whether a member still belongs somewhere.
LOOK_AGAIN = dt.timedelta(minutes=10)

#: What is said first, of what is due together.
_ORDER = (PERSONAL_CANCELLATION, PERSONAL_CHANGE, PERSONAL_REMINDER)


@dataclass(kw_only=True, slots=True)
class TellingMember:
    """The last look at what is due to one member on one platform."""

    view: Look
    member_id: int
    platform: str
    _reads: frozenset[str] | None = field(default=None)

    def tell(self, owed: Sequence[Entry]) -> list[Outgoing]:
        """The posts that leave now: one for each kind, whatever it is about."""
        member = self._member()
        if member is None:
            self.view.settle(owed, skipped(NOT_REACHED))
            return []
        worth: dict[str, list[Entry]] = {}
        for entry in [*owed, *self._due_besides(owed)]:
            stay = self.view.stay(entry) or self._stay(entry, member)
            if stay is None:
                worth.setdefault(entry.kind, []).append(entry)
            else:
                self.view.settle([entry], stay)
        return [
            outgoing for kind in _ORDER if kind in worth for outgoing in self._outgoing(worth[kind], member)
        ]

    def worded(self, entries: Sequence[Entry]) -> Reply | None:
        """The one post that says all of these, which are of one kind; None: there is nothing to say."""
        atria = {
            atrium.uid: atrium
            for each in entries
            if (atrium := self.view.atrium(each.atrium_uid)) is not None
        }
        match entries[0].kind:
            case personal.PERSONAL_CHANGE:
                pairs = [
                    (before, atria[each.atrium_uid])
                    for each in entries
                    if each.atrium_uid in atria and (before := _before(each)) is not None
                ]
                return personal_change(pairs, self.view.now)
            case personal.PERSONAL_CANCELLATION:
                return personal_cancellation(list(atria.values()), self.view.now)
            case personal.PERSONAL_REMINDER:
                near = {
                    each.atrium_uid
                    for each in entries
                    if each.atrium_uid and each.offset and offset_of(each.offset) <= PRACTICAL_WITHIN
                }
                return personal_reminder(list(atria.values()), self.view.now, near)
            case kind:
                raise ValueError(f"there are no words for a post of kind {kind!r} to a member")

    # --- checks ------------------------------------------------------------------------------------

    def _member(self) -> Subscriber | None:
        """The member, where this platform still knows them and lets the bot write to them."""
        capabilities = self.view.capabilities.get(self.platform)
        if capabilities is None or not capabilities.direct_messages:
            return None
        return subscriptions.find_subscriber(self.view.session, self.member_id, [self.platform])

    def _stay(self, entry: Entry, member: Subscriber) -> Settlement | None:
        """Why one of these is not said now."""
        atrium = self.view.atrium(entry.atrium_uid)
        if atrium is None or atrium.is_cancelled is not (entry.kind == PERSONAL_CANCELLATION):
            return skipped(IS_OFF)
        if atrium.starts_at <= self.view.now:
            return skipped(HAS_BEGUN)
        before = _before(entry)
        if not member.wants(atrium) and not (before is not None and member.wants(before)):
            return skipped(NOT_FOLLOWED)
        hidden = self._hidden(atrium, entry)
        if hidden is not None or entry.kind != PERSONAL_REMINDER or is_exempt(entry):
            return hidden
        notice = self._coming_change(atrium)
        if notice is not None and notice.due_at > self.view.now:
            return put_off(notice.due_at + AFTER_NOTICE)
        return self._moved(entry, atrium, member)

    def _hidden(self, atrium: Atrium, entry: Entry) -> Settlement | None:
        """Whether the member may not see it; where that cannot be said now, it waits while it is of use."""
        if atrium.is_public or not atrium.visibility.isdisjoint(self._belongs_to()):
            return None
        again = self.view.now + LOOK_AGAIN
        known = [belonging.fresh_at(self.view.session, key) for key in atrium.visibility]
        stale = any(each is not None and each < self.view.now - FRESH_FOR for each in known)
        if stale and (entry.late_until is None or again <= entry.late_until):
            return put_off(again)
        return skipped(NOT_THEIRS)

    def _belongs_to(self) -> frozenset[str]:
        if self._reads is None:
            since = self.view.now - FRESH_FOR
            self._reads = belonging.joined_by_member(self.view.session, self.member_id, since)
        return self._reads

    def _coming_change(self, atrium: Atrium) -> Entry | None:
        """A change of this atrium that the member is yet to hear of."""
        notices = outbox.entries_of(self.view.session, atrium.uid, (PERSONAL_CHANGE,))
        mine = (each for each in notices if each.member_id == self.member_id and each.state in COMING)
        return next(mine, None)

    def _moved(self, entry: Entry, atrium: Atrium, member: Subscriber) -> Settlement | None:
        """Whether the moment is another one since it was planned, or none of the member's any more."""
        owed = {
            offset: (due_at, late_until)
            for offset, due_at, late_until in reminders(atrium, member.reminders, self.view.rules)
        }
        found = owed.get(entry.offset or "")
        if found is None:
            return skipped(NOT_PLANNED)
        due_at, late_until = found
        if due_at > self.view.now:
            return put_off(due_at, late_until)
        return skipped(replanning.MOVED_TO_THE_PAST) if late_until < self.view.now else None

    # --- pieces --------------------------------------------------------------------------------------

    def _due_besides(self, owed: Sequence[Entry]) -> list[Entry]:
        """What is due to this member as well and was not claimed with it, so that it is one message."""
        kinds = {each.kind for each in owed}
        due = precedents.due_to(self.view.session, self.member_id, self.platform, kinds, self.view.now)
        return claims.claim_ahead(self.view.session, self.view.holder, due) if due else []

    def _outgoing(self, entries: Sequence[Entry], member: Subscriber) -> list[Outgoing]:
        reply = self.worded(entries)
        if reply is None:
            self.view.settle(entries, skipped(NOTHING_TO_TELL))
            return []
        lead, *followers = entries
        post = Post(key=lead.key, kind=lead.kind, member=member.external_id, reply=reply)
        for follower in followers:
            payload = dict(follower.payload or {}) | {"with": post.key}
            claims.keep_payload(self.view.session, follower, payload)
        return [Outgoing(post=post, entries=tuple(entries))]


def _before(entry: Entry) -> Atrium | None:
    """The atrium before the first edit that a notice tells of."""
    before = (entry.payload or {}).get("before")
    return load(Atrium, before) if before else None
