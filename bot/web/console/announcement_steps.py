"""Each step in the life of an announcement; what members would read of it is shown and asked first."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Response
from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.calling_off import CalledOff
from bot.outcomes import Conflict, Invalid, Outcome, Refused, Saved
from bot.web.console.agenda import line_of as atrium_line
from bot.web.console.agenda import notices_of
from bot.web.console.announcement_form import version_in
from bot.web.console.announcements import fields_of, get, labels_of, line_of, page_of, when_text
from bot.web.console.forms import Form
from bot.web.console.gate import Gate
from bot.web.console.visit import PLACE, Visit
from handlers.moderation.lifecycle import OUT, STATE_NAMES, Act, leaves_at_once
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised
from scheduler.quiet_hours import why_not_then
from store.agenda import StoredAgenda
from store.announcements import Announcement

#: The field by which the page that asks says that it asked.
SURE = "zeker"


def register(gate: Gate) -> None:
    gate.page("/beheer/aankondigingen/{number}/annuleren", _ask_to_cancel)
    gate.page("/beheer/aankondigingen/{number}/intrekken", _ask_to_retract)
    gate.act("/beheer/aankondigingen/{number}/stap", _step)


# --- asking ------------------------------------------------------------------------------------------


def _ask_to_cancel(visit: Visit) -> Response:
    chosen = visit.request.query_params.getlist("plaats")
    with visit.desk.web.store.writing() as session:
        found = get(visit, session)
        uids = [uid for uid in found.atria if uid in chosen]
        effect = visit.desk.setup.announcing.called_off(session, visit.person, visit.now, uids)
    if not uids:
        return page_of(visit, say("aankondiging.kies plaatsen"), 422)
    if not effect.uids:
        return page_of(visit, say("aankondiging.niets te annuleren"), 422)
    return _asked(visit, found, Act.CANCEL, effect)


def _ask_to_retract(visit: Visit) -> Response:
    with visit.desk.web.store.writing() as session:
        found = get(visit, session)
        uids = found.atria if found.state in OUT else ()
        effect = visit.desk.setup.announcing.called_off(session, visit.person, visit.now, uids)
    return _asked(visit, found, Act.RETRACT, effect)


def _asked(visit: Visit, found: Announcement, act: Act, effect: CalledOff) -> Response:
    """The page that shows what will be posted where, and asks whether that is meant."""
    with visit.desk.web.store.reading() as session:
        agenda = StoredAgenda(session)
        places = [each for uid in effect.uids if (each := agenda.find(uid, visit.reads)) is not None]
    line = line_of(found, visit, {})
    return visit.page(
        "aankondiging_zeker.html",
        found=found,
        line=line,
        act=act.value,
        is_out=found.state in OUT,
        uids=effect.uids,
        places=[atrium_line(each, visit.now) for each in places],
        notices=notices_of(visit, effect),
        edited=[one.name for one in effect.edited],
        sure=SURE,
    )


# --- doing -------------------------------------------------------------------------------------------


def _step(visit: Visit, form: Form) -> Response:
    announcing, now, person = visit.desk.setup.announcing, visit.now, visit.person
    step, reason, version = form.text("stap"), form.text("reden")[:500], version_in(form)
    with visit.desk.web.store.writing() as session:
        found = get(visit, session)
        if (onward := _to_ask(found, step, form)) is not None:
            return visit.onward(onward)
        if (warned := _to_mind(visit, session, found, step, form)) is not None:
            return warned
        common = (session, person, PLACE, now, found.id)
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
                outcome = announcing.reject(*common, reason)
            case Act.RETRACT:
                outcome = announcing.retract(*common, reason)
            case Act.RETRY:
                outcome = announcing.retry(*common)
            case Act.CANCEL:
                outcome = announcing.cancel(*common, form.choices("plaats"), reason)
            case Act.DUPLICATE:
                outcome = announcing.duplicate(*common)
            case _:
                outcome = Refused(reason=say("beheer aankondiging.kies stap"))
    if isinstance(outcome, Saved):
        done = outcome.note or f"{capitalised(STATE_NAMES[outcome.announcement.state])}."
        return visit.onward(f"/beheer/aankondigingen/{outcome.announcement.id}", done)
    return page_of(visit, _why_not(visit, outcome, found), 409 if isinstance(outcome, Conflict) else 422)


def _to_ask(found: Announcement, step: str, form: Form) -> str | None:
    """The page that asks first, for a step that members would read of; None when it was asked."""
    page = f"/beheer/aankondigingen/{found.id}"
    if step == Act.PUBLISH and found.state not in OUT and not form.text(SURE):
        return f"{page}/nu"
    if form.text(SURE) or found.state not in OUT:
        return None
    if step == Act.RETRACT:
        return f"{page}/intrekken"
    chosen = [("plaats", each) for each in form.choices("plaats")]
    return f"{page}/annuleren?{urlencode(chosen)}" if step == Act.CANCEL and chosen else None


def _to_mind(visit: Visit, session: Session, found: Announcement, step: str, form: Form) -> Response | None:
    """The page that asks whether to agree to what then leaves at once, while the bot is quiet by itself."""
    why = why_not_then(visit.now, visit.desk.rules.attention)
    posts_now = found.communities and leaves_at_once(found.publish_at, visit.now)
    if step != Act.APPROVE or form.text(SURE) or not why or not posts_now:
        return None
    by = Acting(session=session, person=visit.person, place=PLACE, now=visit.now)
    if version_in(form) != found.version or by.refusal(found, Act.APPROVE):
        return None
    return visit.page(
        "aankondiging_goedkeuren.html",
        409,
        found=found,
        line=line_of(found, visit, {}),
        why=why,
        agreeing=when_text(visit, found, may_agree=True),
        sure=SURE,
    )


def _why_not(visit: Visit, outcome: Outcome, found: Announcement) -> str:
    match outcome:
        case Conflict():
            who = outcome.who or say("beheer aankondiging.iemand anders")
            return say("beheer aankondiging.intussen gewijzigd", wie=who)
        case Invalid():
            labels = labels_of(fields_of(visit, found))
            other = say("beheer aankondiging.reden")
            return " ".join(f"{labels.get(name, other)}: {reason}" for name, reason in outcome.errors.items())
        case Refused():
            return outcome.reason
        case _:
            return ""
