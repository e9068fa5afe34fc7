"""The life of an announcement: its states, what may be done in each, and who may do it.

draft             -> awaiting_approval   handed in, because many are told or the author asks for it
draft             -> scheduled           to be posted at a moment
draft             -> posting             to be posted now
awaiting_approval -> scheduled           another moderator agrees, before the moment that was chosen
awaiting_approval -> posting             another moderator agrees, no moment was chosen or it is past; whoever
                                         agrees reads beforehand that it leaves at once, and where
awaiting_approval -> draft               another moderator sends it back, with a reason
scheduled         -> awaiting_approval   it was edited, so whoever agreed must look again
scheduled         -> posting             its moment came, or a moderator does not wait for it
posting           -> posted              every community has it
posting           -> partly_posted       some community did not take it
partly_posted     -> posting             what failed is tried again
every state       -> retracted           a moderator takes it back; nothing follows after that

Corrections and cancellations of places are events within posting, posted and partly_posted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.wording.catalogue import Said, say


class State(StrEnum):
    """Where an announcement is in its life."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    POSTING = "posting"
    POSTED = "posted"
    PARTLY_POSTED = "partly_posted"
    RETRACTED = "retracted"


STATE_NAMES = Said(
    {
        State.DRAFT: "toestand.ontwerp",
        State.AWAITING_APPROVAL: "toestand.wacht op goedkeuring",
        State.SCHEDULED: "toestand.gepland",
        State.POSTING: "toestand.wordt geplaatst",
        State.POSTED: "toestand.geplaatst",
        State.PARTLY_POSTED: "toestand.deels geplaatst",
        State.RETRACTED: "toestand.ingetrokken",
    }
)


class Act(StrEnum):
    """What can be done with an announcement. The last two are the bot's own."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    CORRECT = "correct"
    CANCEL = "cancel"
    RETRY = "retry"
    RETRACT = "retract"
    DUPLICATE = "duplicate"
    BEGIN = "begin"
    SETTLE = "settle"


#: How an act is named in a sentence: "Plannen kan niet: ...".
ACT_NAMES = Said(
    {
        Act.SAVE: "handeling.wijzigen",
        Act.SUBMIT: "handeling.voorleggen",
        Act.APPROVE: "handeling.goedkeuren",
        Act.REJECT: "handeling.afwijzen",
        Act.SCHEDULE: "handeling.plannen",
        Act.PUBLISH: "handeling.plaatsen",
        Act.CORRECT: "handeling.verbeteren",
        Act.CANCEL: "handeling.annuleren",
        Act.RETRY: "handeling.opnieuw proberen",
        Act.RETRACT: "handeling.intrekken",
        Act.DUPLICATE: "handeling.overnemen",
        Act.BEGIN: "handeling.beginnen",
        Act.SETTLE: "handeling.afronden",
    }
)


class Who(StrEnum):
    """Who may do an act: any moderator of these atria, another than who wrote it last, or the bot alone."""

    MODERATOR = "moderator"
    ANOTHER = "another"
    BOT = "bot"


_EVERY = frozenset(State)
_BEFORE = frozenset({State.DRAFT, State.AWAITING_APPROVAL, State.SCHEDULED})

#: What has left, or is leaving.
OUT = frozenset({State.POSTING, State.POSTED, State.PARTLY_POSTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """One act: in which states it may be done, where it can lead, and who may do it.

    `to` empty means that the state stays as it is.
    """

    of: frozenset[State]
    to: frozenset[State] = frozenset()
    who: Who = Who.MODERATOR


TRANSITIONS: Mapping[Act, Transition] = {
    Act.SAVE: Transition(of=_BEFORE, to=_BEFORE),
    Act.SUBMIT: Transition(of=frozenset({State.DRAFT}), to=frozenset({State.AWAITING_APPROVAL})),
    Act.APPROVE: Transition(
        of=frozenset({State.AWAITING_APPROVAL}),
        to=frozenset({State.SCHEDULED, State.POSTING}),
        who=Who.ANOTHER,
    ),
    Act.REJECT: Transition(
        of=frozenset({State.AWAITING_APPROVAL}), to=frozenset({State.DRAFT}), who=Who.ANOTHER
    ),
    Act.SCHEDULE: Transition(
        of=frozenset({State.DRAFT, State.SCHEDULED}),
        to=frozenset({State.AWAITING_APPROVAL, State.SCHEDULED, State.POSTING}),
    ),
    Act.PUBLISH: Transition(
        of=frozenset({State.DRAFT, State.SCHEDULED}),
        to=frozenset({State.AWAITING_APPROVAL, State.POSTING}),
    ),
    Act.CORRECT: Transition(of=OUT),
    Act.CANCEL: Transition(of=OUT),
    Act.RETRY: Transition(of=frozenset({State.POSTING, State.PARTLY_POSTED}), to=frozenset({State.POSTING})),
    Act.RETRACT: Transition(of=_EVERY - {State.RETRACTED}, to=frozenset({State.RETRACTED})),
    Act.DUPLICATE: Transition(of=_EVERY, to=frozenset({State.DRAFT})),
    Act.BEGIN: Transition(of=frozenset({State.SCHEDULED}), to=frozenset({State.POSTING}), who=Who.BOT),
    Act.SETTLE: Transition(
        of=frozenset({State.POSTING, State.PARTLY_POSTED, State.POSTED}),
        to=frozenset({State.POSTED, State.PARTLY_POSTED}),
        who=Who.BOT,
    ),
}


def leaves_at_once(publish_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether agreeing to it now posts it now: no moment was chosen, or it is past. Both are aware UTC."""
    return publish_at is None or publish_at <= now


def refusal(state: State, act: Act, *, moderates: bool, is_author: bool, in_scope: bool = True) -> str | None:
    """Why this act may not be done now by this person, in Dutch; None when it may.

    Args:
        moderates: they may announce at all.
        is_author: they made the latest change that another must agree to.
        in_scope: every place of it is theirs.
    """
    rule = TRANSITIONS[act]
    name = ACT_NAMES[act].capitalize()
    if rule.who is Who.BOT:
        return say("ontwerpen.doet de bot", handeling=name)
    if not moderates:
        return say("niet jouw werk.moderatoren", handeling=name)
    if not in_scope:
        return say("ontwerpen.buiten werking")
    if state not in rule.of:
        return say("ontwerpen.kan niet", handeling=name, toestand=_now(state))
    if rule.who is Who.ANOTHER and is_author:
        return say("ontwerpen.andere moderator", handeling=name)
    return None


def _now(state: State) -> str:
    """The state as the end of a sentence that begins with "deze aankondiging is"."""
    names = {
        State.DRAFT: "toestand.nog een ontwerp",
        State.AWAITING_APPROVAL: "toestand.nog niet goedgekeurd",
        State.SCHEDULED: "toestand.al gepland",
        State.POSTING: "toestand.al onderweg",
        State.POSTED: "toestand.al geplaatst",
        State.PARTLY_POSTED: "toestand.al deels geplaatst",
        State.RETRACTED: "toestand.ingetrokken",
    }
    return say(names[state])
