"""What of the waiting events is answered together, and what has to wait until an answer was delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import dataclass, field

from handlers.changes import AnnouncementMoved, AtriumAnnounced, MemberForgotten, QuestionUnread
from handlers.message import Message
from handlers.reply import Reply


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """The key of the answer that is owed, and what the message brought about.

    Attributes:
        lane: what has to wait until this was delivered: whatever else is said there.
        platform, intent: for the metrics.
        announces: a post became due besides.
        takes_leave: the asker is forgotten, and so must this answer be.
    """

    key: str
    lane: str
    platform: str
    intent: str
    announces: bool
    takes_leave: bool


def answered(key: str, message: Message, reply: Reply) -> Answered:
    """What came of a message that is answered so."""
    return Answered(
        key=key,
        lane=lane_of(message),
        platform=message.platform,
        intent=reply.reading.intent.value if reply.reading else "other",
        announces=any(isinstance(change, AtriumAnnounced | AnnouncementMoved) for change in reply.changes),
        takes_leave=forgets(reply),
    )


def lane_of(message: Message) -> str:
    """Where one answer waits for the other: in a thread, or in what somebody says outside of any."""
    where = message.thread or f"{message.community}/{message.author_id}"
    return f"{message.platform}/{where}"


def forgets(reply: Reply) -> bool:
    """Whether a reply forgets who asked for it."""
    return any(isinstance(change, MemberForgotten) for change in reply.changes)


def is_decisive(reply: Reply) -> bool:
    """Whether it changes more than what is noted of the question itself."""
    return not all(isinstance(change, QuestionUnread) for change in reply.changes)


@dataclass(slots=True)
class Round:
    """What one transaction answers, each in a lane of its own.

    Attributes:
        busy: the lanes in which an answer is on its way.
    """

    busy: Collection[str]
    answered: list[Answered] = field(default_factory=list)
    _lanes: set[str] = field(default_factory=set)
    _passed_over: set[str] = field(default_factory=set)

    def takes(self, message: Message) -> bool:
        """Whether this message may be answered now; when not, what its author said later waits too."""
        lane = lane_of(message)
        waits = lane in self._lanes or lane in self.busy or message.author_id in self._passed_over
        if waits:
            self._passed_over.add(message.author_id)
        self._lanes.add(lane)
        return not waits


class UnderWay:
    """The deliveries that are on their way, and in which lanes."""

    def __init__(self) -> None:
        self._lanes: dict[asyncio.Task[None], frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    @property
    def lanes(self) -> frozenset[str]:
        return frozenset().union(*self._lanes.values())

    def begin(self, delivering: Coroutine[None, None, None], of: Sequence[Answered]) -> None:
        """Deliver these answers meanwhile."""
        task = asyncio.create_task(delivering, name="inbox-delivery")
        self._lanes[task] = frozenset(each.lane for each in of)

    async def some(self, nudged: asyncio.Task[bool] | None = None) -> None:
        """Wait until one is delivered, or until there is something new; what broke is raised."""
        others = (nudged,) if nudged is not None else ()
        await asyncio.wait((*self._lanes, *others), return_when=asyncio.FIRST_COMPLETED)
        self._take_out()

    async def all(self) -> None:
        """Wait until all are delivered; what broke is raised."""
        if self._lanes:
            await asyncio.wait(self._lanes)
        self._take_out()

    async def settle_down(self) -> None:
        """Wait until all have ended, however that was."""
        await asyncio.gather(*self._lanes, return_exceptions=True)

    def _take_out(self) -> None:
        done = [task for task in self._lanes if task.done()]
        for task in done:
            del self._lanes[task]
        broken = [error for task in done if (error := task.exception()) is not None]
        if broken:
            raise broken[0]
