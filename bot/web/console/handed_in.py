"""What members handed in before an atrium: ordered, merged, answered, and written out for the organiser."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.agenda import Line as AtriumLine
from bot.web.console.agenda import desk_page, get_visible, line_of, moment, own
from bot.web.console.forms import Form
from bot.web.console.gate import Gate
from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import HEADERS, Visit
from handlers.changes import ContributionSettled
from handlers.context import Agenda
from handlers.model import Atrium, ContributionSort
from handlers.moderation.contribution_document import STYLE, as_html, as_markdown
from handlers.moderation.contribution_state import MAY_BECOME, STATE_NAMES, ContributionState
from handlers.moderation.permissions import moderates_everywhere
from handlers.wording.catalogue import Said, say
from store import contributions
from store.agenda import StoredAgenda, atria_where
from store.contributions import StoredContribution
from store.tables import AtriumRow

PAGE_SIZE = 40

#: Of somebody who does not see everything, this many of the newest are looked through.
MOST_LOOKED_AT = 1000

#: Characters of an answer or a reason.
MOST_ANSWER = 3000

_STATE = ContributionState

#: Word of the address -> text, states.
VIEWS: Mapping[str, tuple[str, tuple[ContributionState, ...]]] = {
    "": ("beheer inbreng.nieuw", (_STATE.NIEUW,)),
    "op-de-agenda": ("beheer inbreng.op de agenda", (_STATE.OP_DE_AGENDA,)),
    "beantwoord": ("beheer inbreng.beantwoord", (_STATE.BEANTWOORD,)),
    "alles": ("beheer inbreng.alles", tuple(_STATE)),
}

#: Step of the form -> the state that it leads to.
_STEPS: Mapping[str, ContributionState] = {
    "agenda": _STATE.OP_DE_AGENDA,
    "antwoord": _STATE.BEANTWOORD,
    "weiger": _STATE.GEWEIGERD,
    "samen": _STATE.SAMENGEVOEGD,
}
#: What is said of a step; and what where the bot cannot tell whoever handed it in.
_DONE: Mapping[str, str] = Said(
    {
        "agenda": "beheer inbreng.is op de agenda",
        "antwoord": "beheer inbreng.is beantwoord",
        "weiger": "beheer inbreng.is geweigerd",
        "samen": "beheer inbreng.is samengevoegd",
    }
)
_DONE_UNTOLD: Mapping[str, str] = Said(
    {
        "agenda": "beheer inbreng.is op de agenda pagina",
        "antwoord": "beheer inbreng.is beantwoord pagina",
        "weiger": "beheer inbreng.is geweigerd pagina",
        "samen": "beheer inbreng.is samengevoegd pagina",
    }
)
_MOVES = {"omhoog": -1, "omlaag": 1}

#: The step that wipes what a visitor of the page handed in: the bot does not know who they are, so they
#: cannot have it forgotten themselves.
DROP = "weg"

NOT_YOURS = "beheer inbreng.niet jouw werking"

SORT_NAMES: Mapping[ContributionSort, str] = Said(
    {
        ContributionSort.VRAAG: "beheer inbreng.soort vraag",
        ContributionSort.AGENDAPUNT: "beheer inbreng.soort agendapunt",
        ContributionSort.INITIATIEF: "beheer inbreng.soort initiatief",
    }
)

#: The document for the organiser brings its own stylesheet, and that one only.
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
DOCUMENT_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One contribution as the console shows it.

    Attributes:
        author: only where they agreed to be named.
        told: when and where it was handed in.
        sort: what whoever handed it in called it; empty where they did not.
        email: where a visitor of the page may be answered; nobody vouches for it.
        is_vouched_for: False for a visitor of the page.
        merged: what was merged into it.
        may: the steps that can be taken now.
        into: what it can be merged with, by number and text.
    """

    number: int
    text: str
    state: ContributionState
    author: str | None
    told: str
    answer: str | None
    sort: str = ""
    email: str | None = None
    is_vouched_for: bool = True
    merged: tuple[Entry, ...] = ()
    may: frozenset[str] = frozenset()
    into: tuple[tuple[int, str], ...] = ()

    @property
    def state_name(self) -> str:
        return STATE_NAMES[self.state]

    @property
    def handed(self) -> str:
        """What it is, when and where it was handed in, and by whom where they agreed to be named."""
        if self.sort and self.author:
            return say(
                "beheer inbreng.soort ingebracht door", soort=self.sort, wanneer=self.told, naam=self.author
            )
        if self.sort:
            return say("beheer inbreng.soort ingebracht", soort=self.sort, wanneer=self.told)
        if self.author:
            return say("beheer inbreng.ingebracht door", wanneer=self.told, naam=self.author)
        return say("beheer inbreng.ingebracht", wanneer=self.told)

    @property
    def handed_or_unnamed(self) -> str:
        """The same; where they did not agree, it says that there is no name."""
        if self.author:
            return self.handed
        if self.sort:
            return say("beheer inbreng.soort ingebracht zonder naam", soort=self.sort, wanneer=self.told)
        return say("beheer inbreng.ingebracht zonder naam", wanneer=self.told)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What was wrong with a step, and what was typed for it."""

    number: int
    step: str
    words: str
    typed: str = ""
    status: int = 422


def register(gate: Gate) -> None:
    gate.page("/beheer/inbreng", _overview)
    gate.page("/beheer/inbreng/voorstellen", _suggestions)
    gate.act("/beheer/inbreng/{number}/stap", _step)
    gate.page("/beheer/agenda/{uid}/inbreng", _of_atrium)
    gate.page("/beheer/agenda/{uid}/inbreng/{name}", _document)


def sees(visit: Visit, agenda: Agenda, atrium: Atrium | None) -> bool:
    """Whether this person may know what was handed in: it was said in a thread that they may not read.

    Whoever sees everything does, and whoever may change the atrium.
    """
    if visit.person.role in EVERYWHERE:
        return True
    return atrium is not None and atrium.is_visible_to(visit.reads) and _decides(visit, agenda, atrium)


def _decides(visit: Visit, agenda: Agenda, atrium: Atrium | None) -> bool:
    return moderates_everywhere(visit.person) if atrium is None else own(visit, agenda, atrium)


# --- seeing --------------------------------------------------------------------------------------------


def _overview(visit: Visit) -> Response:
    view = visit.asked("wat") if visit.asked("wat") in VIEWS else ""
    text = visit.asked("vanaf")
    offset = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    with visit.desk.web.store.reading() as session:
        found = seen(session, visit, VIEWS[view][1], PAGE_SIZE + 1, offset)
    shown = found[:PAGE_SIZE]
    return visit.page(
        "inbreng.html",
        view=view,
        views=[(key, say(name)) for key, (name, _) in VIEWS.items()],
        lines=[(entry, line_of(atrium, visit.now) if atrium else None) for entry, atrium in shown],
        previous=_paged(view, max(0, offset - PAGE_SIZE)) if offset else None,
        following=_paged(view, offset + PAGE_SIZE) if len(found) > PAGE_SIZE else None,
    )


def _paged(view: str, offset: int) -> str:
    return f"/beheer/inbreng?wat={view}&vanaf={offset}"


def seen(
    session: Session, visit: Visit, states: Sequence[ContributionState], limit: int, offset: int = 0
) -> list[tuple[Entry, Atrium | None]]:
    """What is in one of these states, newest first, as far as this person may know of it."""
    if visit.person.role in EVERYWHERE:
        found = contributions.newest(session, states, limit, offset)
        atria = _atria_of(session, found)
    else:
        every = contributions.newest(session, states, MOST_LOOKED_AT)
        atria, agenda = _atria_of(session, every), StoredAgenda(session)
        atria = {uid: each for uid, each in atria.items() if sees(visit, agenda, each)}
        found = [each for each in every if each.contribution.atrium_uid in atria][offset : offset + limit]
    return [(_entry(each, visit), atria.get(each.contribution.atrium_uid or "")) for each in found]


def _atria_of(session: Session, found: Sequence[StoredContribution]) -> dict[str, Atrium]:
    uids = {each.contribution.atrium_uid for each in found} - {None}
    if not uids:
        return {}
    return {each.uid: each for each in atria_where(session, AtriumRow.uid.in_(uids))}


def _suggestions(visit: Visit) -> Response:
    """Suggested themes and atria, which are for no atrium yet."""
    return _shown(visit, None)


def _of_atrium(visit: Visit) -> Response:
    return _shown(visit, visit.path("uid"))


def _shown(visit: Visit, uid: str | None, problem: Problem | None = None, status: int = 200) -> Response:
    with visit.desk.web.store.reading() as session:
        agenda = StoredAgenda(session)
        atrium = get_visible(visit, agenda, uid) if uid is not None else None
        if not sees(visit, agenda, atrium):
            raise HTTPException(403, say(NOT_YOURS))
        found = (
            contributions.list_contributions(session, uid)
            if uid is not None
            else contributions.without_atrium(session)
        )
        decides = _decides(visit, agenda, atrium)
    return visit.page(
        "inbreng_atrium.html",
        status,
        atrium=atrium,
        line=_line(atrium, visit),
        sections=_sections(found, visit, decides),
        total=len(found),
        problem=problem,
        most=MOST_ANSWER,
    )


def _line(atrium: Atrium | None, visit: Visit) -> AtriumLine | None:
    return line_of(atrium, visit.now) if atrium is not None else None


def _sections(
    found: Sequence[StoredContribution], visit: Visit, decides: bool
) -> list[tuple[str, list[Entry]]]:
    """Each part of the page that holds something: what is new first, for that needs somebody."""
    names = {
        _STATE.NIEUW: say("beheer inbreng.nieuw"),
        _STATE.OP_DE_AGENDA: say("beheer inbreng.op de agenda"),
        _STATE.BEANTWOORD: say("beheer inbreng.beantwoord"),
        _STATE.GEWEIGERD: say("beheer inbreng.geweigerd"),
    }
    merged: dict[int, list[StoredContribution]] = {}
    for each in found:
        if each.state is _STATE.SAMENGEVOEGD and each.merged_into is not None:
            merged.setdefault(each.merged_into, []).append(each)
    mergeable = [each for each in found if each.state in {_STATE.NIEUW, _STATE.OP_DE_AGENDA}]
    sections = []
    for state, name in names.items():
        entries = [_entry(each, visit) for each in found if each.state is state]
        listed = [
            replace(
                entry,
                merged=tuple(_entry(other, visit) for other in merged.get(entry.number, ())),
                may=_may(entry, place, len(entries)) if decides else frozenset(),
                into=tuple(
                    (other.id, f"{other.id}. {_short(other.contribution.text)}")
                    for other in mergeable
                    if other.id != entry.number
                ),
            )
            for place, entry in enumerate(entries)
        ]
        if listed:
            sections.append((name, listed))
    return sections


def _may(entry: Entry, place: int, of: int) -> frozenset[str]:
    """The steps that this can take, at this place among so many in its state."""
    state = entry.state
    steps = {step for step, becomes in _STEPS.items() if state in MAY_BECOME[becomes]}
    if state is _STATE.OP_DE_AGENDA:
        steps |= ({"omhoog"} if place > 0 else set()) | ({"omlaag"} if place < of - 1 else set())
    return frozenset(steps if entry.is_vouched_for else {*steps, DROP})


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


def _entry(each: StoredContribution, visit: Visit) -> Entry:
    shown = contributions.handed_in(each)
    where = next((one.name for one in visit.communities if one.key == each.community_key), "")
    told = moment(each.created_at, visit.now)
    return Entry(
        number=each.id,
        text=shown.text,
        state=each.state,
        author=shown.author,
        told=say("beheer inbreng.wanneer in", wanneer=told, community=where) if where else told,
        answer=each.answer,
        sort=SORT_NAMES[shown.sort] if shown.sort else "",
        email=each.giver_email,
        is_vouched_for=each.is_vouched_for,
    )


def _document(visit: Visit) -> Response:
    """The document for the organiser: to keep as Markdown, or to print."""
    name = visit.path("name")
    if name not in {"inbreng.md", "inbreng.html"}:
        raise HTTPException(404, say("beheer inbreng.kies document"))
    with visit.desk.web.store.reading() as session:
        agenda = StoredAgenda(session)
        atrium = get_visible(visit, agenda, visit.path("uid"))
        if not sees(visit, agenda, atrium):
            raise HTTPException(403, say(NOT_YOURS))
        found = [
            contributions.handed_in(each) for each in contributions.list_contributions(session, atrium.uid)
        ]
    if name.endswith(".html"):
        policy = {"Content-Security-Policy": DOCUMENT_POLICY}
        return Response(
            as_html(atrium, found), media_type="text/html; charset=utf-8", headers={**HEADERS, **policy}
        )
    kept = {"Content-Disposition": 'attachment; filename="inbreng.md"'}
    return Response(
        as_markdown(atrium, found), media_type="text/markdown; charset=utf-8", headers={**HEADERS, **kept}
    )


# --- deciding ------------------------------------------------------------------------------------------


def _step(visit: Visit, form: Form) -> Response:
    number, step = visit.path("number"), form.text("stap")
    if step not in _STEPS and step not in _MOVES and step != DROP:
        raise HTTPException(422, say("beheer inbreng.kies stap"))
    with visit.desk.web.store.writing() as session:
        context = visit.context(session)
        known = number.isascii() and number.isdigit() and len(number) <= 9
        found = contributions.find_contribution(session, int(number)) if known else None
        if found is None:
            raise HTTPException(404, say("beheer inbreng.weg"))
        uid = found.contribution.atrium_uid
        atrium = get_visible(visit, context.agenda, uid) if uid is not None else None
        if not _decides(visit, context.agenda, atrium):
            raise HTTPException(403, say(NOT_YOURS))
        problem: Problem | None = None
        if step == DROP:
            done = _dropped(visit, session, found)
        elif step in _MOVES:
            done = _moved(visit, session, found, _MOVES[step], form)
        else:
            change, problem = _decision(session, found, step, form)
            done = (_DONE if found.is_vouched_for else _DONE_UNTOLD)[step]
            if change is not None:
                visit.carry_out(session, change, context)
    if problem is not None:
        return _shown(visit, uid, problem, problem.status)
    page = f"{desk_page(uid)}/inbreng" if uid is not None else "/beheer/inbreng/voorstellen"
    return visit.onward(f"{page}#inbreng-{found.id}", done)


def _decision(
    session: Session, found: StoredContribution, step: str, form: Form
) -> tuple[ContributionSettled | None, Problem | None]:
    """The change that the form asks for, or what is wrong with it."""
    state, text = _STEPS[step], form.lines("antwoord")

    def wrong(words: str, status: int = 422) -> tuple[None, Problem]:
        return None, Problem(number=found.id, step=step, words=words, typed=text, status=status)

    if found.state not in MAY_BECOME[state] or form.text("staat") != found.state.value:
        return wrong(say("beheer inbreng.intussen behandeld"), 409)
    if step == "antwoord" and not text:
        return wrong(say("beheer inbreng.leeg antwoord"))
    if len(text) > MOST_ANSWER:
        return wrong(say("beheer inbreng.te lang", aantal=str(MOST_ANSWER)))
    if step != "samen":
        told = "" if step == "agenda" else text
        return ContributionSettled(number=found.id, state=state.value, text=told), None
    typed = form.text("met")
    other = (
        contributions.find_contribution(session, int(typed))
        if typed.isascii() and typed.isdigit() and len(typed) <= 9
        else None
    )
    if (
        other is None
        or other.id == found.id
        or other.contribution.atrium_uid != found.contribution.atrium_uid
        or other.state not in {_STATE.NIEUW, _STATE.OP_DE_AGENDA}
    ):
        return wrong(say("beheer inbreng.kies andere"))
    return ContributionSettled(number=found.id, state=state.value, into=other.id), None


def _dropped(visit: Visit, session: Session, found: StoredContribution) -> str:
    """Wipe what a visitor handed in; what members handed in goes when they ask the bot to forget them."""
    if not contributions.drop_from_page(session, found.id):
        raise HTTPException(409, say("beheer inbreng.niet te wissen"))
    visit.note(session, "contribution dropped", f"contribution:{found.id}")
    return say("beheer inbreng.is gewist")


def _moved(visit: Visit, session: Session, found: StoredContribution, by: int, form: Form) -> str:
    """Swap one point of the agenda with its neighbour; says what happened.

    The form tells which neighbour it saw, so that a double click moves once.
    """
    listed = [
        each
        for each in contributions.list_contributions(session, found.contribution.atrium_uid)
        if each.position is not None
    ]
    on = [each.id for each in listed if each.state is _STATE.OP_DE_AGENDA]
    place = on.index(found.id) if found.id in on else -1
    if place < 0 or not 0 <= place + by < len(on) or form.text("plaats") != str(place + 1):
        return say("beheer inbreng.volgorde anders")
    neighbour = on[place + by]
    before = found.position
    position = [each.id for each in listed].index(neighbour) + 1
    contributions.move(session, found.id, position)
    visit.note(
        session,
        "contribution moved",
        f"contribution:{found.id}",
        before={"position": before},
        after={"position": position},
    )
    return say("beheer inbreng.is verplaatst", punt=str(place + by + 1))
