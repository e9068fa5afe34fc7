"""Whom the network did not reach this half-year, by what the store holds."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers.model import Span
from handlers.reach import NotReached, half_year_of, not_reached
from handlers.wording.dates import local_day
from scheduler.moments import wall_clock
from store.agenda import StoredAgenda, atria_between
from store.communities import list_communities
from store.reporting import posts_by_community, questions_by_community


def not_reached_in(
    session: Session, now: dt.datetime, visible_to: frozenset[str], span: Span | None = None
) -> NotReached:
    """Whom nothing was for, in the half-year of `now` (aware UTC) or another period.

    Args:
        visible_to: keys of the communities that whoever asks may hear of; only those are told about, and
            what only others may see counts for nothing.
    """
    span = span or half_year_of(local_day(now))
    first = wall_clock(span.first or local_day(now), dt.time())
    end = wall_clock((span.last or local_day(now)) + dt.timedelta(days=1), dt.time())
    agenda = StoredAgenda(session)
    seen = [each for each in atria_between(session, first, end) if each.is_visible_to(visible_to)]
    return not_reached(
        span,
        atria=seen,
        regions=agenda.regions(),
        region_of=agenda.region_of,
        groups=agenda.groups(visible_to),
        communities=[each for each in list_communities(session) if each.key in visible_to],
        posts=posts_by_community(session, first, end),
        questions=questions_by_community(session, first, end),
    )
