"""The states of what the store keeps, documented by their transitions."""

from __future__ import annotations

from enum import StrEnum


class EventState(StrEnum):
    """An inbound event: received -> answered | ignored | failed.

    `received` is written before the platform is told that the event arrived, so what a crash
    left there is answered at the next start. `failed` means the bot itself broke on it; the
    asker was told so.
    """

    RECEIVED = "received"
    ANSWERED = "answered"
    IGNORED = "ignored"
    FAILED = "failed"


class OutboxState(StrEnum):
    """A post that is owed.

    planned   -> claimed    by delivery, with a lease
    claimed   -> sent       the platform gave its message id
    claimed   -> failed     the platform refused; the reason says why
    claimed   -> skipped    the last look at the record said it should not go out
    claimed   -> planned    the platform surely did not accept (rate limit, no connection), or
                            the claim was given back before anything was sent
    claimed   -> ambiguous  the request left and the outcome is unknown, or the lease ran out
    planned  <-> held       a moderator holds or releases it
    planned   -> skipped    a moderator skips it, or the plan no longer owes it
    failed    -> planned    a moderator retries
    skipped   -> planned    a moderator sends it all the same
    ambiguous -> sent       found on the platform
    ambiguous -> planned    surely not on the platform (the platform can tell, or a moderator did)
    ambiguous -> skipped    a moderator decided so
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    AMBIGUOUS = "ambiguous"
    HELD = "held"
