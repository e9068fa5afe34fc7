"""The listening part of Slack: events, the slash command, buttons and forms, by HTTP or over a socket.

A message is written to the store before Slack hears that it arrived. Everything that takes a call to Slack,
such as drawing somebody's home, comes after the answer.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from bot import logs
from bot.doors import Door
from bot.platforms.port import OK, Condition
from bot.platforms.slack import hearing
from bot.platforms.slack.after import After
from bot.platforms.slack.app import AGAIN, Answer
from bot.platforms.slack.buttons import SAYS_ID
from bot.platforms.slack.hearing import Heard, Workplace
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.payloads import (
    Command,
    EventBody,
    Interaction,
    channel_event,
    event_type,
    home_event,
    message_event,
)
from bot.platforms.slack.people import People
from bot.platforms.slack.recording import Recorder
from bot.platforms.slack.sharing import SHARE_ID
from bot.platforms.slack.surfaces import Surfaces
from bot.platforms.slack.transport import Transport
from handlers.routing import is_command
from handlers.wording.catalogue import say

log = logs.get(__name__)

#: Seconds that an answer may wait for the name of whoever asked.
NAME_SECONDS = 1.0

#: The message shortcut that asks the bot about a message.
ASK = "vraag_de_atriumbot"

OWN_COMMAND = "slack.opdracht van een ander"
NOTHING_ASKED = "slack.niets gevraagd"


class SlackInbound:
    """Hears what people do in Slack.

    Args:
        identity: where the bot is, and as whom.
        people: who is where, and how they are called.
        recorder: writes what must be answered.
        surfaces: the app's home and the forms.
        after: what is done after Slack was answered.
        now: gives the present as aware UTC.
        transport: how requests reach this; made with the listeners that are these methods.
    """

    def __init__(
        self,
        *,
        identity: Identity,
        people: People,
        recorder: Recorder,
        surfaces: Surfaces,
        after: After,
        now: Callable[[], dt.datetime],
        transport: Callable[[SlackInbound], Transport],
    ) -> None:
        self.identity = identity
        self.people = people
        self.recorder = recorder
        self._surfaces = surfaces
        self._after = after
        self._now = now
        self._transport = transport(self)

    async def open(self) -> None:
        await self.identity.open()
        self.people.open()
        await self._transport.open()

    async def close(self) -> None:
        await self._transport.close()
        await self.people.close()
        await self.identity.close()
        # What comes after an answer may still write.
        await self._after.close()
        await self.recorder.close()

    async def settled(self) -> None:
        """Wait until what comes after the answers to Slack is done."""
        await self._after.settled()

    def condition(self) -> Condition:
        """What ails the token comes before what ails the way in."""
        learned = self.identity.condition
        return learned if learned.state != OK else self._transport.condition()

    def warning(self) -> str:
        return self._transport.warning()

    def doors(self) -> Mapping[str, Door]:
        return self._transport.doors()

    # --- what people do, before Slack is answered --------------------------------------------------------

    async def on_event(self, body: EventBody) -> None:
        match event_type(body):
            case "message" | "app_mention":
                heard = hearing.heard(message_event(body), self._here())
                if heard is not None:
                    await self._record(heard)
            case "app_home_opened":
                opened = home_event(body)
                if opened.tab in (None, "home"):
                    self._do("home", self._surfaces.show_home(opened.user))
            case "member_joined_channel":
                joined = channel_event(body)
                self._do("membership", self.people.came(joined.channel, joined.user, belongs=True))
            case "member_left_channel":
                left = channel_event(body)
                self._do("membership", self.people.came(left.channel, left.user, belongs=False))
            case _:
                # Slack must be told that it arrived, or it counts the app as failing.
                return

    async def on_command(self, command: Command) -> None:
        if self._surfaces.begins_with(command.text) and command.trigger_id:
            self._do("form", self._surfaces.begin(command.user_id, command.trigger_id, self._told(command)))
            return
        await self._record(Heard(message=hearing.commanded(command, self._here(), self._now())))

    async def on_press(self, press: Interaction) -> None:
        for action in press.actions or ():
            if self._surfaces.owns(action.action_id):
                community = hearing.community_of(press, self._here())
                self._do("press", self._surfaces.press(press, action, community))
                continue
            message = None
            if action.action_id.startswith(SAYS_ID):
                message = hearing.pressed(press, action, self._here(), self._now())
            elif action.action_id.startswith(SHARE_ID):
                message = hearing.shared(press, action, self._here(), self._now())
            if message is not None:
                await self._record(Heard(message=message))

    async def on_shortcut(self, asked: Interaction) -> None:
        if asked.callback_id != ASK:
            self._do("form", self._surfaces.begin_by_shortcut(asked))
            return
        message = hearing.shortcut(asked, self._here(), self._now())
        if message is None:
            self._after.whisper(asked.response_url, say(NOTHING_ASKED))
        elif is_command(message.text):
            # What somebody else wrote must not act in the name of whoever asks about it.
            self._after.whisper(asked.response_url, say(OWN_COMMAND))
        else:
            await self._record(Heard(message=message))

    async def on_form(self, form: Interaction) -> Answer | None:
        return await self._surfaces.submit(form)

    async def on_search(self, search: Interaction) -> Answer:
        return await self._surfaces.search(search)

    def tell_again(self, asked: Interaction) -> None:
        self._after.whisper(asked.response_url, say(AGAIN))

    # --- pieces ------------------------------------------------------------------------------------------

    def _here(self) -> Workplace:
        here = self.identity.here
        if here is None:
            raise RuntimeError("the transport lets nothing in before it is known where the bot is")
        return here

    def _told(self, command: Command) -> Callable[[str], None]:
        return lambda text: self._after.whisper(command.response_url, text)

    def _do(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        self._after.do(what, work)

    async def _record(self, heard: Heard) -> None:
        author = heard.message.author_id
        known = self.people.known_name(author)
        message = replace(heard.message, author_name=known or "")
        number = await self.recorder.record(replace(heard, message=message))
        if number is None:
            return
        if known is not None:
            await self.recorder.let_answer(number)
        else:
            self._do("name", self._introduce(number, author))

    async def _introduce(self, number: int, user: str) -> None:
        """Have the message answered, to somebody whose name is known if Slack is quick enough."""
        try:
            async with asyncio.timeout(NAME_SECONDS):
                name = await self.people.name_of(user)
        except TimeoutError:
            name = None
        await self.recorder.let_answer(number, name)
