"""The first word on an atrium, long before: keep this day free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import (
    actions_for,
    atrium_text,
    audience_sentence,
    elsewhere_text,
    gathering_text,
    registration_sentence,
    theme_of,
    theme_text,
)
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say


def save_the_date(atria: Sequence[Atrium], now: dt.datetime, places: Sequence[Atrium] = ()) -> Reply | None:
    """What is said long before; None when nothing of it is to come. A programme is one post with its places.

    Args:
        now: aware UTC of the sending.
        places: the other places of the programme, of which those still to come are named.
    """
    coming = sorted(
        (each for each in atria if not each.is_cancelled and each.starts_at > now),
        key=lambda each: (each.starts_at, each.uid),
    )
    if not coming:
        return None
    elsewhere = elsewhere_text(coming, places, now) if places else None
    if len(coming) > 1:
        lines = "\n".join(f"- {atrium_text(each)}" for each in coming)
        named = (theme_of(coming), lines, elsewhere)
        return Reply(
            headline=say("noteer.kop meer", atria=gathering_text(coming, now)),
            paragraphs=tuple(part for part in named if part),
            automatic=True,
        )
    (atrium,) = coming
    parts = (
        theme_text(atrium),
        audience_sentence(atrium),
        registration_sentence(atrium, now) if atrium.registration_is_open(now) else None,
        elsewhere,
    )
    return Reply(
        headline=say("noteer.kop", atrium=atrium_text(atrium)),
        paragraphs=tuple(part for part in parts if part),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )
