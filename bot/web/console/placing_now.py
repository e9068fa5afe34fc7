"""Placing something at once is asked first: where it goes, how many read it, and whether it is the hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.announcements import get, title
from bot.web.console.gate import Gate
from bot.web.console.post_view import Posts, version
from bot.web.console.visit import PLACE, Visit
from handlers.moderation.lifecycle import TRANSITIONS, Act
from handlers.wording.catalogue import say
from scheduler.quiet_hours import why_not_then
from scheduler.rules import Attention
from store import outbox
from store.outbox import UnknownPostError
from store.states import OutboxState

#: The field by which the page that asks says that it asked.
SURE = "zeker"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """A community that reads it at once, and how many belong to it; None where nobody knows."""

    name: str
    members: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: of what, where it goes, and what the form sends when it is meant."""

    headline: str
    about: str
    back: str
    step: str
    version: str
    reached: Sequence[Reached]
    members: int | None
    place: str = ""


def register(gate: Gate) -> None:
    gate.page("/beheer/berichten/{number}/nu", _ask_of_post)
    gate.page("/beheer/aankondigingen/{number}/nu", _ask_of_announcement)


def _ask_of_post(visit: Visit) -> Response:
    number = visit.path("number")
    back, place = f"/beheer/berichten/{number}", visit.asked("plaats")
    with visit.desk.web.store.reading() as session:
        posts = Posts(visit, session)
        try:
            entry = outbox.get_entry(session, int(number) if number.isdecimal() and len(number) <= 15 else 0)
        except UnknownPostError:
            raise HTTPException(404, say("beheer bericht.is er niet")) from None
        if not posts.is_seen(entry):
            raise HTTPException(404, say("beheer bericht.is er niet"))
        group = posts.group_of(entry)
        line = posts.line(*group)
        if not line.own or entry.state not in (OutboxState.PLANNED, OutboxState.HELD) or line.is_leaving:
            return visit.onward(back)
        keys = [line.community_key]
        members = _members(visit, session, keys)
    chosen = next((each.name for each in line.places if str(each.id) == place), "")
    about = f"{line.kind.capitalize()}: {line.about}" if line.about else line.kind.capitalize()
    question = Question(
        headline=say("beheer bericht.nu vraag"),
        about=f"{about} ({chosen})" if chosen else about,
        back=back,
        step="nu",
        version=version(*group),
        reached=[Reached(name=line.community, members=members)],
        members=None,
        place=place,
    )
    return _asked(visit, question, "berichten")


def _ask_of_announcement(visit: Visit) -> Response:
    with visit.desk.web.store.reading() as session:
        found = get(visit, session)
        back = f"/beheer/aankondigingen/{found.id}"
        if found.state not in TRANSITIONS[Act.PUBLISH].of:
            return visit.onward(back)
        preview = visit.desk.setup.announcing.preview(session, visit.person, PLACE, visit.now, found.typed)
    reached = [Reached(name=each.community.name, members=each.members) for each in preview.targets]
    question = Question(
        headline=say("beheer aankondiging.nu vraag"),
        about=title(found),
        back=back,
        step=Act.PUBLISH.value,
        version=str(found.version),
        reached=reached,
        members=preview.members if len(reached) > 1 else None,
    )
    return _asked(visit, question, "aankondigingen")


def _members(visit: Visit, session: Session, keys: Collection[str]) -> int | None:
    return visit.desk.setup.announcing.previewing.members(session, keys, visit.now)


def _asked(visit: Visit, question: Question, here: str) -> Response:
    warning = _out_of_hours(visit.now, visit.desk.rules.attention)
    return visit.page("nu_plaatsen.html", asked=question, warning=warning, sure=SURE, here=here)


def _out_of_hours(now: dt.datetime, attention: Attention) -> str:
    """What to mind where the bot would say nothing of itself now; else empty."""
    reason = why_not_then(now, attention)
    return f"{reason} {say('beheer bericht.nu toch')}" if reason else ""
