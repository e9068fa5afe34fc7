"""What the bot can do, and its small talk."""

from __future__ import annotations

from handlers.answers.question import Question
from handlers.moderation.permissions import moderates
from handlers.reply import Link, Reply
from handlers.wording.catalogue import say
from handlers.wording.texts import CONTACT_PHONE

_A_BOT = (
    r"\b(?:bende|zijde|(?:ben|bent|zijt|is|spreek|praat|chat|are) (?:je|jij|gij|ge|u|dit|ik|you|this))\b.*"
    r"\b(?:robot|bot|mens|computer|machine|programma|ai|chatbot|human|echt)\b"
)
#: Each line works as it stands; a test types every one of them.
EXAMPLES = (
    "Wanneer is het volgende provinciaal atrium in Gent?",
    "Welke lokale atria zijn er in februari?",
    "Ik werk in Zottegem, wanneer is mijn lokaal atrium?",
    "Waar is het atrium centrumsteden?",
    "Hoe kan ik mij inschrijven voor het lokaal atrium in Temse?",
    "Wat is een atrium op maat?",
    "Welke thematische groepen zijn er?",
    "Herinner mij aan het volgende lokaal atrium in de Kempen",
    "Wie kan ik contacteren?",
)


def _moderator_lines(question: Question) -> tuple[str, ...]:
    if not moderates(question.context.person):
        return ()
    return (say("hulp.moderator"),)


def help_text(question: Question) -> Reply:
    """What can be asked, with sentences that work, and how long an answer takes."""
    if question.says(_A_BOT):
        return Reply(headline=say("hulp.een bot", telefoon=CONTACT_PHONE), paragraphs=(say("hulp"),))
    delay = question.context.answer_delay
    url = question.context.public_url
    return Reply(
        headline=say("hulp"),
        paragraphs=(
            say("hulp.bijvoorbeeld"),
            *(f"- {example}" for example in EXAMPLES),
            say("hulp.inbreng"),
            say("hulp.gegevens"),
            *_moderator_lines(question),
        ),
        links=(Link(label=say("knop.hele agenda"), url=f"{url}/"),) if url else (),
        notes=(say(delay),) if delay else (),
    )


def greeting(_: Question) -> Reply:
    return Reply(headline=say("groet"))


def thanks(_: Question) -> Reply:
    return Reply(headline=say("dank"))
