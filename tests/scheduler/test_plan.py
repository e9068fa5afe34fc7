"""The plan: which posts are owed, where and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.model import Atrium, Audience, Community, Kind, Status
from scheduler.audience import told_in
from scheduler.plan import (
    DEADLINE,
    DIGEST,
    INVITATION,
    PRACTICAL,
    REMINDER,
    SAVE_THE_DATE,
    THANKS,
    THANKS_WITHIN,
    dedupe_key,
    moments,
    plan,
)
from scheduler.rules import Attention, DigestRules, PostRules, Rules, days
from store.outbox import Owed
from store.retention import POSTS_KEPT_FOR
from tests.fakes.network import COMMUNITIES, GENERAL, POLITICIANS, WATER, atrium, brussels

NOW = brussels("2026-11-23 10:00")
RULES = Rules()
HOUR = dt.timedelta(hours=1)


def owed_in(
    found: list[Owed], community: Community, *kinds: str
) -> list[tuple[str, str | None, dt.datetime]]:
    return [
        (each.kind, each.offset, each.due_at)
        for each in found
        if each.community_key == community.key and each.kind in kinds
    ]


def keys_of(atria_told: list[Community]) -> set[str]:
    return {each.key for each in atria_told}


def test_reminders_and_nudges_are_owed_at_their_offsets() -> None:
    found = plan([atrium("2027-02-17 09:30")], COMMUNITIES, RULES, NOW)
    assert owed_in(found, GENERAL, REMINDER, DEADLINE) == [
        (REMINDER, "28d", brussels("2027-01-20 09:00")),
        (DEADLINE, "7d", brussels("2027-02-09 09:00")),
        (REMINDER, "7d", brussels("2027-02-10 09:00")),
        (DEADLINE, "1d", brussels("2027-02-15 09:00")),
        (REMINDER, "1d", brussels("2027-02-16 09:00")),
    ]


def test_a_cancelled_atrium_is_owed_nothing() -> None:
    """C-27."""
    cancelled = atrium("2027-02-17 09:30", status=Status.GEANNULEERD)
    assert not owed_in(plan([cancelled], COMMUNITIES, RULES, NOW), GENERAL, REMINDER, DEADLINE)


def test_without_a_last_day_there_is_no_nudge() -> None:
    found = plan([atrium("2027-02-17 09:30", registration_until=None)], COMMUNITIES, RULES, NOW)
    assert not owed_in(found, GENERAL, DEADLINE)


def test_an_atrium_of_this_afternoon_gets_only_what_is_still_to_come() -> None:
    """C-16: three hours ahead with offsets 7d, 1d and 1h: only the last one, and nothing at once."""
    rules = replace(RULES, reminders={Kind.THEMATISCH: (*days(7, 1), HOUR)})
    now = brussels("2026-11-23 10:00")
    made_now = atrium("2026-11-23 13:00", registration_until=None, announced_at=now)
    assert owed_in(plan([made_now], COMMUNITIES, rules, now), GENERAL, REMINDER) == [
        (REMINDER, "1h", brussels("2026-11-23 12:00"))
    ]


def test_an_agenda_of_the_past_owes_nothing() -> None:
    """C-28: importing fifty atria that are over."""
    past = [atrium(f"2026-{month:02}-{day:02} 09:30") for month in range(1, 6) for day in range(1, 11)]
    assert not owed_in(plan(past, COMMUNITIES, RULES, NOW), GENERAL, REMINDER, DEADLINE)


def test_what_was_due_before_the_atrium_was_known_is_not_owed() -> None:
    """C-28: a clone of an atrium whose moments have passed."""
    clone = atrium("2027-02-17 09:30", announced_at=brussels("2027-02-10 12:00"))
    found = plan([clone], COMMUNITIES, RULES, NOW)
    assert [offset for _, offset, _ in owed_in(found, GENERAL, REMINDER, DEADLINE)] == ["1d", "1d"]


def test_a_moved_atrium_keeps_its_keys() -> None:
    """C-27, C-30: the key holds the occurrence's number and never a date."""
    here = {each.key for each in plan([atrium("2027-02-17 09:30")], COMMUNITIES, RULES, NOW)}
    moved = {each.key for each in plan([atrium("2027-02-24 14:00")], COMMUNITIES, RULES, NOW)}
    assert here == moved
    assert dedupe_key(REMINDER, "atr-1", "algemeen", "7d") == "reminder:atr-1:1:7d:algemeen"


def test_a_colon_in_a_name_makes_no_two_keys_alike() -> None:
    assert dedupe_key("reminder", "a:1", "b") != dedupe_key("reminder", "a", "1:b")


def test_an_overview_is_owed_once_a_week_to_each_community_that_takes_it() -> None:
    """C-38: its key is the community and the week."""
    silent = replace(WATER, digest=False)
    found = plan([], [GENERAL, silent], RULES, NOW, horizon=dt.timedelta(days=15))
    assert [(each.key, each.due_at) for each in found if each.kind == DIGEST] == [
        ("digest:2026-W49:1:-:algemeen", brussels("2026-11-30 08:30")),
        ("digest:2026-W50:1:-:algemeen", brussels("2026-12-07 08:30")),
    ]


def test_what_is_for_politicians_is_told_to_them_alone() -> None:
    """C-42."""
    politicians = atrium(
        kind=Kind.MANDATARISSEN, audience=frozenset({Audience.MANDATARIS}), visibility=frozenset()
    )
    everybody = Community(key="iedereen", platform="local", name="Iedereen")
    assert keys_of(told_in(politicians, [*COMMUNITIES, everybody])) == {"mandatarissen"}


def test_what_is_for_officials_is_not_told_to_politicians() -> None:
    """C-42: not even where the kind would fit."""
    open_to_all_kinds = replace(POLITICIANS, kinds=frozenset())
    assert not told_in(atrium(audience=frozenset({Audience.AMBTENAAR})), [open_to_all_kinds])


def test_a_hidden_atrium_is_told_only_where_it_may_be_seen() -> None:
    """C-42."""
    hidden = atrium(visibility=frozenset({"water"}))
    assert keys_of(told_in(hidden, COMMUNITIES)) == {"water"}
    assert not told_in(hidden, COMMUNITIES, chosen=["algemeen"]), "a moderator's choice does not widen it"


def test_a_lokaal_atrium_goes_to_the_communities_of_its_region() -> None:
    waasland = Community(key="waasland", platform="local", name="Waasland", regions=frozenset({"Waasland"}))
    kempen = Community(key="kempen", platform="local", name="Kempen", regions=frozenset({"Kempen"}))
    here = atrium(kind=Kind.LOKAAL, region="Waasland")
    assert keys_of(told_in(here, [GENERAL, waasland, kempen])) == {"waasland"}
    elsewhere = atrium(kind=Kind.LOKAAL, region="Westhoek")
    assert keys_of(told_in(elsewhere, [GENERAL, waasland, kempen])) == {"algemeen"}


def test_the_table_of_regions_serves_where_the_atrium_names_none() -> None:
    waasland = Community(key="waasland", platform="local", name="Waasland", regions=frozenset({"Waasland"}))
    here = atrium(kind=Kind.LOKAAL, region=None)
    table = {"Sint-Niklaas": "Waasland"}
    assert keys_of(told_in(here, [GENERAL, waasland], table.get)) == {"waasland"}


def test_a_moderators_choice_of_communities_stands() -> None:
    assert keys_of(told_in(atrium(), COMMUNITIES, chosen=["water"])) == {"water"}


# --- the posts besides reminders and nudges

PLENTY = replace(
    RULES,
    posts=PostRules(
        save_the_date={Kind.THEMATISCH: days(84)},
        invitation={Kind.THEMATISCH: days(0)},
        practical={Kind.THEMATISCH: days(1)},
        thanks={Kind.THEMATISCH: days(1)},
    ),
)
OTHERS = (SAVE_THE_DATE, INVITATION, PRACTICAL, THANKS)


def test_each_post_is_planned_relative_to_publication_start_or_end() -> None:
    told = atrium(
        "2027-02-17 09:30", announced_at=NOW, materials_url="https://example.org/m", materials_at=NOW
    )
    assert owed_in(plan([told], COMMUNITIES, PLENTY, NOW), GENERAL, *OTHERS) == [
        (INVITATION, "0d", brussels("2026-11-23 10:30")),
        (SAVE_THE_DATE, "84d", brussels("2026-11-25 09:00")),
        (PRACTICAL, "1d", brussels("2027-02-16 09:00")),
        (THANKS, "1d", brussels("2027-02-18 09:00")),
    ]


def test_an_atrium_that_is_known_late_gets_only_what_still_makes_sense() -> None:
    """C-16, C-28."""
    late = atrium("2027-02-17 09:30", announced_at=brussels("2027-02-16 08:00"))
    found = plan([late], [GENERAL], PLENTY, brussels("2027-02-16 08:00"))
    assert {each.kind for each in found if each.kind != DIGEST} == {INVITATION, REMINDER, PRACTICAL}


def test_an_import_of_what_is_over_owes_no_post_of_any_kind() -> None:
    """C-28."""
    past = [
        atrium(f"2026-{month:02}-05 09:30", materials_url="https://example.org/m") for month in range(1, 11)
    ]
    assert not owed_in(plan(past, COMMUNITIES, PLENTY, NOW), GENERAL, *OTHERS, REMINDER, DEADLINE)


def test_without_materials_nobody_is_thanked() -> None:
    assert not owed_in(plan([atrium()], COMMUNITIES, PLENTY, NOW), GENERAL, THANKS)


def test_who_asks_for_feedback_thanks_without_materials() -> None:
    rules = replace(RULES, posts=PostRules(feedback=True))
    found = owed_in(plan([atrium("2027-02-19 09:30")], COMMUNITIES, rules, NOW), GENERAL, THANKS)
    assert found == [(THANKS, "1d", brussels("2027-02-22 09:00"))], "from a Friday to the Monday after"


def test_materials_that_come_later_are_told_when_their_edits_are_over() -> None:
    one = atrium(materials_url="https://example.org/m", materials_at=brussels("2027-03-03 14:00"))
    thanks = [each for each in moments(one, PLENTY) if each.kind == THANKS]
    assert [each.due_at for each in thanks] == [brussels("2027-03-03 14:30")]


def test_materials_that_come_long_after_are_no_reason_to_thank_for_what_is_forgotten() -> None:
    """C-28: what was said of it may be gone from the outbox by then."""
    told_at = brussels("2027-04-16 14:00")
    assert moment_kinds(atrium(materials_url="https://example.org/m", materials_at=told_at)) == {THANKS}
    late = told_at + dt.timedelta(days=7)
    assert moment_kinds(atrium(materials_url="https://example.org/m", materials_at=late)) == set()
    assert THANKS_WITHIN < POSTS_KEPT_FOR


def moment_kinds(one: Atrium) -> set[str]:
    """The kinds of post after its end."""
    return {each.kind for each in moments(one, PLENTY) if each.due_at > one.starts_at}


def test_a_full_atrium_is_not_nudged_about() -> None:
    found = plan([atrium(is_full=True)], COMMUNITIES, RULES, NOW)
    assert not owed_in(found, GENERAL, DEADLINE)
    assert owed_in(found, GENERAL, REMINDER)


def test_posts_are_off_by_kind_by_atrium_or_by_community() -> None:
    def kinds(one: Atrium, rules: Rules = PLENTY, community: Community = GENERAL) -> set[str]:
        return {each.kind for each in plan([one], [community], rules, NOW)} - {DIGEST}

    assert kinds(atrium()) == {SAVE_THE_DATE, REMINDER, DEADLINE, PRACTICAL}
    off_by_kind = replace(PLENTY, posts=replace(PLENTY.posts, off={Kind.THEMATISCH: frozenset({DEADLINE})}))
    assert kinds(atrium(), off_by_kind) == {SAVE_THE_DATE, REMINDER, PRACTICAL}
    assert kinds(atrium(quiet_posts=frozenset({REMINDER}))) == {SAVE_THE_DATE, DEADLINE, PRACTICAL}
    assert kinds(atrium(quiet_posts=frozenset({"all"}))) == set()
    assert kinds(atrium(), community=replace(GENERAL, posts_off=frozenset({SAVE_THE_DATE, DEADLINE}))) == {
        REMINDER,
        PRACTICAL,
    }


