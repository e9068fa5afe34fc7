"""A simulated year of the sample agenda: everything owed is said, once, in time, and not too much."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.model import BRUSSELS, Atrium, Kind
from scheduler.audience import told_in
from scheduler.changes import announce, replan_all
from scheduler.delivery import Delivery
from scheduler.moments import is_allowed
from scheduler.plan import DEADLINE, REMINDER, moments
from scheduler.preview import preview, texts_of
from scheduler.rules import Attention, Rules
from scheduler.school import find_school_holiday
from scheduler.simulation import FaultSpecError, Posted, faults_of, simulate
from store import outbox, post_acts
from store.agenda import atria_between, save_atrium
from store.communities import set_paused
from store.engine import Store
from store.migrations import upgrade
from tests.fakes.bench import Bench
from tests.fakes.network import COMMUNITIES, atrium, brussels, load_sample
from tests.fakes.platform import RecordingPlatform, SteeredClock

FIRST, LAST = dt.date(2026, 11, 23), dt.date(2027, 12, 31)
IMPORTED = brussels("2026-11-23 00:00")
RULES = Rules()


@pytest.fixture(scope="module")
def sample() -> Iterator[Store]:
    """The sample agenda, imported at the start of the simulated period."""
    store = Store("sqlite://")
    upgrade(store)
    load_sample(store, IMPORTED)
    yield store
    store.close()


@pytest.fixture(scope="module")
def year(sample: Store) -> list[Posted]:
    return run(sample)


@pytest.fixture(scope="module")
def agenda(sample: Store) -> list[Atrium]:
    with sample.reading() as session:
        return atria_between(session, IMPORTED)


def run(store: Store, rules: Rules = RULES, until: dt.date = LAST, **more: object) -> list[Posted]:
    return asyncio.run(simulate(store, rules, FIRST, until, **more))  # type: ignore[arg-type]


def says(post: Posted, one: Atrium) -> bool:
    """Whether a post speaks of this atrium: it names title and date."""
    day = one.local_start.day
    return one.title in post.text and any(line.count(f" {day} ") for line in post.text.splitlines())


def test_every_atrium_gets_each_reminder_that_is_owed_at_its_hour(
    year: list[Posted], agenda: list[Atrium]
) -> None:
    """C-17, C-24, C-40: at nine on the right day, or folded into the overview of that morning."""
    by_moment = defaultdict(list)
    for post in year:
        by_moment[post.community, post.at].append(post)
    missing = []
    owed = 0
    for one in agenda:
        for community in told_in(one, COMMUNITIES):
            for kind, offset, due_at, _ in moments(one, RULES):
                if due_at <= IMPORTED or kind not in (REMINDER, DEADLINE):
                    continue
                owed += 1
                at = due_at.astimezone(BRUSSELS)
                that_day = [
                    post for post in year if post.community == community.key and post.at.date() == at.date()
                ]
                exact = [post for post in by_moment[community.key, at] if says(post, one)]
                folded = [
                    post for post in that_day if post.kind == "digest" and post.at < at and says(post, one)
                ]
                if not exact and not folded:
                    missing.append((one.uid, kind, offset, community.key, at))
    assert owed > 150
    assert not missing


def test_nothing_is_said_twice(year: list[Posted]) -> None:
    """C-1, C-38: no two posts alike, and one overview a week in each community."""
    assert max(Counter((post.community, post.text) for post in year).values()) == 1
    overviews = Counter((post.community, post.at.isocalendar()[:2]) for post in year if post.kind == "digest")
    assert max(overviews.values()) == 1


def test_nothing_is_said_at_night_on_weekends_or_on_holidays(year: list[Posted]) -> None:
    """C-40."""
    assert not [post for post in year if not is_allowed(post.at, RULES.attention)]


def test_no_community_gets_more_than_its_budget_in_a_week(year: list[Posted]) -> None:
    """C-40."""
    weeks = Counter((post.community, post.at.isocalendar()[:2]) for post in year)
    assert max(weeks.values()) == RULES.attention.max_posts_per_week


@pytest.mark.parametrize("budget", [1, 3])
def test_a_small_budget_is_kept_and_loses_no_atrium(sample: Store, agenda: list[Atrium], budget: int) -> None:
    """C-40."""
    posts = run(sample, replace(RULES, attention=Attention(max_posts_per_week=budget)))
    weeks = Counter((post.community, post.at.isocalendar()[:2]) for post in posts)
    assert max(weeks.values()) == budget
    for one in agenda:
        if not one.is_cancelled:
            assert any(says(post, one) for post in posts), one.uid


def test_every_kind_is_told_where_it_belongs_and_nowhere_else(
    year: list[Posted], agenda: list[Atrium]
) -> None:
    """C-42."""
    names = {one.uid: one for one in agenda}
    for post in year:
        if post.atrium:
            politicians = names[post.atrium].kind is Kind.MANDATARISSEN
            assert politicians == (post.community == "mandatarissen")
        assert ("Lokale Mandatarissen" in post.text) == (post.community == "mandatarissen")
    told = {one.kind for one in agenda for post in year if says(post, one)}
    assert told == set(Kind)


def test_a_cancelled_atrium_is_named_once_as_cancelled_and_then_gone(year: list[Posted]) -> None:
    """C-31: it was cancelled in the agenda file itself."""
    named = [post for post in year if "klimaatadaptatie in de dorpskern, dinsdag 26 januari" in post.text]
    assert {post.kind for post in named} <= {"digest"}
    assert max(Counter(post.community for post in named).values(), default=0) <= 1
    assert all("Geannuleerd:" in post.text for post in named)


def test_five_places_of_one_programme_are_never_five_posts_on_a_day(year: list[Posted]) -> None:
    days = Counter((post.community, post.at.date(), post.programme) for post in year if post.programme)
    assert max(days.values()) == 1


def test_the_first_reminder_of_a_programme_names_the_places_to_come(year: list[Posted]) -> None:
    first = next(post for post in year if post.programme == "prov-2027-4" and post.kind == "reminder")
    assert "Ook in Leuven (9/4), Gent (12/4), Hasselt (15/4) en Brugge (19/4)." in first.text


def test_a_programme_is_kept_free_for_in_one_post_with_all_its_places(year: list[Posted]) -> None:
    """C-40: one programme in five places is one first word, not five."""
    (first,) = [post for post in year if post.programme == "prov-2027-4" and post.kind == "save_the_date"]
    assert first.at == brussels("2027-01-12 09:00")
    for place in ("Antwerpen", "Leuven", "Gent", "Hasselt", "Brugge"):
        assert f"Provinciaal Atrium {place}" in first.text


def test_an_hour_is_the_same_on_every_surface_over_the_year(year: list[Posted], agenda: list[Atrium]) -> None:
    """C-25: the posts of October and November, on both sides of the clock change."""
    one = next(each for each in agenda if each.uid == "atr-1-047")
    told = [post for post in year if post.atrium == one.uid]
    assert told
    assert all("van 9.00 tot 16.00 u." in post.text for post in told)


def test_in_calm_school_holidays_only_what_cannot_wait_is_said(
    sample: Store, year: list[Posted], agenda: list[Atrium]
) -> None:
    """C-40: and everything that counts is still told."""
    posts = run(sample, replace(RULES, attention=Attention(calm_school_holidays=True)))
    calm = [post for post in posts if find_school_holiday(post.at.date())]
    assert {post.kind for post in calm} == {"reminder", "deadline"}
    last = {key for post in calm if post.kind == "reminder" for key in post.keys}
    assert all(":1d:" in key for key in last if key.startswith("reminder:"))
    weeks = Counter((post.community, post.at.isocalendar()[:2]) for post in posts)
    assert max(weeks.values()) <= RULES.attention.max_posts_per_week
    assert len(posts) < len(year)
    for one in agenda:
        if not one.is_cancelled:
            assert any(says(post, one) for post in posts), one.uid


def test_politicians_get_an_overview_a_month_at_the_most(year: list[Posted]) -> None:
    """C-38, C-39: and none when there is nothing to tell."""
    monthly = [post for post in year if (post.community, post.kind) == ("mandatarissen", "digest")]
    assert max(Counter((post.at.year, post.at.month) for post in monthly).values()) == 1
    assert 0 < len(monthly) < 13
    assert all(post.at.day <= 7 for post in monthly)


def test_a_simulation_can_be_repeated(sample: Store, year: list[Posted]) -> None:
    assert run(sample) == year


def test_a_simulation_changes_nothing_in_the_store(sample: Store, year: list[Posted]) -> None:
    with sample.reading() as session:
        assert not outbox.entries(session)


def test_with_faults_everything_is_still_said_once(
    sample: Store, year: list[Posted], caplog: pytest.LogCaptureFixture
) -> None:
    """C-2, C-5, C-7, C-14, C-20: nothing lost, nothing twice, however the platform fails."""
    caplog.set_level("CRITICAL")
    faults = faults_of("ratelimited:0.1,unreachable:0.1,timeout:0.1,lost:0.1,fault:0.1")
    until = dt.date(2027, 4, 30)
    posts = run(sample, until=until, faults=faults, seed=1)
    expected = [post for post in year if post.at.date() <= until]
    assert {(post.community, post.text) for post in posts} == {
        (post.community, post.text) for post in expected
    }
    assert len(posts) == len(expected)
    assert posts == run(sample, until=until, faults=faults, seed=1)


def test_a_moderators_choice_and_no_pause_hold_in_a_simulation(sqlite_store: Store) -> None:
    bench = Bench(sqlite_store, atrium("2027-06-16 09:30", uid="other"))
    new = atrium("2027-02-17 09:30", uid="new", announced_at=bench.clock.now())
    with sqlite_store.writing() as session:
        save_atrium(session, new)
        announce(session, new, ["algemeen"], bench.rules, bench.clock.now())
    bench.tick()
    with sqlite_store.writing() as session:
        set_paused(session, None, paused=True)
        set_paused(session, "algemeen", paused=True)
    posts = run(sqlite_store, bench.rules, until=dt.date(2027, 3, 1))
    assert [(post.community, post.kind) for post in posts if post.kind != "digest"] == [
        ("algemeen", "reminder")
    ]


def test_the_last_day_is_included(sample: Store) -> None:
    posts = run(sample, until=dt.date(2026, 11, 30))
    assert posts[-1].at.date() == dt.date(2026, 11, 30)


def test_faults_that_do_not_exist_are_refused() -> None:
    for spec in ("explosion:0.5", "lost:2", "lost:a", "lost:0.6,timeout:0.6"):
        with pytest.raises(FaultSpecError):
            faults_of(spec)


def test_a_jittering_tick_says_each_reminder_once(sqlite_store: Store, year: list[Posted]) -> None:
    """C-17: ticks 4 minutes early to 9 minutes late over a simulated month."""
    load_sample(sqlite_store, IMPORTED)
    clock = SteeredClock(IMPORTED)
    platform = RecordingPlatform(now=clock.now)
    delivery = Delivery(sqlite_store, {"local": platform}, RULES, clock.now, "host-1")
    replan_all(sqlite_store, RULES, IMPORTED)
    chance = random.Random(3)
    start, end = brussels("2027-03-01 00:00"), brussels("2027-04-01 00:00")

    async def month() -> None:
        tick = start
        while tick < end:
            clock.moment = tick + dt.timedelta(minutes=chance.uniform(-4, 9))
            await delivery.tick()
            tick += dt.timedelta(minutes=15)

    asyncio.run(month())
    expected = [post for post in year if start <= post.at < end]
    assert len(platform.posts) == len(expected)
    assert {each.text for each in platform.posts} == {post.text for post in expected}


# --- preview


def test_a_preview_says_what_delivery_then_says(store: Store) -> None:
    """features 10: the outbox calendar is a true preview."""
    bench = Bench(store, atrium(), rules=RULES, communities=COMMUNITIES)
    bench.clock.moment = brussels("2027-02-08 07:00")
    shown = asyncio.run(preview(store, RULES, bench.clock.now(), 7))
    for post in shown:
        bench.tick(post.at)
    assert [each.text for each in bench.platform.posts][-len(shown) :] == [post.text for post in shown]
    assert len(shown) == len(bench.platform.posts) > 5


def test_a_preview_leaves_out_what_is_held(store: Store) -> None:
    bench = Bench(store)
    bench.clock.moment = brussels("2027-02-09 07:00")
    with store.writing() as session:
        post_acts.hold(session, bench.only().id, bench.clock.now())
    shown = asyncio.run(preview(store, bench.rules, bench.clock.now(), 7))
    assert [post.community for post in shown] == ["water"]


def test_each_post_in_the_outbox_can_be_read_beforehand(store: Store) -> None:
    bench = Bench(store, rules=RULES, communities=COMMUNITIES)
    key = bench.answer(1)
    with store.writing() as session:
        save_atrium(session, atrium(uid="other", visibility=frozenset({"mandatarissen"})))
        entries = outbox.entries(session, limit=1000)
        texts = texts_of(session, entries, RULES, bench.clock.now())
    by_key = {each.key: texts.get(each.id) for each in entries}
    assert by_key[key] == "Antwoord 1"
    assert (by_key["reminder:atr-1:1:1d:algemeen"] or "").startswith("Morgen: ")
    assert by_key["digest:2027-W20:1:-:algemeen"] is None
