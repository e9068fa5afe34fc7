"""The agenda as a page shows it: atria by month, each with its texts ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from handlers.model import Atrium
from handlers.reply import Card
from handlers.wording.cards import card
from handlers.wording.dates import brief_date, clock_text, date_with_year, local_day, near_text
from handlers.wording.texts import kind_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One atrium of a list.

    Attributes:
        day: "ma 12 april", with the year when it is not this one.
        hours: "9.00 tot 16.00 u.".
        near: "morgen", "volgende week"; None when it is further away, past or cancelled.
        deadline: what to know of registering; None when it is over, and for what is cancelled.
    """

    card: Card
    kind: str
    day: str
    hours: str
    municipality: str
    near: str | None
    deadline: str | None
    is_past: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    name: str
    items: tuple[Item, ...]


def item(atrium: Atrium, now: dt.datetime) -> Item:
    """The atrium for a list; `now` is aware UTC."""
    shown = card(atrium, now)
    today = local_day(now)
    over = atrium.has_ended(now)
    end = f" tot {clock_text(atrium.ends_at)}" if atrium.ends_at else ""
    return Item(
        card=shown,
        kind=kind_name(atrium.kind),
        day=brief_date(atrium.local_date, today),
        hours=f"{clock_text(atrium.starts_at)}{end} u.",
        municipality=atrium.municipality,
        near=None if over or atrium.is_cancelled else near_text(atrium.local_date, today),
        deadline=None if over or atrium.is_cancelled else shown.register_text,
        is_past=over,
    )


def months(atria: Sequence[Atrium], now: dt.datetime) -> list[Month]:
    """The atria by month, in the order in which they come."""
    return [
        Month(name=name, items=tuple(item(atrium, now) for atrium in found))
        for name, found in groupby(atria, key=lambda atrium: _month(atrium.local_date))
    ]


def first_coming(atria: Sequence[Atrium], now: dt.datetime) -> Atrium | None:
    """The next one that goes on, None when there is none among these."""
    return next((one for one in atria if not one.is_cancelled and not one.has_ended(now)), None)


def _month(day: dt.date) -> str:
    return date_with_year(day).partition(" ")[2]
