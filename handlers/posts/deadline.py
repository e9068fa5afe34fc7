"""The nudge before registration closes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import actions_for, actions_of_each, atrium_text, last_day_text, say_with_link
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say
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
            headline=say("deadline.kop meer", aantal=number),
            paragraphs=("\n".join(_line(each, now) for each in still_open),),
            actions=actions_of_each(still_open, now),
            automatic=True,
        )
    (atrium,) = still_open
    last_day, link = last_day_text(atrium, now) or "", atrium.registration_url
    return Reply(
        headline=say_with_link("deadline.kop", link, titel=atrium.title, dag=last_day),
        paragraphs=(say("deadline.atrium", atrium=atrium_text(atrium)),),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )


def _line(atrium: Atrium, now: dt.datetime) -> str:
    last_day = last_day_text(atrium, now) or ""
    return "- " + say_with_link(
        "deadline.regel", atrium.registration_url, atrium=atrium_text(atrium), dag=last_day
    )
