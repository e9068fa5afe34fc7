"""Announcements in the console: the list by state, the form with its preview, and each step of their life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.outcomes import Conflict, Invalid, Outcome, Preview, Refused, Saved
from bot.web.console.agenda import desk_page, moment
from bot.web.console.agenda import line_of as atrium_line
from bot.web.console.atrium_form import Clash, municipality_names
from bot.web.console.forms import Form, typed
from bot.web.console.gate import Gate
from bot.web.console.previews import Drawn, drawn
from bot.web.console.visit import PLACE, Visit
from handlers.moderation.draft import title_of
from handlers.moderation.fields import MOST_PLACES, Field, Sort, fields, place_count
from handlers.moderation.lifecycle import OUT, STATE_NAMES, TRANSITIONS, Act, State, Who
from handlers.wording.sentences import capitalised
from store.agenda import StoredAgenda
from store.announcements import Announcement

PAGE_SIZE = 200

#: The states of the list, by the word in its address.
VIEWS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "": ("Alles", ()),
    "ontwerp": ("Ontwerpen", (State.DRAFT,)),
    "goedkeuren": ("Wacht op goedkeuring", (State.AWAITING_APPROVAL,)),
    "gepland": ("Gepland", (State.SCHEDULED,)),
    "geplaatst": ("Geplaatst", (State.POSTING, State.POSTED, State.PARTLY_POSTED)),
    "ingetrokken": ("Ingetrokken", (State.RETRACTED,)),
}

TONES = {State.AWAITING_APPROVAL: "good", State.PARTLY_POSTED: "bad", State.RETRACTED: "bad"}

NOT_THERE = "Deze aankondiging is er niet, of je mag ze niet zien."


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One announcement of the list."""

    id: int
    title: str
    state: State
    state_name: str
    tone: str
    places: str
    author: str
    changed: str
    communities: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What one community will read, drawn as its platform draws it."""

    community: str
    members: int | None
    at: str
    preview: Drawn
    warnings: tuple[str, ...]


def register(gate: Gate) -> None:
    gate.page("/beheer/aankondigingen", _list)
    gate.page("/beheer/aankondigingen/nieuw", _new)
    gate.act("/beheer/aankondigingen/nieuw", _add)
    gate.act("/beheer/aankondigingen/voorbeeld", _preview)
    gate.page("/beheer/aankondigingen/{number}", _one)
    gate.page("/beheer/aankondigingen/{number}/wijzigen", _edit)
    gate.act("/beheer/aankondigingen/{number}/wijzigen", _save)
    gate.act("/beheer/aankondigingen/{number}/stap", _step)


def title(announcement: Announcement) -> str:
    """What an announcement is called, also while it has no title yet."""
    drafts = announcement.drafts
    first = drafts[0] if drafts else None
    named = (title_of(first) or first.theme) if first is not None and first.kind else (first and first.title)
    return named or "Zonder titel"


def line_of(announcement: Announcement, visit: Visit) -> Line:
    names = {one.key: one.name for one in visit.communities}
    places = [draft.municipality for draft in announcement.drafts if draft.municipality]
    return Line(
        id=announcement.id,
        title=title(announcement),
        state=announcement.state,
        state_name=STATE_NAMES[announcement.state],
        tone=TONES.get(announcement.state, ""),
        places=", ".join(places),
        author=announcement.editor_name or announcement.author_name,
        changed=moment(announcement.updated_at, visit.now),
        communities=", ".join(names.get(key, key) for key in sorted(announcement.communities)),
    )


# --- pages -------------------------------------------------------------------------------------------


def _list(visit: Visit) -> Response:
    view = visit.asked("staat") if visit.asked("staat") in VIEWS else ""
    with visit.desk.web.store.reading() as session:
        found = visit.desk.setup.announcing.list_announcements(
            session, visit.person, visit.now, VIEWS[view][1], PAGE_SIZE
        )
    return visit.page(
        "aankondigingen.html", lines=[line_of(each, visit) for each in found], view=view, views=VIEWS
    )


def _new(visit: Visit) -> Response:
    return _form(visit, {}, title="Nieuwe aankondiging", action="/beheer/aankondigingen/nieuw")


def _edit(visit: Visit) -> Response:
    with visit.desk.web.store.reading() as session:
        found = _get(visit, session)
    return _form_of(visit, found, found.typed)


def _form_of(
    visit: Visit,
    found: Announcement,
    values: Mapping[str, str | Sequence[str]],
    status: int = 200,
    **more: object,
) -> Response:
    return _form(
        visit,
        values,
        status,
        title=f"Wijzig: {title(found)}",
        action=f"/beheer/aankondigingen/{found.id}/wijzigen",
        version=found.version,
        back=f"/beheer/aankondigingen/{found.id}",
        **more,
    )


def _form(
    visit: Visit, values: Mapping[str, str | Sequence[str]], status: int = 200, **more: object
) -> Response:
    with visit.desk.web.store.reading() as session:
        context = visit.context(session)
    # All places stand in the page; those that are not needed yet are shown by a button.
    asked = fields(context, MOST_PLACES)
    shown = {"errors": {}, "clash": None, "version": "", "back": "/beheer/aankondigingen", **more}
    return visit.page(
        "aankondiging_formulier.html",
        status,
        first=[one for one in asked if one.place is None and one.name not in _LAST],
        places=[[one for one in asked if one.place == number] for number in range(1, MOST_PLACES + 1)],
        last=[one for one in asked if one.name in _LAST],
        values={one.name: values.get(one.name, () if one.sort is Sort.CHOICES else "") for one in asked},
        shown=place_count(values),
        labels=_labels(asked),
        municipalities=municipality_names(),
        **shown,
    )


_LAST = frozenset({"organiser", "contact", "communities", "publish_on", "publish_at"})


def _labels(asked: Sequence[Field]) -> dict[str, str]:
    return {one.name: f"Plaats {one.place}, {one.label}" if one.place else one.label for one in asked}


def _one(visit: Visit, problem: str = "", status: int = 200) -> Response:
    with visit.desk.web.store.reading() as session:
        found = _get(visit, session)
        announcing = visit.desk.setup.announcing
        preview = announcing.preview(session, visit.person, PLACE, visit.now, found.typed)
        report = announcing.report(session, visit.person, visit.now, found.id)
        identity = f"{visit.person.platform}:{visit.person.external_id}"
        agenda = StoredAgenda(session)
        places = [each for uid in found.atria if (each := agenda.find(uid, visit.reads)) is not None]
    if found.state in OUT:
        # What is out clashes with itself, and it is too late to mind the rest.
        preview = replace(preview, warnings=())
    acts = [
        act
        for act, rule in TRANSITIONS.items()
        if found.state in rule.of
        and rule.who is not Who.BOT
        and not (rule.who is Who.ANOTHER and identity in (found.author, found.editor))
    ]
    return visit.page(
        "aankondiging.html",
        status,
        found=found,
        line=line_of(found, visit),
        acts=[act.value for act in acts] if visit.may("sturen") else [],
        waits_for_another=found.state is State.AWAITING_APPROVAL and Act.APPROVE not in acts,
        preview=preview,
        targets=_targets(visit, preview),
        labels=_labels(fields_of(visit, found)),
        report=[(each, moment(each.at, visit.now)) for each in report.targets] if report else [],
        failed=bool(report and report.failed),
        places=[atrium_line(each, visit.now) for each in places],
        desk_page=desk_page,
        moment=moment,
        problem=problem,
    )


def fields_of(visit: Visit, found: Announcement) -> Sequence[Field]:
    with visit.desk.web.store.reading() as session:
        return fields(visit.context(session), max(1, len(found.drafts)))


def _targets(visit: Visit, preview: Preview) -> list[Target]:
    return [
        Target(
            community=each.community.name,
            members=each.members,
            at=moment(each.at, visit.now),
            preview=drawn(each.reply, each.community.platform, visit),
            warnings=each.warnings,
        )
        for each in preview.targets
    ]


def _get(visit: Visit, session: Session) -> Announcement:
    number = visit.path("number")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    found = visit.desk.setup.announcing.get(session, visit.person, visit.now, int(number)) if known else None
    if found is None:
        raise HTTPException(404, NOT_THERE)
    return found


# --- acts --------------------------------------------------------------------------------------------


def _values(visit: Visit, form: Form) -> dict[str, str | tuple[str, ...]]:
    """The values of the known fields that hold any, as the form of the domain takes them."""
    with visit.desk.web.store.reading() as session:
        known = fields(visit.context(session), MOST_PLACES)
    return {name: value for name, value in typed(form, known).items() if value}


def _add(visit: Visit, form: Form) -> Response:
    values = _values(visit, form)
    with visit.desk.web.store.writing() as session:
        outcome = visit.desk.setup.announcing.save(session, visit.person, PLACE, visit.now, values)
    if isinstance(outcome, Saved):
        return visit.onward(f"/beheer/aankondigingen/{outcome.announcement.id}", "Bewaard als ontwerp.")
    return _not_saved(visit, values, outcome, None)


def _save(visit: Visit, form: Form) -> Response:
    values = _values(visit, form)
    with visit.desk.web.store.writing() as session:
        found = _get(visit, session)
        outcome = visit.desk.setup.announcing.save(
            session, visit.person, PLACE, visit.now, values, found.id, _version(form)
        )
    if isinstance(outcome, Saved):
        return visit.onward(f"/beheer/aankondigingen/{found.id}", outcome.note or "Bewaard.")
    return _not_saved(visit, values, outcome, found)


def _not_saved(
    visit: Visit,
    values: Mapping[str, str | Sequence[str]],
    outcome: Outcome,
    found: Announcement | None,
) -> Response:
    """The form again, with everything that was typed and why it was not kept."""
    more: dict[str, object] = {}
    status = 422
    if isinstance(outcome, Invalid):
        more["errors"] = outcome.errors
    elif isinstance(outcome, Conflict):
        status, found = 409, outcome.theirs
        more["clash"] = _clash(visit, outcome, values)
    elif isinstance(outcome, Refused):
        status = 403
        more["clash"] = Clash(headline=outcome.reason)
    if found is not None:
        return _form_of(visit, found, values, status, **more)
    return _form(
        visit, values, status, title="Nieuwe aankondiging", action="/beheer/aankondigingen/nieuw", **more
    )


def _clash(visit: Visit, conflict: Conflict, mine: Mapping[str, str | Sequence[str]]) -> Clash:
    theirs = conflict.theirs.typed
    labels = _labels(fields_of(visit, conflict.theirs))
    differing = [name for name in labels if _flat(theirs.get(name, "")) != _flat(mine.get(name, ""))]
    return Clash(
        headline=f"{conflict.who or 'Iemand anders'} wijzigde deze aankondiging, "
        f"{moment(conflict.at, visit.now)}",
        differences=tuple(
            (labels[name], _flat(theirs.get(name, "")), _flat(mine.get(name, ""))) for name in differing
        ),
    )


def _flat(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _preview(visit: Visit, form: Form) -> Response:
    """A piece of the page: what the form holds now, drawn; nothing is kept."""
    values = _values(visit, form)
    with visit.desk.web.store.reading() as session:
        preview = visit.desk.setup.announcing.preview(session, visit.person, PLACE, visit.now, values)
        asked = fields(visit.context(session), MOST_PLACES)
    return visit.page(
        "_voorbeeld.html", preview=preview, targets=_targets(visit, preview), labels=_labels(asked)
    )


def _version(form: Form) -> int | None:
    text = form.text("versie")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _step(visit: Visit, form: Form) -> Response:
    announcing, now, person = visit.desk.setup.announcing, visit.now, visit.person
    step = form.text("stap")
    with visit.desk.web.store.writing() as session:
        found = _get(visit, session)
        common = (session, person, PLACE, now, found.id)
        version = _version(form)
        outcome: Outcome
        match step:
            case Act.SUBMIT:
                outcome = announcing.submit(*common, version)
            case Act.PUBLISH:
                outcome = announcing.publish(*common, version)
            case Act.SCHEDULE:
                outcome = announcing.schedule(*common, version=version)
            case Act.APPROVE:
                outcome = announcing.approve(*common, version)
            case Act.REJECT:
                outcome = announcing.reject(*common, form.text("reden")[:500])
            case Act.RETRACT:
                outcome = announcing.retract(*common, form.text("reden")[:500])
            case Act.RETRY:
                outcome = announcing.retry(*common)
            case Act.CANCEL:
                outcome = announcing.cancel(*common, form.choices("plaats") or ("",))
            case Act.DUPLICATE:
                outcome = announcing.duplicate(*common)
            case _:
                outcome = Refused(reason="Kies wat er met de aankondiging moet gebeuren.")
    if isinstance(outcome, Saved):
        done = outcome.note or f"{capitalised(STATE_NAMES[outcome.announcement.state])}."
        return visit.onward(f"/beheer/aankondigingen/{outcome.announcement.id}", done)
    return _one(visit, _why_not(visit, outcome, found), 409 if isinstance(outcome, Conflict) else 422)


def _why_not(visit: Visit, outcome: Outcome, found: Announcement) -> str:
    match outcome:
        case Conflict():
            return (
                f"{outcome.who or 'Iemand anders'} wijzigde deze aankondiging intussen. "
                "Kijk ze na zoals ze hier nu staat, en kies dan opnieuw."
            )
        case Invalid():
            labels = _labels(fields_of(visit, found))
            return " ".join(
                f"{labels.get(name, 'Reden')}: {reason}" for name, reason in outcome.errors.items()
            )
        case Refused():
            return outcome.reason
        case _:
            return ""
