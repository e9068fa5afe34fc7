"""Who did what with an announcement, and when, in the words of a moderator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot.announcement_record import APPROVAL_UNDONE
from bot.web.console.agenda import moment
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised
from store.announcements import Announcement
from store.audit import AuditEntry

#: Which text says that somebody did something with an announcement, by the act of the audit.
DID: Mapping[str, str] = {
    "announcement save": "beheer aankondiging.gewijzigd door",
    APPROVAL_UNDONE: "beheer aankondiging.gewijzigd zonder goedkeuring door",
    "announcement submit": "beheer aankondiging.voorgelegd door",
    "announcement approve": "beheer aankondiging.goedgekeurd door",
    "announcement reject": "beheer aankondiging.teruggestuurd door",
    "announcement schedule": "beheer aankondiging.gepland door",
    "announcement publish": "beheer aankondiging.geplaatst door",
    "announcement retract": "beheer aankondiging.ingetrokken door",
    "announcement retry": "beheer aankondiging.opnieuw geprobeerd door",
    "announcement begin": "beheer aankondiging.vertrokken door",
    "announcement settle": "beheer aankondiging.afgerond door",
    "announced": "beheer aankondiging.in de agenda gezet door",
    "changed": "beheer aankondiging.atrium gewijzigd door",
    "cancelled": "beheer aankondiging.atrium geannuleerd door",
}


def last_told(announcement: Announcement, act: AuditEntry | None, now: dt.datetime) -> str:
    """ "Ingetrokken door Bob Claes, ma 23 november, 9.00 u."; of one that nobody touched, who made it."""
    if act is None or act.before is None:
        who = announcement.author_name or say("beheer aankondiging.wie onbekend")
        made = say("beheer aankondiging.gemaakt door", wie=who)
        return f"{made}, {moment(announcement.created_at, now)}"
    did = say(DID.get(act.action, DID["announcement save"]), wie=act.actor_name or act.actor)
    return f"{did}, {moment(act.at, now)}"


def history_line(act: AuditEntry, now: dt.datetime) -> tuple[str, str]:
    """When, and what was done by whom."""
    is_bot = act.actor.startswith("bot:")
    who = say("beheer aankondiging.de bot") if is_bot else act.actor_name or act.actor
    if act.action == "announcement save" and act.before is None:
        told = say("beheer aankondiging.gemaakt door", wie=who)
    elif act.action in DID:
        told = say(DID[act.action], wie=who)
    else:
        told = say("beheer aankondiging.iets anders door", wat=capitalised(act.action), wie=who)
    return moment(act.at, now), told
