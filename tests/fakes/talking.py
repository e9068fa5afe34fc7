"""A thread in which a moderator announces, changes and cancels; it remembers as the shell does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.changes import (
    AtriumAnnounced,
    AtriumCancelled,
    AtriumChanged,
    Change,
    Dialogue,
    DraftDropped,
    DraftKept,
)
from handlers.context import Context, Topic
from handlers.model import Atrium, Audience, Community, Kind, Person, Role
from handlers.moderation.dialogue import respond
from handlers.reply import Reply
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.network import brussels
from tests.fakes.owed import sample_outbox
from tests.fakes.samples import sample_agenda, vocabulary_of

GENERAL = Community(key="algemeen", platform="local", name="Algemeen")
WATER = Community(key="water", platform="local", name="Water en droogte", kinds=frozenset({Kind.THEMATISCH}))
POLITICIANS = Community(
    key="mandatarissen",
    platform="local",
    name="Atrium Lokale Mandatarissen",
    kinds=frozenset({Kind.MANDATARISSEN}),
    audience=frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR}),
)
COMMUNITIES = (GENERAL, WATER, POLITICIANS)


def person(name: str, role: Role = Role.MODERATOR, *scope: str, known: bool = True) -> Person:
    return Person(
        platform="local", external_id=name, name=name, role=role, scope=frozenset(scope), is_known=known
    )


AN = person("An Peeters")
BOB = person("Bob Claes")
MEMBER = person("Mia Lid", Role.MEMBER)


class Thread:
    """One thread in one community (None: in private); changes are carried out in the agenda in memory."""

    def __init__(
        self,
        here: Community | None = GENERAL,
        *,
        agenda: MemoryAgenda | None = None,
        at: str = "2026-11-23 10:00",
        communities: Sequence[Community] = COMMUNITIES,
        uids: tuple[str, ...] = (),
    ) -> None:
        self.agenda = agenda or sample_agenda()
        self.outbox = sample_outbox()
        self.here = here
        self.now = brussels(at)
        self.communities = communities
        self.dialogue: Dialogue | None = None
        self.topic: Topic | None = None
        self.changes: list[Change] = []
        if uids:
            self.speak_of(*uids)

    def speak_of(self, *uids: str) -> None:
        """As if the bot had just shown these atria here."""
        reply = respond("inbreng:", self.context(AN))
        assert reply is not None
        assert reply.topic is not None
        self.topic = Topic(reading=reply.topic.reading, at=self.now, uids=uids)

    def context(self, who: Person) -> Context:
        return Context(
            now=self.now,
            person=who,
            agenda=self.agenda,
            community=self.here,
            communities=self.communities,
            reads=frozenset({self.here.key}) if self.here else frozenset(),
            topic=self.topic,
            dialogue=self.dialogue,
            vocabulary=vocabulary_of(self.agenda),
            outbox=self.outbox,
        )

    def reply(self, text: str, who: Person = AN) -> Reply | None:
        """The reply, after which the thread and the agenda are as it left them."""
        reply = respond(text, self.context(who))
        for change in reply.changes if reply else ():
            self._carry_out(change)
        if reply and reply.topic:
            self.topic = reply.topic
        return reply

    def say(self, text: str, who: Person = AN) -> str:
        """The reply as plain text; empty when it is none of the moderators' matters."""
        reply = self.reply(text, who)
        return reply.plain_text() if reply else ""

    def later(self, **time: int) -> None:
        self.now += dt.timedelta(**time)

    @property
    def published(self) -> list[Change]:
        """What left the dialogue: announced, changed, cancelled."""
        kinds = (AtriumAnnounced, AtriumChanged, AtriumCancelled)
        return [change for change in self.changes if isinstance(change, kinds)]

    @property
    def announced(self) -> Atrium:
        """The one atrium that was announced."""
        (atrium,) = [each.atrium for each in self.changes if isinstance(each, AtriumAnnounced)]
        return atrium

    def _carry_out(self, change: Change) -> None:
        self.changes.append(change)
        match change:
            case DraftKept(dialogue=dialogue):
                self.dialogue = dialogue
            case DraftDropped():
                self.dialogue = None
            case AtriumAnnounced(atrium=atrium):
                self.agenda.save(atrium)
            case AtriumChanged(after=atrium) | AtriumCancelled(atrium=atrium):
                self.agenda.save(atrium)
            case _:
                self.outbox.carry_out(change)
