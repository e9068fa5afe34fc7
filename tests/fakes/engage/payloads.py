"""The JSON of the fake's REST API, in the shapes that Viva Engage gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.fakes.engage.world import REALTIME_SECRET, Group, Said, User, World

Json = dict[str, Any]

BASE = "https://www.yammer.com/api/v1"
_WEB = "https://www.yammer.com/example.org"


def moment(at: dt.datetime) -> str:
    """As Viva Engage writes a moment."""
    return f"{at:%Y/%m/%d %H:%M:%S +0000}"


def message(world: World, said: Said) -> Json:
    plain = world.plain(said)
    shape: Json = {
        "id": said.id,
        "sender_id": said.sender,
        "delegate_id": None,
        "replied_to_id": said.replied_to,
        "created_at": moment(said.at),
        "published_at": moment(said.at),
        "network_id": world.network_id,
        "message_type": "announcement" if said.announcement else "system" if said.system else "update",
        "sender_type": "system" if said.system else "user",
        "url": f"{BASE}/messages/{said.id}",
        "web_url": f"{_WEB}/messages/{said.id}",
        "group_id": said.group,
        "body": {"parsed": said.body, "plain": plain, "rich": plain.replace("\n", "<br>")},
        "thread_id": said.thread,
        "client_type": "O365 Api Auth" if said.by_app else "Web",
        "client_url": "https://api.yammer.com",
        "system_message": said.system,
        "direct_message": bool(said.participants),
        "chat_client_sequence": None,
        "language": None,
        "notified_user_ids": list(said.notifies),
        "privacy": "private" if said.participants else "public",
        "attachments": [],
        "liked_by": {"count": len(said.liked_by), "names": []},
        "supplemental_reply": False,
        "content_excerpt": plain[:200],
        "group_created_id": said.group,
    }
    if said.title is not None:
        shape["title"] = said.title
    if said.replied_to is None:
        # A root message may simply lack it.
        del shape["replied_to_id"]
    return shape


def user(person: User, network_id: int) -> Json:
    return {
        "type": "user",
        "id": person.id,
        "name": person.email.split("@")[0],
        "full_name": person.name,
        "state": "active",
        "email": person.email,
        "network_id": network_id,
        "url": f"{BASE}/users/{person.id}",
        "web_url": f"{_WEB}/users/{person.id}",
        "admin": "true" if person.admin else "false",
        "can_broadcast": "true" if person.admin else "false",
        "aad_guest": person.guest,
        "identity_type": "agent" if person.agent else "user",
        "agent_identity_blueprint_id": None,
        "identity_parent_id": None,
        "stats": {"following": 0, "followers": 0, "updates": 1},
    }


def group(found: Group) -> Json:
    return {
        "type": "group",
        "id": found.id,
        "full_name": found.name,
        "name": found.name.lower().replace(" ", ""),
        "description": found.description,
        "privacy": found.privacy,
        "url": f"{BASE}/groups/{found.id}",
        "web_url": f"{_WEB}/groups/{found.id}",
        "members": len(found.members),
        "stats": {"members": len(found.members)},
        "moderated": False,
        "restricted_posting": found.restricted,
        "show_in_directory": "true",
        "community_agent_enabled": None,
        "roster_backed_membership": False,
        "state": "active",
    }


def thread(world: World, number: int, *, shows_announcement: bool = True) -> Json:
    said = world.by_thread[number]
    first, last = said[0], (world.thread(number) or said)[-1]
    replies = [each for each in said if each.id != number and not each.deleted]
    shape: Json = {
        "type": "thread",
        "id": number,
        "url": f"{BASE}/messages/in_thread/{number}",
        "web_url": f"{_WEB}/threads/{number}",
        "thread_starter_id": number,
        "group_id": first.group,
        "network_id": world.network_id,
        "topics": [],
        "privacy": "private" if first.participants else "public",
        "direct_message": bool(first.participants),
        "has_attachments": False,
        "reply_disabled": False,
        "read_only": False,
        "invited_user_ids": sorted(first.participants - {first.sender}),
        "stats": {
            "updates": len(replies) + 1,
            "shares": 0,
            "first_reply_id": replies[0].id if replies else None,
            "first_reply_at": moment(replies[0].at) if replies else None,
            "latest_reply_id": last.id,
            "latest_reply_at": moment(last.at),
        },
    }
    if shows_announcement:
        shape["announcement"] = first.announcement
    return shape


def envelope(
    world: World,
    shown: Sequence[Said],
    *,
    me: User,
    older_available: bool = False,
    extended: dict[int, list[Said]] | None = None,
    shows_announcement: bool = True,
    hides_notified: bool = False,
) -> Json:
    """What a feed answers; also what a post answers, with one message."""
    everything = [*shown, *(said for more in (extended or {}).values() for said in more)]
    people = dict.fromkeys([me.id, *(said.sender for said in everything)])
    groups = dict.fromkeys(said.group for said in everything if said.group is not None)
    threads = dict.fromkeys(said.thread for said in everything)
    references = [
        *(user(world.users[each], world.network_id) for each in people),
        *(thread(world, each, shows_announcement=shows_announcement) for each in threads),
        *(group(world.groups[each]) for each in groups),
    ]
    return {
        "threaded_extended": {
            str(number): [message(world, said) for said in more] for number, more in (extended or {}).items()
        },
        "messages": [
            message(world, said) | ({"notified_user_ids": None} if hides_notified else {}) for said in shown
        ],
        "references": references,
        "external_references": [],
        "meta": {
            "older_available": older_available,
            "requested_poll_interval": 60,
            "realtime": {
                "uri": "https://rt.example.org/cometd/",
                "authentication_token": REALTIME_SECRET,
                "channel_id": "MTo1ODk3NzU2Njcz",
            },
            "last_seen_message_id": None,
            "current_user_id": me.id,
            "followed_references": [],
            "ymodules": [],
            "newest_message_details": None,
            "feed_name": "Feed",
            "feed_desc": "",
            "direct_from_body": False,
        },
    }
