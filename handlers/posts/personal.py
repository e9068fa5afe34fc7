"""What is said in private to a member of what they follow, with the way to stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from handlers.model import Atrium
from handlers.posts.cancellation import cancellation
from handlers.posts.change import change
from handlers.posts.reminder import reminder
from handlers.reply import Reply
from handlers.wording.catalogue import say


def personal_reminder(
    atria: Sequence[Atrium], now: dt.datetime, practical: Collection[str] = ()
) -> Reply | None:
    """A member's own reminder; None when none of these is still to come.

    Args:
        now: aware UTC of the sending: "volgende week" is counted from here.
        practical: uids of those so near that the practical side is told too.
    """
    return _in_private(reminder(atria, now, practical=practical), say("persoonlijk.stoppen"))


def personal_change(pairs: Sequence[tuple[Atrium, Atrium]], now: dt.datetime) -> Reply | None:
    """That what a member follows changed; None when nothing is left of the changes.

    Args:
        pairs: each atrium before the first edit and as it is now.
    """
    return _in_private(change(pairs, now), say("persoonlijk.niet meer volgen"))


def personal_cancellation(atria: Sequence[Atrium], now: dt.datetime) -> Reply | None:
    """That what a member follows does not take place; None when it goes on after all or is past."""
    return _in_private(cancellation(atria, now), say("persoonlijk.niet meer volgen"))


def _in_private(said: Reply | None, stop: str) -> Reply | None:
    """The same for one pair of eyes: nobody answers below it, so nothing is asked to be handed in there."""
    if said is None:
        return None
    paragraphs = tuple(each for each in said.paragraphs if each != say("bericht.inbreng"))
    return replace(said, paragraphs=(*paragraphs, stop), private=True)
