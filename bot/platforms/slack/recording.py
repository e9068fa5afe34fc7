"""Writes what was heard in Slack, before Slack is told that it arrived: several at once in one transaction.

What cannot be written within the time that Slack leaves, is given up as a whole: nobody is told that it
arrived, and it is not answered later after all.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import logs
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.hearing import Heard, is_private
from handlers.message import Message
from store import belonging, events, threads
from store.engine import Store

log = logs.get(__name__)

#: Seconds for writing; Slack waits for three in all.
WITHIN_SECONDS = 2.0
#: Messages written in one transaction.
TOGETHER = 64
#: How long it counts who belongs to a channel and who moderates it.
TRUSTED_FOR = dt.timedelta(minutes=10)


class NotRecordedError(Exception):
    """It could not be written in time: Slack must not be told that it arrived."""


class _GivenUpError(Exception):
    """The time of one of these was up before they were committed."""


@dataclass(eq=False, slots=True)
class _Waiting:
    heard: Heard
    recorded: asyncio.Future[int | None]
    given_up: bool = field(default=False)


class Recorder:
    """Writes messages for the inbox.

    Args:
        store: where to.
        now: gives the present as aware UTC.
        heard: called, in the event loop, when something was written that must be answered.
        within: seconds in which a message must be written.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], dt.datetime],
        heard: Callable[[], None],
        within: float = WITHIN_SECONDS,
    ) -> None:
        self._store = store
        self._now = now
        self._heard = heard
        self.within = within
        # One writer of its own: a database that does not answer must not take up the threads of others.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="slack-inbound")
        #: How many were given up so far.
        self.given_up = 0
        self._queue: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, heard: Heard) -> int | None:
        """Write one message and give its number; None when it is no new one, or not for the bot.

        Raises:
            NotRecordedError: it is not written, and will not be.
        """
        waiting = _Waiting(heard, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="slack-recorder")
        try:
            return await asyncio.wait_for(waiting.recorded, self.within)
        except TimeoutError as error:
            waiting.given_up = True
            self.given_up += 1
            raise NotRecordedError("not in time") from error

    async def let_answer(self, number: int, name: str | None = None) -> None:
        """Have a message answered, to somebody who is called so."""
        if name:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._name_author, number, name)
        self._heard()

    async def close(self) -> None:
        """Let what is being written end."""
        if self._writing is not None:
            # What is not written by then, nobody was told of as arrived.
            await asyncio.wait([self._writing], timeout=self.within)
        self._writer.shutdown(wait=False, cancel_futures=True)

    async def _write(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:TOGETHER], self._queue[TOGETHER:]
            await self._write_all(batch)

    async def _write_all(self, batch: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        try:
            recorded = await loop.run_in_executor(self._writer, self._transaction, batch)
        except _GivenUpError:
            await self._again(batch)
        except SQLAlchemyError as error:
            if len(batch) > 1:
                # One that the database will not take must not keep the others out.
                for each in batch:
                    await self._write_all([each])
                return
            log.warning("slack_event_not_recorded", error=type(error).__name__)
            _fail(batch[0], error)
        else:
            for waiting, number in zip(batch, recorded, strict=True):
                if not waiting.recorded.done():
                    waiting.recorded.set_result(number)

    async def _again(self, batch: Sequence[_Waiting]) -> None:
        rest = [each for each in batch if not each.given_up]
        if rest:
            await self._write_all(rest)

    def _name_author(self, number: int, name: str) -> None:
        with self._store.writing() as session:
            events.name_author(session, number, name)

    def _transaction(self, batch: Sequence[_Waiting]) -> list[int | None]:
        with self._store.writing(hasty=True) as session:
            now = self._now()
            recorded = [None if each.given_up else record(session, each.heard, now) for each in batch]
            if any(each.given_up for each in batch):
                raise _GivenUpError
            return recorded


def record(session: Session, heard: Heard, now: dt.datetime) -> int | None:
    """Write one message, with what its author may do; None when it is no new one, or not for the bot."""
    message = heard.message
    if heard.amends is not None and events.is_recorded(session, NAME, heard.amends):
        message = replace(message, amends=heard.amends)
    elif heard.only_in_thread and not _is_in(session, message):
        return None
    elif heard.amends is not None:
        # Nothing was heard of its earlier wording: now it is for the bot, once.
        message = replace(message, event_id=heard.amends)
    if message.thread is not None and heard.mentioned and not is_private(message.thread):
        threads.enter(session, NAME, message.thread, message.community, now)
    return events.record(session, knowing(session, message, now), now)


def knowing(session: Session, message: Message, now: dt.datetime) -> Message:
    """The message, with what Slack said lately of where its author belongs and what they moderate."""
    since = now - TRUSTED_FOR
    moderates = belonging.moderated_by(session, message.author_id, NAME, since)
    alone = message.alone or is_private((message.route or {}).get("channel", ""))
    # In a channel others read along, and in one that is none of ours nobody knows who.
    reads = belonging.joined_by(session, message.author_id, NAME, since) if alone else frozenset()
    return replace(message, author_moderates=moderates, author_reads=reads)


def _is_in(session: Session, message: Message) -> bool:
    return message.thread is not None and threads.is_in(session, NAME, message.thread)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.recorded.done():
        waiting.recorded.set_exception(NotRecordedError(type(error).__name__))
