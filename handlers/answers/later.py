"""What comes after what the thread showed last: "en daarna?", "toon meer"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.answers.absent import nothing_found
from handlers.answers.question import Question, folded
from handlers.answers.scope import Scope, find_in, window_of
from handlers.answers.shown import source_text
from handlers.model import Atrium
from handlers.reply import Reply
from handlers.wording.catalogue import say

_THE_NEXT = re.compile(
    r"(?:en )?(?:dan )?(?:(?:het|de) )?(?:eerst)?volgende?(?: (?:keer|atrium|sessie|editie|datum))?(?: dan)?"
)


#: So many may begin at the same moment as the last that was shown, and come before it.
_SAME_MOMENT = 10


def asks_for_the_next(text: str) -> bool:
    """Whether it says nothing but "en het volgende?": of what was shown, the one after it."""
    return _THE_NEXT.fullmatch(" ".join(re.findall(r"\w+", folded(text)))) is not None


def _after_what_was_shown(question: Question, scope: Scope, limit: int) -> list[Atrium]:
    """What follows the atria that the thread showed last, for "en daarna?"."""
    topic, context = question.context.topic, question.context
    shown = topic.uids if topic else ()
    last = context.agenda.find(shown[-1], context.reads) if shown else None
    window = window_of(question)
    if last is None:
        return find_in(scope.searches, window, context, limit)
    if window.newest_first:
        window = replace(window, begins_before=last.starts_at + dt.timedelta(seconds=1))
    else:
        window = replace(window, begins_from=max(window.begins_from or last.starts_at, last.starts_at))
    found = find_in(scope.searches, window, context, limit + len(shown) + _SAME_MOMENT)
    # Several may begin at the same moment: the order of lists goes on, whatever was picked of it.
    at = (last.starts_at, last.uid)
    after = [
        atrium
        for atrium in found
        if atrium.uid not in shown and ((atrium.starts_at, atrium.uid) < at) is window.newest_first
    ]
    return after[:limit]


def found_for(question: Question, scope: Scope, limit: int) -> list[Atrium]:
    """The atria that fit, or those after what was shown where it is asked what comes later."""
    if question.reading.later:
        return _after_what_was_shown(question, scope, limit)
    return find_in(scope.searches, window_of(question), question.context, limit)


def none_left(question: Question) -> Reply:
    """Nothing fits, or nothing more does."""
    if question.reading.later and question.context.topic and question.context.topic.uids:
        return Reply(
            headline=say("niets.daarna"),
            source=source_text((), question.context),
        )
    return nothing_found(question)
