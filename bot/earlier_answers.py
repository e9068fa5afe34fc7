"""Answers that lean on one given before: the answer to an edited question, and one shared with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from handlers.message import Message
from handlers.reply import Reply
from handlers.routing import is_bare_number
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted
from scheduler import superseding
from scheduler.plan import ANSWER
from store import events, outbox, precedents
from store.codec import load

#: Characters of a question and of a name above an answer that is shared.
MOST_QUOTED, MOST_NAME = 200, 80


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
    if not reply.can_be_shared or place != (message.community, _channel(message.route)):
        return not_to_be_shared()
    return replace(reply, above=_asked(session, message, event_id))


def _asked(session: Session, message: Message, event_id: str) -> str:
    """ "An Peeters vroeg: waar is dat?", in one line; nothing where the question is no longer kept."""
    text = quoted(events.text_of(session, message.platform, event_id) or "", MOST_QUOTED)
    name = quoted(message.author_name, MOST_NAME)
    if not text:
        return ""
    return say("delen.vroeg", wie=name, vraag=text) if name else say("delen.iemand vroeg", vraag=text)


def question_of(session: Session, message: Message) -> str:
    """The question under whose answer a button was pressed; empty where it is not known any more.

    Only of an answer in the same thread, whatever the press says of where it was.
    """
    if message.below is None or message.thread is None:
        return ""
    begin = answer_key(message.platform, "")
    asked = precedents.asked_above(session, message.platform, message.thread, message.below, begin)
    # "2" alone is no question: the thread knows which one it answers.
    return "" if asked is None or is_bare_number(asked) else asked


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
