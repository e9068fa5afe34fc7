"""Another moderator reads, in a form, what waits for agreement, and agrees to it; sending back is said."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.steps import GONE, NotNowError, Step, ended, moderator, preview_blocks
from handlers.moderation.lifecycle import Act, State, refusal

_TITLE = "Aankondiging nakijken"


def reading(session: Session, who: Actor, announcing: Announcing, number: int) -> View_:
    """What waits, as every community will read it. Raises `NotNowError` for who may not agree to it."""
    moderator(who)
    found = announcing.get(session, who.person, who.context.now, number)
    if found is None:
        raise NotNowError(GONE)
    is_author = f"{who.person.platform}:{who.person.external_id}" in (found.author, found.editor)
    if no := refusal(found.state, Act.APPROVE, moderates=True, is_author=is_author):
        raise NotNowError(no)
    preview = announcing.preview(session, who.person, NAME, who.context.now, found.typed)
    back = f'Terugsturen doe je in een bericht aan mij: "wijs af {found.id}: reden".'
    blocks = [
        section(literal(f"{found.author_name or 'Een moderator'} legt dit voor. {back}")),
        *preview_blocks(preview, preview.checked.warnings, announcing, who),
    ]
    about = About(number=found.id, version=found.version)
    return forms.preview_view(forms.AGREE, _TITLE, blocks, about, "Keur goed", goes_back=False)


def agreed(step: Step, announcing: Announcing) -> dict[str, object]:
    """It goes out at its moment; what was changed since it was read is to be read again."""
    about = step.about
    if about.number is None:
        raise NotNowError(GONE)
    done = announcing.approve(
        step.session, step.actor.person, NAME, step.now, about.number, version=about.version
    )
    return ended(done, _TITLE)


def waits_for(state: State, author: str, editor: str, identity: str) -> bool:
    """Whether an announcement waits for this person (`PLATFORM:ID`), who did not write it."""
    return state is State.AWAITING_APPROVAL and identity not in (author, editor)
