"""The form of an announcement: new, or changed; kept with what a colleague changed at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response

from bot.acting import Acting
from bot.outcomes import Conflict, Invalid, Outcome, Refused, Saved
from bot.web.console.agenda import moment
from bot.web.console.announcements import decided_texts, get, labels_of, targets, title
from bot.web.console.atrium_form import municipality_names
from bot.web.console.clashes import BASE_FIELD, Clash, base_of, base_text, clash_of, taken_text
from bot.web.console.forms import Form, typed
from bot.web.console.gate import Gate
from bot.web.console.visit import PLACE, Visit
from handlers.moderation.fields import MOST_PLACES, Field, Sort, fields, place_count
from handlers.moderation.lifecycle import State
from handlers.moderation.merging import Merged, merged
from handlers.wording.catalogue import say
from store.announcements import Announcement

Typed = Mapping[str, str | Sequence[str]]

NEW = "/beheer/aankondigingen/nieuw"

#: What stands below the places.
_LAST = frozenset({"organiser", "contact", "communities", "publish_on", "publish_at"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What a form says of keeping it: on its button, below it, and above everything else."""

    button: str
    hint: str
    notices: tuple[str, ...] = ()


def register_new(gate: Gate) -> None:
    """The addresses that look like that of an announcement called "nieuw"."""
    gate.page(NEW, _new)
    gate.act(NEW, _add)
    gate.act("/beheer/aankondigingen/voorbeeld", _preview)


def register(gate: Gate) -> None:
    gate.page("/beheer/aankondigingen/{number}/wijzigen", _edit)
    gate.act("/beheer/aankondigingen/{number}/wijzigen", _save)


# --- pages -------------------------------------------------------------------------------------------


def _new(visit: Visit) -> Response:
    return _form(visit, {}, title=say("beheer aankondiging.nieuw"), action=NEW)


def _edit(visit: Visit) -> Response:
    with visit.desk.web.store.reading() as session:
        found = get(visit, session)
    return _form_of(visit, found, found.typed)


def _form_of(visit: Visit, found: Announcement, values: Typed, status: int = 200, **more: object) -> Response:
    shown: dict[str, object] = {
        "title": say("beheer aankondiging.wijzig wat", titel=title(found)),
        "action": f"/beheer/aankondigingen/{found.id}/wijzigen",
        "version": found.version,
        "base": base_text(found.typed),
        "back": f"/beheer/aankondigingen/{found.id}",
        "wording": _wording(visit, found),
    }
    return _form(visit, values, status, **{**shown, **more})


def _form(visit: Visit, values: Typed, status: int = 200, **more: object) -> Response:
    with visit.desk.web.store.reading() as session:
        context = visit.context(session)
    # All places stand in the page; those that are not needed yet are shown by a button.
    asked = fields(context, MOST_PLACES)
    shown = {
        "errors": {},
        "clash": None,
        "version": "",
        "base": "{}",
        "back": "/beheer/aankondigingen",
        "wording": _of_draft(),
        **more,
    }
    return visit.page(
        "aankondiging_formulier.html",
        status,
        first=[one for one in asked if one.place is None and one.name not in _LAST],
        places=[[one for one in asked if one.place == number] for number in range(1, MOST_PLACES + 1)],
        last=[one for one in asked if one.name in _LAST],
        values={one.name: values.get(one.name, () if one.sort is Sort.CHOICES else "") for one in asked},
        shown=place_count(values),
        labels=labels_of(asked),
        municipalities=municipality_names(),
        base_field=BASE_FIELD,
        is_typed=any(values.values()),
        **shown,
    )


# --- what keeping it means ---------------------------------------------------------------------------


def _of_draft() -> Wording:
    return Wording(
        button=say("beheer aankondiging.bewaar ontwerp"), hint=say("beheer aankondiging.uitleg ontwerp")
    )


def _wording(visit: Visit, found: Announcement) -> Wording:
    """What whoever changes this announcement must know before they keep it."""
    button = say("beheer aankondiging.bewaar wijziging")
    if found.state is State.AWAITING_APPROVAL:
        hint = say("beheer aankondiging.uitleg voorgelegd")
        return Wording(button=button, hint=hint, notices=(who_agrees(visit, found),))
    if found.state is not State.SCHEDULED or found.publish_at is None:
        return _of_draft()
    hint = say("beheer aankondiging.uitleg gepland", wanneer=moment(found.publish_at, visit.now))
    return Wording(button=button, hint=hint, notices=tuple(plan_notices(visit, found)))


def who_agrees(visit: Visit, found: Announcement) -> str:
    """Who may agree to what this person changes."""
    with visit.desk.web.store.reading() as session:
        names = Acting(session=session, person=visit.person, place=PLACE, now=visit.now).names()
    if found.author in names or not found.author_name:
        return say("beheer aankondiging.wie keurt goed")
    return say("beheer aankondiging.wie keurt goed met naam", wie=found.author_name)


