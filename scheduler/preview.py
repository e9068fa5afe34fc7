"""What is planned, as it will read: for moderators who look before it is said."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from handlers.context import PlannedPost
from handlers.moderation.lifecycle import State
from handlers.reply import Reply
from handlers.wording.catalogue import say, worded
from handlers.wording.reasons import reason_text
from scheduler.changes import replan_all
from scheduler.editing import GONE, ONLY_WORDS, TOLD_BELOW
from scheduler.look import Look, waits_until
from scheduler.personal import PERSONAL
from scheduler.plan import ANNOUNCEMENT, ANSWER, DIGEST
from scheduler.port import Capabilities
from scheduler.rules import Rules
from scheduler.simulation import Posted, play, private_copy
from scheduler.telling import NOTHING_TO_TELL, Telling
from scheduler.telling_member import TellingMember
from scheduler.window import CALLED_OFF, UNDONE
from store import announcements, outbox
from store.agenda import find_atrium
from store.announcements import Announcement
from store.codec import load
from store.communities import list_communities
from store.engine import Store
from store.outbox import Entry
from store.replanning import PLAN_REASONS
from store.states import OutboxState
from store.texts import changed_texts

#: How far back the outbox counts: a week's budget and the last overview lie within it.
LOOK_BACK = dt.timedelta(days=15)

#: What will be said, unless somebody decides otherwise; and what was not, or nobody knows.
STANDING = (OutboxState.PLANNED, OutboxState.HELD)
STRANDED = (OutboxState.FAILED, OutboxState.SKIPPED, OutboxState.AMBIGUOUS)

#: The most posts of a community that are looked through for what did not go out.
MOST_STRANDED = 500

#: Why a post was rightly not made, which no moderator needs to hear.
ROUTINE = PLAN_REASONS | {UNDONE, CALLED_OFF, NOTHING_TO_TELL, GONE, ONLY_WORDS, TOLD_BELOW}


async def preview(store: Store, rules: Rules, now: dt.datetime, days: int) -> list[Posted]:
    """What is planned for the next days, worded as it will be if nothing changes until then.

    Counts what was said already, and leaves out what a moderator holds or skipped. `now` is aware UTC.
    """
    # The work of a second, so not on the loop on which the bot answers.
    return await asyncio.to_thread(lambda: asyncio.run(_played(store, rules, now, days)))


async def _played(store: Store, rules: Rules, now: dt.datetime, days: int) -> list[Posted]:
    with store.reading() as session:
        copy = private_copy(session, with_outbox_since=now - LOOK_BACK)
    try:
        replan_all(copy, rules, now)
        return await play(copy, rules, now, now + dt.timedelta(days=days))
    finally:
        copy.close()


def texts_of(session: Session, entries: Sequence[Entry], rules: Rules, now: dt.datetime) -> dict[int, str]:
    """For each post its own text, as `replies_of` has it."""
    return {number: reply.plain_text() for number, reply in replies_of(session, entries, rules, now).items()}


def replies_of(
    session: Session, entries: Sequence[Entry], rules: Rules, now: dt.datetime
) -> dict[int, Reply]:
    """For each post what it says when it leaves or, when its moment is past, at `now` (aware UTC).

    What is said together with others is shown apart. A post that would say nothing has no text.
    """
    known = {each.key: each for each in list_communities(session)}
    changed = changed_texts(session)
    replies = {}
    for entry in entries:
        community = known.get(entry.community_key or "")
        reply: Reply | None = None
        if entry.kind == ANSWER:
            payload = entry.payload or {}
            reply = load(Reply, payload["reply"]) if "reply" in payload else None
        else:
            view = Look(
                session=session,
                rules=rules,
                now=waits_until(entry, now, rules) or max(now, entry.due_at),
                holder="",
                capabilities={entry.platform: Capabilities(edit=True)},
            )
            with worded(changed):
                if community is not None:
                    reply = Telling(view=view, community=community).worded([entry])
                elif entry.kind in PERSONAL and entry.member_id is not None:
                    member = TellingMember(view=view, member_id=entry.member_id, platform=entry.platform)
                    reply = member.worded([entry])
        if reply is not None:
            replies[entry.id] = reply
    return replies


def reply_together(
    session: Session, entries: Sequence[Entry], rules: Rules, now: dt.datetime
) -> Reply | None:
    """What one post says of all of these, which are due at one moment in one community; None is nothing.

    `now` (aware UTC) counts where that moment is past.
    """
    first = entries[0]
    known = {each.key: each for each in list_communities(session)}
    community = known.get(first.community_key or "")
    if community is None:
        return None
    view = Look(
        session=session,
        rules=rules,
        now=waits_until(first, now, rules) or max(now, first.due_at),
        holder="",
        capabilities={first.platform: Capabilities(edit=True)},
    )
    with worded(changed_texts(session)):
        return Telling(view=view, community=community).worded(entries)


class StoredOutbox:
    """Fulfils `handlers.context.Outbox`: what moderators ask of the posts that the bot owes.

    Nothing is read before it is asked, so a conversation that asks nothing of it pays nothing.
    """

    def __init__(self, session: Session, rules: Rules, now: dt.datetime) -> None:
        self._session, self._rules, self._now = session, rules, now

    def planned(
        self, communities: Collection[str], until: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        """What is planned or held in these communities before `until`, by moment; silent posts left out."""
        found = [
            entry
            for key in communities
            for entry in outbox.entries(self._session, STANDING, key, due_before=until)
            if entry.kind != ANSWER
        ]
        found.sort(key=lambda each: (each.due_at, each.id))
        return [post for post in self._posts(found, visible_to) if post.holds]

    def unsent(
        self, communities: Collection[str], since: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        """What was due since then and stayed behind, newest first; what the plan itself took back is not."""
        found = [
            entry
            for key in communities
            for entry in outbox.entries(self._session, STRANDED, key, newest_first=True, limit=MOST_STRANDED)
            if entry.due_at >= since and entry.kind != ANSWER and entry.reason not in ROUTINE
        ]
        found.sort(key=lambda each: (each.due_at, each.id), reverse=True)
        return self._posts(found, visible_to)

    def find(self, number: int, visible_to: frozenset[str]) -> PlannedPost | None:
        """The post of this number; answers to members are nobody else's."""
        try:
            entry = outbox.get_entry(self._session, number)
        except outbox.UnknownPostError:
            return None
        if entry.kind == ANSWER or entry.community_key is None:
            return None
        return self._posts([entry], visible_to)[0]

    def _posts(self, entries: Sequence[Entry], visible_to: frozenset[str]) -> list[PlannedPost]:
        texts = texts_of(self._session, entries, self._rules, self._now)
        return [self._post(entry, texts.get(entry.id), visible_to) for entry in entries]

    def _post(self, entry: Entry, text: str | None, visible_to: frozenset[str]) -> PlannedPost:
        waiting = text is None and pending_of(self._session, entry)
        if waiting:
            return self._pending(entry, waiting)
        atrium = find_atrium(self._session, entry.atrium_uid) if entry.atrium_uid else None
        readable = atrium.is_visible_to(visible_to) if atrium else entry.community_key in visible_to
        shown = text or (atrium.title if atrium else "")
        if entry.kind == DIGEST:
            # That there is an overview may be known everywhere; what it names, only where it is read.
            readable, shown = True, shown.partition("\n")[0]
        return PlannedPost(
            id=entry.id,
            at=entry.due_at,
            community=entry.community_key or "",
            kind=entry.kind,
            text=shown if readable else "",
            state=entry.state.value,
            reason=reason_text(entry.reason) if entry.reason else None,
            atrium=entry.atrium_uid,
            atrium_kind=atrium.kind if atrium else None,
            place=atrium.municipality if atrium else None,
            region=atrium.region if atrium else None,
            holds=text is not None,
            leaves=waits_until(entry, self._now, self._rules) if entry.state is OutboxState.PLANNED else None,
            programme=atrium.programme_uid if atrium and readable else None,
        )

    def _pending(self, entry: Entry, announcement: Announcement) -> PlannedPost:
        """A planned announcement, which is in no agenda: where others read along it is a number."""
        first = announcement.drafts[0]
        return PlannedPost(
            id=entry.id,
            at=entry.due_at,
            community=entry.community_key or "",
            kind=entry.kind,
            text=say("sturen.aankondiging", nummer=str(announcement.id)),
            state=entry.state.value,
            reason=reason_text(entry.reason) if entry.reason else None,
            atrium=entry.atrium_uid,
            atrium_kind=first.kind,
            place=first.municipality,
            region=None,
            holds=True,
            programme=f"announcement {announcement.id}",
        )


def pending_of(session: Session, entry: Entry) -> Announcement | None:
    """The announcement that a post is of, while what it makes known is in no agenda yet."""
    if entry.kind != ANNOUNCEMENT or entry.atrium_uid is None:
        return None
    found = announcements.list_announcements(session, entry.atrium_uid, states=(State.SCHEDULED,))
    return found[0] if found else None
