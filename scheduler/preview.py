"""What is planned, as it will read: for moderators who look before it is said."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from handlers.reply import Reply
from scheduler.changes import replan_all
from scheduler.look import Look
from scheduler.plan import ANSWER
from scheduler.port import Capabilities
from scheduler.rules import Rules
from scheduler.simulation import Posted, play, private_copy
from scheduler.telling import Telling
from store.codec import load
from store.communities import list_communities
from store.engine import Store
from store.outbox import Entry

#: How far back the outbox counts: a week's budget and the last overview lie within it.
LOOK_BACK = dt.timedelta(days=15)


async def preview(store: Store, rules: Rules, now: dt.datetime, days: int) -> list[Posted]:
    """What is planned for the next days, worded as it will be if nothing changes until then.

    Counts what was said already, and leaves out what a moderator holds or skipped. `now` is aware UTC.
    """
    # The work of a second, so not on the loop on which the bot answers.
    return await asyncio.to_thread(lambda: asyncio.run(_played(store, rules, now, days)))


async def _played(store: Store, rules: Rules, now: dt.datetime, days: int) -> list[Posted]:
    with store.reading() as session:
        copy = private_copy(session, with_outbox_since=now - LOOK_BACK)
    try:
        replan_all(copy, rules, now)
        return await play(copy, rules, now, now + dt.timedelta(days=days))
    finally:
        copy.close()


def texts_of(session: Session, entries: Sequence[Entry], rules: Rules, now: dt.datetime) -> dict[int, str]:
    """For each post its own text, at its moment or, when that is past, at `now` (aware UTC).

    What is said together with others is shown apart. A post that would say nothing has no text.
    """
    known = {each.key: each for each in list_communities(session)}
    texts = {}
    for entry in entries:
        community = known.get(entry.community_key or "")
        reply: Reply | None = None
        if entry.kind == ANSWER:
            payload = entry.payload or {}
            reply = load(Reply, payload["reply"]) if "reply" in payload else None
        elif community is not None:
            view = Look(
                session=session,
                rules=rules,
                now=max(now, entry.due_at),
                holder="",
                capabilities={community.platform: Capabilities(edit=True)},
            )
            reply = Telling(view=view, community=community).worded([entry])
        if reply is not None:
            texts[entry.id] = reply.plain_text()
    return texts
