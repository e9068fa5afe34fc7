"""What may leave now is claimed and looked at once more, in one transaction.

A claim takes no more than the rate limits let leave, so that nothing waits claimed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from scheduler.addresses import Addresses
from scheduler.lastlook import answering, last_look
from scheduler.limits import Budget, is_limited
from scheduler.look import Look, Outgoing, stay
from scheduler.plan import ANNOUNCEMENT
from scheduler.port import Platform
from scheduler.rules import Rules
from scheduler.superseding import INSTEAD_OF
from scheduler.tick_report import TickReport
from store import claims
from store.claims import Claim
from store.communities import is_paused
from store.courier import Courier
from store.engine import Store
from store.outbox import Entry
from store.settlements import Settlement
from store.states import OutboxState

#: How many posts one claim takes.
CLAIM_SIZE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What one claim yielded: posts that may leave, and the moment of claiming (steady seconds).

    `opens_in` says after how long the rate limits let more leave; None when they hold up nothing. `room` is
    how many posts were asked for.
    """

    claimed: int
    room: int
    ready: Sequence[Outgoing]
    claimed_at: float
    opens_in: dt.timedelta | None

    @property
    def is_last(self) -> bool:
        """Whether nothing more is due that may leave now."""
        return not self.claimed or (self.claimed < self.room and self.opens_in is None)


@dataclass(kw_only=True, slots=True)
class Claiming:
    """Claims for one process; the arguments are those of `scheduler.delivery.Delivery`."""

    store: Store
    platforms: Mapping[str, Platform]
    rules: Rules
    now: Callable[[], dt.datetime]
    holder: str
    pace: Callable[[Session], dt.datetime]
    steady: Callable[[], float]
    addresses: Addresses
    courier: Courier

    def claim(
        self, name: str, report: TickReport, keys: Collection[str] | None = None, most: int = CLAIM_SIZE
    ) -> Batch:
        """Claim what is due on a platform, of these answers unless that is None, `most` at a time."""
        claimed_at = self.steady()
        with self.store.writing() as session:
            view = self._look(session)
            capabilities = self.platforms[name].capabilities
            budget = Budget(session=session, platform=name, capabilities=capabilities, pace=self.pace)
            room = budget.left(most)
            entries = _due(view, budget, keys, room) if room else []
            leaving, staying = budget.admit(last_look(view, entries)) if entries else ([], [])
            for outgoing in staying:
                view.settle(outgoing.entries, Settlement(state=OutboxState.PLANNED))
            budget.keep()
            opens_in = budget.opens_in()
        report.claimed += len(entries)
        report.announced |= any(each.kind == ANNOUNCEMENT for each in entries)
        _tell(view, report)
        return Batch(claimed=len(entries), room=room, ready=leaving, claimed_at=claimed_at, opens_in=opens_in)

    def takes_alone(self, name: str) -> bool:
        """Whether one answer on a platform may be claimed by itself: there is no limit to be held for it."""
        return self.courier.is_open and not is_limited(self.platforms[name].capabilities)

    def alone(self, name: str, key: str) -> Entry | None:
        """Claim one answer by itself; None when it must take the ordinary way."""
        return self.courier.claim(key, Claim(now=self.now(), holder=self.holder, platform=name))

    def plain(self, entry: Entry) -> Outgoing | None:
        """The post of an answer for which nothing need be looked up; None when something must."""
        community = self.addresses.known(entry.community_key) if entry.community_key else None
        payload = entry.payload or {}
        if (entry.community_key and community is None) or "reply" not in payload or INSTEAD_OF in payload:
            return None
        return answering(entry, community) if stay(entry, self.now(), self.rules) is None else None

    def look_again(self, entries: Sequence[Entry], report: TickReport) -> list[Outgoing]:
        """The last look at what was claimed by itself; what stays is settled."""
        with self.store.writing() as session:
            view = self._look(session)
            ready = last_look(view, entries)
        _tell(view, report)
        return ready

    def _look(self, session: Session) -> Look:
        return Look(
            session=session,
            rules=self.rules,
            now=self.now(),
            holder=self.holder,
            capabilities={each: platform.capabilities for each, platform in self.platforms.items()},
            address=self.addresses.find,
        )


def _tell(view: Look, report: TickReport) -> None:
    """Count what the last look settled."""
    for state, number in view.settled.items():
        report.add(state, number)


def _due(view: Look, budget: Budget, keys: Collection[str] | None, room: int) -> list[Entry]:
    """Claim no more than may leave."""
    wanted = Claim(
        now=view.now,
        holder=view.holder,
        platform=budget.platform,
        full=budget.full_channels(view.communities) if budget.has_channels else frozenset(),
    )
    if keys is not None:
        return claims.claim_keys(view.session, wanted, keys)
    return claims.claim(view.session, replace(wanted, closed=_paused(view)), room)


def _paused(view: Look) -> frozenset[str]:
    """The communities in which nothing is said unasked now; "" stands for members, in private."""
    if is_paused(view.session, None):
        return frozenset({"", *(each.key for each in view.communities)})
    return frozenset(each.key for each in view.communities if each.paused)
