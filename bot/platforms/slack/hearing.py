"""What people write in Slack, as messages for the bot; what is not meant for it is left alone.

Pure: a payload in, a message out. The bot never answers itself or another bot, nor what is quoted; a
message in a channel is for it when it is mentioned, or when it is in that thread already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.platforms.slack.connection import NAME
from bot.platforms.slack.payloads import (
    Command,
    Interaction,
    MessageBody,
    MessageEvent,
    PressedAction,
    moment,
)
from bot.platforms.slack.plain import mentioned, plain_text
from bot.platforms.slack.sharing import CONFIRM
from handlers.message import Message

#: What a message with one of these is, is still something that a person said.
_SAID = frozenset({None, "file_share", "thread_broadcast", "me_message"})
_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """Where the bot is, and as whom.

    Attributes:
        team: Slack's id of the workspace.
        user: Slack's id of the bot's own user.
        app: Slack's id of the app, where Slack tells it.
        communities: keys of the communities by the id of their channel.
        names: names of channels by their id.
    """

    team: str
    user: str
    app: str | None = None
    communities: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A message, and on what it depends whether the bot must answer it.

    Attributes:
        only_in_thread: only where the bot is in this thread already.
        mentioned: the bot is called by name, or addressed in private.
        amends: it may be a new wording of this message (its `event_id`): only if that was heard.
    """

    message: Message
    mentioned: bool = True
    only_in_thread: bool = False
    amends: str | None = None


def message_id(channel: str, ts: str) -> str:
    """How a message of Slack is called within the bot; `ts` alone is not unique across channels."""
    return f"{channel}:{ts}"


def is_private(channel: str) -> bool:
    """Whether this is a conversation of one person with the bot."""
    return channel.startswith("D")


def heard(event: MessageEvent, here: Workplace) -> Heard | None:
    """What somebody said in a channel or in private; None when it is not for the bot."""
    if event.subtype == "message_changed":
        return _amended(event, here)
    if event.subtype not in _SAID or event.hidden or event.ts is None:
        return None
    return _said(event, event.channel, here)


def _said(body: MessageBody, channel: str, here: Workplace) -> Heard | None:
    if body.ts is None or not _is_persons(body, here):
        return None
    raw = body.text or ""
    private = is_private(channel)
    called = here.user in mentioned(raw) or private
    # In a thread with the bot, what mentions others only is said to them.
    if not called and (body.thread_ts is None or mentioned(raw)):
        return None
    text = plain_text(raw, here.user, here.names)
    if not text and not (called and raw.strip() and not raw.lstrip().startswith(("&gt;", ">"))):
        return None
    message = Message(
        platform=NAME,
        event_id=message_id(channel, body.ts),
        client_id=body.client_msg_id,
        text=text,
        author_id=body.user or "",
        author_name="",
        sent_at=moment(body.ts),
        community=here.communities.get(channel),
        thread=_thread(channel, body.thread_ts or (None if private else body.ts)),
        route=_route(channel, body.thread_ts or (None if private else body.ts)),
    )
    below_the_bot = body.parent_user_id == here.user
    return Heard(message=message, mentioned=called, only_in_thread=not (called or below_the_bot))


def _amended(event: MessageEvent, here: Workplace) -> Heard | None:
    """A new wording of a message; what Slack itself adds to one (a preview of a link) is none."""
    now, before = event.message, event.previous_message
    if now is None or now.edited is None or now.edited.ts is None or now.ts is None:
        return None
    if now.subtype not in _SAID or (before is not None and before.text == now.text):
        return None
    # Whether it is for the bot is told by what was heard before: the mention may have gone.
    said = _said(now, event.channel, here) or _said(_as_called(now, here), event.channel, here)
    if said is None:
        return None
    called = here.user in mentioned(now.text or "") or is_private(event.channel)
    original = said.message.event_id
    message = replace(
        said.message,
        event_id=f"{original}:{now.edited.ts}",
        client_id=None,
        sent_at=moment(now.edited.ts),
    )
    return Heard(message=message, mentioned=called, only_in_thread=not called, amends=original)


def _as_called(body: MessageBody, here: Workplace) -> MessageBody:
    return body.model_copy(update={"text": f"<@{here.user}> {body.text or ''}"})


def _is_persons(body: MessageBody, here: Workplace) -> bool:
    return body.user is not None and body.bot_id is None and body.user not in (here.user, _SLACKBOT)


def _thread(channel: str, thread_ts: str | None) -> str:
    """What is remembered together; a private conversation is one thread as a whole."""
    return message_id(channel, thread_ts) if thread_ts else channel


def _route(channel: str, thread_ts: str | None) -> dict[str, str]:
    return {"channel": channel, "thread_ts": thread_ts} if thread_ts else {"channel": channel}


