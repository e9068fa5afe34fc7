"""Who reads for the account: one replica at a time, by a lease with a fence on the database's clock."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from store import leases
from store.engine import Store
from store.leases import Lease, LeaseLostError

LEASE = "engage:reader"


class ReaderLease:
    """The lease as one process holds it, or does not.

    Args:
        lasts: how long after it was last renewed another may take it.
    """

    def __init__(self, holder: str, lasts: dt.timedelta) -> None:
        self._holder = holder
        self._lasts = lasts
        self._held: Lease | None = None

    def hold(self, store: Store) -> bool:
        """Hold it on, or take it; False while another holds it."""
        with store.writing() as session:
            held = leases.renew(session, self._held, self._lasts) if self._held is not None else None
            self._held = held or leases.acquire(session, LEASE, self._holder, self._lasts)
        return self._held is not None

    def confirm(self, session: Session) -> None:
        """Write only as the reader: one that slept over its lease must not.

        Raises:
            LeaseLostError: another may read by now.
        """
        held = leases.renew(session, self._held, self._lasts) if self._held is not None else None
        self._held = held
        if held is None:
            raise LeaseLostError(f"{self._holder} does not read any more")

    def release(self, store: Store) -> None:
        """Give it up, so that another can read at once."""
        if self._held is not None:
            with store.writing() as session:
                leases.release(session, self._held)
            self._held = None
