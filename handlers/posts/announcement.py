"""The announcement of an atrium, as a moderator confirmed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import (
    INVITATION,
    actions_for,
    elsewhere_text,
    place_name,
    registration_sentence,
    theme_text,
)
from handlers.reply import Reply
from handlers.wording.cards import card, place_text, programme_lines, when_text
from handlers.wording.texts import audience_text


def announcement(atrium: Atrium, now: dt.datetime, places: Sequence[Atrium] = ()) -> Reply | None:
    """The post in full; None when the atrium is off or has begun. `now` is aware UTC of the sending."""
    if atrium.is_cancelled or atrium.starts_at <= now:
        return None
    programme = programme_lines(atrium)
    paragraphs = (
        atrium.description,
        theme_text(atrium),
        f"Waar: {place_text(atrium)}." if place_text(atrium) != place_name(atrium) else None,
        f"Voor wie: {audience_text(atrium.audience)}." if atrium.audience else None,
        "\n".join(["Programma:", *(f"- {item}" for item in programme)]) if programme else None,
        registration_sentence(atrium, now),
        elsewhere_text([atrium], places, now) if places else None,
        INVITATION,
    )
    return Reply(
        headline=f"Nieuw: {atrium.title}, {when_text(atrium)}, {place_name(atrium)}.",
        paragraphs=tuple(part for part in paragraphs if part),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )
