"""The communities that a platform says there are, beside the thematic groups that moderators describe.

What moderators wrote always stands: what the platform says fills in what they left open, and adds the
groups that they did not describe. The two are kept apart, so that a sync overwrites nothing of theirs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.model import Group
from handlers.wording.catalogue import say
from store.tables import LiveGroupRow
from store.topics import folded

_JOIN_PUBLIC = "groepen.word lid open"
_JOIN_PRIVATE = "groepen.word lid gesloten"


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveGroup:
    """A community as its platform tells it.

    Attributes:
        number: its id on the platform.
        is_public: everybody in the organisation may read and join.
        community_key: of the settings, where the bot speaks there; only readers of it may hear of a
            private one. A private one without a key is not kept: nobody could be told of it.
    """

    number: str
    name: str
    link: str
    is_public: bool
    description: str = ""
    community_key: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is anybody who may hear of it."""
        return self.is_public or self.community_key is not None

    def group(self) -> Group:
        """It as a thematic group."""
        return Group(
            name=self.name,
            description=self.description or None,
            link=self.link,
            how_to_join=say(_JOIN_PUBLIC if self.is_public else _JOIN_PRIVATE),
            visibility=frozenset() if self.is_public else frozenset({self.community_key or ""}),
        )


_NAMES = tuple(each.name for each in dataclasses.fields(LiveGroup))


def list_live_groups(session: Session) -> list[LiveGroup]:
    """All that are kept, by name."""
    columns = [getattr(LiveGroupRow, name) for name in _NAMES]
    rows = session.execute(select(*columns).order_by(LiveGroupRow.name, LiveGroupRow.number))
    return [LiveGroup(**row._mapping) for row in rows]


def merged(described: Sequence[Group], live: Sequence[LiveGroup]) -> list[Group]:
    """The groups that moderators describe, filled in by what the platform says, and those it adds; by name.

    One and the same group is known by its link, which holds its number or id, else by its name.
    """
    by_link = {each.link: each for each in live}
    by_name = {folded(each.name): each for each in live}
    taken: set[str] = set()
    groups = []
    for group in described:
        same = by_link.get(group.link or "") or _numbered(group, live) or by_name.get(folded(group.name))
        if same is not None:
            taken.add(same.number)
        groups.append(group if same is None else _filled_in(group, same))
    groups += [each.group() for each in live if each.number not in taken]
    return sorted(groups, key=lambda group: group.name)


def _numbered(group: Group, live: Sequence[LiveGroup]) -> LiveGroup | None:
    """The community whose number is a part of the link that moderators gave."""
    parts = (group.link or "").replace("?", "/").split("/")
    return next((each for each in live if each.number in parts), None)


def _filled_in(group: Group, live: LiveGroup) -> Group:
    """What moderators left open, as the platform has it; of a private one nothing is told to more people."""
    told = live.group()
    may_tell = live.is_public or (bool(group.visibility) and group.visibility <= told.visibility)
    return dataclasses.replace(
        group,
        description=group.description or (told.description if may_tell else None),
        link=group.link or told.link,
        how_to_join=group.how_to_join or told.how_to_join,
    )
