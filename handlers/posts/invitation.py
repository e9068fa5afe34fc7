"""The invitation to atria that no moderator announced: those that came with the agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.announcement import announcement
from handlers.posts.lines import (
    actions_of_each,
    atrium_text,
    elsewhere_text,
    gathering_text,
    registration_sentence,
    theme_of,
)
from handlers.reply import Reply
from handlers.wording.catalogue import say


def invitation(atria: Sequence[Atrium], now: dt.datetime, places: Sequence[Atrium] = ()) -> Reply | None:
    """One atrium in full, several as a list; None when nothing of it is to come.

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
    if len(coming) == 1:
        return announcement(coming[0], now, places)
    lines = [
        " ".join(part for part in (f"- {atrium_text(each)}", registration_sentence(each, now)) if part)
        for each in coming
    ]
    parts = (
        theme_of(coming),
        "\n".join(lines),
        elsewhere_text(coming, places, now) if places else None,
        say("bericht.inbreng"),
    )
    return Reply(
        headline=say("uitnodiging.kop", atria=gathering_text(coming, now)),
        paragraphs=tuple(part for part in parts if part),
        actions=actions_of_each(coming, now),
        automatic=True,
    )
