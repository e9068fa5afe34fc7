"""What moderators do in a conversation with announcements that wait: see, agree, send back, recall.

What is not public is not told where others read along: there only the number, the state and the moment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from handlers.changes import AnnouncementMoved
from handlers.context import Announcements, Context, OpenAnnouncement
from handlers.moderation import lifecycle
from handlers.moderation.commands import Act
from handlers.moderation.community_choice import names_text
from handlers.moderation.lifecycle import STATE_NAMES, State, refusal
from handlers.moderation.moments_of_posting import moment_in, moment_text
from handlers.moderation.permissions import moderates, refused_member
from handlers.moderation.preview import post_text_of
from handlers.moderation.steps import step
from handlers.reply import Reply
from handlers.wording.sentences import capitalised, enumeration, number_text, quoted

_STEPS: Mapping[Act, lifecycle.Act] = {
    Act.APPROVE: lifecycle.Act.APPROVE,
    Act.REJECT: lifecycle.Act.REJECT,
    Act.RETRACT: lifecycle.Act.RETRACT,
    Act.PUBLISH: lifecycle.Act.PUBLISH,
    Act.TRY_AGAIN: lifecycle.Act.RETRY,
}

#: What was done, to begin the answer with.
_DONE: Mapping[lifecycle.Act, str] = {
    lifecycle.Act.APPROVE: "Goedgekeurd",
    lifecycle.Act.REJECT: "Teruggestuurd",
    lifecycle.Act.RETRACT: "Ingetrokken",
    lifecycle.Act.PUBLISH: "Doorgegeven",
    lifecycle.Act.SCHEDULE: "Doorgegeven",
    lifecycle.Act.RETRY: "Opnieuw geprobeerd",
}
_MOST_LINES = 20


def with_announcement(act: Act, text: str, context: Context) -> Reply | None:
    """The reply to one of these commands; `text` holds the number, and what follows it.

    None where a member asks what was announced: that is a question about the agenda.
    """
    if not moderates(context.person):
        return None if act is Act.DRAFTS else refused_member("Aankondigingen bekijken en sturen")
    port = context.announcements
    if port is None:
        return step(context, "Hier kan ik geen ontwerpen zien.", understood=False)
    found = re.match(r"\s*(\d{1,9})\b[\s:,.]*(.*)$", text, re.DOTALL)
    if found is None:
        return _listed(port, context)
    announcement = port.find(int(found[1]))
    if announcement is None:
        return step(
            context,
            f"Er is geen aankondiging {found[1]}.",
            ['De nummers staan in "toon ontwerpen".'],
            understood=False,
        )
    if act is Act.DRAFTS:
        return _shown(announcement, context)
    return _stepped(_STEPS[act], announcement, found[2].strip(), port, context)


# --- seeing --------------------------------------------------------------------------------------------


def _listed(port: Announcements, context: Context) -> Reply:
    found = port.open()
    if not found:
        return step(context, "Er staan geen ontwerpen of geplande aankondigingen klaar.", private=True)
    lines = [_line(each, context) for each in found[:_MOST_LINES]]
    if len(found) > _MOST_LINES:
        lines.append(f"En nog {len(found) - _MOST_LINES}.")
    number = (
        "Eén aankondiging staat" if len(found) == 1 else f"{number_text(len(found))} aankondigingen staan"
    )
    hidden = "Waarover ze gaan, toon ik alleen waar niemand meeleest." if context.is_overheard else ""
    first = found[0].number
    return step(
        context,
        f"{capitalised(number)} klaar.",
        ["\n".join(lines), hidden, f'Bekijken: "toon ontwerp {first}". Intrekken: "trek {first} in".'],
        private=True,
    )


def _line(announcement: OpenAnnouncement, context: Context) -> str:
    """ "12. Gepland, donderdag 26 november 2026 om 9.00 u.: Thematisch Atrium: ontharding, Gent."."""
    state = capitalised(STATE_NAMES[announcement.state])
    at = f", {moment_text(announcement.publish_at)}" if announcement.publish_at else ""
    if context.is_overheard:
        return f"{announcement.number}. {state}{at}"
    where = f", {enumeration(announcement.places)}" if announcement.places else ""
    by = f", van {announcement.author}" if announcement.author else ""
    return f"{announcement.number}. {state}{at}: {quoted(announcement.title)}{where}{by}."


def _shown(announcement: OpenAnnouncement, context: Context) -> Reply:
    state = STATE_NAMES[announcement.state]
    if context.is_overheard:
        return step(
            context,
            f"Aankondiging {announcement.number}: {state}.",
            ["Wat erin staat, toon ik alleen waar niemand meeleest: in een privégesprek of de console."],
            private=True,
        )
    told = f"Dit bereikt {announcement.members} leden." if announcement.members is not None else ""
    goes = names_text(announcement.communities, context)
    at = moment_text(announcement.publish_at) if announcement.publish_at else ""
    return step(
        context,
        f"Aankondiging {announcement.number}: {state}{f', {at}' if at else ''}.",
        [
            post_text_of(announcement.text) or "Dit ontwerp is nog niet volledig.",
            f"Komt in {goes}." if goes else "",
            told,
            _ways_on(announcement),
        ],
        private=True,
    )


def _ways_on(announcement: OpenAnnouncement) -> str:
    number = announcement.number
    ways = {
        State.DRAFT: f'Plaatsen: "plaats ontwerp {number}", of "plaats ontwerp {number} donderdag 9 uur".',
        State.AWAITING_APPROVAL: f'Goedkeuren: "keur goed {number}". Terugsturen: "wijs af {number}: reden".',
        State.SCHEDULED: f'Intrekken: "trek {number} in".',
        State.PARTLY_POSTED: f'Opnieuw proberen waar het mislukte: "probeer {number} opnieuw".',
    }
    return ways.get(announcement.state, "")


# --- steps ---------------------------------------------------------------------------------------------


def _stepped(
    act: lifecycle.Act, announcement: OpenAnnouncement, text: str, port: Announcements, context: Context
) -> Reply:
    at = None
    if act is lifecycle.Act.PUBLISH and text:
        at = moment_in(text, context)
        if at is None:
            return step(
                context, f'"{quoted(text)}" kan ik niet lezen als een dag en een uur.', understood=False
            )
        if at <= context.now:
            return step(context, f"Dat moment is voorbij: {moment_text(at)}", understood=False)
        act, at = lifecycle.Act.SCHEDULE, port.allowed(at)
    no = refusal(
        announcement.state,
        act,
        moderates=True,
        is_author=announcement.is_own,
        in_scope=announcement.is_theirs,
    )
    if no:
        return step(context, no)
    if act is lifecycle.Act.REJECT and not text:
        says = f'Zeg erbij waarom: "wijs af {announcement.number}: reden".'
        return step(context, says, understood=False)
    if act in (lifecycle.Act.PUBLISH, lifecycle.Act.SCHEDULE, lifecycle.Act.APPROVE) and announcement.errors:
        wrong = "" if context.is_overheard else " ".join(announcement.errors)
        return step(
            context,
            f"Aankondiging {announcement.number} kan zo niet vertrekken.",
            [wrong, "Pas ze aan in de console of in het formulier."],
            private=True,
        )
    change = AnnouncementMoved(number=announcement.number, act=act.value, reason=text, at=at)
    return step(
        context,
        f"{_DONE[act]}: aankondiging {announcement.number}.",
        [_consequence(act, announcement, port, context.now), f"Gepland voor {moment_text(at)}" if at else ""],
        changes=(change,),
        private=True,
    )


def _consequence(
    act: lifecycle.Act, announcement: OpenAnnouncement, port: Announcements, now: dt.datetime
) -> str:
    """What follows from a step, in a sentence."""
    waits = act in (lifecycle.Act.PUBLISH, lifecycle.Act.SCHEDULE)
    if waits and port.needs_approval(announcement.communities):
        return "Een andere moderator moet ze eerst goedkeuren."
    at = announcement.publish_at
    is_to_come = at is not None and at > now
    match act:
        case lifecycle.Act.APPROVE:
            return f"Ze wordt geplaatst op {moment_text(at)}" if at and is_to_come else "Ze vertrekt nu."
        case lifecycle.Act.REJECT:
            return "De maker kan ze aanpassen en opnieuw voorleggen."
        case lifecycle.Act.RETRACT if announcement.state in (
            State.POSTING,
            State.POSTED,
            State.PARTLY_POSTED,
        ):
            return "Wie er al bericht van kreeg, leest dat het niet doorgaat."
        case lifecycle.Act.RETRACT:
            return "Er wordt niets geplaatst."
        case lifecycle.Act.RETRY:
            return "Alleen waar het mislukte, wordt het opnieuw geplaatst."
    return ""
