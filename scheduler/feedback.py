"""Terugkoppeling: what became of what a member handed in, told to them once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers.moderation.contribution_state import ContributionState
from handlers.posts.feedback import feedback
from scheduler.plan import NOTICE, dedupe_key
from scheduler.rules import Rules
from store import contributions, outbox
from store.agenda import find_atrium
from store.codec import dump
from store.contributions import StoredContribution
from store.outbox import Owed


def settle(
    session: Session,
    number: int,
    state: ContributionState,
    rules: Rules,
    now: dt.datetime,
    *,
    text: str = "",
    into: int | None = None,
    position: int | None = None,
) -> StoredContribution:
    """Keep what became of one contribution, and owe its author, and theirs that were merged into it, a word.

    Merging says nothing by itself: what becomes of the one that speaks for both is told to both.
    """
    settled = contributions.settle(
        session, number, state, now, answer=text or None, into=into, position=position
    )
    for each in (settled, *contributions.merged_into(session, number)):
        _owe(session, each, settled, rules, now)
    return settled


def _owe(
    session: Session,
    heard: StoredContribution,
    settled: StoredContribution,
    rules: Rules,
    now: dt.datetime,
) -> None:
    """In private where the platform can, else in the thread where it was handed in."""
    atrium = find_atrium(session, settled.contribution.atrium_uid or "")
    reply = feedback(heard.contribution.text, settled.state, settled.answer, atrium)
    if reply is None or heard.member_id is None or heard.platform is None:
        return
    member = contributions.external_id_of(session, heard.member_id, heard.platform)
    owed = Owed(
        key=dedupe_key(NOTICE, f"inbreng {heard.id}", str(heard.member_id), offset=settled.state.value),
        kind=NOTICE,
        platform=heard.platform,
        community_key=heard.community_key,
        thread=heard.thread,
        member_id=heard.member_id,
        atrium_uid=None,
        due_at=now,
        late_until=now + rules.lateness.notice,
        payload={"reply": dump(reply), "member": member},
    )
    outbox.enqueue(session, owed, now)
