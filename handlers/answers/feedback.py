"""What people say of the last answer: that it was not what they asked, or that it was.

Only a message that says nothing else is one: "nee, Leuven" corrects, and "dat klopt niet, wanneer
is het in Leuven?" asks anew. The question that was answered wrong goes on the moderators' list.
"""

from __future__ import annotations

import re

from handlers.answers.absent import contact_text
from handlers.answers.question import folded
from handlers.answers.unread import Why, kept
from handlers.context import Context, Topic
from handlers.reading.model import Intent, Reading
from handlers.reply import Reply
from handlers.wording.catalogue import say

#: What a button for it says in the name of who presses it.
THUMBS_DOWN = "👎"

# Longer than any of these sentences; what is longer is not looked at.
_LONGEST = 120

_DOWN = re.compile(r"👎[\U0001F3FB-\U0001F3FF]?|:(?:-1|thumbsdown)(?:::skin-tone-\d)?:")
_UP = re.compile(r"👍[\U0001F3FB-\U0001F3FF]?|:(?:\+1|thumbsup)(?:::skin-tone-\d)?:")
_MENTION = re.compile(r"<@[^>]*>|(?<!\w)@\S+")

# What a message may begin with, and what may stand anywhere in it, without meaning more.
_OPENING = r"(?:(?:nee+n?|sorry|maar|helaas|jammer|hm+|eu?h?m?|ah|oei|allez|atriumbot|bot|hallo|dag) )*"
_SOMEHOW = (
    r"(?: (?:toch|echt|helemaal|gewoon|eigenlijk|volgens mij|hoor|nu|absoluut|totaal|precies|denk ik|he|"
    r"blijkbaar|jammer genoeg|zeker|exact))*"
)
_THAT = r"(?:dat|dit|das|da|het|(?:(?:je|jouw|uw|dit|dat|het) )?(?:antwoord|info|informatie))"
_IT_IS = rf"(?:{_THAT} )?(?:(?:is|was){_SOMEHOW} )?"
_FALSE = r"(?:foute?|foutief|verkeerde?|onjuiste?|incorrect|mis|slecht)"
_TRUE = r"(?:het )?(?:juiste?|correcte?|goede?|waar|oke?)"
_OF_WHAT = (
    r"(?: (?:antwoord|info|informatie|atrium|soort|plaats|gemeente|stad|regio|datum|dag|periode|adres|link|"
    r"begrepen|gelezen|verstaan|beantwoord))?"
)
_I_ASK = r"(?:vroeg|vraag|bedoel|bedoelde|zoek|zocht)"
_ASKED = (
    rf"(?:{_I_ASK}|vroegen|bedoelen|zoeken|(?:heb |had )?(?:gevraagd|bedoeld)(?: heb| had| hebben)?|"
    r"(?:wil|wou|wilde|willen)(?: weten)?|nodig heb|moet hebben|moest hebben)"
)
_YOU = r"(?:je|jij|u|ge)"
_TAKEN = r"(?:begrepen|gelezen|verstaan|beantwoord)"
_MY_QUESTION = r"(?:mijn|de|onze) vraag"

