"""Whoever asks to be forgotten is: the whole way, from the message to every table and log line."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import insert, text

from bot import logs
from bot.conversation import Conversation
from bot.effects import Effects
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.platforms.local import LocalPlatform
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Role
from handlers.reply import Reply
from scheduler.delivery import Delivery
from scheduler.port import Capabilities
from scheduler.rules import Rules
from store import audit, events, members, outbox, questions
from store.codec import dump
from store.engine import Store
from store.local import LocalMessage, messages_after
from store.outbox import Owed
from store.states import OutboxState
from store.tables import IdentityRow
from tests.fakes.dump import places_of
from tests.fakes.network import brussels, load_sample
from tests.fakes.platform import RecordingPlatform, SteeredClock

NAME = "Wilhelmina Vandérsteen"
SLACK_ID = "U0WILMA42"
PSEUDONYMS = Pseudonyms(b"sleutel")

ANNOUNCEMENT = "kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 13.30 u. in Mechelen"


class Network:
    """The bot on a real store, with the local community and a second platform that whispers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = SteeredClock(brussels("2026-11-23 10:00"))
        load_sample(store, self.clock.now())
        self.local = LocalPlatform(store, self.clock.now)
        self.slack = RecordingPlatform(
            now=self.clock.now, name="slack", capabilities=Capabilities(find=True, direct_messages=True)
        )
        self.delivery = Delivery(
            store, {"local": self.local, "slack": self.slack}, Rules(), self.clock.now, "host-1"
        )
        conversation = Conversation(
            Effects(Rules(), PSEUDONYMS), public_url="https://atria.example.org", whispering={"slack"}
        )
        self.inbox = Inbox(store, conversation, self.delivery, Rules(), self.clock.now, Metrics())
        self._said = 0

    def say(self, text: str, who: str = NAME, *, role: str = "lid", thread: str | None = None) -> str:
        """Say something in the local community and have it answered; gives the thread."""
        self.clock.forward(minutes=1)
        message = self.local.receive("algemeen", who, role, f"@atriumbot {text}", thread)
        self.answer()
        return str(message.thread)

    def whisper(self, text: str, who: str = SLACK_ID, name: str = NAME, thread: str | None = None) -> str:
        """Say something in private on the other platform; gives the last answer there."""
        self._said += 1
        self.clock.forward(minutes=1)
        message = Message(
            platform="slack",
            event_id=f"Ev{self._said}",
            text=text,
            author_id=who,
            author_name=name,
            sent_at=self.clock.now(),
            thread=thread,
        )
        with self.store.writing() as session:
            events.record(session, message, self.clock.now())
        self.answer()
        return self.slack.texts()[-1]

    def answer(self) -> None:
        asyncio.run(self.inbox.answer_pending())

    def messages(self, thread: str) -> list[LocalMessage]:
        with self.store.reading() as session:
            return [each for each in messages_after(session, 0) if str(each.thread) == thread]

    def last(self, thread: str) -> str:
        return self.messages(thread)[-1].text

    def link_platforms(self) -> None:
        """Let the person of the local community be known on the other platform too."""
        with self.store.writing() as session:
            member = members.member_id_of(session, "local", NAME)
            session.execute(
                insert(IdentityRow).values(member_id=member, platform="slack", external_id=SLACK_ID)
            )

    def keep_unread(self, text: str) -> None:
        """A question of the person that the bot could not answer, as it keeps those."""
        with self.store.writing() as session:
            author = PSEUDONYMS.of("local", NAME)
            questions.keep_unread(session, author, text, "niet begrepen", self.clock.now())

    def owe_reminder(self) -> str:
        """A reminder that the person is owed in private."""
        with self.store.writing() as session:
            owed = Owed(
                key="reminder:atr-1-044:1:7d:wilhelmina",
                kind="reminder",
                platform="slack",
                member_id=members.member_id_of(session, "local", NAME),
                atrium_uid="atr-1-044",
                due_at=self.clock.now() + dt.timedelta(days=1),
                payload={"reply": dump(Reply(headline="Volgende week is het zover.")), "member": SLACK_ID},
            )
            outbox.enqueue(session, owed, self.clock.now())
        return owed.key


@pytest.fixture
def network(store: Store) -> Network:
    return Network(store)


