"""Atria whose materials became known of late."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from handlers.model import Atrium
from store.agenda import get_atrium
from store.tables import AtriumRow

_ATRIA = AtriumRow.__table__
_SINCE = (
    select(_ATRIA.c.uid)
    .where(
        _ATRIA.c.materials_at.is_not(None),
        _ATRIA.c.materials_at > bindparam("since", type_=_ATRIA.c.materials_at.type),
    )
    .order_by(_ATRIA.c.starts_at, _ATRIA.c.id)
)


def atria_with_materials_since(session: Session, since: dt.datetime) -> list[Atrium]:
    """Atria whose materials became known after an instant (aware UTC), by start, whoever may see them."""
    uids = session.execute(_SINCE, {"since": since}).scalars().all()
    return [get_atrium(session, uid) for uid in uids]
