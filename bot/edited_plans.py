"""What an edit does to an announcement that was planned or agreed to: does it say otherwise, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.announcement_record import note_on
from handlers.model import AtriumDraft, Community
from handlers.moderation.lifecycle import State
from handlers.moderation.moments_of_posting import moment_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration
from store.announcements import Announcement
from store.states import OutboxState


def says_otherwise(current: Announcement, kept: Mapping[str, Any]) -> bool:
    """Whether other words, places, days or communities are kept than whoever agreed read."""
    said = [_bare(each) for each in current.drafts]
    return said != [_bare(each) for each in kept["drafts"]] or current.communities != frozenset(
        kept["communities"]
    )


def _bare(draft: AtriumDraft) -> AtriumDraft:
    """A draft as it is read: not what was left open, and not where it goes, which is compared by itself."""
    return replace(draft, open_fields=frozenset(), communities=())


def edited_note(
    before: Announcement, after: Announcement, communities: Collection[Community], *, follow: bool
) -> str:
    """What became of it, and of what was decided on it before.

    Args:
        follow: posts that had been moved follow the new moment of the announcement.
    """
    asks_again = before.state is State.SCHEDULED and after.state is State.AWAITING_APPROVAL
    told = [say("aankondiging.opnieuw goed te keuren") if asks_again else note_on(after)]
    if asks_again and after.writer != after.author and after.author_name:
        told.append(say("aankondiging.ook de maker", wie=after.author_name))
    if before.approver and not after.approver and not asks_again:
        told.append(say("aankondiging.goedkeuring gold", wie=before.approver_name or before.approver))
    told += decisions_text(after, communities)
    if follow:
        told.append(say("aankondiging.verplaatste volgen"))
    return " ".join(told)


def decisions_text(announcement: Announcement, communities: Collection[Community]) -> list[str]:
    """What stays decided on single posts, in sentences."""
    names = {one.key: one.name for one in communities}
    told = []
    for state, name in (
        (OutboxState.HELD, "aankondiging.blijft tegengehouden"),
        (OutboxState.SKIPPED, "aankondiging.blijft geschrapt"),
    ):
        keys = [each["community"] for each in announcement.decisions if each.get("state") == state.value]
        if keys:
            where = enumeration(list(dict.fromkeys(names.get(key, key) for key in keys)))
            told.append(say(name, communities=where))
    moved = {(each["community"], each["due_at"]): None for each in announcement.decisions if "due_at" in each}
    for key, at in moved:
        moment = moment_text(dt.datetime.fromisoformat(at))
        told.append(say("aankondiging.blijft verplaatst", community=names.get(key, key), moment=moment))
    return told