def commanded(command: Command, here: Workplace, at: dt.datetime) -> Message:
    """What somebody asked with the slash command; the answer is for them alone.

    Args:
        at: aware UTC of when it reached the bot: Slack does not say when it was typed.
    """
    # What is remembered here is theirs: what others ask in this channel does not lean on it.
    thread = f"{command.channel_id}:/{command.user_id}"
    route = _whispered(command.channel_id, command.response_url)
    return Message(
        platform=NAME,
        event_id=f"slash:{command.trigger_id}",
        text=plain_text(command.text, here.user, here.names) or "help",
        author_id=command.user_id,
        author_name="",
        sent_at=at,
        community=here.communities.get(command.channel_id),
        thread=command.channel_id if is_private(command.channel_id) else thread,
        route=route,
        alone=_is_whispered(route),
    )


def shortcut(asked: Interaction, here: Workplace, at: dt.datetime) -> Message | None:
    """A message of which somebody wants to know what the bot says of it; None when it says nothing.

    Each who asks gets an answer, and one who asks twice gets one.
    """
    body, channel = asked.message, asked.channel
    if body is None or channel is None or body.ts is None or body.user == here.user:
        return None
    text = plain_text(body.text or "", here.user, here.names)
    if not text:
        return None
    thread_ts = body.thread_ts or body.ts
    return Message(
        platform=NAME,
        event_id=f"shortcut:{message_id(channel.id, body.ts)}:{asked.user.id}",
        text=text,
        author_id=asked.user.id,
        author_name="",
        sent_at=at,
        community=here.communities.get(channel.id),
        thread=_thread(channel.id, thread_ts),
        route=_route(channel.id, thread_ts),
    )


def pressed(press: Interaction, action: PressedAction, here: Workplace, at: dt.datetime) -> Message | None:
    """What pressing a button says, in the thread where the button stands; None when it says nothing.

    The id holds no moment: pressed twice by one person is said once. It holds what the button says: under an
    answer that was edited stands another one in its place.
    """
    said = action.value or (action.selected_option.value if action.selected_option else None)
    channel, ts = _place_of(press)
    if not said or channel is None or ts is None:
        return None
    whispered = press.container is not None and press.container.is_ephemeral
    thread_ts = (press.message.thread_ts if press.message else None) or (
        press.container.thread_ts if press.container else None
    )
    root = thread_ts or (None if is_private(channel) else ts)
    message = Message(
        platform=NAME,
        event_id=f"press:{message_id(channel, ts)}:{action.action_id}:{press.user.id}:{_digest(said)}",
        text=said,
        author_id=press.user.id,
        author_name="",
        sent_at=at,
        community=here.communities.get(channel),
        thread=_thread(channel, root),
        route=_route(channel, root),
        below=message_id(channel, ts),
    )
    if not whispered or is_private(channel):
        return message
    route = _whispered(channel, press.response_url)
    return replace(message, thread=f"{channel}:/{press.user.id}", route=route, alone=_is_whispered(route))


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def shared(press: Interaction, action: PressedAction, here: Workplace, at: dt.datetime) -> Message | None:
    """The answer that one person got is to be given in the channel; None when the press names none."""
    channel, _ = _place_of(press)
    if not action.value or channel is None or is_private(channel):
        return None
    community = here.communities.get(channel)
    to_channel: dict[str, str] = {"channel": channel}
    if press.response_url:
        to_channel[CONFIRM] = press.response_url
    if community is None and press.response_url:
        # The bot may be no member there, but whoever pressed is.
        to_channel |= {"response_url": press.response_url, "response_type": "in_channel"}
    return Message(
        platform=NAME,
        event_id=f"share:{action.value}",
        text="deel in kanaal",
        author_id=press.user.id,
        author_name="",
        sent_at=at,
        community=community,
        repeats=action.value,
        route=to_channel,
    )


def community_of(press: Interaction, here: Workplace) -> str | None:
    """The key of the community where a button stands; None in private, in a form, and in other channels."""
    channel, _ = _place_of(press)
    return here.communities.get(channel) if channel else None


def _place_of(press: Interaction) -> tuple[str | None, str | None]:
    """The channel of the message that holds the button, and its `ts`."""
    channel = press.channel.id if press.channel else None
    ts = press.message.ts if press.message else None
    if press.container is not None:
        channel, ts = channel or press.container.channel_id, ts or press.container.message_ts
    return channel, ts


def _whispered(channel: str, response_url: str | None) -> dict[str, str]:
    if response_url is None or is_private(channel):
        return {"channel": channel}
    return {"channel": channel, "response_url": response_url, "response_type": "ephemeral"}


def _is_whispered(route: Mapping[str, str]) -> bool:
    """Whether what goes this way is shown to whoever asked alone."""
    return route.get("response_type") == "ephemeral"
