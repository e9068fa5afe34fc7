"""What the bot is going to post: the calendar of the coming days, each post, and what can be done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.agenda import desk_page
from bot.web.console.announcements import Line, lines_of
from bot.web.console.forms import Form
from bot.web.console.gate import Gate
from bot.web.console.placing_now import SURE
from bot.web.console.post_moves import to_mind, why_not_moved
from bot.web.console.post_view import PostLine, Posts, version
from bot.web.console.previews import drawn
from bot.web.console.visit import PLACE, Visit
from handlers.changes import Change, Paused, PostHeld, PostReleased, PostRetried, PostSkipped, Resumed
from handlers.model import BRUSSELS, Community
from handlers.moderation.lifecycle import State
from handlers.moderation.permissions import may_pause
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, local_day, long_date, near_text
from scheduler.moments import next_allowed
from scheduler.plan import ANSWER
from scheduler.preview import ROUTINE, replies_of, reply_together
from store import outbox, post_acts
from store.communities import is_paused
from store.outbox import Entry, UnknownPostError
from store.post_acts import TransitionError
from store.states import OutboxState

DAYS = 14
AHEAD = dt.timedelta(days=DAYS)
BACK = dt.timedelta(days=14)

#: Posts of one page of the calendar, and of the list of what did not go out.
PAGE_SIZE = 60

STANDING = (OutboxState.PLANNED, OutboxState.HELD)
TROUBLED = (OutboxState.FAILED, OutboxState.AMBIGUOUS)
STRANDED = (OutboxState.FAILED, OutboxState.AMBIGUOUS, OutboxState.SKIPPED)

#: Step of the form -> the change that chat makes for the same, and the text that says so.
_CHANGES: Mapping[str, tuple[Callable[[int], Change], str]] = {
    "tegenhouden": (lambda number: PostHeld(post=number), "beheer bericht.is tegengehouden"),
    "loslaten": (lambda number: PostReleased(post=number), "beheer bericht.is losgelaten"),
    "schrappen": (lambda number: PostSkipped(post=number), "beheer bericht.is geschrapt"),
    "opnieuw": (lambda number: PostRetried(post=number), "beheer bericht.wordt geplaatst als"),
}

#: How somebody settles what the bot is not sure of -> what the post is then, and the text that says so.
_WAYS: Mapping[str, tuple[OutboxState, str]] = {
    "staat-er": (OutboxState.SENT, "beheer bericht.is genoteerd"),
    "plaats": (OutboxState.PLANNED, "beheer bericht.wordt geplaatst"),
    "laat": (OutboxState.SKIPPED, "beheer bericht.wordt niet geplaatst"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An announcement that leaves at this moment if another moderator agrees before."""

    date: dt.date
    hour: str
    line: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One day of the calendar."""

    date: dt.date
    name: str
    near: str | None
    posts: tuple[PostLine, ...]
    waiting: tuple[Waiting, ...] = ()


#: The field that says for which moment somebody read what there is to mind.
SEEN = "gezien"


class ToMindError(Exception):
    """There is something to mind before the step is done; the texts are Dutch."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__(*warnings)
        self.warnings = warnings


class StepRefusedError(Exception):
    """The step cannot be done; the text is Dutch and says why."""


def register(gate: Gate) -> None:
    gate.page("/beheer/berichten", _calendar)
    gate.page("/beheer/berichten/{number}", _post)
    gate.act("/beheer/berichten/{number}/stap", _step)
    gate.act("/beheer/pauze", _pause)


# --- looking ---------------------------------------------------------------------------------------


def _calendar(visit: Visit) -> Response:
    keys = {one.key for one in visit.communities}
    community = visit.asked("community")
    community = community if community in keys else ""
    view = visit.asked("wat") if visit.asked("wat") in {"niet-verstuurd", "geplaatst"} else ""
    start = _start(visit)
    offset = _number(visit.asked("vanaf-nr"))
    with visit.desk.web.store.reading() as session:
        entries = _entries(session, visit, view, community, start, offset)
        lines = Posts(visit, session).lines(entries[:PAGE_SIZE])
        waiting = _waiting(session, visit, community, start) if not view and not offset else []
        all_paused = is_paused(session, None)
    every = not view and not offset and len(entries) <= PAGE_SIZE
    days = _by_day(lines, start, visit, waiting, every=every)
    more = {
        "wat": view,
        "community": community,
        "van": start.isoformat(),
        "vanaf-nr": str(offset + PAGE_SIZE),
    }
    return visit.page(
        "berichten.html",
        days=days,
        view=view,
        community=community,
        start=start,
        total=len(lines) + len(waiting),
        is_continued=offset > 0,
        more=_address(more) if len(entries) > PAGE_SIZE else None,
        earlier=_address({"wat": view, "community": community, "van": (start - AHEAD).isoformat()})
        if not view and start > local_day(visit.now)
        else None,
        later=_address({"wat": view, "community": community, "van": (start + AHEAD).isoformat()})
        if not view
        else None,
        all_paused=all_paused,
        paused=[one for one in visit.communities if one.paused],
        may_pause_all=may_pause(visit.person, None),
        pausable=[one for one in visit.communities if may_pause(visit.person, one)],
    )


def _entries(
    session: Session, visit: Visit, view: str, community: str, start: dt.date, offset: int
) -> Sequence[Entry]:
    narrow = {"community": community or None, "limit": PAGE_SIZE + 1, "offset": offset}
    if view == "niet-verstuurd":
        return outbox.entries(
            session,
            STRANDED,
            newest_first=True,
            due_from=visit.now - BACK,
            not_kinds=(ANSWER,),
            not_reasons=ROUTINE,
            **narrow,  # type: ignore[arg-type]  # three of its own arguments by name
        )
    if view == "geplaatst":
        return outbox.entries(
            session,
            (OutboxState.SENT,),
            newest_first=True,
            due_from=visit.now - BACK,
            not_kinds=(ANSWER,),
            **narrow,  # type: ignore[arg-type]  # three of its own arguments by name
        )
    first = _midnight(start)
    return outbox.entries(
        session,
        STANDING,
        due_from=first if start > local_day(visit.now) else None,
        due_before=_midnight(start + AHEAD),
        not_kinds=(ANSWER,),
        **narrow,  # type: ignore[arg-type]  # three of its own arguments by name
    )


def _waiting(session: Session, visit: Visit, community: str, start: dt.date) -> list[Waiting]:
    """What would leave in these days and waits until another moderator agrees, by moment."""
    found = visit.desk.setup.announcing.list_announcements(
        session, visit.person, visit.now, (State.AWAITING_APPROVAL,)
    )
    chosen = []
    for each in found:
        if each.publish_at is not None and (not community or community in each.communities):
            at = next_allowed(each.publish_at, visit.desk.rules.attention)
            if at > visit.now and start <= local_day(at) < start + AHEAD:
                chosen.append((at, each))
    chosen.sort(key=lambda each: (each[0], each[1].id))
    lines = lines_of([each for _, each in chosen], visit, session)
    return [
        Waiting(date=local_day(at), hour=f"{clock_text(at)} u.", line=line)
        for (at, _), line in zip(chosen, lines, strict=True)
    ]


def _by_day(
    lines: Sequence[PostLine], start: dt.date, visit: Visit, waiting: Sequence[Waiting], *, every: bool
) -> list[Day]:
    today = local_day(visit.now)
    dates = list(dict.fromkeys(line.day for line in lines))
    if waiting:
        dates = sorted({*dates, *(each.date for each in waiting)})
    if every:
        dates = sorted({*dates, *(start + dt.timedelta(days=number) for number in range(DAYS))})
    return [
        Day(
            date=date,
            name=long_date(date),
            near=near_text(date, today) if date <= today + dt.timedelta(days=2) else None,
            posts=tuple(line for line in lines if line.day == date),
            waiting=tuple(each for each in waiting if each.date == date),
        )
        for date in dates
    ]


def _post(
    visit: Visit,
    problem: str = "",
    status: int = 200,
    typed: Form | None = None,
    warnings: Sequence[str] = (),
) -> Response:
    with visit.desk.web.store.reading() as session:
        entry = _get(session, visit)
        posts = Posts(visit, session)
        group = posts.group_of(entry)
        line = posts.line(*group)
        rules = visit.desk.rules
        if len(group) > 1:
            reply = reply_together(session, group, rules, visit.now)
        else:
            reply = replies_of(session, [entry], rules, visit.now).get(entry.id)
        if line.announcement is not None:
            reply = _announced(visit, session, line)
    local = entry.due_at.astimezone(BRUSSELS)
    return visit.page(
        "bericht.html",
        status,
        line=line,
        entry=entry,
        desk_page=desk_page,
        day=long_date(line.day),
        sent=f"{long_date(local_day(entry.sent_at))}" if entry.sent_at else None,
        preview=drawn(reply, entry.platform, visit) if reply else None,
        date=typed.text("datum") if typed else f"{local:%Y-%m-%d}",
        time=typed.text("uur") if typed else f"{local:%H:%M}",
        problem=problem,
        warnings=warnings,
    )


def _announced(visit: Visit, session: Session, line: PostLine) -> Reply | None:
    """What a planned announcement will say in the community of this post, for who may read that."""
    announcing, number = visit.desk.setup.announcing, line.announcement or 0
    found = announcing.get(session, visit.person, visit.now, number)
    if found is None:
        return None
    preview = announcing.preview(session, visit.person, PLACE, visit.now, found.typed)
    here = (each.reply for each in preview.targets if each.community.key == line.community_key)
    return next(here, None)


def _get(session: Session, visit: Visit) -> Entry:
    number = _number(visit.path("number"))
    try:
        entry = outbox.get_entry(session, number)
    except UnknownPostError:
        raise HTTPException(404, say("beheer bericht.is er niet")) from None
    if not Posts(visit, session).is_seen(entry):
        raise HTTPException(404, say("beheer bericht.is er niet"))
    return entry


# --- doing -----------------------------------------------------------------------------------------


def _step(visit: Visit, form: Form) -> Response:
    if form.text("stap") == "nu" and not form.text(SURE):
        # What people read at once is asked first.
        chosen_place = urlencode({"plaats": form.text("plaats")})
        return visit.onward(f"/beheer/berichten/{_number(visit.path('number'))}/nu?{chosen_place}")
    try:
        with visit.desk.web.store.writing() as session:
            entry = _get(session, visit)
            posts = Posts(visit, session)
            group = posts.group_of(entry)
            chosen = _chosen(group, form)
            if not all(posts.is_own(each) for each in chosen):
                raise HTTPException(403, say("beheer bericht.niet van jou"))
            if form.text("versie") != version(*group):
                raise StepRefusedError(say("beheer bericht.intussen iets gebeurd"))
            # One refusal undoes them all: a line is held, moved or dropped as a whole.
            done = ""
            for each in chosen:
                # What was said in one message is settled with the first of them.
                if outbox.get_entry(session, each.id).state is entry.state:
                    done = _carry_out(visit, session, each, form)
    except ToMindError as mind:
        return _post(visit, "", 409, form, mind.warnings)
    except StepRefusedError as refusal:
        return _post(visit, str(refusal), 409, form)
    except TransitionError as error:
        words = say("beheer bericht.kan niet meer")
        if not error.allowed:
            words = f"{words} {say('beheer bericht.niets aan te doen')}"
        return _post(visit, words, 409, form)
    return visit.onward(f"/beheer/berichten/{chosen[0].id}", done)


def _chosen(group: Sequence[Entry], form: Form) -> Sequence[Entry]:
    """The posts of the line that the step is for: all, or that of the one place that was chosen."""
    number = form.text("plaats")
    if not number:
        return group
    chosen = [each for each in group if str(each.id) == number]
    if not chosen:
        raise StepRefusedError(say("beheer bericht.plaats hoort er niet bij"))
    return chosen


def _carry_out(visit: Visit, session: Session, entry: Entry, form: Form) -> str:
    """Do one step in the transaction of the session; returns what to say of it."""
    step = form.text("stap")
    if step in _CHANGES:
        make, done = _CHANGES[step]
        context = visit.context(session)
        visit.carry_out(session, make(entry.id), context)
        return say(done)
    if step == "verplaatsen":
        due_at = _moment(form, visit.now)
        _look_before_moving(visit, session, entry, due_at, form)
        opens = next_allowed(due_at, visit.desk.rules.attention)
        after = post_acts.move(session, entry.id, due_at, visit.now, leaves_at=opens)
        _note(visit, session, "post moved", entry, after)
        day, hour = long_date(local_day(due_at)), clock_text(due_at)
        return say("beheer bericht.is verplaatst", dag=day, uur=hour)
    if step == "nu":
        _note(visit, session, "post sent now", entry, post_acts.send_now(session, entry.id, visit.now))
        return say("beheer bericht.wordt geplaatst als")
    return _resolved(visit, session, entry, form, step)


