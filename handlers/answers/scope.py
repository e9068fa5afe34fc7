"""Which atria are "for" a place, and when: the searches that a question stands for.

A Lokaal Atrium is for the region that the moderators' table gives a municipality, a Provinciaal
Atrium for the province whose capital holds it. Every search is limited to what the readers of the
answer may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.answers.narrowing import NO_NARROWING, Narrowing, keeping, narrowing_of
from handlers.answers.phrases import province_of_place
from handlers.answers.question import POLITICIANS, Question
from handlers.answers.several import alternation, each
from handlers.context import Context
from handlers.gazetteer import gazetteer
from handlers.model import BRUSSELS, BRUSSELS_CITY, Atrium, Kind, Query, Status
from handlers.reading.model import Reading

#: So many atria are looked at in one go to keep those that the store does not know how to search.
_PAGE = 200
#: Room for atria of today that are over already and fall away.
_SPARE = 10

#: Kinds that are for one place: asked without any, another region's would be a wrong answer.
BOUND_TO_PLACE = frozenset({Kind.LOKAAL, Kind.PROVINCIAAL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One look into the agenda.

    Attributes:
        narrowing: what is kept of what the store finds.
    """

    query: Query
    narrowing: Narrowing = NO_NARROWING


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The searches for one question, and what could not be searched.

    Attributes:
        unassigned: the municipality or region for which the moderators' table names no Lokaal Atrium.
        region: the moderators' region that answers for the place, where one does.
        place: the place it is about, the asker's own included; None when there is none, or several.
        parts: the scopes of the alternatives, where the question has any.
    """

    searches: tuple[Search, ...]
    place: str | None = None
    region: str | None = None
    unassigned: str | None = None
    parts: tuple[Scope, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The part of time that is searched; both ends aware UTC, None is open."""

    begins_from: dt.datetime | None = None
    begins_before: dt.datetime | None = None
    newest_first: bool = False


def place_of(reading: Reading, context: Context) -> str | None:
    """The place that is asked about; for "mijn lokaal atrium" where the asker works, if they told."""
    if reading.place:
        return reading.place
    return context.person.municipality if reading.mine else None


def midnight(day: dt.date) -> dt.datetime:
    """The first instant of a day in Brussels, in UTC."""
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def is_about_the_past(question: Question) -> bool:
    """Whether it asks for what has been, in so many words or by its period."""
    period = question.reading.period
    over = period is not None and period.last is not None and period.last < question.today
    return question.reading.past or over


def window_of(question: Question) -> Window:
    """What is searched: the period read, up to now for the past and from today on for the rest."""
    period, today = question.reading.period, question.today
    first = midnight(period.first) if period and period.first else None
    after = midnight(period.last + dt.timedelta(days=1)) if period and period.last else None
    if is_about_the_past(question):
        before = min(after, question.now) if after else question.now
        return Window(begins_from=first, begins_before=before, newest_first=True)
    start = midnight(today)
    return Window(begins_from=max(first, start) if first else start, begins_before=after)


def _base(reading: Reading, context: Context) -> Query:
    # A role beside a kind is the asker's own: it must not hide an atrium of that kind.
    return Query(
        kinds=frozenset({reading.kind} if reading.kind else ()),
        audience=None if reading.kind else reading.audience,
        theme=reading.theme,
        visible_to=context.reads,
    )


def _local_scope(base: Query, municipality: str, context: Context) -> Scope:
    region = context.agenda.region_of(municipality)
    if region is None:
        held = Search(query=replace(base, municipality=municipality))
        return Scope(searches=(held,), place=municipality, unassigned=municipality)
    return Scope(searches=(Search(query=replace(base, region=region)),), place=municipality, region=region)


def _capital(municipality: str) -> str | None:
    province = gazetteer().province_of(municipality)
    return gazetteer().capital_of(province) if province else None


def _municipality_scope(base: Query, reading: Reading, municipality: str, context: Context) -> Scope:
    held = Search(query=replace(base, municipality=municipality))
    capital = _capital(municipality)
    if reading.kind is Kind.LOKAAL:
        return _local_scope(base, municipality, context)
    if reading.kind is Kind.PROVINCIAAL and capital:
        return Scope(searches=(Search(query=replace(base, municipality=capital)),), place=municipality)
    if reading.kind is not None:
        return Scope(searches=(held,), place=municipality)
    searches = [held]
    region = context.agenda.region_of(municipality)
    if region:
        local = replace(base, kinds=frozenset({Kind.LOKAAL}), region=region)
        searches.append(Search(query=local))
    if capital and capital != municipality:
        provincial = replace(base, kinds=frozenset({Kind.PROVINCIAAL}), municipality=capital)
        searches.append(Search(query=provincial))
    found = gazetteer().municipality(municipality)
    if reading.mine and found and found.is_centrumstad:
        searches.append(Search(query=replace(base, kinds=frozenset({Kind.CENTRUMSTEDEN}))))
    return Scope(searches=tuple(searches), place=municipality, region=region)


