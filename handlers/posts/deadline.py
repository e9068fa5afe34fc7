"""The nudge before registration closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import actions_for, atrium_text, last_day_text
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.sentences import capitalised, number_text


def deadline(atria: Sequence[Atrium], now: dt.datetime) -> Reply | None:
    """What is said before the last day to register; None when one can register for none of them.

    `now` is aware UTC of the sending.
    """
    still_open = sorted(
        (each for each in atria if each.registration_until and each.registration_is_open(now)),
        key=lambda each: (each.registration_until or each.local_date, each.starts_at, each.uid),
    )
    if not still_open:
        return None
    if len(still_open) > 1:
        number = capitalised(number_text(len(still_open)))
        return Reply(
            headline=f"{number} atria waarvoor je nog kunt inschrijven.",
            paragraphs=("\n".join(_line(each, now) for each in still_open),),
            automatic=True,
        )
    (atrium,) = still_open
    until = f"kan nog tot en met {last_day_text(atrium, now)}{_link(atrium)}"
    return Reply(
        headline=f"Inschrijven voor {atrium.title} {until}",
        paragraphs=(f"Het atrium: {atrium_text(atrium)}",),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )


def _link(atrium: Atrium) -> str:
    return f": {atrium.registration_url}" if atrium.registration_url else "."


def _line(atrium: Atrium, now: dt.datetime) -> str:
    return f"- {atrium_text(atrium)} Inschrijven tot en met {last_day_text(atrium, now)}{_link(atrium)}"