def _look_before_moving(
    visit: Visit, session: Session, entry: Entry, due_at: dt.datetime, form: Form
) -> None:
    """Raises `StepRefusedError` when nothing would be said then, `ToMindError` for what was not read yet."""
    if refusal := why_not_moved(session, entry, due_at):
        raise StepRefusedError(refusal)
    warnings = to_mind(session, entry, due_at, visit.desk.rules)
    if warnings and form.text(SEEN) != f"{form.text('datum')} {form.text('uur')}":
        raise ToMindError(warnings)


def _resolved(visit: Visit, session: Session, entry: Entry, form: Form, step: str) -> str:
    if step not in _WAYS:
        raise StepRefusedError(say("beheer bericht.kies stap"))
    to, done = _WAYS[step]
    message_id = form.text("bericht")[:300] or None
    if to is OutboxState.SENT and message_id is None:
        raise StepRefusedError(say("beheer bericht.geef link"))
    after = post_acts.resolve(session, entry.id, to, visit.now, message_id=message_id)
    _note(visit, session, "post resolved", entry, after)
    return say(done)


def _note(visit: Visit, session: Session, action: str, before: Entry, after: Entry) -> None:
    def told(entry: Entry) -> dict[str, object]:
        return {"state": entry.state.value, "due_at": entry.due_at.isoformat(), "reason": entry.reason}

    visit.note(session, action, after.key, told(before), told(after))


def _moment(form: Form, now: dt.datetime) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(form.text("datum"))
        time = dt.time.fromisoformat(form.text("uur"))
        at = dt.datetime.combine(day, time.replace(tzinfo=None), BRUSSELS).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise StepRefusedError(say("beheer bericht.vul moment in")) from None
    if at <= now:
        raise StepRefusedError(say("beheer bericht.moment voorbij"))
    if at > now + dt.timedelta(days=400):
        raise StepRefusedError(say("beheer bericht.jaar te ver"))
    return at


def _pause(visit: Visit, form: Form) -> Response:
    key = form.text("community") or None
    community = next((one for one in visit.communities if one.key == key), None)
    if key is not None and community is None:
        raise HTTPException(404, say("beheer bericht.community weg"))
    if not may_pause(visit.person, community):
        raise HTTPException(403, say("beheer bericht.pauzeren mag niet"))
    wanted = form.text("stap")
    if wanted not in {"pauzeer", "hervat"}:
        raise HTTPException(422, say("beheer bericht.kies pauzeren"))
    change: Change = Paused(community=key) if wanted == "pauzeer" else Resumed(community=key)
    with visit.desk.web.store.writing() as session:
        visit.carry_out(session, change, visit.context(session))
    return visit.onward("/beheer/berichten", _told_of(community, wanted))


def _told_of(community: Community | None, step: str) -> str:
    """What is said after pausing or resuming; None is for all communities."""
    if community is None:
        return (
            say("beheer bericht.alles is gepauzeerd")
            if step == "pauzeer"
            else say("beheer bericht.alles is hervat")
        )
    if step == "pauzeer":
        return say("beheer bericht.is gepauzeerd", community=community.name)
    return say("beheer bericht.is hervat", community=community.name)


# --- small ------------------------------------------------------------------------------------------


def _start(visit: Visit) -> dt.date:
    today = local_day(visit.now)
    try:
        asked = dt.date.fromisoformat(visit.asked("van"))
    except ValueError:
        return today
    return min(max(asked, today), today + dt.timedelta(days=366))


def _number(text: str) -> int:
    """The number in an address; 0 for what is none, which no post has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def _address(values: Mapping[str, str]) -> str:
    return f"/beheer/berichten?{urlencode({name: value for name, value in values.items() if value})}"
