"""One act of one person: who, where and when, what they may know there, and whether they may do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bot.outcomes import Refused
from handlers.context import Context
from handlers.model import Person
from handlers.moderation.community_choice import visibility_of
from handlers.moderation.lifecycle import OUT, TRANSITIONS, Act, Who, refusal
from handlers.moderation.permissions import may_announce, may_see_console, moderates, moderates_everywhere
from scheduler import publishing
from store import audit, identities
from store.announcements import Announcement


@dataclass(frozen=True, kw_only=True, slots=True)
class Acting:
    """Who acts in which transaction, where ("console", "slack", a community's key) and when (aware UTC)."""

    session: Session
    person: Person
    place: str
    now: dt.datetime

    @property
    def identity(self) -> str:
        """`PLATFORM:ID`."""
        return f"{self.person.platform}:{self.person.external_id}"

    def names(self) -> frozenset[str]:
        """Every `PLATFORM:ID` of this person: who writes on one platform is nobody else on another."""
        known = identities.names_of(self.session, self.person.platform, self.person.external_id)
        return known | {self.identity}

    def wrote(self, current: Announcement) -> bool:
        """Whether they made the latest change that another must agree to, on whichever platform."""
        return current.writer == self.identity or current.writer in self.names()

    def context(self) -> Context:
        """What they may know where nobody overhears them: who moderates everywhere may hear of everything."""
        context = publishing.context_of(self.session, self.person, self.now)
        keys = [each.key for each in context.communities]
        person = self.person
        reads = keys if moderates_everywhere(person) else [key for key in keys if key in person.communities]
        return replace(context, reads=frozenset(reads))

    def as_editor(self) -> dict[str, Any]:
        return {"editor": self.identity, "editor_name": self.person.name}

    def as_writer(self) -> dict[str, Any]:
        """As who made the latest change that another must agree to."""
        return {"writer": self.identity}

    def as_author(self) -> dict[str, Any]:
        person = self.person
        author = {"author_platform": person.platform, "author_id": person.external_id}
        return {**author, "author_name": person.name, **self.as_editor(), **self.as_writer()}

    def write(
        self,
        action: str,
        subject: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Audit one step: who, when, where, and what it was before and after."""
        audit.write(
            self.session, self.now, self.person, self.place, action, subject, before=before, after=after
        )

    # --- rights --------------------------------------------------------------------------------------

    def refusal(self, current: Announcement, act: Act) -> Refused | None:
        """Why this may not be done with an announcement now, or not by them; None when it may."""
        reason = refusal(
            current.state,
            act,
            moderates=moderates(self.person),
            is_author=TRANSITIONS[act].who is Who.ANOTHER and self.wrote(current),
            in_scope=self.owns(current),
        )
        return Refused(reason=reason) if reason else None

    def owns(self, current: Announcement) -> bool:
        """Whether every place of it lies within what they may announce."""
        if moderates_everywhere(self.person):
            return True
        agenda = self.context().agenda
        return all(
            may_announce(
                self.person,
                agenda,
                kind=draft.kind,
                municipality=draft.municipality,
                communities=current.communities,
            )
            for draft in current.drafts
        )

    def may_see(self, current: Announcement) -> bool:
        """A moderator sees what is theirs and what they made; a reader what went out for everybody."""
        if moderates_everywhere(self.person):
            return True
        if moderates(self.person):
            return self.owns(current) or current.author in self.names()
        is_public = not visibility_of([*current.communities], self.context())
        return may_see_console(self.person) and current.state in OUT and is_public
