"""Who hears of a change or a cancellation, and when: said before it is confirmed, and after."""

from __future__ import annotations

import datetime as dt

from handlers.context import Heard
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, local_day, long_date, near_text
from handlers.wording.sentences import enumeration


def heard_text(heard: Heard, now: dt.datetime, *, is_news: bool = True) -> str:
    """In a few sentences which communities get a notice at what moment, and where a post is edited.

    Args:
        now: aware UTC.
        is_news: it would be told to those who heard of the atrium; without a notice nobody did.
    """
    moments: dict[dt.datetime, list[str]] = {}
    for community, at in sorted(heard.notices, key=lambda each: each[1]):
        moments.setdefault(max(at, now), []).append(community)
    told = [_leaves(at, names, now) for at, names in moments.items()]
    if not told:
        told.append(say("gehoord.niemand" if is_news and not heard.edited else "gehoord.geen bericht"))
    if heard.edited:
        told.append(say("gehoord.aangepast", communities=enumeration(heard.edited)))
    return " ".join(told)


def _leaves(at: dt.datetime, names: list[str], now: dt.datetime) -> str:
    communities = enumeration(list(dict.fromkeys(names)))
    if at <= now:
        return say("gehoord.vertrekt meteen", communities=communities)
    day, today = local_day(at), local_day(now)
    named = near_text(day, today) or long_date(day)
    return say("gehoord.vertrekt", dag=named, uur=clock_text(at), communities=communities)
