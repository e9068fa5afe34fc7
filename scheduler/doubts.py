"""Posts of which nobody knows whether they are there: looked up on the platform, settled by what is found.

Where the platform cannot tell, they wait for a moderator.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from handlers.model import Community
from handlers.reply import Reply
from scheduler.limits import Budget, is_limited
from scheduler.outcomes import settlement_of
from scheduler.plan import EDIT
from scheduler.port import Missing, Platform, Post, Sent, Unknown
from store import outbox, settlements
from store.communities import list_communities
from store.engine import Store
from store.identities import external_id_of
from store.outbox import Entry
from store.settlements import Settlement
from store.states import OutboxState

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How long until a post in doubt is looked for once more: doubled each time, up to the second.
LOOK_AGAIN = dt.timedelta(seconds=30)
LONGEST_BETWEEN_LOOKS = dt.timedelta(hours=1)


class Runner(Protocol):
    """Runs a piece of database work without holding up the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A post of which nobody knows whether it is there, and every entry that was said with it."""

    key: str
    entries: tuple[Entry, ...]
    community: Community | None
    member: str | None = None


class Doubts:
    """Settles what is in doubt, on the platforms that can tell.

    Args:
        platforms: by name.
        now: the injected clock, aware UTC.
        pace: the clock that replicas share, for how old a doubt is and for rate limits.
        run: how database work is run.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        now: Callable[[], dt.datetime],
        pace: Callable[[Session], dt.datetime],
        run: Runner,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._now = now
        self._pace = pace
        self._run = run
        #: For each post in doubt how often it was looked for, and when last.
        self._looks: dict[str, tuple[int, dt.datetime | None]] = {}

    async def settle(self, told: Callable[[OutboxState, int], None]) -> None:
        """Look up what may be, each post with what was folded into it; `told` hears what became of them."""
        for doubt in await self._run(self._ripe):
            if not await self._run(partial(self._may_look, doubt)):
                continue
            found = await self._find(doubt)
            if isinstance(found, Unknown):
                continue
            settlement = Settlement(state=OutboxState.PLANNED)
            if isinstance(found, Sent):
                settlement = settlement_of(found)
            told(settlement.state, await self._run(partial(self._settle_found, doubt, settlement)))
            # When it is in doubt again, it must have time to appear again.
            self._looks.pop(doubt.key, None)

    def _ripe(self) -> list[Doubt]:
        """What may be looked up now: long enough after it left, and ever less often."""
        with self._store.reading() as session:
            entries = outbox.ambiguous(session)
            if not entries:
                self._looks.clear()
                return []
            now = self._pace(session)
            communities = {each.key: each for each in list_communities(session)}
            members = {
                each.member_id: external_id_of(session, each.member_id, each.platform)
                for each in entries
                if each.member_id is not None
            }
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(str((entry.payload or {}).get("with", entry.key)), []).append(entry)
        self._looks = {key: look for key, look in self._looks.items() if key in groups}
        return [
            Doubt(
                key=key,
                entries=tuple(group),
                community=communities.get(group[0].community_key or ""),
                member=members.get(group[0].member_id or 0),
            )
            for key, group in groups.items()
            if self._is_ripe(key, group[0], now)
        ]

    def _is_ripe(self, key: str, entry: Entry, now: dt.datetime) -> bool:
        """Whether a post may be looked up now; if so, this counts as a look."""
        platform = self._platforms.get(entry.platform)
        if platform is None or not (platform.capabilities.find or _is_edit(entry, platform)):
            return False
        times, looked_at = self._looks.get(key, (0, None))
        wait = min(LOOK_AGAIN * 2**times, LONGEST_BETWEEN_LOOKS)
        # Another replica may have settled it since our last look, and sent it again in vain.
        has_appeared = now - (entry.updated_at or now) >= platform.capabilities.appears_within
        if not has_appeared or (looked_at is not None and now - looked_at < wait):
            return False
        self._looks[key] = (times + 1, now)
        return True

    def _may_look(self, doubt: Doubt) -> bool:
        """A look is a call too: it waits for its turn."""
        platform = self._platforms[doubt.entries[0].platform]
        if not is_limited(platform.capabilities):
            return True
        with self._store.writing() as session:
            budget = Budget(
                session=session,
                platform=platform.name,
                capabilities=platform.capabilities,
                pace=self._pace,
            )
            taken = budget.take(f"look {doubt.entries[0].id}.{self._looks[doubt.key][0]}")
            budget.keep()
        if not taken:
            del self._looks[doubt.key]
        return taken

    async def _find(self, doubt: Doubt) -> Sent | Missing | Unknown:
        entry = next((each for each in doubt.entries if each.key == doubt.key), doubt.entries[0])
        payload = entry.payload or {}
        post = Post(
            key=doubt.key,
            kind=entry.kind,
            community=doubt.community,
            member=payload.get("member") or doubt.member,
            thread=entry.thread,
            ref=payload.get("ref"),
            route=payload.get("route"),
            due_at=entry.due_at,
            # What it said is found by its key, never by its words; to whom it was said matters.
            reply=Reply(headline=entry.kind, private=bool((payload.get("reply") or {}).get("private"))),
        )
        platform = self._platforms[entry.platform]
        if _is_edit(entry, platform):
            # To show the same once more changes nothing, so it need not be looked for.
            return Missing()
        try:
            return await platform.find(post)
        except Exception:
            log.exception("platform %s failed to look for post %s", platform.name, post.key)
            return Unknown(reason="reden.onbekende fout")

    def _settle_found(self, doubt: Doubt, settlement: Settlement) -> int:
        with self._store.writing() as session:
            return sum(settlements.settle(session, entry, settlement, self._now()) for entry in doubt.entries)


def _is_edit(entry: Entry, platform: Platform) -> bool:
    """Whether an entry edits a message in place, rather than setting it right in a reply."""
    return entry.kind == EDIT and platform.capabilities.edit
