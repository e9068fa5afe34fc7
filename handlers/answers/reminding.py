"""How long before the start a member is reminded in private: "herinner mij 3 dagen vooraf"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.answers.question import folded
from handlers.changes import Followed, RemindersChosen
from handlers.context import Context
from handlers.model import REMINDED_BEFORE
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration, number_text

#: A member may choose so many moments, and none longer before.
MOST_MOMENTS = 5
MOST_DAYS = 60

_WORDS = {folded(number_text(number)): number for number in range(1, 11)} | {
    "een": 1,
    "veertien": 14,
    "de": 1,
}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_WORDS)})"
_UNIT = r"(?:dag(?:en)?|d|week|weken|w)"
_ITEM = rf"{_NUMBER} ?(?:{_UNIT}\b)?"
_BEFORE = r"(?:vooraf|voordien|ervoor|op voorhand|van te ?voren|voor (?:het|de|een) (?:begin|start|atrium))"
#: "7 en 1 dag vooraf", "een week en een dag op voorhand".
_MOMENTS = re.compile(rf"\b(?P<items>{_ITEM}(?: ?(?:,|en|&|\+) ?{_ITEM})*) {_BEFORE}\b")
_EACH = re.compile(rf"\b(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT}\b)?")
_REMINDS = re.compile(r"\bherinner")
_NEVER = re.compile(
    r"(?:ik wil |stuur (?:mij |me )?|geef (?:mij |me )?)?geen (?:persoonlijke )?herinneringen(?: aub)?"
)
_USUAL = re.compile(
    r"(?:stuur |geef )?(?:mij |me )?(?:mijn |de )?herinneringen (?:weer )?(?:zoals|als) "
    r"(?:gewoonlijk|gewoon|eerst|voorheen|vroeger|standaard)"
)
#: What is left of a message that says nothing but the moment.
_BARE = re.compile(
    r"(?:(?:ik wil|graag|aub|herinner|stuur|geef|krijg|zet|mij|me|mijn|de|een|alle|altijd|voortaan"
    r"|telkens|steeds|herinnering(?:en)?|herinnerd|worden|op) ?)*"
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """The moments that a message asks for (none: never; None: as usual), and what else it says."""

    before: tuple[dt.timedelta, ...] | None
    rest: str
    typed: tuple[int, ...] = ()


def respond(text: str, context: Context, answer: Callable[[str, Context], Reply]) -> Reply | None:
    """The reply to a wish about the moments of one's reminders; None when the message is none.

    Args:
        answer: answers what the message says besides: "herinner mij 3 dagen vooraf aan atr-1-044".
    """
    wish = _wish_in(text)
    if wish is None:
        return None
    if not context.person.is_known:
        return Reply(headline=say("volgen.onbekende"), understood=False)
    if any(not 1 <= days <= MOST_DAYS for days in wish.typed) or len(wish.typed) > MOST_MOMENTS:
        most = say("herinneren.hoogstens", aantal=number_text(MOST_MOMENTS), dagen=str(MOST_DAYS))
        return Reply(headline=most, understood=False, private=True)
    about_one = context.topic is not None and len(context.topic.uids) == 1
    if wish.rest or (wish.typed and about_one):
        followed = answer(wish.rest or "herinner mij", context)
        if any(isinstance(change, Followed) for change in followed.changes):
            return _with_moments(followed, wish, context)
        if wish.rest:
            return followed
    return _chosen(wish, context)


def moments_text(before: tuple[dt.timedelta, ...]) -> str:
    """ "7 dagen en 1 dag"; empty for never."""
    days = sorted({each.days for each in before}, reverse=True)
    return enumeration(
        [f"{number} {say('herinneren.dag') if number == 1 else say('herinneren.dagen')}" for number in days]
    )


def _of_days(number: int) -> str:
    return say("herinneren.dag" if number == 1 else "herinneren.dagen")


def told_text(before: tuple[dt.timedelta, ...]) -> str:
    """What somebody who follows something is told in private, and when."""
    if not before:
        return say("herinneren.nooit")
    return say("herinneren.wanneer", momenten=moments_text(before))


def _chosen(wish: _Wish, context: Context) -> Reply:
    if not context.writes:
        return Reply(headline=say("herinneren.niet hier"), private=True)
    before = REMINDED_BEFORE if wish.before is None else wish.before
    headline = (
        say("herinneren.genoteerd", momenten=moments_text(before))
        if before
        else say("herinneren.genoteerd nooit")
    )
    follows = bool(context.person.follows)
    what = say("herinneren.voor alles") if before else _still_told(follows)
    nothing = say("herinneren.nog niets")
    return Reply(
        headline=headline,
        paragraphs=(
            what if follows or not before else nothing,
            *((say("herinneren.stoppen"),) if before else ()),
        ),
        changes=(RemindersChosen(before=wish.before),),
        private=True,
    )


def _still_told(follows: bool) -> str:
    return say("herinneren.wat blijft") if follows else say("herinneren.toch weer")


def _with_moments(followed: Reply, wish: _Wish, context: Context) -> Reply:
    """What is followed from now on, and the moments that go for all that is followed."""
    if wish.before is None:
        return followed
    if not context.writes:
        calendar, not_here = say("volgen.kalender"), say("herinneren.niet hier")
        kept = (each for each in followed.paragraphs if each != calendar)
        return replace(followed, paragraphs=(not_here, *kept))
    usual = told_text(context.person.reminders)
    said = (
        say("herinneren.wanneer voor alles", momenten=moments_text(wish.before))
        if wish.before
        else say("herinneren.nooit voor alles")
    )
    return replace(
        followed,
        paragraphs=tuple(said if each == usual else each for each in followed.paragraphs),
        changes=(*followed.changes, RemindersChosen(before=wish.before)),
    )


def _wish_in(text: str) -> _Wish | None:
    said = " ".join(re.sub(r"[^\w ,&+-]", " ", folded(text)).split())
    if _NEVER.fullmatch(said):
        return _Wish((), "")
    if _USUAL.fullmatch(said):
        return _Wish(None, "")
    found = _MOMENTS.search(said)
    if found is None or not _REMINDS.search(said):
        return None
    days = _days(found["items"])
    rest = " ".join(f"{said[: found.start()]} {said[found.end() :]}".split())
    before = tuple(dt.timedelta(days=each) for each in days)
    return _Wish(before, "" if _BARE.fullmatch(rest) else rest, days)


def _days(items: str) -> tuple[int, ...]:
    """The days of "2 weken en 1 dag", or of "7 en 1 dag": a number without unit has that of the next."""
    unit, found = say("herinneren.dag"), []
    for each in reversed(list(_EACH.finditer(items))):
        unit = each["unit"] or unit
        number = _WORDS.get(each["number"]) or int(each["number"])
        found.append(number * 7 if unit.startswith("w") else number)
    return tuple(sorted(set(found), reverse=True))
