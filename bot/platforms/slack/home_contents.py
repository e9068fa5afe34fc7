"""What one person's home holds: read from the store, with every right that they have at that moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.announcing import Announcing
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.agreeing import waits_for
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.home import ATRIA, MINE, OWN, PLANNED, QUESTIONS, Desk, Filters, Home, Line, Own
from handlers.answers.following import follow_text
from handlers.answers.question import Question
from handlers.answers.unread import Why
from handlers.context import Context
from handlers.gazetteer import PROVINCE_PREFIX, gazetteer
from handlers.model import Atrium, Follow, FollowWhat, Kind, Query
from handlers.moderation.draft import title_of
from handlers.moderation.lifecycle import STATE_NAMES, State
from handlers.moderation.permissions import asked_where, may_change, may_steer, moderates
from handlers.reading.model import Intent, Reading
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, date_with_year, local_day
from scheduler.preview import StoredOutbox
from store.announcements import Announcement
from store.questions import open_questions

#: How far ahead moderators see what is planned.
AHEAD = dt.timedelta(days=14)

#: Why a question was not answered that moderators may want to answer: it is about the network.
_OURS = frozenset(Why) - {Why.ELSEWHERE}


def home_of(
    session: Session, actor: Actor, filters: Filters, announcing: Announcing, notice: str = ""
) -> Home:
    """The home of whoever looks at it."""
    context, person = actor.context, actor.person
    question = Question(reading=Reading(text="", intent=Intent.HELP), context=context)
    atria = context.agenda.upcoming(_query(filters, context))
    return Home(
        mine=[_line(atrium, context, why) for atrium, why in mine(question)[:MINE]],
        follows=[(each, follow_text(each, question)) for each in person.follows],
        agenda=[_line(each, context) for each in atria[:ATRIA]],
        more=len(atria) > ATRIA,
        filters=filters,
        provinces=gazetteer().provinces,
        themes=context.vocabulary.themes,
        agenda_url=f"{context.public_url}/",
        municipality=person.municipality,
        desk=_desk(session, actor, announcing) if moderates(person) else None,
        notice=notice,
    )


def mine(question: Question) -> list[tuple[Atrium, str]]:
    """The atria to come that are somebody's, each once, by start, and why they are."""
    found: dict[str, tuple[Atrium, str]] = {}
    for query, why in _wishes(question):
        for atrium in question.context.agenda.upcoming(query):
            found.setdefault(atrium.uid, (atrium, why))
    for follow in question.context.person.follows:
        followed = _followed(follow, question.context)
        if followed is not None:
            found.setdefault(followed.uid, (followed, say("slack.volgt atrium")))
    return sorted(found.values(), key=lambda each: (each[0].starts_at, each[0].uid))


def _followed(follow: Follow, context: Context) -> Atrium | None:
    if follow.what is not FollowWhat.ATRIUM:
        return None
    atrium = context.agenda.find(follow.value, context.reads)
    return atrium if atrium is not None and atrium.starts_at >= context.now else None


def _wishes(question: Question) -> Iterator[tuple[Query, str]]:
    """What to look for, and why what is found is theirs."""
    context = question.context
    to_come = Query(begins_from=context.now, visible_to=context.reads, limit=MINE)
    for follow in context.person.follows:
        query = _of_follow(follow, to_come)
        if query is not None:
            yield query, say("slack.volgt", wat=follow_text(follow, question))
    yield from _of_municipality(context, to_come)


def _of_follow(follow: Follow, query: Query) -> Query | None:
    match follow.what:
        case FollowWhat.ALL:
            return query
        case FollowWhat.KIND:
            return replace(query, kinds=frozenset({Kind(follow.value)}))
        case FollowWhat.REGION:
            return replace(query, region=follow.value)
        case FollowWhat.THEME:
            return replace(query, theme=follow.value)
        case FollowWhat.PLACE if follow.value.startswith(PROVINCE_PREFIX):
            return replace(query, province=follow.value.removeprefix(PROVINCE_PREFIX))
        case FollowWhat.PLACE:
            return replace(query, municipality=follow.value)
        case FollowWhat.ATRIUM:
            return None


