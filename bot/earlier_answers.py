"""Answers that lean on one given before: the answer to an edited question, and one shared with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from handlers.message import Message
from handlers.reply import Reply
from handlers.wording.catalogue import say
from scheduler import superseding
from scheduler.plan import ANSWER
from store import events, outbox
from store.codec import load


def not_to_be_shared() -> Reply:
    return Reply(
        headline=say("delen.kan niet"),
        paragraphs=(say("delen.kan niet uitleg"),),
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
        return not_to_be_shared()
    reply = load(Reply, payload["reply"])
    place = (entry.community_key, _channel(payload.get("route")))
    if reply.private or place != (message.community, _channel(message.route)):
        return not_to_be_shared()
    return reply


def _channel(route: Mapping[str, str] | None) -> str | None:
    """Where the platform placed an answer: what it says of it is compared, never read."""
    return (route or {}).get("channel")


def instead_of(session: Session, message: Message, reply: Reply, now: dt.datetime) -> dict[str, str]:
    """What the outbox must know to let this answer take the place of those to earlier wordings.

    Empty when there is nothing to take the place of: then it is a plain answer.
    """
    first = message.amends or ""
    anew = events.wordings_of(session, message.platform, message.thread, first) if message.thread else []
    worded = [first, *anew]
    keys = (answer_key(message.platform, each) for each in reversed(worded) if each != message.event_id)
    earlier = (outbox.entry_with_key(session, key) for key in keys)
    return superseding.place_of(session, (each for each in earlier if each), reply, now)
