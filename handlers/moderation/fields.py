"""The fields of the form for an announcement, as data: a page and a modal draw the same ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers.context import Context
from handlers.model import Audience, Kind
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised
from handlers.wording.texts import AUDIENCE_NAMES, kind_name

#: What a form sends: one text for most fields, several for a field with choices.
Values = Mapping[str, str | Sequence[str]]

#: Places that one programme can have at the most.
MOST_PLACES = 10


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


def kind_options() -> tuple[Option, ...]:
    return tuple(Option(value=kind.value, label=kind_name(kind)) for kind in Kind)


def audience_options() -> tuple[Option, ...]:
    """Whom a moderator can name; `extern` occurs in questions only."""
    return tuple(
        Option(value=one.value, label=capitalised(name))
        for one, name in AUDIENCE_NAMES.items()
        if one is not Audience.EXTERN
    )


_OPTIONS: Mapping[str, Callable[[], tuple[Option, ...]]] = {
    "kind": kind_options,
    "audience": audience_options,
}

#: Label and help are the names of texts here; `_said` says them.
_FIRST = (
    Field(name="kind", label="formulier.veld soort", sort=Sort.CHOICE, required=True),
    Field(
        name="title",
        label="formulier.veld titel",
        sort=Sort.TEXT,
        help="formulier.hulp titel",
        most=150,
    ),
    Field(name="theme", label="formulier.veld thema", sort=Sort.TEXT, most=100),
    Field(name="description", label="formulier.veld omschrijving", sort=Sort.LONG_TEXT, most=2000),
    Field(
        name="programme",
        label="formulier.veld programma",
        sort=Sort.LONG_TEXT,
        help="formulier.hulp programma",
        most=2000,
    ),
    Field(
        name="audience",
        label="formulier.veld voor wie",
        sort=Sort.CHOICES,
        help="formulier.hulp voor wie",
    ),
)
_OF_A_PLACE = (
    Field(name="date", label="formulier.veld datum", sort=Sort.DATE, required=True),
    Field(
        name="begins",
        label="formulier.veld begin",
        sort=Sort.TIME,
        required=True,
        help="formulier.hulp begin",
    ),
    Field(name="ends", label="formulier.veld einde", sort=Sort.TIME),
    Field(
        name="municipality", label="formulier.veld gemeente", sort=Sort.MUNICIPALITY, required=True, most=80
    ),
    Field(name="venue", label="formulier.veld zaal", sort=Sort.TEXT, most=150),
    Field(
        name="address", label="formulier.veld adres", sort=Sort.TEXT, help="formulier.hulp adres", most=150
    ),
    Field(name="registration_url", label="formulier.veld link", sort=Sort.URL, most=500),
    Field(name="registration_until", label="formulier.veld inschrijven tot", sort=Sort.DATE),
)
_LAST = (
    Field(name="organiser", label="formulier.veld organisator", sort=Sort.TEXT, most=150),
    Field(
        name="contact",
        label="formulier.veld contact",
        sort=Sort.TEXT,
        help="formulier.hulp contact",
        most=200,
    ),
    Field(
        name="communities",
        label="formulier.veld communities",
        sort=Sort.CHOICES,
        help="formulier.hulp communities",
    ),
    Field(
        name="publish_on",
        label="formulier.veld plaatsen op",
        sort=Sort.DATE,
        help="formulier.hulp plaatsen op",
    ),
    Field(
        name="publish_at",
        label="formulier.veld plaatsen om",
        sort=Sort.TIME,
        help="formulier.hulp plaatsen om",
    ),
)

#: The names of the fields that each place has of its own.
PLACE_FIELDS = tuple(field.name for field in _OF_A_PLACE)
COMMON_FIELDS = tuple(field.name for field in (*_FIRST, *_LAST))
_UNSAID = {field.name: field for field in (*_FIRST, *_OF_A_PLACE, *_LAST)}

_OF_PLACE = re.compile(rf"(?P<name>{'|'.join(PLACE_FIELDS)})-(?P<number>[1-9]\d?)")


def _said(field: Field) -> Field:
    options = _OPTIONS.get(field.name, tuple)()
    return replace(field, label=say(field.label), help=say(field.help) if field.help else "", options=options)


class _Fields(Mapping[str, Field]):
    def __getitem__(self, name: str) -> Field:
        return _said(_UNSAID[name])

    def __iter__(self) -> Iterator[str]:
        return iter(_UNSAID)

    def __len__(self) -> int:
        return len(_UNSAID)


#: Each field by its name, with what moderators call it now.
FIELDS: Mapping[str, Field] = _Fields()


def fields(context: Context, places: int = 1) -> tuple[Field, ...]:
    """All fields in the order of the form, those of each place together."""
    numbers = range(1, min(max(places, 1), MOST_PLACES) + 1)
    each_place = [_said(field) for field in _OF_A_PLACE]
    of_places = (
        replace(field, name=name_of(field.name, number), place=number)
        for number in numbers
        for field in each_place
    )
    options = tuple(Option(value=one.key, label=one.name) for one in context.communities)
    last = (
        replace(each, options=options) if each.name == "communities" else each for each in map(_said, _LAST)
    )
    return (*map(_said, _FIRST), *of_places, *last)


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
