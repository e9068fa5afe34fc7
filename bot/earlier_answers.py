"""Answers that lean on one given before: the answer to an edited question, and one shared with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from handlers.message import Message
from handlers.reply import Reply
from scheduler.plan import ANSWER
from store import outbox
from store.codec import load
from store.outbox import Entry
from store.states import OutboxState

ASKED_ANEW = "de vraag werd intussen anders gesteld"

NOT_TO_BE_SHARED = Reply(
    headline="Dit antwoord kan ik niet meer delen.",
    paragraphs=("Stel je vraag in het kanaal zelf, dan leest iedereen het antwoord mee.",),
    private=True,
    understood=False,
)


def answer_key(platform: str, event_id: str) -> str:
    """The dedupe key of the answer to a message."""
    return f"{ANSWER}:{platform}:{event_id}"


def given_again(session: Session, message: Message, event_id: str) -> Reply:
    """The very answer that was given to an earlier message.

    Only whoever asked may have it given again, in the same place, and only what was not for their eyes alone.
    """
    entry = outbox.entry_with_key(session, answer_key(message.platform, event_id))
    payload = (entry.payload or {}) if entry is not None else {}
    if entry is None or "reply" not in payload or payload.get("member") != message.author_id:
        return NOT_TO_BE_SHARED
    reply = load(Reply, payload["reply"])
    place = (entry.community_key, _channel(payload.get("route")))
    if reply.private or place != (message.community, _channel(message.route)):
        return NOT_TO_BE_SHARED
    return reply


def _channel(route: Mapping[str, str] | None) -> str | None:
    """Where the platform placed an answer: what it says of it is compared, never read."""
    return (route or {}).get("channel")


def instead_of(session: Session, message: Message, reply: Reply, now: dt.datetime) -> dict[str, str]:
    """What the outbox must know to let this answer take the place of that to the earlier wording.

    Empty when there is nothing on the platform to take the place of: then it is a plain answer.
    """
    entry = outbox.entry_with_key(session, answer_key(message.platform, message.amends or ""))
    if entry is None:
        return {}
    if entry.state is OutboxState.PLANNED:
        # It would come after the question that it no longer answers.
        outbox.skip(session, entry.id, now, ASKED_ANEW)
        return {}
    if entry.state is not OutboxState.SENT or not entry.message_id or _is_whispered(entry, reply):
        return {}
    return {"edits": entry.message_id}


def _is_whispered(entry: Entry, reply: Reply) -> bool:
    """Whether one of the two is for the asker alone: then the one cannot stand where the other stood."""
    before = (entry.payload or {}).get("reply")
    return reply.private or (before is not None and load(Reply, before).private)
