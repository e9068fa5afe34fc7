"""What a visitor asks of the agenda by the address: `soort, plaats, thema, van, tot, q`.

Every filter is a link that can be shared. A value that cannot be is answered with what to do,
never with a fault.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from bot.web.places import Place, find_place, homonyms
from handlers.model import BRUSSELS, Kind, Query, Span
from handlers.wording.catalogue import say
from handlers.wording.dates import period_text
from handlers.wording.texts import kind_name

MAX_LENGTH = 100

#: Years that the agenda can hold at all; beyond them a date is a slip of the hand.
YEARS = range(1990, 2101)

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)")
_BELGIAN = re.compile(r"(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d{4})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What was asked, as far as it could be read.

    Attributes:
        first, last: days in Brussels, both included; None is open.
        past: show what has been, newest first, instead of what comes.
        problems: per filter what is wrong with its value and what to do, in Dutch.
        typed: the values as they were given, to fill the form again.
    """

    kinds: tuple[Kind, ...] = ()
    place: Place | None = None
    theme: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    text: str | None = None
    past: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def narrows(self) -> bool:
        """Whether anything but past or coming is asked."""
        return bool(self.kinds or self.place or self.theme or self.first or self.last or self.text)

    def params(self) -> list[tuple[str, str]]:
        """The filters as they stand in an address, in a fixed order."""
        given = [("soort", kind.value) for kind in self.kinds]
        given += [
            (name, value)
            for name, value in (
                ("plaats", self.place.name if self.place else None),
                ("thema", self.theme),
                ("van", self.first.isoformat() if self.first else None),
                ("tot", self.last.isoformat() if self.last else None),
                ("q", self.text),
                ("wanneer", "voorbij" if self.past else None),
            )
            if value
        ]
        return given

    def address(self, path: str, *more: tuple[str, str]) -> str:
        """This path with these filters."""
        params = [*self.params(), *more]
        return f"{path}?{urlencode(params)}" if params else path

    def query(self) -> Query:
        """What to look for, without a bound but those asked for; public atria only."""
        place = self.place
        return Query(
            kinds=frozenset(self.kinds),
            municipality=place.municipality if place else None,
            province=place.province if place else None,
            region=place.region if place else None,
            theme=self.theme,
            text=self.text,
            begins_from=midnight(self.first) if self.first else None,
            begins_before=midnight(self.last + dt.timedelta(days=1)) if self.last else None,
        )

    def query_at(self, today: dt.date) -> Query:
        """The same for a page: what comes from today on, unless a day or the past is asked for."""
        query = self.query()
        if self.shows_past(today):
            end = midnight(today)
            before = min(end, query.begins_before) if query.begins_before else end
            return replace(query, begins_before=before, newest_first=True)
        if self.first is None:
            return replace(query, begins_from=midnight(today))
        return query

    def shows_past(self, today: dt.date) -> bool:
        """Whether the page looks back: asked for, or because the period is over."""
        return self.past or (self.last is not None and self.last < today)

    def active(self, today: dt.date) -> list[tuple[str, str]]:
        """Each filter in words, with the address without it."""
        shown: list[tuple[str, Filters]] = [
            (kind_name(kind), replace(self, kinds=tuple(k for k in self.kinds if k is not kind)))
            for kind in self.kinds
        ]
        if self.place:
            shown.append((self.place.name, replace(self, place=None)))
        if self.theme:
            shown.append((self.theme, replace(self, theme=None)))
        if self.first or self.last:
            period = period_text(Span(first=self.first, last=self.last), today)
            shown.append((period, replace(self, first=None, last=None)))
        if self.text:
            shown.append((f"“{self.text}”", replace(self, text=None)))
        return [(words, rest.address("/")) for words, rest in shown]


def midnight(day: dt.date) -> dt.datetime:
    """The first instant of a day in Brussels, as aware UTC."""
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def read_filters(params: QueryParams, regions: Sequence[str]) -> Filters:
    """Read the filters of an address. Unknown names are left alone.

    Args:
        regions: the moderators' regions, which `plaats` may name.
    """
    problems: dict[str, str] = {}
    typed = {name: _plain(params.get(name, "")) for name in ("plaats", "thema", "van", "tot", "q")}
    for name, value in typed.items():
        if len(value) > MAX_LENGTH:
            problems[name] = say("filter.korter", aantal=str(MAX_LENGTH))
    kinds = _kinds(params.getlist("soort"), problems)
    place = None
    if typed["plaats"] and "plaats" not in problems:
        place = find_place(typed["plaats"], regions)
        if place is None:
            problems["plaats"] = _no_place(typed["plaats"])
    first, last = _day("van", typed["van"], problems), _day("tot", typed["tot"], problems)
    if first and last and first > last:
        problems["tot"] = say("filter.dagen om")
    when = params.get("wanneer", "")
    if when not in ("", "voorbij", "komend"):
        problems["wanneer"] = say("filter.wanneer")
    return Filters(
        kinds=kinds,
        place=place,
        theme=typed["thema"] if "thema" not in problems and typed["thema"] else None,
        first=first,
        last=last,
        text=typed["q"] if "q" not in problems and typed["q"] else None,
        past=when == "voorbij",
        problems=problems,
        typed={**typed, "soort": kinds[0].value if len(kinds) == 1 else ""},
    )


def _plain(text: str) -> str:
    """The text without control characters, which no database wants."""
    signs = (" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text)
    return " ".join("".join(signs).split())


def _no_place(text: str) -> str:
    several = homonyms(text)
    if several:
        return say("filter.meer gemeenten", plaats=text, gemeenten=", ".join(several))
    return say("filter.plaats", plaats=text)


def _kinds(values: Sequence[str], problems: dict[str, str]) -> tuple[Kind, ...]:
    wanted = [part for value in values for part in re.split(r"[,|\s]+", value.casefold()) if part]
    known = {kind.value for kind in Kind}
    unknown = [word for word in wanted if word not in known]
    if unknown:
        options = ", ".join(kind.value for kind in Kind)
        problems["soort"] = say("filter.soort", soort=_plain(unknown[0])[:40], soorten=options)
        return ()
    return tuple(kind for kind in Kind if kind.value in wanted)


def _day(name: str, text: str, problems: dict[str, str]) -> dt.date | None:
    if not text or name in problems:
        return None
    found = _ISO.fullmatch(text) or _BELGIAN.fullmatch(text)
    if found is None:
        problems[name] = say("filter.datum")
        return None
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if year not in YEARS:
        problems[name] = say("filter.jaar", eerste=str(YEARS.start), laatste=str(YEARS.stop - 1))
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        problems[name] = say("filter.dag bestaat niet")
        return None
