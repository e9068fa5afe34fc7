"""What Slack sends, checked: only a body of the shape that Slack documents gets any further.

The shapes hold no more than the bot looks at; what else Slack sends is left alone. They are those of
https://docs.slack.dev/apis/events-api/ and https://docs.slack.dev/reference/interaction-payloads/.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

#: A moment on Slack's clock that is also the id of a message within its channel ("1795470867.000200").
Ts = Annotated[str, Field(pattern=r"^\d{1,11}\.\d{1,6}$")]
Id = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,64}$")]
Text = Annotated[str, Field(max_length=100_000)]

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class UnfitError(ValueError):
    """A body that Slack would not send; the message says what is wrong, without what the body holds."""


class UnknownTypeError(UnfitError):
    """A body of a content type in which Slack sends nothing."""


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Named(Shape):
    """Something that Slack knows by an id: a user, a channel, a workspace."""

    id: Id
    name: str | None = None
    username: str | None = None


class Edited(Shape):
    ts: Ts | None = None


class MessageBody(Shape):
    """A message as an event, or another payload, holds it."""

    ts: Ts | None = None
    thread_ts: Ts | None = None
    user: Id | None = None
    text: Text | None = None
    bot_id: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    parent_user_id: Id | None = None
    edited: Edited | None = None


class MessageEvent(MessageBody):
    """`message` and `app_mention`; one with a subtype tells what became of a message."""

    type: str
    channel: Id
    channel_type: str | None = None
    hidden: bool | None = None
    message: MessageBody | None = None
    previous_message: MessageBody | None = None


class HomeEvent(Shape):
    """Somebody opened the app's home."""

    user: Id
    channel: Id | None = None
    tab: str | None = None


class ChannelEvent(Shape):
    """Somebody joined or left a channel."""

    user: Id
    channel: Id


class EventBody(Shape):
    """The envelope of every event; `event` keeps its own shape, looked at by type."""

    type: str
    token: str | None = None
    team_id: Id | None = None
    enterprise_id: Id | None = None
    api_app_id: Id | None = None
    event_id: str | None = None
    challenge: str | None = None
    event: dict[str, JsonValue] | None = None


class Option(Shape):
    value: str | None = None


class PressedAction(Shape):
    """One button pressed, or one choice made."""

    action_id: str
    type: str | None = None
    block_id: str | None = None
    value: str | None = None
    action_ts: Ts | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None


class Container(Shape):
    """Where the button stands."""

    type: str | None = None
    message_ts: Ts | None = None
    thread_ts: Ts | None = None
    channel_id: Id | None = None
    is_ephemeral: bool | None = None
    view_id: str | None = None


class FieldState(Shape):
    """What somebody filled in at one field of a form."""

    type: str | None = None
    value: str | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None


class ViewState(Shape):
    values: dict[str, dict[str, FieldState]] = {}


class View(Shape):
    """A form, or the app's home."""

    id: str | None = None
    type: str | None = None
    callback_id: str | None = None
    hash: str | None = None
    private_metadata: str | None = None
    state: ViewState | None = None
    root_view_id: str | None = None
    previous_view_id: str | None = None


class Interaction(Shape):
    """A button, a choice, a form, a shortcut, or a search for options."""

    type: str
    api_app_id: Id | None = None
    team: Named | None = None
    user: Named
    channel: Named | None = None
    message: MessageBody | None = None
    message_ts: Ts | None = None
    action_ts: Ts | None = None
    container: Container | None = None
    actions: list[PressedAction] | None = None
    action_id: str | None = None
    block_id: str | None = None
    value: str | None = None
    callback_id: str | None = None
    trigger_id: str | None = None
    response_url: str | None = None
    view: View | None = None


class Command(Shape):
    """A slash command."""

    command: str
    team_id: Id
    channel_id: Id
    user_id: Id
    trigger_id: str
    text: Text = ""
    api_app_id: Id | None = None
    channel_name: str | None = None
    user_name: str | None = None
    response_url: str | None = None


Payload = EventBody | Interaction | Command

#: The shapes of the events that are acted upon; others are acknowledged unread.
_EVENTS: Mapping[str, type[Shape]] = {
    "message": MessageEvent,
    "app_mention": MessageEvent,
    "app_home_opened": HomeEvent,
    "member_joined_channel": ChannelEvent,
    "member_left_channel": ChannelEvent,
}


@dataclass(frozen=True, slots=True)
class Received:
    """A payload, and the values that it was made of."""

    payload: Payload
    values: dict[str, Any]


def parse(body: bytes, content_type: str) -> Received:
    """The payload of a request, whatever it is about.

    Raises:
        UnknownTypeError: Slack does not send this content type.
        UnfitError: the body is not of a shape that Slack sends.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (_JSON, _FORM):
        raise UnknownTypeError("content type")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnfitError("not UTF-8") from error
    if kind == _JSON:
        return checked(_json(text))
    try:
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise UnfitError("too many fields") from error
    return checked(_json(fields["payload"]) if "payload" in fields else fields)


def checked(values: object) -> Received:
    """The payload that these values are, as a form, an event or a socket brings them.

    Raises:
        UnfitError: they are not of a shape that Slack sends.
    """
    if not isinstance(values, dict):
        raise UnfitError("not an object")
    try:
        return Received(_payload(values), values)
    except ValidationError as error:
        where = sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)})
        raise UnfitError(f"unfit fields: {', '.join(where)[:200]}") from error


def _payload(values: dict[str, Any]) -> Payload:
    if "command" in values:
        return Command.model_validate(values)
    if values.get("type") in ("event_callback", "url_verification", "app_rate_limited"):
        return _event(EventBody.model_validate(values))
    return Interaction.model_validate(values)


def moment(ts: str) -> dt.datetime:
    """The aware UTC instant of a message; its last digits only keep messages apart."""
    seconds, _, rest = ts.partition(".")
    second = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    return second.replace(microsecond=int(rest.ljust(6, "0")))


def message_event(body: EventBody) -> MessageEvent:
    return MessageEvent.model_validate(body.event)


def home_event(body: EventBody) -> HomeEvent:
    return HomeEvent.model_validate(body.event)


def channel_event(body: EventBody) -> ChannelEvent:
    return ChannelEvent.model_validate(body.event)


def team_of(payload: Payload) -> str | None:
    """The workspace that a payload says it is from."""
    if isinstance(payload, Interaction):
        return payload.team.id if payload.team is not None else None
    return payload.team_id


def _event(body: EventBody) -> EventBody:
    if body.type != "event_callback":
        return body
    kind = (body.event or {}).get("type")
    if not isinstance(kind, str):
        raise UnfitError("no event")
    shape = _EVENTS.get(kind)
    if shape is not None:
        shape.model_validate(body.event)
    return body


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnfitError("not JSON") from error


#: How Slack names the type of an event of somebody's.
_NAMES = re.compile(r"[a-z_.]{1,60}")


def event_type(body: EventBody) -> str:
    """The name of an event's type, fit for a log."""
    kind = (body.event or {}).get("type")
    return kind if isinstance(kind, str) and _NAMES.fullmatch(kind) else "?"
