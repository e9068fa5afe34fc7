"""What changing and cancelling share: find the one atrium that is meant, and say why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.context import Context
from handlers.model import Atrium
from handlers.moderation.permissions import in_scope, moderates, refused_member, refused_scope
from handlers.moderation.steps import step
from handlers.moderation.target import OFFERED
from handlers.reply import Choice, Reply
from handlers.wording.cards import brief_text, when_text
from handlers.wording.sentences import quoted


def refused(atrium: Atrium | None, context: Context, act: str) -> Reply | None:
    """Why this person may not do this; `act` is its noun ("Wijzigen")."""
    if not moderates(context.person):
        return refused_member(act)
    if atrium is None:
        return None
    place = {"municipality": atrium.municipality, "region": atrium.region}
    if not in_scope(context.person, context.agenda, kind=atrium.kind, **place):
        return refused_scope(context)
    return None


def too_late(atrium: Atrium, context: Context) -> Reply | None:
    """Why this atrium is past changing: cancelled, over, or going on."""
    when = when_text(atrium)
    if atrium.is_cancelled:
        return step(context, f"{atrium.title} is al geannuleerd ({when.rstrip('.')}).", uids=(atrium.uid,))
    if atrium.starts_at <= context.now:
        word = "is voorbij" if atrium.has_ended(context.now) else "is al begonnen"
        return step(context, f"{atrium.title} {word}: het was op {when}", uids=(atrium.uid,))
    return None


def going_on(found: Sequence[Atrium]) -> list[Atrium]:
    """What is called off already is hardly meant, unless nothing else fits."""
    return [one for one in found if not one.is_cancelled] or list(found)


def the_one(
    found: Sequence[Atrium], described: str, context: Context, *, verb: str, says: Callable[[Atrium], str]
) -> Atrium | Reply:
    """The atrium that is meant; else numbered choices, or that none is."""
    if len(found) == 1:
        return found[0]
    if not found:
        about = f' dat past bij "{quoted(described)}"' if described.strip() else ""
        return step(
            context,
            f"Welk atrium wil je {verb}? Ik vind er geen{about}.",
            [
                "Noem de soort, het thema, de plaats of de datum.",
                'De sleutel uit de agenda mag ook ("atr-1-053").',
            ],
            understood=False,
        )
    choices = tuple(Choice(label=brief_text(one, context.now), says=says(one)) for one in found[:OFFERED])
    more = f"Er zijn er {len(found)}; dit zijn de eerste {OFFERED}." if len(found) > OFFERED else ""
    return step(context, f"Welk atrium wil je {verb}?", [more], choices=choices)
