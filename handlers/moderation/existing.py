"""What changing and cancelling share: find the one atrium that is meant, and say why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from handlers.changes import Dialogue
from handlers.context import Context
from handlers.model import Atrium
from handlers.moderation.permissions import may_change, moderates, refused_member, refused_scope
from handlers.moderation.steps import MORE, step
from handlers.moderation.target import OFFERED
from handlers.reading.reading import read
from handlers.reply import Choice, Reply
from handlers.wording.cards import brief_text, when_text
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import quoted

_VERBS = Said({"change": "handeling.te wijzigen", "cancel": "handeling.te annuleren"})


def refused(atrium: Atrium | None, context: Context, act: str) -> Reply | None:
    """Why this person may not do this; `act` is the text that says what they tried."""
    if not moderates(context.person):
        return refused_member(act)
    if atrium is None:
        return None
    if not may_change(context.person, context.agenda, atrium):
        return refused_scope(context)
    return None


def too_late(atrium: Atrium, context: Context) -> Reply | None:
    """Why this atrium is past changing: cancelled, over, or going on."""
    when = when_text(atrium)
    if atrium.is_cancelled:
        says = say("kiezen.al geannuleerd", titel=atrium.title, wanneer=when)
        return step(context, says, uids=(atrium.uid,))
    if atrium.starts_at <= context.now:
        name = "kiezen.voorbij" if atrium.has_ended(context.now) else "kiezen.begonnen"
        return step(context, say(name, titel=atrium.title, wanneer=when), uids=(atrium.uid,))
    return None


def going_on(found: Sequence[Atrium]) -> list[Atrium]:
    """What is called off already is hardly meant, unless nothing else fits."""
    return [one for one in found if not one.is_cancelled] or list(found)


def the_one(
    found: Sequence[Atrium],
    described: str,
    context: Context,
    *,
    waiting: Dialogue,
    says: Callable[[Atrium], str],
    first: int = 1,
) -> Atrium | Reply:
    """The atrium that is meant; else numbered choices from the `first` on, or that none is.

    `waiting` is the dialogue that goes on while it is being chosen.
    """
    if len(found) == 1:
        return found[0]
    verb = _VERBS[waiting.act]
    if not found:
        if described.strip():
            headline = say("kiezen.geen dat past", handeling=verb, woorden=quoted(described))
        else:
            headline = say("kiezen.geen" if waiting.told else "kiezen.welk", handeling=verb)
        return step(
            context,
            headline,
            [say("kiezen.noem"), say("kiezen.sleutel")],
            dialogue=waiting,
            understood=False,
        )
    shown = found[first - 1 :][:OFFERED]
    choices = [Choice(label=brief_text(one, context.now), says=says(one)) for one in shown]
    after = first + len(shown)
    if after <= len(found):
        choices.append(Choice(label=say("knop.toon meer"), says=f"{MORE} vanaf {after}"))
    name = "kiezen.eerste" if first == 1 else "kiezen.volgende"
    more = say(name, aantal=str(len(found)), getoond=str(len(shown))) if len(found) > OFFERED else ""
    return step(
        context,
        say("kiezen.welk", handeling=verb),
        [more],
        dialogue=waiting,
        choices=tuple(choices),
        uids=tuple(one.uid for one in found),
    )


def pointed_at(text: str, context: Context) -> str:
    """The choice that "de tweede" stands for, else the text itself."""
    topic = context.topic
    ordinal = read(text, context.now, context.vocabulary).ordinal if topic and topic.choices else None
    if topic is None or ordinal is None or not 1 <= ordinal <= len(topic.choices):
        return text
    return topic.choices[ordinal - 1]


def first_shown(text: str) -> int | None:
    """The number from which more is asked for ("toon meer vanaf 6"), if it is."""
    found = re.fullmatch(rf"{MORE} vanaf (\d+)", text.strip(), re.IGNORECASE)
    return int(found[1]) if found else None
