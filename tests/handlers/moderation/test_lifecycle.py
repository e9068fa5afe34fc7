"""Every act in every state by everybody: what may be done is what the table says; the rest is told why."""

from __future__ import annotations

from itertools import product

import pytest

from handlers.moderation.lifecycle import ACT_NAMES, STATE_NAMES, TRANSITIONS, Act, State, Who, refusal

#: Who acts: whether they moderate, whether it is their own, whether it lies within what is theirs.
EVERYBODY = {
    "member": (False, False, True),
    "author who lost the role": (False, True, True),
    "author": (True, True, True),
    "another moderator": (True, False, True),
    "regional moderator elsewhere": (True, False, False),
    "regional author elsewhere": (True, True, False),
}

#: Written out by hand, so that a slip in the table shows.
ALLOWED = {
    Act.SAVE: {"draft", "awaiting_approval", "scheduled"},
    Act.SUBMIT: {"draft"},
    Act.APPROVE: {"awaiting_approval"},
    Act.REJECT: {"awaiting_approval"},
    Act.SCHEDULE: {"draft", "scheduled"},
    Act.PUBLISH: {"draft", "scheduled"},
    Act.CORRECT: {"posting", "posted", "partly_posted"},
    Act.CANCEL: {"posting", "posted", "partly_posted"},
    Act.RETRY: {"posting", "partly_posted"},
    Act.RETRACT: {"draft", "awaiting_approval", "scheduled", "posting", "posted", "partly_posted"},
    Act.DUPLICATE: {state.value for state in State},
    Act.BEGIN: set(),
    Act.SETTLE: set(),
}


@pytest.mark.parametrize(("state", "act", "who"), list(product(State, Act, EVERYBODY)))
def test_an_act_is_done_or_refused_as_the_table_says(state: State, act: Act, who: str) -> None:
    moderates, is_author, in_scope = EVERYBODY[who]
    reason = refusal(state, act, moderates=moderates, is_author=is_author, in_scope=in_scope)
    needs_another = act in (Act.APPROVE, Act.REJECT)
    allowed = moderates and in_scope and state.value in ALLOWED[act] and not (needs_another and is_author)
    assert (reason is None) is allowed
    if reason is not None:
        assert reason[0].isupper()
        assert reason.endswith(".")


@pytest.mark.parametrize("act", list(Act))
def test_every_state_that_an_act_leads_to_can_be_reached(act: Act) -> None:
    rule = TRANSITIONS[act]
    assert rule.to <= set(State)
    assert bool(rule.to) or act in (Act.CORRECT, Act.CANCEL)


def test_every_state_is_reached_from_a_draft() -> None:
    reached = {State.DRAFT}
    for _ in State:
        reached |= {to for rule in TRANSITIONS.values() if rule.of & reached for to in rule.to}
    assert reached == set(State)


def test_nothing_follows_after_it_was_retracted_but_a_copy() -> None:
    assert [act for act in Act if State.RETRACTED in TRANSITIONS[act].of] == [Act.DUPLICATE]


def test_every_state_and_act_has_a_dutch_name() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(ACT_NAMES) == set(Act)


def test_only_the_bot_begins_and_settles() -> None:
    assert {act for act in Act if TRANSITIONS[act].who is Who.BOT} == {Act.BEGIN, Act.SETTLE}
