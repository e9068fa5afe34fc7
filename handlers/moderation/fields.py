"""The fields of the form for an announcement, as data: a page and a modal draw the same ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.context import Context
from handlers.model import Audience, Kind
from handlers.wording.sentences import capitalised
from handlers.wording.texts import AUDIENCE_NAMES, kind_name

#: What a form sends: one text for most fields, several for a field with choices.
Values = Mapping[str, str | Sequence[str]]

#: Places that one programme can have at the most.
MOST_PLACES = 12


class Sort(StrEnum):
    """The sort of input of a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    MUNICIPALITY = "municipality"
    URL = "url"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One value that a field with choices takes."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field of the form.

    Attributes:
        name: what its value is sent under; a field of a place ends in its number ("date-2").
        label, help: in Dutch.
        required: an announcement cannot leave without it; a draft can be kept without.
        options: what a choice is made from.
        most: characters that it takes.
        place: the number of the place that it belongs to, from 1; None for the whole announcement.
    """

    name: str
    label: str
    sort: Sort
    help: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    most: int = 200
    place: int | None = None


KINDS = tuple(Option(value=kind.value, label=kind_name(kind)) for kind in Kind)

#: Whom a moderator can name; `extern` occurs in questions only.
AUDIENCES = tuple(
    Option(value=one.value, label=capitalised(name))
    for one, name in AUDIENCE_NAMES.items()
    if one is not Audience.EXTERN
)

_FIRST = (
    Field(name="kind", label="Soort atrium", sort=Sort.CHOICE, required=True, options=KINDS),
    Field(
        name="title",
        label="Titel",
        sort=Sort.TEXT,
        help="Mag leeg blijven als er een thema is: dan maakt de bot de titel.",
        most=150,
    ),
    Field(name="theme", label="Thema", sort=Sort.TEXT, most=100),
    Field(name="description", label="Omschrijving", sort=Sort.LONG_TEXT, most=2000),
    Field(
        name="programme",
        label="Programma",
        sort=Sort.LONG_TEXT,
        help="Eén onderdeel per regel.",
        most=2000,
    ),
    Field(
        name="audience",
        label="Voor wie",
        sort=Sort.CHOICES,
        help="Niets gekozen: voor iedereen in de gekozen communities.",
        options=AUDIENCES,
    ),
)
_OF_A_PLACE = (
    Field(name="date", label="Datum", sort=Sort.DATE, required=True),
    Field(name="begins", label="Begin", sort=Sort.TIME, required=True, help="Bijvoorbeeld 9.30."),
    Field(name="ends", label="Einde", sort=Sort.TIME),
    Field(name="municipality", label="Gemeente", sort=Sort.MUNICIPALITY, required=True, most=80),
    Field(name="venue", label="Zaal", sort=Sort.TEXT, most=150),
    Field(name="address", label="Adres", sort=Sort.TEXT, help="Straat en nummer.", most=150),
    Field(name="registration_url", label="Link om in te schrijven", sort=Sort.URL, most=500),
    Field(name="registration_until", label="Inschrijven tot en met", sort=Sort.DATE),
)
_LAST = (
    Field(name="organiser", label="Organisator", sort=Sort.TEXT, most=150),
    Field(name="contact", label="Contact", sort=Sort.TEXT, help="Naam, telefoon of e-mailadres.", most=200),
    Field(
        name="communities",
        label="Communities",
        sort=Sort.CHOICES,
        help="Niets gekozen: waar het volgens doelgroep en soort past.",
    ),
    Field(
        name="publish_on",
        label="Plaatsen op",
        sort=Sort.DATE,
        help="Leeg: zodra je op plaatsen drukt.",
    ),
    Field(name="publish_at", label="Plaatsen om", sort=Sort.TIME, help="Leeg: 9.00 u."),
)

#: The names of the fields that each place has of its own.
PLACE_FIELDS = tuple(field.name for field in _OF_A_PLACE)
COMMON_FIELDS = tuple(field.name for field in (*_FIRST, *_LAST))
FIELDS: Mapping[str, Field] = {field.name: field for field in (*_FIRST, *_OF_A_PLACE, *_LAST)}

_OF_PLACE = re.compile(rf"(?P<name>{'|'.join(PLACE_FIELDS)})-(?P<number>[1-9]\d?)")


def fields(context: Context, places: int = 1) -> tuple[Field, ...]:
    """All fields in the order of the form, those of each place together."""
    numbers = range(1, min(max(places, 1), MOST_PLACES) + 1)
    of_places = (
        replace(field, name=name_of(field.name, number), place=number)
        for number in numbers
        for field in _OF_A_PLACE
    )
    options = tuple(Option(value=one.key, label=one.name) for one in context.communities)
    last = (replace(each, options=options) if each.name == "communities" else each for each in _LAST)
    return (*_FIRST, *of_places, *last)


def name_of(name: str, number: int) -> str:
    """The name of a field of the place of this number: "date-2"."""
    return f"{name}-{number}"


def place_of(name: str) -> tuple[str, int] | None:
    """The bare name and the number again; None for a field of the whole announcement."""
    found = _OF_PLACE.fullmatch(name)
    return (found["name"], int(found["number"])) if found else None


def place_count(values: Values) -> int:
    """How many places a form has: up to the last one of which something is filled in; at least one."""
    filled = [place[1] for name, value in values.items() if value and (place := place_of(name))]
    return min(max(filled, default=1), MOST_PLACES)
