"""Whom the network did not reach in a period: the regions, kinds, groups and communities without anything.

A region is reached by an atrium in one of its municipalities, a kind by an atrium of it, a thematic
group by an atrium on its theme, a community by a post of the bot or a question of a member.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from handlers.gazetteer import name_key
from handlers.model import Atrium, Community, Group, Kind, Span
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.sentences import enumeration
from handlers.wording.texts import kind_name

#: The kinds that are held when there is a reason: that there was none says nothing.
_WHEN_NEEDED = frozenset({Kind.THEMATISCH, Kind.OP_MAAT})


@dataclass(frozen=True, kw_only=True, slots=True)
class NotReached:
    """What was left out between two days, both included."""

    span: Span
    regions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    groups: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.regions or self.kinds or self.groups or self.silent or self.unasked)

    def lines(self) -> tuple[str, ...]:
        """One Dutch sentence for each of them; empty when everybody was reached."""
        told = (
            (say("bereik.streken"), self.regions),
            (say("bereik.soorten"), tuple(kind_name(kind) for kind in self.kinds)),
            (say("bereik.groepen"), self.groups),
            (say("bereik.zonder bericht"), self.silent),
            (say("bereik.zonder vraag"), self.unasked),
        )
        return tuple(
            say("bereik.regel", bereik=label, namen=enumeration(names)) for label, names in told if names
        )


def half_year_of(day: dt.date) -> Span:
    """The half of the calendar year in which a Brussels date falls."""
    if day.month <= 6:
        return Span(first=dt.date(day.year, 1, 1), last=dt.date(day.year, 6, 30))
    return Span(first=dt.date(day.year, 7, 1), last=dt.date(day.year, 12, 31))


def span_text(span: Span) -> str:
    """ "woensdag 1 juli 2026 tot en met donderdag 31 december 2026"."""
    first, last = (long_date(day) if day else "" for day in (span.first, span.last))
    return f"{first} tot en met {last}"


def not_reached(
    span: Span,
    *,
    atria: Iterable[Atrium],
    regions: Iterable[str],
    region_of: Callable[[str], str | None],
    groups: Iterable[Group],
    communities: Iterable[Community],
    posts: Mapping[str, int],
    questions: Mapping[str, int],
) -> NotReached:
    """Whom nothing was for in this period.

    Args:
        atria: of any period; cancelled ones and those outside it count for nothing.
        region_of: the moderators' region of a municipality.
        posts, questions: how many there were in each community, by its key.
    """
    held = [each for each in atria if not each.is_cancelled and span.holds(each.local_date)]
    visited = {each.region or region_of(each.municipality) for each in held}
    kinds = {each.kind for each in held}
    spoken = [name_key(f"{each.theme or ''} {each.title}") for each in held]
    known = list(communities)
    return NotReached(
        span=span,
        regions=tuple(each for each in regions if each not in visited),
        kinds=tuple(each for each in Kind if each not in kinds and each not in _WHEN_NEEDED),
        groups=tuple(
            each.name
            for each in groups
            if each.theme and not any(name_key(each.theme) in text for text in spoken)
        ),
        silent=tuple(each.name for each in known if not posts.get(each.key)),
        unasked=tuple(each.name for each in known if not questions.get(each.key)),
    )
