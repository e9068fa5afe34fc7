"""The reminder of one atrium, or of several that fall due together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from handlers.model import Atrium
from handlers.posts.lines import (
    actions_for,
    atrium_text,
    elsewhere_text,
    in_one_line,
    nearness,
    registration_sentence,
    theme_text,
)
from handlers.posts.practical import practical_parts
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say
from handlers.wording.sentences import number_text
from handlers.wording.texts import kind_name


def reminder(
    atria: Sequence[Atrium],
    now: dt.datetime,
    places: Sequence[Atrium] = (),
    practical: Collection[str] = (),
) -> Reply | None:
    """What is said some time before an atrium; None when none of them is still to come.

    Args:
        now: aware UTC of the sending: "volgende week" is counted from here.
        places: the other places of the programme, of which those still to come are named.
        practical: uids of those of which the practical side is told in this post too.
    """
    coming = sorted(
        (each for each in atria if not each.is_cancelled and each.starts_at > now),
        key=lambda each: (each.starts_at, each.uid),
    )
    if not coming:
        return None
    elsewhere = elsewhere_text(coming, places, now) if places else None
    if len(coming) > 1:
        return _of_several(coming, now, elsewhere, practical)
    (atrium,) = coming
    paragraphs = (
        " ".join(part for part in (theme_text(atrium), registration_sentence(atrium, now)) if part),
        *(practical_parts(atrium) if atrium.uid in practical else ()),
        elsewhere,
        say("bericht.inbreng"),
    )
    return Reply(
        headline=say("herinnering.kop", wanneer=_begins(nearness(atrium, now)), atrium=atrium_text(atrium)),
        paragraphs=tuple(part for part in paragraphs if part),
        cards=(card(atrium, now),),
        actions=actions_for(atrium, now),
        automatic=True,
    )


def _begins(near: str | None) -> str:
    """How a reminder begins, also when no word for so far off would help."""
    return near or say("herinnering.later")


def _of_several(
    coming: Sequence[Atrium], now: dt.datetime, elsewhere: str | None, practical: Collection[str]
) -> Reply:
    kinds = {each.kind for each in coming}
    name = kind_name(kinds.pop() if len(kinds) == 1 else None, len(coming))
    near = {nearness(each, now) for each in coming}
    together = len(near) == 1
    lines = [
        in_one_line(each, now, how_near=not together, practical=each.uid in practical) for each in coming
    ]
    if elsewhere:
        lines.append(elsewhere)
    return Reply(
        headline=say(
            "herinnering.kop meer",
            wanneer=_begins(near.pop() if together else None),
            aantal=number_text(len(coming)),
            atria=name,
        ),
        paragraphs=("\n".join(lines),),
        automatic=True,
    )
