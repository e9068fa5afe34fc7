"""Announcements in the console: the list by state, and one with who did what and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.edited_plans import decisions_text
from bot.handing_in import typed_for
from bot.outcomes import Preview, Report
from bot.web.console.agenda import MOST_ACTS, desk_page, moment
from bot.web.console.agenda import line_of as atrium_line
from bot.web.console.announcement_history import history_line, last_told
from bot.web.console.csv_answer import csv_answer
from bot.web.console.gate import Gate
from bot.web.console.previews import Drawn, drawn
from bot.web.console.twins import with_twin
from bot.web.console.visit import PLACE, Visit
from handlers.model import BRUSSELS
from handlers.moderation.draft import title_of
from handlers.moderation.fields import Field, fields
from handlers.moderation.lifecycle import OUT, STATE_NAMES, TRANSITIONS, Act, State, Who, leaves_at_once
from handlers.moderation.moments_of_posting import moment_text
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import capitalised, enumeration
from scheduler import publishing
from scheduler.decided import decisions_on
from scheduler.moments import next_allowed
from store import audit
from store.agenda import StoredAgenda
from store.announcements import Announcement
from store.audit import AuditEntry

PAGE_SIZE = 200

#: The states of the list, by the word in its address.
VIEWS: Mapping[str, tuple[State, ...]] = {
    "": (),
    "ontwerp": (State.DRAFT,),
    "goedkeuren": (State.AWAITING_APPROVAL,),
    "gepland": (State.SCHEDULED,),
    "geplaatst": (State.POSTING, State.POSTED, State.PARTLY_POSTED),
    "ingetrokken": (State.RETRACTED,),
}

VIEW_NAMES = Said(
    {
        "": "beheer aankondiging.alles",
        "ontwerp": "beheer aankondiging.ontwerpen",
        "goedkeuren": "toestand.wacht op goedkeuring",
        "gepland": "toestand.gepland",
        "geplaatst": "toestand.geplaatst",
        "ingetrokken": "toestand.ingetrokken",
    }
)

TONES = {State.AWAITING_APPROVAL: "good", State.PARTLY_POSTED: "bad", State.RETRACTED: "bad"}

#: The texts above the columns of the report as a file.
REPORT_COLUMNS = (
    "beheer aankondiging.bestand community",
    "beheer aankondiging.bestand platform",
    "beheer aankondiging.bestand toestand",
    "beheer aankondiging.bestand tijdstip",
    "beheer aankondiging.bestand reden",
    "beheer aankondiging.bestand antwoordden",
    "beheer aankondiging.bestand volledig",
    "beheer aankondiging.bestand reacties",
    "beheer aankondiging.bestand adres",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One announcement of the list; `last` says what a person did with it last, who and when."""

    id: int
    title: str
    state: State
    state_name: str
    tone: str
    places: str
    last: str
    communities: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What one community reads or will read, drawn as its platform draws it; `preview` None: nothing more."""

    community: str
    members: int | None
    at: str
    preview: Drawn | None
    warnings: tuple[str, ...] = ()


def register(gate: Gate) -> None:
    gate.page("/beheer/aankondigingen", _list)
    gate.page("/beheer/aankondigingen/{number}", page_of)
    gate.page("/beheer/aankondigingen/{number}/verslag.csv", _export)


def title(announcement: Announcement) -> str:
    """What an announcement is called, also while it has no title yet."""
    drafts = announcement.drafts
    first = drafts[0] if drafts else None
    named = (title_of(first) or first.theme) if first is not None and first.kind else (first and first.title)
    return named or say("beheer aankondiging.zonder titel")


def subject_of(announcement: Announcement) -> str:
    """What the audit calls an announcement."""
    return f"announcement:{announcement.id}"


def lines_of(announcements: Sequence[Announcement], visit: Visit, session: Session) -> list[Line]:
    """The lines of a list, with what was done last to each."""
    lasts = audit.last_acts(session, [subject_of(each) for each in announcements])
    return [line_of(each, visit, lasts) for each in announcements]


def line_of(announcement: Announcement, visit: Visit, lasts: Mapping[str, AuditEntry]) -> Line:
    names = {one.key: one.name for one in visit.communities}
    places = [draft.municipality for draft in announcement.drafts if draft.municipality]
    return Line(
        id=announcement.id,
        title=title(announcement),
        state=announcement.state,
        state_name=STATE_NAMES[announcement.state],
        tone=TONES.get(announcement.state, ""),
        places=", ".join(places),
        last=last_told(announcement, lasts.get(subject_of(announcement)), visit.now),
        communities=", ".join(names.get(key, key) for key in sorted(announcement.communities)),
    )


# --- pages -------------------------------------------------------------------------------------------


def _list(visit: Visit) -> Response:
    view = visit.asked("staat") if visit.asked("staat") in VIEWS else ""
    with visit.desk.web.store.reading() as session:
        found = visit.desk.setup.announcing.list_announcements(
            session, visit.person, visit.now, VIEWS[view], PAGE_SIZE
        )
        lines = lines_of(found, visit, session)
    views = [(key, capitalised(name)) for key, name in VIEW_NAMES.items()]
    return visit.page("aankondigingen.html", lines=lines, view=view, views=views)


def page_of(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """One announcement: what can be done with it, what came of it, and how it reads."""
    with visit.desk.web.store.reading() as session:
        found = get(visit, session)
        announcing = visit.desk.setup.announcing
        typed = typed_for(found, Act.APPROVE if _waits(found) else Act.SAVE, visit.now)
        preview = announcing.preview(session, visit.person, PLACE, visit.now, typed)
        report = announcing.report(session, visit.person, visit.now, found.id)
        agenda = StoredAgenda(session)
        places = [each for uid in found.atria if (each := agenda.find(uid, visit.reads)) is not None]
        (line,) = lines_of([found], visit, session)
        decided = decided_texts(visit, session, found)
        shown = _shown(visit, session, found, preview, report)
        subjects = [subject_of(found), *found.atria]
        history = audit.about(session, subjects, MOST_ACTS) if visit.may("nakijken") else []
        acts = _acts(visit, session, found)
        preview = replace(preview, warnings=with_twin(visit, session, found, preview.warnings))
    if found.state in OUT:
        # What is out clashes with itself, and it is too late to mind the rest.
        preview = replace(preview, warnings=(), needs_approval=False)
    return visit.page(
        "aankondiging.html",
        status,
        found=found,
        line=line,
        acts=[act.value for act in acts] if visit.may("sturen") else [],
        leaves=_leaves(visit, found),
        when=when_text(visit, found, may_agree=Act.APPROVE in acts),
        at_once=_waits(found) and leaves_at_once(found.publish_at, visit.now),
        waits_for_another=_waits(found) and Act.APPROVE not in acts,
        preview=preview,
        targets=shown,
        is_out=found.state in OUT,
        decided=decided,
        labels=labels_of(fields_of(visit, found)),
        report=[(each, moment(each.at, visit.now)) for each in report.targets] if report else [],
        failed=bool(report and report.failed),
        places=[atrium_line(each, visit.now) for each in places],
        # The places of a programme were put in the agenda, or cancelled, together: told once.
        history=list(dict.fromkeys(history_line(each, visit.now) for each in history)),
        desk_page=desk_page,
        moment=moment,
        problem=problem,
    )


def _acts(visit: Visit, session: Session, found: Announcement) -> list[Act]:
    """What this person can do with it now."""
    by = Acting(session=session, person=visit.person, place=PLACE, now=visit.now)
    return [
        act
        for act, rule in TRANSITIONS.items()
        if found.state in rule.of
        and rule.who is not Who.BOT
        and not (rule.who is Who.ANOTHER and by.wrote(found))
    ]


def _waits(found: Announcement) -> bool:
    return found.state is State.AWAITING_APPROVAL


def when_text(visit: Visit, found: Announcement, *, may_agree: bool) -> str:
    """When and where it is posted, in a sentence; empty where that is not decided, or it is out.

    Args:
        may_agree: whoever reads it is the one who may agree to it.
    """
    if not _waits(found):
        return _planned_text(visit, found) if found.state is State.SCHEDULED else ""
    if not leaves_at_once(found.publish_at, visit.now):
        return _planned_text(visit, found)
    names = {one.key: one.name for one in visit.communities}
    where = enumeration([names.get(key, key) for key in sorted(found.communities)])
    if not where:
        return (
            say("beheer aankondiging.goedkeuren in agenda")
            if may_agree
            else say("beheer aankondiging.agenda na goedkeuring")
        )
    if may_agree:
        return say("beheer aankondiging.goedkeuren plaatst", communities=where)
    return say("beheer aankondiging.geplaatst na goedkeuring", communities=where)


def _planned_text(visit: Visit, found: Announcement) -> str:
    at = found.publish_at
    return say("beheer aankondiging.wordt geplaatst", wanneer=moment(at, visit.now)) if at else ""


def _leaves(visit: Visit, found: Announcement) -> str:
    """The moment at which a draft would leave, in words; empty where none was chosen."""
    if found.publish_at is None or not found.typed.get("publish_on"):
        return ""
    return moment_text(next_allowed(found.publish_at, visit.desk.rules.attention))


def decided_texts(visit: Visit, session: Session, found: Announcement) -> list[str]:
    """What moderators decided on single posts of a planned announcement, in sentences."""
    if found.state is State.SCHEDULED:
        posts = publishing.posts_of(session, found)
        found = replace(found, decisions=tuple(decisions_on(found, posts)))
    return decisions_text(found, visit.communities)


def _export(visit: Visit) -> Response:
    """What became of it in each community, for a spreadsheet; numbers of answers and reactions, never who."""
    with visit.desk.web.store.reading() as session:
        found = get(visit, session)
        report = visit.desk.setup.announcing.report(session, visit.person, visit.now, found.id)
    yes, no = say("beheer aankondiging.bestand ja"), say("beheer aankondiging.bestand nee")
    rows = [
        (
            each.name,
            each.platform,
            each.state,
            f"{each.at.astimezone(BRUSSELS):%Y-%m-%d %H:%M}",
            each.reason or "",
            str(each.answers.answers) if each.answers else "",
            (yes if each.answers.is_exact else no) if each.answers else "",
            "" if each.answers is None or each.answers.reactions is None else str(each.answers.reactions),
            each.link or "",
        )
        for each in (report.targets if report else ())
    ]
    headings = [say(column) for column in REPORT_COLUMNS]
    return csv_answer(f"aankondiging-{found.id}.csv", headings, rows)


def fields_of(visit: Visit, found: Announcement) -> Sequence[Field]:
    with visit.desk.web.store.reading() as session:
        return fields(visit.context(session), max(1, len(found.drafts)))


def labels_of(asked: Sequence[Field]) -> dict[str, str]:
    """How each field is called, also outside its form."""
    return {
        one.name: say("beheer aankondiging.veld van plaats", nummer=str(one.place), veld=one.label)
        if one.place
        else one.label
        for one in asked
    }


def targets(visit: Visit, preview: Preview, moments: Mapping[str, str] | None = None) -> list[Target]:
    """What each community will read.

    Args:
        moments: by the key of a community when it leaves there, where that is known better.
    """
    known = moments or {}
    at_once = say("beheer aankondiging.zodra je plaatst")
    return [
        Target(
            community=each.community.name,
            members=each.members,
            at=known.get(
                each.community.key, moment(each.at, visit.now) if preview.checked.publish_at else at_once
            ),
            preview=drawn(each.reply, each.community.platform, visit),
            warnings=each.warnings,
        )
        for each in preview.targets
    ]


def _shown(
    visit: Visit, session: Session, found: Announcement, preview: Preview, report: Report | None
) -> list[Target]:
    """How it reads: as it will, or as it stands where it was posted, with what was cancelled since."""
    posts = report.targets if report else ()
    moments = {
        each.community_key: say("beheer aankondiging.tegengehouden")
        if each.is_held
        else moment(each.at, visit.now)
        for each in posts
    }
    if _waits(found) and leaves_at_once(found.publish_at, visit.now):
        agreed = say("beheer aankondiging.zodra goedgekeurd")
        return targets(
            visit, preview, dict.fromkeys((each.community.key for each in preview.targets), agreed)
        )
    if found.state not in OUT:
        return targets(visit, preview, moments)
    read = visit.desk.setup.announcing.posted(session, visit.now, found)
    names = {one.key: one for one in visit.communities}
    return [
        Target(
            community=each.name,
            members=None,
            at=f"{each.state}, {moments[each.community_key]}",
            preview=drawn(read[each.community_key], each.platform, visit)
            if each.community_key in read and each.community_key in names
            else None,
        )
        for each in posts
    ]


def get(visit: Visit, session: Session) -> Announcement:
    """The announcement of the address, for whom it is to see. Raises HTTPException 404."""
    number = visit.path("number")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    found = visit.desk.setup.announcing.get(session, visit.person, visit.now, int(number)) if known else None
    if found is None:
        raise HTTPException(404, say("beheer aankondiging.is er niet"))
    return found
