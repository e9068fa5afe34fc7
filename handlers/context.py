"""What a handler may know besides the question: who asks, where, when, and what the agenda holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from handlers.changes import Dialogue
from handlers.dossier import Dossier
from handlers.model import Atrium, AtriumDraft, Community, ContributionSort, Group, Kind, Person, Query
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.lifecycle import State
from handlers.reading.model import Reading, Vocabulary


class Agenda(Protocol):
    """The questions that handlers ask; the store answers them with SQL, tests from memory.

    Every method that returns atria or groups filters by `visible_to` itself: what a reader
    may not see does not leave the store.
    """

    def upcoming(self, query: Query) -> Sequence[Atrium]:
        """The atria that match, by start (newest first if asked), at most `query.limit`."""
        ...

    def count(self, query: Query) -> int:
        """How many match, regardless of limit and offset."""
        ...

    def find(self, uid: str, visible_to: frozenset[str]) -> Atrium | None: ...

    def groups(self, visible_to: frozenset[str]) -> Sequence[Group]:
        """The thematic groups, by name."""
        ...

    def region_of(self, municipality: str) -> str | None:
        """The moderators' region of a municipality, None where their table has none."""
        ...

    def regions(self) -> Sequence[str]: ...

    def announced_in(self, uid: str) -> frozenset[str]:
        """The keys of the communities where a moderator announced it; none where nobody did."""
        ...

    def updated_at(self) -> dt.datetime | None:
        """Aware UTC of the last import or edit of the agenda as a whole."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPost:
    """One post that the bot owes a community, or owed it, as a moderator sees it.

    Attributes:
        id: its number, by which it is steered.
        at: aware UTC instant at which it is due.
        community: key of the community.
        kind: kind of post ("reminder", "digest", ...).
        text: what it says, or would say; empty where those who read along may not see that.
        state: "planned", "held", "claimed", "sent", "failed", "skipped" or "ambiguous".
        reason: in Dutch, why it failed or was skipped.
        atrium: uid of the atrium that it is about, where it is about one.
        atrium_kind, place, region: of that atrium.
        holds: there is still something to say, by the agenda as it is now.
        programme: what the places of one programme have in common, which are told of in one line.
        leaves: aware UTC instant at which it leaves, where the bot is quiet when it is due.
    """

    id: int
    at: dt.datetime
    community: str
    kind: str
    text: str
    state: str
    reason: str | None = None
    atrium: str | None = None
    atrium_kind: Kind | None = None
    place: str | None = None
    region: str | None = None
    holds: bool = True
    programme: str | None = None
    leaves: dt.datetime | None = None


class Outbox(Protocol):
    """What moderators ask of the posts that the bot owes; answers to members are not among them.

    `visible_to` are the communities that read along: what they may not see has no text.
    """

    def planned(
        self, communities: Collection[str], until: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        """What is planned or held in these communities before `until` (aware UTC), by moment."""
        ...

    def unsent(
        self, communities: Collection[str], since: dt.datetime, visible_to: frozenset[str]
    ) -> Sequence[PlannedPost]:
        """What was due since then (aware UTC) and did not go out, or nobody knows, newest first."""
        ...

    def find(self, number: int, visible_to: frozenset[str]) -> PlannedPost | None:
        """The post of this number, in whatever state."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Responded:
    """How people answered to the post of an announcement in one community; numbers, never who.

    Attributes:
        is_exact: False where there may be more answers than the bot heard.
        reactions: with a sign; None where nobody knows.
    """

    community: str
    answers: int
    is_exact: bool
    reactions: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenAnnouncement:
    """One announcement that is not out yet, or is, as the moderator who asks sees it.

    Attributes:
        number: by which it is steered.
        title, places: what it is about, and where.
        communities: keys of where it goes.
        publish_at: aware UTC; None for at once.
        author: who made it.
        is_own: the one who asks made it, or changed it last.
        is_theirs: it lies within what they may announce.
        members: how many are told; None where nobody knows.
        text: the post as it will read; only of one that was asked for by its number.
        errors: likewise, why it cannot leave as it is.
        missed: likewise, the communities that did not get it, each with the reason.
        responded: likewise, how people answered, in the communities of which that is known.
        version: rises with each change, so that whoever agrees can say what they read.
        is_last_change_own: the one who asks made the latest change that another must agree to.
    """

    number: int
    state: State
    title: str
    places: tuple[str, ...]
    communities: tuple[str, ...]
    publish_at: dt.datetime | None
    author: str
    is_own: bool
    is_theirs: bool
    members: int | None = None
    text: str = ""
    errors: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    responded: tuple[Responded, ...] = ()
    version: int = 1
    is_last_change_own: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What communities hear of a change or a cancellation.

    Attributes:
        notices: the name of each community that gets a notice, and the aware UTC instant at which.
        edited: the names of those where what was posted is edited.
    """

    notices: tuple[tuple[str, dt.datetime], ...] = ()
    edited: tuple[str, ...] = ()


class Announcements(Protocol):
    """What moderators ask of announcements: which wait, and what to mind before one leaves."""

    def open(self) -> Sequence[OpenAnnouncement]:
        """Drafts, what waits for agreement and what is planned, as far as it is theirs to see."""
        ...

    def find(self, number: int) -> OpenAnnouncement | None:
        """The announcement of this number, in whatever state."""
        ...

    def needs_approval(self, communities: Sequence[str]) -> bool:
        """Whether so many are told there that another moderator must agree."""
        ...

    def warnings(
        self, draft: AtriumDraft, communities: Sequence[str], at: dt.datetime | None
    ) -> Sequence[str]:
        """What to mind before this is posted there at that moment (aware UTC; None: now)."""
        ...

    def heard(self, before: Atrium, after: Atrium) -> Heard:
        """What would be heard of this change or cancellation if it were made now; makes none."""
        ...

    def allowed(self, at: dt.datetime) -> dt.datetime:
        """The moment itself, or the first one after it at which people may be spoken to; aware UTC."""
        ...

    def why_not(self, at: dt.datetime) -> str | None:
        """Why nothing is said then, in a Dutch sentence; None for a moment that is allowed."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """One thing that a member handed in for an atrium.

    Attributes:
        number: by which it is steered.
        author: only where they want to be named.
        into: the number that it was merged into.
        position: its place on the agenda.
        sort: what whoever handed it in called it.
        is_vouched_for: False for a visitor of the page, of whom nobody knows who it is.
    """

    number: int
    text: str
    state: ContributionState
    atrium_uid: str | None
    author: str | None = None
    answer: str | None = None
    into: int | None = None
    position: int | None = None
    sort: ContributionSort | None = None
    is_vouched_for: bool = True


class Contributions(Protocol):
    """What moderators ask of what members handed in."""

    def of_atrium(self, uid: str) -> Sequence[HandedIn]:
        """What was handed in for an atrium, in the order of its agenda."""
        ...

    def find(self, number: int) -> HandedIn | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody typed that they want to follow or not, on which they alone may go on: "en in Gent?".

    Attributes:
        at: aware UTC instant of the reply.
        by: who typed it, as the platform knows them.
        choices: the messages that the choices offered with it stand for.
    """

    reading: Reading
    at: dt.datetime
    by: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What was last said in a thread, so that a follow-up can lean on it.

    `uids` are the atria shown, in order; `choices` the messages that the offered choices stand
    for. It expires (see `handlers.routing`), so `at` is the aware UTC instant of the reply.
    `asked` is the message that was answered last where that is not the reading's: one that was
    declined or helped gives no follow-up anything to lean on, but may be called misunderstood.
    `listed` are the atria of the last list, at which "nr 2" still points after "nr 3" was told.
    `wish` is what somebody typed since as a wish, beside what was asked.
    """

    reading: Reading
    at: dt.datetime
    uids: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    asked: str = ""
    listed: tuple[str, ...] = ()
    wish: Wish | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything a handler may know.

    Attributes:
        now: aware UTC instant of the question.
        person: who asks.
        community: where it is asked; None in private and on the command line.
        communities: all enabled communities, for a moderator to choose from.
        reads: keys of the communities whose readers will see the reply. In a community that is
            that community alone: an answer is for everybody who reads along.
        topic: what was last said in this thread.
        pressed: a button said it, and nobody typed it.
        objected_to: the question under whose answer somebody pressed a button; empty where nobody did, or
            nobody knows.
        dialogue: the announcement in the making in this thread.
        agenda: the port to the store.
        vocabulary: live words for reading.
        texts: texts that moderators changed, by name.
        public_url: base of the agenda page, without trailing slash; None when there is none.
        answer_delay: the text that tells members how long an answer takes here; None where it is prompt.
        dossier: the port to what is kept of the person; None for an outsider, of whom nothing is.
        outbox: the port to what the bot owes; None where nothing is owed to anybody.
        announcements, contributions: the ports to what moderators keep; None for an outsider.
        whispers: a reply marked private reaches the asker alone, also in a community.
        writes: the bot can write to the asker in private by itself, here or on another platform.
    """

    now: dt.datetime
    person: Person
    agenda: Agenda
    community: Community | None = None
    communities: Sequence[Community] = ()
    reads: frozenset[str] = frozenset()
    topic: Topic | None = None
    pressed: bool = False
    objected_to: str = ""
    dialogue: Dialogue | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    texts: Mapping[str, str] = field(default_factory=dict)
    public_url: str | None = None
    answer_delay: str | None = None
    dossier: Dossier | None = None
    outbox: Outbox | None = None
    announcements: Announcements | None = None
    contributions: Contributions | None = None
    whispers: bool = False
    writes: bool = False

    @property
    def is_overheard(self) -> bool:
        """Whether others read along whatever the bot answers here."""
        return self.community is not None and not self.whispers
