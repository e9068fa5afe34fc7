"""The notice that an atrium does not take place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.lines import atrium_text, elsewhere_text
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, number_text


def cancellation(atria: Sequence[Atrium], now: dt.datetime, places: Sequence[Atrium] = ()) -> Reply | None:
    """What is said when atria are called off; None when they go on after all or are past.

    Args:
        now: aware UTC of the sending.
        places: the places of the programme, of which those still to come are offered instead.
    """
    off = [each for each in atria if each.is_cancelled and each.starts_at > now]
    if not off:
        return None
    if len(off) > 1:
        number = capitalised(number_text(len(off)))
        lines = "\n".join(f"- {atrium_text(each)}" for each in off)
        headline = say("annulering.kop meer", aantal=number)
        return Reply(headline=headline, paragraphs=(lines,), automatic=True)
    (atrium,) = off
    elsewhere = elsewhere_text([atrium], places, now, "bericht.wel nog in") if places else None
    contact = say("annulering.vragen", contact=atrium.contact) if atrium.contact else None
    return Reply(
        headline=say("annulering.kop", atrium=atrium_text(atrium)),
        paragraphs=tuple(part for part in (elsewhere, contact) if part),
        automatic=True,
    )
