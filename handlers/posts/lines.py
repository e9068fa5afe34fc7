"""The sentences that posts share: which atrium when and where, and until when one can register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from handlers.model import Atrium, Span
from handlers.reply import Action, ActionKind
from handlers.wording.cards import place_text, programme_lines, when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import (
    NEAR,
    deadline_text,
    local_day,
    long_date,
    numeric_date,
    period_text,
    relative_day,
)
from handlers.wording.sentences import capitalised, enumeration, number_text
from handlers.wording.texts import audience_text, kind_name

DAYS_OF_WEEK = 7

#: So far off, the distance still says something when it is counted.
COUNTED_DAYS = 42

#: In how many days the last day to register is so near that a reminder says how near.
VERY_NEAR = 2

#: Atria of one post that get buttons: as many as a programme has places at the most.
MOST_WITH_ACTIONS = 10


def nearness(atrium: Atrium, now: dt.datetime) -> str | None:
    """How near it is, to begin a sentence with: "Morgen", "Komende maandag", "Over vier weken"; else None."""
    day, today = atrium.local_date, local_day(now)
    near, ahead = relative_day(day, today), (day - today).days
    if near == "volgende week" and ahead < DAYS_OF_WEEK:
        return say("dag.komende", weekdag=weekday_name(day))
    if near:
        return capitalised(NEAR[near])
    if 0 < ahead <= COUNTED_DAYS:
        weeks, days = divmod(ahead, DAYS_OF_WEEK)
        if days:
            return capitalised(say("dag.over dagen", aantal=number_text(ahead)))
        return capitalised(say("dag.over weken", aantal=number_text(weeks)))
    return None


def weekday_name(day: dt.date) -> str:
    return long_date(day).split(maxsplit=1)[0]


def place_name(atrium: Atrium) -> str:
    """Where, in few words: "Stadhuis Sint-Niklaas"."""
    if not atrium.venue:
        return atrium.municipality
    if atrium.municipality.casefold() in atrium.venue.casefold():
        return atrium.venue
    return f"{atrium.venue} {atrium.municipality}"


def atrium_text(atrium: Atrium) -> str:
    """Title, day, hours and place, with a full stop."""
    return say("bericht.atrium", titel=atrium.title, wanneer=when_text(atrium), waar=place_name(atrium))


def theme_text(atrium: Atrium) -> str | None:
    """The theme as a sentence, unless the title says it already."""
    if not atrium.theme or atrium.theme.casefold() in atrium.title.casefold():
        return None
    return say("bericht.thema", thema=atrium.theme)


def theme_of(atria: Sequence[Atrium]) -> str | None:
    """The theme that all of these share, as a sentence; None when they have none in common."""
    themes = {each.theme for each in atria}
    theme = themes.pop() if len(themes) == 1 else None
    return say("bericht.thema", thema=theme) if theme else None


def programme_text(atrium: Atrium) -> str | None:
    """The points of the programme, one line each; None when the record holds none."""
    points = programme_lines(atrium)
    return "\n".join([say("bericht.programma"), *(f"- {point}" for point in points)]) if points else None


def where_text(atrium: Atrium) -> str | None:
    """Hall and address as a sentence; None when the name of the place says it all."""
    place = place_text(atrium)
    return say("bericht.waar", plaats=place) if place != place_name(atrium) else None


def audience_sentence(atrium: Atrium) -> str | None:
    """For whom it is; None when that is everybody."""
    return say("bericht.voor wie", doelgroep=audience_text(atrium.audience)) if atrium.audience else None


def gathering_text(atria: Sequence[Atrium], now: dt.datetime) -> str:
    """Several atria in one phrase: "vijf Provinciale Atria, van 6 tot en met 19 april 2027"."""
    kinds = {each.kind for each in atria}
    name = kind_name(kinds.pop() if len(kinds) == 1 else None, len(atria))
    days = [each.local_date for each in atria]
    period = period_text(Span(first=min(days), last=max(days)), local_day(now))
    return say("bericht.meer atria", aantal=number_text(len(atria)), atria=name, periode=period)


def last_day_text(atrium: Atrium, now: dt.datetime | None = None) -> str | None:
    """The last day to register beside how near that is: "zondag 11 april (morgen)"; None without one.

    With no `now` the day alone is said.
    """
    if atrium.registration_until is None:
        return None
    day = deadline_text(atrium.registration_until, beside=atrium.local_date)
    if now is None:
        return day
    near = relative_day(atrium.registration_until, local_day(now))
    ahead = (atrium.registration_until - local_day(now)).days
    if near == "volgende week" and ahead < DAYS_OF_WEEK:
        return f"{day} ({say('dag.over dagen', aantal=number_text(ahead))})"
    return f"{day} ({NEAR[near]})" if near else day


def registration_sentence(atrium: Atrium, now: dt.datetime) -> str | None:
    """Until when and where one can register; None when the record holds neither.

    Once it is closed the sentence says so, because readers would look for the link.
    """
    until = atrium.registration_until
    is_near = until is not None and (until - local_day(now)).days <= VERY_NEAR
    last_day = last_day_text(atrium, now if is_near else None)
    if atrium.is_full and atrium.starts_at > now:
        return say("bericht.volzet")
    if not atrium.registration_is_open(now):
        return say("bericht.gesloten")
    if last_day is None:
        return say("bericht.inschrijven", link=atrium.registration_url) if atrium.registration_url else None
    return say_with_link("bericht.inschrijven tot", atrium.registration_url, dag=last_day)


def say_with_link(name: str, link: str | None, **values: str) -> str:
    """A text that comes in two forms, of which that with a link is called "... met link"."""
    return say(f"{name} met link", link=link, **values) if link else say(name, **values)


def elsewhere_text(
    atria: Sequence[Atrium], places: Sequence[Atrium], now: dt.datetime, name: str = "bericht.ook in"
) -> str | None:
    """Where else the programme of these atria comes: "Ook in Leuven (9/4) en Gent (12/4)."."""
    told = {each.uid for each in atria}
    to_come = [
        each
        for each in sorted(places, key=lambda place: place.starts_at)
        if each.uid not in told and not each.is_cancelled and each.starts_at > now
    ]
    if not to_come:
        return None
    beside = atria[0].local_date
    names = [f"{each.municipality} ({numeric_date(each.local_date, beside)})" for each in to_come]
    return say(name, plaatsen=enumeration(names))


def in_one_line(atrium: Atrium, now: dt.datetime, *, how_near: bool = False, practical: bool = False) -> str:
    """Everything a reminder says of one atrium, as one item of a list.

    Args:
        how_near: begin with "Morgen:".
        practical: say the address too.
    """
    near = nearness(atrium, now) if how_near else None
    parts = (
        f"{near}:" if near else None,
        atrium_text(atrium),
        say("bericht.adres", adres=atrium.address) if practical and atrium.address else None,
        theme_text(atrium),
        registration_sentence(atrium, now),
    )
    return "- " + " ".join(part for part in parts if part)


def actions_for(atrium: Atrium, now: dt.datetime) -> tuple[Action, ...]:
    """What one can do with an atrium under a post, on platforms with buttons."""
    calendar = Action(kind=ActionKind.CALENDAR, label=say("knop.in agenda"), uid=atrium.uid)
    more = Action(kind=ActionKind.MORE, label=say("knop.meer"), uid=atrium.uid)
    if not atrium.registration_url or not atrium.registration_is_open(now):
        return (calendar, more)
    register = Action(
        kind=ActionKind.REGISTER, label=say("knop.inschrijven"), uid=atrium.uid, url=atrium.registration_url
    )
    return (register, calendar, more)


def actions_of_each(atria: Sequence[Atrium], now: dt.datetime) -> tuple[Action, ...]:
    """What one can do with each of several atria under one post, told apart by place and day."""
    found = []
    for atrium in atria[:MOST_WITH_ACTIONS]:
        place = f"{atrium.municipality} ({numeric_date(atrium.local_date, atria[0].local_date)})"
        register = [each for each in actions_for(atrium, now) if each.kind is ActionKind.REGISTER]
        remind = Action(
            kind=ActionKind.REMIND,
            label=say("knop.herinner mij"),
            uid=atrium.uid,
            says=f"herinner mij aan {atrium.uid}",
        )
        found += [
            replace(each, label=say("knop.van een plaats", knop=each.label, plaats=place))
            for each in (*register, remind)
        ]
    return tuple(found)
