"""The posts around an atrium as they are really said: first word, invitation, practical side, thanks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.model import Atrium, Kind
from scheduler.changes import announce, on_changed, replan_all
from scheduler.plan import INVITATION, REMINDER, SAVE_THE_DATE, THANKS
from scheduler.rules import Attention, PostRules, Rules, days
from store import local, outbox
from store.agenda import save_atrium
from store.communities import sync_communities
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState
from store.tables import LocalMessageRow
from tests.fakes.bench import QUIET, SILENT, Bench
from tests.fakes.network import GENERAL, POLITICIANS, atrium, brussels

SILENT_GENERAL = (replace(GENERAL, digest=False),)
NO_REMINDERS = replace(QUIET, reminders={})


def posts(**more: object) -> Rules:
    """Nothing but these posts."""
    rules = {"save_the_date": {}, "thanks": {}} | more
    return replace(NO_REMINDERS, posts=PostRules(**rules))  # type: ignore[arg-type]


def place(name: str, at: str, uid: str, **more: object) -> Atrium:
    title = f"Provinciaal Atrium {name}"
    return atrium(
        at, uid=uid, kind=Kind.PROVINCIAAL, title=title, municipality=name, programme_uid="tour", **more
    )


TOUR = (
    place("Antwerpen", "2027-04-06 09:00", "p-1"),
    place("Leuven", "2027-04-09 09:00", "p-2"),
    place("Gent", "2027-04-12 09:00", "p-3"),
)


def entries(bench: Bench, kind: str) -> list[Entry]:
    with bench.store.reading() as session:
        return outbox.entries(session, kinds=[kind])


def kinds_said(bench: Bench) -> list[str]:
    return [each.post.kind for each in bench.platform.posts]


def add_materials(bench: Bench, before: Atrium) -> Atrium:
    now = bench.clock.now()
    after = replace(before, materials_url="https://example.org/materiaal", materials_at=now)
    with bench.store.writing() as session:
        save_atrium(session, after)
        on_changed(session, before, after, bench.rules, now)
    return after


# --- thanks and materials


def test_people_are_thanked_once_with_the_materials_a_working_day_after(store: Store) -> None:
    bench = Bench(store, rules=posts(thanks={Kind.THEMATISCH: days(1)}), communities=SILENT_GENERAL)
    bench.clock.moment = brussels("2027-02-17 13:00")
    add_materials(bench, atrium())
    for day in (17, 18, 19, 22):
        bench.tick(brussels(f"2027-02-{day} 09:00"))
        bench.tick(brussels(f"2027-02-{day} 17:00"))
    (said,) = bench.platform.posts
    assert said.at == brussels("2027-02-18 09:00")
    assert said.text.startswith("Dank aan wie er was: Thematisch Atrium: circulair bouwen")
    assert "https://example.org/materiaal" in said.text


def test_without_materials_nothing_is_said_afterwards(store: Store) -> None:
    """C-39."""
    bench = Bench(store, rules=posts(thanks={Kind.THEMATISCH: days(1)}), communities=SILENT_GENERAL)
    bench.tick(brussels("2027-02-18 09:00"))
    assert not bench.platform.posts
    assert not entries(bench, THANKS)


def test_materials_taken_away_before_they_were_told_are_not_told(store: Store) -> None:
    bench = Bench(store, rules=posts(thanks={Kind.THEMATISCH: days(1)}), communities=SILENT_GENERAL)
    bench.clock.moment = brussels("2027-02-17 13:00")
    after = add_materials(bench, atrium())
    with store.writing() as session:
        save_atrium(session, replace(after, materials_url=None, materials_at=None))
    bench.tick(brussels("2027-02-18 09:00"))
    assert not bench.platform.posts
    assert [each.reason for each in entries(bench, THANKS)] == ["reden.niet langer gepland"]


def test_thanks_that_are_due_with_the_overview_are_told_in_it(store: Store) -> None:
    """C-40: of low value, so no post of its own."""
    one = atrium("2027-02-19 09:30")
    other = atrium("2027-03-03 09:30", uid="other", title="Thematisch Atrium: water", theme="water")
    rules = replace(posts(thanks={Kind.THEMATISCH: days(1)}), attention=Attention(at=dt.time(8, 30)))
    bench = Bench(store, one, other, rules=rules, communities=(GENERAL,))
    bench.tick(brussels("2027-02-15 08:30"))
    bench.clock.moment = brussels("2027-02-19 14:00")
    add_materials(bench, one)
    bench.tick(brussels("2027-02-22 08:30"))
    assert kinds_said(bench) == ["digest", "digest"]
    assert "Materiaal van voorbije atria:\n- vr 19 februari" in bench.platform.posts[-1].text
    assert [each.state for each in entries(bench, THANKS)] == [OutboxState.SENT]


def test_a_question_for_feedback_is_never_hidden_in_an_overview(store: Store) -> None:
    """C-40: in a full week it is let go, and said to be."""
    one = atrium("2027-02-19 09:30")
    other = atrium("2027-03-03 09:30", uid="other", title="Thematisch Atrium: water", theme="water")
    rules = replace(
        posts(thanks={Kind.THEMATISCH: days(1)}, feedback=True),
        attention=Attention(at=dt.time(8, 30), max_posts_per_week=1),
    )
    bench = Bench(store, one, other, rules=rules, communities=(GENERAL,))
    bench.tick(brussels("2027-02-22 08:30"))
    assert kinds_said(bench) == ["digest"]
    reasons = {each.atrium_uid: each.reason for each in entries(bench, THANKS)}
    assert reasons["atr-1"] == "reden.weekbudget op"


def test_fresh_materials_are_told_in_one_overview_and_then_no_more(store: Store) -> None:
    one = atrium("2027-02-17 09:30")
    other = atrium("2027-03-10 09:30", uid="other", title="Thematisch Atrium: water", theme="water")
    bench = Bench(store, one, other, rules=posts(), communities=(GENERAL,))
    bench.tick(brussels("2027-02-15 08:30"))
    bench.clock.moment = brussels("2027-02-18 14:00")
    add_materials(bench, one)
    bench.tick(brussels("2027-02-22 08:30"))
    bench.tick(brussels("2027-03-01 08:30"))
    told = ["Materiaal" in text for text in bench.platform.texts("algemeen")]
    assert told == [False, True, False]


def test_materials_for_politicians_never_reach_others(store: Store) -> None:
    """C-42."""
    hidden = atrium(kind=Kind.MANDATARISSEN, audience=frozenset(), visibility=frozenset({"mandatarissen"}))
    other = atrium("2027-03-10 09:30", uid="other", kind=Kind.MANDATARISSEN, audience=frozenset())
    open_one = atrium("2027-03-11 09:30", uid="open")
    bench = Bench(
        store,
        hidden,
        other,
        open_one,
        rules=posts(thanks={Kind.MANDATARISSEN: days(1)}),
        communities=(GENERAL, replace(POLITICIANS, digest_every="week")),
    )
    bench.tick(brussels("2027-02-15 08:30"))
    bench.clock.moment = brussels("2027-02-17 13:00")
    add_materials(bench, hidden)
    bench.tick(brussels("2027-02-18 09:00"))
    bench.tick(brussels("2027-02-22 08:30"))
    assert any("materiaal" in text for text in bench.platform.texts("mandatarissen"))
    assert not any("materiaal" in text.lower() for text in bench.platform.texts("algemeen"))


# --- the first word


def test_the_places_of_a_programme_are_one_first_word(store: Store) -> None:
    """C-40: one post instead of three, and none for the other places later."""
    bench = Bench(
        store, *TOUR, rules=posts(save_the_date={Kind.PROVINCIAAL: days(84)}), communities=SILENT_GENERAL
    )
    for day in range(12, 23):
        bench.tick(brussels(f"2027-01-{day} 09:00"))
    (text,) = bench.platform.texts()
    assert text.startswith("Noteer alvast: drie Provinciale Atria, van 6 tot en met 12 april 2027.")
    assert [each.state for each in entries(bench, SAVE_THE_DATE)] == [OutboxState.SENT] * 3


def test_when_the_first_place_is_cancelled_the_others_still_get_their_first_word(store: Store) -> None:
    bench = Bench(
        store, *TOUR, rules=posts(save_the_date={Kind.PROVINCIAAL: days(84)}), communities=SILENT_GENERAL
    )
    off = replace(TOUR[0], status="geannuleerd", cancelled_at=bench.clock.now())  # type: ignore[arg-type]
    with store.writing() as session:
        save_atrium(session, off)
    bench.tick(brussels("2027-01-12 09:00"))
    assert not bench.platform.posts
    bench.tick(brussels("2027-01-15 09:00"))
    (text,) = bench.platform.texts()
    assert text.startswith("Noteer alvast: twee Provinciale Atria, van 9 tot en met 12 april 2027.")


def test_in_a_full_week_a_first_word_waits_for_the_overview(store: Store) -> None:
    """C-40: reminders go first, and nothing is lost."""
    far = atrium("2027-05-12 09:30", uid="far", title="Thematisch Atrium: later", theme="later")
    rules = replace(
        QUIET,
        posts=PostRules(save_the_date={Kind.THEMATISCH: days(84)}, thanks={}),
        attention=Attention(max_posts_per_week=2),
    )
    near = [atrium(f"2027-02-2{day} 09:30", uid=f"n-{day}") for day in (4, 5)]
    bench = Bench(store, far, *near, rules=rules, communities=(GENERAL,), planned_at="2027-02-15 10:00")
    for day in (17, 18):
        bench.tick(brussels(f"2027-02-{day} 09:00"))
    assert kinds_said(bench) == ["reminder", "reminder"]
    (waiting,) = entries(bench, SAVE_THE_DATE)
    assert (waiting.state, waiting.due_at) == (OutboxState.PLANNED, brussels("2027-02-22 08:30"))
    bench.tick(brussels("2027-02-22 08:30"))
    assert "Noteer alvast:\n- wo 12 mei" in bench.platform.posts[-1].text
    assert [each.state for each in entries(bench, SAVE_THE_DATE)] == [OutboxState.SENT]


def test_a_first_word_that_waits_survives_the_plan_of_the_next_day(store: Store) -> None:
    far = atrium("2027-05-12 09:30", uid="far", title="Thematisch Atrium: later", theme="later")
    rules = replace(
        posts(save_the_date={Kind.THEMATISCH: days(84)}), attention=Attention(max_posts_per_week=0)
    )
    bench = Bench(store, far, rules=rules, communities=(GENERAL,), planned_at="2027-02-15 10:00")
    bench.tick(brussels("2027-02-17 09:00"))
    replan_all(store, rules, brussels("2027-02-18 00:10"))
    (waiting,) = entries(bench, SAVE_THE_DATE)
    assert (waiting.state, waiting.due_at) == (OutboxState.PLANNED, brussels("2027-02-22 08:30"))


def test_without_an_overview_to_wait_for_a_first_word_is_let_go_in_a_full_week(store: Store) -> None:
    rules = replace(
        posts(save_the_date={Kind.THEMATISCH: days(84)}), attention=Attention(max_posts_per_week=0)
    )
    bench = Bench(store, atrium("2027-05-12 09:30"), rules=rules, communities=SILENT_GENERAL)
    bench.tick(brussels("2027-02-17 09:00"))
    assert not bench.platform.posts
    assert [each.reason for each in entries(bench, SAVE_THE_DATE)] == ["reden.weekbudget op"]


# --- invitations and announcements


def test_what_came_with_the_agenda_is_told_in_full_once_its_edits_are_over(store: Store) -> None:
    """C-30: no post at creation."""
    new = [replace(each, announced_at=brussels("2027-01-12 10:00")) for each in TOUR]
    rules = posts(invitation={Kind.PROVINCIAAL: days(0)})
    bench = Bench(store, *new, rules=rules, communities=SILENT_GENERAL, planned_at="2027-01-12 10:00")
    bench.tick(brussels("2027-01-12 10:29"))
    assert not bench.platform.posts
    bench.tick(brussels("2027-01-12 10:30"))
    bench.tick(brussels("2027-01-13 10:30"))
    (text,) = bench.platform.texts()
    assert text.startswith("Nieuw: drie Provinciale Atria, van 6 tot en met 12 april 2027.")


def test_what_a_moderator_announced_is_not_announced_again(store: Store) -> None:
    """C-9."""
    rules = posts(invitation={Kind.THEMATISCH: days(0)})
    new = atrium(announced_at=brussels("2027-01-12 10:00"))
    bench = Bench(store, new, rules=rules, communities=SILENT_GENERAL, planned_at="2027-01-12 10:00")
    with store.writing() as session:
        announce(session, new, ["algemeen"], rules, bench.clock.now())
    bench.tick()
    bench.tick(brussels("2027-01-12 10:30"))
    assert kinds_said(bench) == ["announcement"]
    assert [each.reason for each in entries(bench, INVITATION)] == ["reden.al aangekondigd"]


def test_the_places_of_a_programme_are_announced_in_one_post(store: Store) -> None:
    bench = Bench(store, *TOUR, rules=NO_REMINDERS, communities=SILENT_GENERAL)
    with store.writing() as session:
        for each in TOUR:
            announce(session, each, ["algemeen"], NO_REMINDERS, bench.clock.now())
    bench.tick()
    (text,) = bench.platform.texts()
    assert text.startswith("Nieuw: drie Provinciale Atria")


# --- the practical side, and what is switched off


def test_the_last_reminder_tells_the_practical_side(store: Store) -> None:
    rules = replace(NO_REMINDERS, reminders={Kind.THEMATISCH: days(7, 1)})
    bench = Bench(store, rules=rules, communities=SILENT_GENERAL)
    bench.tick(brussels("2027-02-10 09:00"))
    bench.tick(brussels("2027-02-16 09:00"))
    week, day = bench.platform.texts()
    assert "Grote Markt 1" not in week
    assert "Waar: Stadhuis, Grote Markt 1, Sint-Niklaas." in day


def test_a_kind_can_have_the_practical_side_in_a_post_of_its_own(store: Store) -> None:
    rules = replace(
        posts(practical={Kind.THEMATISCH: (dt.timedelta(hours=19, minutes=30),)}),
        reminders={Kind.THEMATISCH: days(1)},
    )
    bench = Bench(store, rules=rules, communities=SILENT_GENERAL)
    bench.tick(brussels("2027-02-16 09:00"))
    bench.tick(brussels("2027-02-16 14:00"))
    reminder, practical = bench.platform.texts()
    assert "Grote Markt 1" not in reminder
    assert practical.startswith("Praktische info. Morgen: ")


def test_what_a_community_switched_off_in_the_meantime_is_not_said(store: Store) -> None:
    bench = Bench(store)
    with store.writing() as session:
        sync_communities(session, [replace(each, posts_off=frozenset({REMINDER})) for each in SILENT])
    bench.tick(brussels("2027-02-10 09:00"))
    assert not bench.platform.posts


def test_the_first_reminder_of_a_programme_can_speak_for_all_its_places(store: Store) -> None:
    """C-40: the later ones stay with each place."""
    rules = replace(posts(programme_once=True), reminders={Kind.PROVINCIAAL: days(28, 1)})
    bench = Bench(store, *TOUR, rules=rules, communities=SILENT_GENERAL)
    for day in range(1, 32):
        bench.tick(brussels(f"2027-03-{day:02} 09:00"))
    (text,) = bench.platform.texts()
    assert all(name in text for name in ("Antwerpen", "Leuven", "Gent"))
    for day in range(1, 13):
        bench.tick(brussels(f"2027-04-{day:02} 09:00"))
    assert len(bench.platform.texts()) == 4


# --- school holidays


def test_a_reminder_from_calm_school_holidays_comes_with_the_overview_after(store: Store) -> None:
    """C-40: Carnival is 8 to 14 February 2027."""
    rules = replace(
        NO_REMINDERS,
        reminders={Kind.THEMATISCH: days(7, 1)},
        attention=Attention(calm_school_holidays=True),
    )
    bench = Bench(store, rules=rules, communities=(GENERAL,))
    for day in range(8, 18):
        for hour in ("08:30", "09:00"):
            bench.tick(brussels(f"2027-02-{day:02} {hour}"))
    said = [(each.at, each.post.kind) for each in bench.platform.posts]
    assert said == [(brussels("2027-02-15 08:30"), "digest"), (brussels("2027-02-16 09:00"), "reminder")]
    assert "Niet vergeten:\n- Thematisch Atrium: circulair bouwen" in bench.platform.posts[0].text


# --- where people talk


def test_an_overview_tells_where_people_talk_by_number_and_address_alone(store: Store) -> None:
    """C-39, C-42: in its own community, never in their words, and never without other news."""
    rules = replace(NO_REMINDERS, public_url="https://atria.example.org")
    bench = Bench(store, rules=rules, communities=(GENERAL, replace(GENERAL, key="leeg", name="Leeg")))
    bench.tick(brussels("2027-02-01 08:30"))
    with store.writing() as session:
        for text in ("Wie rijdt er mee", "Ik", "Ik ook"):
            row = LocalMessageRow(
                community_key="algemeen",
                thread_id=None if text == "Wie rijdt er mee" else 1,
                author="An",
                text=text,
                at=brussels("2027-02-03 10:00"),
            )
            local.add(session, row)
    bench.tick(brussels("2027-02-08 08:30"))
    here, elsewhere = bench.platform.texts("algemeen")[-1], bench.platform.texts("leeg")[-1]
    assert "- Drie berichten: https://atria.example.org/community/algemeen#bericht-1" in here
    assert "rijdt" not in here
    assert "gepraat" not in elsewhere
    bench.tick(brussels("2027-02-22 08:30"))
    assert len(bench.platform.texts("algemeen")) == 2, "nothing but talk is no overview"
