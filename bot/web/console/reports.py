"""What came of it all: posts and questions per week, reach, the rhythm of each group, who was missed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.web.console import charts
from bot.web.console.charts import Series
from bot.web.console.gate import Gate
from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from handlers.model import BRUSSELS, Atrium, Kind
from handlers.rhythm import NORMS, YEAR, Rhythm, rhythms
from handlers.wording.dates import brief_date, local_day, numeric_date
from handlers.wording.texts import kind_name
from store import counts
from store.agenda import StoredAgenda, agenda_version, atria_between
from store.reach import member_counts

WEEKS = 12
HALF_YEAR = dt.timedelta(days=182)
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """One community: its members where known, and what it got in these weeks."""

    name: str
    members: int | None
    posts: int
    questions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """What the agenda tells of rhythm and reach; it changes only with the agenda and the day."""

    rhythm: tuple[Rhythm, ...]
    silent_kinds: tuple[str, ...]
    silent_regions: tuple[str, ...]


class Reports:
    """Remembers what the whole agenda was walked through for, by its version, the day and who looks."""

    def __init__(self) -> None:
        self._known: dict[frozenset[str], tuple[tuple[int, dt.date], Agenda]] = {}

    def agenda(self, session: Session, visit: Visit) -> Agenda:
        mark = (agenda_version(session), local_day(visit.now))
        known = self._known.get(visit.reads)
        if known is None or known[0] != mark:
            known = (mark, _agenda(session, visit))
            if len(self._known) > 50:
                self._known.clear()
            self._known[visit.reads] = known
        return known[1]


def register(gate: Gate) -> None:
    reports = Reports()
    gate.page("/beheer/verslag", lambda visit: _report(visit, reports))


def _report(visit: Visit, reports: Reports) -> Response:
    weeks = _weeks(visit.now)
    first = _instant(weeks[0])
    everywhere = visit.person.role in EVERYWHERE
    keys = [one.key for one in visit.communities if everywhere or one.key in visit.reads]
    with visit.desk.web.store.reading() as session:
        told = reports.agenda(session, visit)
        posts = counts.posts_by_day(session, keys, first)
        asked = counts.questions_by_day(session, keys, first)
        members = member_counts(session, visit.now)
    names = {one.key: one.name for one in visit.communities}
    posted, questioned = _by_key(posts), _by_key(asked)
    reach = [
        Reach(
            name=names[key],
            members=members.get(key),
            posts=posted.get(key, 0),
            questions=questioned.get(key, 0),
        )
        for key in keys
    ]
    by_week = (_by_week(posts, weeks), _by_week(asked, weeks))
    labels = [numeric_date(week) for week in weeks]
    chart = charts.bars(
        "Berichten en vragen per week",
        labels,
        [Series(name="Berichten", values=by_week[0]), Series(name="Vragen", values=by_week[1])],
    )
    return visit.page(
        "verslag.html",
        chart=chart,
        weeks=list(
            zip(
                [f"week van {brief_date(week, local_day(visit.now))}" for week in weeks],
                *by_week,
                strict=True,
            )
        ),
        reach=sorted(reach, key=lambda each: (-each.posts, each.name)),
        rhythm=[(_group_name(each), each, _when(each, visit)) for each in told.rhythm],
        rhythm_charts=_rhythm_charts(told.rhythm),
        told=told,
        unreached=[each.name for each in reach if not each.posts and not each.questions],
        number_of_weeks=WEEKS,
    )


def _agenda(session: Session, visit: Visit) -> Agenda:
    agenda = StoredAgenda(session)
    now = visit.now
    found = atria_between(session, now - 2 * YEAR, now + YEAR)
    seen = [each for each in found if each.is_visible_to(visit.reads)]
    known_since = found[0].starts_at if found else None
    shown = rhythms(seen, agenda.regions(), now, known_since, agenda.region_of)
    if len(seen) != len(found):
        # A group with atria that may not be seen is left out: its rhythm would be untrue.
        true = rhythms(found, agenda.regions(), now, known_since, agenda.region_of)
        shown = [each for each in true if each in shown]
    near = [each for each in seen if now - HALF_YEAR <= each.starts_at <= now + HALF_YEAR]
    on = [each for each in near if not each.is_cancelled]
    kinds = {each.kind for each in on}
    hidden = {each.kind for each in found if not each.is_visible_to(visit.reads)}
    return Agenda(
        rhythm=tuple(shown),
        silent_kinds=tuple(kind_name(kind) for kind in Kind if kind not in kinds | hidden),
        silent_regions=tuple(sorted(_silent(on, agenda))),
    )


def _silent(atria: Sequence[Atrium], agenda: StoredAgenda) -> set[str]:
    reached = {
        each.region or agenda.region_of(each.municipality) for each in atria if each.kind is Kind.LOKAAL
    }
    return set(agenda.regions()) - {region for region in reached if region}


def _group_name(rhythm: Rhythm) -> str:
    name = kind_name(rhythm.kind)
    return f"{name} {rhythm.group}" if rhythm.group else name


def _when(rhythm: Rhythm, visit: Visit) -> tuple[str, str]:
    today = local_day(visit.now)
    return (
        brief_date(local_day(rhythm.last), today) if rhythm.last else "",
        brief_date(local_day(rhythm.following), today) if rhythm.following else "",
    )


def _rhythm_charts(told: Sequence[Rhythm]) -> list[tuple[str, Markup]]:
    """For each kind with a promise: what was held in a year, in a frame of what was promised."""
    made = []
    for kind in NORMS:
        rows = [
            (each.group or "Heel Vlaanderen", each.held, each.norm.at_least)
            for each in told
            if each.kind is kind
        ]
        if rows:
            name = kind_name(kind, 2)
            made.append((name, charts.lying(f"{name}: gehouden in het voorbije jaar", rows)))
    return made


def _weeks(now: dt.datetime) -> list[dt.date]:
    today = local_day(now)
    monday = today - dt.timedelta(days=today.weekday())
    return [monday - WEEK * number for number in range(WEEKS - 1, -1, -1)]


def _instant(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def _by_key(found: Mapping[tuple[str, dt.date], int]) -> Mapping[str, int]:
    totals: Counter[str] = Counter()
    for (key, _), number in found.items():
        totals[key] += number
    return totals


def _by_week(found: dict[tuple[str, dt.date], int], weeks: Sequence[dt.date]) -> list[int]:
    totals = dict.fromkeys(weeks, 0)
    for (_, day), number in found.items():
        monday = day - dt.timedelta(days=day.weekday())
        if monday in totals:
            totals[monday] += number
    return list(totals.values())
