"""What a thread remembers of a wish: what was asked stays its subject, whoever wanted what since.

"Herinner mij" changes what is planned for one person; the next "en in Aalst?" is on what was asked before
it. Only who typed "volg de lokale atria in Aalst" goes on from that with "en in Gent?".
"""

from __future__ import annotations

from dataclasses import replace

from handlers.answers.following import asks_what_is_followed
from handlers.changes import QuestionUnread
from handlers.context import Context, Topic, Wish
from handlers.reading.model import Intent, Reading
from handlers.reply import Reply

#: What somebody wants, which asks nothing.
_WISHES = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.SUGGEST_TOPIC})
#: Of these one may want another: "en in Gent?".
_GO_ON = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})


def own_ground(context: Context) -> Context:
    """The thread as the asker may lean on it: on a wish only who typed it, and until somebody asks."""
    topic = context.topic
    wish = topic.wish if topic is not None else None
    if topic is None or wish is None or wish.by != context.person.external_id or context.pressed:
        return context
    return replace(context, topic=Topic(reading=wish.reading, at=wish.at, choices=wish.choices))


def wished(reply: Reply, reading: Reading, context: Context) -> Wish | None:
    """What whoever typed it may go on from; None of what is no wish."""
    if reading.intent not in _GO_ON:
        return None
    choices = tuple(choice.says for choice in reply.choices)
    return Wish(reading=reading, at=context.now, by=context.person.external_id, choices=choices)


def beside_wishes(reply: Reply, context: Context) -> Reply:
    """The reply, that lets the thread stay with what was asked where it answers a wish."""
    return replace(reply, topic=_beside(reply, context)) if _is_wish(reply) else reply


def _is_wish(reply: Reply) -> bool:
    """Whether something is wanted or changed, and nothing asked; that a question was unread changes none."""
    if reply.topic is None or reply.reading is None:
        return False
    changes = any(not isinstance(change, QuestionUnread) for change in reply.changes)
    wants = changes and reply.reading.also is None
    return wants or reply.reading.intent in _WISHES or asks_what_is_followed(reply.reading.text)


def _beside(reply: Reply, context: Context) -> Topic | None:
    """What the thread had, with the wish; nothing new of a button that did what it says: nobody typed it."""
    if reply.topic is None or reply.reading is None or (context.pressed and reply.understood):
        return None
    bare = Topic(reading=Reading(text="", intent=Intent.CLARIFY), at=context.now)
    return replace(context.topic or bare, asked=reply.reading.text, wish=reply.topic.wish)
