"""What would be posted where if atria were called off now: done to the letter, and undone at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.acting import Acting
from bot.announced_atria import AnnouncedAtria
from handlers.model import Community
from handlers.reply import Reply
from handlers.wording.catalogue import worded
from scheduler.look import Look
from scheduler.plan import CANCELLATION, EDIT
from scheduler.port import Capabilities
from scheduler.rules import Rules
from scheduler.telling import Telling
from store import outbox
from store.communities import list_communities
from store.outbox import Entry
from store.states import OutboxState
from store.texts import changed_texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What one community would read, in one thread or apart; `at` is aware UTC of when."""

    community: Community
    reply: Reply
    at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CalledOff:
    """What calling off comes to.

    Attributes:
        uids: the atria that would be cancelled; those that are so already, or began, are not among them.
        notices: what would be posted.
        edited: the communities where the post that told of it would be changed.
    """

    uids: tuple[str, ...]
    notices: tuple[Notice, ...]
    edited: tuple[Community, ...] = ()


def called_off(
    by: Acting,
    atria: AnnouncedAtria,
    uids: Collection[str],
    rules: Rules,
    capabilities: Mapping[str, Capabilities],
) -> CalledOff:
    """Cancel these atria, look at what that owes, and undo it; needs a session that may write."""
    with by.session.begin_nested() as tried:
        cancelled = tuple(uid for uid in uids if atria.cancel(by, uid))
        owed = [
            each
            for uid in cancelled
            for each in outbox.entries_of(by.session, uid, (CANCELLATION, EDIT))
            if each.state is OutboxState.PLANNED
        ]
        found = CalledOff(
            uids=cancelled,
            notices=tuple(_notices(by, owed, rules, capabilities)),
            edited=tuple(
                one
                for one in list_communities(by.session)
                if capabilities.get(one.platform, Capabilities()).edit
                and any(each.kind == EDIT and each.community_key == one.key for each in owed)
            ),
        )
        tried.rollback()
    return found


def _notices(
    by: Acting, owed: Sequence[Entry], rules: Rules, capabilities: Mapping[str, Capabilities]
) -> list[Notice]:
    """What is owed at one moment in one thread is one post, as when it leaves."""
    groups: dict[tuple[str, str | None, dt.datetime], list[Entry]] = {}
    for each in owed:
        if each.kind == CANCELLATION:
            groups.setdefault((each.community_key or "", each.thread, each.due_at), []).append(each)
    known = {one.key: one for one in list_communities(by.session)}
    found = []
    for (key, _, at), entries in groups.items():
        community = known.get(key)
        if community is None:
            continue
        view = Look(
            session=by.session, rules=rules, now=max(by.now, at), holder="", capabilities=dict(capabilities)
        )
        with worded(changed_texts(by.session)):
            reply = Telling(view=view, community=community).worded(entries)
        if reply is not None:
            found.append(Notice(community=community, reply=reply, at=max(by.now, at)))
    return found
