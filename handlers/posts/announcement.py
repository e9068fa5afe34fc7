"""The announcement of an atrium, as a moderator confirmed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import (
    actions_for,
    audience_sentence,
    elsewhere_text,
    place_name,
    programme_text,
    registration_sentence,
    theme_text,
    where_text,
)
from handlers.reply import Reply
from handlers.wording.cards import card, when_text
from handlers.wording.catalogue import say


def announcement(atrium: Atrium, now: dt.datetime, places: Sequence[Atrium] = ()) -> Reply | None:
    """The post in full; None when the atrium is off or has begun. `now` is aware UTC of the sending."""
    if atrium.is_cancelled or atrium.starts_at <= now:
        return None
    paragraphs = (
        atrium.description,
        theme_text(atrium),
        where_text(atrium),
        audience_sentence(atrium),
        programme_text(atrium),
        registration_sentence(atrium, now),
        elsewhere_text([atrium], places, now) if places else None,
        say("bericht.inbreng"),
    )
    return Reply(
        headline=say(
            "aankondiging.kop", titel=atrium.title, wanneer=when_text(atrium), waar=place_name(atrium)
        ),
        paragraphs=tuple(part for part in paragraphs if part),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )
