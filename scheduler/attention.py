"""The attention of a community, shared out: what is said apart, together, or a little earlier.

A community hears a bounded number of unasked posts a week. When more is owed, nothing is dropped:
what falls due together is said in one post, and what then is still too much is folded into an
earlier post of the same week, the weekly overview first of all because it is the first. What is of
low value asks for no room: in a full week it waits for the overview after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.plan import (
    ANNOUNCEMENT,
    DEADLINE,
    DIGEST,
    LOW_VALUE,
    MODERATORS,
    PRACTICAL,
    REMINDER,
)

#: What may be said together with others, and a little earlier.
FOLDABLE = frozenset({REMINDER, DEADLINE, PRACTICAL})

#: What has a claim on a community's week before it comes.
CLAIMING = frozenset({*FOLDABLE, DIGEST, MODERATORS, ANNOUNCEMENT})

#: What counts in a community's week. Changes and cancellations are always said and count for nothing.
COUNTED = CLAIMING | LOW_VALUE


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One thing owed in a community: the outbox's number, when it is due, and what it is about.

    Things with one `subject` that are due together are said in one post in any case.
    """

    id: int
    due_at: dt.datetime
    subject: str
    foldable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How to say what is due: the groups that make a post each, and what to take in from later."""

    groups: tuple[tuple[int, ...], ...] = ()
    taken: tuple[int, ...] = ()


def _posts(slots: Sequence[Slot]) -> int:
    return len({(slot.due_at, slot.subject) for slot in slots})


def _moments(slots: Sequence[Slot]) -> list[dt.datetime]:
    return sorted({slot.due_at for slot in slots if slot.foldable})


def taken_in(later: Sequence[Slot], left: int) -> tuple[int, ...]:
    """Which later things to say now, when after this post `left` posts remain for them this week.

    The nearest go first: they are moved the least.
    """
    fixed = len({slot.id for slot in later if not slot.foldable})
    moments = _moments(later)
    excess = len(moments) + fixed - max(left, 0)
    early = set(moments[: max(excess, 0)])
    return tuple(slot.id for slot in later if slot.foldable and slot.due_at in early)


def share(due: Sequence[Slot], later: Sequence[Slot], left: int) -> Share:
    """How to say what is due now with `left` posts left this week, this moment's included.

    Each subject is a post of its own while the week allows; then one post tells all; then that
    post takes in what is owed later this week. Without any post left nothing can be said: no groups.
    """
    if left <= 0 or not due:
        return Share()
    subjects: dict[str, list[int]] = {}
    for slot in due:
        subjects.setdefault(slot.subject, []).append(slot.id)
    if len(subjects) + _posts(later) <= left:
        return Share(groups=tuple(tuple(ids) for ids in subjects.values()))
    return Share(groups=(tuple(slot.id for slot in due),), taken=taken_in(later, left - 1))


def spare(later: Sequence[Slot], left: int) -> int:
    """How many of the posts that are left this week nothing later this week needs."""
    return max(left - _posts(later), 0)