_WAYS_TO_SAY_WRONG = (
    r"duimomlaag(?: duimomlaag)*",
    # "dat klopt helemaal niet", "dat kan niet kloppen"
    rf"(?:{_THAT} )?(?:klopt|kloppen){_SOMEHOW} niet(?: meer)?",
    rf"{_THAT} kan{_SOMEHOW} niet kloppen",
    # "fout antwoord", "dat is niet juist", "verkeerde gemeente"
    rf"{_IT_IS}(?:(?:het|een) )?(?:{_FALSE}|niet{_SOMEHOW} {_TRUE}){_OF_WHAT}",
    # "dat is niet wat ik vroeg", "dat heb ik niet gevraagd", "ik bedoelde iets anders"
    rf"{_IT_IS}niet{_SOMEHOW} (?:wat|hetgeen|waar) (?:ik|we|wij){_SOMEHOW} (?:naar )?{_ASKED}",
    rf"(?:{_THAT}|daar) (?:{_I_ASK}|heb|had) ik{_SOMEHOW} niet(?: naar)?(?: gevraagd| bedoeld)?",
    rf"ik {_I_ASK}{_SOMEHOW} (?:iets (?:helemaal )?anders|(?:dat|dit){_SOMEHOW} niet)",
    # "dat was mijn vraag niet", "dat is geen antwoord op mijn vraag", "je antwoordt niet op mijn vraag"
    rf"{_IT_IS}(?:niet {_MY_QUESTION}|{_MY_QUESTION} niet|het antwoord niet)",
    rf"{_IT_IS}geen antwoord(?: op {_MY_QUESTION})?",
    rf"(?:{_THAT}|{_YOU}) antwoordt?{_SOMEHOW} niet(?: op {_MY_QUESTION})?",
    rf"(?:{_THAT}|{_YOU}) beantwoordt?{_SOMEHOW} {_MY_QUESTION} niet",
    # "je begrijpt mijn vraag niet", "je hebt mij verkeerd begrepen"
    rf"{_YOU} (?:begrijpt|verstaat|snapt) (?:me|mij|het|{_MY_QUESTION}){_SOMEHOW} (?:niet|verkeerd)",
    rf"{_YOU} hebt (?:me|mij|het|{_MY_QUESTION}){_SOMEHOW} (?:niet|verkeerd)(?: goed)? {_TAKEN}",
    # "daar ben ik niets mee", "dat helpt mij niet verder"
    r"(?:daar|hier|daarmee|hiermee) (?:ben|heb) ik (?:niets|niks|niet veel)(?: mee| aan)?(?: geholpen)?",
    rf"{_THAT} helpt (?:me |mij |ons )?niet(?: verder| vooruit| echt)?",
    r"(?:thats |that is )?(?:wrong|not (?:right|correct|what i asked))(?: answer)?",
    r"mauvaise reponse|(?:ce nest|cest) pas (?:ma question|ce que jai demande)|cest faux",
)
_WRONG = re.compile(f"{_OPENING}(?:{'|'.join(_WAYS_TO_SAY_WRONG)}){_SOMEHOW}")
_RIGHT = re.compile(
    r"(?:ja )?(?:duimomhoog(?: duimomhoog)*|(?:dat |dit |het )?klopt|perfect|"
    r"(?:dat is )?(?:(?:helemaal )?(?:juist|correct|in orde|goed zo|top|super)|"
    r"(?:precies |juist )?wat ik (?:zocht|vroeg|bedoelde)))"
    r"(?: hoor| inderdaad| helemaal)?(?: bedankt| merci| dank (?:je|u)(?: wel)?| dankjewel| thx)?"
)


def says_wrong(said: str) -> bool:
    """Whether a message says that the last answer was not what was asked, and nothing else."""
    return _WRONG.fullmatch(_plain_words(said)) is not None


def says_right(said: str) -> bool:
    """Whether a message says that the last answer was right, and nothing else; "klopt dat?" asks."""
    return "?" not in said and _RIGHT.fullmatch(_plain_words(said)) is not None


def feedback(said: str, context: Context) -> Reply | None:
    """The reply to what somebody says of the last answer; None when the message is something else."""
    if says_wrong(said):
        return _rejected(context)
    if says_right(said):
        return Reply(headline=say("dank"), reading=Reading(text=said, intent=Intent.THANKS))
    return None


def asked_last(topic: Topic | None) -> str:
    """The question that was answered last in the thread; empty when nobody asked one."""
    return "" if topic is None else topic.asked or topic.reading.text


def _rejected(context: Context) -> Reply:
    """The question goes on the list; of an outsider nothing is kept, so nothing is said of a list."""
    asked = context.objected_to or asked_last(context.topic)
    contact = say("contact.liever iemand", contact=contact_text())
    if not asked:
        return Reply(
            headline=say("mening.welke vraag"),
            paragraphs=(say("mening.opnieuw", contact=contact),),
        )
    if not context.person.is_known:
        return Reply(headline=say("mening.anders"), paragraphs=(contact,))
    return Reply(
        headline=say("niet wat je vroeg"),
        paragraphs=(say("mening.anders met contact", contact=contact),),
        changes=(kept(asked, Why.REJECTED),),
    )


def _plain_words(said: str) -> str:
    """The words with a blank between, without case, signs and mentions; a thumb is a word too."""
    if len(said) > _LONGEST:
        return ""
    shown = _UP.sub(" duimomhoog ", _DOWN.sub(" duimomlaag ", _MENTION.sub(" ", folded(said))))
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", shown)))
