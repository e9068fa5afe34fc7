"""Everything that is kept of one person, gathered when they ask to see it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from handlers.dossier import Grant, Identity, PersonalData
from store.belonging import joined_by_member
from store.communities import list_communities
from store.identities import identities_of
from store.members import MemberUnknownError, follows_of, reminders_of
from store.tables import (
    ContributionRow,
    IdentityRow,
    InboundEventRow,
    MemberRow,
    RoleGrantRow,
    UnreadQuestionRow,
)

#: The code under which the questions of an identity (platform, external id) are kept.
PseudonymOf = Callable[[str, str], str]


class StoredDossier:
    """Fulfils `handlers.dossier.Dossier` for one identity, within one session.

    Args:
        kept_for: how long messages and answers are kept.
    """

    def __init__(
        self,
        session: Session,
        platform: str,
        external_id: str,
        pseudonym_of: PseudonymOf,
        kept_for: dt.timedelta,
    ) -> None:
        self._session = session
        self._identity = Identity(platform=platform, external_id=external_id)
        self._pseudonym_of = pseudonym_of
        self._kept_for = kept_for

    def read(self) -> PersonalData:
        """What is kept; raises `MemberUnknownError` when nobody is known by this identity."""
        member = self._session.execute(
            select(MemberRow.__table__)
            .join(IdentityRow, IdentityRow.member_id == MemberRow.id)
            .where(
                IdentityRow.platform == self._identity.platform,
                IdentityRow.external_id == self._identity.external_id,
            )
        ).one_or_none()
        if member is None:
            raise MemberUnknownError(f"{self._identity.platform}:{self._identity.external_id}")
        identities = identities_of(self._session, member.id)
        return PersonalData(
            name=member.name,
            known_since=member.created_at,
            kept_for=self._kept_for,
            identities=identities,
            municipality=member.municipality,
            grants=self._grants(member.id),
            follows=tuple(follows_of(self._session, member.id)),
            contributions=self._contributions(member.id, identities),
            messages=self._messages(identities),
            unread=self._unread(identities),
            feed_token=member.feed_token,
            reminders=reminders_of(member.reminders),
            communities=self._communities(member.id),
        )

    def new_token(self) -> str:
        """192 bits by chance, fit for an address; nothing is kept by asking for it."""
        return secrets.token_urlsafe(24)

    def _communities(self, member_id: int) -> tuple[str, ...]:
        """Where the platforms said they belong, however long ago: it is kept until it is dropped."""
        keys = joined_by_member(self._session, member_id, dt.datetime.min.replace(tzinfo=dt.UTC))
        return tuple(each.name for each in list_communities(self._session) if each.key in keys)

    def _grants(self, member_id: int) -> tuple[Grant, ...]:
        wanted = select(RoleGrantRow.role, RoleGrantRow.scope).where(RoleGrantRow.member_id == member_id)
        return tuple(Grant(role=row.role, scope=row.scope) for row in self._session.execute(wanted))

    def _contributions(self, member_id: int, identities: tuple[Identity, ...]) -> tuple[str, ...]:
        """What they handed in, also on a page under an address that a platform vouches for."""
        addresses = [each.email for each in identities if each.email]
        theirs = (ContributionRow.member_id == member_id) | ContributionRow.giver_email.in_(addresses)
        wanted = select(ContributionRow.text).where(theirs)
        return tuple(self._session.scalars(wanted.order_by(ContributionRow.id)))

    def _messages(self, identities: tuple[Identity, ...]) -> int:
        known = [(each.platform, each.external_id) for each in identities]
        theirs = tuple_(InboundEventRow.platform, InboundEventRow.author_id).in_(known)
        return self._session.scalar(select(func.count()).select_from(InboundEventRow).where(theirs)) or 0

    def _unread(self, identities: tuple[Identity, ...]) -> int:
        authors = [self._pseudonym_of(each.platform, each.external_id) for each in identities]
        theirs = UnreadQuestionRow.author.in_(authors)
        return self._session.scalar(select(func.count()).select_from(UnreadQuestionRow).where(theirs)) or 0
