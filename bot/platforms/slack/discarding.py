"""Throwing a draft away from the home or from its form: the button, and what came of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Conflict, Invalid, Outcome, Refused, Saved
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.buttons import Block
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import asking_first, button
from handlers.wording.catalogue import say


def discard_button(action_id: str, number: str) -> Block:
    """The button for the draft of this number; Slack asks whether it is meant."""
    return asking_first(
        button(action_id, say("slack.gooi weg"), number, style="danger"),
        say("slack.gooi weg kop"),
        say("slack.gooi weg uitleg"),
        say("slack.gooi weg"),
        say("slack.gooi niet weg"),
    )


def discarded(session: Session, who: Actor, announcing: Announcing, value: str | None) -> str:
    """Throw a draft away; what came of it, in a sentence. Done twice, the second finds it gone."""
    number = int(value) if value and value.isdecimal() and len(value) < 10 else 0
    return _told(announcing.discard(session, who.person, NAME, who.context.now, number))


def _told(outcome: Outcome) -> str:
    match outcome:
        case Saved(note=note):
            return note
        case Refused(reason=reason):
            return reason
        case Invalid():
            return say("slack.kan niet weg")
        case Conflict(who=who):
            return say("slack.intussen gewijzigd", wie=who)
