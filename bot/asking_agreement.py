"""Asking the other moderators to agree: in their own community, and each personally where that can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from bot.acting import Acting
from handlers.model import Person, Role
from handlers.moderation.community_choice import visibility_of
from handlers.moderation.draft import title_of
from handlers.moderation.lifecycle import Act
from handlers.reply import Reply
from handlers.wording.catalogue import say
from scheduler.plan import NOTICE, dedupe_key
from scheduler.port import Capabilities
from scheduler.rules import Rules
from store import outbox
from store.announcements import Announcement
from store.codec import dump
from store.communities import find_community
from store.outbox import Owed
from store.roles import Grant, list_grants


def ask_to_agree(
    session: Session,
    announcement: Announcement,
    rules: Rules,
    capabilities: Mapping[str, Capabilities],
    now: dt.datetime,
) -> None:
    """Owe the moderators a word on an announcement that waits, each of them once. `now` is aware UTC."""
    key = rules.digest.moderators_community
    community = find_community(session, key) if key else None
    if community is not None:
        outbox.enqueue(
            session,
            _owed(
                announcement,
                rules,
                now,
                target=community.key,
                platform=community.platform,
                community=community.key,
                payload={"reply": dump(_request(session, announcement, rules, now, is_private=False))},
            ),
            now,
        )
    for member, platform, person in _others(session, announcement, capabilities, now):
        reply = dump(_request(session, announcement, rules, now, is_private=True))
        owed = _owed(
            announcement,
            rules,
            now,
            target=f"lid-{member}",
            platform=platform,
            member=member,
            payload={"reply": reply, "member": person},
        )
        outbox.enqueue(session, owed, now)


def _owed(
    announcement: Announcement,
    rules: Rules,
    now: dt.datetime,
    *,
    target: str,
    platform: str,
    payload: dict[str, object],
    community: str | None = None,
    member: int | None = None,
) -> Owed:
    return Owed(
        key=dedupe_key(NOTICE, f"goedkeuring {announcement.id}", target, occurrence=announcement.version),
        kind=NOTICE,
        platform=platform,
        community_key=community,
        member_id=member,
        due_at=now,
        late_until=now + rules.lateness.notice,
        payload={**payload, "urgent": True},
    )


def _others(
    session: Session, announcement: Announcement, capabilities: Mapping[str, Capabilities], now: dt.datetime
) -> Iterator[tuple[int, str, str]]:
    """Who may agree and can be told in private: their number, one platform, and their id there."""
    asked: set[int] = set()
    for grant in list_grants(session):
        if grant.member_id in asked or announcement.writer in grant.identities:
            continue
        for identity in grant.identities:
            platform, _, person = identity.partition(":")
            told = capabilities.get(platform)
            if told is None or not told.direct_messages:
                continue
            if _may_agree(session, announcement, grant, platform, person, now):
                asked.add(grant.member_id)
                yield grant.member_id, platform, person
            break


def _may_agree(
    session: Session, announcement: Announcement, grant: Grant, platform: str, person: str, now: dt.datetime
) -> bool:
    if grant.role is Role.READER:
        return False
    who = Person(platform=platform, external_id=person, name=grant.name, role=grant.role, scope=grant.scope)
    by = Acting(session=session, person=who, place=platform, now=now)
    return by.refusal(announcement, Act.APPROVE) is None


def _request(
    session: Session, announcement: Announcement, rules: Rules, now: dt.datetime, *, is_private: bool
) -> Reply:
    """What the other moderators read; in their community nothing of what is for one closed circle."""
    author = Person(
        platform=announcement.author_platform,
        external_id=announcement.author_id,
        name=announcement.author_name,
    )
    context = Acting(session=session, person=author, place="", now=now).context()
    is_closed = bool(visibility_of([*announcement.communities], context))
    title = f": {title_of(announcement.drafts[0])}" if is_private or not is_closed else ""
    told = (
        say("aankondiging.bereikt", aantal=str(announcement.members))
        if announcement.members is not None
        else ""
    )
    return Reply(
        headline=say("aankondiging.wacht", nummer=str(announcement.id), titel=title, bereik=told),
        paragraphs=(
            say("aankondiging.hoe lezen", nummer=str(announcement.id)) + _in_console(announcement, rules),
            say("aankondiging.hoe goedkeuren", nummer=str(announcement.id)),
            say("aankondiging.hoe terugsturen", nummer=str(announcement.id)),
        ),
        automatic=True,
        private=is_private,
    )


def _in_console(announcement: Announcement, rules: Rules) -> str:
    """Where the console shows it, after a space; nothing where there is no address."""
    if not rules.public_url:
        return ""
    link = f"{rules.public_url.rstrip('/')}/beheer/aankondigingen/{announcement.id}"
    return say("ontwerpen.in de console", link=link)
