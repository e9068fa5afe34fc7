"""What becomes of atria that were announced: corrected, cancelled place by place, and told of."""

from __future__ import annotations

from dataclasses import replace

from bot.acting import Acting
from bot.announcement_record import conflict_with
from bot.outcomes import Invalid, Outcome, Refused, Saved
from handlers.model import Atrium, Status
from handlers.moderation.before_after import applied, as_draft, changed_fields, with_unasked
from handlers.moderation.form import Checked, form_of
from handlers.moderation.lifecycle import Act
from handlers.moderation.permissions import may_change
from handlers.wording.catalogue import say
from scheduler import changes
from scheduler.rules import Rules
from store import announcements
from store.agenda import find_atrium, save_atrium
from store.announcements import Announcement
from store.codec import dump


def gone() -> Refused:
    """There is no such announcement."""
    return Refused(reason=say("aankondiging.weg"))


class AnnouncedAtria:
    """Changes the agenda and owes what must be said of it, in the transaction of the act."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def change(self, by: Acting, before: Atrium, after: Atrium, reason: str = "") -> None:
        """Write a change to the agenda, owe what must be said of it, and audit it with the reason."""
        save_atrium(by.session, after)
        changes.on_changed(by.session, before, after, self._rules, by.now)
        if not after.is_cancelled:
            _follow(by, after)
        action = "cancelled" if after.is_cancelled and not before.is_cancelled else "changed"
        why = {"reason": reason} if reason else {}
        by.write(action, after.uid, before=dump(before), after={**dump(after), **why})

    def cancel(self, by: Acting, uid: str, reason: str = "") -> bool:
        """Cancel one atrium; False when it is cancelled already, or has begun."""
        before = find_atrium(by.session, uid)
        if before is None or before.is_cancelled or before.starts_at <= by.now:
            return False
        after = replace(
            before,
            status=Status.GEANNULEERD,
            sequence=before.sequence + 1,
            cancelled_at=by.now,
            updated_at=by.now,
        )
        self.change(by, before, after, reason)
        return True

    def correct(self, by: Acting, uid: str, checked: Checked, sequence: int | None) -> Outcome:
        """Change one atrium to what a form of one place says; `Announcing.correct` says more."""
        found = _posted(by, uid)
        if isinstance(found, Refused):
            return found
        announcement, atrium = found
        if sequence is not None and sequence != atrium.sequence:
            return conflict_with(_as_it_is(announcement, atrium), checked)
        errors = {name: text for name, text in checked.errors.items() if not name.startswith("publish")}
        if errors:
            return Invalid(errors=errors, values=checked.values, warnings=checked.warnings)
        after = applied(atrium, with_unasked(atrium, checked.drafts[0]), by.now)
        if not changed_fields(atrium, after):
            return Saved(announcement=announcement, note=say("aankondiging.niets veranderd"))
        if not may_change(by.person, by.context().agenda, after):
            return Refused(reason=say("aankondiging.dan buiten werking"))
        self.change(by, atrium, after)
        corrected = announcements.get_announcement(by.session, announcement.id)
        return Saved(announcement=corrected, note=say("aankondiging.gewijzigd"))


def _posted(by: Acting, uid: str) -> tuple[Announcement, Atrium] | Refused:
    """An atrium with the announcement that it was made known by, if it may be corrected."""
    atrium = find_atrium(by.session, uid)
    found = announcements.list_announcements(by.session, uid)
    if atrium is None or not found:
        return gone()
    if no := by.refusal(found[0], Act.CORRECT):
        return no
    if not may_change(by.person, by.context().agenda, atrium):
        return Refused(reason=say("aankondiging.buiten werking"))
    if atrium.is_cancelled or atrium.starts_at <= by.now:
        return Refused(reason=say("aankondiging.te laat om te wijzigen"))
    return found[0], atrium


def _follow(by: Acting, after: Atrium) -> None:
    """The draft of an atrium that was announced follows it, so that a later form shows what stands."""
    for current in announcements.list_announcements(by.session, after.uid):
        drafts = tuple(
            as_draft(after) if each == after.uid else draft
            for each, draft in zip(current.atria, current.drafts, strict=True)
        )
        typed = form_of(drafts, [*current.communities], current.publish_at)
        announcements.amend(by.session, current.id, current.version, by.now, drafts=drafts, typed=typed)


def _as_it_is(announcement: Announcement, atrium: Atrium) -> Announcement:
    """An announcement with the one place as the agenda has it now."""
    return replace(announcement, drafts=(as_draft(atrium),), typed=form_of(as_draft(atrium)))
