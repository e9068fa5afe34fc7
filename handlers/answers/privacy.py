"""What is kept of the one who asks, how to be forgotten, and the address of their own calendar.

What is only for their eyes is not said where others read along: there the answer tells how to get it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.answers.absent import contact_text
from handlers.answers.following import follow_text
from handlers.answers.question import Question
from handlers.answers.wishes import Wish, wish_in
from handlers.changes import CalendarAddressed, MemberForgotten
from handlers.context import Context
from handlers.dossier import ACTS_KEPT_FOR, Dossier, Grant, PersonalData
from handlers.model import Role
from handlers.reading.model import Intent, Reading
from handlers.reply import Fact, Link, Reply
from handlers.wording.dates import date_with_year, local_day
from handlers.wording.sentences import enumeration, number_text, quoted

#: How many contributions are shown in full, and how much of each, in characters.
MOST_SHOWN = 20
SHOWN_LENGTH = 300

_PLATFORMS = {
    "local": "de lokale community",
    "slack": "Slack",
    "engage": "Viva Engage",
    "cli": "de opdrachtregel",
}
_ROLES = {
    Role.REGIONAL_MODERATOR: "regionaal moderator",
    Role.MODERATOR: "moderator",
    Role.ADMINISTRATOR: "beheerder",
}
_IN_GENERAL = (
    "Van wie mij iets vraagt, bewaar ik de naam, het platform, de berichten aan mij en mijn antwoorden. "
    "Berichten en antwoorden wis ik na {days}."
)
_ON_REQUEST = (
    "Alleen als je het zelf vroeg of doorgaf, bewaar ik ook je gemeente, wat je volgt, wat je inbracht en "
    "je kalenderlink."
)
_KEPT_FOR = (
    "Berichten, mijn antwoorden en inbreng voor voorbije atria wis ik na {days}; de rest bewaar ik tot je "
    "zegt dat het weg mag."
)
_WHAT_GOES = (
    "Dat zijn je naam, je gemeente, wat je volgt, je kalenderlink, wat je inbracht, je berichten aan mij en "
    "mijn antwoorden daarop. Je krijgt daarna geen herinneringen meer. Ongedaan maken kan niet."
)
_ACTS_STAY = (
    "Wat je als moderator deed, blijft {years} jaar bewaard onder een schuilnaam. Sta je met naam in de "
    "instellingen van de bot, dan kan alleen de beheerder je daar schrappen."
)
_NOT_FOR_OTHERS = (
    "Wie dit adres heeft, ziet wat je volgt: geef het niet door. Een nieuw adres krijg je met "
    '"maak een nieuwe kalenderlink"; het oude werkt dan niet meer.'
)
_FORGETTING = 'Met "vergeet mij" wis ik alles wat ik van je bewaar.'


def respond(text: str, context: Context) -> Reply | None:
    """The reply to a wish about one's own data; None when the message is none."""
    wish = wish_in(text)
    if wish is None:
        return None
    if context.dossier is None:
        return Reply(
            headline="Van jou bewaar ik niets: ik weet niet wie je bent.",
            paragraphs=("Vraag het in een community van het netwerk, of in een privébericht.",),
            private=True,
        )
    question = Question(reading=Reading(text=text, intent=Intent.HELP), context=context)
    match wish:
        case Wish.DATA:
            return _data(question, context.dossier.read())
        case Wish.FORGET:
            return _is_it_meant(context)
        case Wish.FORGET_SURELY:
            return _forgotten()
        case Wish.CALENDAR:
            return _calendar(question, context.dossier)
        case Wish.NEW_CALENDAR:
            return _new_calendar(question, context.dossier)


# --- seeing it -------------------------------------------------------------------------------------


def _data(question: Question, data: PersonalData) -> Reply:
    if question.context.is_overheard:
        return _data_in_general(data)
    hidden = len(data.contributions) - MOST_SHOWN
    return Reply(
        headline="Dit bewaar ik van jou.",
        facts=tuple(_facts(question, data)),
        notes=(
            *((f"En nog {number_text(hidden)} keer inbreng.",) if hidden > 0 else ()),
            _KEPT_FOR.format(days=_days(data)),
            *_acts(question.context),
            _FORGETTING,
        ),
        private=True,
    )


def _facts(question: Question, data: PersonalData) -> Iterator[Fact]:
    yield Fact(label="Naam", text=data.name or "niet bekend")
    known = [
        f"{_PLATFORMS.get(each.platform, each.platform)} ({each.external_id})" for each in data.identities
    ]
    yield Fact(label="Platform", text=enumeration(known))
    yield Fact(label="Bekend sinds", text=date_with_year(local_day(data.known_since)))
    yield Fact(label="Gemeente", text=data.municipality or "niet doorgegeven")
    yield Fact(label="Rol", text=_roles(data.grants))
    follows = [follow_text(each, question) for each in data.follows]
    yield Fact(label="Je volgt", text=enumeration(follows) or "niets")
    yield Fact(label="Inbreng", text=_times(len(data.contributions)))
    for number, text in enumerate(data.contributions[:MOST_SHOWN], start=1):
        yield Fact(label=f"Inbreng {number}", text=quoted(text, SHOWN_LENGTH))
    yield Fact(label="Berichten aan mij", text=number_text(data.messages))
    yield Fact(label="Vragen die ik niet begreep, zonder je naam", text=number_text(data.unread))
    address = _address(question.context, data.feed_token) if data.feed_token else None
    yield Fact(label="Je eigen kalender", text=address or 'niet gevraagd: dat kan met "mijn agenda"')


