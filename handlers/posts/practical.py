"""What people need on the day itself: where exactly, the programme, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import actions_for, atrium_text, nearness, programme_text, where_text
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say
from handlers.wording.sentences import number_text
from handlers.wording.texts import kind_name


def practical_parts(atrium: Atrium) -> tuple[str, ...]:
    """The practical side of one atrium, as paragraphs; only what the record holds."""
    parts = (
        where_text(atrium),
        programme_text(atrium),
        say("bericht.contact", contact=atrium.contact) if atrium.contact else None,
    )
    return tuple(part for part in parts if part)


def practical(atria: Sequence[Atrium], now: dt.datetime) -> Reply | None:
    """What is said shortly before, apart from the reminder; None when nothing of it is to come.

    `now` is aware UTC of the sending.
    """
    coming = sorted(
        (each for each in atria if not each.is_cancelled and each.starts_at > now),
        key=lambda each: (each.starts_at, each.uid),
    )
    if not coming:
        return None
    if len(coming) > 1:
        kinds = {each.kind for each in coming}
        name = kind_name(kinds.pop() if len(kinds) == 1 else None, len(coming))
        return Reply(
            headline=say("praktisch.kop meer", aantal=number_text(len(coming)), atria=name),
            paragraphs=tuple("\n".join([f"{atrium_text(each)}", *practical_parts(each)]) for each in coming),
            automatic=True,
        )
    (atrium,) = coming
    near, text = nearness(atrium, now), atrium_text(atrium)
    return Reply(
        headline=(
            say("praktisch.kop met dag", wanneer=near, atrium=text)
            if near
            else say("praktisch.kop", atrium=text)
        ),
        paragraphs=practical_parts(atrium),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )
