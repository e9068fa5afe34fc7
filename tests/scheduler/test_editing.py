"""Posts that were made already follow the agenda: edited where possible, else set right by a reply."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.platforms.local import LocalPlatform
from handlers.model import Atrium, Kind, Status
from handlers.posts.names import POST_NAMES
from scheduler.changes import announce, on_changed
from scheduler.delivery import Delivery
from scheduler.look import Look
from scheduler.plan import (
    ANNOUNCEMENT,
    ANSWER,
    CHANGE,
    EDIT,
    INVITATION,
    NOTICE,
    PRACTICAL,
    SAVE_THE_DATE,
)
from scheduler.port import Capabilities, RateLimited
from scheduler.preview import StoredOutbox
from scheduler.rules import PostRules, days
from scheduler.saying import Saying
from store import local, outbox
from store.agenda import save_atrium
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState
from tests.fakes.bench import QUIET, Bench
from tests.fakes.network import GENERAL, atrium, brussels

EDITS = Capabilities(edit=True, find=True)
MARK = "Aangepast op donderdag 4 februari 2027, 10.30 u."


def change(bench: Bench, before: Atrium, after: Atrium) -> None:
    with bench.store.writing() as session:
        save_atrium(session, after)
        on_changed(session, before, after, bench.rules, bench.clock.now())


def announced(store: Store, *atria: Atrium, edits: bool = True) -> Bench:
    """Atria that were announced on 25 January 2027, reminded of a week before; it is 4 February."""
    bench = Bench(store, *atria, planned_at="2027-01-25 10:00")
    bench.platform.capabilities = EDITS if edits else Capabilities(find=True)
    for one in atria or (atrium(),):
        with store.writing() as session:
            announce(session, one, ["algemeen"], bench.rules, bench.clock.now())
    bench.tick()
    bench.clock.moment = brussels("2027-02-04 10:00")
    return bench


def edits_of(bench: Bench) -> list[Entry]:
    with bench.store.reading() as session:
        return outbox.entries(session, kinds=[EDIT])


def cancelled(one: Atrium, bench: Bench) -> Atrium:
    return replace(one, status=Status.GEANNULEERD, cancelled_at=bench.clock.now())


def test_a_change_is_told_in_the_thread_of_the_announcement(store: Store) -> None:
    """C-30: one notice, where people read of it first, though they were reminded in another thread since."""
    bench = announced(store)
    bench.tick(brussels("2027-02-10 09:00"))
    assert [each.post.kind for each in bench.platform.posts] == ["announcement", "reminder"]
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    bench.tick(brussels("2027-02-10 10:00"))
    notice = bench.platform.posts[-1]
    assert notice.post.kind == CHANGE
    assert notice.post.thread == bench.platform.posts[0].message_id


def test_without_an_announcement_it_is_told_where_it_was_told_last(store: Store) -> None:
    bench = Bench(store)
    bench.tick(brussels("2027-02-10 09:00"))
    reminded = bench.platform.posts[0]
    change(bench, atrium(), cancelled(atrium(), bench))
    bench.tick(brussels("2027-02-10 10:00"))
    told = next(each for each in bench.platform.posts if each.post.kind == "cancellation")
    assert told.post.community == reminded.post.community
    assert told.post.thread == reminded.message_id


def test_earlier_posts_show_the_new_values_and_that_they_were_edited(store: Store) -> None:
    """C-25, C-27, C-30: with the last values, after the window, once."""
    bench = announced(store)
    change(bench, atrium(), atrium("2027-02-17 11:00"))
    change(bench, atrium("2027-02-17 11:00"), atrium("2027-02-17 14:00"))
    bench.tick(brussels("2027-02-04 10:29"))
    assert not bench.platform.edits
    bench.tick(brussels("2027-02-04 10:30"))
    bench.tick(brussels("2027-02-04 12:00"))
    first, notice = bench.platform.texts("algemeen")
    assert first.startswith(
        "Nieuw: Thematisch Atrium: circulair bouwen, woensdag 17 februari 2027, van 14.00"
    )
    assert first.endswith(MARK)
    assert notice.startswith("Gewijzigd: ")
    assert len(bench.platform.edits) == 1
    assert [each.state for each in edits_of(bench)] == [OutboxState.SENT]


@pytest.mark.parametrize(
    ("kind", "rules", "said_at"),
    [
        (SAVE_THE_DATE, PostRules(save_the_date={Kind.THEMATISCH: days(21)}, thanks={}), "2027-01-27 09:00"),
        (
            INVITATION,
            PostRules(save_the_date={}, invitation={Kind.THEMATISCH: days(0)}, thanks={}),
            "2027-01-25 10:30",
        ),
        (
            PRACTICAL,
            PostRules(save_the_date={}, practical={Kind.THEMATISCH: days(14)}, thanks={}),
            "2027-02-03 09:00",
        ),
    ],
)
def test_every_kind_of_post_about_an_atrium_follows_the_agenda(
    store: Store, kind: str, rules: PostRules, said_at: str
) -> None:
    """C-25, C-30."""
    known = replace(atrium(), announced_at=brussels("2027-01-25 10:00"))
    only = replace(QUIET, reminders={}, posts=rules)
    bench = Bench(store, known, rules=only, planned_at="2027-01-25 10:00")
    bench.platform.capabilities = EDITS
    bench.tick(brussels(said_at))
    said = bench.platform.posts[0]
    assert said.post.kind == kind
    change(bench, known, atrium("2027-02-18 14:00", announced_at=known.announced_at))
    bench.tick(bench.clock.now() + dt.timedelta(hours=1))
    edited = {message: post.reply.plain_text() for message, post in bench.platform.edits}
    assert "donderdag 18 februari" in edited[said.message_id]


def test_another_link_is_put_right_in_silence(store: Store) -> None:
    bench = announced(store)
    change(bench, atrium(), replace(atrium(), registration_url="https://inschrijven.example.org/nieuw"))
    bench.tick(brussels("2027-02-04 10:30"))
    (only,) = bench.platform.texts("algemeen")
    assert "https://inschrijven.example.org/nieuw" in only
    assert MARK in only


def test_an_edit_back_to_the_start_touches_nothing(store: Store) -> None:
    bench = announced(store)
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    change(bench, atrium("2027-02-17 14:00"), atrium())
    bench.tick(brussels("2027-02-04 10:30"))
    assert not bench.platform.edits
    assert [each.reason for each in edits_of(bench)] == ["reden.teruggedraaid"]


def test_a_cancelled_atrium_is_cancelled_in_every_post_about_it(store: Store) -> None:
    """C-27, C-31: told once, and what was posted before says so too."""
    bench = announced(store)
    change(bench, atrium(), cancelled(atrium(), bench))
    for hour in range(10, 18):
        bench.tick(brussels(f"2027-02-04 {hour}:30"))
    first, notice = bench.platform.texts("algemeen")
    assert first.startswith("Geannuleerd: Thematisch Atrium: circulair bouwen")
    assert "Dit atrium gaat niet door." in first
    assert MARK in first
    assert notice.startswith("Geannuleerd: ")


def test_one_place_of_a_programme_is_cancelled_alone(store: Store) -> None:
    """C-27: the other places are still reminded of, and the post that told them all says which one is off."""
    places = [
        atrium("2027-02-17 09:30", uid="p-1", title="Atrium Gent", municipality="Gent", programme_uid="p"),
        atrium(
            "2027-02-17 09:30", uid="p-2", title="Atrium Leuven", municipality="Leuven", programme_uid="p"
        ),
    ]
    bench = Bench(store, *places)
    bench.platform.capabilities = EDITS
    bench.tick(brussels("2027-02-10 09:00"))
    (reminded,) = bench.platform.texts("algemeen")
    assert "Atrium Gent" in reminded
    change(bench, places[0], cancelled(places[0], bench))
    bench.tick(brussels("2027-02-10 10:00"))
    edited, notice = bench.platform.texts("algemeen")
    assert edited.startswith("Volgende week: Atrium Leuven")
    assert "Geannuleerd: Atrium Gent" in edited
    assert "Geannuleerd: Atrium Leuven" not in edited
    assert "Wel nog in Leuven" in notice


def test_two_places_that_move_at_once_are_one_edit_of_one_post(store: Store) -> None:
    places = [
        atrium("2027-02-17 09:30", uid=f"p-{each}", title=f"Atrium {each}", programme_uid="p")
        for each in (1, 2)
    ]
    bench = Bench(store, *places)
    bench.platform.capabilities = EDITS
    bench.tick(brussels("2027-02-10 09:00"))
    for one in places:
        change(bench, one, replace(one, venue="Cultuurcentrum"))
    bench.tick(brussels("2027-02-10 09:30"))
    in_general = [
        post for _, post in bench.platform.edits if post.community and post.community.key == "algemeen"
    ]
    assert len(in_general) == 1
    assert {each.state for each in edits_of(bench)} == {OutboxState.SENT}


@pytest.mark.parametrize("step", ["accept-then-timeout", "lost", "fault"])
def test_an_edit_of_unknown_outcome_is_done_again(
    store: Store, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    """C-2: to show the same twice is to show it once, so nobody has to look."""
    caplog.set_level("CRITICAL")
    bench = announced(store)
    change(bench, atrium(), replace(atrium(), title="Thematisch Atrium: houtbouw"))
    bench.platform.script = [step]
    bench.tick(brussels("2027-02-04 10:30"))
    assert [each.state for each in edits_of(bench)] == [OutboxState.AMBIGUOUS]
    bench.tick(brussels("2027-02-04 10:32"))
    bench.tick(brussels("2027-02-04 10:33"))
    assert [each.state for each in edits_of(bench)] == [OutboxState.SENT]
    (text,) = bench.platform.texts("algemeen")
    assert text.count("Aangepast op") == 1
    assert bench.platform.finds == 0


def test_an_edit_that_is_throttled_is_done_later(store: Store) -> None:
    """C-20."""
    bench = announced(store)
    change(bench, atrium(), replace(atrium(), title="Thematisch Atrium: houtbouw"))
    bench.platform.script = [RateLimited(retry_after=dt.timedelta(seconds=40))]
    bench.tick(brussels("2027-02-04 10:30"))
    assert "houtbouw" not in bench.platform.texts("algemeen")[0]
    bench.tick(brussels("2027-02-04 10:32"))
    assert "houtbouw" in bench.platform.texts("algemeen")[0]


def test_a_post_that_was_deleted_is_not_edited_and_moderators_can_see_it(store: Store) -> None:
    bench = announced(store)
    change(bench, atrium(), replace(atrium(), title="Thematisch Atrium: houtbouw"))
    bench.platform.posts.clear()
    bench.tick(brussels("2027-02-04 10:30"))
    assert [each.state for each in edits_of(bench)] == [OutboxState.FAILED]


# --- where nothing can be edited


def test_where_nothing_can_be_edited_the_notice_in_the_thread_sets_it_right(store: Store) -> None:
    bench = announced(store, edits=False)
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    bench.tick(brussels("2027-02-04 10:30"))
    first, notice = bench.platform.texts("algemeen")
    assert "van 9.30" in first
    assert notice.startswith("Gewijzigd: ")
    assert [each.reason for each in edits_of(bench)] == ["reden.rechtgezet"]


def test_a_post_in_another_thread_is_corrected_there_by_a_reply(store: Store) -> None:
    bench = announced(store, edits=False)
    bench.tick(brussels("2027-02-10 09:00"))
    _, reminder = [each for each in bench.platform.posts if each.post.kind in ("announcement", "reminder")]
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    bench.tick(brussels("2027-02-10 09:30"))
    correction = next(each for each in bench.platform.posts if each.post.kind == EDIT)
    assert correction.post.thread == reminder.message_id
    assert correction.text.startswith("Het bericht hierboven klopt niet meer. Zo is het nu:\nVolgende week: ")
    assert "van 14.00 tot 17.00 u." in correction.text
    assert sum(each.post.kind == EDIT for each in bench.platform.posts) == 1


def test_another_link_is_told_where_nothing_can_be_edited_and_another_text_is_not(store: Store) -> None:
    bench = announced(store, edits=False)
    change(bench, atrium(), replace(atrium(), description="Nieuwe tekst."))
    bench.tick(brussels("2027-02-04 10:30"))
    assert len(bench.platform.posts) == 1
    described = replace(atrium(), description="Nieuwe tekst.")
    change(bench, described, replace(described, registration_url="https://inschrijven.example.org/nieuw"))
    bench.tick(brussels("2027-02-04 11:00"))
    assert "https://inschrijven.example.org/nieuw" in bench.platform.texts("algemeen")[-1]


# --- visibility, the local community


def test_a_post_of_what_may_no_longer_be_seen_is_not_filled_in_anew(store: Store) -> None:
    """C-42."""
    bench = announced(store)
    hidden = replace(atrium("2027-02-17 14:00"), visibility=frozenset({"mandatarissen"}))
    change(bench, atrium(), hidden)
    bench.tick(brussels("2027-02-04 10:30"))
    assert not bench.platform.edits


def test_the_local_community_shows_the_new_values_in_the_old_place(store: Store) -> None:
    """C-25, C-30: same message, same moment, marked as edited."""
    bench = Bench(store, planned_at="2027-01-25 10:00")
    platform = LocalPlatform(store, bench.clock.now)
    delivery = Delivery(store, {"local": platform}, bench.rules, bench.clock.now, "host-1")
    with store.writing() as session:
        announce(session, atrium(), ["algemeen"], bench.rules, bench.clock.now())
    bench.tick(delivery=delivery)
    bench.clock.moment = brussels("2027-02-04 10:00")
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    bench.tick(brussels("2027-02-04 10:30"), delivery)
    with store.reading() as session:
        first, notice = local.messages_after(session, 0, community="algemeen")
    assert first.at == brussels("2027-01-25 10:00")
    assert "van 14.00 tot 17.00 u." in first.text
    assert first.text.endswith(MARK)
    assert first.reply is not None
    assert first.reply.cards[0].when.endswith("van 14.00 tot 17.00 u.")
    assert notice.thread == first.id


def test_a_planned_edit_is_listed_as_an_edit_of_what_was_posted(store: Store) -> None:
    bench = announced(store, replace(atrium(), registration_until=brussels("2027-02-15 09:00").date()))
    change(bench, atrium(), atrium("2027-02-17 14:00"))
    with store.reading() as session:
        outbox_of = StoredOutbox(session, bench.rules, bench.clock.now())
        until = brussels("2027-02-05 09:00")
        listed = outbox_of.planned(["algemeen"], until, frozenset({"algemeen"}))
    (edit,) = [each for each in listed if each.kind == EDIT]
    assert (
        edit.text
        == "De aankondiging van Thematisch Atrium: circulair bouwen (wo 17 februari) wordt aangepast."
    )


@pytest.mark.parametrize("kind", sorted({*POST_NAMES} - {ANSWER, NOTICE}))
def test_each_kind_of_post_to_a_community_has_words_of_its_own(store: Store, kind: str) -> None:
    """What is new and not worded is an error, and not the words of another kind."""
    bench = announced(store)
    with store.reading() as session:
        entry = replace(outbox.entries(session, kinds=[ANNOUNCEMENT])[0], kind=kind)
        view = Look(
            session=session,
            rules=bench.rules,
            now=bench.clock.now(),
            holder="",
            capabilities={"local": EDITS},
        )
        saying = Saying(view=view, community=GENERAL)
        saying.worded([entry])
        with pytest.raises(ValueError, match="no words"):
            saying.worded([replace(entry, kind="surprise")])
