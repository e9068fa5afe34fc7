"""A theme or an atrium that members suggest; what is handed in for one atrium is the moderators' part."""

from __future__ import annotations

from handlers.answers.absent import contact_text
from handlers.answers.question import Question
from handlers.changes import ContributionHandedIn
from handlers.model import Contribution
from handlers.reply import Fact, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

#: How much of a suggestion is kept, in characters.
MOST_KEPT = 1000


def suggest_topic(question: Question) -> Reply:
    """A suggested theme or atrium goes to the moderators, as it was typed."""
    if not question.context.person.is_known:
        return Reply(
            headline=say("voorstel.onbekende"),
            paragraphs=(say("voorstel.bellen", contact=contact_text()),),
            understood=False,
        )
    reading = question.reading
    contribution = Contribution(
        text=reading.text[:MOST_KEPT], kind=reading.kind, place=reading.place, theme=reading.theme
    )
    return Reply(
        headline=say("thema voorgesteld"),
        facts=(Fact(label=say("label.je voorstel"), text=quoted(reading.theme or reading.text)),),
        changes=(ContributionHandedIn(contribution=contribution),),
    )
