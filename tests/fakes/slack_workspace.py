"""The fake Slack with people in it: who they are, where they are, what they look at in the app."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.slack.scopes import SCOPES, USERGROUP_SCOPE
from tests.fakes.slack_api import BOT_USER, TOKEN, Channel, FakeSlack, RefusedError
from tests.fakes.slack_views import view_problems

TEAM = "T0ATRIUM"
APP_TOKEN = "xapp-fake"  # noqa: S105  # opens nothing


@dataclass(kw_only=True)
class Workspace(FakeSlack):
    """Answers what the listening part asks as well.

    Attributes:
        people: by id, how they are called and whether they administer the workspace.
        usergroups: members of each user group.
        managers: of each channel, as the Enterprise plan tells; None refuses to tell.
        homes: by person, the home that was drawn last, with its hash.
        views: what was opened, and what it was redrawn to, by id.
        socket_url: where Socket Mode is served.
    """

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    usergroups: dict[str, list[str]] = field(default_factory=dict)
    managers: dict[str, list[str]] | None = None
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    socket_url: str = "ws://127.0.0.1:1/"
    triggers: set[str] = field(default_factory=set)
    tokens: tuple[str, ...] = (TOKEN, APP_TOKEN)

    def __post_init__(self) -> None:
        self.grant(*SCOPES, USERGROUP_SCOPE)

    def grant(self, *scopes: str) -> None:
        """The scopes of the token, as Slack tells them with every answer."""
        self.headers["X-OAuth-Scopes"] = ",".join(scopes)

    def add_person(self, user: str, name: str, *channels: str, admin: bool = False) -> None:
        self.people[user] = {"id": user, "name": name.lower(), "profile": {"display_name": name}}
        if admin:
            self.people[user]["is_admin"] = True
        for channel in channels:
            self.channels.setdefault(channel, Channel(id=channel)).members.add(user)

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "users.info":
                return {"user": self._person(str(body.get("user")))}
            case "users.list":
                return {"members": list(self.people.values())}
            case "apps.connections.open":
                return {"url": self.socket_url}
            case "conversations.info":
                return {"channel": self._told(str(body.get("channel")))}
            case "conversations.members":
                return {"members": sorted(self._channel(body).members)}
            case "usergroups.users.list":
                if body.get("usergroup") not in self.usergroups:
                    raise RefusedError("no_such_subteam")
                return {"users": self.usergroups[str(body["usergroup"])]}
            case "admin.roles.listAssignments":
                return self._assignments(body)
            case "views.publish":
                return self._publish(body)
            case "views.open":
                return self._open(body)
            case "views.update":
                return self._redraw(body)
        return super().answer(method, body)

    def _person(self, user: str) -> dict[str, Any]:
        if user not in self.people:
            raise RefusedError("user_not_found")
        return self.people[user]

    def _told(self, name: str) -> dict[str, Any]:
        """A channel as Slack tells of it, also to a bot that is not in it."""
        if name not in self.channels:
            raise RefusedError("channel_not_found")
        channel = self.channels[name]
        is_member = BOT_USER in channel.members
        return {"id": name, "name": name.lower(), "is_member": is_member, "is_archived": channel.archived}

    def _assignments(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.managers is None:
            raise RefusedError("not_allowed_token_type")
        wanted = body["entity_ids"]
        channels = wanted.split(",") if isinstance(wanted, str) else wanted
        given = [(user, channel) for channel in channels for user in self.managers.get(channel, [])]
        return {"role_assignments": [{"user_id": user, "entity_id": channel} for user, channel in given]}

    def _publish(self, body: dict[str, Any]) -> dict[str, Any]:
        user, there = str(body["user_id"]), self.homes.get(str(body["user_id"]))
        if body.get("hash") and there is not None and there["hash"] != body["hash"]:
            raise RefusedError("hash_conflict")
        self.homes[user] = self._drawn(body["view"], f"VHOME{user}")
        return {"view": self.homes[user]}

    def _open(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["trigger_id"] not in self.triggers:
            raise RefusedError("expired_trigger_id")
        self.triggers.discard(body["trigger_id"])
        self._number += 1
        view = self._drawn(body["view"], f"V{self._number}")
        self.views[view["id"]] = view
        return {"view": view}

    def _redraw(self, body: dict[str, Any]) -> dict[str, Any]:
        there = self.views.get(str(body["view_id"]))
        if there is None:
            raise RefusedError("not_found")
        if body.get("hash") and body["hash"] != there["hash"]:
            raise RefusedError("hash_conflict")
        self.views[there["id"]] = self._drawn(body["view"], there["id"])
        return {"view": self.views[there["id"]]}

    def _drawn(self, view: Any, identity: str) -> dict[str, Any]:
        drawn: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
        broken = view_problems(drawn)
        if broken:
            raise RefusedError(f"invalid_arguments:{'; '.join(broken)}")
        self._number += 1
        return {**drawn, "id": identity, "hash": f"{self._number}.h"}
