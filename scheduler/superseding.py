"""The answer to a question that was worded anew stands where the answer to its earlier wording stood.

There is one answer, whatever became of the earlier: what has not left is not sent any more, what is there is
edited, and while nobody knows whether it is there, the new one waits until somebody does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from handlers.reply import Reply
from store import outbox, post_acts
from store.codec import load
from store.outbox import Entry
from store.states import OutboxState

ASKED_ANEW = "reden.vraag anders gesteld"

#: In the payload of an answer: the platform's id of the message that it takes the place of, and the dedupe
#: key of the answer of which that is not known yet.
EDITS, INSTEAD_OF = "edits", "instead_of"

#: How long until it is looked once more what became of the earlier answer.
LOOK_AGAIN = dt.timedelta(seconds=30)

_IN_DOUBT = (OutboxState.CLAIMED, OutboxState.AMBIGUOUS)


def place_of(session: Session, earlier: Iterable[Entry], reply: Reply, now: dt.datetime) -> dict[str, str]:
    """Where an answer goes, as its payload says it; nothing for a place of its own.

    Args:
        earlier: the answers to earlier wordings, newest first. One that has not left is not sent any more.
        now: aware UTC.
    """
    for entry in earlier:
        if entry.state is OutboxState.PLANNED:
            # It would come after the question that it no longer answers.
            post_acts.skip(session, entry.id, now, ASKED_ANEW)
        elif entry.state in _IN_DOUBT:
            return {INSTEAD_OF: entry.key}
        if entry.state is OutboxState.SENT:
            return {EDITS: entry.message_id} if entry.message_id and not _is_whispered(entry, reply) else {}
        # What it would have taken the place of may still be there.
        place = {name: at for name, at in (entry.payload or {}).items() if name in {EDITS, INSTEAD_OF}}
        if place:
            return {} if reply.private else place
    return {}


def place_now(session: Session, entry: Entry, reply: Reply, now: dt.datetime) -> dict[str, str]:
    """The same for an answer that is about to leave, by what is known of the earlier one by now."""
    payload = entry.payload or {}
    if INSTEAD_OF not in payload:
        return {EDITS: payload[EDITS]} if EDITS in payload else {}
    found = outbox.entry_with_key(session, payload[INSTEAD_OF])
    return place_of(session, [found] if found else [], reply, now)


def _is_whispered(entry: Entry, reply: Reply) -> bool:
    """Whether one of the two is for the asker alone: then the one cannot stand where the other stood."""
    before = (entry.payload or {}).get("reply")
    return reply.private or (before is not None and load(Reply, before).private)
