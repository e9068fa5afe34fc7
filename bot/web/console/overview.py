"""The first page: what needs somebody today, and what this week brings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from fastapi import Response

from bot.acting import Acting
from bot.web.console import handed_in
from bot.web.console.agenda import line_of as atrium_line
from bot.web.console.announcements import lines_of as announcement_lines
from bot.web.console.gate import Gate
from bot.web.console.outbox import STANDING, TROUBLED
from bot.web.console.post_view import Posts
from bot.web.console.questions import whose
from bot.web.console.visit import PLACE, Visit
from handlers.model import BRUSSELS, Query
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.lifecycle import Act, State
from handlers.wording.dates import local_day, long_date
from scheduler.plan import ANSWER
from store import outbox, questions
from store.agenda import StoredAgenda
from store.communities import is_paused

WEEK = dt.timedelta(days=7)

#: How much of each the overview shows; the rest is one link further.
FEW = 5

#: Posts that are looked through for what went wrong.
MOST_TROUBLED = 50

#: Posts of this week that are looked through: the places of one programme make one line.
MOST_PLANNED = 30


def register(gate: Gate) -> None:
    gate.page("/beheer", _overview)


def _overview(visit: Visit) -> Response:
    now = visit.now
    today = dt.datetime.combine(local_day(now), dt.time(), BRUSSELS).astimezone(dt.UTC)
    week = Query(begins_from=today, begins_before=today + WEEK, visible_to=visit.reads)
    with visit.desk.web.store.reading() as session:
        agenda = StoredAgenda(session)
        coming = agenda.upcoming(replace(week, limit=12))
        posts = Posts(visit, session)
        troubled = posts.lines(
            outbox.entries(session, TROUBLED, not_kinds=(ANSWER,), limit=MOST_TROUBLED, newest_first=True)
        )
        planned = posts.lines(
            outbox.entries(session, STANDING, due_before=now + WEEK, not_kinds=(ANSWER,), limit=MOST_PLANNED)
        )
        waiting = questions.count_open(session, whose(visit))
        asked = questions.open_questions(session, whose(visit), 3)
        handed = handed_in.seen(session, visit, (ContributionState.NIEUW,), FEW + 1)
        opened = visit.desk.setup.announcing.list_announcements(
            session, visit.person, now, (State.AWAITING_APPROVAL, State.DRAFT, State.SCHEDULED), 50
        )
        lines = announcement_lines(opened, visit, session)
        by = Acting(session=session, person=visit.person, place=PLACE, now=now)
        mine = {each.id for each in opened if by.refusal(each, Act.APPROVE) is None}
        paused = is_paused(session, None)
    return visit.page(
        "overzicht.html",
        today=long_date(local_day(now)),
        coming=[atrium_line(each, now) for each in coming],
        troubled=troubled,
        planned=planned,
        few=FEW,
        waiting=waiting,
        asked=asked,
        handed=handed,
        approvals=[each for each in lines if each.id in mine],
        others=[each for each in lines if each.state is State.AWAITING_APPROVAL and each.id not in mine],
        drafts=[each for each in lines if each.state is State.DRAFT],
        scheduled=[each for each in lines if each.state is State.SCHEDULED],
        all_paused=paused,
        paused=[one for one in visit.communities if one.paused],
    )
