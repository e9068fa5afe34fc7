"""The bolt app: it tells requests apart and answers them; what is done about each is elsewhere.

It answers after its listener is done (`process_before_response`): a message is written before Slack hears
that it arrived. What may take longer is done after the answer. It makes no call to Slack itself.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot import logs
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.gate import RefusedError
from bot.platforms.slack.hearing import Workplace
from bot.platforms.slack.payloads import Command, EventBody, Interaction, Received
from bot.platforms.slack.recording import NotRecordedError
from handlers.wording.catalogue import say, worded

log = logs.get(__name__)

#: Under this name a request carries its payload, checked.
PAYLOAD = "atrium_payload"

AGAIN = "slack.opnieuw"
_ANY = re.compile(".*", re.DOTALL)

#: What Slack is told: what to do with a form, or what to choose from.
Answer = dict[str, object]


class Listeners(Protocol):
    """What is done about each kind of request, before Slack is answered; each raises `NotRecordedError`."""

    async def on_event(self, body: EventBody) -> None: ...
    async def on_command(self, command: Command) -> None: ...
    async def on_press(self, press: Interaction) -> None: ...
    async def on_shortcut(self, asked: Interaction) -> None: ...
    async def on_form(self, form: Interaction) -> Answer | None: ...
    async def on_search(self, search: Interaction) -> Answer: ...
    def tell_again(self, asked: Interaction) -> None:
        """Tell somebody, after the answer, that what they did was not kept."""
        ...


def bolt_request(received: Received) -> AsyncBoltRequest:
    """A request as bolt takes it, with the payload that was checked.

    Its values are handed over read: bolt loses a slash command in whose text "payload" stands.

    Raises:
        RefusedError: it is not of a shape that bolt can read.
    """
    try:
        return AsyncBoltRequest(body=received.values, mode="socket_mode", context={PAYLOAD: received.payload})
    except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        raise RefusedError(400, "unfit for bolt") from error


def build_app(
    web: WebClient,
    here: Callable[[], Workplace | None],
    listeners: Listeners,
    texts: Callable[[], Mapping[str, str]] = dict,
) -> AsyncApp:
    """The app of one workspace.

    Args:
        texts: what moderators made of the texts, without a look at the database.
    """

    async def authorize() -> AuthorizeResult:
        place = here()
        team, user = (place.team, place.user) if place else ("", "")
        return AuthorizeResult(enterprise_id=None, team_id=team, bot_user_id=user, bot_token=web.token)

    app = AsyncApp(
        name="atriumbot",
        logger=_quiet(),
        client=web,
        authorize=authorize,
        process_before_response=True,
        # The gate has looked at the signature; what the bot said itself is told apart with the rest.
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )

    async def in_our_words(next_: Callable[[], Awaitable[None]]) -> None:
        with worded(texts()):
            await next_()

    app.use(in_our_words)
    _listen(app, listeners)
    app.error(_failed)
    return app


def _listen(app: AsyncApp, listeners: Listeners) -> None:
    @app.event(_ANY)
    async def event(context: AsyncBoltContext) -> BoltResponse | None:
        try:
            await listeners.on_event(context[PAYLOAD])
        except NotRecordedError:
            # Slack sends it again.
            return BoltResponse(status=503, headers={"retry-after": "1"})
        return None

    @app.command(_ANY)
    async def command(context: AsyncBoltContext, ack: AsyncAck) -> None:
        try:
            await listeners.on_command(context[PAYLOAD])
        except NotRecordedError:
            await ack(text=say(AGAIN))
        else:
            await ack()

    async def kept(
        context: AsyncBoltContext, ack: AsyncAck, done: Callable[[Interaction], Awaitable[None]]
    ) -> None:
        try:
            await done(context[PAYLOAD])
        except NotRecordedError:
            listeners.tell_again(context[PAYLOAD])
        await ack()

    @app.action(_ANY)
    async def press(context: AsyncBoltContext, ack: AsyncAck) -> None:
        await kept(context, ack, listeners.on_press)

    @app.shortcut(_ANY)
    async def shortcut(context: AsyncBoltContext, ack: AsyncAck) -> None:
        await kept(context, ack, listeners.on_shortcut)

    @app.view(_ANY)
    async def form(context: AsyncBoltContext) -> BoltResponse:
        return BoltResponse(status=200, body=await listeners.on_form(context[PAYLOAD]) or "")

    @app.view_closed(_ANY)
    async def closed(ack: AsyncAck) -> None:
        await ack()

    @app.options(_ANY)
    async def search(context: AsyncBoltContext) -> BoltResponse:
        return BoltResponse(status=200, body=await listeners.on_search(context[PAYLOAD]))


async def _failed(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    """A fault of ours, told once, with its kind: what was said is in no log."""
    payload = context.get(PAYLOAD)
    log.error("slack_listener_failed", payload=type(payload).__name__, exc_info=error)
    return BoltResponse(status=500)


def _quiet() -> logging.Logger:
    """bolt tells of requests by their whole body; what it has to say that matters, is said here."""
    logger = logging.getLogger("atriumbot.slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger
