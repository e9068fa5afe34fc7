"""The answer to one reading: by intent, once it is clear that it can be answered at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from handlers.answers import beyond, contact, contributions, details, following, groups, kinds, registration
from handlers.answers import help as assistance
from handlers.answers.absent import which_place
from handlers.answers.cancelled import asks_for_cancelled, cancelled_atria
from handlers.answers.elsewhere import answer_elsewhere
from handlers.answers.lately import just_been
from handlers.answers.left_out import following_the_first, follows_no_exceptions, telling_what_is_left_out
from handlers.answers.lists import list_atria
from handlers.answers.near_themes import by_near_themes
from handlers.answers.question import Question, folded
from handlers.answers.unrecorded import compares, not_compared
from handlers.answers.upcoming import next_atrium
from handlers.reading.model import Intent
from handlers.reply import Reply
from handlers.wording.catalogue import say

_REMEMBER = r"\b(onthoud|onthou|bewaar)\b"

Answer = Callable[[Question], Reply]

ANSWERS: Mapping[Intent, Answer] = {
    Intent.NEXT_SESSION: next_atrium,
    Intent.LIST_SESSIONS: list_atria,
    Intent.SESSION_DETAIL: details.session_detail,
    Intent.WHERE: details.where,
    Intent.WHEN: details.when,
    Intent.PROGRAMME: details.programme,
    Intent.REGISTRATION: registration.registration,
    Intent.THEMATIC_GROUPS: groups.thematic_groups,
    Intent.GROUP_DETAIL: groups.group_detail,
    Intent.PLATFORM_INFO: kinds.platform_info,
    Intent.CONTACT: contact.contact,
    Intent.HELP: assistance.help_text,
    Intent.GREETING: assistance.greeting,
    Intent.THANKS: assistance.thanks,
    Intent.SUGGEST_TOPIC: contributions.suggest_topic,
    Intent.SUBSCRIBE: following.subscribe,
    Intent.UNSUBSCRIBE: following.unsubscribe,
    Intent.OUT_OF_SCOPE: beyond.out_of_scope,
    Intent.CLARIFY: beyond.clarify,
}

#: Questions on atria: a name that several places bear must be cleared up before they are answered.
ABOUT_ATRIA = frozenset(
    {
        Intent.NEXT_SESSION,
        Intent.LIST_SESSIONS,
        Intent.SESSION_DETAIL,
        Intent.WHERE,
        Intent.WHEN,
        Intent.PROGRAMME,
        Intent.REGISTRATION,
        Intent.SUBSCRIBE,
    }
)


_MAY_COMPARE = ABOUT_ATRIA | {Intent.PLATFORM_INFO, Intent.OUT_OF_SCOPE, Intent.CLARIFY}


def answer(question: Question) -> Reply:
    """What the bot says to this question."""
    reading = question.reading
    if reading.problems:
        return Reply(
            headline=" ".join(sentence(problem) for problem in reading.problems),
            paragraphs=(say("wedervraag.datum"),),
            understood=False,
        )
    if re.search(_REMEMBER, folded(reading.text)):
        remembered = following.remember_municipality(question)
        if remembered is not None:
            return remembered
    if reading.intent in _MAY_COMPARE and compares(question):
        return not_compared()
    if reading.places and reading.place is None and reading.intent in ABOUT_ATRIA:
        return which_place(question)
    if reading.intent in ABOUT_ATRIA and not question.focus and asks_for_cancelled(reading.text):
        return cancelled_atria(question)
    if following.asks_what_is_followed(reading.text):
        return following.subscribe(question)
    if reading.elsewhere and reading.intent in ABOUT_ATRIA | {Intent.PLATFORM_INFO}:
        return answer_elsewhere(question, _by_intent)
    if reading.intent in ABOUT_ATRIA:
        question = just_been(question)
        return by_near_themes(question, _by_intent) or _by_intent(question)
    return _by_intent(question)


def _by_intent(question: Question) -> Reply:
    reading = question.reading
    if reading.intent is Intent.SUBSCRIBE and reading.without:
        return follows_no_exceptions()
    if reading.intent is Intent.NEXT_SESSION and (reading.count or 1) > 1:
        reply = list_atria(question)
    else:
        reply = ANSWERS[reading.intent](question)
    if reading.intent is Intent.SUBSCRIBE and reading.others:
        return following_the_first(reply, question)
    return telling_what_is_left_out(reply, question) if reading.intent in ABOUT_ATRIA else reply


def sentence(remark: str) -> str:
    """A remark as a sentence: a capital and a full stop, once."""
    return remark[:1].upper() + remark[1:] + ("" if remark.endswith((".", "?")) else ".")
