"""A whole day on a virtual clock: 1 000 members, 30 communities, 200 questions, and the fake keeps count."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Iterator

import pytest

from store.engine import Store
from store.migrations import upgrade
from store.states import OutboxState
from tests.fakes.engage.tenant import START, Tenant
from tests.fakes.engage.world import Said

MEMBERS, COMMUNITIES, QUESTIONS = 1_000, 30, 200
CHATTER = 600
ASKED = (
    "wanneer is het volgende Provinciaal Atrium in Gent?",
    "welke atria zijn er in maart?",
    "waar gaat het volgende atrium door?",
    "welke thematische groepen zijn er?",
    "help",
)


@pytest.fixture
def memory() -> Iterator[Store]:
    store = Store("sqlite://")
    upgrade(store)
    yield store
    store.close()


def test_over_a_day_every_question_is_answered_in_time_and_no_limit_is_ever_met(memory: Store) -> None:
    """C-41: never more than 10 message calls in 30 s, never two polls of one feed in a minute."""
    tenant = Tenant(memory, *(f"Groep {number}" for number in range(COMMUNITIES)))
    chance = random.Random(20261123)
    people = [tenant.world.add_user(f"Lid {number}") for number in range(MEMBERS)]
    for person in people:
        for group in chance.sample(tenant.groups, 2):
            group.members.add(person.id)
    moments = sorted(
        [(chance.uniform(8, 17) * 3600, "ask") for _ in range(QUESTIONS)]
        + [(chance.uniform(0, 24) * 3600, "chat") for _ in range(CHATTER)]
    )
    asked: list[Said] = []
    midnight = START.replace(hour=0)
    tenant.clock.moment = midnight

    def speak() -> None:
        while moments and midnight + dt.timedelta(seconds=moments[0][0]) <= tenant.clock.now():
            _, what = moments.pop(0)
            group, who = chance.choice(tenant.groups), chance.choice(people)
            if what == "ask":
                asked.append(tenant.ask(chance.choice(ASKED), who=who, group=group))
            else:
                tenant.world.say(who, "wie gaat er mee?", group=group)

    # Nobody asks at night: then each feed is looked at less often, and the clock makes longer steps.
    for hours, step in ((8, 300), (10, 20), (6, 300)):
        asyncio.run(tenant.bot.pass_time(hours * 3600, step=step, also=speak))

    waits = sorted(
        (answer.at - each.at).total_seconds()
        for each in asked
        for answer in tenant.world.by_bot(thread=each.thread)
    )
    assert len(asked) == QUESTIONS
    assert len(waits) == QUESTIONS
    assert {entry.state for entry in tenant.entries()} == {OutboxState.SENT}
    assert waits[int(0.95 * QUESTIONS)] <= 2 * 65
    assert tenant.rest.violations == []


def test_more_questions_than_the_limit_allows_are_answered_late_and_each_once(memory: Store) -> None:
    """C-20, C-41: some 700 questions in an hour, where 720 posts are allowed besides all reading."""
    tenant = Tenant(memory, *(f"Groep {number}" for number in range(COMMUNITIES)))
    chance = random.Random(20261123)
    waiting = sorted(tenant.clock.now() + dt.timedelta(seconds=chance.uniform(60, 900)) for _ in range(200))
    asked: list[Said] = []

    def speak() -> None:
        while waiting and waiting[0] <= tenant.clock.now():
            waiting.pop(0)
            asked.append(tenant.ask(ASKED[0], group=chance.choice(tenant.groups)))

    asyncio.run(tenant.bot.pass_time(20 * 60, step=5, also=speak))
    late = sum(not tenant.answers(each) for each in asked)
    asyncio.run(tenant.bot.pass_time(15 * 60, step=5))

    assert late
    assert [len(tenant.answers(each)) for each in asked] == [1] * len(asked)
    assert {entry.state for entry in tenant.entries()} == {OutboxState.SENT}
    assert tenant.rest.violations == []
