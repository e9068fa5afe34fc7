"""What every form of moderators shares: one step of one person, how a post is shown, how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Conflict, Invalid, Outcome, Preview, Refused, Saved, TargetPreview
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor, acting, actor
from bot.platforms.slack.buttons import Block, Pages
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.payloads import View
from handlers.model import Atrium
from handlers.moderation.community_choice import visibility_of
from handlers.moderation.permissions import may_change, moderates
from handlers.wording.catalogue import say
from scheduler.rules import Rules
from store.agenda import find_atrium
from store.engine import Store

NOT_A_MODERATOR = "slack.doen moderatoren"
GONE = "aankondiging.weg"
NOT_THEIRS = "aankondiging.buiten werking"
ATRIUM_GONE = "slack.atrium weg"
LOST = "slack.getypt weg"


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


class Steps:
    """Takes people through forms: each step in one transaction, with every right that they have then.

    Args:
        now: gives the present as aware UTC.
    """

    def __init__(self, store: Store, rules: Rules, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._rules = rules
        self._now = now

    def begin(self, user: str, name: str, draw: Callable[[Session, Actor], View_]) -> View_ | str:
        """A form to begin with; a sentence where it cannot be had."""
        with acting(self._store) as session:
            try:
                return draw(session, actor(session, user, name, self._rules, self._now()))
            except NotNowError as no:
                return str(no)

    def take(
        self, user: str, name: str, view: View, title: str, step: Callable[[Step], dict[str, object]]
    ) -> dict[str, object]:
        """What Slack is to show after a form was handed in; `title` names the text above why it cannot be."""
        with acting(self._store) as session:
            who = actor(session, user, name, self._rules, self._now())
            try:
                return step(Step(session=session, actor=who, view=view))
            except NotNowError as no:
                return forms.shows(forms.done_view(say(title), [str(no)]))


def moderator(who: Actor) -> None:
    """Raises `NotNowError` for whoever moderates nothing."""
    if not moderates(who.person):
        raise NotNowError(say(NOT_A_MODERATOR))


def own_atrium(session: Session, who: Actor, uid: str) -> Atrium:
    """An atrium to come that this person may change; raises `NotNowError` where there is none."""
    moderator(who)
    atrium = find_atrium(session, uid)
    if atrium is None or atrium.is_cancelled or atrium.starts_at <= who.context.now:
        raise NotNowError(say(ATRIUM_GONE))
    if not may_change(who.person, who.context.agenda, atrium):
        raise NotNowError(say(NOT_THEIRS))
    return atrium


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
