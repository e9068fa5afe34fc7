"""What would be said: the same plan and delivery on a private copy of the data, with a clock that jumps.

Nothing leaves. The platforms record, and may be told to fail, by a seed so that a run can be repeated.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Select, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS, Community
from handlers.wording.catalogue import say
from scheduler import personal
from scheduler.changes import replan_all
from scheduler.delivery import Delivery
from scheduler.doubts import LOOK_AGAIN
from scheduler.members_copy import A_MEMBER, copy_members
from scheduler.moments import wall_clock
from scheduler.personal import PERSONAL
from scheduler.plan import ANNOUNCEMENT, DIGEST, EDIT
from scheduler.port import (
    Capabilities,
    Missing,
    NotAccepted,
    Outcome,
    Post,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from scheduler.rules import Rules
from store import claims, lapsed, limits, outbox, precedents, waiting
from store.base import Base
from store.communities import list_communities, sync_communities
from store.engine import Store
from store.migrations import upgrade
from store.states import OutboxState
from store.subscriptions import DIRECT, direct_platforms
from store.tables import (
    AnnouncementAtriumRow,
    AnnouncementRow,
    AtriumRow,
    CommunityRow,
    LocalMessageRow,
    NoteRow,
    OutboxRow,
    ProgrammeRow,
    RegionMunicipalityRow,
    RegionRow,
    TextChangeRow,
    UnreadQuestionRow,
)

T = TypeVar("T")

#: Told how far a simulation is, from 0 to 1.
Progress = Callable[[float], None]

#: What the copy holds of the data; the outbox is copied only to preview the real one.
COPIED = (ProgrammeRow, AtriumRow, RegionRow, RegionMunicipalityRow, CommunityRow, TextChangeRow)

#: The ways in which a simulated platform, or the bot itself, can fail; what is known by another name.
FAULTS = ("429", "unreachable", "refused", "timeout", "lost", "fault", "crash")
ALIASES = {"ratelimited": "429"}

#: How long a bot that died stays away at the most, in seconds, until it is started again.
LONGEST_AWAY = 120


class ProcessDied(BaseException):
    """The process ends at once, as at a power cut: nothing that catches errors may stop it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """One post that was, or would be, made.

    Attributes:
        at: on the clock of Brussels.
        community: its key; "een lid" where one member is told in private.
        atrium: its uid, where the post is about one.
        programme: its uid, where the post is about places of one.
        keys: the dedupe keys of everything owed that it says.
    """

    at: dt.datetime
    community: str
    kind: str
    atrium: str | None
    programme: str | None
    text: str
    keys: tuple[str, ...] = ()


class FaultSpecError(ValueError):
    """The description of the faults to simulate cannot be read."""


def faults_of(spec: str) -> dict[str, float]:
    """Read "429:5%,crash:2%,lost:0.05": how often each kind of fault happens, in percent or from 0 to 1.

    Raises `FaultSpecError`.
    """
    faults: dict[str, float] = {}
    for part in filter(None, (each.strip() for each in spec.split(","))):
        written, _, share = part.partition(":")
        name, often = ALIASES.get(written.strip(), written.strip()), _share(share.strip() or "1")
        if name not in FAULTS or often is None:
            raise FaultSpecError(
                f'"{part}": name one of {", ".join(FAULTS)}, then : and a share such as 5% or 0.05'
            )
        faults[name] = often
    if sum(faults.values()) > 1:
        raise FaultSpecError("the shares of all faults together are more than 1")
    return faults


def _share(text: str) -> float | None:
    """A share from 0 to 1; None when the text is none."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


class VirtualClock:
    """Stands still until it is put forward."""

    def __init__(self, moment: dt.datetime) -> None:
        self.moment = moment.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        return self.moment


@dataclass(kw_only=True, slots=True)
class Recorder:
    """A platform that keeps what it is given, and fails as often as it is told."""

    name: str
    now: Callable[[], dt.datetime]
    chance: random.Random
    faults: Mapping[str, float]
    made: list[tuple[dt.datetime, str, Post]]
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(edit=True, find=True))

    async def send(self, post: Post) -> Outcome:
        match self._fault():
            case "429":
                return RateLimited(retry_after=dt.timedelta(seconds=self.chance.randint(1, 60)))
            case "unreachable":
                return NotAccepted(reason="geen verbinding")
            case "refused":
                return Refused(reason="geweigerd")
            case "timeout":
                self._record(post)
                return Unknown(reason="geen antwoord")
            case "lost":
                return Unknown(reason="geen antwoord")
            case "fault":
                raise ConnectionResetError("simulated")
            case "crash":
                self._record(post)
                raise ProcessDied
        return self._record(post)

    async def edit(self, message_id: str, post: Post) -> Outcome:
        return await self.send(post)

    async def find(self, post: Post) -> Sent | Missing | Unknown:
        there = next((message for _, message, each in self.made if each.key == post.key), None)
        return Sent(message_id=there) if there else Missing()

    def _record(self, post: Post) -> Sent:
        message = f"sim-{len(self.made) + 1}"
        self.made.append((self.now(), message, post))
        return Sent(message_id=message)

    def _fault(self) -> str | None:
        drawn = self.chance.random() if self.faults else 1.0
        for name, share in self.faults.items():
            if drawn < share:
                return name
            drawn -= share
        return None


def private_copy(session: Session, with_outbox_since: dt.datetime | None = None) -> Store:
    """A copy in memory of the agenda, the communities, the regions and nameless members; close it after use.

    Args:
        with_outbox_since: also copy what is owed, and what was said and asked since then (aware UTC). Without
            it only the announcements that were made, because they hold what moderators chose.
    """
    copy = Store("sqlite://")
    upgrade(copy)
    table = OutboxRow.__table__
    is_open = table.c.state.in_((OutboxState.PLANNED, OutboxState.HELD, OutboxState.CLAIMED))
    tables: list[tuple[type[Base], Select[Any]]] = [(row, select(row.__table__)) for row in COPIED]
    if with_outbox_since is None:
        tables.append((OutboxRow, select(table).where(table.c.kind == ANNOUNCEMENT, ~is_open)))
    else:
        # An edit reads what its message said, however long ago.
        edited = select(table.c.atrium_uid).where(table.c.kind == EDIT, is_open)
        recent = or_(
            table.c.updated_at >= with_outbox_since,
            table.c.kind.in_((DIGEST, ANNOUNCEMENT)),
            table.c.atrium_uid.in_(edited),
        )
        told = table.c.member_id.is_(None) | (table.c.kind.in_(PERSONAL) & is_open)
        tables.append((OutboxRow, select(table).where(is_open | recent, told)))
        known = NoteRow.name != DIRECT
        tables.append((NoteRow, select(NoteRow.__table__).where(known)))
        tables += [(row, select(row.__table__)) for row in (AnnouncementRow, AnnouncementAtriumRow)]
        tables += _overheard(with_outbox_since)
    with copy.writing() as private:
        copy_members(session, private)
        for row, statement in tables:
            values = [dict(each) for each in session.execute(statement).mappings()]
            if values:
                private.execute(insert(row), values)
    return copy


def _overheard(since: dt.datetime) -> list[tuple[type[Base], Select[Any]]]:
    """What overviews tell of people: the questions that nobody answered, and where there was talk."""
    asked, talk = UnreadQuestionRow.__table__, LocalMessageRow.__table__
    counted = [talk.c[name] for name in ("id", "community_key", "thread_id", "role", "at", "by_bot")]
    unsaid = [literal("").label(name) for name in ("author", "text")]
    automatic = literal(value=False).label("automatic")
    return [
        (UnreadQuestionRow, select(asked).where(asked.c.asked_at >= since)),
        (LocalMessageRow, select(*counted, *unsaid, automatic).where(talk.c.at >= since)),
    ]


async def _inline(work: Callable[[], T], /) -> T:
    return work()


async def simulate(
    store: Store,
    rules: Rules,
    since: dt.date,
    until: dt.date,
    *,
    communities: Sequence[Community] | None = None,
    faults: Mapping[str, float] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Posted]:
    """Every post of a period, in order, as the same plan and delivery would make them on this data.

    Nothing in the store is changed, and nothing that it owes or has said counts: the simulated
    network begins afresh, with everything on the agenda known and nothing paused.

    Args:
        since, until: first and last day in Brussels.
        communities: who is told; those of the store unless given.
        faults: how often each fault of `FAULTS` happens, as `faults_of` reads it.
        seed: the same seed gives the same faults, and so the same list.
    """
    first, end = wall_clock(since, dt.time()), wall_clock(until + dt.timedelta(days=1), dt.time())
    with store.reading() as session:
        copy = private_copy(session)
    try:
        with copy.writing() as session:
            if communities is not None:
                sync_communities(session, communities)
            session.execute(
                update(AtriumRow).where(AtriumRow.announced_at > first).values(announced_at=first)
            )
            session.execute(update(CommunityRow).values(paused=False))
        replan_all(copy, rules, first, end - first)
        personal.replan_all(copy, rules, first, end - first)
        return await play(copy, rules, first, end, faults=faults, seed=seed, progress=progress)
    finally:
        copy.close()


async def play(
    store: Store,
    rules: Rules,
    start: dt.datetime,
    end: dt.datetime,
    *,
    faults: Mapping[str, float] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Posted]:
    """Deliver what a private store owes from one instant to before another, and tell what was said."""
    run = _Run(store=store, rules=rules, start=start, faults=faults or {}, seed=seed)
    following: dt.datetime | None = run.clock.moment
    while following is not None and following < end:
        run.clock.moment = max(run.clock.moment, following)
        await run.until_quiet()
        if progress is not None:
            progress(min((following - start) / (end - start), 1.0))
        following = _next_moment(store, run.clock.moment)
    return _posted(store, run.made)


class _Run:
    """One run of delivery on a private store: it may die in the middle of a post, and is started again."""

    def __init__(
        self, *, store: Store, rules: Rules, start: dt.datetime, faults: Mapping[str, float], seed: int
    ) -> None:
        self.clock = VirtualClock(start)
        self.made: list[tuple[dt.datetime, str, Post]] = []
        self._store, self._rules = store, rules
        self._chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
        with store.reading() as session:
            direct = direct_platforms(session)
            names = sorted({each.platform for each in list_communities(session)} | direct)
        self._platforms = {
            name: Recorder(
                name=name,
                now=self.clock.now,
                chance=self._chance,
                faults=faults,
                made=self.made,
                capabilities=Capabilities(edit=True, find=True, direct_messages=name in direct),
            )
            for name in names
        }
        self._lives = 0
        self._delivery = self._born()

    async def until_quiet(self) -> None:
        """Deliver until nothing more is due now."""
        while True:
            try:
                if not (await self._delivery.tick()).claimed:
                    return
            except ProcessDied:
                await self._start_again()

    def _born(self) -> Delivery:
        self._lives += 1
        holder = f"simulation-{self._lives}"
        return Delivery(
            self._store,
            self._platforms,
            self._rules,
            self.clock.now,
            holder,
            run=_inline,
            chance=self._chance,
        )

    async def _start_again(self) -> None:
        """A new process: it knows that it is alone and recovers, or it finds out as the lease runs out."""
        self._delivery = self._born()
        if self._chance.random() < 1 / 2:
            self.clock.moment += dt.timedelta(seconds=self._chance.randint(1, LONGEST_AWAY))
            await self._delivery.recover()
        else:
            self.clock.moment += claims.CLAIM
            with self._store.writing() as session:
                lapsed.run_out(session)


def _next_moment(store: Store, now: dt.datetime) -> dt.datetime | None:
    """When something can happen again: a post falls due, a platform may be used, a doubt be looked up."""
    with store.reading() as session:
        moments = list(limits.closed(session, now).values())
        due = waiting.next_due(session, now)
        if due is not None:
            moments.append(due)
        if outbox.ambiguous(session):
            moments.append(now + LOOK_AGAIN)
    return min(moments, default=None)


def _posted(store: Store, made: Sequence[tuple[dt.datetime, str, Post]]) -> list[Posted]:
    messages = [message for _, message, _ in made]
    with store.reading() as session:
        said = precedents.said_by(session, messages)
    posted = []
    for at, message, post in made:
        entries = said.get(message, [])
        about = entries if post.kind != DIGEST else []
        atria = {each.atrium_uid for each in about}
        programmes = {each.programme_uid for each in about}
        posted.append(
            Posted(
                at=at.astimezone(BRUSSELS),
                community=post.community.key if post.community else say(A_MEMBER),
                kind=post.kind,
                atrium=atria.pop() if len(atria) == 1 else None,
                programme=programmes.pop() if len(programmes) == 1 else None,
                text=post.reply.plain_text(),
                # What the outbox does not know of was posted all the same.
                keys=tuple(each.key for each in entries) or (post.key,),
            )
        )
    return posted


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two runs of the same period: what of the first the second never said, said twice, or said besides.

    Attributes:
        lost, doubled, added: "community: key" of what was owed.
        regrouped: how many posts read otherwise, because a delay brought other things together.
    """

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    added: tuple[str, ...]
    regrouped: int

    @property
    def is_same(self) -> bool:
        """Whether the second run said everything that the first did, once."""
        return not (self.lost or self.doubled or self.added)


def compare(calm: Sequence[Posted], shaken: Sequence[Posted]) -> Comparison:
    """Whether a run with faults said the same as one without."""
    wanted, found = (
        Counter(f"{post.community}: {key}" for post in posts for key in post.keys) for posts in (calm, shaken)
    )
    texts = (Counter((post.community, post.kind, post.text) for post in posts) for posts in (calm, shaken))
    return Comparison(
        lost=tuple(sorted(wanted - found)),
        doubled=tuple(sorted(key for key, times in found.items() if times > 1)),
        added=tuple(sorted(key for key in found if key not in wanted)),
        regrouped=(next(texts) - next(texts)).total(),
    )
