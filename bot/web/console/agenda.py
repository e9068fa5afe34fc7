"""The agenda in the console: the list with its filters, one atrium, and cancelling it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import HTTPException, Response

from bot.calling_off import CalledOff
from bot.web import paging
from bot.web.console.forms import Form, version_of
from bot.web.console.gate import Gate
from bot.web.console.previews import Drawn, drawn
from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from bot.web.filters import read_filters
from bot.web.listing import Item, item
from bot.web.pages import atrium_page
from handlers.changes import AtriumCancelled
from handlers.context import Agenda
from handlers.model import WITHHELD, Atrium, Kind, Query, Status
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.permissions import may_change
from handlers.wording.cards import facts, programme_lines
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import clock_text, date_with_year, local_day
from handlers.wording.texts import kind_name
from store import audit, contributions
from store.agenda import StoredAgenda, programme_places
from store.contributions import StoredContribution
from store.exchange.agenda_file import EXTENSIONS, agenda_file_bytes, extension_of
from store.exchange.columns import status_at

PAGE_SIZE = 40

#: Acts of the audit that the page of an atrium shows.
MOST_ACTS = 12

STATUS_NAMES = Said(
    {
        Status.GEPLAND: "beheer atrium.toestand gepland",
        Status.BEVESTIGD: "beheer atrium.toestand bevestigd",
        Status.GEANNULEERD: "beheer atrium.toestand geannuleerd",
        Status.VOORBIJ: "beheer atrium.toestand voorbij",
    }
)

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One atrium of the list, and what a moderator must know of it besides."""

    item: Item
    status: Status
    is_private: bool
    lacks: tuple[str, ...]


def register(gate: Gate) -> None:
    gate.page("/beheer/agenda", _list)
    gate.page("/beheer/agenda/uitvoer/{name}", _export)
    gate.page("/beheer/agenda/{uid}", _atrium)
    gate.page("/beheer/agenda/{uid}/annuleren", _ask_to_cancel)
    gate.act("/beheer/agenda/{uid}/annuleren", _cancel)


def get_visible(visit: Visit, agenda: Agenda, uid: str) -> Atrium:
    """The atrium of this uid if this person may see it. Raises HTTPException 404."""
    atrium = agenda.find(uid, visit.reads)
    if atrium is None:
        raise HTTPException(404, say("beheer atrium.niet te zien"))
    return atrium


def require_own(visit: Visit, agenda: Agenda, atrium: Atrium) -> None:
    """Raises HTTPException 403 unless this person may change this atrium."""
    if not may_change(visit.person, agenda, atrium):
        raise HTTPException(403, say("beheer atrium.buiten werking"))


def own(visit: Visit, agenda: Agenda, atrium: Atrium) -> bool:
    """Whether this person may change this atrium, and decide on what is handed in for it."""
    return visit.may("sturen") and may_change(visit.person, agenda, atrium)


def line_of(atrium: Atrium, now: dt.datetime) -> Line:
    lacks = []
    if not atrium.is_cancelled and not atrium.has_ended(now):
        lacks = [
            say(words)
            for words, value in (
                ("beheer agenda.geen zaal", atrium.venue or atrium.address),
                ("beheer agenda.geen link", atrium.registration_url),
            )
            if not value
        ]
    return Line(
        item=item(atrium, now),
        status=status_at(atrium, now),
        is_private=not atrium.is_public,
        lacks=tuple(lacks),
    )


def version(atrium: Atrium) -> str:
    return version_of(atrium)


def _list(visit: Visit) -> Response:
    with visit.desk.web.agenda() as agenda:
        filters = read_filters(visit.request.query_params, agenda.regions())
        try:
            mark = paging.read_mark(visit.asked("na")) if visit.asked("na") else None
        except ValueError:
            mark = None
        query = replace(filters.query_at(local_day(visit.now)), visible_to=visit.reads)
        found = paging.Page(atria=()) if filters.problems else paging.page(agenda, query, mark, PAGE_SIZE)
        total = 0 if filters.problems else agenda.count(query)
    past = filters.shows_past(local_day(visit.now))
    following = filters.address("/beheer/agenda", ("na", str(found.following))) if found.following else None
    return visit.page(
        "agenda.html",
        422 if filters.problems else 200,
        filters=filters,
        lines=[line_of(each, visit.now) for each in found.atria],
        kinds=[(kind.value, kind_name(kind)) for kind in Kind],
        total=total,
        past=past,
        following=following,
        first=filters.address("/beheer/agenda") if mark else None,
        coming_address=replace(filters, past=False).address("/beheer/agenda"),
        past_address=replace(filters, past=True).address("/beheer/agenda"),
        exports=[(ext, filters.address(f"/beheer/agenda/uitvoer/agenda{ext}")) for ext in EXTENSIONS],
    )


def _export(visit: Visit) -> Response:
    name = visit.path("name")
    extension = extension_of(name)
    if extension not in EXTENSIONS:
        raise HTTPException(404, say("beheer agenda.kies formaat"))
    with visit.desk.web.agenda() as agenda:
        filters = read_filters(visit.request.query_params, agenda.regions())
        if filters.problems:
            raise HTTPException(422, say("beheer agenda.filter klopt niet"))
        # What the page shows: the same tab, the same filters.
        query = replace(filters.query_at(local_day(visit.now)), visible_to=visit.reads)
        atria = list(paging.every(agenda, query))
    data = agenda_file_bytes(atria, f"agenda{extension}", visit.now)
    return Response(
        data,
        media_type=MEDIA_TYPES[extension],
        headers={
            "Content-Disposition": f'attachment; filename="agenda{extension}"',
            "Cache-Control": "no-store",
        },
    )


