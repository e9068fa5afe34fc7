"""An agenda in memory that answers as the stored one does; the same contract holds for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Group, Query
from store.topics import NAMED_BY_TITLE, folded, is_about, text_of, topic_of


class MemoryAgenda:
    """Fulfils `handlers.context.Agenda` from a list; `regions` maps each region to its municipalities."""

    def __init__(
        self,
        atria: Iterable[Atrium] = (),
        groups: Iterable[Group] = (),
        regions: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.atria: dict[str, Atrium] = {}
        for atrium in atria:
            self.save(atrium)
        self._groups = sorted(groups, key=lambda group: group.name)
        self._regions = dict(regions or {})
        self.announced: dict[str, frozenset[str]] = {}
        self._region_of = {name: region for region, names in self._regions.items() for name in names}

    def save(self, atrium: Atrium) -> None:
        province = atrium.province or gazetteer().province_of(atrium.municipality)
        self.atria[atrium.uid] = replace(atrium, province=province)

    def upcoming(self, query: Query) -> Sequence[Atrium]:
        found = sorted(self._matching(query), key=lambda atrium: atrium.starts_at)
        if query.newest_first:
            found.reverse()
        return found[query.offset : query.offset + query.limit]

    def count(self, query: Query) -> int:
        return len(self._matching(query))

    def find(self, uid: str, visible_to: frozenset[str]) -> Atrium | None:
        found = self.atria.get(uid)
        return found if found is not None and found.is_visible_to(visible_to) else None

    def groups(self, visible_to: frozenset[str]) -> Sequence[Group]:
        return [group for group in self._groups if group.is_visible_to(visible_to)]

    def region_of(self, municipality: str) -> str | None:
        return self._region_of.get(municipality)

    def regions(self) -> Sequence[str]:
        return sorted(self._regions)

    def announced_in(self, uid: str) -> frozenset[str]:
        return self.announced.get(uid, frozenset())

    def updated_at(self) -> dt.datetime | None:
        return max((atrium.updated_at for atrium in self.atria.values()), default=None)

    def _matching(self, query: Query) -> list[Atrium]:
        return [atrium for atrium in self.atria.values() if _answers(atrium, query)]


def _answers(atrium: Atrium, query: Query) -> bool:
    return (
        atrium.is_visible_to(query.visible_to)
        and (not query.kinds or atrium.kind in query.kinds)
        and query.municipality in {None, atrium.municipality}
        and query.region in {None, atrium.region}
        and query.province in {None, atrium.province}
        and query.programme_uid in {None, atrium.programme_uid}
        and (query.audience is None or query.audience in atrium.audience)
        and (query.theme is None or _is_about(atrium, query.theme))
        and bool(not (query.text or "").strip() or folded(query.text or ""))
        and all(word in _text(atrium) for word in folded(query.text or "").split())
        and (query.begins_from is None or query.begins_from <= atrium.starts_at)
        and (query.begins_before is None or atrium.starts_at < query.begins_before)
        and (query.include_cancelled or not atrium.is_cancelled)
    )


def _is_about(atrium: Atrium, theme: str) -> bool:
    if is_about(topic_of(atrium.kind, atrium.theme, atrium.title), theme):
        return True
    return atrium.kind in NAMED_BY_TITLE and is_about(folded(atrium.title), theme)


def _text(atrium: Atrium) -> str:
    return text_of(
        atrium.title,
        atrium.theme,
        atrium.description,
        atrium.venue,
        atrium.municipality,
        atrium.province,
        atrium.region,
    )
