"""How an announcement that went out reads now in each community, with what was cancelled since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from handlers.posts.edited import edited
from handlers.reply import Reply
from handlers.wording.catalogue import worded
from scheduler import publishing
from scheduler.look import Look
from scheduler.port import Capabilities
from scheduler.rules import Rules
from scheduler.telling import Telling
from store.announcements import Announcement
from store.communities import list_communities
from store.outbox import Entry
from store.texts import changed_texts


def as_it_reads(
    session: Session,
    announcement: Announcement,
    rules: Rules,
    capabilities: Mapping[str, Capabilities],
    now: dt.datetime,
) -> dict[str, Reply]:
    """By the key of a community what is read there; one where there is nothing more to say is left out."""
    posts: dict[str, list[Entry]] = {}
    for each in publishing.posts_of(session, announcement):
        posts.setdefault(each.community_key or "", []).append(each)
    view = Look(session=session, rules=rules, now=now, holder="", capabilities=dict(capabilities))
    found = {}
    with worded(changed_texts(session)):
        for community in list_communities(session):
            if entries := posts.get(community.key):
                atria = [atrium for each in entries if (atrium := view.atrium(each.atrium_uid))]
                off = [each for each in atria if each.is_cancelled and each.starts_at > now]
                reply = Telling(view=view, community=community).worded(entries)
                reply = edited(reply, off, now) if off else reply
                if reply is not None:
                    found[community.key] = reply
    return found