def _atrium(visit: Visit) -> Response:
    uid = visit.path("uid")
    with visit.desk.web.store.reading() as session:
        agenda = StoredAgenda(session)
        atrium = get_visible(visit, agenda, uid)
        places: Sequence[Atrium] = ()
        if atrium.programme_uid:
            places = [
                each
                for each in programme_places(session, atrium.programme_uid)
                if each.uid != uid and each.is_visible_to(visit.reads)
            ]
        mine = visit.person.role in EVERYWHERE or own(visit, agenda, atrium)
        handed_in = contributions.list_contributions(session, uid) if mine else None
        acts = audit.entries(session, MOST_ACTS, subject=uid) if visit.may("nakijken") else []
        is_own = own(visit, agenda, atrium)
    names = {WITHHELD: say("beheer atrium.niemand")} | {one.key: one.name for one in visit.communities}
    line = line_of(atrium, visit.now)
    return visit.page(
        "atrium.html",
        atrium=atrium,
        line=line,
        state=STATUS_NAMES[line.status],
        facts=facts(atrium, visit.now),
        programme=programme_lines(atrium),
        public=atrium_page(uid) if atrium.is_public else None,
        seen_by=[names.get(key, key) for key in sorted(atrium.visibility)],
        places=[line_of(each, visit.now) for each in places],
        handed_in=None if handed_in is None else _handed_in_text(handed_in),
        acts=acts,
        own=is_own,
    )


def _handed_in_text(found: Sequence[StoredContribution]) -> str:
    """How much was handed in for an atrium, and how much of it nobody looked at yet."""
    fresh = sum(each.state is ContributionState.NIEUW for each in found)
    match len(found):
        case 0:
            return say("beheer atrium.geen inbreng")
        case 1:
            return say("beheer atrium.een nieuwe inbreng") if fresh else say("beheer atrium.een inbreng")
        case many if fresh:
            return say("beheer atrium.meer inbreng nieuw", aantal=str(many), nieuw=str(fresh))
        case many:
            return say("beheer atrium.meer inbreng", aantal=str(many))


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeShown:
    """What one community will read, drawn as its platform draws it, and when."""

    community: str
    at: str
    preview: Drawn


def notices_of(visit: Visit, effect: CalledOff) -> list[NoticeShown]:
    """What will be posted where, for the page that asks first."""
    return [
        NoticeShown(
            community=each.community.name,
            at=say("beheer atrium.meteen") if each.at <= visit.now else moment(each.at, visit.now),
            preview=drawn(each.reply, each.community.platform, visit),
        )
        for each in effect.notices
    ]


def _ask_to_cancel(visit: Visit, problem: str = "") -> Response:
    with visit.desk.web.store.writing() as session:
        agenda = StoredAgenda(session)
        atrium = get_visible(visit, agenda, visit.path("uid"))
        require_own(visit, agenda, atrium)
        effect = visit.desk.setup.announcing.called_off(session, visit.person, visit.now, [atrium.uid])
    if atrium.is_cancelled:
        return visit.onward(f"/beheer{_tail(atrium)}", say("beheer atrium.al geannuleerd"))
    return visit.page(
        "annuleren.html",
        409 if problem else 200,
        atrium=atrium,
        line=line_of(atrium, visit.now),
        notices=notices_of(visit, effect),
        edited=[one.name for one in effect.edited],
        version=version(atrium),
        problem=problem,
    )


def _cancel(visit: Visit, form: Form) -> Response:
    uid = visit.path("uid")
    with visit.desk.web.store.writing() as session:
        context = visit.context(session)
        atrium = get_visible(visit, context.agenda, uid)
        require_own(visit, context.agenda, atrium)
        if atrium.is_cancelled:
            return visit.onward(f"/beheer{_tail(atrium)}", say("beheer atrium.al geannuleerd"))
        stale = form.text("versie") != version(atrium)
        if not stale:
            cancelled = replace(
                atrium,
                status=Status.GEANNULEERD,
                sequence=atrium.sequence + 1,
                updated_at=visit.now,
                cancelled_at=visit.now,
            )
            change = AtriumCancelled(atrium=cancelled, reason=form.text("reden")[:500])
            visit.carry_out(session, change, context)
    if stale:
        return _ask_to_cancel(visit, say("beheer atrium.intussen gewijzigd"))
    return visit.onward(
        f"/beheer{_tail(atrium)}",
        say("beheer atrium.geannuleerd", titel=atrium.title),
    )


def _tail(atrium: Atrium) -> str:
    return atrium_page(atrium.uid).replace("/atria/", "/agenda/", 1)


def desk_page(uid: str) -> str:
    """The page of one atrium in the console."""
    return "/beheer" + atrium_page(uid).replace("/atria/", "/agenda/", 1)


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """ "ma 23 november, 9.00 u."; with the year when it is not this one."""
    from handlers.wording.dates import brief_date

    return f"{brief_date(local_day(at), local_day(now))}, {clock_text(at)} u."


def full_day(at: dt.datetime) -> str:
    return date_with_year(local_day(at))


def query_of(visit: Visit, **different: object) -> Query:
    """A query of what this person may see."""
    return replace(Query(visible_to=visit.reads), **different)  # type: ignore[arg-type]  # fields of Query by name
