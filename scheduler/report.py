"""What the moderators' overview tells, gathered from outbox, questions and agenda."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from handlers.answers.unread import Why
from handlers.model import Community
from handlers.posts.moderators import ModeratorsOverview, PostLine
from handlers.rhythm import YEAR, Rhythm, behind, rhythms
from handlers.wording.catalogue import Said
from handlers.wording.reasons import reason_text
from scheduler.look import Look
from scheduler.moments import monday_of
from scheduler.plan import ANSWER, MODERATORS
from store import outbox, precedents, questions
from store.agenda import StoredAgenda, atria_between
from store.outbox import Entry
from store.reporting import unsaid_since
from store.states import OutboxState

WEEK = dt.timedelta(days=7)

#: Examples of unanswered questions.
MOST_EXAMPLES = 3

#: An overview without content, an edit that was undone: nobody misses these.
EXPECTED = frozenset({"reden.niets te melden", "reden.teruggedraaid"})

BECAME = Said(
    {
        OutboxState.FAILED: "bericht.mislukt",
        OutboxState.SKIPPED: "bericht.overgeslagen",
        OutboxState.AMBIGUOUS: "bericht.onzeker",
        OutboxState.HELD: "bericht.tegengehouden",
    }
)

#: How far back atria are read to see who met when.
LOOK_BACK = 2 * YEAR


def report(view: Look, community: Community) -> ModeratorsOverview:
    """The overview for moderators at the moment of the look, as far as their community may see it."""
    now = view.now
    since = precedents.last_sent_at(view.session, community.key, MODERATORS) or now - WEEK
    asked = questions.unread(view.session, since, (Why.ELSEWHERE,))
    examples = Counter(" ".join(each.text.split()) for each in asked).most_common(MOST_EXAMPLES)
    unsaid = unsaid_since(view.session, since, EXPECTED)
    return ModeratorsOverview(
        monday=monday_of(now),
        planned=tuple(_lines(view, community, _coming(view))),
        troubles=tuple(_lines(view, community, [each for each in unsaid if each.kind != MODERATORS])),
        unanswered=len(asked),
        examples=tuple(examples),
        behind=tuple(behind(_rhythms(view, community))),
    )


def _coming(view: Look) -> list[Entry]:
    """What goes out in the coming week, with what a moderator holds back."""
    planned = (OutboxState.PLANNED, OutboxState.HELD)
    entries = outbox.entries(view.session, planned, due_before=view.now + WEEK)
    return [each for each in entries if each.kind not in (ANSWER, MODERATORS)]


def _lines(view: Look, community: Community, entries: Sequence[Entry]) -> list[PostLine]:
    """These posts as lines; one about an atrium that may not be seen here is told without its title."""
    here = frozenset({community.key})
    names = {each.key: each.name for each in view.communities}
    lines = []
    for entry in entries:
        atrium = view.atrium(entry.atrium_uid)
        became = BECAME.get(entry.state)
        note = f"{became}: {reason_text(entry.reason)}" if became and entry.reason else became
        seen = atrium is not None and atrium.is_visible_to(here)
        lines.append(
            PostLine(
                at=entry.due_at,
                community=names.get(entry.community_key or "", entry.community_key or entry.platform),
                kind=entry.kind,
                about=atrium.title if atrium is not None and seen else None,
                note=note,
            )
        )
    return lines


def _rhythms(view: Look, community: Community) -> list[Rhythm]:
    """How each group keeps its rhythm; nothing of a group with atria that may not be seen here."""
    agenda = StoredAgenda(view.session)
    here = frozenset({community.key})
    atria = atria_between(view.session, view.now - LOOK_BACK, view.now + YEAR)
    known_since = atria[0].starts_at if atria else None
    regions, region_of = agenda.regions(), agenda.region_of
    seen = [each for each in atria if each.is_visible_to(here)]
    shown = rhythms(seen, regions, view.now, known_since, region_of)
    if len(seen) == len(atria):
        return shown
    true = rhythms(atria, regions, view.now, known_since, region_of)
    return [each for each in true if each in shown]
