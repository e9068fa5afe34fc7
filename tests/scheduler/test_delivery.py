"""Delivery: exactly as often as owed, whatever the platform does; checked once more before it leaves."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from handlers.model import Kind, Status
from handlers.reply import Reply
from handlers.wording.reasons import reason_text
from scheduler.changes import on_changed, replan_all
from scheduler.delivery import Delivery
from scheduler.port import Capabilities, NotAccepted, Post, RateLimited, Refused
from scheduler.rules import Attention
from store import claims, outbox, post_acts
from store.agenda import save_atrium
from store.claims import Claim
from store.communities import set_paused
from store.engine import Store
from store.leases import database_now
from store.states import OutboxState
from store.tables import OutboxRow
from store.texts import change_text
from tests.fakes.bench import QUIET, Bench
from tests.fakes.network import COMMUNITIES, GENERAL, POLITICIANS, WATER, atrium, brussels
from tests.fakes.platform import RecordingPlatform

DUE = brussels("2027-02-10 09:00")
SECONDS = dt.timedelta(seconds=1)


def posted(bench: Bench, community: str = "algemeen") -> int:
    return len(bench.platform.texts(community))


# --- exactly once


def test_a_due_post_is_sent_once_with_the_platforms_id(store: Store) -> None:
    """C-1, C-14."""
    bench = Bench(store)
    assert bench.tick(DUE - SECONDS).sent == 0
    assert bench.tick(DUE).sent == 2, "one in each of two communities"
    assert bench.tick(DUE + SECONDS).sent == 0
    assert posted(bench) == 1
    entry = bench.only()
    assert (entry.state, entry.sent_at) == (OutboxState.SENT, DUE)
    assert entry.message_id in {each.message_id for each in bench.platform.posts}


def test_three_instances_post_once(store: Store) -> None:
    """C-3: they tick at the same time on one database."""
    bench = Bench(store)
    bench.clock.moment = DUE

    async def together() -> None:
        await asyncio.gather(*(bench.delivery(f"host-{number}").tick() for number in range(3)))

    asyncio.run(together())
    assert posted(bench) == 1


def test_a_crashed_instance_under_a_new_name_does_not_post_again(store: Store) -> None:
    """C-2, C-4: killed between "the platform accepted" and "committed"."""
    bench = Bench(store)
    bench.clock.moment = DUE
    claim = Claim(now=DUE, holder="host-1", platform="local")
    with store.writing() as session:
        claimed = claims.claim(session, claim)
    for entry in claimed:
        community = next(each for each in COMMUNITIES if each.key == entry.community_key)
        post = Post(key=entry.key, kind="reminder", community=community, reply=Reply(headline="x"))
        asyncio.run(bench.platform.send(post))
    with store.writing() as session:
        session.execute(update(OutboxRow).values(lease_until=database_now(session) - SECONDS))
    survivor = bench.delivery("host-2")
    report = bench.tick(DUE + 5 * SECONDS, survivor)
    assert report.expired == 2
    assert bench.only().state is OutboxState.AMBIGUOUS
    bench.tick(DUE + 60 * SECONDS, survivor)
    assert bench.only().state is OutboxState.SENT
    assert posted(bench) == 1


def test_after_a_restart_on_one_process_a_doubt_is_settled_at_once(sqlite_store: Store) -> None:
    """C-2: nobody waits two minutes for the lease of a process that is gone."""
    bench = Bench(sqlite_store)
    bench.platform.capabilities = Capabilities(find=True, appears_within=dt.timedelta())
    bench.clock.moment = DUE
    claim = Claim(now=DUE, holder="host-1", platform="local")
    with sqlite_store.writing() as session:
        claimed = claims.claim(session, claim)
    post = Post(key=claimed[0].key, kind="reminder", community=GENERAL, reply=Reply(headline="x"))
    asyncio.run(bench.platform.send(post))
    asyncio.run(bench.delivery("host-2").recover())
    assert sorted(each.value for each in bench.states().values()) == ["planned", "sent"]
    bench.tick()
    assert len(bench.platform.posts) == 2, "one in each community, none twice"


def test_where_others_run_a_restart_leaves_their_claims_alone(postgres_store: Store) -> None:
    """C-3: on a shared database only a lease that ran out is in doubt."""
    bench = Bench(postgres_store)
    claim = Claim(now=DUE, holder="host-1", platform="local")
    with postgres_store.writing() as session:
        claims.claim(session, claim)
    asyncio.run(bench.delivery("host-2").recover())
    assert set(bench.states().values()) == {OutboxState.CLAIMED}


def test_an_answer_that_is_lost_after_acceptance_is_found_and_not_repeated(store: Store) -> None:
    """C-2, C-5: the platform accepts, and its answer comes too late."""
    bench = Bench(store)
    bench.platform.script = ["accept-then-timeout", "accept-then-timeout"]
    delivery = bench.delivery()
    bench.tick(DUE, delivery)
    assert bench.only().state is OutboxState.AMBIGUOUS
    bench.tick(DUE + 10 * SECONDS, delivery)
    assert bench.platform.finds == 0, "what was accepted late must have time to appear"
    bench.tick(DUE + 40 * SECONDS, delivery)
    assert bench.only().state is OutboxState.SENT
    assert posted(bench) == 1


def test_what_surely_did_not_arrive_is_sent_again(store: Store) -> None:
    bench = Bench(store)
    bench.platform.script = ["lost", "lost"]
    delivery = bench.delivery()
    bench.tick(DUE, delivery)
    assert posted(bench) == 0
    bench.tick(DUE + 40 * SECONDS, delivery)
    assert bench.only().state is OutboxState.SENT
    assert posted(bench) == 1


def test_a_second_doubt_has_as_much_time_to_appear_as_the_first(store: Store) -> None:
    """C-2, C-5: lost, looked for, sent again and accepted late: the first look does not count for it."""
    bench = Bench(store, communities=(replace(GENERAL, digest=False),))
    delivery = bench.delivery()
    bench.platform.script = ["lost", "lost"]
    bench.tick(DUE, delivery)
    bench.tick(DUE + 40 * SECONDS, delivery)
    assert len(bench.platform.requests) == 2
    bench.platform.capabilities = Capabilities(find=True, appears_within=dt.timedelta(minutes=5))
    bench.tick(DUE + 160 * SECONDS, delivery)
    assert bench.platform.finds == 1, "not looked for before it can have appeared"
    bench.platform.script = ["ok"]
    bench.tick(DUE + 341 * SECONDS, delivery)
    assert bench.platform.finds == 2
    assert posted(bench) == 1


def test_where_the_platform_cannot_tell_a_person_must(store: Store) -> None:
    """C-2: never posted again blindly."""
    bench = Bench(store)
    bench.platform.capabilities = Capabilities(find=False)
    bench.platform.script = ["lost", "lost"]
    delivery = bench.delivery()
    bench.tick(DUE, delivery)
    for minutes in range(1, 200, 10):
        bench.tick(DUE + minutes * 60 * SECONDS, delivery)
    assert bench.platform.finds == 0
    assert bench.only().state is OutboxState.AMBIGUOUS
    assert "kijk op het platform" in reason_text(bench.only().reason or "")
    with store.writing() as session:
        post_acts.resolve(session, bench.only().id, OutboxState.PLANNED, bench.clock.now())
    bench.tick(DUE + 4 * 3600 * SECONDS, delivery)
    assert posted(bench) == 1


def test_a_platform_that_breaks_is_a_doubt_and_stops_nobody(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """C-14."""
    bench = Bench(store)
    bench.platform.script = ["fault", "ok"]
    bench.tick(DUE)
    assert sorted(each.value for each in bench.states().values()) == ["ambiguous", "sent"]
    assert sum("failed on post" in each.message for each in caplog.records) == 1, "logged once"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Refused(reason="de bot mag hier niet posten (403)"), OutboxState.FAILED),
        ("no-id", OutboxState.AMBIGUOUS),
        (NotAccepted(reason="geen verbinding"), OutboxState.PLANNED),
    ],
)
def test_what_was_not_sent_is_never_called_sent(store: Store, outcome: object, state: OutboxState) -> None:
    """C-14: a refusal, an empty 200, no connection."""
    bench = Bench(store)
    bench.platform.script = [outcome, outcome]  # type: ignore[list-item]
    bench.tick(DUE)
    assert bench.only().state is state


def test_a_refused_post_is_not_tried_again(store: Store) -> None:
    """C-14, C-21."""
    bench = Bench(store)
    bench.platform.script = [Refused(reason="gesloten"), Refused(reason="gesloten")]
    bench.tick(DUE)
    bench.tick(DUE + 3600 * SECONDS)
    assert len(bench.platform.requests) == 2
    assert bench.only().reason == "gesloten"


# --- limits


def test_a_rate_limit_is_waited_out_in_order_and_nothing_is_lost(store: Store) -> None:
    """C-20, C-41: 429 with Retry-After 40."""
    bench = Bench(store)
    for number in (1, 2, 3):
        bench.answer(number)
    bench.platform.script = ["ok", RateLimited(retry_after=40 * SECONDS)]
    bench.tick()
    start = bench.clock.now()
    bench.tick(start + 39 * SECONDS)
    assert len(bench.platform.posts) == 1
    bench.tick(start + 40 * SECONDS)
    assert bench.platform.texts() == ["Antwoord 1", "Antwoord 2", "Antwoord 3"]
    assert bench.platform.posts[1].at - bench.platform.posts[0].at >= 40 * SECONDS
    with store.reading() as session:
        assert {each.attempts for each in outbox.entries(session, kinds=["answer"])} == {1}


def test_a_rate_limit_in_the_middle_repeats_no_target(store: Store) -> None:
    """C-7: ten communities, the fifth is told to wait."""
    ten = tuple(replace(GENERAL, key=f"c{number}", digest=False) for number in range(10))
    bench = Bench(store, communities=ten)
    bench.platform.script = [*(["ok"] * 4), RateLimited(retry_after=40 * SECONDS)]
    bench.tick(DUE)
    assert len(bench.platform.posts) == 4
    bench.tick(DUE + 41 * SECONDS)
    told = [each.post.community.key for each in bench.platform.posts if each.post.community]
    assert sorted(told) == sorted(each.key for each in ten)


def test_an_unreachable_platform_is_tried_ever_less_often_and_loses_nothing(store: Store) -> None:
    bench = Bench(store)
    down: list[object] = [NotAccepted(reason="geen verbinding")] * 8
    bench.platform.script = down  # type: ignore[assignment]
    delivery = bench.delivery()
    for second in range(0, 1800, 2):
        bench.tick(DUE + second * SECONDS, delivery)
    assert 8 <= len(bench.platform.requests) <= 12
    assert posted(bench) == 1


def test_a_slow_platform_holds_up_no_other(store: Store) -> None:
    elsewhere = replace(WATER, platform="slack", digest=False)
    bench = Bench(store, communities=(replace(GENERAL, digest=False), elsewhere))
    slack = RecordingPlatform(now=bench.clock.now, name="slack")
    slack.script = [RateLimited(retry_after=60 * SECONDS)]
    bench.clock.moment = DUE
    both = {"local": bench.platform, "slack": slack}
    asyncio.run(Delivery(store, both, bench.rules, bench.clock.now, "host-1").tick())
    assert (len(bench.platform.posts), len(slack.posts)) == (1, 0)


# --- late


def test_after_a_stop_what_is_still_true_is_said_and_the_rest_is_listed(store: Store) -> None:
    """C-10: three posts are 10 minutes, 5 hours and 3 days late; one per event at most."""
    atria = (
        atrium("2027-02-19 09:30", uid="a-3d", title="Drie dagen te laat"),
        atrium("2027-02-22 09:30", uid="a-5h", title="Vijf uur te laat"),
    )
    rules = replace(QUIET, reminders={Kind.THEMATISCH: (dt.timedelta(days=7), dt.timedelta(days=10))})
    bench = Bench(store, *atria, rules=rules, communities=(replace(GENERAL, digest=False),))
    bench.tick(brussels("2027-02-15 14:00"))
    (text,) = bench.platform.texts()
    assert text.startswith("Volgende week: Vijf uur te laat, maandag 22 februari 2027")
    with store.reading() as session:
        skipped = outbox.entries(session, states=[OutboxState.SKIPPED])
    assert {each.atrium_uid for each in skipped} == {"a-3d", "a-5h"}
    assert all(reason_text(each.reason or "").startswith("te laat") for each in skipped)


def test_words_are_true_at_the_sending(store: Store) -> None:
    """C-10, C-35: a reminder of the day before that leaves on the day says "vandaag"."""
    lenient = replace(QUIET.lateness, reminder=dt.timedelta(hours=30))
    rules = replace(QUIET, reminders={Kind.THEMATISCH: (dt.timedelta(days=1),)}, lateness=lenient)
    bench = Bench(store, atrium("2027-02-17 14:00"), rules=rules)
    bench.tick(brussels("2027-02-17 08:10"))
    assert bench.platform.texts("algemeen")[0].startswith("Vandaag: Thematisch Atrium")
    assert "woensdag 17 februari 2027" in bench.platform.texts("algemeen")[0]


def test_a_blocked_loop_misses_nothing(store: Store) -> None:
    """C-19: five seconds over the due moment."""
    bench = Bench(store)
    bench.tick(DUE - SECONDS)
    bench.tick(DUE + 5 * SECONDS)
    assert posted(bench) == 1


def test_a_day_of_standstill_makes_one_round(store: Store) -> None:
    """C-13."""
    bench = Bench(store, atrium("2027-02-17 09:30"), atrium("2027-02-18 09:30", uid="atr-2"))
    report = bench.tick(brussels("2027-02-11 09:30"))
    assert (report.claimed, report.sent) == (4, 2)


def test_an_overview_is_made_once_around_a_restart(store: Store) -> None:
    """C-11, C-38: half a minute before and after its moment."""
    moment = brussels("2026-11-30 08:30")
    bench = Bench(store, atrium("2026-12-17 09:30"), communities=(GENERAL,))
    for seconds in (-30, 30, 60, 90):
        bench.clock.moment = moment + seconds * SECONDS
        replan_all(store, bench.rules, bench.clock.now())
        bench.tick()
    assert posted(bench) == 1
    assert bench.platform.texts()[0].startswith("Overzicht van de atria, week van maandag 30 november 2026.")


def test_out_of_hours_a_late_overview_waits_for_the_morning(store: Store) -> None:
    """C-40."""
    bench = Bench(store, atrium("2026-12-17 09:30"), communities=(GENERAL,))
    bench.tick(brussels("2026-11-30 22:00"))
    assert posted(bench) == 0
    replan_all(store, bench.rules, bench.clock.now())
    bench.tick(brussels("2026-12-01 08:00"))
    assert posted(bench) == 1


def test_an_empty_overview_is_silent(store: Store) -> None:
    """C-39."""
    bench = Bench(store, atrium("2027-06-17 09:30"), communities=(GENERAL,))
    bench.tick(brussels("2026-11-30 08:30"))
    assert posted(bench) == 0
    with store.reading() as session:
        (skipped,) = outbox.entries(session, states=[OutboxState.SKIPPED])
    assert skipped.reason == "reden.niets te melden"


# --- the last look


def test_a_cancelled_atrium_is_not_reminded_of(store: Store) -> None:
    """C-27: the record is read again just before sending."""
    bench = Bench(store)
    cancelled = replace(atrium(), status=Status.GEANNULEERD, cancelled_at=DUE)
    with store.writing() as session:
        save_atrium(session, cancelled)
    bench.tick(DUE)
    assert not bench.platform.posts
    assert bench.only().reason == "reden.atrium weg"


def test_a_moved_atrium_is_reminded_of_at_its_new_moment(store: Store) -> None:
    """C-27: moved by a week, though nobody planned anew."""
    bench = Bench(store)
    with store.writing() as session:
        save_atrium(session, atrium("2027-02-24 09:30"))
    bench.tick(DUE)
    assert not bench.platform.posts
    assert bench.only().due_at == brussels("2027-02-17 09:00")
    bench.tick(brussels("2027-02-17 09:00"))
    assert "woensdag 24 februari 2027" in bench.platform.texts("algemeen")[0]


def test_a_closed_registration_is_not_nudged_about(store: Store) -> None:
    """C-29: nothing is offered after the deadline."""
    rules = replace(QUIET, reminders={}, deadline=(dt.timedelta(days=1),))
    bench = Bench(store, rules=rules)
    with store.writing() as session:
        save_atrium(session, replace(atrium(), registration_until=dt.date(2027, 2, 14)))
    bench.tick(brussels("2027-02-15 09:00"))
    assert not bench.platform.posts
    assert bench.only().reason == "reden.inschrijvingen gesloten"


def test_what_became_hidden_is_not_said(store: Store) -> None:
    """C-42."""
    bench = Bench(store)
    with store.writing() as session:
        save_atrium(session, replace(atrium(), visibility=frozenset({POLITICIANS.key})))
    bench.tick(DUE)
    assert not bench.platform.posts


def test_a_paused_community_hears_nothing_until_it_is_resumed(store: Store) -> None:
    bench = Bench(store)
    with store.writing() as session:
        set_paused(session, "algemeen", paused=True)
    bench.tick(DUE)
    assert posted(bench) == 0
    with store.writing() as session:
        set_paused(session, "algemeen", paused=False)
    bench.tick(DUE + 3600 * SECONDS)
    assert posted(bench) == 1


def test_answers_go_on_while_everything_is_paused_and_at_any_hour(store: Store) -> None:
    bench = Bench(store, planned_at="2026-11-22 23:30")
    with store.writing() as session:
        set_paused(session, None, paused=True)
    key = bench.answer(1)
    report = asyncio.run(bench.delivery().deliver([key]))
    assert report.sent == 1
    assert bench.platform.texts() == ["Antwoord 1"]
    assert bench.platform.posts[0].post.thread == "t-1"


def test_a_reminder_waits_for_the_change_that_is_to_be_told(store: Store) -> None:
    """C-30: no reminder inside the edit window."""
    two = replace(QUIET, reminders={Kind.THEMATISCH: (dt.timedelta(days=14), dt.timedelta(days=7))})
    bench = Bench(store, rules=two)
    bench.tick(brussels("2027-02-03 09:00"))
    moved = replace(atrium(), venue="Cultuurcentrum", address="Parklaan 1")
    bench.clock.moment = DUE - 300 * SECONDS
    with store.writing() as session:
        save_atrium(session, moved)
        on_changed(session, atrium(), moved, two, bench.clock.now())
    bench.tick(DUE)
    assert posted(bench) == 1, "only the first reminder"
    bench.tick(brussels("2027-02-10 09:25"))
    bench.tick(brussels("2027-02-10 09:26"))
    _, second, third = bench.platform.texts("algemeen")
    assert second.startswith("Gewijzigd:")
    assert third.startswith("Volgende week:")


# --- budget


def test_what_falls_due_together_about_one_programme_is_one_post(store: Store) -> None:
    """One programme in two places on one day."""
    places = [
        atrium(
            "2027-02-17 09:30", uid=f"p-{name}", title=f"Atrium {name}", municipality=name, programme_uid="p"
        )
        for name in ("Gent", "Leuven")
    ]
    bench = Bench(store, *places)
    bench.tick(DUE)
    (text,) = bench.platform.texts("algemeen")
    assert "Atrium Gent" in text
    assert "Atrium Leuven" in text
    assert set(bench.states().values()) == {OutboxState.SENT}, "said together counts as said"


def test_a_full_week_folds_the_first_day_into_the_overview(store: Store) -> None:
    """C-40: an atrium each day of the week after, and an overview: six posts for a budget of five."""
    week = [atrium(f"2027-02-{day} 09:30", uid=f"a-{day}", title=f"Atrium {day}") for day in range(15, 20)]
    bench = Bench(store, *week, communities=(GENERAL,))
    bench.tick(brussels("2027-02-08 08:30"))
    for day in range(8, 13):
        bench.tick(brussels(f"2027-02-{day:02} 09:00"))
    texts = bench.platform.texts()
    assert len(texts) == 5
    assert texts[0].startswith("Overzicht")
    assert "Niet vergeten:\n- Atrium 15" in texts[0]
    assert not any(text.startswith("Volgende week: Atrium 15") for text in texts)
    assert list(bench.states().values()).count(OutboxState.SENT) == 6, "folded counts as said"


def test_a_budget_of_one_says_the_whole_week_in_the_overview(store: Store) -> None:
    """C-40."""
    week = [atrium(f"2027-02-{day} 09:30", uid=f"a-{day}", title=f"Atrium {day}") for day in range(15, 20)]
    rules = replace(QUIET, attention=Attention(max_posts_per_week=1))
    bench = Bench(store, *week, rules=rules, communities=(GENERAL,))
    bench.tick(brussels("2027-02-08 08:30"))
    for day in range(8, 13):
        bench.tick(brussels(f"2027-02-{day:02} 09:00"))
    (text,) = bench.platform.texts()
    assert all(f"- Atrium {day}," in text for day in range(15, 20))


def test_what_was_folded_shares_the_fate_of_its_post(store: Store) -> None:
    """C-2: after a doubt the whole post is found, or the whole post is sent again."""
    places = [
        atrium(
            "2027-02-17 09:30", uid=f"p-{name}", title=f"Atrium {name}", municipality=name, programme_uid="p"
        )
        for name in ("Gent", "Leuven")
    ]
    bench = Bench(store, *places, communities=(replace(GENERAL, digest=False),))
    bench.platform.script = ["accept-then-timeout"]
    delivery = bench.delivery()
    bench.tick(DUE, delivery)
    assert set(bench.states().values()) == {OutboxState.AMBIGUOUS}
    bench.tick(DUE + 60 * SECONDS, delivery)
    assert set(bench.states().values()) == {OutboxState.SENT}
    assert bench.platform.finds == 1
    assert posted(bench) == 1


def test_a_moderator_sends_a_skipped_post_all_the_same(store: Store) -> None:
    """features 9: what was skipped can be sent anyway, if it is still true."""
    bench = Bench(store)
    bench.tick(DUE + 9 * 3600 * SECONDS)
    assert bench.only().state is OutboxState.SKIPPED
    with store.writing() as session:
        post_acts.retry(session, bench.only().id, bench.clock.now())
    bench.tick()
    assert posted(bench) == 1


# --- the words


def test_a_post_is_said_in_the_words_that_a_moderator_chose(store: Store) -> None:
    bench = Bench(store)
    with store.writing() as session:
        change_text(session, "herinnering.kop", "{wanneer} zien we elkaar: {atrium}", "local:An", DUE)
    bench.tick(DUE)
    assert "zien we elkaar: " in bench.platform.texts("algemeen")[0]
