"""What moderators do in a conversation with what members handed in: see, order, merge, answer, decline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.changes import ContributionSettled
from handlers.context import Context, Contributions, HandedIn
from handlers.model import Atrium
from handlers.moderation.commands import Act
from handlers.moderation.contribution_state import MAY_BECOME, STATE_NAMES, ContributionState
from handlers.moderation.existing import refused
from handlers.moderation.permissions import moderates, refused_member
from handlers.moderation.steps import step
from handlers.moderation.target import about_here, find_by_key, find_described
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

_BECOMES = {
    Act.ON_AGENDA: ContributionState.OP_DE_AGENDA,
    Act.ANSWER: ContributionState.BEANTWOORD,
    Act.DECLINE: ContributionState.GEWEIGERD,
    Act.MERGE: ContributionState.SAMENGEVOEGD,
}
_NOUN = "handeling.inbreng"
_MOST_LINES = 25
_FIRST = re.compile(r"\bals eerste\b|\bbovenaan\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:op plaats|als nummer|plaats)\s+(\d{1,3})\b", re.IGNORECASE)


def with_contribution(act: Act, text: str, context: Context) -> Reply | None:
    """The reply to one of these commands; `text` holds the number, and what follows it.

    None where a member asks: what they handed in themselves is for the answers.
    """
    if not moderates(context.person):
        return None if act is Act.SHOW_HANDED_IN else refused_member(_NOUN)
    port = context.contributions
    if port is None:
        return step(context, say("inbreng.hier niet"), understood=False)
    if act is Act.SHOW_HANDED_IN:
        return _listed(text, port, context)
    number, _, rest = text.strip().partition(" ")
    found = port.find(int(number))
    atrium = _atrium_of(found, context)
    if found is None or (found.atrium_uid is not None and atrium is None):
        return step(
            context,
            say("inbreng.onbekend", nummer=number),
            [say("inbreng.onbekend uitleg")],
            understood=False,
        )
    if no := refused(atrium, context, _NOUN):
        return no
    return _settled(act, found, rest.strip(), port, context)


def _atrium_of(found: HandedIn | None, context: Context) -> Atrium | None:
    if found is None or found.atrium_uid is None:
        return None
    return context.agenda.find(found.atrium_uid, context.reads)


# --- seeing --------------------------------------------------------------------------------------------


def _listed(text: str, port: Contributions, context: Context) -> Reply:
    described = re.sub(r"^(?:voor|van|bij)\s+|[\s?!.]+$", "", text.strip())
    by_key = find_by_key(described, context)
    found = (
        [by_key[0]]
        if by_key
        else list(find_described(described, context) if described else about_here(context))
    )
    if len(found) != 1:
        return step(
            context,
            say("inbreng.van welk"),
            [say("inbreng.van welk uitleg")],
            understood=False,
        )
    (atrium,) = found
    if no := refused(atrium, context, _NOUN):
        return no
    handed_in = port.of_atrium(atrium.uid)
    about = {"titel": atrium.title, "wanneer": when_text(atrium)}
    if not handed_in:
        return step(context, say("inbreng.nog geen", **about), uids=(atrium.uid,), private=True)
    left = len(handed_in) - _MOST_LINES
    return step(
        context,
        say("inbreng.voor", **about),
        [
            "\n".join(lines(handed_in[:_MOST_LINES])),
            say("inbreng.en nog", aantal=str(left)) if left > 0 else "",
            say("inbreng.hoe", nummer=str(handed_in[0].number)),
        ],
        uids=(atrium.uid,),
        private=True,
    )


def lines(handed_in: Sequence[HandedIn]) -> list[str]:
    """One line each: "3. "Mag het korter?", op de agenda (punt 1)"."""
    return [_line(each) for each in handed_in]


def _line(each: HandedIn) -> str:
    state = STATE_NAMES[each.state]
    if each.state is ContributionState.SAMENGEVOEGD and each.into is not None:
        state = say("inbreng.samengevoegd met", nummer=str(each.into))
    elif each.position is not None:
        state = say("inbreng.toestand met punt", toestand=state, punt=str(each.position))
    told = [each.sort.value] if each.sort else []
    if each.author:
        told.append(say("inbreng.van", naam=quoted(each.author)))
    if not each.is_vouched_for:
        told.append(say("inbreng.van de pagina"))
    about = "".join(f", {one}" for one in told)
    return f'{each.number}. "{quoted(each.text, 160)}"{about}: {state}'


# --- deciding ------------------------------------------------------------------------------------------


def _settled(act: Act, found: HandedIn, text: str, port: Contributions, context: Context) -> Reply:
    state = _BECOMES[act]
    number = str(found.number)
    if found.state not in MAY_BECOME[state]:
        return step(context, say("inbreng.kan niet meer", nummer=number, toestand=found.state.value))
    if act is Act.MERGE:
        return _merged(found, int(text), port, context)
    if act is Act.ANSWER and not text:
        return step(
            context,
            say("inbreng.welk antwoord"),
            [say("inbreng.welk antwoord uitleg", nummer=number)],
            understood=False,
        )
    position = _position_in(text) if act is Act.ON_AGENDA else None
    told = "" if act is Act.ON_AGENDA else text
    says = {
        Act.ON_AGENDA: "inbreng.op de agenda",
        Act.ANSWER: "inbreng.beantwoord",
        Act.DECLINE: "inbreng.geweigerd",
    }
    return step(
        context,
        say(says[act], nummer=number),
        [
            f'"{quoted(found.text)}"',
            say("inbreng.wie het hoort" if found.is_vouched_for else "inbreng.niemand hoort het"),
        ],
        changes=(ContributionSettled(number=found.number, state=state.value, text=told, position=position),),
    )


def _position_in(text: str) -> int | None:
    if _FIRST.search(text):
        return 1
    place = _PLACE.search(text)
    return int(place[1]) if place else None


def _merged(found: HandedIn, number: int, port: Contributions, context: Context) -> Reply:
    other = port.find(number)
    same = other is not None and other.atrium_uid == found.atrium_uid and other.number != found.number
    if other is None or not same or other.state is ContributionState.SAMENGEVOEGD:
        return step(
            context,
            say("inbreng.niet samen", nummer=str(found.number), ander=str(number)),
            [say("inbreng.niet samen uitleg")],
            understood=False,
        )
    state = ContributionState.SAMENGEVOEGD.value
    both = {"nummer": str(found.number), "ander": str(other.number)}
    return step(
        context,
        say("inbreng.samengevoegd", **both),
        [say("inbreng.samengevoegd uitleg", **both)],
        changes=(ContributionSettled(number=found.number, state=state, into=other.number),),
    )
