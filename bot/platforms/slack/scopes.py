"""What the bot asks of Slack, and the scope that each of it takes: no more than that.

The manifest (docs/slack/manifest.yaml) is held to this page by a test, and this page to the calls made.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Scopes of the bot's token, by what they are for.
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "hear when it is mentioned",
    "channels:history": "hear replies in its threads, find its own posts again, and count reactions to them",
    "channels:read": "know who is in a channel",
    "chat:write": "answer, post, and set right what it posted",
    "commands": "/atrium, the shortcuts and the forms",
    "groups:history": "the same in private channels that it is invited to",
    "groups:read": "know who is in those",
    "im:history": "hear direct messages",
    "im:write": "begin a direct message, for reminders",
    "users:read": "know how people are called, and who administers the workspace",
}

#: Only where a setting asks for it.
USERGROUP_SCOPE = "usergroups:read"
#: Of the app-level token, for Socket Mode.
SOCKET_SCOPE = "connections:write"

#: The methods that the bot calls, and the scopes that they take.
METHODS: Mapping[str, frozenset[str]] = {
    "admin.roles.listAssignments": frozenset(),
    "apps.connections.open": frozenset(),
    "auth.test": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "groups:history", "im:history"}),
    "conversations.info": frozenset({"channels:read", "groups:read"}),
    "conversations.members": frozenset({"channels:read", "groups:read"}),
    "conversations.open": frozenset({"im:write"}),
    "conversations.replies": frozenset({"channels:history", "groups:history", "im:history"}),
    "usergroups.users.list": frozenset({USERGROUP_SCOPE}),
    "users.info": frozenset({"users:read"}),
    "users.list": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.update": frozenset(),
}

#: The events that the bot hears, and the scopes that they take.
EVENTS: Mapping[str, frozenset[str]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
}
