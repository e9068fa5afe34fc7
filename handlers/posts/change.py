"""The notice that date, hour or place of an atrium changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import actions_for, place_name, registration_sentence
from handlers.reply import Reply
from handlers.wording.cards import card, place_text, when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, number_text


def has_moved(before: Atrium, after: Atrium) -> bool:
    """Whether day or hours are others."""
    return (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)


def has_other_place(before: Atrium, after: Atrium) -> bool:
    return place_text(before) != place_text(after)


def matters(before: Atrium, after: Atrium) -> bool:
    """Whether people who were told of it must hear of this change: day, hours or place."""
    return has_moved(before, after) or has_other_place(before, after)


def change(pairs: Sequence[tuple[Atrium, Atrium]], now: dt.datetime) -> Reply | None:
    """What is said when atria changed; None when nothing is left of the changes.

    Args:
        pairs: each atrium before the first edit and as it is now.
        now: aware UTC of the sending.
    """
    told = [
        (before, after)
        for before, after in pairs
        if matters(before, after) and not after.is_cancelled and after.starts_at > now
    ]
    if not told:
        return None
    if len(told) > 1:
        number = capitalised(number_text(len(told)))
        lines = "\n".join(
            "- " + say("wijziging.regel", titel=after.title, wijziging=_sentences(before, after))
            for before, after in told
        )
        headline = say("wijziging.kop meer", aantal=number)
        return Reply(headline=headline, paragraphs=(lines,), automatic=True)
    ((before, after),) = told
    registration = registration_sentence(after, now)
    return Reply(
        headline=say("wijziging.kop", titel=after.title, wijziging=_sentences(before, after)),
        paragraphs=(registration,) if registration else (),
        cards=(card(after, now),),
        actions=actions_for(after, now),
        automatic=True,
    )


def _sentences(before: Atrium, after: Atrium) -> str:
    when, earlier = when_text(after), when_text(before)
    place, place_before = place_text(after), place_text(before)
    if not has_moved(before, after):
        return say("wijziging.plaats", plaats=place, vroeger=place_before, wanneer=when)
    if has_other_place(before, after):
        return say(
            "wijziging.moment en plaats",
            wanneer=when,
            vroeger=earlier,
            plaats=place,
            vroegere_plaats=place_before,
        )
    return say("wijziging.moment", wanneer=when, vroeger=earlier, waar=place_name(after))
