"""Posts that were made already follow the agenda: edited where the platform can, else set right by a reply.

An edit is owed like any post. It says what the record holds when it is done, so doing it once
more changes nothing: after a crash it is simply done again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from handlers.model import Atrium, Community
from handlers.posts.edited import correction, edited, needs_words
from handlers.reply import Reply
from scheduler.look import Look, skipped
from scheduler.plan import (
    ANNOUNCEMENT,
    CANCELLATION,
    CHANGE,
    DEADLINE,
    EDIT,
    INVITATION,
    PRACTICAL,
    REMINDER,
    SAVE_THE_DATE,
)
from scheduler.port import Post
from store import outbox, precedents
from store.codec import load
from store.outbox import Entry
from store.settlements import Settlement
from store.states import OutboxState

#: What is edited. An overview is of its own week: the next one tells what changed.
EDITABLE = frozenset({ANNOUNCEMENT, SAVE_THE_DATE, INVITATION, REMINDER, DEADLINE, PRACTICAL, CHANGE})

NOTICES = (CHANGE, CANCELLATION)

GONE = "reden.vertelt niets meer"
TOLD_BELOW = "reden.rechtgezet"
ONLY_WORDS = "reden.alleen omschrijving"

#: Notices of the same change leave within so long of their edits.
TOGETHER = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One message that is there: the platform's id of it and of its thread."""

    message_id: str
    thread: str | None


def made_about(entries: Iterable[Entry], community: Community) -> list[Made]:
    """The messages of a community that told of an atrium by themselves, in the order of these entries."""
    found: dict[str, Made] = {}
    for each in entries:
        lead = str((each.payload or {}).get("with", each.key)).partition(":")[0]
        if (
            each.state is OutboxState.SENT
            and each.message_id
            and each.platform == community.platform
            and each.community_key == community.key
            and lead in EDITABLE
        ):
            found[each.message_id] = Made(message_id=each.message_id, thread=each.thread)
    return list(found.values())


def thread_for(entries: Collection[Entry], community: Community) -> str | None:
    """Where a community is told what became of an atrium: the thread of its announcement, else the last."""
    told = [
        each
        for each in entries
        if each.state is OutboxState.SENT
        and each.thread
        and each.platform == community.platform
        and each.community_key == community.key
    ]
    announced = [each for each in told if each.kind == ANNOUNCEMENT]
    last = max(announced or told, key=lambda each: (each.sent_at or each.due_at, each.id), default=None)
    return last.thread if last else None


def by_message(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The edits that are due, those of one message together."""
    groups: dict[str, list[Entry]] = {}
    for each in entries:
        groups.setdefault(str((each.payload or {}).get("message")), []).append(each)
    return list(groups.values())


def revision(
    view: Look,
    community: Community,
    due: Sequence[Entry],
    worded: Callable[[Sequence[Entry]], Reply | None],
) -> Post | Settlement:
    """What to post for the edits of one message, or why there is nothing to post.

    Args:
        due: the edits of that message that are due; more than one when several of its atria changed.
        worded: words what a message said, by the record as it is now.
    """
    lead = due[0]
    message = str((lead.payload or {}).get("message"))
    said = _said(view, community, message)
    atria = [atrium for each in said if (atrium := view.atrium(each.atrium_uid))]
    off = list({each.uid: each for each in atria if each.is_cancelled and each.starts_at > view.now}.values())
    if not said or not any(each.starts_at > view.now for each in atria):
        return skipped(GONE)
    post = worded(said)
    if view.capabilities[community.platform].edit:
        reply, edits = edited(post, off, view.now), message
    else:
        spared = _spared(view, community, due)
        if spared is not None:
            return skipped(spared)
        reply, edits = correction(post, off, view.now), None
    if reply is None:
        return skipped(GONE)
    return Post(
        key=lead.key, kind=EDIT, community=community, thread=lead.thread, reply=reply, edits=edits, ref=None
    )


def _said(view: Look, community: Community, message: str) -> list[Entry]:
    """What one message said of atria that may still be seen here; the entry that led it first."""
    here = frozenset({community.key})
    said = [
        each
        for each in precedents.said_in(view.session, community.key, message)
        if each.kind in EDITABLE
        and (atrium := view.atrium(each.atrium_uid)) is not None
        and atrium.is_visible_to(here)
    ]
    return sorted(said, key=lambda each: "with" in (each.payload or {}))


def _spared(view: Look, community: Community, due: Sequence[Entry]) -> str | None:
    """Why no correcting reply is needed; None when it is."""
    reasons = [_reason(view, community, each) for each in due]
    return reasons[0] if all(reasons) else None


def _reason(view: Look, community: Community, entry: Entry) -> str | None:
    after = view.atrium(entry.atrium_uid)
    if after is None:
        return GONE
    before = load(Atrium, (entry.payload or {})["before"])
    if not needs_words(before, after):
        return ONLY_WORDS
    others = outbox.entries_of(view.session, after.uid, (*NOTICES, EDIT))
    here = [each for each in others if each.community_key == community.key and each.thread == entry.thread]
    if any(_tells(each, entry) for each in here):
        return TOLD_BELOW
    return None


def _tells(other: Entry, entry: Entry) -> bool:
    """Whether another post in the same thread says the same: a notice, or an earlier correction."""
    if other.kind == EDIT and other.id >= entry.id:
        return False
    if other.state in (OutboxState.PLANNED, OutboxState.CLAIMED, OutboxState.AMBIGUOUS):
        return other.kind != EDIT or other.due_at == entry.due_at
    return other.state is OutboxState.SENT and (other.sent_at or other.due_at) >= entry.due_at - TOGETHER
