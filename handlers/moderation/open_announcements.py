"""What moderators do in a conversation with announcements that wait: see, agree, send back, recall.

What is not public is not told where others read along: there only the number, the state and the moment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from handlers.changes import AnnouncementMoved
from handlers.context import Announcements, Context, OpenAnnouncement, Responded
from handlers.moderation import lifecycle
from handlers.moderation.commands import Act
from handlers.moderation.community_choice import names_text
from handlers.moderation.lifecycle import STATE_NAMES, State, leaves_at_once, refusal
from handlers.moderation.moments_of_posting import moment_in, moment_text
from handlers.moderation.permissions import moderates, refused_member
from handlers.moderation.preview import post_text_of
from handlers.moderation.steps import step
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, enumeration, number_text, quoted

_STEPS: Mapping[Act, lifecycle.Act] = {
    Act.APPROVE: lifecycle.Act.APPROVE,
    Act.REJECT: lifecycle.Act.REJECT,
    Act.RETRACT: lifecycle.Act.RETRACT,
    Act.PUBLISH: lifecycle.Act.PUBLISH,
    Act.TRY_AGAIN: lifecycle.Act.RETRY,
}

#: The name of what is said once it is done.
_DONE: Mapping[lifecycle.Act, str] = {
    lifecycle.Act.APPROVE: "ontwerpen.goedgekeurd",
    lifecycle.Act.REJECT: "ontwerpen.teruggestuurd",
    lifecycle.Act.RETRACT: "ontwerpen.ingetrokken",
    lifecycle.Act.PUBLISH: "ontwerpen.doorgegeven",
    lifecycle.Act.SCHEDULE: "ontwerpen.doorgegeven",
    lifecycle.Act.RETRY: "ontwerpen.opnieuw",
}
_MOST_LINES = 20


def with_announcement(act: Act, text: str, context: Context) -> Reply | None:
    """The reply to one of these commands; `text` holds the number, and what follows it.

    None where a member asks what was announced: that is a question about the agenda.
    """
    if not moderates(context.person):
        # Who asks which announcements there are asks for the agenda; who names one by its number does not.
        is_question = act is Act.DRAFTS and not text.strip()
        return None if is_question else refused_member("handeling.aankondigingen")
    port = context.announcements
    if port is None:
        return step(context, say("ontwerpen.hier niet"), understood=False)
    found = re.match(r"\s*(\d{1,9})\b[\s:,.]*(.*)$", text, re.DOTALL)
    if found is None:
        return _listed(port, context)
    announcement = port.find(int(found[1]))
    if announcement is None:
        return step(
            context,
            say("ontwerpen.onbekend", nummer=found[1]),
            [say("ontwerpen.onbekend uitleg")],
            understood=False,
        )
    if act is Act.DRAFTS:
        return _shown(announcement, port, context)
    return _stepped(_STEPS[act], announcement, found[2].strip(), port, context)


# --- seeing --------------------------------------------------------------------------------------------


def _listed(port: Announcements, context: Context) -> Reply:
    found = port.open()
    if not found:
        return step(context, say("ontwerpen.geen"), private=True)
    lines = [_line(each, context) for each in found[:_MOST_LINES]]
    if len(found) > _MOST_LINES:
        lines.append(say("ontwerpen.en nog", aantal=str(len(found) - _MOST_LINES)))
    headline = (
        say("ontwerpen.een klaar")
        if len(found) == 1
        else say("ontwerpen.meer klaar", aantal=capitalised(number_text(len(found))))
    )
    hidden = say("ontwerpen.meelezers") + _in_console(context) if context.is_overheard else ""
    return step(
        context,
        headline,
        ["\n".join(lines), hidden, say("ontwerpen.hoe", nummer=str(found[0].number))],
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


def _shown(announcement: OpenAnnouncement, port: Announcements, context: Context) -> Reply:
    state, number = STATE_NAMES[announcement.state], str(announcement.number)
    if context.is_overheard:
        return step(
            context,
            say("ontwerpen.toestand", nummer=number, toestand=state),
            [say("ontwerpen.inhoud elders") + _in_console(context, announcement)],
            private=True,
        )
    members = announcement.members
    told = say("ontwerpen.bereik", aantal=str(members)) if members is not None else ""
    goes, missed = names_text(announcement.communities, context), ""
    if announcement.missed:
        missed = say("ontwerpen.niet geplaatst", communities=enumeration(announcement.missed))
    at = moment_text(announcement.publish_at) if announcement.publish_at else ""
    headline = (
        say("ontwerpen.toestand en moment", nummer=number, toestand=state, moment=at)
        if at
        else say("ontwerpen.toestand", nummer=number, toestand=state)
    )
    return step(
        context,
        headline,
        [
            post_text_of(announcement.text) or say("ontwerpen.niet volledig"),
            say("ontwerpen.komt in", communities=goes) if goes else "",
            told,
            missed,
            _responses(announcement.responded),
            _ways_on(announcement),
            *_when_agreed(announcement, port, context),
        ],
        choices=_agreeing(announcement, port, context.now),
        private=True,
    )


def _in_console(context: Context, announcement: OpenAnnouncement | None = None) -> str:
    """Where the console shows it, after a space; nothing where there is no address."""
    if not context.public_url:
        return ""
    page = f"{context.public_url}/beheer/aankondigingen"
    link = f"{page}/{announcement.number}" if announcement else page
    return say("ontwerpen.in de console", link=link)


def _agreeing(announcement: OpenAnnouncement, port: Announcements, now: dt.datetime) -> tuple[Choice, ...]:
    """Agreeing to just this version, for who may; "nu" where it then leaves though the bot is quiet."""
    is_own = announcement.is_last_change_own
    if announcement.state is not State.AWAITING_APPROVAL or is_own or announcement.errors:
        return ()
    says = f"keur goed {announcement.number} versie {announcement.version}"
    if _breaks_quiet(announcement, port, now):
        says += " nu"
    at_once = leaves_at_once(announcement.publish_at, now)
    label = say("ontwerpen.knop goed en plaats") if at_once else say("ontwerpen.knop goed")
    return (Choice(label=label, says=says),)


def _breaks_quiet(announcement: OpenAnnouncement, port: Announcements, now: dt.datetime) -> bool:
    """Whether agreeing posts it now, at an hour at which the bot says nothing by itself."""
    return leaves_at_once(announcement.publish_at, now) and port.why_not(now) is not None


def _when_agreed(announcement: OpenAnnouncement, port: Announcements, context: Context) -> tuple[str, ...]:
    """When and where it leaves once it is agreed to, for who may; and that the bot is quiet then."""
    if not _agreeing(announcement, port, context.now):
        return ()
    at = announcement.publish_at
    if at is not None and not leaves_at_once(at, context.now):
        return (say("ontwerpen.goedkeuren plant", moment=moment_text(port.allowed(at))),)
    goes = "" if context.is_overheard else names_text(announcement.communities, context)
    told = (
        say("ontwerpen.goedkeuren plaatst", communities=goes)
        if goes
        else say("ontwerpen.goedkeuren plaatst meteen")
    )
    return (told, port.why_not(context.now) or "")


def _to_read(
    announcement: OpenAnnouncement, port: Announcements, context: Context, *, was_other: bool
) -> Reply:
    """Nobody agrees to what they have not read: it is shown, or where to read it, and asked again."""
    number = str(announcement.number)
    agreeing = _agreeing(announcement, port, context.now)
    told = _when_agreed(announcement, port, context)
    if context.is_overheard:
        text = say("ontwerpen.inhoud elders") + _in_console(context, announcement)
    else:
        text = post_text_of(announcement.text)
    return step(
        context,
        say("ontwerpen.intussen anders" if was_other else "ontwerpen.lees eerst", nummer=number),
        [text, *told, *(say("ontwerpen.gelezen", woorden=each.says) for each in agreeing)],
        choices=agreeing,
        private=True,
    )


def _responses(responded: Sequence[Responded]) -> str:
    """ "Antwoorden en reacties: Algemeen (minstens 2 antwoorden, 5 reacties)."."""
    told = [f"{each.community} ({_response(each)})" for each in responded if _response(each)]
    return say("ontwerpen.antwoorden", communities=enumeration(told)) if told else ""


def _response(each: Responded) -> str:
    parts = []
    if each.answers or each.is_exact:
        number = "ontwerpen.een antwoord" if each.answers == 1 else "ontwerpen.meer antwoorden"
        answers = say(number, aantal=number_text(each.answers))
        parts.append(answers if each.is_exact else say("ontwerpen.minstens", aantal=answers))
    if each.reactions is not None:
        number = "ontwerpen.een reactie" if each.reactions == 1 else "ontwerpen.meer reacties"
        parts.append(say(number, aantal=number_text(each.reactions)))
    return ", ".join(parts)


def _ways_on(announcement: OpenAnnouncement) -> str:
    ways = {
        State.DRAFT: "ontwerpen.hoe plaatsen",
        State.AWAITING_APPROVAL: "ontwerpen.hoe goedkeuren",
        State.SCHEDULED: "ontwerpen.hoe intrekken",
        State.PARTLY_POSTED: "ontwerpen.hoe opnieuw",
    }
    name = ways.get(announcement.state)
    return say(name, nummer=str(announcement.number)) if name else ""


# --- steps ---------------------------------------------------------------------------------------------


def _stepped(
    act: lifecycle.Act, announcement: OpenAnnouncement, text: str, port: Announcements, context: Context
) -> Reply:
    at, why = None, ""
    if act is lifecycle.Act.PUBLISH and text:
        at = moment_in(text, context)
        if at is None:
            return step(context, say("ontwerpen.geen moment", woorden=quoted(text)), understood=False)
        if at <= context.now:
            return step(context, say("aankondigen.moment voorbij", moment=moment_text(at)), understood=False)
        reason = port.why_not(at)
        act, at = lifecycle.Act.SCHEDULE, port.allowed(at)
        why = say("moment.daarom", reden=reason, moment=moment_text(at)) if reason else ""
    no = refusal(
        announcement.state,
        act,
        moderates=True,
        is_author=announcement.is_last_change_own,
        in_scope=announcement.is_theirs,
    )
    if no:
        return step(context, no)
    if act is lifecycle.Act.REJECT and not text:
        says = say("ontwerpen.waarom", nummer=str(announcement.number))
        return step(context, says, understood=False)
    if act in (lifecycle.Act.PUBLISH, lifecycle.Act.SCHEDULE, lifecycle.Act.APPROVE) and announcement.errors:
        wrong = "" if context.is_overheard else " ".join(announcement.errors)
        return step(
            context,
            say("ontwerpen.kan niet vertrekken", nummer=str(announcement.number)),
            [wrong, say("ontwerpen.pas aan")],
            private=True,
        )
    version = None
    if act is lifecycle.Act.APPROVE:
        read = re.search(r"\d+", text)
        is_read = read is not None and int(read[0]) == announcement.version
        is_warned = bool(re.search(r"\bnu\b", text)) or not _breaks_quiet(announcement, port, context.now)
        if not is_read or not is_warned:
            was_other = read is not None and not is_read
            return _to_read(announcement, port, context, was_other=was_other)
        version, text = announcement.version, ""
    change = AnnouncementMoved(number=announcement.number, act=act.value, reason=text, at=at, version=version)
    return step(
        context,
        say(_DONE[act], nummer=str(announcement.number)),
        [
            why,
            _consequence(act, announcement, port, context.now),
            say("ontwerpen.gepland voor", moment=moment_text(at)) if at else "",
        ],
        changes=(change,),
        private=True,
    )


def _consequence(
    act: lifecycle.Act, announcement: OpenAnnouncement, port: Announcements, now: dt.datetime
) -> str:
    """What follows from a step, in a sentence."""
    waits = act in (lifecycle.Act.PUBLISH, lifecycle.Act.SCHEDULE)
    if waits and port.needs_approval(announcement.communities):
        return say("ontwerpen.eerst goedkeuren")
    at = announcement.publish_at
    match act:
        case lifecycle.Act.APPROVE:
            if at and not leaves_at_once(at, now):
                return say("ontwerpen.geplaatst op", moment=moment_text(at))
            return say("ontwerpen.vertrekt nu")
        case lifecycle.Act.REJECT:
            return say("ontwerpen.maker")
        case lifecycle.Act.RETRACT if announcement.state in (
            State.POSTING,
            State.POSTED,
            State.PARTLY_POSTED,
        ):
            return say("ontwerpen.leden lezen het")
        case lifecycle.Act.RETRACT:
            return say("ontwerpen.niets geplaatst")
        case lifecycle.Act.RETRY:
            return say("ontwerpen.alleen mislukte")
    return ""
