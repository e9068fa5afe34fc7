"""The members in a private copy of the data: all of them, with their wishes, and without who they are."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from handlers.wording.catalogue import say
from store.subscriptions import direct_platforms, keep_direct_platforms
from store.tables import BelongingRow, CommunityRow, FollowRow, IdentityRow, MemberRow

#: How a member is called where it is shown what they will be told.
A_MEMBER = "naam.een lid"

#: What is known of who belongs where counts for the whole of a simulation.
_ALWAYS_FRESH = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def copy_members(session: Session, private: Session) -> None:
    """Copy who follows something and can be written to; nobody where the bot can write to no member."""
    direct = direct_platforms(session)
    if not direct:
        return
    keep_direct_platforms(private, direct)
    following = select(FollowRow.member_id).distinct()
    members = select(
        MemberRow.id, MemberRow.reminders, MemberRow.created_at, literal(say(A_MEMBER)).label("name")
    )
    identities = select(IdentityRow.id, IdentityRow.member_id, IdentityRow.platform, IdentityRow.external_id)
    belongings = (
        select(BelongingRow.community_key, IdentityRow.id, BelongingRow.owns)
        .join(CommunityRow, CommunityRow.key == BelongingRow.community_key)
        .join(
            IdentityRow,
            (IdentityRow.platform == CommunityRow.platform)
            & BelongingRow.external_id.in_([IdentityRow.external_id, IdentityRow.email]),
        )
        .where(IdentityRow.member_id.in_(following))
        .distinct()
    )
    rows = {
        MemberRow: session.execute(members.where(MemberRow.id.in_(following))).mappings().all(),
        IdentityRow: session.execute(identities.where(IdentityRow.member_id.in_(following))).mappings().all(),
        FollowRow: session.execute(select(FollowRow.__table__)).mappings().all(),
        BelongingRow: session.execute(belongings).mappings().all(),
    }
    for row, values in rows.items():
        copied = [dict(each) for each in values]
        for each in copied:
            if row is IdentityRow:
                each["external_id"] = _pseudonym(each["id"])
            if row is BelongingRow:
                each |= {"external_id": _pseudonym(each.pop("id")), "seen_at": _ALWAYS_FRESH}
        if copied:
            private.execute(insert(row), copied)


def _pseudonym(identity: int) -> str:
    return f"lid-{identity}"
