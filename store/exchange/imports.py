"""From a file that was read to the agenda: first the plan of what would change, then the change.

Import is one-way and keyed by uid. What the file does not name is left alone, and a row that says
what the agenda says already changes nothing, so importing twice is importing once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from handlers.model import Atrium, Person, Status
from handlers.wording.catalogue import say
from store import audit
from store.agenda import atria_between, save_atrium
from store.codec import dump
from store.exchange.columns import as_row
from store.exchange.problems import Problem
from store.exchange.rows import Candidate, Parsed

#: Above this share of the coming atria an import asks first: it is more often the wrong file.
MOST_CHANGED = 0.20

#: Before any atrium there can be (see `store.exchange.cells`).
_BEGINNING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class Changed(NamedTuple):
    """An atrium before and after, and the fields of `Atrium` in which people will see a difference."""

    before: Atrium
    after: Atrium
    fields: tuple[str, ...]

    @property
    def cancels(self) -> bool:
        """Whether this is what cancels the atrium."""
        return self.after.is_cancelled and not self.before.is_cancelled


class Difference(NamedTuple):
    """One column of one atrium before and after, as text of the agenda file."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        added: new atria.
        changed, cancelled: what exists and would be otherwise; cancelled ones stand apart.
        unchanged: the uids of rows that say what the agenda says already.
        warnings: those of reading the file, and rows that are not followed in everything.
        coming: how many atria of the agenda are still to come (cancelled ones do not count).
        touched: how many of those would be changed or cancelled.
    """

    added: tuple[Atrium, ...] = ()
    changed: tuple[Changed, ...] = ()
    cancelled: tuple[Changed, ...] = ()
    unchanged: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    coming: int = 0
    touched: int = 0

    @property
    def needs_confirmation(self) -> bool:
        """Whether so many coming atria would change that a person must say yes."""
        return self.touched > MOST_CHANGED * self.coming

    @property
    def changes(self) -> tuple[Changed, ...]:
        """All atria that exist and would be otherwise, changed or cancelled."""
        return self.changed + self.cancelled

    @property
    def does_nothing(self) -> bool:
        return not (self.added or self.changes)


def differences(change: Changed, now: dt.datetime) -> list[Difference]:
    """What is different, column by column, for a person who looks before importing."""
    before, after = as_row(change.before, now), as_row(change.after, now)
    return [
        Difference(column, before[column], after[column])
        for column in before
        if before[column] != after[column]
    ]


def _status(before: Atrium, after: Atrium, now: dt.datetime) -> Status:
    """The status that a row may bring about.

    Cancelling is final: an old copy of the file must not bring a cancelled atrium back. Of what is
    over it makes no difference whether the file still says "bevestigd" or already "voorbij".
    """
    if before.is_cancelled or (not after.is_cancelled and after.has_ended(now)):
        return before.status
    return after.status


def _fitting(atrium: Atrium) -> Atrium:
    """The atrium without an end or deadline that its new date has left behind.

    It matters only for a file that has no column for them.
    """
    if atrium.ends_at is not None and atrium.local_end is not None:
        same_day = atrium.local_end.date() == atrium.local_date
        if atrium.ends_at <= atrium.starts_at or not same_day:
            atrium = dataclasses.replace(atrium, ends_at=None)
    if atrium.registration_until is not None and atrium.registration_until > atrium.local_date:
        atrium = dataclasses.replace(atrium, registration_until=None)
    return atrium


def _change(before: Atrium, candidate: Candidate, now: dt.datetime) -> Changed | None:
    """The change that a row asks of an atrium that exists; None when it asks none."""
    told = {name: getattr(candidate.atrium, name) for name in candidate.told}
    after = dataclasses.replace(before, **told)
    if after.starts_at != before.starts_at:
        after = _fitting(after)
    after = dataclasses.replace(after, status=_status(before, after, now))
    names = (field.name for field in dataclasses.fields(Atrium))
    fields = tuple(name for name in names if getattr(before, name) != getattr(after, name))
    if not fields:
        return None
    after = dataclasses.replace(
        after,
        sequence=before.sequence + 1,
        updated_at=now,
        cancelled_at=now if after.is_cancelled and not before.is_cancelled else before.cancelled_at,
    )
    return Changed(before, after, fields)


def _kept_cancelled(stored: Mapping[str, Atrium], candidates: Sequence[Candidate]) -> list[Problem]:
    return [
        Problem(reason=say("invoer.geannuleerd blijft"), line=candidate.line, column="status")
        for candidate in candidates
        if (before := stored.get(candidate.atrium.uid)) is not None
        and before.is_cancelled
        and "status" in candidate.told
        and not candidate.atrium.is_cancelled
    ]


def plan_import(session: Session, parsed: Parsed, now: dt.datetime) -> ImportPlan:
    """Compare a file with the agenda; changes nothing.

    Args:
        now: aware UTC; new and changed atria are of this moment.

    Raises:
        ValueError: the file has problems, and nothing is imported by halves.
    """
    if parsed.problems:
        raise ValueError(f"a file with {len(parsed.problems)} problems cannot be imported")
    stored = {atrium.uid: atrium for atrium in atria_between(session, _BEGINNING)}
    added, unchanged, changes = [], [], []
    for candidate in parsed.candidates:
        before = stored.get(candidate.atrium.uid)
        if before is None:
            added.append(candidate.atrium)
            continue
        change = _change(before, candidate, now)
        if change is None:
            unchanged.append(before.uid)
        else:
            changes.append(change)
    coming = {uid for uid, one in stored.items() if not one.is_cancelled and not one.has_ended(now)}
    return ImportPlan(
        added=tuple(added),
        changed=tuple(change for change in changes if not change.cancels),
        cancelled=tuple(change for change in changes if change.cancels),
        unchanged=tuple(unchanged),
        warnings=(*parsed.warnings, *_kept_cancelled(stored, parsed.candidates)),
        coming=len(coming),
        touched=sum(change.before.uid in coming for change in changes),
    )


def _person(actor: str) -> Person:
    """Who imports, as the audit knows people: "cli:jan" is Jan on the command line."""
    platform, _, name = actor.partition(":")
    return Person(platform=platform, external_id=name, name=name or platform)


def apply_import(session: Session, plan: ImportPlan, now: dt.datetime, actor: str) -> None:
    """Carry out a plan, in the caller's transaction: the one in which the plan was made.

    Nothing is asked here: whoever calls has looked at `needs_confirmation`. What becomes of the
    posts owed is planned by the caller too, from `plan.added` and `plan.changes`.

    Args:
        now: aware UTC, for the audit.
        actor: who imports, `PLATFORM:NAME` or a platform alone.
    """
    person = _person(actor)

    def note(action: str, after: Atrium, before: Atrium | None = None) -> None:
        values = dump(before) if before is not None else None
        audit.write(session, now, person, person.platform, action, after.uid, values, dump(after))

    for atrium in plan.added:
        save_atrium(session, atrium)
        note("imported", atrium)
    for change in plan.changes:
        save_atrium(session, change.after)
        note("cancelled" if change.cancels else "changed", change.after, change.before)
