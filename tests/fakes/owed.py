"""The posts that the bot owes, in memory, with the sample agenda's as they stand on 23 November 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from handlers.changes import Change, PostHeld, PostReleased, PostRetried, PostSkipped
from handlers.context import PlannedPost
from handlers.model import Kind
from tests.fakes.network import brussels


class MemoryOutbox:
    """Fulfils `handlers.context.Outbox` from a list; `hidden` maps a post to who alone may read it."""

    def __init__(self, posts: Iterable[PlannedPost], hidden: dict[int, frozenset[str]] | None = None) -> None:
        self.posts = {post.id: post for post in posts}
        self.hidden = hidden or {}
        self.asked = 0

    def planned(
        self, communities: Collection[str], until: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        return self._shown(
            lambda post: (
                post.community in communities and post.at < until and post.state in ("planned", "held")
            ),
            visible_to,
        )

    def unsent(
        self, communities: Collection[str], since: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        found = self._shown(
            lambda post: (
                post.community in communities
                and post.at >= since
                and post.state in ("failed", "skipped", "ambiguous")
            ),
            visible_to,
        )
        return found[::-1]

    def find(self, number: int, visible_to: frozenset[str]) -> PlannedPost | None:
        found = self._shown(lambda post: post.id == number, visible_to)
        return found[0] if found else None

    def carry_out(self, change: Change) -> None:
        """What the shell does with an act on a post."""
        match change:
            case PostHeld(post=number):
                self._become(number, "held")
            case PostReleased(post=number) | PostRetried(post=number):
                self._become(number, "planned")
            case PostSkipped(post=number):
                self._become(number, "skipped")
            case _:
                pass

    def _become(self, number: int, state: str) -> None:
        self.posts[number] = replace(self.posts[number], state=state, reason=None)

    def _shown(self, fits: object, visible_to: frozenset[str]) -> list[PlannedPost]:
        self.asked += 1
        assert callable(fits)
        found = sorted((post for post in self.posts.values() if fits(post)), key=lambda post: post.at)
        return [post if self._may_read(post, visible_to) else replace(post, text="") for post in found]

    def _may_read(self, post: PlannedPost, visible_to: frozenset[str]) -> bool:
        readers = self.hidden.get(post.id)
        return readers is None or not readers.isdisjoint(visible_to)


def post(number: int, at: str, community: str, text: str, **different: object) -> PlannedPost:
    """A planned reminder, at a moment in Brussels."""
    made = PlannedPost(
        id=number, at=brussels(at), community=community, kind="reminder", text=text, state="planned"
    )
    return replace(made, **different)  # type: ignore[arg-type]  # the names are checked by `replace`


WAASLAND = (
    "Morgen: Lokaal Atrium Waasland, vrijdag 27 november 2026, van 9.30 tot 12.30 u., Stadhuis Beveren."
)
BUILDING = (
    "Inschrijven voor Thematisch Atrium: circulair bouwen kan nog tot en met woensdag 16 december: "
    "https://inschrijven.example.org/atr-1-053"
)
POLITICIANS = "Over vier weken: Atrium Lokale Mandatarissen, woensdag 16 december 2026, om 17.00 u., Gent."


def sample_outbox() -> MemoryOutbox:
    """Two weeks of posts in three communities, and three that did not go out."""
    local = {"atrium": "atr-1-001", "atrium_kind": Kind.LOKAAL, "place": "Beveren", "region": "Waasland"}
    return MemoryOutbox(
        [
            post(3, "2026-11-26 09:00", "algemeen", WAASLAND, **local),
            post(
                4,
                "2026-11-30 08:30",
                "algemeen",
                "Overzicht van de atria, week van maandag 30 november 2026.",
                kind="digest",
            ),
            post(
                5,
                "2026-12-03 09:00",
                "algemeen",
                BUILDING,
                kind="deadline",
                atrium="atr-1-053",
                atrium_kind=Kind.THEMATISCH,
                place="Brussel",
            ),
            post(
                6,
                "2026-12-03 09:00",
                "water",
                BUILDING,
                kind="deadline",
                atrium="atr-1-053",
                atrium_kind=Kind.THEMATISCH,
                place="Brussel",
            ),
            post(
                7,
                "2026-12-04 09:00",
                "mandatarissen",
                POLITICIANS,
                atrium="atr-1-031",
                atrium_kind=Kind.MANDATARISSEN,
            ),
            post(9, "2026-12-14 09:00", "algemeen", "Te ver weg."),
            post(
                1,
                "2026-11-20 09:00",
                "algemeen",
                BUILDING,
                state="skipped",
                reason="te laat: dit moest om 9.00 u.",
                atrium="atr-1-053",
                atrium_kind=Kind.THEMATISCH,
                place="Brussel",
            ),
            post(
                2,
                "2026-11-19 09:00",
                "algemeen",
                "Lokaal Atrium Kempen",
                state="skipped",
                reason="dit atrium is al begonnen",
                holds=False,
            ),
            post(
                8,
                "2026-11-18 09:00",
                "water",
                BUILDING,
                state="ambiguous",
                reason="geen antwoord",
                kind="deadline",
            ),
        ],
        hidden={7: frozenset({"mandatarissen"})},
    )
