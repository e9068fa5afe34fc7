"""The last look at the record before something is said: is it still true, allowed, and not too much?

Runs in one transaction after posts were claimed. What should not go out is settled here; what
should is worded now, so that "morgen" is tomorrow as seen from the sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.model import Community
from handlers.reply import Reply
from handlers.wording.catalogue import worded
from handlers.wording.reasons import because
from scheduler import superseding
from scheduler.attention import COUNTED
from scheduler.look import Look, Outgoing, put_off, skipped
from scheduler.moments import week_of
from scheduler.plan import ANSWER, NOTICE
from scheduler.port import Post
from scheduler.telling import NOTHING_TO_TELL, Telling
from scheduler.telling_member import TellingMember
from store import precedents
from store.codec import load
from store.outbox import Entry


def last_look(view: Look, entries: Sequence[Entry]) -> list[Outgoing]:
    """What leaves now, in the order in which it should; the rest is settled."""
    ready: list[Outgoing] = []
    by_community: dict[str, list[Entry]] = {}
    by_member: dict[tuple[int, str], list[Entry]] = {}
    for entry in entries:
        if entry.kind in (ANSWER, NOTICE):
            ready += _answer(view, entry)
        elif entry.member_id is not None:
            by_member.setdefault((entry.member_id, entry.platform), []).append(entry)
        else:
            by_community.setdefault(entry.community_key or "", []).append(entry)
    said = (
        precedents.said_in_week(view.session, by_community, COUNTED, week_of(view.now))
        if by_community
        else {}
    )
    for key, owed in by_community.items():
        community = view.community(key)
        if community is None:
            view.settle(owed, skipped(because("reden.geen community", community=key)))
        else:
            with worded(view.texts):
                ready += Telling(view=view, community=community).tell(owed, said.get(key, 0))
    for (member, platform), owed in by_member.items():
        with worded(view.texts):
            ready += TellingMember(view=view, member_id=member, platform=platform).tell(owed)
    return ready


def _answer(view: Look, entry: Entry) -> list[Outgoing]:
    payload = entry.payload or {}
    stay = view.stay(entry)
    if stay is None and "reply" not in payload:
        stay = skipped(NOTHING_TO_TELL)
    if stay is not None:
        view.settle([entry], stay)
        return []
    outgoing = answering(entry, view.community(entry.community_key))
    place = superseding.place_now(view.session, entry, outgoing.post.reply, view.now)
    if superseding.INSTEAD_OF in place:
        view.settle([entry], put_off(view.now + superseding.LOOK_AGAIN))
        return []
    return [replace(outgoing, post=replace(outgoing.post, edits=place.get(superseding.EDITS)))]


def answering(entry: Entry, community: Community | None) -> Outgoing:
    """The post of an answer, worded already when it was owed."""
    payload = entry.payload or {}
    post = Post(
        key=entry.key,
        kind=entry.kind,
        community=community,
        member=payload.get("member"),
        thread=entry.thread,
        ref=payload.get("ref"),
        edits=payload.get("edits"),
        route=payload.get("route"),
        reply=load(Reply, payload["reply"]),
    )
    return Outgoing(post=post, entries=(entry,))
