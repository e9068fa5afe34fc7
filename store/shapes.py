"""How a question to the agenda becomes SQL: one statement for each shape of question, built once.

A shape is what is filtered on, not with which values. A question for two kinds and three themes has
six lanes: each lane is found by one index in order of date and stops at the limit, and the database
merges them. Filtering on a list instead would make SQLite sort everything that matches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    UnaryExpression,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import GenerativeSelect

from handlers.model import Atrium, Query, Status
from store.catalogue import About, Catalogue
from store.tables import AtriumRow
from store.topics import folded
from store.upsert import is_sqlite

#: Lanes of one statement. A question wider than that matches so much that walking by date is quicker.
MOST_LANES = 12

S = TypeVar("S", bound=GenerativeSelect)

_ATRIA = AtriumRow.__table__
_CANCELLED = bindparam("cancelled", Status.GEANNULEERD, _ATRIA.c.status.type)

#: What narrows an answer to one value.
_PLACES = ("programme_uid", "municipality", "region", "province")

#: What a reader gets of each atrium; the last column only settles the order of equal moments.
COLUMNS = [*(_ATRIA.c[name] for name in Atrium.__slots__), _ATRIA.c.id]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is filtered on; the numbers say how many values there are to choose from (0: any).

    `topics` and `uids` are one choice: an atrium answers a theme by its topic or by its title.
    """

    on_sqlite: bool
    kinds: int
    topics: int
    uids: int
    visibilities: int
    audiences: int
    words: int
    ids: bool
    places: tuple[str, ...]
    begins_from: bool
    begins_before: bool
    skips_cancelled: bool
    newest_first: bool

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes to merge; a single one, which filters on lists, when they would be too many."""
        kinds: list[int | None] = list(range(self.kinds)) or [None]
        topics: list[int | None] = list(range(self.topics)) or ([] if self.uids else [None])
        lanes = [Lane(kind, topic) for kind, topic in product(kinds, topics)]
        if self.uids:
            lanes.append(Lane(None, None, named=True))
        return tuple(lanes) if len(lanes) <= MOST_LANES else (Lane(None, None, walks=True),)


@dataclass(frozen=True, slots=True)
class Lane:
    """One part of the answer: of this kind and this topic (by number), or named by title, or all of it."""

    kind: int | None
    topic: int | None
    named: bool = False
    walks: bool = False

    def leads(self, shape: Shape) -> frozenset[str]:
        """The columns that the index to use begins with: those by which least is left."""
        if self.named:
            return frozenset({"uid"})
        if shape.ids:
            return frozenset({"id"})
        for column in ("programme_uid", "municipality", "region"):
            if column in shape.places:
                return frozenset({column})
        if self.topic is not None:
            return frozenset({"topic"})
        kind = {"kind"} if self.kind is not None else set()
        return frozenset(kind | ({"province"} & set(shape.places)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as a shape and its values; None in its place when nothing can match."""

    shape: Shape
    values: dict[str, object]


def ask(query: Query, known: Catalogue, session: Session) -> Asked | None:
    """Shape a query with the values that occur at all; None when the answer is surely nothing.

    What the readers may not see is left out here by naming what they may: a value of `visibility`
    that the catalogue does not know yet is not shown.
    """
    facets = [facet for facet in known.facets if facet.suits(query)]
    about = known.about(query.theme) if query.theme is not None else About((), ())
    if not facets or (query.theme is not None and not about.topics and not about.uids):
        return None
    words = tuple(folded(query.text or "").split())
    if query.text and query.text.strip() and not words:
        return None  # signs alone ("%") stand in no text
    ids = known.holding(words, session) if words else None
    if ids == ():
        return None
    choices = {
        "kind": sorted({facet.kind for facet in facets}) if query.kinds else [],
        "topic": about.topics,
        "uid": about.uids,
        "visibility": sorted({facet.visibility for facet in facets}, key=sorted),
        "audience": sorted({facet.audience for facet in facets}, key=sorted) if query.audience else [],
        "word": words if ids is None else (),
    }
    single = {
        "programme_uid": query.programme_uid,
        "municipality": query.municipality,
        "region": query.region,
        "province": query.province,
        "begins_from": query.begins_from,
        "begins_before": query.begins_before,
        "ids": ids,
    }
    given = {name: value for name, value in single.items() if value is not None}
    values = _numbered(choices) | given
    values |= {"limit": query.limit, "offset": query.offset, "reach": query.limit + query.offset}
    return Asked(_shape(query, choices, given, session), values)


