"""A question about a place outside Flanders and Brussels: said plainly, with what is nearest or next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.answers.question import Question
from handlers.answers.scope import find
from handlers.reading.elsewhere import is_known_elsewhere, province_near
from handlers.reading.model import Intent
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

#: How far the next atrium that goes on is looked for past cancelled ones.
_LOOK_AHEAD = 5


def answer_elsewhere(question: Question, tell: Callable[[Question], Reply]) -> Reply:
    """The answer to the rest of the question, below what is said of the place."""
    place = question.reading.elsewhere or ""
    said = say("elders.bekend" if is_known_elsewhere(place) else "elders.onbekend", plaats=quoted(place))
    reading = replace(question.reading, elsewhere=None)
    bare = replace(question, reading=reading)
    if reading.intent is Intent.SUBSCRIBE and reading.place is None:
        return Reply(headline=said)
    if reading.place or reading.places:
        reply = tell(bare)
        return replace(reply, notes=(said, *reply.notes))
    reply = tell(bare if reading.intent is Intent.PLATFORM_INFO else _nearest(bare, place))
    return replace(reply, headline=said, paragraphs=(reply.headline, *reply.paragraphs))


def _nearest(question: Question, place: str) -> Question:
    """The next one in the province nearest to the place, or anywhere where there is none."""
    anywhere = replace(question.reading, intent=Intent.NEXT_SESSION, mine=False)
    near = replace(question, reading=replace(anywhere, place=province_near(place)))
    goes_on = any(not atrium.is_cancelled for atrium in find(near, _LOOK_AHEAD))
    return near if goes_on else replace(question, reading=anywhere)