def _region_scope(base: Query, reading: Reading, region: str, context: Context) -> Scope:
    known = region.casefold() in {name.casefold() for name in context.agenda.regions()}
    local = Search(query=replace(base, region=region))
    held = Search(query=base, narrowing=Narrowing(held_in=region))
    if reading.kind is Kind.LOKAAL:
        return Scope(
            searches=(local,) if known else (held,),
            place=region,
            region=region if known else None,
            unassigned=None if known else region,
        )
    searches = (local, held) if known and reading.kind is None else (held,)
    return Scope(searches=searches, place=region, region=region if known else None)


def scope_of(reading: Reading, context: Context) -> Scope:
    """Where to look for what this reading asks, all its alternatives together."""
    parts = [_scope_of_one(one, context) for one in each(reading)]
    scope = parts[0] if len(parts) == 1 else _together(parts)
    kept = narrowing_of(reading)
    return _narrowed(scope, kept) if kept else scope


def _narrowed(scope: Scope, kept: Narrowing) -> Scope:
    searches = (
        replace(search, narrowing=replace(kept, held_in=search.narrowing.held_in))
        for search in scope.searches
    )
    parts = tuple(_narrowed(part, kept) for part in scope.parts)
    return replace(scope, searches=tuple(searches), parts=parts)


def _together(parts: Sequence[Scope]) -> Scope:
    places = {part.place for part in parts}
    unassigned = list(dict.fromkeys(part.unassigned for part in parts))
    return Scope(
        searches=tuple(dict.fromkeys(search for part in parts for search in part.searches)),
        place=parts[0].place if len(places) == 1 else None,
        region=parts[0].region if len(places) == 1 else None,
        unassigned=alternation([place for place in unassigned if place]) if all(unassigned) else None,
        parts=tuple(parts),
    )


def _scope_of_one(reading: Reading, context: Context) -> Scope:
    base, place = _base(reading, context), place_of(reading, context)
    if place is None:
        return Scope(searches=(Search(query=base),))
    if place == BRUSSELS_CITY:
        return Scope(searches=(Search(query=replace(base, municipality=place)),), place=place)
    province = province_of_place(place)
    if province:
        return Scope(searches=(Search(query=replace(base, province=province)),), place=place)
    if gazetteer().municipality(place) is not None:
        return _municipality_scope(base, reading, place, context)
    return _region_scope(base, reading, place, context)


def _look(search: Search, window: Window, context: Context, limit: int) -> Iterable[Atrium]:
    query = replace(
        search.query,
        begins_from=window.begins_from,
        begins_before=window.begins_before,
        newest_first=window.newest_first,
        limit=limit + _SPARE,
    )
    if not search.narrowing:
        return context.agenda.upcoming(query)
    return _kept(search.narrowing, query, window, context)


def _kept(narrowing: Narrowing, query: Query, window: Window, context: Context) -> list[Atrium]:
    """What is kept of what the store finds, page after page until there is enough."""

    def about(theme: str) -> frozenset[str]:
        search = Search(query=Query(theme=theme, visible_to=query.visible_to))
        return frozenset(atrium.uid for atrium in find_in([search], window, context, _PAGE))

    keeps = keeping(narrowing, about)
    kept: list[Atrium] = []
    offset = 0
    while len(kept) < query.limit:
        page = context.agenda.upcoming(replace(query, limit=_PAGE, offset=offset))
        kept += filter(keeps, page)
        offset += _PAGE
        if len(page) < _PAGE:
            break
    return kept


def _without_theme(search: Search) -> Search:
    return replace(search, query=replace(search.query, theme=None, text=search.query.theme))


def find_in(searches: Iterable[Search], window: Window, context: Context, limit: int) -> list[Atrium]:
    """What these searches find, each atrium once, by start (newest first where so asked).

    What is over falls away unless the past is asked for. A theme that no atrium has is looked
    for in the titles and descriptions instead.
    """
    wanted = tuple(searches)
    found = {atrium.uid: atrium for search in wanted for atrium in _look(search, window, context, limit)}
    if not found and any(search.query.theme for search in wanted):
        return find_in([_without_theme(search) for search in wanted], window, context, limit)
    kept = [
        atrium
        for atrium in found.values()
        if window.newest_first or not (atrium.has_ended(context.now) or atrium.status is Status.VOORBIJ)
    ]
    kept.sort(key=lambda atrium: (atrium.starts_at, atrium.uid), reverse=window.newest_first)
    return kept[:limit]


def find(question: Question, limit: int) -> list[Atrium]:
    """The atria that the question is about, by start, at most `limit`."""
    scope = scope_of(question.reading, question.context)
    return find_in(scope.searches, window_of(question), question.context, limit)


def needs_municipality(question: Question) -> bool:
    """Whether "mijn atrium" is asked by somebody who never said where they work."""
    reading = question.reading
    # What is for a mayor does not depend on where: the Atrium Lokale Mandatarissen is for all of Flanders.
    for_politicians = reading.audience in POLITICIANS and reading.kind is None
    bound = (reading.kind is None and not for_politicians) or reading.kind in BOUND_TO_PLACE
    return reading.mine and bound and place_of(reading, question.context) is None and not question.focus
