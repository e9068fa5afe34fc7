"""The one entry for every message: who answers it, and what the thread remembers of it.

First the moderators' own commands and dialogues, then what is said of the last answer, then the
reading of the question, leaning on what the thread said before, and the answer by intent. Nothing
here knows a platform or a database.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.answers import privacy, reminding
from handlers.answers.answer import ABOUT_ATRIA, answer, sentence
from handlers.answers.cancelled import asks_for_cancelled
from handlers.answers.emoji import emoji_alone
from handlers.answers.feedback import asked_last, feedback
from handlers.answers.later import asks_for_the_next
from handlers.answers.lists import last_of
from handlers.answers.named import holds_key, named_in, unknown_atrium
from handlers.answers.pointed import no_list, pointing, says_number
from handlers.answers.question import Question
from handlers.answers.scope import BOUND_TO_PLACE
from handlers.answers.wishes import Wish, wish_in
from handlers.context import Context, Topic
from handlers.ground import beside_wishes, own_ground, wished
from handlers.model import Atrium
from handlers.moderation import dialogue
from handlers.reading.followup import lean
from handlers.reading.model import Intent, Reading
from handlers.reading.reading import read
from handlers.reply import Reply
from handlers.wording.catalogue import say, worded
from handlers.wording.sentences import number_text

#: How long a thread remembers what was said, for a follow-up to lean on: people answer a reminder
#: days after it came.
TOPIC_LIFETIME = dt.timedelta(days=14)
#: How much of a message is read, in characters; a question is never longer.
MOST_READ = 1500

_SLASH = re.compile(r"^\s*/atrium\b[:\s]*", re.IGNORECASE)
# Whoever merely begins a message with "hulp" or "volg" among colleagues does not call the bot.
_COMMAND = re.compile(
    r"^\s*(?:@\S+\s+)*(?:(?:help|hulp|wat volg ik)\W*$"
    r"|(?:ont)?volg\b.{1,80}(?:atri|thema|regio|mandataris)|(?:ont)?volg (?:alles|[a-z]+-[\w-]*\d)\W*$"
    r"|herinner (?:mij|me)\b|geen herinneringen\W*$|stuur (?:mij |me )?mijn herinneringen\b"
    r"|onthoud? dat ik\b|(?:stuur|geef) (?:mij|me) geen (?:herinnering|melding))",
    re.IGNORECASE,
)
# A bare order to the bot, which no question begins with: "volg de lokale atria in Waasland".
_FOLLOWS = re.compile(
    r"^\s*(?:@\S+\s+)*(?:(?P<not>ontvolg|(?:stuur|geef) (?:mij|me) geen (?:herinnering|melding)\w*)\b"
    r"|volg\s+(?!ik\b)\w)",
    re.IGNORECASE,
)
_FOLLOWS_NOT = re.compile(r"\bniet(?: meer)?\W*$|^\s*volg\s+niets\b", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"^\W*(?:nummer|nr\.?|keuze|optie)?\s*\d{1,2}\W*$", re.IGNORECASE)

#: What asks nothing: the thread stays as it was.
_PASSING = frozenset({Intent.GREETING, Intent.THANKS})
#: What is asked of one atrium.
_ON_ONE = ABOUT_ATRIA - {Intent.NEXT_SESSION, Intent.LIST_SESSIONS}
#: What may be asked of one atrium by its key, or is asked of nothing that is understood.
_MAY_NAME_ONE = ABOUT_ATRIA | {Intent.UNSUBSCRIBE, Intent.CLARIFY}
#: What the next question does not lean on; it leans on what was said before.
_NO_GROUND = frozenset({Intent.HELP, Intent.OUT_OF_SCOPE})
# The rest of the very list that was shown; "en daarna?" is read, and may leave its period.
_MORE_CHOICE = "toon meer"
_MORE = re.compile(r"^\W*toon (er )?meer\W*$", re.IGNORECASE)

#: Questions whose answer already stands in the facts of another answer on the same atrium.
_TOLD_TOGETHER = frozenset({Intent.NEXT_SESSION, Intent.WHERE, Intent.WHEN, Intent.SESSION_DETAIL})


def is_command(text: str) -> bool:
    """Whether a message is meant for the bot even where nobody mentioned it."""
    if _SLASH.match(text) or dialogue.is_command(text):
        return True
    # To be forgotten is confirmed only to the bot itself, where it asked.
    wish = wish_in(text)
    return _COMMAND.match(text) is not None or wish not in (None, Wish.FORGET_SURELY)


def is_bare_number(text: str) -> bool:
    """Whether a message only takes a choice by its number."""
    return _BARE_NUMBER.match(text) is not None


def respond(text: str, context: Context) -> Reply:
    """The answer to one message, with what should change and what the thread should remember."""
    with worded(context.texts):
        return _respond(text, context)


def _respond(text: str, context: Context) -> Reply:
    spoken = _SLASH.sub("", text, count=1).strip()
    personal = privacy.respond(spoken, context)
    if personal is not None:
        return personal
    moderated = dialogue.respond(spoken, context) if spoken else None
    if moderated is not None:
        return moderated
    # Handing in below a post of weeks ago is meant for that post: only questions forget.
    context = _without_stale_topic(context)
    of_emoji = emoji_alone(spoken)
    if of_emoji is not None:
        return of_emoji
    said_of_answer = feedback(spoken, context)
    if said_of_answer is not None:
        return said_of_answer
    moments = reminding.respond(spoken[:MOST_READ], context, _respond_to_question)
    if moments is not None:
        return moments
    if not spoken or not any(sign.isalnum() for sign in spoken):
        return _answered(Reading(text="", intent=Intent.HELP), context, ())
    return _respond_to_question(spoken[:MOST_READ], context)


def _without_stale_topic(context: Context) -> Context:
    topic = context.topic
    if topic is None or context.now - topic.at <= TOPIC_LIFETIME:
        return context
    return replace(context, topic=None)


def _spoken_of(context: Context) -> tuple[Atrium, ...]:
    """The atria that the thread showed last, as far as they may still be seen."""
    uids = context.topic.uids if context.topic else ()
    found = (context.agenda.find(uid, context.reads) for uid in uids)
    return tuple(atrium for atrium in found if atrium is not None)


def _respond_to_question(spoken: str, context: Context) -> Reply:
    return beside_wishes(_respond_on(spoken, own_ground(context)), context)


def _respond_on(spoken: str, context: Context) -> Reply:
    topic = context.topic
    if topic is not None and topic.uids and _MORE.match(spoken):
        return _answered(replace(topic.reading, later=True), context, ())
    alone = _heard(spoken, context)
    by_key = named_in(spoken, context)
    if by_key is not None:
        return _answered(_of_the_named(alone), context, (by_key,), ground=_search_for(by_key))
    if holds_key(spoken) and alone.intent in _MAY_NAME_ONE:
        return unknown_atrium()
    if alone.ordinal is not None:
        pointed = _respond_to_pointing(spoken, alone, context)
        if pointed is not None:
            return pointed
    reading = lean(alone, topic, context.now) if topic is not None else alone
    focus = _focus(alone, context)
    return _answered(reading, context, focus, ground=topic.reading if focus and topic else None)


def _heard(spoken: str, context: Context) -> Reading:
    """The question by itself, before it leans on the thread."""
    alone = pointing(read(spoken, context.now, context.vocabulary))
    wish = _FOLLOWS.match(spoken)
    if wish is not None:
        ends = wish["not"] or _FOLLOWS_NOT.search(spoken)
        return replace(alone, intent=Intent.UNSUBSCRIBE if ends else Intent.SUBSCRIBE, follow_up=False)
    if asks_for_cancelled(spoken) and alone.intent in _MAY_NAME_ONE:
        return replace(alone, intent=Intent.LIST_SESSIONS, follow_up=False)
    if context.topic is not None and context.topic.uids and asks_for_the_next(spoken):
        return replace(alone, later=True, follow_up=True)
    return alone


def _respond_to_pointing(spoken: str, alone: Reading, context: Context) -> Reply | None:
    """The choice, or the atrium of the list, that an ordinal points at; None when it points at nothing."""
    topic = context.topic
    if topic is None:
        return no_list() if says_number(alone) and _names_nothing(alone) else None
    taken = _taken_choice(spoken, alone, topic)
    if taken is not None:
        return _respond_on(taken, replace(context, topic=replace(topic, choices=())))
    focus = _picked(alone, context)
    if focus is not None:
        return _answered(_about_one(alone, topic), context, (focus,), ground=topic.reading)
    if (_BARE_NUMBER.match(spoken) or says_number(alone)) and _names_nothing(alone):
        return _no_such_choice(topic) if topic.choices or topic.uids else no_list()
    return None


def _of_the_named(reading: Reading) -> Reading:
    """What is asked of the atrium whose key was said."""
    also = _of_the_named(reading.also) if reading.also else None
    if reading.intent is Intent.NEXT_SESSION:
        return replace(reading, intent=Intent.WHEN, also=also)
    stays = reading.intent in _ON_ONE | {Intent.UNSUBSCRIBE} or reading.intent not in _MAY_NAME_ONE
    return replace(reading, intent=reading.intent if stays else Intent.SESSION_DETAIL, also=also)


def _search_for(atrium: Atrium) -> Reading:
    """The search that finds this atrium, for "en daarna?"."""
    place = atrium.municipality if atrium.kind in BOUND_TO_PLACE else None
    return Reading(text="", intent=Intent.NEXT_SESSION, kind=atrium.kind, place=place)


def _position(ordinal: int, length: int) -> int | None:
    """The index that an ordinal stands for among `length` things; -1 is the last."""
    index = length - 1 if ordinal == -1 else ordinal - 1
    return index if 0 <= index < length else None


def _taken_choice(spoken: str, reading: Reading, topic: Topic) -> str | None:
    """The message that the taken choice stands for; None when the ordinal means something else."""
    if reading.ordinal is None or not topic.choices:
        return None
    if topic.uids and not _BARE_NUMBER.match(spoken):
        return None
    index = _position(reading.ordinal, len(topic.choices))
    return None if index is None else topic.choices[index]


def _names_nothing(reading: Reading) -> bool:
    named = reading.kind or reading.place or reading.places or reading.theme or reading.period
    return not (named or reading.weekdays or reading.without or reading.elsewhere)


def _picked(reading: Reading, context: Context) -> Atrium | None:
    """The atrium of the last list that an ordinal points at."""
    if reading.ordinal is None or not _names_nothing(reading) or context.topic is None:
        return None
    shown = context.topic.listed or context.topic.uids
    if reading.ordinal == -1 and shown == context.topic.uids and _MORE_CHOICE in context.topic.choices:
        last = last_of(Question(reading=context.topic.reading, context=context))
        if last is not None:
            return last
    index = _position(reading.ordinal, len(shown))
    if index is None:
        return None
    return context.agenda.find(shown[index], context.reads)


def _about_one(alone: Reading, topic: Topic) -> Reading:
    """A bare "de tweede" asks of the second what the thread was asking; else for its details."""
    if alone.intent in _ON_ONE:
        return alone
    asked = topic.reading.intent
    return replace(alone, intent=asked if asked in _ON_ONE else Intent.SESSION_DETAIL)


def _no_such_choice(topic: Topic) -> Reply:
    number = len(topic.choices) or len(topic.listed or topic.uids)
    offered = say("wedervraag.keuze") if number == 1 else say("wedervraag.keuzes", aantal=number_text(number))
    return Reply(headline=offered, paragraphs=(say("wedervraag.keuze uitleg"),), understood=False)


def _focus(alone: Reading, context: Context) -> tuple[Atrium, ...]:
    """The atria that a sentence leans on when it names nothing itself: "waar is dat?"."""
    spoken_of = _spoken_of(context)
    points = (
        alone.follow_up
        or (alone.intent is Intent.SUBSCRIBE and "herinner" in alone.text.casefold())
        # "hoe schrijf ik me in?" in a thread about one atrium is about that one.
        or (alone.intent in _ON_ONE - {Intent.SUBSCRIBE} and len(spoken_of) == 1)
    )
    leans = points and not alone.later and not alone.corrects and _names_nothing(alone)
    return spoken_of if leans and not alone.mine else ()


def _answered(
    reading: Reading, context: Context, focus: tuple[Atrium, ...], *, ground: Reading | None = None
) -> Reply:
    """The answer to a reading, with its second question, and what the thread should remember.

    `ground` is the search that found the focus, so that "en daarna?" goes on from it.
    """
    first = answer(Question(reading=reading, context=context, focus=focus))
    reply = _remembering(first, reading, context, ground)
    if reading.also is None or not first.understood:
        return reply
    second = answer(Question(reading=reading.also, context=context, focus=focus))
    return _together(reply, second, reading.also)


def _remembering(reply: Reply, reading: Reading, context: Context, ground: Reading | None) -> Reply:
    notes = tuple(sentence(remark) for remark in reading.noticed)
    return replace(
        reply,
        notes=(*notes, *reply.notes),
        reading=reading,
        topic=_topic(reply, reading, context, ground),
        answers_question=_answers(reply, reading),
    )


def _answers(reply: Reply, reading: Reading) -> bool:
    """Whether a question was answered or declined; who is asked back just answers."""
    if reading.intent is Intent.OUT_OF_SCOPE:
        return True
    return reply.understood and reading.intent not in _PASSING | _NO_GROUND


def _topic(reply: Reply, reading: Reading, context: Context, ground: Reading | None) -> Topic | None:
    """What the thread remembers of this answer; None leaves it as it was."""
    if reading.intent in _PASSING:
        return None
    if reading.intent in _NO_GROUND:
        bare = Topic(reading=Reading(text=reading.text, intent=reading.intent), at=context.now)
        return replace(context.topic or bare, asked=reading.text) if reading.text else None
    return Topic(
        reading=_grounded(reading, ground) if ground else reading,
        at=context.now,
        uids=reply.atria,
        choices=tuple(choice.says for choice in reply.choices),
        # "2" alone is no question: the one that it answers is.
        asked=asked_last(context.topic) if _BARE_NUMBER.match(reading.text) else "",
        listed=_listed(reply, context.topic),
        # What is wanted of one atrium that was told of is done with; "en in Gent?" asks anew.
        wish=wished(reply, reading, context) if ground is None else None,
    )


def _grounded(reading: Reading, ground: Reading) -> Reading:
    """What is asked of an atrium that was found before, with the search that found it."""
    return replace(
        reading,
        kind=reading.kind or ground.kind,
        audience=reading.audience or ground.audience,
        place=reading.place or ground.place,
        theme=reading.theme or ground.theme,
        mine=reading.mine or ground.mine,
    )


def _listed(reply: Reply, before: Topic | None) -> tuple[str, ...]:
    """The list that numbers point at: a new one, or the last while what is told comes from it."""
    if len(reply.atria) > 1:
        return reply.atria
    still = before is not None and bool(reply.atria) and set(reply.atria) <= set(before.listed)
    return before.listed if before is not None and still else ()


def _together(first: Reply, second: Reply, also: Reading) -> Reply:
    """Two answers in one: the second follows the first, unless it says nothing that is new."""
    same = bool(second.atria) and set(second.atria) <= set(first.atria) and not first.listed
    merely_links = also.intent is Intent.REGISTRATION and not second.paragraphs
    if same and (also.intent in _TOLD_TOGETHER or merely_links):
        return first
    said = set(first.plain_text().splitlines())
    bare = replace(second, source=None, choices=(), facts=() if same else second.facts)
    lines = tuple(line for line in bare.plain_text().splitlines() if line not in said)
    merges_cards = not first.listed and not second.listed
    new_cards = tuple(card for card in second.cards if card.uid not in first.atria) if merges_cards else ()
    return replace(
        first,
        notes=(*first.notes, *lines),
        cards=(*first.cards, *new_cards),
        source=first.source or second.source,
        changes=(*first.changes, *second.changes),
        private=first.private or second.private,
    )
