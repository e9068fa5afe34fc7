"""From a form to the communities: kept, agreed to, planned, posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bot.acting import Acting
from bot.announced_atria import gone
from bot.announcement_record import conflict_with, kept_of, move, note_on, write
from bot.edited_plans import decisions_text, edited_note, says_otherwise
from bot.outcomes import Invalid, Outcome, Refused, Saved
from bot.previewing import Previewing, targets_of
from handlers.model import AtriumDraft
from handlers.moderation.form import Checked, form_of, read_form
from handlers.moderation.lifecycle import Act, State, leaves_at_once
from handlers.moderation.permissions import moderates
from handlers.wording.catalogue import say
from scheduler import publishing
from scheduler.decided import is_moved, without_moments
from scheduler.moments import next_allowed
from scheduler.quiet_hours import why_not_then
from scheduler.rules import Rules
from store import announcements
from store.announcements import Announcement, Typed
from store.codec import dump
from store.communities import list_communities


class HandingIn:
    """The steps before anything is posted, and the one that posts."""

    def __init__(self, rules: Rules, previewing: Previewing) -> None:
        self._rules = rules
        self._previewing = previewing

    def create(self, by: Acting, checked: Checked) -> Outcome:
        """A new draft, complete or not."""
        if not moderates(by.person):
            return Refused(reason=say("aankondiging.doen moderatoren"))
        added = announcements.add(by.session, by.now, **kept_of(checked), **by.as_author())
        write(by, added, Act.SAVE)
        return Saved(
            announcement=added,
            errors=checked.errors,
            warnings=checked.warnings,
            note=say("aankondiging.bewaard"),
        )

    def confirm(
        self, by: Acting, draft: AtriumDraft, keys: Collection[str], uid: str, at: dt.datetime | None
    ) -> Announcement:
        """What a conversation confirmed, step by step checked there."""
        typed = form_of(draft, [*keys], at)
        values = {"drafts": (draft,), "typed": typed, "communities": keys, "publish_at": at}
        added = announcements.add(by.session, by.now, **values, **by.as_author())
        announcements.bind_atria(by.session, added.id, (uid,))
        write(by, added, Act.SAVE)
        added = announcements.get_announcement(by.session, added.id)
        return self._send(by, added, Act.SCHEDULE if at else Act.PUBLISH)

    def edit(self, by: Acting, current: Announcement, checked: Checked) -> Outcome:
        """Another form over an announcement that is not out yet.

        Who agreed did so to what it said: other words, places, days or communities must be agreed to
        again, another moment to leave need not. What was decided on single posts of it stays decided.
        """
        kept = kept_of(checked)
        state, members = current.state, current.members
        if state is not State.DRAFT:
            keys = targets_of(checked.drafts, checked.communities, by.context())
            members = self._previewing.members(by.session, keys, by.now)
            kept |= {"communities": keys, "members": members}
        is_other = says_otherwise(current, kept)
        follow = False
        if state is State.SCHEDULED:
            at = checked.publish_at or current.publish_at
            kept["publish_at"] = self._allowed(at)
            stays = kept["publish_at"] == current.publish_at
            follow = not stays and self._has_moved(by, current)
            if not publishing.unplan(by.session, current, moment_stays=stays):
                return Refused(reason=say("aankondiging.wijzigen niet nu"))
            if is_other and self._previewing.is_too_many(members):
                state = State.AWAITING_APPROVAL
        elif state is State.AWAITING_APPROVAL:
            follow = self._follow_while_waiting(by, current, checked)
        if is_other:
            kept |= {"approver": None, "approver_name": None, **by.as_writer()}
        done = move(by, current, Act.SAVE, state=state, **kept, **by.as_editor())
        if not isinstance(done, Saved):
            return done
        communities = list_communities(by.session)
        note = edited_note(current, done.announcement, communities, follow=follow)
        self._owe_again(by, current.state, done.announcement)
        after = announcements.get_announcement(by.session, current.id)
        return replace(done, announcement=after, errors=checked.errors, warnings=checked.warnings, note=note)

    def _allowed(self, at: dt.datetime | None) -> dt.datetime | None:
        """The moment itself or the first allowed one after it, aware UTC."""
        return next_allowed(at, self._rules.attention) if at else None

    def _follow_while_waiting(self, by: Acting, current: Announcement, checked: Checked) -> bool:
        """With another moment no post of one that waits keeps its own; whether one had that."""
        if self._allowed(checked.publish_at) == self._allowed(current.publish_at):
            return False
        kept = without_moments(current.decisions)
        announcements.keep_decisions(by.session, current.id, kept)
        return any("due_at" in each for each in current.decisions)

    def _has_moved(self, by: Acting, current: Announcement) -> bool:
        """Whether a moderator gave one of its posts a moment of its own."""
        return any(is_moved(current, each) for each in publishing.posts_of(by.session, current))

    def _owe_again(self, by: Acting, before: State, edited: Announcement) -> None:
        """After an edit: its posts at their moment, or the question to agree."""
        if edited.state is State.SCHEDULED:
            publishing.plan(by.session, edited, self._rules, by.now)
        elif edited.state is State.AWAITING_APPROVAL and before is not State.AWAITING_APPROVAL:
            self._previewing.ask_for_approval(by.session, edited, by.now)

    def hand_in(
        self, by: Acting, number: int, version: int | None, act: Act, at: dt.datetime | None = None
    ) -> Outcome:
        """One step towards the communities, after all checks."""
        current = announcements.take_announcement(by.session, number)
        if current is None:
            return gone()
        if no := by.refusal(current, act):
            return no
        context = by.context()
        if version is not None and version != current.version:
            return conflict_with(current, read_form(current.typed, context))
        checked = read_form(typed_for(current, act, by.now, at), context)
        errors = dict(checked.errors)
        if act is Act.SCHEDULE and checked.publish_at is None:
            errors.setdefault("publish_on", say("aankondiging.kies wanneer"))
        keys = targets_of(checked.drafts, checked.communities, context)
        if checked.publish_at and not keys and not errors:
            errors["communities"] = say("aankondiging.kies community")
        if errors:
            return Invalid(errors=errors, values=checked.values, warnings=checked.warnings)
        stays = act is not Act.PUBLISH and self._allowed(checked.publish_at) == current.publish_at
        is_planned = current.state is State.SCHEDULED
        if is_planned and not publishing.unplan(by.session, current, moment_stays=stays):
            return Refused(reason=say("aankondiging.niet nu"))
        ready = replace(
            current,
            drafts=checked.drafts,
            typed=checked.values,
            communities=frozenset(keys),
            publish_at=checked.publish_at,
        )
        warnings = self._previewing.warnings(by.session, checked, context)
        decided = announcements.get_announcement(by.session, number)
        sent = self._send(by, replace(ready, decisions=decided.decisions), act)
        shifted = self._shifted(checked.publish_at, sent)
        note = " ".join([note_on(sent), *shifted, *decisions_text(decided, context.communities)])
        return Saved(announcement=sent, warnings=warnings, note=note)

    def _shifted(self, asked: dt.datetime | None, sent: Announcement) -> list[str]:
        """Why it leaves at another moment than was asked for."""
        reason = why_not_then(asked, self._rules.attention) if asked else None
        return [reason] if reason and sent.publish_at else []

    def _send(self, by: Acting, ready: Announcement, act: Act) -> Announcement:
        """Give what is complete its next state: it waits, it is planned, or it leaves."""
        session, now = by.session, by.now
        members = self._previewing.members(session, ready.communities, now)
        at = self._allowed(ready.publish_at)
        agreed = act is Act.APPROVE or ready.approver is not None
        state = State.SCHEDULED if at is not None and at > now else State.POSTING
        if act is Act.SUBMIT or (not agreed and self._previewing.is_too_many(members)):
            state = State.AWAITING_APPROVAL
        who = by.as_editor()
        if act is Act.APPROVE:
            who = {"approver": by.identity, "approver_name": by.person.name}
        values = {
            "state": state,
            "drafts": ready.drafts,
            "typed": ready.typed,
            "communities": ready.communities,
            "publish_at": at,
            "members": members,
            "reason": None,
        }
        announcements.amend(session, ready.id, ready.version, now, **values, **who)
        kept = announcements.get_announcement(session, ready.id)
        if state is State.SCHEDULED:
            publishing.plan(session, kept, self._rules, now)
        elif state is State.POSTING:
            for atrium in publishing.begin(session, kept, self._rules, now):
                by.write("announced", atrium.uid, after=dump(atrium))
        else:
            self._previewing.ask_for_approval(session, kept, now)
        write(by, ready, act)
        return announcements.get_announcement(session, ready.id)


def typed_for(current: Announcement, act: Act, now: dt.datetime, at: dt.datetime | None = None) -> Typed:
    """The form by which an act is checked: with the moment that was said, or none where it leaves at once."""
    typed = current.typed
    if at is not None:
        return {**typed, **form_of((), (), at)}
    if act is Act.PUBLISH or (act is Act.APPROVE and leaves_at_once(current.publish_at, now)):
        return {name: value for name, value in typed.items() if not name.startswith("publish")}
    return typed
