"""What is kept of the one who asks, how to be forgotten, and the address of their own calendar.

What is only for their eyes is not said where others read along: there the answer tells how to get it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.answers.absent import contact_text
from handlers.answers.following import follow_text
from handlers.answers.question import Question
from handlers.answers.reminding import moments_text
from handlers.answers.wishes import Wish, wish_in
from handlers.changes import CalendarAddressed, MemberForgotten
from handlers.context import Context
from handlers.dossier import ACTS_KEPT_FOR, Dossier, Grant, Identity, PersonalData
from handlers.model import Role
from handlers.moderation.permissions import moderates
from handlers.reading.model import Intent, Reading
from handlers.reply import Fact, Link, Reply
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import date_with_year, local_day
from handlers.wording.sentences import enumeration, number_text, quoted

#: How many contributions are shown in full, and how much of each, in characters.
MOST_SHOWN = 20
SHOWN_LENGTH = 300

_PLATFORMS = Said(
    {
        "local": "platform.local",
        "slack": "platform.slack",
        "engage": "platform.engage",
        "console": "platform.console",
        "cli": "platform.cli",
    }
)
_ROLES = Said(
    {
        Role.READER: "rol.lezer",
        Role.REGIONAL_MODERATOR: "rol.regionaal moderator",
        Role.MODERATOR: "rol.moderator",
        Role.ADMINISTRATOR: "rol.beheerder",
    }
)


def respond(text: str, context: Context) -> Reply | None:
    """The reply to a wish about one's own data; None when the message is none."""
    wish = wish_in(text)
    if wish is None:
        return None
    if context.dossier is None:
        return Reply(
            headline=say("gegevens.onbekende"),
            paragraphs=(say("gegevens.onbekende uitleg"),),
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
        headline=say("gegevens.kop"),
        facts=tuple(_facts(question, data)),
        notes=(
            *((say("gegevens.en nog inbreng", aantal=number_text(hidden)),) if hidden > 0 else ()),
            say("gegevens.hoe lang", dagen=_days(data)),
            *_acts(question.context),
            say("vergeten.kan"),
        ),
        private=True,
    )


def _facts(question: Question, data: PersonalData) -> Iterator[Fact]:
    yield Fact(label=say("label.naam"), text=data.name or say("gegevens.naam onbekend"))
    yield Fact(label=say("label.platform"), text=enumeration([_identity(each) for each in data.identities]))
    yield Fact(label=say("label.bekend sinds"), text=date_with_year(local_day(data.known_since)))
    yield Fact(label=say("label.gemeente"), text=data.municipality or say("gegevens.gemeente onbekend"))
    yield Fact(label=say("label.rol"), text=_roles(data.grants))
    follows = [follow_text(each, question) for each in data.follows]
    yield Fact(label=say("label.je volgt"), text=enumeration(follows) or say("gegevens.volgt niets"))
    if data.follows and question.context.writes:
        yield Fact(label=say("label.herinneringen"), text=_moments(data))
    if data.communities:
        yield Fact(label=say("label.je hoort bij"), text=enumeration(data.communities))
    yield Fact(label=say("label.inbreng"), text=_times(len(data.contributions)))
    for number, text in enumerate(data.contributions[:MOST_SHOWN], start=1):
        yield Fact(label=say("label.inbreng nummer", nummer=str(number)), text=quoted(text, SHOWN_LENGTH))
    yield Fact(label=say("label.berichten"), text=number_text(data.messages))
    yield Fact(label=say("label.niet begrepen"), text=number_text(data.unread))
    address = _address(question.context, data.feed_token) if data.feed_token else None
    yield Fact(label=say("label.je eigen kalender"), text=address or say("gegevens.geen kalender"))


def _data_in_general(data: PersonalData) -> Reply:
    """The summary for where others read along: what is kept of anybody, nothing of this one."""
    return Reply(
        headline=say("gegevens.meelezers"),
        paragraphs=(
            say("gegevens.in het algemeen", dagen=_days(data)),
            say("gegevens.op vraag"),
            _privately("mijn gegevens"),
            say("vergeten.kan"),
        ),
        private=True,
    )


def _identity(known: Identity) -> str:
    """ "Slack (U0123, an@example.org)"."""
    told = f"{known.external_id}, {known.email}" if known.email else known.external_id
    return f"{_PLATFORMS.get(known.platform, known.platform)} ({told})"


def _moments(data: PersonalData) -> str:
    if not data.reminders:
        return say("gegevens.geen herinneringen")
    return say("gegevens.herinneringen", momenten=moments_text(data.reminders))


def _roles(grants: Sequence[Grant]) -> str:
    if not grants:
        return say("rol.lid")
    return enumeration(
        [
            _ROLES.get(each.role, say("rol.lid"))
            + (f" ({', '.join(sorted(each.scope))})" if each.scope else "")
            for each in grants
        ]
    )


def _times(number: int) -> str:
    return (
        say("gegevens.keer inbreng", aantal=number_text(number)) if number else say("gegevens.geen inbreng")
    )


def _days(data: PersonalData) -> str:
    number = data.kept_for.days
    return say("gegevens.een dag") if number == 1 else say("gegevens.dagen", aantal=str(number))


def _acts(context: Context) -> tuple[str, ...]:
    if not moderates(context.person):
        return ()
    years = number_text(ACTS_KEPT_FOR.days // 365)
    return (say("gegevens.als moderator", jaren=years),)


def _privately(command: str) -> str:
    contact = contact_text()
    return say("gegevens.elders", opdracht=command, contact=contact[:1].lower() + contact[1:])


# --- being forgotten -------------------------------------------------------------------------------


def _is_it_meant(context: Context) -> Reply:
    """Asks once, in words, and names what goes."""
    stays = (say("vergeten.op het platform"),)
    return Reply(
        headline=say("vergeten.zeker"),
        paragraphs=(
            say("vergeten.wat"),
            *(stays if context.person.platform != "local" else ()),
            *_what_moderators_leave(context),
            say("vergeten.bevestig"),
        ),
        private=True,
    )


def _what_moderators_leave(context: Context) -> tuple[str, ...]:
    if not moderates(context.person):
        return ()
    years = number_text(ACTS_KEPT_FOR.days // 365)
    return (say("vergeten.moderator", jaren=years),)


def _forgotten() -> Reply:
    return Reply(
        headline=say("vergeten.gebeurd"),
        paragraphs=(say("vergeten.gebeurd uitleg"),),
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
            headline=say("kalender.vervangen"),
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
        return Reply(headline=say("kalender.geen webadres"))
    return Reply(
        headline=say("kalender.kop"),
        paragraphs=(
            *((say("kalender.vervangen"),) if replaced else ()),
            say("kalender.hoe"),
            *((say("kalender.leeg"),) if not context.person.follows else ()),
        ),
        links=(Link(label=say("knop.je kalender"), url=address),),
        notes=(say("kalender.niet voor anderen"),),
        changes=changes,
        private=True,
    )


def _calendar_in_general(command: str) -> Reply:
    return Reply(
        headline=say("kalender.meelezers"),
        paragraphs=(_privately(command),),
        private=True,
    )
