"""What people need on the day itself: where exactly, the programme, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import actions_for, atrium_text, nearness, place_name
from handlers.reply import Reply
from handlers.wording.cards import card, place_text, programme_lines
from handlers.wording.sentences import number_text
from handlers.wording.texts import kind_name


def practical_parts(atrium: Atrium) -> tuple[str, ...]:
    """The practical side of one atrium, as paragraphs; only what the record holds."""
    programme = programme_lines(atrium)
    parts = (
        f"Waar: {place_text(atrium)}." if place_text(atrium) != place_name(atrium) else None,
        "\n".join(["Programma:", *(f"- {item}" for item in programme)]) if programme else None,
        f"Contact: {atrium.contact}." if atrium.contact else None,
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
            headline=f"Praktische info voor {number_text(len(coming))} {name}.",
            paragraphs=tuple("\n".join([f"{atrium_text(each)}", *practical_parts(each)]) for each in coming),
            automatic=True,
        )
    (atrium,) = coming
    near = nearness(atrium, now)
    return Reply(
        headline=f"Praktische info. {f'{near}: ' if near else ''}{atrium_text(atrium)}",
        paragraphs=practical_parts(atrium),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )
