"""Another moderator reads, in a form, what waits for agreement, and agrees to it; sending back is said."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.announcing import Announcing
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.steps import GONE, NotNowError, Step, ended, moderator, preview_blocks
from handlers.moderation.lifecycle import Act, State, refusal
from handlers.wording.catalogue import say
from store.announcements import Announcement

_TITLE = "slack.titel nakijken"


def reading(session: Session, who: Actor, announcing: Announcing, number: int) -> View_:
    """What waits, as every community will read it. Raises `NotNowError` for who may not agree to it."""
    moderator(who)
    found = announcing.get(session, who.person, who.context.now, number)
    if found is None:
        raise NotNowError(say(GONE))
    by = Acting(session=session, person=who.person, place=NAME, now=who.context.now)
    if no := refusal(found.state, Act.APPROVE, moderates=True, is_author=by.wrote(found)):
        raise NotNowError(no)
    preview = announcing.preview(session, who.person, NAME, who.context.now, found.typed)
    back = say("slack.terugsturen", nummer=str(found.id))
    who_asks = found.author_name or say("slack.een moderator")
    blocks = [
        section(literal(say("slack.legt voor", wie=who_asks, terugsturen=back))),
        *preview_blocks(preview, preview.checked.warnings, announcing, who),
    ]
    about = About(number=found.id, version=found.version)
    title, agree = say(_TITLE), say("slack.keur goed")
    return forms.preview_view(forms.AGREE, title, blocks, about, agree, goes_back=False)


def agreed(step: Step, announcing: Announcing) -> dict[str, object]:
    """It goes out at its moment; what was changed since it was read is to be read again."""
    about = step.about
    if about.number is None:
        raise NotNowError(say(GONE))
    done = announcing.approve(
        step.session, step.actor.person, NAME, step.now, about.number, version=about.version
    )
    return ended(done, say(_TITLE))


def waits_for(found: Announcement, by: Acting) -> bool:
    """Whether an announcement waits for this person, who did not write it."""
    return found.state is State.AWAITING_APPROVAL and not by.wrote(found)
