"""What one round of delivery did, in numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from store.states import OutboxState


def nobody(state: OutboxState, number: int) -> None:
    """Counts nothing."""


@dataclass(kw_only=True, slots=True)
class TickReport:
    """What one round of delivery did, in numbers of entries; `announced`: announcements may be among them."""

    claimed: int = 0
    expired: int = 0
    announced: bool = False
    settled: dict[OutboxState, int] = field(default_factory=dict)
    told: Callable[[OutboxState, int], None] = nobody

    def add(self, state: OutboxState, number: int = 1) -> None:
        self.settled[state] = self.settled.get(state, 0) + number
        self.told(state, number)

    @property
    def sent(self) -> int:
        return self.settled.get(OutboxState.SENT, 0)
