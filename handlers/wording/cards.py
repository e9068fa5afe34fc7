"""One atrium as people see it: its card, its facts in the fixed order, its place, its registration."""

from __future__ import annotations

import datetime as dt

from handlers.model import Atrium
from handlers.reply import Card, Fact
from handlers.wording.dates import (
    brief_date,
    clock_text,
    deadline_text,
    local_day,
    relative_day,
    span_text,
)
from handlers.wording.texts import audience_text

#: What is said of something that the record does not hold.
UNKNOWN = "staat nog niet in de agenda"


def title_text(atrium: Atrium) -> str:
    """The title, with the theme where the title does not say it already."""
    if atrium.theme and atrium.theme.casefold() not in atrium.title.casefold():
        return f"{atrium.title}, {atrium.theme}"
    return atrium.title


def place_text(atrium: Atrium) -> str:
    """Venue, address and municipality, as far as the record holds them."""
    parts = [part for part in (atrium.venue, atrium.address) if part]
    # An address may end in the municipality already ("Markt 1, 9620 Zottegem").
    if not parts or not parts[-1].casefold().endswith(atrium.municipality.casefold()):
        parts.append(atrium.municipality)
    return ", ".join(parts)


def when_text(atrium: Atrium) -> str:
    """Day and hours in full: "maandag 12 april 2027, van 9.00 tot 16.00 u."."""
    return span_text(atrium.starts_at, atrium.ends_at)


def brief_text(atrium: Atrium, now: dt.datetime) -> str:
    """The atrium in one line of a list: "ma 12 april 2027, 9.00 u., Gent: Provinciaal Atrium Gent"."""
    day = brief_date(atrium.local_date, local_day(now))
    line = f"{day}, {clock_text(atrium.starts_at)} u., {atrium.municipality}: {title_text(atrium)}"
    return f"Geannuleerd: {line}" if atrium.is_cancelled else line


def _deadline(atrium: Atrium, now: dt.datetime) -> str | None:
    if atrium.registration_until is None:
        return None
    day = deadline_text(atrium.registration_until, beside=atrium.local_date)
    near = relative_day(atrium.registration_until, local_day(now))
    return f"{day} ({near})" if near in ("vandaag", "morgen") else day


def registration_label(atrium: Atrium, now: dt.datetime) -> str:
    """Until when one can register, or why one no longer can, without the link."""
    deadline = _deadline(atrium, now)
    if atrium.is_cancelled:
        return "Dit atrium is geannuleerd: inschrijven kan niet meer"
    if atrium.has_ended(now):
        return "Dit atrium is voorbij: inschrijven kan niet meer"
    if not atrium.registration_is_open(now):
        closed = "De inschrijvingen zijn gesloten"
        return f"{closed}: inschrijven kon tot en met {deadline}" if deadline else closed
    return f"Inschrijven tot en met {deadline}" if deadline else "Inschrijven"


def registration_text(atrium: Atrium, now: dt.datetime) -> str:
    """The line on registration: "Inschrijven tot en met zondag 11 april: https://..."."""
    label = registration_label(atrium, now)
    if not atrium.registration_is_open(now):
        return f"{label}."
    return f"{label}: {atrium.registration_url or f'de link {UNKNOWN}'}"


def _closed_text(atrium: Atrium, now: dt.datetime) -> str:
    """Why one can no longer register, to stand behind the label "Inschrijven"."""
    if atrium.is_cancelled:
        return "kan niet meer, het atrium is geannuleerd"
    if atrium.has_ended(now):
        return "kan niet meer, het atrium is voorbij"
    deadline = _deadline(atrium, now)
    return f"gesloten, kon tot en met {deadline}" if deadline else "gesloten"


def registration_fact(atrium: Atrium, now: dt.datetime) -> Fact:
    """The same as a labelled fact, with the link where one can register."""
    if not atrium.registration_is_open(now):
        return Fact(label="Inschrijven", text=_closed_text(atrium, now))
    label = registration_label(atrium, now)
    if atrium.registration_url is None:
        return Fact(label=label, text=f"de link {UNKNOWN}")
    return Fact(label=label, text=atrium.registration_url, url=atrium.registration_url)


def programme_lines(atrium: Atrium) -> tuple[str, ...]:
    """The items of the programme, one a line; the agenda file parts them with "|"."""
    items = (item.strip() for item in (atrium.programme or "").replace("\n", "|").split("|"))
    return tuple(item for item in items if item)


def facts(atrium: Atrium, now: dt.datetime, more_url: str | None = None) -> tuple[Fact, ...]:
    """What the record holds of it, in the fixed order: wanneer, waar, thema, voor wie, inschrijven, meer.

    Args:
        now: aware UTC; decides whether one can still register.
        more_url: the page of this atrium, where there is one.
    """
    found = [Fact(label="Wanneer", text=when_text(atrium)), Fact(label="Waar", text=place_text(atrium))]
    if atrium.theme:
        found.append(Fact(label="Thema", text=atrium.theme))
    if atrium.audience:
        found.append(Fact(label="Voor wie", text=audience_text(atrium.audience)))
    found.append(registration_fact(atrium, now))
    if more_url:
        found.append(Fact(label="Meer", text=more_url, url=more_url))
    return tuple(found)


def card(atrium: Atrium, now: dt.datetime) -> Card:
    """The atrium with every text rendered; `now` is aware UTC."""
    open_now = atrium.registration_is_open(now)
    return Card(
        uid=atrium.uid,
        title=atrium.title,
        when=when_text(atrium),
        brief=brief_text(atrium, now),
        where=place_text(atrium),
        starts_at=atrium.starts_at,
        theme=atrium.theme,
        audience=audience_text(atrium.audience) or None,
        register_text=registration_label(atrium, now),
        register_url=atrium.registration_url if open_now else None,
        cancelled=atrium.is_cancelled,
    )
