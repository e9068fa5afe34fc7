"""What came of it all: posts and questions per week, reach, the rhythm of each group, who was missed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import HTTPException, Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.web.console import charts
from bot.web.console.csv_answer import csv_answer
from bot.web.console.gate import Gate
from bot.web.console.report_tables import (
    Counted,
    Table,
    missed_table,
    reach_table,
    rhythm_table,
    weeks_table,
)
from bot.web.console.rights import EVERYWHERE
from bot.web.console.visit import Visit
from handlers.model import BRUSSELS, Atrium, Kind
from handlers.rhythm import NORMS, YEAR, Rhythm, rhythms
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, local_day, numeric_date
from handlers.wording.texts import kind_name
from store import counts
from store.agenda import StoredAgenda, agenda_version, atria_between
from store.counts import ByDay
from store.reach import member_counts

WEEKS = 12
HALF_YEAR = dt.timedelta(days=182)
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """What the agenda tells of rhythm and reach; it changes only with the agenda and the day."""

    rhythm: tuple[Rhythm, ...]
    silent_kinds: tuple[Kind, ...]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The whole report, in the order of the page."""

    weeks: Table
    reach: Table
    rhythm: Table
    missed: Table
    chart: Markup
    rhythm_charts: list[tuple[str, Markup]]
    silent_kinds: list[str]
    silent_regions: Sequence[str]
    unreached: list[str]


def register(gate: Gate) -> None:
    reports = Reports()
    gate.page("/beheer/verslag", lambda visit: _report(visit, reports))
    gate.page("/beheer/verslag/{name}", lambda visit: _export(visit, reports))


def _report(visit: Visit, reports: Reports) -> Response:
    return visit.page("verslag.html", report=_told(visit, reports))


def _export(visit: Visit, reports: Reports) -> Response:
    """One table as a file; who may look at the report may take it along, with what they see of it."""
    told = _told(visit, reports)
    found = {f"{each.key}.csv": each for each in (told.weeks, told.reach, told.rhythm, told.missed)}
    name = visit.path("name")
    if name not in found:
        raise HTTPException(404, say("beheer verslag.geen tabel"))
    table = found[name]
    return csv_answer(f"verslag-{name}", [each.name for each in table.columns], table.rows)


def _told(visit: Visit, reports: Reports) -> Told:
    weeks = _weeks(visit.now)
    first = _instant(weeks[0])
    everywhere = visit.person.role in EVERYWHERE
    keys = [one.key for one in visit.communities if everywhere or one.key in visit.reads]
    with visit.desk.web.store.reading() as session:
        agenda = reports.agenda(session, visit)
        posts = counts.posts_by_day(session, keys, first)
        besides = counts.besides_by_day(session, keys, first, private=everywhere)
        asked = counts.questions_by_day(session, keys, first)
        members = member_counts(session, visit.now)
    reach = _reach(visit, keys, posts, besides, asked, members)
    today = local_day(visit.now)
    by_week = [
        Counted(
            name=say("beheer verslag.week van", dag=brief_date(week, today)),
            posts=one,
            besides=two,
            questions=three,
        )
        for week, one, two, three in zip(
            weeks, _by_week(posts, weeks), _by_week(besides, weeks), _by_week(asked, weeks), strict=True
        )
    ]
    silent_kinds = [kind_name(kind) for kind in agenda.silent_kinds]
    unreached = [each.name for each in reach if not each.posts and not each.questions]
    return Told(
        weeks=weeks_table(by_week),
        reach=reach_table(reach, WEEKS),
        rhythm=rhythm_table(agenda.rhythm, visit.now),
        missed=missed_table(silent_kinds, agenda.silent_regions, unreached),
        chart=charts.bars(
            say("beheer verslag.per week"),
            [numeric_date(week) for week in weeks],
            [[each.posts for each in by_week], [each.questions for each in by_week]],
        ),
        rhythm_charts=_rhythm_charts(agenda.rhythm),
        silent_kinds=silent_kinds,
        silent_regions=agenda.silent_regions,
        unreached=unreached,
    )


def _reach(
    visit: Visit,
    keys: Sequence[str],
    posts: ByDay,
    besides: ByDay,
    asked: ByDay,
    members: Mapping[str, int | None],
) -> list[Counted]:
    """Each community, the one that got most first."""
    names = {one.key: one.name for one in visit.communities}
    posted, changed, questioned = _by_key(posts), _by_key(besides), _by_key(asked)
    reach = [
        Counted(
            name=names[key],
            members=members.get(key),
            posts=posted.get(key, 0),
            besides=changed.get(key, 0),
            questions=questioned.get(key, 0),
        )
        for key in keys
    ]
    return sorted(reach, key=lambda each: (-each.posts, each.name))


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
        silent_kinds=tuple(kind for kind in Kind if kind not in kinds | hidden),
        silent_regions=tuple(sorted(_silent(on, agenda))),
    )


def _silent(atria: Sequence[Atrium], agenda: StoredAgenda) -> set[str]:
    reached = {
        each.region or agenda.region_of(each.municipality) for each in atria if each.kind is Kind.LOKAAL
    }
    return set(agenda.regions()) - {region for region in reached if region}


def _rhythm_charts(told: Sequence[Rhythm]) -> list[tuple[str, Markup]]:
    """For each kind with a promise: what was held in a year, in a frame of what was promised."""
    made = []
    for kind in NORMS:
        rows = [
            (each.group or say("beheer verslag.heel vlaanderen"), each.held, each.norm.at_least)
            for each in told
            if each.kind is kind
        ]
        if rows:
            name = kind_name(kind, 2)
            made.append((name, charts.lying(say("beheer verslag.tekening van", soort=name), rows)))
    return made


def _weeks(now: dt.datetime) -> list[dt.date]:
    today = local_day(now)
    monday = today - dt.timedelta(days=today.weekday())
    return [monday - WEEK * number for number in range(WEEKS - 1, -1, -1)]


def _instant(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def _by_key(found: ByDay) -> Mapping[str, int]:
    totals: Counter[str] = Counter()
    for (key, _), number in found.items():
        totals[key] += number
    return totals


def _by_week(found: ByDay, weeks: Sequence[dt.date]) -> list[int]:
    totals = dict.fromkeys(weeks, 0)
    for (_, day), number in found.items():
        monday = day - dt.timedelta(days=day.weekday())
        if monday in totals:
            totals[monday] += number
    return list(totals.values())
