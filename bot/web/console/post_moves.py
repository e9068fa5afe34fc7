"""What to mind before a post is moved to another moment: said first, so that nobody is surprised."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers.model import Atrium
from handlers.moderation.moments_of_posting import moment_text
from handlers.wording.catalogue import say
from handlers.wording.dates import local_day, long_date
from scheduler import publishing
from scheduler.moments import next_allowed
from scheduler.plan import ANNOUNCEMENT, DEADLINE, THANKS
from scheduler.preview import pending_of
from scheduler.quiet_hours import why_not_then
from scheduler.rules import Rules
from store.agenda import find_atrium
from store.outbox import Entry


def why_not_moved(session: Session, entry: Entry, at: dt.datetime) -> str | None:
    """Why a post would say nothing at this moment (aware UTC); None when it would."""
    atrium = _about(session, entry)
    if atrium is None or entry.kind == THANKS:
        return None
    if at >= atrium.starts_at:
        return say("beheer bericht.al begonnen", moment=moment_text(atrium.starts_at))
    until = atrium.registration_until
    if entry.kind == DEADLINE and until is not None and until < local_day(at):
        return say("beheer bericht.inschrijven voorbij", dag=long_date(until))
    return None


def to_mind(session: Session, entry: Entry, at: dt.datetime, rules: Rules) -> list[str]:
    """What to mind of this moment (aware UTC); none of it stops anything."""
    found = []
    if reason := why_not_then(at, rules.attention):
        then = moment_text(next_allowed(at, rules.attention))
        leaves = (
            say("beheer bericht.aankondiging vertrekt toch")
            if entry.kind == ANNOUNCEMENT
            else say("beheer bericht.bericht wacht", moment=then)
        )
        found.append(f"{reason} {leaves}")
    atrium = _about(session, entry)
    until = atrium.registration_until if atrium else None
    if until is not None and until < local_day(at) and entry.kind != THANKS:
        found.append(say("beheer bericht.inschrijfdag voorbij", dag=long_date(until)))
    return found


def _about(session: Session, entry: Entry) -> Atrium | None:
    """The atrium of a post, also while it is only planned to be announced."""
    atrium = find_atrium(session, entry.atrium_uid) if entry.atrium_uid else None
    if atrium is not None or entry.atrium_uid is None:
        return atrium
    pending = pending_of(session, entry)
    if pending is None:
        return None
    atria = publishing.atria_of(session, pending, entry.due_at)
    return next((each for each in atria if each.uid == entry.atrium_uid), None)
