"""What is old goes, what is still needed stays, and no night holds up the bot for long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from handlers.changes import Dialogue
from handlers.context import Topic
from handlers.dossier import ACTS_KEPT_FOR
from handlers.message import Message
from handlers.model import AtriumDraft, Contribution, Follow, FollowWhat, Kind, Person, Role
from handlers.reading.model import Intent, Reading
from scheduler.changes import replan_all
from scheduler.rules import Rules
from store import (
    addresses,
    announcements,
    audit,
    contributions,
    events,
    local,
    outbox,
    questions,
    retention,
    threads,
)
from store.agenda import save_atrium
from store.engine import Store
from store.forgetting import FAREWELL
from store.members import (
    ensure_person,
    find_person,
    follow,
    keep_feed_token,
    member_id_of,
    set_municipality,
    sync_roles,
)
from store.notes import find_note, keep_note
from store.outbox import Owed
from store.retention import bounds_at, purge
from store.states import EventState, OutboxState
from store.tables import (
    AnnouncementRow,
    AuditRow,
    ContributionRow,
    InboundEventRow,
    LocalMessageRow,
    OutboxRow,
    ThreadRow,
    UnreadQuestionRow,
)
from tests.fakes.network import atrium, fill

DAY = dt.timedelta(days=1)
KEEP = 100 * DAY
OVER = (OutboxState.SENT, OutboxState.SKIPPED, OutboxState.FAILED)
OPEN = tuple(state for state in OutboxState if state not in OVER)


def before(now: dt.datetime, days: float) -> dt.datetime:
    return now - days * DAY


def heard(session: Session, who: str, at: dt.datetime, *, settled: bool = True) -> None:
    message = Message(
        platform="local",
        event_id=f"{who}-{at}",
        text="hallo",
        author_id=who,
        author_name=who,
        sent_at=at,
        thread="1",
    )
    number = events.record(session, message, at)
    if settled:
        events.settle(session, number or 0, EventState.ANSWERED, at)


def post(session: Session, key: str, at: dt.datetime, state: OutboxState, **rest: Any) -> None:
    """A post in whatever state, due and last changed at one moment."""
    owed = Owed(key=key, kind=key.partition(":")[0], platform="local", due_at=at, **rest)
    outbox.enqueue(session, owed, at)
    session.execute(update(OutboxRow).where(OutboxRow.key == key).values(state=state, updated_at=at))


def keys(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.scalars(select(OutboxRow.key)))


def all_of(store: Store, column: Any) -> list[Any]:
    with store.reading() as session:
        return list(session.scalars(select(column).order_by(column)))


def test_messages_and_questions_go_after_the_time_that_is_set(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        for days in (101, 99):
            heard(session, f"An {days}", before(now, days))
            questions.keep_unread(session, "an", f"oud {days}", "niet begrepen", before(now, days))
        heard(session, "wacht nog", before(now, 400), settled=False)
    dropped = purge(store, now, KEEP)
    assert all_of(store, InboundEventRow.author_id) == ["An 99", "wacht nog"]
    assert all_of(store, UnreadQuestionRow.text) == ["oud 99"]
    assert (dropped["events"], dropped["questions"]) == (1, 1)


def test_what_a_thread_remembers_goes_once_nothing_was_said_for_long(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        for days in (101, 99):
            topic = Topic(reading=Reading(text="hm", intent=Intent.WHERE), at=before(now, days))
            threads.keep_topic(session, "local", f"praat {days}", None, topic)
            dialogue = Dialogue(act="announce", draft=AtriumDraft())
            threads.keep_dialogue(session, "local", f"kondigt {days}", None, dialogue, before(now, days))
    purge(store, now, KEEP)
    assert all_of(store, ThreadRow.external_id) == ["kondigt 99", "praat 99"]


@pytest.mark.parametrize("state", OVER)
def test_an_answer_goes_once_it_is_settled_for_long(
    store: Store, now: dt.datetime, state: OutboxState
) -> None:
    with store.writing() as session:
        for days in (101, 99):
            post(session, f"answer:{days}", before(now, days), state)
    purge(store, now, KEEP)
    assert keys(store) == {"answer:99"}


@pytest.mark.parametrize("state", OPEN)
def test_what_is_not_settled_stays_whatever_its_age(
    store: Store, now: dt.datetime, state: OutboxState
) -> None:
    fill(store, atrium(uid="oud", at="2020-03-02 09:00"))
    with store.writing() as session:
        post(session, "answer:1", before(now, 4000), state, payload={FAREWELL: True})
        post(session, "digest:1", before(now, 4000), state)
        post(session, "reminder:oud", before(now, 4000), state, atrium_uid="oud", payload={"a": 1})
    purge(store, now, KEEP)
    assert keys(store) == {"answer:1", "digest:1", "reminder:oud"}
    with store.reading() as session:
        found = outbox.entry_with_key(session, "reminder:oud")
    assert found is not None
    assert found.payload == {"a": 1}


def test_a_farewell_goes_the_next_night(store: Store, now: dt.datetime) -> None:
    """C-43: also when the bot stopped between sending it and forgetting it."""
    with store.writing() as session:
        post(session, "answer:dag", now, OutboxState.SENT, payload={FAREWELL: True, "member": "An"})
        post(session, "answer:gewoon", now, OutboxState.SENT, payload={"member": "Bo"})
        post(session, "answer:leeg", now, OutboxState.SENT)
    purge(store, now, KEEP)
    assert keys(store) == {"answer:gewoon", "answer:leeg"}


def test_what_budgets_and_overviews_look_back_on_stays_however_little_is_kept(
    store: Store, now: dt.datetime
) -> None:
    with store.writing() as session:
        for days in (91, 89):
            post(session, f"digest:{days}", before(now, days), OutboxState.SENT, community_key="algemeen")
            post(session, f"answer:{days}", before(now, days), OutboxState.SENT)
    purge(store, now, DAY)
    assert keys(store) == {"digest:89"}


def test_an_overview_that_may_still_be_owed_stays(store: Store, now: dt.datetime) -> None:
    """Taken back long ago, it is for a week to come; or a moderator sent it all the same, lately."""
    with store.writing() as session:
        post(session, "digest:straks", before(now, 200), OutboxState.SKIPPED)
        post(session, "digest:laat", before(now, 200), OutboxState.SENT)
        post(session, "digest:oud", before(now, 200), OutboxState.SENT)
        for key, values in (("straks", {"due_at": now + DAY}), ("laat", {"updated_at": now - DAY})):
            session.execute(update(OutboxRow).where(OutboxRow.key == f"digest:{key}").values(values))
    purge(store, now, KEEP)
    assert keys(store) == {"digest:straks", "digest:laat"}


def test_what_was_said_of_an_atrium_is_never_said_again_because_it_was_dropped(
    store: Store, now: dt.datetime
) -> None:
    """The key of a post is what keeps it from being planned twice."""
    known = {"announced_at": before(now, 366)}
    fill(
        store, atrium(uid="oud", at="2026-01-12 09:00", **known), atrium(uid="straks", at="2027-02-17 09:30")
    )
    replan_all(store, Rules(), before(now, 365))
    with store.writing() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.due_at < before(now, 200))
            .values(state=OutboxState.SENT, updated_at=before(now, 200), payload={"before": "An Peeters"})
        )
    said = {key for key in keys(store) if ":oud:" in key}
    assert said
    purge(store, now, KEEP)
    assert said <= keys(store)
    with store.writing() as session:
        told = {each.key: each.payload for each in outbox.entries(session, limit=1000)}
        assert {told[key] for key in said} == {None}
        # Put off by more than a year, it is recalled anew only where it was not before.
        save_atrium(session, atrium(uid="oud", at="2027-02-19 09:00", **known))
    replan_all(store, Rules(), now)
    with store.reading() as session:
        states = {each.key: each.state for each in outbox.entries(session, limit=1000)}
    assert {states[key] for key in said} == {OutboxState.SENT}


def test_what_one_member_was_told_goes_once_the_atrium_is_long_over(store: Store, now: dt.datetime) -> None:
    fill(store, atrium(uid="oud", at="2026-01-12 09:00"), atrium(uid="straks", at="2027-02-17 09:30"))
    with store.writing() as session:
        ensure_person(session, "local", "An", "An", Role.MEMBER, now)
        member = member_id_of(session, "local", "An")
        for uid in ("oud", "straks"):
            key = f"reminder:{uid}:{member}"
            post(session, key, before(now, 200), OutboxState.SENT, atrium_uid=uid, member_id=member)
    purge(store, now, KEEP)
    assert keys(store) == {f"reminder:straks:{member}"}


def say(session: Session, at: dt.datetime, author: str = "An", root: int | None = None) -> int:
    row = LocalMessageRow(
        community_key="algemeen",
        author=author,
        text="hallo",
        at=at,
        role=Role.MEMBER,
        thread_id=root,
        reply_to=root,
    )
    return local.add(session, row).id


def test_a_conversation_stays_whole_until_nothing_was_said_for_long(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        silent = say(session, before(now, 300))
        say(session, before(now, 299), "Bo", silent)
        lively = say(session, before(now, 300))
        answer = say(session, before(now, 99), "Bo", lively)
        last = say(session, before(now, 98))
    purge(store, now, KEEP)
    assert all_of(store, LocalMessageRow.id) == [lively, answer, last]


def test_the_number_of_a_message_is_never_given_to_another(store: Store, now: dt.datetime) -> None:
    """A page that shows everything after a number would miss it, and the bot would not answer it."""
    with store.writing() as session:
        numbers = [say(session, before(now, 300)) for _ in range(3)]
    purge(store, now, KEEP)
    with store.writing() as session:
        assert say(session, now) > max(numbers)


def test_what_was_handed_in_stays_until_its_atrium_is_long_over(store: Store, now: dt.datetime) -> None:
    fill(
        store,
        atrium(uid="oud", at="2026-01-12 09:00"),
        atrium(uid="pas", at="2026-11-02 09:00"),
        atrium(uid="straks", at="2027-02-17 09:30"),
    )
    with store.writing() as session:
        for uid in ("oud", "pas", "straks", None):
            for days in (200, 50):
                handed_in = Contribution(text=f"{uid} {days}", atrium_uid=uid)
                contributions.add(session, None, handed_in, before(now, days))
    purge(store, now, KEEP)
    assert set(all_of(store, ContributionRow.text)) == {
        "oud 50",
        "pas 50",
        "pas 200",
        "straks 50",
        "straks 200",
        "None 50",
    }


def test_people_go_when_nothing_was_heard_of_them_and_they_asked_for_nothing(
    store: Store, now: dt.datetime
) -> None:
    names = ("stil", "nieuw", "pas nog", "volgt", "werkt", "kalender", "inbreng", "wacht", "leidt")
    with store.writing() as session:
        for name in names:
            known_at = before(now, 1 if name == "nieuw" else 300)
            ensure_person(session, "local", name, name, Role.MEMBER, known_at)
        sync_roles(session, moderators=["local:leidt"])
        number = {name: member_id_of(session, "local", name) for name in names}
        heard(session, "stil", before(now, 250))
        heard(session, "pas nog", before(now, 50))
        follow(session, number["volgt"], Follow(what=FollowWhat.ALL), now)
        set_municipality(session, number["werkt"], "Zottegem")
        keep_feed_token(session, number["kalender"], "geheim")
        contributions.add(session, number["inbreng"], Contribution(text="x"), now)
        post(session, "reminder:1", now, OutboxState.PLANNED, member_id=number["wacht"])
    purge(store, now, KEEP)
    with store.reading() as session:
        gone = [name for name in names if find_person(session, "local", name) is None]
    assert gone == ["stil"]


@pytest.mark.parametrize(("keep", "kept"), [(KEEP, ACTS_KEPT_FOR), (4000 * DAY, 4000 * DAY)])
def test_who_did_what_is_kept_for_three_years_at_least(
    store: Store, now: dt.datetime, keep: dt.timedelta, kept: dt.timedelta
) -> None:
    person = Person(platform="local", external_id="an", name="An")
    with store.writing() as session:
        for name, age in (("oud", kept + DAY), ("jong", kept - DAY)):
            audit.write(session, now - age, person, None, "announced", name)
            announcements.add(session, now - age, author_platform="local", author_id=name)
    purge(store, now, keep)
    assert all_of(store, AuditRow.subject) == ["jong"]
    assert all_of(store, AnnouncementRow.author_id) == ["jong"]


def test_much_goes_in_small_transactions(
    store: Store, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    with store.writing() as session:
        for number in range(25):
            heard(session, f"An {number}", before(now, 200 + number))
        most = retention.RULES["events"](session, bounds_at(now, KEEP), 10)
        assert most == 10
    assert purge(store, now, KEEP)["events"] == 15
    assert all_of(store, InboundEventRow.id) == []


def test_a_second_time_there_is_nothing_left_to_do(store: Store, now: dt.datetime) -> None:
    fill(store, atrium(uid="oud", at="2026-01-12 09:00", kind=Kind.LOKAAL))
    with store.writing() as session:
        heard(session, "An", before(now, 300))
        payload = {"before": {}}
        post(session, "change:oud", before(now, 300), OutboxState.SENT, atrium_uid="oud", payload=payload)
        session.execute(
            insert(OutboxRow).values(
                key="change:null",
                kind="change",
                platform="local",
                atrium_uid="oud",
                due_at=before(now, 300),
                state=OutboxState.SENT,
                payload=None,
                created_at=before(now, 300),
                updated_at=before(now, 300),
            )
        )
    first = purge(store, now, KEEP)
    assert {name for name, number in first.items() if number} == {"events", "payloads"}
    assert not any(purge(store, now, KEEP).values())


def test_the_address_of_a_post_goes_with_what_is_known_of_the_post(store: Store, now: dt.datetime) -> None:
    fill(store, atrium("2026-12-17 09:00"))
    with store.writing() as session:
        for number, days in (("old", 120), ("recent", 5)):
            post(session, f"reminder:{number}", before(now, days), OutboxState.SENT)
            sent = update(OutboxRow).where(OutboxRow.key == f"reminder:{number}")
            session.execute(sent.values(message_id=number, updated_at=before(now, days)))
            addresses.keep_address(session, "local", number, f"https://example.org/{number}")
        addresses.keep_address(session, "local", "unknown", "https://example.org/unknown")
        keep_note(session, "cursor", "7")
    assert purge(store, now, KEEP)["addresses"] == 2
    with store.reading() as session:
        found = [addresses.find_address(session, "local", one) for one in ("old", "recent", "unknown")]
        assert found == [None, "https://example.org/recent", None]
        assert find_note(session, "cursor") == "7"
    assert purge(store, now, KEEP)["addresses"] == 0


def test_an_address_stays_while_it_is_not_known_which_post_it_is_of(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        post(session, "reminder:1", now, OutboxState.CLAIMED)
        for platform in ("local", "engage"):
            addresses.keep_address(session, platform, "7", "https://example.org/7")
    assert purge(store, now, KEEP)["addresses"] == 1
    with store.reading() as session:
        assert addresses.find_address(session, "local", "7") == "https://example.org/7"
