"""What a conversation may ask of announcements and of what was handed in: read when it asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property

from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.announcing import Announcing
from bot.handing_in import typed_for
from bot.outcomes import TargetReport
from handlers.context import HandedIn, Heard, OpenAnnouncement, Responded
from handlers.model import Atrium, AtriumDraft, Person
from handlers.moderation.draft import title_of
from handlers.moderation.lifecycle import Act, State
from scheduler.moments import next_allowed
from scheduler.quiet_hours import why_not_then
from store import contributions
from store.announcements import Announcement
from store.contributions import handed_in

#: What has not gone out yet.
WAITING = (State.DRAFT, State.AWAITING_APPROVAL, State.SCHEDULED)


class StoredAnnouncements:
    """Fulfils `handlers.context.Announcements` for one person at one moment (aware UTC)."""

    def __init__(self, session: Session, announcing: Announcing, person: Person, now: dt.datetime) -> None:
        self._session, self._announcing, self._person, self._now = session, announcing, person, now

    @cached_property
    def _names(self) -> frozenset[str]:
        return Acting(session=self._session, person=self._person, place="", now=self._now).names()

    def open(self) -> Sequence[OpenAnnouncement]:
        """Drafts, what waits for agreement and what is planned, as far as it is theirs to see."""
        found = self._announcing.list_announcements(self._session, self._person, self._now, WAITING)
        return [self._shown(each) for each in reversed(found)]

    def find(self, number: int) -> OpenAnnouncement | None:
        """The announcement of this number, in whatever state."""
        found = self._announcing.get(self._session, self._person, self._now, number)
        return self._shown(found, with_text=True) if found else None

    def needs_approval(self, communities: Sequence[str]) -> bool:
        """Whether so many are told there that another moderator must agree."""
        previewing = self._announcing.previewing
        return previewing.is_too_many(previewing.members(self._session, communities, self._now))

    def warnings(
        self, draft: AtriumDraft, communities: Sequence[str], at: dt.datetime | None
    ) -> Sequence[str]:
        """What to mind beyond what the conversation sees itself: holidays, a full week, a late deadline."""
        context = self._announcing.context(self._session, self._person, self._now)
        return self._announcing.previewing.moment_warnings(self._session, draft, communities, at, context)

    def heard(self, before: Atrium, after: Atrium) -> Heard:
        """What would be heard of this change or cancellation if it were made now; makes none."""
        return self._announcing.foretold(self._session, self._person, self._now, before, after).heard()

    def allowed(self, at: dt.datetime) -> dt.datetime:
        """The moment itself, or the first one after it at which people may be spoken to; aware UTC."""
        return next_allowed(at, self._announcing.rules.attention)

    def why_not(self, at: dt.datetime) -> str | None:
        """Why nothing is said then, in a Dutch sentence; None for a moment that is allowed."""
        return why_not_then(at, self._announcing.rules.attention)

    def _shown(self, announcement: Announcement, *, with_text: bool = False) -> OpenAnnouncement:
        text = ""
        errors: tuple[str, ...] = ()
        missed: tuple[str, ...] = ()
        responded: tuple[Responded, ...] = ()
        if with_text:
            waits = announcement.state is State.AWAITING_APPROVAL
            typed = typed_for(announcement, Act.APPROVE if waits else Act.SAVE, self._now)
            preview = self._announcing.preview(self._session, self._person, "", self._now, typed)
            text = preview.targets[0].text if preview.targets else ""
            errors = tuple(preview.checked.errors.values())
            report = self._announcing.report(self._session, self._person, self._now, announcement.id)
            missed = tuple(_missed(each) for each in report.failed) if report else ()
            responded = tuple(_responded(report.targets)) if report else ()
        who = Acting(session=self._session, person=self._person, place="", now=self._now)
        return OpenAnnouncement(
            number=announcement.id,
            state=announcement.state,
            title=title_of(announcement.drafts[0]) if announcement.drafts else "",
            places=tuple(each.municipality for each in announcement.drafts if each.municipality),
            communities=tuple(sorted(announcement.communities)),
            publish_at=announcement.publish_at,
            author=announcement.author_name,
            is_own=not self._names.isdisjoint({announcement.author, announcement.editor}),
            is_theirs=who.owns(announcement),
            members=announcement.members,
            text=text,
            errors=errors,
            missed=missed,
            responded=responded,
            version=announcement.version,
            is_last_change_own=who.wrote(announcement),
        )


def _responded(targets: Sequence[TargetReport]) -> Iterator[Responded]:
    for each in targets:
        if (told := each.answers) is not None:
            yield Responded(
                community=each.name,
                answers=told.answers,
                is_exact=told.is_exact,
                reactions=told.reactions,
            )


def _missed(target: TargetReport) -> str:
    """ "Klimaat (dit kanaal is gearchiveerd)"."""
    return f"{target.name} ({target.reason})" if target.reason else target.name


class StoredContributions:
    """Fulfils `handlers.context.Contributions`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_atrium(self, uid: str) -> Sequence[HandedIn]:
        """What was handed in for an atrium, in the order of its agenda."""
        return [handed_in(each) for each in contributions.list_contributions(self._session, uid)]

    def find(self, number: int) -> HandedIn | None:
        found = contributions.find_contribution(self._session, number)
        return handed_in(found) if found else None
