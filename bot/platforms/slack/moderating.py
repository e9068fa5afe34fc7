"""What moderators do in forms: each step looks at who they are now, and says what to show next.

Nothing happens but on the last step, after a preview. What was typed is kept as a draft of the announcement.
What another moderator changes meanwhile is kept too; where both changed one field, the form asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Conflict, Saved
from bot.platforms.slack import agreeing, changing, forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.meanwhile import named, taken_text, together
from bot.platforms.slack.notices import notice_blocks
from bot.platforms.slack.payloads import View
from bot.platforms.slack.steps import (
    GONE,
    LOST,
    NotNowError,
    Step,
    Steps,
    ended,
    moderator,
    own_atrium,
    preview_blocks,
)
from handlers.model import Atrium, Status
from handlers.moderation.fields import Values, fields, place_count
from handlers.moderation.form import Checked
from handlers.moderation.lifecycle import Act, State, refusal
from handlers.moderation.merging import marks_of
from handlers.moderation.permissions import may_change
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say
from store import announcements
from store.agenda import find_atrium
from store.announcements import Announcement

_ANNOUNCING, _CANCELLING, _ATRIUM = "slack.titel aankondigen", "slack.titel annuleren", "slack.titel atrium"

#: What a form of Slack cannot hold.
_TOO_MANY = "slack.te veel plaatsen"


class Moderating:
    """Draws the forms and carries out what they ask."""

    def __init__(self, steps: Steps, announcing: Announcing) -> None:
        self._steps = steps
        self._announcing = announcing

    # --- to begin with -----------------------------------------------------------------------------------

    def blank(self, user: str, name: str) -> View_ | str:
        """An empty form for an announcement; a sentence when this person may make none."""

        def draw(_session: Session, who: Actor) -> View_:
            moderator(who)
            return _announcement_form(who, {}, About())

        return self._steps.begin(user, name, draw)

    def resumed(self, user: str, name: str, number: int) -> View_ | str:
        """The form of an announcement that is not out yet, with all that was typed."""

        def draw(session: Session, who: Actor) -> View_:
            moderator(who)
            found = self._announcing.get(session, who.person, who.context.now, number)
            if found is None:
                raise NotNowError(say(GONE))
            return _announcement_form(who, found.typed, _about(found))

        return self._steps.begin(user, name, draw)

    def with_one_more_place(self, user: str, name: str, view: View) -> View_ | str:
        """The same form with one more place to fill in, and all that was typed."""

        def draw(_session: Session, who: Actor) -> View_:
            moderator(who)
            told = forms.about(view)
            return _announcement_form(who, forms.values_of(view), told, (told.places or 1) + 1)

        return self._steps.begin(user, name, draw)

    def reading(self, user: str, name: str, number: int) -> View_ | str:
        """What waits for another moderator, for them to agree to."""
        return self._steps.begin(
            user, name, lambda session, who: agreeing.reading(session, who, self._announcing, number)
        )

    def changing(self, user: str, name: str, uid: str) -> View_ | str:
        """The form of an atrium as it stands."""
        return self._steps.begin(user, name, lambda session, who: changing.changing(session, who, uid))

    def cancelling(self, user: str, name: str, uid: str) -> View_ | str:
        """What is said when an atrium is cancelled, to be confirmed."""

        def draw(session: Session, who: Actor) -> View_:
            atrium, now = own_atrium(session, who, uid), who.context.now
            told = self._announcing.foretold(session, who.person, now, atrium, _cancelled(atrium, now))
            blocks = [
                section(say("slack.je annuleert", atrium=literal(brief_text(atrium, now)))),
                *notice_blocks(session, who, told, self._announcing),
            ]
            about = About(uid=uid, sequence=atrium.sequence)
            return forms.preview_view(
                forms.CANCEL, say(_CANCELLING), blocks, about, say("slack.annuleer atrium"), goes_back=False
            )

        return self._steps.begin(user, name, draw)

    def back(self, user: str, name: str, view: View) -> View_ | str:
        """From the preview back to the form, with all that was typed."""
        told = forms.about(view)
        if told.uid is None:
            return self.resumed(user, name, told.number) if told.number is not None else say(LOST)
        return self._steps.begin(user, name, lambda session, who: changing.back(session, who, told))

    # --- a form that is handed in --------------------------------------------------------------------------

    def submit(self, user: str, name: str, view: View) -> dict[str, object]:
        """What Slack is to show next."""
        steps: dict[str | None, Callable[[Step], dict[str, object]]] = {
            forms.ANNOUNCE: self._checked,
            forms.ANNOUNCE_SURE: self._published,
            forms.AGREE: lambda step: agreeing.agreed(step, self._announcing),
            forms.CHANGE: lambda step: changing.checked(step, self._announcing),
            forms.CHANGE_SURE: lambda step: changing.changed(step, self._announcing),
            forms.CANCEL: self._called_off,
        }
        step = steps.get(view.callback_id)
        if step is None:
            return {"response_action": "clear"}
        return self._steps.take(user, name, view, _ATRIUM, step)

    def _checked(self, step: Step) -> dict[str, object]:
        """The announcement as it was typed: kept as a draft, and shown as it will look."""
        moderator(step.actor)
        values, about, taken = forms.values_of(step.view), step.about, ""
        checked, asked = self._check(step, values), fields(step.actor.context, about.places or 1)
        if not checked.errors and (current := self._edited_meanwhile(step)) is not None:
            both = together(step, current.typed, values, asked, current.editor_name)
            if both.asks:
                return forms.refused(both.asks)
            values, taken = both.merge.values, taken_text(current.editor_name, both.merge)
            checked, about = self._check(step, values), replace(about, version=current.version)
        if not checked.errors.keys() <= {each.name for each in asked}:
            # An error can only stand at a field that is shown: somebody else added a place.
            return forms.shows(_announcement_form(step.actor, values, step.about))
        if checked.errors:
            return forms.refused(checked.errors)
        saved = self._announcing.save(
            step.session, step.actor.person, NAME, step.now, values, about.number, about.version
        )
        if not isinstance(saved, Saved):
            return ended(saved, say(_ANNOUNCING))
        return self._previewed(step, saved.announcement, checked, taken)

    def _edited_meanwhile(self, step: Step) -> Announcement | None:
        """The announcement as it is now, if it is no more what the form was opened with.

        Nobody else can change it until this step is done. Raises `NotNowError` where nobody may any more.
        """
        about, person = step.about, step.actor.person
        if about.number is None:
            return None
        announcements.take_announcement(step.session, about.number)
        found = self._announcing.get(step.session, person, step.now, about.number)
        if found is None:
            raise NotNowError(say(GONE))
        if found.version == about.version:
            return None
        if no := refusal(found.state, Act.SAVE, moderates=True, is_author=False):
            raise NotNowError(no)
        return found

    def _previewed(self, step: Step, found: Announcement, checked: Checked, notice: str) -> dict[str, object]:
        """The announcement as it will look, to be confirmed."""
        preview = self._announcing.preview(step.session, step.actor.person, NAME, step.now, found.typed)
        blocks = [
            *([section(literal(notice))] if notice else ()),
            *preview_blocks(preview, checked.warnings, self._announcing, step.actor),
        ]
        submit = (
            say("slack.leg voor")
            if preview.needs_approval
            else say("slack.plan")
            if checked.publish_at
            else say("slack.plaats")
        )
        about = About(number=found.id, version=found.version)
        return forms.shows(forms.preview_view(forms.ANNOUNCE_SURE, say(_ANNOUNCING), blocks, about, submit))

    def _check(self, step: Step, values: Values) -> Checked:
        return self._announcing.check(step.session, step.actor.person, NAME, step.now, values)

    def _published(self, step: Step) -> dict[str, object]:
        about, person = step.about, step.actor.person
        found = announcements.find_announcement(step.session, about.number) if about.number else None
        if found is None:
            raise NotNowError(say(GONE))
        do = self._announcing.schedule if found.publish_at else self._announcing.publish
        done = do(step.session, person, NAME, step.now, found.id, version=about.version)
        if isinstance(done, Conflict):
            told = say("slack.aankondiging intussen gewijzigd", wie=named(done.theirs.editor_name))
            return self._previewed(step, done.theirs, self._check(step, done.theirs.typed), told)
        return ended(done, say(_ANNOUNCING))

    def _called_off(self, step: Step) -> dict[str, object]:
        who = step.actor
        atrium = _still_on(step)
        known = announcements.list_announcements(step.session, atrium.uid)
        if known:
            done = self._announcing.cancel(
                step.session, who.person, NAME, step.now, known[0].id, [atrium.uid]
            )
            return ended(done, say(_CANCELLING))
        after = _cancelled(atrium, step.now)
        heard = self._announcing.change_atrium(step.session, who.person, NAME, step.now, atrium, after)
        told = say("aankondiging.geannuleerd")
        return forms.shows(forms.done_view(say(_CANCELLING), [told, heard]))


def _announcement_form(who: Actor, values: Values, told: About, places: int = 1) -> View_:
    """The form of an announcement, with as many places as were typed, and no fewer than asked for."""
    shown = max(place_count(values), min(places, forms.MOST_PLACES))
    if shown > forms.MOST_PLACES:
        raise NotNowError(say(_TOO_MANY, aantal=str(forms.MOST_PLACES)))
    asked = fields(who.context, shown)
    return forms.form_view(forms.ANNOUNCE, say(_ANNOUNCING), asked, values, replace(told, places=shown))


def _about(found: Announcement) -> About:
    """What the form of an announcement remembers of what it held when it was opened."""
    is_draft = True if found.state is State.DRAFT else None
    return About(number=found.id, version=found.version, draft=is_draft, base=marks_of(found.typed))


def _still_on(step: Step) -> Atrium:
    """The atrium that is to be cancelled; raises `NotNowError` where it is cancelled or not theirs."""
    who, uid = step.actor, step.about.uid or ""
    moderator(who)
    known = find_atrium(step.session, uid)
    if known is not None and known.is_cancelled and may_change(who.person, who.context.agenda, known):
        raise NotNowError(say("slack.al geannuleerd"))
    return own_atrium(step.session, who, uid)


def _cancelled(atrium: Atrium, now: dt.datetime) -> Atrium:
    return replace(
        atrium,
        status=Status.GEANNULEERD,
        sequence=atrium.sequence + 1,
        cancelled_at=now,
        updated_at=now,
    )
