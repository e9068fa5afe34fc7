"""How an announcement is kept, compared and told of: shared by every act on it."""

from __future__ import annotations

from typing import Any

from bot.acting import Acting
from bot.outcomes import Conflict, Outcome, Saved
from handlers.moderation.form import Checked, Values
from handlers.moderation.form_text import label_of, shown
from handlers.moderation.lifecycle import STATE_NAMES, Act, State
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, local_day, long_date
from store import announcements
from store.announcements import Announcement
from store.codec import dump

#: What the audit calls an edit that took an agreement away.
APPROVAL_UNDONE = "announcement save, approval undone"


def move(by: Acting, current: Announcement, act: Act, **values: Any) -> Outcome:
    """Keep a step with an announcement as it was seen, and audit it."""
    if not announcements.amend(by.session, current.id, current.version, by.now, **values):
        return conflict_with(announcements.get_announcement(by.session, current.id), None)
    write(by, current, act)
    after = announcements.get_announcement(by.session, current.id)
    return Saved(announcement=after, note=note_on(after))


def write(by: Acting, before: Announcement, act: Act) -> None:
    """Audit one step with an announcement."""
    after = announcements.get_announcement(by.session, before.id)
    was = None if after.version == 1 else account(before)
    is_undone = act is Act.SAVE and before.approver is not None and after.approver is None
    action = APPROVAL_UNDONE if is_undone else f"announcement {act.value}"
    by.write(action, f"announcement:{after.id}", before=was, after=account(after))


def account(announcement: Announcement) -> dict[str, Any]:
    """An announcement as the audit keeps it."""
    return {
        "state": announcement.state.value,
        "version": announcement.version,
        "communities": sorted(announcement.communities),
        "publish_at": announcement.publish_at.isoformat() if announcement.publish_at else None,
        "drafts": [dump(each) for each in announcement.drafts],
        "reason": announcement.reason,
    }


def note_on(announcement: Announcement) -> str:
    """What became of it, in a sentence."""
    at = announcement.publish_at
    if announcement.state is State.SCHEDULED and at is not None:
        return say("aankondiging.gepland", dag=long_date(local_day(at)), uur=clock_text(at))
    if announcement.state is State.AWAITING_APPROVAL:
        return say("aankondiging.goed te keuren")
    if announcement.state is State.POSTING:
        return say("aankondiging.vertrekt")
    if announcement.state is State.DRAFT:
        return say("aankondiging.is ontwerp")
    return say("aankondiging.toestand", toestand=STATE_NAMES[announcement.state])


def kept_of(checked: Checked) -> dict[str, Any]:
    """What of a form is kept."""
    return {
        "drafts": checked.drafts,
        "typed": checked.values,
        "communities": checked.communities,
        "publish_at": checked.publish_at,
    }


def conflict_with(theirs: Announcement, mine: Checked | None) -> Conflict:
    """That it was changed in the meantime: by whom, what, and what was typed here."""
    return Conflict(
        theirs=theirs,
        mine=mine.values if mine else theirs.typed,
        who=theirs.editor_name or say("moderatie.een andere moderator"),
        at=theirs.updated_at,
        changed=differences(mine.values, theirs.typed) if mine else (),
    )


def differences(mine: Values, theirs: Values) -> tuple[str, ...]:
    """What stands otherwise, one Dutch line for each field."""
    names = [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
    return tuple(
        f"{label_of(name)}: {shown(name, theirs.get(name))} (jij: {shown(name, mine.get(name))})"
        for name in names
    )
