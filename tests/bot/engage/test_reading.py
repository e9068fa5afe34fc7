"""What the bot hears in Viva Engage, what it answers, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.platforms.engage.feeds import FEW
from store import backup
from store.engine import Store
from tests.fakes.engage.gate import Fault
from tests.fakes.engage.tenant import START, Tenant
from tests.fakes.statements import Statements

#: Two polls and what lies between, in seconds.
TWO_POLLS = 130

QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"

MANY = tuple(f"Groep {number}" for number in range(FEW + 2))


def test_a_mention_is_answered_in_its_thread_within_two_polls(store: Store) -> None:
    tenant = Tenant(store)
    tenant.run(65)
    asked = tenant.ask(QUESTION)

    tenant.run(TWO_POLLS)

    (answer,) = tenant.answers(asked)
    assert answer.startswith("Het volgende Provinciaal Atrium in Gent is op ")
    (said,) = tenant.world.by_bot()
    assert said.replied_to == asked.id
    assert tenant.rest.violations == []


@pytest.mark.parametrize("sign", ["text", "list", "received"])
def test_any_sign_of_a_mention_will_do(sqlite_store: Store, sign: str) -> None:
    tenant = Tenant(sqlite_store, *MANY)
    bot = tenant.world.bot
    if sign == "text":
        asked = tenant.ask(QUESTION, notify=False)
    else:
        asked = tenant.ask(QUESTION, mention=False)
        asked.notifies = (bot.id,)
    if sign == "received":
        # Neither the text nor the list tells, only the feed that it stands in.
        tenant.rest.hides_notified = True

    tenant.run(TWO_POLLS)

    assert len(tenant.answers(asked)) == 1


def test_its_own_words_those_of_agents_and_of_nobody_are_left_alone(sqlite_store: Store) -> None:
    """C-8: fed its own message, that of another bot, and a quoted copy, it says nothing."""
    tenant = Tenant(sqlite_store)
    agent = tenant.world.add_user("Copilot")
    agent.agent = True
    tenant.ask(QUESTION, who=tenant.world.bot)
    tenant.ask(QUESTION, who=agent)
    tenant.ask(QUESTION, system=True)
    tenant.world.say(tenant.an, f'Atriumbot zei: "{QUESTION}"', group=tenant.group)

    tenant.run(TWO_POLLS)

    assert [said for said in tenant.world.by_bot() if said.by_app] == []


def test_talk_among_members_is_left_alone_and_a_command_is_not(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    chat = tenant.ask("wie gaat er mee naar Gent?", mention=False)
    command = tenant.ask("wat volg ik", mention=False)

    tenant.run(TWO_POLLS)

    assert tenant.answers(chat) == []
    # What somebody follows is told to them alone.
    (private,) = tenant.world.by_bot()
    assert private.participants == {tenant.an.id, tenant.world.bot.id}
    assert command.thread != private.thread


def test_what_is_said_in_private_is_answered_in_private(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.world.say(tenant.an, QUESTION, to=[tenant.world.bot])

    tenant.run(TWO_POLLS)

    (said,) = tenant.world.by_bot()
    assert said.thread == asked.id
    assert said.participants == {tenant.an.id, tenant.world.bot.id}


def test_a_reply_in_a_thread_with_the_bot_needs_no_mention(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)
    tenant.ask("en in Hasselt?", who=tenant.bart, thread=asked.thread, mention=False)

    tenant.run(TWO_POLLS)

    assert "Hasselt" in tenant.answers(asked)[-1]
    assert len(tenant.answers(asked)) == 2


def test_what_was_said_between_question_and_answer_is_answered_too(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.ask("en in Hasselt?", thread=asked.thread, mention=False)

    tenant.run(2 * TWO_POLLS)

    assert len(tenant.answers(asked)) == 2
    assert tenant.rest.violations == []


def test_at_its_first_start_it_answers_nothing_older_than_a_day(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    tenant.clock.moment = START - dt.timedelta(hours=25)
    old = tenant.ask(QUESTION)
    tenant.clock.moment = START - dt.timedelta(hours=23)
    recent = tenant.ask(QUESTION)
    tenant.clock.moment = START

    tenant.run(TWO_POLLS)

    assert tenant.answers(old) == []
    assert len(tenant.answers(recent)) == 1


def test_a_reply_to_an_old_thread_that_the_feed_left_out_is_found_when_the_thread_surfaces(
    sqlite_store: Store,
) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)
    tenant.clock.forward(days=3)
    missed = tenant.ask("en in Hasselt?", thread=asked.thread, mention=False)
    tenant.rest.hidden.add(missed.id)
    tenant.ask("dank je", who=tenant.bart, thread=asked.thread, mention=False)

    tenant.run(2 * TWO_POLLS)

    assert any("Hasselt" in answer for answer in tenant.answers(asked))


def test_what_a_feed_left_out_is_found_by_the_look_of_every_quarter(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store, *MANY)
    tenant.run(65)
    asked = tenant.ask(QUESTION, notify=False)
    tenant.rest.faults += [
        Fault(what="omit", on=r"messages/(received|following)", times=40),
    ]

    tenant.run(17 * 60, step=10)

    assert len(tenant.answers(asked)) == 1
    assert tenant.rest.violations == []


@pytest.mark.parametrize("what", ["omit", "repeat", "reorder"])
def test_a_feed_that_omits_repeats_or_reorders_makes_no_answer_twice_and_loses_none(
    sqlite_store: Store, what: str
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    tenant.rest.faults.append(Fault(what=what, on="GET /messages/(received|private|in_group)", times=6))
    asked = [tenant.ask(QUESTION, who=who) for who in (tenant.an, tenant.bart, tenant.an)]

    tenant.run(5 * TWO_POLLS)

    assert [len(tenant.answers(each)) for each in asked] == [1, 1, 1]


def test_a_long_stop_loses_no_question_although_feeds_have_pages(sqlite_store: Store) -> None:
    """C-10."""
    tenant = Tenant(sqlite_store, *MANY)
    tenant.run(65)
    first = tenant.ask(QUESTION, notify=False)
    for number in range(130):
        tenant.clock.forward(minutes=1)
        tenant.world.say(tenant.bart, f"bericht {number}", group=tenant.groups[number % 3])
    last = tenant.ask(QUESTION)

    tenant.run(10 * 60)

    assert [len(tenant.answers(each)) for each in (first, last)] == [1, 1]
    assert tenant.rest.violations == []


def test_a_mention_where_the_bot_serves_no_community_is_answered_in_private(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    elsewhere = tenant.world.add_group("Elders", members=[tenant.an])
    asked = tenant.ask(QUESTION, group=elsewhere)

    tenant.run(TWO_POLLS)

    assert tenant.answers(asked) == []
    (said,) = tenant.world.by_bot()
    assert said.participants == {tenant.an.id, tenant.world.bot.id}


def test_a_poll_costs_the_same_however_much_was_ever_said(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    heard = Statements(sqlite_store)
    costs = []
    for said in (50, 400):
        for number in range(said):
            tenant.world.say(tenant.an, f"bericht {number}", group=tenant.group)
        # Until all of it was read, which is a matter of pages.
        tenant.run(15 * 60)
        before = len(tenant.rest.calls), heard.count
        tenant.run(5 * 60)
        costs.append((len(tenant.rest.calls) - before[0], heard.count - before[1]))
    (calls, statements), (more_calls, more_statements) = costs
    assert more_calls <= calls + 1
    assert more_statements <= 1.1 * statements


def test_many_communities_share_one_feed_and_are_looked_into_now_and_then(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store, *MANY)
    tenant.run(20 * 60, step=10)

    polled = [call.path for call in tenant.rest.calls]
    assert polled.count("/messages/following.json") >= 16
    for group in tenant.groups:
        assert 1 <= polled.count(f"/messages/in_group/{group.id}.json") <= 2
    assert tenant.rest.violations == []


def test_after_a_copy_was_put_back_nothing_that_was_said_before_is_answered(
    sqlite_store: Store, tmp_path: Path
) -> None:
    """C-28."""
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    backup.backup(sqlite_store, tmp_path / "copy.zip")
    asked = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)
    backup.restore(sqlite_store, tmp_path / "copy.zip", tenant.clock.now(), replace=True)

    tenant.run(20 * 60)
    later = tenant.ask(QUESTION)
    tenant.run(TWO_POLLS)

    assert [len(tenant.answers(each)) for each in (asked, later)] == [1, 1]
