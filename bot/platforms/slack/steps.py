"""What every form of moderators shares: one step of one person, how a post is shown, how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Conflict, Invalid, Outcome, Preview, Refused, Saved, TargetPreview
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.buttons import Block, Pages
from bot.platforms.slack.forms import About
from bot.platforms.slack.payloads import View
from handlers.moderation.community_choice import visibility_of
from handlers.moderation.permissions import moderates
from handlers.wording.catalogue import say

NOT_A_MODERATOR = "slack.doen moderatoren"
GONE = "aankondiging.weg"


class NotNowError(Exception):
    """What was asked may not or cannot be done; the message says why, in Dutch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of one person: as whom, and with what."""

    session: Session
    actor: Actor
    view: View

    @property
    def about(self) -> About:
        return forms.about(self.view)

    @property
    def now(self) -> dt.datetime:
        return self.actor.context.now


def moderator(who: Actor) -> None:
    """Raises `NotNowError` for whoever moderates nothing."""
    if not moderates(who.person):
        raise NotNowError(say(NOT_A_MODERATOR))


def pages_of(announcing: Announcing) -> Pages:
    return Pages(url=announcing.rules.public_url or "")


def preview_blocks(
    preview: Preview, warnings: Sequence[str], announcing: Announcing, who: Actor
) -> list[Block]:
    """What each community will read, with what to mind first."""
    every = tuple(dict.fromkeys((*warnings, *preview.warnings)))
    pages = _pages_to_be(preview.targets, announcing, who)
    return forms.target_blocks(preview.targets, every, pages, needs_approval=preview.needs_approval)


def _pages_to_be(targets: Sequence[TargetPreview], announcing: Announcing, who: Actor) -> Pages:
    """The pages that there will be: what only closed circles see has none."""
    is_public = not visibility_of([each.community.key for each in targets], who.context)
    told = frozenset(uid for each in targets for uid in each.reply.atria) if is_public else frozenset()
    return replace(pages_of(announcing), public=told)


def ended(outcome: Outcome, title: str) -> dict[str, object]:
    """What became of it, as the last view."""
    match outcome:
        case Saved(note=note):
            return forms.shows(forms.done_view(title, [note]))
        case Refused(reason=reason):
            return forms.shows(forms.done_view(title, [reason]))
        case Invalid(errors=errors):
            return forms.shows(forms.done_view(title, [say("slack.kan niet weg"), *errors.values()]))
        case Conflict(who=who, changed=changed):
            first = say("slack.intussen gewijzigd", wie=who)
            return forms.shows(forms.done_view(title, [first, *changed]))
