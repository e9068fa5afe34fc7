"""The tables of the report, as the page shows them and as a spreadsheet takes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.rhythm import Norm, Rhythm
from handlers.wording.dates import brief_date, local_day
from handlers.wording.texts import kind_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: its heading, and whether it holds numbers."""

    name: str
    is_number: bool = False


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


_COUNTS = (
    Column(name="Berichten", is_number=True),
    Column(name="Aanpassingen en meldingen", is_number=True),
    Column(name="Beantwoorde vragen", is_number=True),
)


def weeks_table(weeks: Sequence[Counted]) -> Table:
    return Table(
        key="weken",
        title="Berichten en vragen per week",
        columns=(Column(name="Week"), *_COUNTS),
        rows=tuple((each.name, *_counts(each)) for each in weeks),
    )


def reach_table(reach: Sequence[Counted], weeks: int) -> Table:
    """By community; members that nobody counted are a question mark."""
    return Table(
        key="bereik",
        title=f"Bereik per community, de voorbije {weeks} weken",
        columns=(Column(name="Community"), Column(name="Leden", is_number=True), *_COUNTS),
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
        title="Ritme tegenover wat het netwerk belooft",
        columns=(
            Column(name="Groep"),
            Column(name="Belofte per jaar"),
            Column(name="Gehouden", is_number=True),
            Column(name="Gepland", is_number=True),
            Column(name="Oordeel"),
            Column(name="Laatste"),
            Column(name="Volgende"),
        ),
        rows=tuple(
            (
                group_name(each),
                norm_text(each.norm),
                str(each.held),
                str(each.planned),
                "loopt achter" if each.falls_behind else "op schema",
                _day(each.last, today),
                _day(each.following, today),
            )
            for each in told
        ),
    )


def missed_table(kinds: Sequence[str], regions: Sequence[str], communities: Sequence[str]) -> Table:
    """Who was not reached: one line each."""
    named = (
        ("soort zonder atrium", kinds),
        ("regio zonder Lokaal Atrium", regions),
        ("community zonder bericht of beantwoorde vraag", communities),
    )
    return Table(
        key="niet-bereikt",
        title="Wie niet bereikt werd",
        columns=(Column(name="Naam"), Column(name="Wat er ontbrak")),
        rows=tuple((name, what) for what, names in named for name in names),
    )


def group_name(rhythm: Rhythm) -> str:
    name = kind_name(rhythm.kind)
    return f"{name} {rhythm.group}" if rhythm.group else name


def norm_text(norm: Norm) -> str:
    """ "2 tot 4", or "4"."""
    return str(norm.at_least) if norm.at_least == norm.at_most else f"{norm.at_least} tot {norm.at_most}"


def _day(at: dt.datetime | None, today: dt.date) -> str:
    return brief_date(local_day(at), today) if at else "geen"