def _data_in_general(data: PersonalData) -> Reply:
    """The summary for where others read along: what is kept of anybody, nothing of this one."""
    return Reply(
        headline="Wat ik precies van jou bewaar, zeg ik niet waar anderen meelezen.",
        paragraphs=(
            _IN_GENERAL.format(days=_days(data)),
            _ON_REQUEST,
            _privately("mijn gegevens"),
            _FORGETTING,
        ),
        private=True,
    )


def _roles(grants: Sequence[Grant]) -> str:
    if not grants:
        return "lid"
    return enumeration(
        [
            _ROLES.get(each.role, "lid") + (f" ({', '.join(sorted(each.scope))})" if each.scope else "")
            for each in grants
        ]
    )


def _times(number: int) -> str:
    return f"{number_text(number)} keer" if number else "geen"


def _days(data: PersonalData) -> str:
    number = data.kept_for.days
    return "een dag" if number == 1 else f"{number} dagen"


def _acts(context: Context) -> tuple[str, ...]:
    if not context.person.role.moderates:
        return ()
    years = number_text(ACTS_KEPT_FOR.days // 365)
    return (f"Wat je als moderator aankondigde, wijzigde of annuleerde, blijft {years} jaar bewaard.",)


def _privately(command: str) -> str:
    return (
        f'Stuur mij "{command}" in een privébericht, waar dat kan, of vraag het aan de '
        f"{contact_text()[:1].lower()}{contact_text()[1:]}"
    )


# --- being forgotten -------------------------------------------------------------------------------


def _is_it_meant(context: Context) -> Reply:
    """Asks once, in words, and names what goes."""
    stays = ("Je eigen berichten op het platform blijven daar staan: die verwijder je zelf.",)
    return Reply(
        headline="Weet je het zeker? Ik wis dan alles wat ik van je bewaar.",
        paragraphs=(
            _WHAT_GOES,
            *(stays if context.person.platform != "local" else ()),
            *_what_moderators_leave(context),
            'Antwoord hier met "ja, vergeet mij" als je dat wilt. Anders hoef je niets te doen.',
        ),
        private=True,
    )


def _what_moderators_leave(context: Context) -> tuple[str, ...]:
    if not context.person.role.moderates:
        return ()
    years = number_text(ACTS_KEPT_FOR.days // 365)
    return (_ACTS_STAY.format(years=years),)


def _forgotten() -> Reply:
    return Reply(
        headline="Gebeurd: ik ben je vergeten.",
        paragraphs=("Vraag je mij later weer iets, dan begin ik opnieuw, zoals met iemand die ik niet ken.",),
        changes=(MemberForgotten(),),
        private=True,
    )


# --- their own calendar ----------------------------------------------------------------------------


def _address(context: Context, token: str) -> str | None:
    return f"{context.public_url}/mijn/{token}.ics" if context.public_url else None


def _calendar(question: Question, dossier: Dossier) -> Reply:
    if question.context.is_overheard:
        return _calendar_in_general("mijn agenda")
    token = dossier.read().feed_token
    if token is not None:
        return _calendar_at(token, question.context, changes=())
    token = dossier.new_token()
    return _calendar_at(token, question.context, changes=(CalendarAddressed(token=token),))


def _new_calendar(question: Question, dossier: Dossier) -> Reply:
    """The old address is shut also where others read along; the new one is not told there."""
    token = dossier.new_token()
    changes = (CalendarAddressed(token=token),)
    if question.context.is_overheard:
        told = _calendar_in_general("mijn agenda")
        return Reply(
            headline="Je oude kalenderlink werkt niet meer.",
            paragraphs=(told.headline, *told.paragraphs),
            changes=changes,
            private=True,
        )
    return _calendar_at(token, question.context, changes=changes, replaced=True)


def _calendar_at(
    token: str, context: Context, *, changes: tuple[CalendarAddressed, ...], replaced: bool = False
) -> Reply:
    address = _address(context, token)
    if address is None:
        return Reply(headline="Een eigen kalender kan ik niet geven: de agenda heeft geen webadres.")
    empty = (
        'Je volgt nu niets, dus hij is nog leeg. Typ bijvoorbeeld "herinner mij aan de provinciale atria".'
    )
    return Reply(
        headline="Je eigen kalender toont de openbare atria die je volgt.",
        paragraphs=(
            *(("Je oude kalenderlink werkt niet meer.",) if replaced else ()),
            "Voeg het adres in je agenda toe als abonnement: dan blijft hij vanzelf bij.",
            *((empty,) if not context.person.follows else ()),
        ),
        links=(Link(label="Je kalender", url=address),),
        notes=(_NOT_FOR_OTHERS,),
        changes=changes,
        private=True,
    )


def _calendar_in_general(command: str) -> Reply:
    return Reply(
        headline="De link van je eigen kalender geef ik niet waar anderen meelezen: wie hem heeft, ziet wat "
        "je volgt.",
        paragraphs=(_privately(command),),
        private=True,
    )