def plan_notices(visit: Visit, found: Announcement) -> list[str]:
    """What a change does to what was decided on a planned announcement."""
    previewing = visit.desk.setup.announcing.previewing
    told = []
    who = found.approver_name
    if previewing.is_too_many(found.members):
        told.append(
            say("beheer aankondiging.opnieuw goedkeuren met naam", wie=who)
            if who
            else say("beheer aankondiging.opnieuw goedkeuren")
        )
        told.append(who_agrees(visit, found))
    elif who:
        told.append(say("beheer aankondiging.goedkeuring gold", wie=who))
    with visit.desk.web.store.reading() as session:
        decided = decided_texts(visit, session, found)
    if decided:
        told.append(" ".join([*decided, say("beheer aankondiging.ander moment")]))
    return told


# --- acts --------------------------------------------------------------------------------------------


def _known(visit: Visit) -> Sequence[Field]:
    with visit.desk.web.store.reading() as session:
        return fields(visit.context(session), MOST_PLACES)


def _values(visit: Visit, form: Form) -> dict[str, str | tuple[str, ...]]:
    """The values of the known fields that hold any, as the form of the domain takes them."""
    return {name: value for name, value in typed(form, _known(visit)).items() if value}


def _add(visit: Visit, form: Form) -> Response:
    values = _values(visit, form)
    if not values:
        empty = {"kind": say("beheer aankondiging.niets ingevuld")}
        return _form(visit, values, 422, title=say("beheer aankondiging.nieuw"), action=NEW, errors=empty)
    with visit.desk.web.store.writing() as session:
        outcome = visit.desk.setup.announcing.save(session, visit.person, PLACE, visit.now, values)
    if isinstance(outcome, Saved):
        done = say("beheer aankondiging.bewaard")
        return visit.onward(f"/beheer/aankondigingen/{outcome.announcement.id}", done)
    return _not_saved(visit, values, outcome, None, form)


def _save(visit: Visit, form: Form) -> Response:
    values = _values(visit, form)
    with visit.desk.web.store.writing() as session:
        found = get(visit, session)
        outcome = visit.desk.setup.announcing.save(
            session, visit.person, PLACE, visit.now, values, found.id, version_in(form), base_of(form)
        )
    if isinstance(outcome, Saved):
        taken = taken_text(labels_of(_known(visit)), outcome.taken)
        done = f"{outcome.note or say('aankondiging.bewaard')} {taken}".strip()
        return visit.onward(f"/beheer/aankondigingen/{found.id}", done)
    return _not_saved(visit, values, outcome, found, form)


def _not_saved(
    visit: Visit, values: Typed, outcome: Outcome, found: Announcement | None, form: Form
) -> Response:
    """The form again, with everything that was typed and why it was not kept."""
    more: dict[str, object] = {}
    status = 422
    if isinstance(outcome, Invalid):
        more["errors"] = outcome.errors
        if found is not None and form.has(BASE_FIELD):
            more |= {"base": form.lines(BASE_FIELD), "version": form.text("versie")}
    elif isinstance(outcome, Conflict):
        status, found = 409, outcome.theirs
        merge = outcome.merge or merged(None, outcome.theirs.typed, values)
        values, more["clash"] = merge.values, _clash(visit, outcome, merge)
    elif isinstance(outcome, Refused):
        status = 403
        more["clash"] = Clash(headline=outcome.reason)
    if found is not None:
        return _form_of(visit, found, values, status, **more)
    return _form(visit, values, status, title=say("beheer aankondiging.nieuw"), action=NEW, **more)


def _clash(visit: Visit, conflict: Conflict, merge: Merged) -> Clash:
    asked = _known(visit)
    who = conflict.who or say("beheer aankondiging.iemand anders")
    headline = say("beheer aankondiging.gewijzigd op", wie=who, wanneer=moment(conflict.at, visit.now))
    return clash_of(headline, asked, labels_of(asked), merge, conflict.theirs.typed)


def _preview(visit: Visit, form: Form) -> Response:
    """A piece of the page: what the form holds now, drawn; nothing is kept."""
    values = _values(visit, form)
    with visit.desk.web.store.reading() as session:
        preview = visit.desk.setup.announcing.preview(session, visit.person, PLACE, visit.now, values)
    return visit.page(
        "_voorbeeld.html",
        preview=preview,
        targets=targets(visit, preview),
        labels=labels_of(_known(visit)),
        in_form=True,
        is_typed=bool(values),
    )


def version_in(form: Form) -> int | None:
    """The version that a form was made for; one that no announcement has where it says none."""
    text = form.text("versie")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
