"""What moderators decided on single posts of a planned announcement: it survives that they are owed anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from handlers.model import Atrium
from scheduler.plan import ANNOUNCEMENT
from store import outbox, post_acts
from store.announcements import Announcement
from store.outbox import Entry
from store.states import OutboxState

Decision = Mapping[str, Any]


def decisions_on(
    announcement: Announcement, entries: Sequence[Entry], *, moment_stays: bool = True
) -> list[Decision]:
    """What was decided on these posts of an announcement: held, struck, or moved to a moment of its own.

    Args:
        moment_stays: the announcement keeps its moment; with another one no post has a moment of its own.
    """
    places = dict(zip(announcement.atria, announcement.drafts, strict=False))
    found: list[Decision] = []
    for entry in entries:
        decision: dict[str, Any] = {}
        if entry.state in (OutboxState.HELD, OutboxState.SKIPPED):
            decision |= {"state": entry.state.value, "reason": entry.reason}
        if moment_stays and is_moved(announcement, entry):
            decision["due_at"] = entry.due_at.isoformat()
        if decision and entry.atrium_uid in places:
            municipality = places[entry.atrium_uid].municipality
            found.append({"municipality": municipality, "community": entry.community_key, **decision})
    return found


def is_moved(announcement: Announcement, entry: Entry) -> bool:
    """Whether a moderator gave this post another moment than its announcement has."""
    return announcement.publish_at is not None and entry.due_at != announcement.publish_at


def without_moments(decisions: Sequence[Decision]) -> list[Decision]:
    """What stays decided when the announcement gets another moment."""
    kept = ({name: value for name, value in each.items() if name != "due_at"} for each in decisions)
    return [each for each in kept if "state" in each]


def apply(session: Session, announcement: Announcement, atria: Sequence[Atrium], now: dt.datetime) -> None:
    """Decide the same again on the posts that these atria owe now. `now` is aware UTC."""
    for atrium in atria:
        for entry in outbox.entries_of(session, atrium.uid, (ANNOUNCEMENT,)):
            for decision in _about(announcement, atrium, entry):
                _decide(session, entry, decision, now)


def _about(announcement: Announcement, atrium: Atrium, entry: Entry) -> Iterator[Decision]:
    """What was decided on the post of this place in this community; a place among others goes by its name."""
    for each in announcement.decisions:
        is_here = len(announcement.drafts) == 1 or each["municipality"] == atrium.municipality
        if each["community"] == entry.community_key and is_here:
            yield each


def _decide(session: Session, entry: Entry, decision: Decision, now: dt.datetime) -> None:
    if entry.state is not OutboxState.PLANNED:
        return
    due_at = dt.datetime.fromisoformat(decision["due_at"]) if "due_at" in decision else None
    if due_at is not None and due_at > now:
        post_acts.move(session, entry.id, due_at, now)
    match decision.get("state"):
        case OutboxState.HELD.value:
            post_acts.hold(session, entry.id, now)
        case OutboxState.SKIPPED.value:
            post_acts.skip(session, entry.id, now, decision["reason"])
