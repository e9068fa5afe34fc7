"""What the agenda, the groups and the regions hold by and large, remembered until one of them changes.

A question for what is not there (a theme nobody treats, a kind that these readers may not see) is
answered from here, without walking through the whole agenda to find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.model import Atrium, Group, Kind, Query
from handlers.reading.model import Vocabulary
from store.live_groups import list_live_groups, merged
from store.tables import AtriumRow, GroupRow, LexiconWordRow, RegionMunicipalityRow, RegionRow
from store.topics import NAMED_BY_TITLE, folded, is_about
from store.versions import AGENDA, Remembered, Versions, is_raised_here, raise_version, versions_of

#: Titles by which an atrium can be named: of that many, those that begin last.
MOST_TITLES = 300

#: Atria that a question for a theme finds by their title alone: of those, the ones that begin last.
MOST_NAMED = 8

#: A word is rare when at most this many atria hold it: these are looked up by id.
MOST_RARE = 200

#: Vocabularies of one version that can be told apart by their own version.
_VIEWS = 1 << 12

#: Themes, texts and lists asked for that one catalogue remembers the outcome of, and how long a list.
_MOST_ASKED = 1000
_MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Facet:
    """A combination of values that at least one atrium has."""

    kind: Kind
    province: str | None
    region: str | None
    audience: frozenset[str]
    visibility: frozenset[str]

    def suits(self, query: Query) -> bool:
        """Whether an atrium with these values can answer the query, and may be shown to its readers."""
        return (
            (not query.kinds or self.kind in query.kinds)
            and query.province in {None, self.province}
            and query.region in {None, self.region}
            and (query.audience is None or query.audience in self.audience)
            and _is_seen(self.visibility, query.visible_to)
        )


@dataclass(frozen=True, slots=True)
class About:
    """What answers a question for a theme: every atrium of these topics, and these few by their title."""

    topics: tuple[str, ...]
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as somebody wrote it, and where it may be shown."""

    text: str
    visibility: frozenset[str]


@dataclass(frozen=True, slots=True)
class Title:
    """The title by which one atrium is known, and where it may be shown."""

    text: str
    visibility: frozenset[str]
    uid: str
    topic: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The values in use at one version. `region_of` maps a municipality to the moderators' region."""

    version: int
    facets: tuple[Facet, ...]
    topics: tuple[str, ...]
    themes: tuple[Theme, ...]
    titles: tuple[Title, ...]
    groups: tuple[Group, ...]
    regions: tuple[str, ...]
    region_of: Mapping[str, str]
    taught: Mapping[str, str] = field(default_factory=dict)
    _about: dict[str, About] = field(default_factory=dict, compare=False)
    _vocabularies: dict[frozenset[str], Vocabulary] = field(default_factory=dict, compare=False)
    _seen: dict[frozenset[str], Vocabulary] = field(default_factory=dict, compare=False)
    _holding: dict[tuple[str, ...], tuple[int, ...] | None] = field(default_factory=dict, compare=False)
    _listed: dict[Query, tuple[Atrium, ...]] = field(default_factory=dict, compare=False)

    def listed(self, query: Query, find: Callable[[], Sequence[Atrium]]) -> Sequence[Atrium]:
        """What a query finds: as it was found before in this version, or else now.

        The query says who will read it, so that what some may see is not found for others.
        """
        found = self._listed.get(query)
        if found is None:
            found = tuple(find())
            if len(found) <= _MOST_LISTED:
                if len(self._listed) >= _MOST_ASKED:
                    # Queries up to this very second are never asked again; the others soon are.
                    self._listed.clear()
                self._listed[query] = found
        return found

    def holding(self, words: tuple[str, ...], session: Session) -> tuple[int, ...] | None:
        """The ids of the atria whose text holds all these words; None when that is so of many.

        A rare word costs a walk through the agenda the first time that it is asked for.
        """
        if words in self._holding:
            return self._holding[words]
        everywhere = select(AtriumRow.id).limit(MOST_RARE + 1)
        for word in words:
            everywhere = everywhere.where(AtriumRow.search.contains(word))
        ids = tuple(session.scalars(everywhere))
        found = ids if len(ids) <= MOST_RARE else None
        if len(self._holding) < _MOST_ASKED:
            self._holding[words] = found
        return found

    def about(self, theme: str) -> About:
        """The topics that answer a question for this theme, and the atria whose title does."""
        found = self._about.get(theme)
        if found is None:
            topics = tuple(topic for topic in self.topics if is_about(topic, theme))
            uids = [
                title.uid
                for title in self.titles
                if title.topic not in topics and is_about(folded(title.text), theme)
            ]
            found = About(topics, tuple(uids[-MOST_NAMED:]))
            if len(self._about) < _MOST_ASKED:
                self._about[theme] = found
        return found

    def vocabulary(self, visible_to: frozenset[str]) -> Vocabulary:
        """The words that readers of these communities may meet."""
        found = self._seen.get(visible_to)
        if found is None:
            found = self._vocabulary(visible_to)
            if len(self._seen) < _MOST_ASKED:
                self._seen[visible_to] = found
        return found

    def _vocabulary(self, visible_to: frozenset[str]) -> Vocabulary:
        known = frozenset().union(
            *(theme.visibility for theme in self.themes),
            *(title.visibility for title in self.titles),
            *(group.visibility for group in self.groups),
        )
        view = visible_to & known
        if view not in self._vocabularies:
            number = self.version * _VIEWS + len(self._vocabularies) % _VIEWS
            self._vocabularies[view] = self._words_for(view, number)
        return self._vocabularies[view]

    def _words_for(self, view: frozenset[str], number: int) -> Vocabulary:
        groups = [group for group in self.groups if group.is_visible_to(view)]
        themes = {theme.text for theme in self.themes if _is_seen(theme.visibility, view)}
        return Vocabulary(
            themes=tuple(sorted(themes | {group.theme for group in groups if group.theme})),
            groups=tuple(group.name for group in groups),
            regions=self.regions,
            titles={title.text: title.uid for title in self.titles if _is_seen(title.visibility, view)},
            taught=self.taught,
            version=number,
        )


