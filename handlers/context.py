"""What a handler may know besides the question: who asks, where, when, and what the agenda holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from handlers.changes import Dialogue
from handlers.dossier import Dossier
from handlers.model import Atrium, Community, Group, Person, Query
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

    def updated_at(self) -> dt.datetime | None:
        """Aware UTC of the last import or edit of the agenda as a whole."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What was last said in a thread, so that a follow-up can lean on it.

    `uids` are the atria shown, in order; `choices` the messages that the offered choices stand
    for. It expires (see `handlers.routing`), so `at` is the aware UTC instant of the reply.
    `asked` is the message that was answered last where that is not the reading's: one that was
    declined or helped gives no follow-up anything to lean on, but may be called misunderstood.
    """

    reading: Reading
    at: dt.datetime
    uids: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    asked: str = ""


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
        dialogue: the announcement in the making in this thread.
        agenda: the port to the store.
        vocabulary: live words for reading.
        texts: texts that moderators changed, by name.
        public_url: base of the agenda page, without trailing slash; None when there is none.
        answer_delay: what to tell members of how long an answer takes here; None where it is prompt.
        dossier: the port to what is kept of the person; None for an outsider, of whom nothing is.
        whispers: a reply marked private reaches the asker alone, also in a community.
    """

    now: dt.datetime
    person: Person
    agenda: Agenda
    community: Community | None = None
    communities: Sequence[Community] = ()
    reads: frozenset[str] = frozenset()
    topic: Topic | None = None
    dialogue: Dialogue | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    texts: Mapping[str, str] = field(default_factory=dict)
    public_url: str | None = None
    answer_delay: str | None = None
    dossier: Dossier | None = None
    whispers: bool = False

    @property
    def is_overheard(self) -> bool:
        """Whether others read along whatever the bot answers here."""
        return self.community is not None and not self.whispers
