"""The tables of the report, as the page shows them and as a spreadsheet takes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.rhythm import Norm, Rhythm
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, local_day
from handlers.wording.texts import kind_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: its heading, and whether it holds numbers."""

    name: str
    is_number: bool = False


def _column(text: str, *, is_number: bool = False) -> Column:
    """The column whose heading is the text of that name."""
    return Column(name=say(text), is_number=is_number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table; `key` is the word in the address of its file, the first column says what a row is about."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What was said and asked in a week, or in a community in all weeks together.

    Attributes:
        posts: in a community, unasked.
        besides: edits of posts, and notices to moderators and to single members.
        questions: those that the bot answered.
    """

    name: str
    posts: int
    besides: int
    questions: int
    members: int | None = None


def _counted() -> tuple[Column, ...]:
    return (
        _column("beheer verslag.kop berichten", is_number=True),
        _column("beheer verslag.kop aanpassingen", is_number=True),
        _column("beheer verslag.kop vragen", is_number=True),
    )


def weeks_table(weeks: Sequence[Counted]) -> Table:
    return Table(
        key="weken",
        title=say("beheer verslag.per week"),
        columns=(_column("beheer verslag.kop week"), *_counted()),
        rows=tuple((each.name, *_counts(each)) for each in weeks),
    )


def reach_table(reach: Sequence[Counted], weeks: int) -> Table:
    """By community; members that nobody counted are a question mark."""
    return Table(
        key="bereik",
        title=say("beheer verslag.bereik", weken=str(weeks)),
        columns=(
            _column("beheer verslag.kop community"),
            _column("beheer verslag.kop leden", is_number=True),
            *_counted(),
        ),
        rows=tuple(
            (each.name, "?" if each.members is None else str(each.members), *_counts(each)) for each in reach
        ),
    )


def _counts(each: Counted) -> tuple[str, str, str]:
    return str(each.posts), str(each.besides), str(each.questions)


def rhythm_table(told: Sequence[Rhythm], now: dt.datetime) -> Table:
    """What was promised a year, what was held in the last and is planned in the next, and the verdict."""
    today = local_day(now)
    return Table(
        key="ritme",
        title=say("beheer verslag.ritme"),
        columns=(
            _column("beheer verslag.kop groep"),
            _column("beheer verslag.kop belofte"),
            _column("beheer verslag.kop gehouden", is_number=True),
            _column("beheer verslag.kop gepland", is_number=True),
            _column("beheer verslag.kop oordeel"),
            _column("beheer verslag.kop laatste"),
            _column("beheer verslag.kop volgende"),
        ),
        rows=tuple(
            (
                group_name(each),
                norm_text(each.norm),
                str(each.held),
                str(each.planned),
                say("beheer verslag.loopt achter") if each.falls_behind else say("beheer verslag.op schema"),
                _day(each.last, today),
                _day(each.following, today),
            )
            for each in told
        ),
    )


def missed_table(kinds: Sequence[str], regions: Sequence[str], communities: Sequence[str]) -> Table:
    """Who was not reached: one line each."""
    named = (
        (say("beheer verslag.stille soort"), kinds),
        (say("beheer verslag.stille regio"), regions),
        (say("beheer verslag.stille community"), communities),
    )
    return Table(
        key="niet-bereikt",
        title=say("beheer verslag.niet bereikt"),
        columns=(_column("beheer verslag.kop naam"), _column("beheer verslag.kop ontbrak")),
        rows=tuple((name, what) for what, names in named for name in names),
    )


def group_name(rhythm: Rhythm) -> str:
    name = kind_name(rhythm.kind)
    return say("beheer verslag.groep met naam", soort=name, naam=rhythm.group) if rhythm.group else name


def norm_text(norm: Norm) -> str:
    """ "2 tot 4", or "4"."""
    least, most = str(norm.at_least), str(norm.at_most)
    return least if least == most else say("beheer verslag.van tot", minst=least, meest=most)


def _day(at: dt.datetime | None, today: dt.date) -> str:
    return brief_date(local_day(at), today) if at else say("beheer verslag.geen")
