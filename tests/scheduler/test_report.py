"""The overview for moderators: gathered from what is owed, what was not said, asked and held."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from bot.platforms.local import LocalPlatform
from handlers.model import Community, Kind
from scheduler.preview import preview
from scheduler.rules import DigestRules, Rules
from scheduler.simulation import Posted
from store import outbox, post_acts, questions, replanning
from store.agenda import save_atrium
from store.engine import Store
from tests.fakes.bench import QUIET, SILENT, Bench
from tests.fakes.network import GENERAL, atrium, brussels

STAFF = Community(
    key="moderatoren",
    platform="local",
    name="Moderatoren",
    kinds=frozenset({Kind.OP_MAAT}),
    digest=False,
)
RULES: Rules = replace(QUIET, digest=DigestRules(moderators_community="moderatoren"))
MONDAY = brussels("2027-02-08 08:30")


def bench_of(store: Store, *atria: object, rules: Rules = RULES) -> Bench:
    return Bench(store, *atria, rules=rules, communities=(*SILENT, STAFF), planned_at="2027-02-05 09:00")  # type: ignore[arg-type]


def overview(bench: Bench, at: dt.datetime = MONDAY) -> str:
    bench.tick(at)
    told = bench.platform.texts("moderatoren")
    return told[-1] if told else ""


def test_moderators_hear_each_week_what_goes_out(store: Store) -> None:
    bench = bench_of(store)
    with store.writing() as session:
        (held,) = outbox.entries(session, community="water", kinds=["reminder"])
        post_acts.hold(session, held.id, bench.clock.now())
    text = overview(bench)
    assert text.startswith("Overzicht voor moderatoren, week van maandag 8 februari 2027.")
    assert "- wo 10 februari, 9.00 u., Atrium Lerend Netwerk: herinnering, Thematisch Atrium" in text
    assert "Water en droogte: herinnering, Thematisch Atrium: circulair bouwen (tegengehouden)" in text


def test_it_comes_once_a_week(store: Store) -> None:
    """C-38."""
    bench = bench_of(store)
    for _ in range(4):
        overview(bench)
    assert len(bench.platform.texts("moderatoren")) == 1


def test_it_is_off_without_a_community_for_it(store: Store) -> None:
    bench = bench_of(store, rules=QUIET)
    assert overview(bench) == ""


def test_it_tells_what_was_not_said_and_why_once(store: Store) -> None:
    bench = bench_of(store)
    assert "Niet verstuurd" not in overview(bench)
    bench.tick(brussels("2027-02-11 09:00"))
    text = overview(bench, brussels("2027-02-15 08:30"))
    assert "overgeslagen: te laat: dit moest om 9.00 u." in text
    bench.tick(brussels("2027-02-22 08:30"))
    assert not [each for each in bench.platform.texts("moderatoren")[2:] if "te laat" in each]


def test_what_the_plan_itself_took_back_is_no_trouble(store: Store) -> None:
    bench = bench_of(store)
    with store.writing() as session:
        outbox.void(session, ["reminder"], "atr-1", replanning.NO_LONGER_OWED, brussels("2027-02-05 10:00"))
    assert "Niet verstuurd" not in overview(bench)


def test_it_counts_what_was_not_answered_and_shows_what_was_asked_most(store: Store) -> None:
    bench = bench_of(store)
    with store.writing() as session:
        for author, text in (("a", "waar parkeren"), ("b", "waar parkeren"), ("c", "is er <b>soep</b>")):
            questions.keep_unread(session, author, text, "unread", brussels("2027-02-04 10:00"))
        questions.keep_unread(session, "d", "van lang geleden", "unread", brussels("2027-01-04 10:00"))
    text = overview(bench)
    assert 'Drie vragen kon de bot niet beantwoorden:\n- "waar parkeren" (twee keer)' in text
    assert "<b>" not in text
    assert "lang geleden" not in text


def test_it_names_the_groups_that_fall_behind(store: Store) -> None:
    past = atrium("2026-06-09 09:30", uid="past", kind=Kind.CENTRUMSTEDEN, title="Atrium Centrumsteden")
    text = overview(bench_of(store, past, atrium()))
    assert "- Atrium Centrumsteden: laatst op 9 juni 2026, geen op de agenda (vier keer per jaar)" in text


def test_what_moderators_may_not_see_is_told_without_its_title(store: Store) -> None:
    """C-42."""
    hidden = atrium(
        kind=Kind.MANDATARISSEN,
        title="Atrium Lokale Mandatarissen",
        audience=frozenset(),
        visibility=frozenset({"mandatarissen"}),
    )
    text = overview(bench_of(store, hidden))
    assert "Atrium Lokale Mandatarissen: herinnering" in text, "the community's name and the kind of post"
    assert "circulair" not in text
    assert "herinnering, " not in text
    assert "17 februari" not in text


def test_an_overview_with_nothing_to_tell_is_not_sent(store: Store) -> None:
    """C-39."""
    bench = bench_of(store, atrium("2027-06-16 09:30", kind=Kind.MANDATARISSEN))
    groups = [
        atrium("2027-01-20 09:30", uid="c", kind=Kind.CENTRUMSTEDEN),
        atrium("2027-01-21 09:30", uid="m", kind=Kind.MANDATARISSEN),
        *(
            atrium(f"2027-01-2{number} 09:30", uid=place, kind=Kind.PROVINCIAAL, municipality=place)
            for number, place in enumerate(("Antwerpen", "Leuven", "Gent", "Brugge", "Hasselt"), start=2)
        ),
    ]
    with store.writing() as session:
        for each in groups:
            save_atrium(session, each)
    assert overview(bench) == ""


def test_what_is_planned_shows_the_questions_that_the_overview_will_tell(store: Store) -> None:
    bench = bench_of(store)
    with store.writing() as session:
        questions.keep_unread(session, "a", "waar parkeren", "unread", brussels("2027-02-04 10:00"))
    (shown,) = [each for each in planned(bench) if each.community == "moderatoren"]
    assert shown.text == overview(bench)
    assert "waar parkeren" in shown.text


def test_what_is_planned_shows_where_people_talk_and_nothing_of_what_they_say(store: Store) -> None:
    communities = (replace(GENERAL, digest=True), *SILENT[1:])
    rules = replace(RULES, public_url="https://atria.example.org")
    bench = Bench(store, atrium(), rules=rules, communities=communities, planned_at="2027-02-01 08:00")
    bench.tick(brussels("2027-02-01 08:30"))
    bench.clock.moment = brussels("2027-02-05 09:00")
    here = LocalPlatform(store, bench.clock.now)
    root = here.receive("algemeen", "An", "lid", "wie komt er?")
    for text in ("ik", "ik ook"):
        here.receive("algemeen", "Bob", "lid", text, thread=str(root.id))
    (shown,) = [each for each in planned(bench) if each.kind == "digest"]
    assert f"https://atria.example.org/community/algemeen#bericht-{root.id}" in shown.text
    assert "wie komt er" not in shown.text


def planned(bench: Bench) -> list[Posted]:
    return asyncio.run(preview(bench.store, bench.rules, bench.clock.now(), 7))
