"""The form by which an atrium of the agenda is changed: filled in, looked at, confirmed.

What was typed is kept with a thread of its own until it is confirmed. What somebody else changes meanwhile
stays, and is told; where both changed one field, the form asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import literal, section
from bot.platforms.slack.forms import About, View_
from bot.platforms.slack.meanwhile import labels, named, taken_text, together
from bot.platforms.slack.notices import notice_blocks
from bot.platforms.slack.steps import LOST, NOT_THEIRS, NotNowError, Step, ended, own_atrium
from handlers.changes import Dialogue
from handlers.model import Atrium, AtriumDraft
from handlers.moderation.before_after import (
    applied,
    as_draft,
    changed_fields,
    difference_lines,
    with_unasked,
)
from handlers.moderation.draft import title_of
from handlers.moderation.fields import Field, Values, fields
from handlers.moderation.form import Checked, form_of, read_form
from handlers.moderation.merging import marks_of, merged, recalled
from handlers.moderation.permissions import may_change
from handlers.posts.change import matters
from handlers.wording.catalogue import say
from store import announcements, audit, threads

TITLE = "slack.titel wijzigen"

#: What an atrium that exists has no more of: where and when it is told was decided with its announcement.
_NOT_CHANGED = frozenset({"kind", "communities", "publish_on", "publish_at"})


def changing(session: Session, who: Actor, uid: str) -> View_:
    """The form of an atrium as it stands."""
    atrium = own_atrium(session, who, uid)
    return _form(who, _held(who, atrium), _about(who, atrium))


def back(session: Session, who: Actor, told: About) -> View_:
    """From the preview back to the form, with all that was typed."""
    uid = told.uid or ""
    own_atrium(session, who, uid)
    return _form(who, form_of(_kept_change(session, who, uid)), told)


def checked(step: Step, announcing: Announcing) -> dict[str, object]:
    """What was filled in, beside what somebody else made of it; shown as it will differ."""
    who, atrium = step.actor, own_atrium(step.session, step.actor, step.about.uid or "")
    asked, typed = _changeable(who), forms.values_of(step.view)
    found = _read(who, atrium, typed)
    taken = ""
    if not (wrong := _errors(asked, found)) and step.about.sequence != atrium.sequence:
        editor = _editor(step.session, atrium)
        both = together(step, _held(who, atrium), typed, asked, editor)
        if both.asks:
            return forms.refused(both.asks)
        taken = taken_text(editor, both.merge)
        found = _read(who, atrium, both.merge.values)
        wrong = _errors(asked, found)
    if wrong:
        return forms.refused(wrong)
    draft = found.drafts[0]
    if not changed_fields(atrium, _changed_by(atrium, draft, step)):
        return forms.refused({"title": say("aankondiging.niets veranderd")})
    return _preview(step, announcing, atrium, draft, found.warnings, taken)


def changed(step: Step, announcing: Announcing) -> dict[str, object]:
    """Carry out what was confirmed; where the atrium is no more what it was, it is shown and asked again."""
    about, who = step.about, step.actor
    atrium = own_atrium(step.session, who, about.uid or "")
    if about.sequence != atrium.sequence and _was_confirmed(step.session, who, atrium.uid):
        raise NotNowError(say("slack.al gewijzigd"))
    draft = _kept_change(step.session, who, atrium.uid)
    if about.sequence != atrium.sequence and (again := _confirmed_again(step, announcing, atrium, draft)):
        return again
    person, place = who.person, _place_of(who, atrium.uid)
    if announcements.list_announcements(step.session, atrium.uid):
        values = form_of(draft)
        done = announcing.correct(step.session, person, NAME, step.now, atrium.uid, values)
        threads.drop_dialogue(step.session, NAME, place, step.now)
        return ended(done, say(TITLE))
    after = _changed_by(atrium, _read(who, atrium, form_of(draft)).drafts[0], step)
    if not may_change(person, who.context.agenda, after):
        raise NotNowError(say(NOT_THEIRS))
    told = announcing.change_atrium(step.session, person, NAME, step.now, atrium, after)
    threads.drop_dialogue(step.session, NAME, place, step.now)
    return forms.shows(forms.done_view(say(TITLE), [say("aankondiging.gewijzigd"), told]))


def _confirmed_again(
    step: Step, announcing: Announcing, atrium: Atrium, draft: AtriumDraft
) -> dict[str, object] | None:
    """What is left to change where somebody else changed the atrium after the preview, to be confirmed anew.

    What they changed stays. Where both changed a field the preview tells what it is now and what it becomes,
    so that nothing is overwritten unread. None where they changed nothing that the form asks.
    """
    who, theirs = step.actor, _held(step.actor, atrium)
    typed = _only(_changeable(who), form_of(draft))
    merge = merged(recalled(step.about.base, theirs, typed), theirs, typed)
    if not (merge.taken or merge.both):
        return None
    found = _read(who, atrium, merge.values)
    if found.errors or not changed_fields(atrium, _changed_by(atrium, found.drafts[0], step)):
        raise NotNowError(say("aankondiging.niets veranderd"))
    names = labels([*merge.taken, *merge.both], merge.values)
    told = say("slack.atrium intussen gewijzigd", wie=named(_editor(step.session, atrium)), velden=names)
    return _preview(step, announcing, atrium, found.drafts[0], found.warnings, told)


def _preview(
    step: Step,
    announcing: Announcing,
    atrium: Atrium,
    draft: AtriumDraft,
    warnings: Sequence[str],
    notice: str,
) -> dict[str, object]:
    """What becomes different and what is said of it, to be confirmed; what was typed is kept until then."""
    who = step.actor
    author = who.person.external_id
    kept = Dialogue(act="change", draft=draft, uid=atrium.uid, author=author, at=step.now)
    threads.keep_dialogue(step.session, NAME, _place_of(who, atrium.uid), None, kept, step.now)
    after = _changed_by(atrium, draft, step)
    told = announcing.foretold(step.session, who.person, step.now, atrium, after)
    context = announcing.context(step.session, who.person, step.now)
    every = dict.fromkeys((*warnings, *announcing.previewing.change_warnings(atrium, after, context)))
    blocks = [
        *([section(literal(notice))] if notice else ()),
        section(f"*{literal(title_of(as_draft(atrium)))}*"),
        *(section(literal(each)) for each in difference_lines(atrium, after)),
        *(section(say("slack.let op", waarschuwing=literal(each))) for each in every),
        *notice_blocks(step.session, who, told, announcing, is_news=matters(atrium, after)),
    ]
    about = _about(who, atrium)
    return forms.shows(forms.preview_view(forms.CHANGE_SURE, say(TITLE), blocks, about, say("slack.wijzig")))


def _form(who: Actor, values: Values, about: About) -> View_:
    return forms.form_view(forms.CHANGE, say(TITLE), _changeable(who), values, about)


def _about(who: Actor, atrium: Atrium) -> About:
    return About(uid=atrium.uid, sequence=atrium.sequence, base=marks_of(_held(who, atrium)))


def _held(who: Actor, atrium: Atrium) -> Values:
    """What the form holds of an atrium as it stands."""
    return _only(_changeable(who), form_of(as_draft(atrium)))


def _only(asked: Sequence[Field], values: Values) -> Values:
    return {each.name: values[each.name] for each in asked if each.name in values}


def _changeable(who: Actor) -> tuple[Field, ...]:
    return tuple(each for each in fields(who.context) if each.name not in _NOT_CHANGED)


def _read(who: Actor, atrium: Atrium, values: Values) -> Checked:
    return read_form({**values, "kind": atrium.kind.value}, who.context)


def _errors(asked: Sequence[Field], found: Checked) -> dict[str, str]:
    """What is wrong at the fields that the form shows."""
    return {each.name: found.errors[each.name] for each in asked if each.name in found.errors}


def _changed_by(atrium: Atrium, draft: AtriumDraft, step: Step) -> Atrium:
    return applied(atrium, with_unasked(atrium, draft), step.now)


def _editor(session: Session, atrium: Atrium) -> str:
    """Who changed the atrium last; empty where nobody knows."""
    last = audit.last_acts(session, [atrium.uid]).get(atrium.uid)
    return last.actor_name if last is not None else ""


def _was_confirmed(session: Session, who: Actor, uid: str) -> bool:
    """Whether what they typed was carried out: it was there, and is no longer."""
    thread = threads.find_thread(session, NAME, _place_of(who, uid))
    return thread is not None and thread.dialogue is None


def _kept_change(session: Session, who: Actor, uid: str) -> AtriumDraft:
    thread = threads.find_thread(session, NAME, _place_of(who, uid))
    if thread is None or thread.dialogue is None or thread.dialogue.author != who.person.external_id:
        raise NotNowError(say(LOST))
    return thread.dialogue.draft


def _place_of(who: Actor, uid: str) -> str:
    """Where what somebody typed to change an atrium is kept: apart from every conversation."""
    return f"form:{who.person.external_id}:{uid}"