@pytest.fixture(params=["for machines", "for people"])
def logs_nobody(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logs as the program does, everything, and finds nobody in it afterwards."""
    root = logging.getLogger()
    handlers, level, written = root.handlers[:], root.level, io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("DEBUG", readable=request.param == "for people")
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    lines = written.getvalue().splitlines()
    assert any("Using selector" in line for line in lines)
    assert not [line for line in lines if "vandérsteen" in line.casefold() or SLACK_ID in line]


def live(network: Network) -> str:
    """A life full of traces; gives the thread in which the person was last heard."""
    network.say("herinner mij aan de provinciale atria")
    network.link_platforms()
    network.say("onthoud dat ik in Zottegem werk")
    network.say("inbreng voor atr-1-044: hoe meten we de wind bij Vandérsteen thuis?")
    network.say("ik stel een thema voor: stilte")
    network.keep_unread("hoeveel keer blaft de hond van het netwerk?")
    network.whisper("mijn agenda", thread="D0WILMA42")
    network.whisper("mijn gegevens")
    network.whisper("wanneer is het volgende lokaal atrium in Temse?", thread=SLACK_ID)
    published = network.say(ANNOUNCEMENT, role="moderator")
    network.say("bevestig", role="moderator", thread=published)
    draft = network.say("kondig aan: thematisch atrium over daken", role="moderator")
    # Others, and the bot, name the person.
    network.say("wijzig titel: dakgoten", "Bob Claes", role="moderator", thread=draft)
    network.say(f"{NAME.upper()} zegt dat er een atrium is, klopt dat?", "Cis Maes")
    network.say(f"inbreng voor atr-1-044: ik ben het eens met {NAME}", "Cis Maes")
    network.whisper(f"is <@{SLACK_ID}> ook lid?", "U0OTHER99", "Dirk Peeters")
    return draft


def test_somebody_with_every_kind_of_trace_is_forgotten_everywhere(
    network: Network, logs_nobody: None
) -> None:
    """C-43."""
    draft = live(network)
    owed = network.owe_reminder()
    pseudonym = PSEUDONYMS.of("local", NAME)
    assert "unread_questions.author" in places_of(network.store, pseudonym)
    traces = {where.partition(".")[0] for where in places_of(network.store, NAME, SLACK_ID)}
    assert traces >= {
        "announcements",
        "audit",
        "contributions",
        "identities",
        "inbound_events",
        "local_messages",
        "members",
        "outbox",
        "threads",
    }
    assert f"{NAME} werkt in deze draad" in network.last(draft)

    asked = network.say("vergeet mij")
    assert places_of(network.store, NAME)
    network.say("ja, vergeet mij", thread=asked)

    assert network.last(asked).startswith("Gebeurd: ik ben je vergeten.")
    assert places_of(network.store, NAME, SLACK_ID, "D0WILMA42", "Zottegem werk", "Vandérsteen") == []
    assert set(places_of(network.store, pseudonym)) == {"audit.actor", "announcements.author_id"}
    posts = len(network.slack.posts)
    network.clock.forward(days=2)
    asyncio.run(network.delivery.tick())
    assert len(network.slack.posts) == posts
    with network.store.reading() as session:
        assert outbox.entry_with_key(session, owed) is None


def test_what_the_person_wrote_is_gone_and_what_others_wrote_is_not(network: Network) -> None:
    live(network)
    network.say("ja, vergeet mij")
    with network.store.reading() as session:
        said = messages_after(session, 0)
    theirs = [each for each in said if each.author == "verwijderd"]
    assert {each.text for each in theirs} == {"verwijderd"}
    answers = [each for each in said if each.by_bot and each.reply_to in {each.id for each in theirs}]
    assert {each.text.splitlines()[0] for each in answers} == {"verwijderd", "Gebeurd: ik ben je vergeten."}
    others = [each.text for each in said if each.author == "Cis Maes"]
    assert others[0] == "@atriumbot verwijderd zegt dat er een atrium is, klopt dat?"
    assert places_of(network.store, "stilte", "hoe meten we") == []
    assert "contributions.text" in places_of(network.store, "ik ben het eens met verwijderd")


def test_what_was_done_as_a_moderator_stays_under_a_pseudonym(network: Network) -> None:
    live(network)
    network.say("ja, vergeet mij")
    with network.store.reading() as session:
        acts = [each for each in audit.entries(session) if each.action == "announced"]
    assert [(each.actor, each.actor_name) for each in acts] == [
        (f"local:{PSEUDONYMS.of('local', NAME)}", "vergeten moderator")
    ]


def test_another_with_half_of_the_name_loses_nothing(network: Network) -> None:
    """A single name is that of many."""
    network.say("herinner mij aan de lokale atria", "Xavier")
    network.say("herinner mij aan de lokale atria", "Xavier Maes")
    network.say("volgens Xavier Maes is er een provinciaal atrium in Antwerpen, klopt dat?", "Cis Maes")
    before = len(places_of(network.store, "Xavier Maes")), len(places_of(network.store, "Antwerpen"))
    network.say("ja, vergeet mij", "Xavier")
    assert (
        len(places_of(network.store, "Xavier Maes")),
        len(places_of(network.store, "Antwerpen")),
    ) == before
    assert places_of(network.store, '"Xavier"') == []


def test_a_name_that_is_that_of_an_atrium_does_not_blot_it_out(network: Network) -> None:
    thread = network.say("wanneer is het volgende provinciaal atrium in Gent?", "Cis Maes")
    told = network.last(thread)
    network.say("ja, vergeet mij", "Provinciaal Atrium")
    assert network.last(thread) == told


def test_whoever_comes_back_is_a_newcomer(network: Network) -> None:
    live(network)
    network.say("ja, vergeet mij")
    thread = network.say("wat volg ik?")
    assert network.last(thread).startswith("Je volgt nu niets.")
    network.say("herinner mij aan de lokale atria")
    with network.store.reading() as session:
        person = members.find_person(session, "local", NAME)
    assert person is not None
    assert [each.value for each in person.follows] == ["lokaal"]
    assert person.municipality is None


def test_what_was_asked_after_the_farewell_is_answered_as_a_newcomers(network: Network) -> None:
    """The bot was busy, or down: both messages wait when it comes to them."""
    network.say("herinner mij aan de lokale atria")
    network.local.receive("algemeen", NAME, "lid", "@atriumbot ja, vergeet mij")
    later = network.local.receive("algemeen", NAME, "lid", "@atriumbot wat volg ik?")
    network.answer()
    assert network.last(str(later.thread)).startswith("Je volgt nu niets.")


def test_the_farewell_itself_is_forgotten_once_it_was_sent(network: Network) -> None:
    network.whisper("hallo")
    assert network.whisper("ja, vergeet mij").startswith("Gebeurd")
    assert network.slack.posts[-1].post.member == SLACK_ID
    assert places_of(network.store, SLACK_ID) == []


def test_a_farewell_that_cannot_leave_yet_is_said_later(network: Network) -> None:
    network.whisper("hallo")
    network.slack.script = ["lost"]
    network.whisper("ja, vergeet mij")
    assert places_of(network.store, SLACK_ID) == ["outbox.payload"]
    network.clock.forward(hours=2)
    asyncio.run(network.delivery.tick())
    assert network.slack.texts()[-1].startswith("Gebeurd")


def test_a_fault_is_logged_without_the_words_or_the_name_of_anybody(
    network: Network, logs_nobody: None
) -> None:
    network.say("hallo")
    with network.store.writing() as session:
        session.execute(text("ALTER TABLE identities RENAME TO away"))
    try:
        thread = network.say("hallo", NAME)
    finally:
        with network.store.writing() as session:
            session.execute(text("ALTER TABLE away RENAME TO identities"))
    assert network.last(thread).startswith("Ik kon dit bericht niet verwerken.")


@pytest.mark.parametrize("wish", ["ja, vergeet mij", "mijn gegevens", "mijn agenda"])
def test_an_outsider_forgets_nobody_and_sees_nothing(network: Network, wish: str) -> None:
    """Nobody vouches for who asks on the command line without saying who."""
    network.say("herinner mij aan de lokale atria")
    conversation = Conversation(Effects(Rules(), PSEUDONYMS), public_url=None)
    message = Message(
        platform="local",
        event_id="x",
        text=wish,
        author_id=NAME,
        author_name=NAME,
        sent_at=network.clock.now(),
        author_role=Role.MEMBER,
    )
    with network.store.writing() as session:
        reply = conversation.answer(session, message, as_outsider=True)
        assert reply.headline == "Van jou bewaar ik niets: ik weet niet wie je bent."
        assert members.find_person(session, "local", NAME) is not None


def test_in_the_local_community_an_address_is_not_told(network: Network) -> None:
    """Whoever reads along would have it; and there is no such thing as alone there."""
    thread = network.say("mijn agenda")
    assert "/mijn/" not in network.last(thread)
    assert "geef ik niet waar anderen meelezen" in network.last(thread)


def test_in_private_the_address_is_told_and_works_until_it_is_replaced(network: Network) -> None:
    first, again = network.whisper("mijn agenda"), network.whisper("mijn kalender")
    replaced = network.whisper("maak een nieuwe kalenderlink")
    tokens = [each.partition("/mijn/")[2].partition(".ics")[0] for each in (first, again, replaced)]
    assert tokens[0] == tokens[1] != tokens[2]
    with network.store.reading() as session:
        assert members.find_follows_by_token(session, tokens[0]) is None
        assert members.find_follows_by_token(session, tokens[2]) == []


def test_states_are_not_touched_of_what_others_are_owed(network: Network) -> None:
    live(network)
    with network.store.reading() as session:
        before = {each.key for each in outbox.entries(session, limit=1000) if each.member_id is None}
    network.say("ja, vergeet mij")
    with network.store.reading() as session:
        after = {each.key: each.state for each in outbox.entries(session, limit=1000)}
    gone = before - after.keys()
    assert all(key.startswith("answer:") for key in gone)
    assert "answer:slack:Ev4" in after
    assert OutboxState.AMBIGUOUS not in after.values()
