"""What moderators do in forms: each step looks at who they are now, and says what to show next.

Nothing happens but on the last step, after a preview. What was typed is kept as a draft of the announcement;
what is typed for a change is kept with a thread of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Saved
from bot.platforms.slack import agreeing, forms
from bot.platforms.slack.acting import Actor, acting, actor
from bot.platforms.slack.blocks import render
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.payloads import View
from bot.platforms.slack.steps import GONE as NO_ANNOUNCEMENT
from bot.platforms.slack.steps import NotNowError, Step, ended, moderator, pages_of, preview_blocks
from handlers.changes import Dialogue
from handlers.model import Atrium, AtriumDraft, Status
from handlers.moderation.before_after import applied, as_draft, changed_fields, difference_lines
from handlers.moderation.draft import title_of
from handlers.moderation.fields import Field, Values, fields, place_count
from handlers.moderation.form import form_of, read_form
from handlers.moderation.permissions import may_change
from handlers.posts.cancellation import cancellation
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say
from store import announcements, threads
from store.agenda import find_atrium
from store.engine import Store

NOT_THEIRS = "aankondiging.buiten werking"
GONE = "slack.atrium weg"
LOST = "slack.getypt weg"

_ANNOUNCING, _CHANGING, _CANCELLING = (
    "slack.titel aankondigen",
    "slack.titel wijzigen",
    "slack.titel annuleren",
)

#: What a form of Slack cannot hold.
_TOO_MANY = "slack.te veel plaatsen"

#: What an atrium that exists has no more of: where and when it is told was decided with its announcement.
_NOT_CHANGED = frozenset({"kind", "communities", "publish_on", "publish_at"})


class Moderating:
    """Draws the forms and carries out what they ask.

    Args:
        now: gives the present as aware UTC.
    """

    def __init__(self, store: Store, announcing: Announcing, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._announcing = announcing
        self._now = now

    # --- to begin with -----------------------------------------------------------------------------------

    def blank(self, user: str, name: str) -> View_ | str:
        """An empty form for an announcement; a sentence when this person may make none."""

        def draw(_session: Session, who: Actor) -> View_:
            moderator(who)
            return _announcement_form(who, {}, About())

        return self._begin(user, name, draw)

    def resumed(self, user: str, name: str, number: int) -> View_ | str:
        """The form of an announcement that is not out yet, with all that was typed."""

        def draw(session: Session, who: Actor) -> View_:
            moderator(who)
            found = self._announcing.get(session, who.person, who.context.now, number)
            if found is None:
                raise NotNowError(say(NO_ANNOUNCEMENT))
            return _announcement_form(who, found.typed, About(number=found.id, version=found.version))

        return self._begin(user, name, draw)

    def with_one_more_place(self, user: str, name: str, view: View) -> View_ | str:
        """The same form with one more place to fill in, and all that was typed."""

        def draw(_session: Session, who: Actor) -> View_:
            moderator(who)
            told = forms.about(view)
            return _announcement_form(who, forms.values_of(view), told, (told.places or 1) + 1)

        return self._begin(user, name, draw)

    def reading(self, user: str, name: str, number: int) -> View_ | str:
        """What waits for another moderator, for them to agree to."""
        return self._begin(
            user, name, lambda session, who: agreeing.reading(session, who, self._announcing, number)
        )

    def changing(self, user: str, name: str, uid: str) -> View_ | str:
        """The form of an atrium as it stands."""

        def draw(session: Session, who: Actor) -> View_:
            atrium = _theirs(session, who, uid)
            about = About(uid=uid, sequence=atrium.sequence)
            values = form_of(as_draft(atrium))
            return forms.form_view(forms.CHANGE, say(_CHANGING), _changeable(who), values, about)

        return self._begin(user, name, draw)

    def cancelling(self, user: str, name: str, uid: str) -> View_ | str:
        """What is said when an atrium is cancelled, to be confirmed."""

        def draw(session: Session, who: Actor) -> View_:
            atrium, now = _theirs(session, who, uid), who.context.now
            told = cancellation([_cancelled(atrium, now)], now, [])
            blocks = [
                section(say("slack.je annuleert", atrium=literal(brief_text(atrium, now)))),
                section(say("slack.dit bericht krijgt")),
                *(
                    forms.without_buttons(render(told, pages_of(self._announcing), now).blocks)
                    if told
                    else ()
                ),
            ]
            about = About(uid=uid, sequence=atrium.sequence)
            return forms.preview_view(
                forms.CANCEL, say(_CANCELLING), blocks, about, say("slack.annuleer atrium"), goes_back=False
            )

        return self._begin(user, name, draw)

    def back(self, user: str, name: str, view: View) -> View_ | str:
        """From the preview back to the form, with all that was typed."""
        told = forms.about(view)
        if told.uid is None:
            return self.resumed(user, name, told.number) if told.number is not None else say(LOST)
        uid = told.uid

        def draw(session: Session, who: Actor) -> View_:
            _theirs(session, who, uid)
            draft = _kept_change(session, who, uid)
            return forms.form_view(forms.CHANGE, say(_CHANGING), _changeable(who), form_of(draft), told)

        return self._begin(user, name, draw)

    # --- a form that is handed in --------------------------------------------------------------------------

    def submit(self, user: str, name: str, view: View) -> dict[str, object]:
        """What Slack is to show next."""
        steps: dict[str | None, Callable[[Step], dict[str, object]]] = {
            forms.ANNOUNCE: self._checked,
            forms.ANNOUNCE_SURE: self._published,
            forms.AGREE: lambda step: agreeing.agreed(step, self._announcing),
            forms.CHANGE: self._change_checked,
            forms.CHANGE_SURE: self._changed,
            forms.CANCEL: self._called_off,
        }
        step = steps.get(view.callback_id)
        if step is None:
            return {"response_action": "clear"}
        try:
            with acting(self._store) as session:
                who = actor(session, user, name, self._announcing.rules, self._now())
                return step(Step(session=session, actor=who, view=view))
        except NotNowError as no:
            return forms.shows(forms.done_view(say("slack.titel atrium"), [str(no)]))

    def _checked(self, step: Step) -> dict[str, object]:
        """The announcement as it was typed: kept as a draft, and shown as it will look."""
        moderator(step.actor)
        values, about = forms.values_of(step.view), step.about
        checked = self._announcing.check(step.session, step.actor.person, NAME, step.now, values)
        if checked.errors:
            return forms.refused(checked.errors)
        saved = self._announcing.save(
            step.session, step.actor.person, NAME, step.now, values, about.number, about.version
        )
        if not isinstance(saved, Saved):
            return ended(saved, say(_ANNOUNCING))
        kept = About(number=saved.announcement.id, version=saved.announcement.version)
        preview = self._announcing.preview(step.session, step.actor.person, NAME, step.now, values)
        blocks = preview_blocks(preview, checked.warnings, self._announcing, step.actor)
        submit = (
            say("slack.leg voor")
            if preview.needs_approval
            else say("slack.plan")
            if checked.publish_at
            else say("slack.plaats")
        )
        return forms.shows(forms.preview_view(forms.ANNOUNCE_SURE, say(_ANNOUNCING), blocks, kept, submit))

    def _published(self, step: Step) -> dict[str, object]:
        about, person = step.about, step.actor.person
        found = announcements.find_announcement(step.session, about.number) if about.number else None
        if found is None:
            raise NotNowError(say(NO_ANNOUNCEMENT))
        do = self._announcing.schedule if found.publish_at else self._announcing.publish
        done = do(step.session, person, NAME, step.now, found.id, version=about.version)
        return ended(done, say(_ANNOUNCING))

    def _change_checked(self, step: Step) -> dict[str, object]:
        about, who = step.about, step.actor
        atrium = _theirs(step.session, who, about.uid or "")
        values = _with_kind(forms.values_of(step.view), atrium)
        checked = read_form(values, who.context)
        shown = {each.name for each in _changeable(who)}
        errors = {name: text for name, text in checked.errors.items() if name in shown}
        if errors:
            return forms.refused(errors)
        after = applied(atrium, checked.drafts[0], step.now)
        if not changed_fields(atrium, after):
            return forms.refused({"title": say("aankondiging.niets veranderd")})
        kept = Dialogue(
            act="change", draft=checked.drafts[0], uid=atrium.uid, author=who.person.external_id, at=step.now
        )
        threads.keep_dialogue(step.session, NAME, _place_of(who, atrium.uid), None, kept, step.now)
        lines = [section(literal(line)) for line in difference_lines(atrium, after)]
        blocks = [
            section(f"*{literal(title_of(as_draft(atrium)))}*"),
            *lines,
            section(say("slack.wie hoort wijziging")),
            *(section(say("slack.let op", waarschuwing=literal(each))) for each in checked.warnings),
        ]
        return forms.shows(
            forms.preview_view(forms.CHANGE_SURE, say(_CHANGING), blocks, about, say("slack.wijzig"))
        )

    def _changed(self, step: Step) -> dict[str, object]:
        about, who = step.about, step.actor
        atrium = _theirs(step.session, who, about.uid or "")
        draft = _kept_change(step.session, who, atrium.uid)
        if about.sequence is not None and about.sequence != atrium.sequence:
            raise NotNowError(say("slack.atrium intussen gewijzigd"))
        values = form_of(draft)
        if announcements.list_announcements(step.session, atrium.uid):
            done = self._announcing.correct(
                step.session, who.person, NAME, step.now, atrium.uid, values, about.sequence
            )
            threads.drop_dialogue(step.session, NAME, _place_of(who, atrium.uid), step.now)
            return ended(done, say(_CHANGING))
        after = applied(atrium, read_form(values, who.context).drafts[0], step.now)
        if not may_change(who.person, who.context.agenda, after):
            raise NotNowError(say(NOT_THEIRS))
        self._announcing.change_atrium(step.session, who.person, NAME, step.now, atrium, after)
        threads.drop_dialogue(step.session, NAME, _place_of(who, atrium.uid), step.now)
        return forms.shows(forms.done_view(say(_CHANGING), [say("aankondiging.gewijzigd")]))

    def _called_off(self, step: Step) -> dict[str, object]:
        who = step.actor
        atrium = _theirs(step.session, who, step.about.uid or "")
        known = announcements.list_announcements(step.session, atrium.uid)
        if known:
            done = self._announcing.cancel(
                step.session, who.person, NAME, step.now, known[0].id, [atrium.uid]
            )
            return ended(done, say(_CANCELLING))
        after = _cancelled(atrium, step.now)
        self._announcing.change_atrium(step.session, who.person, NAME, step.now, atrium, after)
        told = say("aankondiging.geannuleerd")
        return forms.shows(forms.done_view(say(_CANCELLING), [told]))

    # --- pieces --------------------------------------------------------------------------------------------

    def _begin(self, user: str, name: str, draw: Callable[[Session, Actor], View_]) -> View_ | str:
        try:
            with acting(self._store) as session:
                return draw(session, actor(session, user, name, self._announcing.rules, self._now()))
        except NotNowError as no:
            return str(no)


def _theirs(session: Session, who: Actor, uid: str) -> Atrium:
    """An atrium to come that this person may change."""
    moderator(who)
    atrium = find_atrium(session, uid)
    if atrium is None or atrium.is_cancelled or atrium.starts_at <= who.context.now:
        raise NotNowError(say(GONE))
    if not may_change(who.person, who.context.agenda, atrium):
        raise NotNowError(say(NOT_THEIRS))
    return atrium


def _kept_change(session: Session, who: Actor, uid: str) -> AtriumDraft:
    thread = threads.find_thread(session, NAME, _place_of(who, uid))
    if thread is None or thread.dialogue is None or thread.dialogue.author != who.person.external_id:
        raise NotNowError(say(LOST))
    return thread.dialogue.draft


def _place_of(who: Actor, uid: str) -> str:
    """Where what somebody typed to change an atrium is kept: apart from every conversation."""
    return f"form:{who.person.external_id}:{uid}"


def _announcement_form(who: Actor, values: Values, told: About, places: int = 1) -> View_:
    """The form of an announcement, with as many places as were typed, and no fewer than asked for."""
    shown = max(place_count(values), min(places, forms.MOST_PLACES))
    if shown > forms.MOST_PLACES:
        raise NotNowError(say(_TOO_MANY, aantal=str(forms.MOST_PLACES)))
    asked = fields(who.context, shown)
    return forms.form_view(forms.ANNOUNCE, say(_ANNOUNCING), asked, values, replace(told, places=shown))


def _changeable(who: Actor) -> tuple[Field, ...]:
    return tuple(each for each in fields(who.context) if each.name not in _NOT_CHANGED)


def _with_kind(values: Values, atrium: Atrium) -> Values:
    return {**values, "kind": atrium.kind.value}


def _cancelled(atrium: Atrium, now: dt.datetime) -> Atrium:
    return replace(
        atrium,
        status=Status.GEANNULEERD,
        sequence=atrium.sequence + 1,
        cancelled_at=now,
        updated_at=now,
    )
