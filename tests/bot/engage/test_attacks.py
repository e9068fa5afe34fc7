"""What strange, hostile or merely unlucky messages and answers do to the bot in Viva Engage: nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from bot.platforms.engage import brake
from bot.platforms.engage.messages import read_page
from store.engine import Store
from store.tables import InboundEventRow
from tests.fakes.engage import payloads
from tests.fakes.engage.gate import Fault
from tests.fakes.engage.tenant import Replica, Tenant

QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"
TWO_POLLS = 130


@pytest.mark.parametrize("digits", ["9" * 5_000, "9" * 30, "18446744073709551617", "٣٣"])
def test_a_mention_that_somebody_made_up_keeps_nobody_from_being_heard(
    sqlite_store: Store, digits: str
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.ask(f"kijk [[user:{digits}]] eens", who=tenant.bart, mention=False)
    asked = tenant.ask(QUESTION)

    tenant.run(TWO_POLLS)

    assert len(tenant.answers(asked)) == 1


BROKEN: dict[str, dict[str, Any]] = {
    "no author": {"sender_id": None},
    "no moment": {"created_at": None, "published_at": None},
    "a moment without zone": {
        "created_at": "2026/11/23 09:00:00",
        "published_at": "0001/01/01 00:00:00 +1400",
    },
    "a number as text": {"id": "geen nummer"},
    "a number that no database holds": {"id": 2**70},
}


@pytest.mark.parametrize("lack", BROKEN)
def test_one_message_that_cannot_be_read_does_not_hide_the_others(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, lack: str
) -> None:
    tenant = Tenant(sqlite_store)
    # It mentions the bot, so that every feed shows it.
    broken = tenant.ask("iets", who=tenant.bart)
    asked = tenant.ask(QUESTION)
    shown = payloads.message

    def message(world: Any, said: Any) -> Any:
        return shown(world, said) | (BROKEN[lack] if said is broken else {})

    monkeypatch.setattr(payloads, "message", message)

    tenant.run(TWO_POLLS)

    assert len(tenant.answers(asked)) == 1


def test_in_private_among_several_the_asker_alone_reads_the_answer(sqlite_store: Store) -> None:
    """C-42."""
    tenant = Tenant(sqlite_store)
    asked = tenant.world.say(tenant.an, "wat volg ik?", to=[tenant.world.bot, tenant.bart])

    tenant.run(TWO_POLLS)

    assert tenant.answers(asked) == []
    (said,) = tenant.world.by_bot()
    assert said.participants == {tenant.an.id, tenant.world.bot.id}


def test_in_private_among_several_talk_among_them_is_left_alone(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    first = tenant.world.say(tenant.an, QUESTION, to=[tenant.world.bot, tenant.bart])
    tenant.world.say(tenant.bart, "dat wist ik niet, ga jij?", thread=first.thread)

    tenant.run(TWO_POLLS)

    assert len(tenant.world.by_bot()) == 1


def test_a_feed_of_what_was_received_that_holds_all_talk_makes_no_answers(sqlite_store: Store) -> None:
    """C-8: no document says that this feed holds mentions alone."""
    tenant = Tenant(sqlite_store)
    tenant.rest.received_is_all = True
    for text in ("wie gaat er mee naar Gent?", "ik!", QUESTION):
        tenant.ask(text, who=tenant.bart, mention=False)
    called = tenant.ask(f"@Atriumbot {QUESTION}", mention=False)

    tenant.run(2 * TWO_POLLS)

    assert [said.thread for said in tenant.world.by_bot()] == [called.thread]


def test_two_programs_that_answer_one_another_come_to_an_end(sqlite_store: Store) -> None:
    """C-8: another program with the account of a member answers each answer of the bot."""
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION, who=tenant.bart)

    for _ in range(3 * brake.MOST):
        tenant.run(60, step=20)
        last = tenant.world.thread(asked.thread)[-1]
        if last.sender == tenant.world.bot.id:
            tenant.world.say(tenant.bart, QUESTION, thread=asked.thread, mention=True)

    assert len(tenant.answers(asked)) <= brake.MOST
    # Others are answered there all the same.
    other = tenant.ask(QUESTION, thread=asked.thread)
    tenant.run(TWO_POLLS)
    assert tenant.world.thread(asked.thread)[-1].replied_to == other.id


def test_a_feed_that_ignores_its_bounds_is_not_asked_for_ever(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    for number in range(60):
        tenant.world.say(tenant.bart, f"bericht {number}", group=tenant.group)
    tenant.rest.ignores_bounds = True
    tenant.run(10 * 60)
    before = len(tenant.rest.calls)

    tenant.run(10 * 60)

    assert [call for call in tenant.rest.calls[before:] if "older_than" in call.query] == []
    assert tenant.rest.violations == []


def test_what_was_said_deep_in_a_long_thread_is_heard_when_the_thread_surfaces(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)
    missed = tenant.ask("en in Hasselt?", thread=asked.thread, mention=False)
    tenant.rest.hidden.add(missed.id)
    for number in range(30):
        said = tenant.world.say(tenant.bart, "dank je", thread=asked.thread, system=True)
        if number < 29:
            tenant.rest.hidden.add(said.id)

    tenant.run(4 * TWO_POLLS)

    assert [said.replied_to for said in tenant.world.by_bot(thread=asked.thread)] == [asked.id, missed.id]


def test_nobody_counts_as_who_another_network_says_they_are(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = Tenant(sqlite_store)
    stranger = tenant.world.add_user("Mia Moderator", email="mia.moderator@elders.example.org")
    stranger.email = tenant.mia.email
    shown = payloads.user

    def user(person: Any, network: int) -> Any:
        return shown(person, network + 1 if person is stranger else network)

    monkeypatch.setattr(payloads, "user", user)
    tenant.ask(QUESTION, who=stranger)
    tenant.ask(QUESTION, who=tenant.mia)

    tenant.run(TWO_POLLS)

    with sqlite_store.reading() as session:
        rows = session.execute(select(InboundEventRow.author_id, InboundEventRow.author_email)).all()
    told = {row.author_id: row.author_email for row in rows}
    assert told == {str(stranger.id): None, str(tenant.mia.id): tenant.mia.email}


def page_with(**message: object) -> Any:
    said = {
        "id": 2**53 + 1,
        "sender_id": 7,
        "created_at": "2026/11/23 09:00:00 +0000",
        "body": {"plain": "tekst"},
    }
    return {"messages": [said | message], "references": [], "meta": {"current_user_id": 5}}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            {"parsed": "<p>wanneer is het <b>volgende</b> atrium?</p><p>In Gent</p>"},
            "wanneer is het volgende atrium?\nIn Gent",
        ),
        ({"parsed": "a &lt; b", "plain": "a < b"}, "a < b"),
        ({"plain": "is 3 < 5 en 7 > 6?"}, "is 3 < 5 en 7 > 6?"),
        ({"parsed": "[[user:5]] hallo [[tag:9]]", "plain": "Bot hallo #x"}, "hallo"),
        ({"plain": "👩‍👩‍👧 mee naar Gent 🎉"}, "👩‍👩‍👧 mee naar Gent 🎉"),
        ({}, ""),
        (None, ""),
        ("tekst", ""),
    ],
)
def test_a_body_is_read_as_the_text_that_people_see(body: object, text: str) -> None:
    (heard,) = read_page(page_with(body=body)).messages
    assert heard.text == text


def test_numbers_above_the_exact_range_of_floats_stay_exact() -> None:
    (heard,) = read_page(page_with()).messages
    assert heard.id == 2**53 + 1


@pytest.mark.parametrize("value", ["true", True])
@pytest.mark.parametrize("field", ["direct_message", "system_message"])
def test_truth_as_text_is_truth(field: str, value: object) -> None:
    (heard,) = read_page(page_with(**{field: value})).messages
    assert (heard.is_private, heard.is_system) == (field == "direct_message", field == "system_message")


def test_a_full_page_may_have_another_whatever_it_says() -> None:
    answer = page_with()
    answer["messages"] = [answer["messages"][0] | {"id": number} for number in range(1, 21)]
    answer["meta"]["older_available"] = False
    assert read_page(answer).has_older


def test_a_very_long_body_is_cut_and_answered(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION + " " + "blabla " * 40_000)

    tenant.run(TWO_POLLS)

    assert len(tenant.answers(asked)) == 1


def test_a_clock_that_is_put_back_makes_no_message_heard_twice_and_none_lost(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    first = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)
    tenant.clock.moment -= dt.timedelta(hours=1)
    # Started anew, because the clock of this test also decides when the bot looks.
    tenant.bot = Replica(tenant, "host-2")
    second = tenant.ask(QUESTION)

    tenant.run(2 * TWO_POLLS)

    assert [len(tenant.answers(each)) for each in (first, second)] == [1, 1]


def test_a_bot_that_is_throttled_in_the_middle_of_a_gap_reads_the_rest_later(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    first = tenant.ask(QUESTION, notify=False)
    for number in range(70):
        tenant.world.say(tenant.bart, f"bericht {number}", group=tenant.group)
    tenant.rest.faults.append(Fault(what="429", on="GET /messages/in_group", times=2))

    tenant.run(8 * 60)

    assert len(tenant.answers(first)) == 1