def _numbered(choices: Mapping[str, Sequence[object]]) -> dict[str, object]:
    """Each value to choose from under a name of its own; words are looked for anywhere in the text."""
    return {
        f"{name}_{number}": f"%{value}%" if name == "word" else value
        for name, chosen in choices.items()
        for number, value in enumerate(chosen)
    }


def _shape(
    query: Query, choices: Mapping[str, Sequence[object]], given: Collection[str], session: Session
) -> Shape:
    """What is filtered on: how many values there are to choose from, and which single ones are given."""
    return Shape(
        on_sqlite=is_sqlite(session),
        kinds=len(choices["kind"]),
        topics=len(choices["topic"]),
        uids=len(choices["uid"]),
        visibilities=len(choices["visibility"]),
        audiences=len(choices["audience"]),
        words=len(choices["word"]),
        ids="ids" in given,
        places=tuple(name for name in _PLACES if name in given),
        begins_from="begins_from" in given,
        begins_before="begins_before" in given,
        skips_cancelled=not query.include_cancelled,
        newest_first=query.newest_first,
    )


@lru_cache(maxsize=1000)
def listing(shape: Shape) -> GenerativeSelect:
    """The statement that lists what matches, in order, from `offset` on and at most `limit`."""
    lanes = [_in_order(shape, select(*COLUMNS).where(*_conditions(shape, lane))) for lane in shape.lanes]
    if len(lanes) == 1:
        return lanes[0].limit(bindparam("limit")).offset(bindparam("offset"))
    reach: BindParameter[int] = bindparam("reach")
    merged = union_all(*(select(lane.limit(reach).subquery()) for lane in lanes))
    return _in_order(shape, merged).limit(bindparam("limit")).offset(bindparam("offset"))


@lru_cache(maxsize=1000)
def counting(shape: Shape) -> Select[int]:
    """The statement that counts what matches."""
    everything = Lane(None, None, walks=True)
    return select(func.count()).select_from(_ATRIA).where(*_conditions(shape, everything, freely=True))


def _in_order(shape: Shape, statement: S) -> S:
    columns = [statement.selected_columns.starts_at, statement.selected_columns.id]
    return statement.order_by(*(column.desc() if shape.newest_first else column for column in columns))


def _conditions(shape: Shape, lane: Lane, *, freely: bool = False) -> Iterator[ColumnElement[bool]]:
    """What one lane filters on; `freely` leaves the choice of an index to the database."""

    def column(name: str) -> ColumnElement[Any]:
        return _column(name, indexed=freely or not shape.on_sqlite or name in lane.leads(shape))

    def one_of(name: str, count: int, only: int | None = None) -> ColumnElement[bool]:
        numbers = range(count) if only is None else [only]
        values = [bindparam(f"{name}_{number}", type_=_ATRIA.c[name].type) for number in numbers]
        return column(name) == values[0] if len(values) == 1 else column(name).in_(values)

    if shape.kinds:
        yield one_of("kind", shape.kinds, lane.kind)
    themes = [one_of("topic", shape.topics, lane.topic)] if shape.topics and not lane.named else []
    if shape.uids and (lane.named or lane.walks):
        themes.append(one_of("uid", shape.uids))
    if themes:
        yield or_(*themes)
    yield one_of("visibility", shape.visibilities)
    if shape.audiences:
        yield one_of("audience", shape.audiences)
    for place in shape.places:
        yield column(place) == bindparam(place)
    starts_at = _ATRIA.c.starts_at
    if shape.begins_from:
        yield starts_at >= bindparam("begins_from", type_=starts_at.type)
    if shape.begins_before:
        yield starts_at < bindparam("begins_before", type_=starts_at.type)
    if shape.skips_cancelled:
        yield _ATRIA.c.status != _CANCELLED
    if shape.ids:
        yield column("id").in_(bindparam("ids", expanding=True))
    for number in range(shape.words):
        yield _ATRIA.c.search.like(bindparam(f"word_{number}"))


def _column(name: str, *, indexed: bool) -> ColumnElement[Any]:
    """The column to filter on; SQLite is kept from using an index for it where that would not help.

    SQLite knows next to nothing of how often values occur and may well pick the index that helps
    least; a plus sign keeps it from that. PostgreSQL knows, and chooses itself.
    """
    column: ColumnElement[Any] = _ATRIA.c[name]
    return column if indexed else UnaryExpression(column, operator=custom_op("+"), type_=column.type)
