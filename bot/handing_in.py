"""From a form to the communities: kept, agreed to, planned, posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from bot.acting import Acting
from bot.announced_atria import GONE
from bot.announcement_record import conflict_with, kept_of, move, note_on, write
from bot.outcomes import Invalid, Outcome, Refused, Saved
from bot.previewing import Previewing, targets_of
from handlers.model import AtriumDraft
from handlers.moderation.form import Checked, form_of, read_form
from handlers.moderation.lifecycle import Act, State
from handlers.moderation.permissions import moderates
from scheduler import publishing
from scheduler.moments import next_allowed
from scheduler.rules import Rules
from store import announcements
from store.announcements import Announcement, Typed
from store.codec import dump


class HandingIn:
    """The steps before anything is posted, and the one that posts."""

    def __init__(self, rules: Rules, previewing: Previewing) -> None:
        self._rules = rules
        self._previewing = previewing

    def create(self, by: Acting, checked: Checked) -> Outcome:
        """A new draft, complete or not."""
        if not moderates(by.person):
            return Refused(reason="Aankondigen doen de moderatoren van het netwerk.")
        added = announcements.add(by.session, by.now, **kept_of(checked), **by.as_author())
        write(by, added, Act.SAVE)
        return Saved(announcement=added, errors=checked.errors, warnings=checked.warnings, note="Bewaard.")

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
        """Another form over an announcement that is not out yet; an agreement to the earlier one is void."""
        kept = kept_of(checked)
        state, members = current.state, current.members
        if state is not State.DRAFT:
            keys = targets_of(checked.drafts, checked.communities, by.context())
            members = self._previewing.members(by.session, keys, by.now)
            kept |= {"communities": keys, "members": members}
        if state is State.SCHEDULED:
            if not publishing.unplan(by.session, current):
                return Refused(reason="Wijzigen kan nu niet: het bericht vertrekt net.")
            kept["publish_at"] = checked.publish_at or current.publish_at
            if self._previewing.is_too_many(members):
                state = State.AWAITING_APPROVAL
        again = {"approver": None, "approver_name": None, **by.as_editor()}
        done = move(by, current, Act.SAVE, state=state, **kept, **again)
        if not isinstance(done, Saved):
            return done
        if done.announcement.state is State.SCHEDULED:
            publishing.plan(by.session, done.announcement, self._rules, by.now)
        return replace(done, errors=checked.errors, warnings=checked.warnings)

    def hand_in(
        self, by: Acting, number: int, version: int | None, act: Act, at: dt.datetime | None = None
    ) -> Outcome:
        """One step towards the communities, after all checks."""
        current = announcements.take_announcement(by.session, number)
        if current is None:
            return GONE
        if no := by.refusal(current, act):
            return no
        context = by.context()
        if version is not None and version != current.version:
            return conflict_with(current, read_form(current.typed, context))
        checked = read_form(typed_for(current, act, by.now, at), context)
        errors = dict(checked.errors)
        if act is Act.SCHEDULE and checked.publish_at is None:
            errors.setdefault("publish_on", "Kies wanneer het geplaatst wordt.")
        keys = targets_of(checked.drafts, checked.communities, context)
        if checked.publish_at and not keys and not errors:
            errors["communities"] = "Kies een community om te plannen, of plaats het meteen."
        if errors:
            return Invalid(errors=errors, values=checked.values, warnings=checked.warnings)
        if current.state is State.SCHEDULED and not publishing.unplan(by.session, current):
            return Refused(reason="Dat kan nu niet: het bericht vertrekt net.")
        ready = replace(
            current,
            drafts=checked.drafts,
            typed=checked.values,
            communities=frozenset(keys),
            publish_at=checked.publish_at,
        )
        warnings = self._previewing.warnings(by.session, checked, context)
        sent = self._send(by, ready, act)
        return Saved(announcement=sent, warnings=warnings, note=note_on(sent))

    def _send(self, by: Acting, ready: Announcement, act: Act) -> Announcement:
        """Give what is complete its next state: it waits, it is planned, or it leaves."""
        session, now = by.session, by.now
        members = self._previewing.members(session, ready.communities, now)
        at = next_allowed(ready.publish_at, self._rules.attention) if ready.publish_at else None
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
    passed = act is Act.APPROVE and current.publish_at is not None and current.publish_at <= now
    if act is Act.PUBLISH or passed:
        return {name: value for name, value in typed.items() if not name.startswith("publish")}
    return typed
