"""What would be posted where if atria were changed or called off: done to the letter, and undone at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.acting import Acting
from bot.announced_atria import AnnouncedAtria
from handlers.context import Heard
from handlers.model import Atrium, Community
from handlers.reply import Reply
from handlers.wording.catalogue import worded
from scheduler.look import Look
from scheduler.plan import CANCELLATION, CHANGE, EDIT
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
class Foretold:
    """What a change comes to.

    Attributes:
        notices: what would be posted.
        edited: the communities where the post that told of it would be changed.
    """

    notices: tuple[Notice, ...]
    edited: tuple[Community, ...] = ()

    def heard(self) -> Heard:
        """The same, for a sentence that says when it is said where."""
        return Heard(
            notices=tuple((each.community.name, each.at) for each in self.notices),
            edited=tuple(one.name for one in self.edited),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CalledOff(Foretold):
    """What calling off comes to; `uids` are the atria that would be cancelled.

    Those that are so already, or began, are not among them.
    """

    uids: tuple[str, ...]


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
        comes = to_be_told(by, cancelled, rules, capabilities)
        tried.rollback()
    return CalledOff(uids=cancelled, notices=comes.notices, edited=comes.edited)


def foretold(
    by: Acting,
    atria: AnnouncedAtria,
    before: Atrium,
    after: Atrium,
    rules: Rules,
    capabilities: Mapping[str, Capabilities],
) -> Foretold:
    """Change an atrium, look at what that owes, and undo it; needs a session that may write."""
    with by.session.begin_nested() as tried:
        atria.change(by, before, after)
        found = to_be_told(by, [after.uid], rules, capabilities)
        tried.rollback()
    return found


def to_be_told(
    by: Acting, uids: Collection[str], rules: Rules, capabilities: Mapping[str, Capabilities]
) -> Foretold:
    """The notices and edits that are planned for these atria, as they stand now."""
    owed = [
        each
        for uid in uids
        for each in outbox.entries_of(by.session, uid, (CHANGE, CANCELLATION, EDIT))
        if each.state is OutboxState.PLANNED
    ]
    return Foretold(
        notices=tuple(_notices(by, owed, rules, capabilities)),
        edited=tuple(
            one
            for one in list_communities(by.session)
            if capabilities.get(one.platform, Capabilities()).edit
            and any(each.kind == EDIT and each.community_key == one.key for each in owed)
        ),
    )


def _notices(
    by: Acting, owed: Sequence[Entry], rules: Rules, capabilities: Mapping[str, Capabilities]
) -> list[Notice]:
    """What is owed at one moment in one thread is one post, as when it leaves."""
    groups: dict[tuple[str, str, str | None, dt.datetime], list[Entry]] = {}
    for each in owed:
        if each.kind != EDIT:
            key = (each.community_key or "", each.kind, each.thread, each.due_at)
            groups.setdefault(key, []).append(each)
    known = {one.key: one for one in list_communities(by.session)}
    found = []
    for (community_key, _, _, at), entries in groups.items():
        community = known.get(community_key)
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
