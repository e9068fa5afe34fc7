"""Another moderator reads, in a form, what waits for agreement, and agrees to it; sending back is said."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.announcing import Announcing
from bot.handing_in import typed_for
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.steps import GONE, NotNowError, Step, ended, moderator, preview_blocks
from handlers.moderation.community_choice import names_text
from handlers.moderation.lifecycle import Act, State, leaves_at_once
from handlers.moderation.moments_of_posting import moment_text
from handlers.wording.catalogue import say
from scheduler.moments import next_allowed
from scheduler.quiet_hours import why_not_then
from store.announcements import Announcement

_TITLE = "slack.titel nakijken"


def reading(session: Session, who: Actor, announcing: Announcing, number: int) -> View_:
    """What waits, as every community will read it. Raises `NotNowError` for who may not agree to it."""
    moderator(who)
    found = announcing.get(session, who.person, who.context.now, number)
    if found is None:
        raise NotNowError(say(GONE))
    by = Acting(session=session, person=who.person, place=NAME, now=who.context.now)
    if no := by.refusal(found, Act.APPROVE):
        raise NotNowError(no.reason)
    typed = typed_for(found, Act.APPROVE, who.context.now)
    preview = announcing.preview(session, who.person, NAME, who.context.now, typed)
    back = say("slack.terugsturen", nummer=str(found.id))
    who_asks = found.author_name or say("slack.een moderator")
    blocks = [
        section(literal(say("slack.legt voor", wie=who_asks, terugsturen=back))),
        *(section(literal(each)) for each in _when(found, announcing, who)),
        *preview_blocks(preview, preview.checked.warnings, announcing, who),
    ]
    now = who.context.now
    quiet = True if _quiet(found, announcing, now) else None
    about = About(number=found.id, version=found.version, quiet=quiet)
    at_once = leaves_at_once(found.publish_at, now)
    title, agree = say(_TITLE), say("slack.keur goed en plaats") if at_once else say("slack.keur goed")
    return forms.preview_view(forms.AGREE, title, blocks, about, agree, goes_back=False)


def _when(found: Announcement, announcing: Announcing, who: Actor) -> list[str]:
    """When and where it leaves once it is agreed to, and that the bot is quiet then."""
    now, at = who.context.now, found.publish_at
    if at is not None and not leaves_at_once(at, now):
        moment = moment_text(next_allowed(at, announcing.rules.attention))
        return [say("ontwerpen.goedkeuren plant", moment=moment)]
    goes = names_text(tuple(sorted(found.communities)), who.context)
    told = (
        say("ontwerpen.goedkeuren plaatst", communities=goes)
        if goes
        else say("ontwerpen.goedkeuren plaatst meteen")
    )
    quiet = _quiet(found, announcing, now)
    return [told, quiet] if quiet else [told]


def _quiet(found: Announcement, announcing: Announcing, now: dt.datetime) -> str | None:
    """Why the bot would say nothing by itself now, where agreeing posts it now."""
    at_once = leaves_at_once(found.publish_at, now)
    return why_not_then(now, announcing.rules.attention) if at_once else None


def agreed(step: Step, announcing: Announcing) -> dict[str, object]:
    """It goes out at its moment; what was changed since it was read is to be read again."""
    about = step.about
    if about.number is None:
        raise NotNowError(say(GONE))
    found = announcing.get(step.session, step.actor.person, step.now, about.number)
    waits = found is not None and found.state is State.AWAITING_APPROVAL
    if found is not None and waits and not about.quiet and _quiet(found, announcing, step.now):
        # The form was opened before the hour at which the bot goes quiet: it is shown again, with that.
        return forms.shows(reading(step.session, step.actor, announcing, about.number))
    done = announcing.approve(
        step.session, step.actor.person, NAME, step.now, about.number, version=about.version
    )
    return ended(done, say(_TITLE))


def waits_for(found: Announcement, by: Acting) -> bool:
    """Whether an announcement waits for this person, who may agree to it."""
    return found.state is State.AWAITING_APPROVAL and by.refusal(found, Act.APPROVE) is None