# --- overviews


def digest_keys(communities: list[Community], rules: Rules, until_days: int) -> list[str]:
    found = plan([], communities, rules, NOW, horizon=dt.timedelta(days=until_days))
    return [each.key for each in found]


def test_politicians_get_their_overview_monthly() -> None:
    """C-38: its key is the community and the month."""
    assert digest_keys([POLITICIANS], RULES, 50) == [
        "digest:2026-12:1:-:mandatarissen",
        "digest:2027-01:1:-:mandatarissen",
    ]
    found = plan([], [POLITICIANS], RULES, NOW, horizon=dt.timedelta(days=50))
    assert [each.due_at for each in found] == [brussels("2026-12-07 08:30"), brussels("2027-01-04 08:30")]


def test_the_settings_decide_how_often_an_overview_comes() -> None:
    assert digest_keys([replace(POLITICIANS, digest_every="week")], RULES, 9) == [
        "digest:2026-W49:1:-:mandatarissen"
    ]
    assert digest_keys([replace(GENERAL, digest_every="month")], RULES, 20) == ["digest:2026-12:1:-:algemeen"]


def test_a_monthly_overview_moves_forward_from_a_holiday() -> None:
    """The first Monday of April 2029 is Easter Monday."""
    found = plan([], [POLITICIANS], RULES, brussels("2029-03-20 10:00"), horizon=dt.timedelta(days=20))
    assert [each.due_at for each in found] == [brussels("2029-04-03 08:30")]


def test_the_moderators_overview_goes_to_one_community_and_is_off_without_it() -> None:
    silent = [replace(each, digest=False) for each in COMMUNITIES]
    assert not digest_keys(silent, RULES, 20)
    rules = replace(RULES, digest=DigestRules(moderators_community="water"))
    assert digest_keys(silent, rules, 9) == ["moderators:2026-W49:1:-:water"]


# --- calm in school holidays

CALM = replace(RULES, attention=Attention(calm_school_holidays=True))


def test_in_calm_school_holidays_only_what_cannot_wait_is_planned() -> None:
    """C-40: Carnival is 8 to 14 February 2027."""
    one = atrium("2027-02-17 09:30")
    assert owed_in(plan([one], [GENERAL], CALM, NOW), GENERAL, REMINDER, DEADLINE) == [
        (REMINDER, "28d", brussels("2027-01-20 09:00")),
        (DEADLINE, "7d", brussels("2027-02-09 09:00")),
        (REMINDER, "7d", brussels("2027-02-15 08:30")),
        (DEADLINE, "1d", brussels("2027-02-15 09:00")),
        (REMINDER, "1d", brussels("2027-02-16 09:00")),
    ]


def test_what_would_come_after_the_last_reminder_is_not_kept_for_after_the_holidays() -> None:
    """A reminder of a week before, from within the holidays, for the day after them."""
    one = atrium("2027-02-15 09:30")
    offsets = [offset for _, offset, _ in owed_in(plan([one], [GENERAL], CALM, NOW), GENERAL, REMINDER)]
    assert offsets == ["28d", "1d"]


def test_there_is_no_overview_in_calm_school_holidays() -> None:
    found = plan(
        [], [GENERAL, POLITICIANS], CALM, brussels("2027-06-21 10:00"), horizon=dt.timedelta(days=90)
    )
    assert [(each.key, each.due_at) for each in found] == [
        ("digest:2027-W26:1:-:algemeen", brussels("2027-06-28 08:30")),
        ("digest:2027-09:1:-:mandatarissen", brussels("2027-09-06 08:30")),
        ("digest:2027-W36:1:-:algemeen", brussels("2027-09-06 08:30")),
        ("digest:2027-W37:1:-:algemeen", brussels("2027-09-13 08:30")),
    ]