def _is_seen(visibility: frozenset[str], view: frozenset[str]) -> bool:
    return not visibility or not visibility.isdisjoint(view)


def agenda_version(session: Session) -> int:
    """A number that rises with each change of the agenda, the groups or the regions."""
    return versions_of(session).agenda


def bump_version(session: Session) -> None:
    """Tell every process that the agenda, the groups or the regions changed.

    Every writer of those calls it; within one transaction only the first call costs something.
    """
    raise_version(session, AGENDA)


def has_changed(session: Session) -> bool:
    """Whether this very transaction changed the agenda, so that only it sees the newest version."""
    return is_raised_here(session, AGENDA)


def catalogue(session: Session, seen: Versions | None = None) -> Catalogue:
    """The catalogue of the version that this session sees; `seen` are the versions, if just looked at.

    What a transaction changed and has not committed is read anew each time, and remembered for nobody.
    """
    return _KNOWN.get(session, seen)


def vocabulary(session: Session, visible_to: frozenset[str] = frozenset()) -> Vocabulary:
    """The words of the store that reading matches: what is public, and what these communities may see.

    Its version tells apart both what changed and who may see it, so that callers can cache by it.
    """
    return catalogue(session).vocabulary(visible_to)


def _load(session: Session, version: int) -> Catalogue:
    atria = AtriumRow
    facets = select(atria.kind, atria.province, atria.region, atria.audience, atria.visibility).distinct()
    topics = select(atria.topic, atria.theme, atria.visibility).distinct()
    named = select(atria.title, atria.visibility, atria.uid, atria.topic).where(
        atria.kind.in_(NAMED_BY_TITLE)
    )
    titles = named.order_by(atria.starts_at.desc(), atria.id.desc()).limit(MOST_TITLES)
    found = session.execute(topics).all()
    taught = select(LexiconWordRow.word, LexiconWordRow.meaning)
    region_of = select(RegionMunicipalityRow.municipality, RegionRow.name).join(
        RegionRow, RegionRow.id == RegionMunicipalityRow.region_id
    )
    return Catalogue(
        version=version,
        facets=tuple(Facet(*row) for row in session.execute(facets)),
        topics=tuple(sorted({row.topic for row in found if row.topic})),
        themes=tuple(Theme(row.theme, row.visibility) for row in found if row.theme),
        # Of two with one title, the later one is meant.
        titles=tuple(Title(*row) for row in reversed(session.execute(titles).all())),
        groups=tuple(merged(list(_groups(session)), list_live_groups(session))),
        regions=tuple(session.scalars(select(RegionRow.name).order_by(RegionRow.name))),
        region_of={row.municipality: row.name for row in session.execute(region_of)},
        taught={row.word: row.meaning for row in session.execute(taught)},
    )


def _groups(session: Session) -> Iterable[Group]:
    columns = [getattr(GroupRow, each.name) for each in fields(Group)]
    for row in session.execute(select(*columns).order_by(GroupRow.name)):
        yield Group(**row._mapping)


_KNOWN = Remembered(AGENDA, _load)