def _of_municipality(context: Context, query: Query) -> Iterator[tuple[Query, str]]:
    """The Lokaal Atrium of one's region, the Provinciaal one of one's province, that of the centrumsteden."""
    home = context.person.municipality
    if home is None:
        return
    why = say("slack.je werkt in", gemeente=home)
    region, province = context.agenda.region_of(home), gazetteer().province_of(home)
    if region is not None:
        yield replace(query, kinds=frozenset({Kind.LOKAAL}), region=region), why
    if province is not None:
        yield replace(query, kinds=frozenset({Kind.PROVINCIAAL}), province=province), why
    if home in gazetteer().centrumsteden:
        yield replace(query, kinds=frozenset({Kind.CENTRUMSTEDEN})), why


def _query(filters: Filters, context: Context) -> Query:
    """One more than a page, to know whether there is more."""
    return Query(
        kinds=frozenset(each for each in Kind if each.value == filters.kind),
        province=filters.province,
        theme=filters.theme,
        begins_from=context.now,
        visible_to=context.reads,
        limit=ATRIA + 1,
        offset=filters.page * ATRIA,
    )


def _line(atrium: Atrium, context: Context, why: str = "") -> Line:
    url = f"{context.public_url}/atria/{atrium.uid}" if atrium.is_public else None
    return Line(brief=brief_text(atrium, context.now), url=url, why=why)


# --- what moderators have to do ----------------------------------------------------------------------------


def _desk(session: Session, actor: Actor, announcing: Announcing) -> Desk:
    person, context = actor.person, actor.context
    by = Acting(session=session, person=person, place=NAME, now=context.now)
    known = announcing.list_announcements(session, person, context.now, limit=50)
    return Desk(
        drafts=tuple(_draft(each, by) for each in known if each.state in _UNFINISHED)[:OWN],
        announced=tuple(_announced(known, actor))[:OWN],
        planned=tuple(_planned(session, actor, announcing)),
        questions=_questions(session, actor),
    )


_UNFINISHED = frozenset({State.DRAFT, State.AWAITING_APPROVAL, State.SCHEDULED})


def _draft(announcement: Announcement, by: Acting) -> Own:
    title = title_of(announcement.drafts[0]) if announcement.drafts else ""
    return Own(
        key=str(announcement.id),
        text=f"{title or say('slack.zonder titel')} ({STATE_NAMES[announcement.state]})",
        waits=waits_for(announcement, by),
        is_draft=announcement.state is State.DRAFT,
    )


def _announced(known: Sequence[Announcement], actor: Actor) -> Iterator[Own]:
    """The atria to come that were announced and are theirs to change."""
    context = actor.context
    for uid in dict.fromkeys(uid for each in known for uid in each.atria):
        atrium = context.agenda.find(uid, context.reads)
        if atrium is None or atrium.is_cancelled or atrium.starts_at <= context.now:
            continue
        if may_change(actor.person, context.agenda, atrium):
            yield Own(key=uid, text=brief_text(atrium, context.now))


def _planned(session: Session, actor: Actor, announcing: Announcing) -> Iterator[str]:
    now, person = actor.context.now, actor.person
    names = {each.key: each.name for each in actor.context.communities if may_steer(person, each)}
    port = StoredOutbox(session, announcing.rules, now)
    for post in port.planned(list(names), now + AHEAD, actor.context.reads)[:PLANNED]:
        leaves = post.leaves or post.at
        at = f"{date_with_year(local_day(leaves))}, {clock_text(leaves)} u."
        held = say("sturen.achter tegengehouden") if post.state == "held" else ""
        yield f"{at}, {names[post.community]}{held}: {post.text or say('slack.een bericht')}"


def _questions(session: Session, actor: Actor) -> tuple[str, ...] | None:
    """What waits for an answer where this person moderates; None for whoever moderates no community."""
    where = asked_where(actor.person, actor.context.communities)
    if where is not None and not where:
        return None
    return tuple(f"“{each.text}”" for each in open_questions(session, where, QUESTIONS, reasons=_OURS))
