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

    for hours, step in ((8, 30), (10, 20), (6, 30)):
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
