"""What people say below a post of the bot is about what that post told."""

from __future__ import annotations

import pytest

from bot.conversation import Conversation
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Role
from handlers.reply import Reply
from store import contributions
from store.engine import Store
from tests.fakes.desk import Desk, one_place, programme
from tests.fakes.network import brussels


class Thread:
    """The thread of an announcement of An, in which people write."""

    def __init__(self, store: Store, values: dict[str, str | tuple[str, ...]]) -> None:
        self.desk = Desk(store)
        self.desk.saved("publish", self.desk.saved("save", values).id)
        self.desk.bench.tick()
        post = self.desk.bench.platform.posts[-1]
        self.name = post.message_id
        self._conversation = Conversation(
            Effects(self.desk.bench.rules, Pseudonyms(b"k" * 32), self.desk.announcing), public_url=None
        )
        self._said = 0

    def say(self, text: str, *, role: Role = Role.MEMBER, thread: str | None = None) -> Reply:
        self._said += 1
        message = Message(
            platform="local",
            event_id=f"e-{self._said}",
            text=text,
            author_id="mia",
            author_name="Mia",
            author_role=role,
            sent_at=self.desk.now,
            community="algemeen",
            thread=thread or self.name,
        )
        with self.desk.store.writing() as session:
            return self._conversation.answer(session, message)


@pytest.fixture
def thread(sqlite_store: Store) -> Thread:
    return Thread(sqlite_store, one_place(communities=("algemeen",)))


@pytest.mark.parametrize("question", ["waar is dit atrium?", "hoe laat begint het?", "hoe schrijf ik me in?"])
def test_a_question_that_names_nothing_is_about_the_post(thread: Thread, question: str) -> None:
    (uid,) = thread.say(question).atria
    assert uid == thread.say("waar is dat?").atria[0]
    assert "Lamot" in thread.say("waar is dat?").plain_text()


def test_elsewhere_it_is_about_nothing(thread: Thread) -> None:
    assert "Lamot" not in thread.say("waar is dat?", thread="another").plain_text()


def test_after_hours_and_another_question_it_is_about_the_post_again(thread: Thread) -> None:
    thread.desk.bench.clock.moment = brussels("2026-11-24 09:00")
    thread.say("wanneer is het volgende provinciaal atrium?")
    thread.desk.bench.clock.moment = brussels("2026-11-25 09:00")
    assert "Lamot" in thread.say("waar is dat?").plain_text()


def test_what_is_handed_in_is_for_the_atrium_of_the_post(thread: Thread) -> None:
    uid = thread.say("waar is dat?").atria[0]
    thread.say("inbreng: is er parking?")
    with thread.desk.store.reading() as session:
        (kept,) = contributions.list_contributions(session, uid)
    assert kept.contribution.text == "is er parking?"


def test_a_moderator_changes_the_atrium_of_the_post(thread: Thread) -> None:
    said = thread.say("wijzig: de zaal wordt Salons Van Dijck", role=Role.MODERATOR).plain_text()
    assert "Lamot" in said
    assert "Salons Van Dijck" in said


def test_below_a_programme_one_chooses_among_its_places(sqlite_store: Store) -> None:
    thread = Thread(sqlite_store, programme(communities=("algemeen",)))
    said = thread.say("inbreng: wat met slagschaduw?").plain_text()
    assert all(place in said for place in ("Antwerpen", "Leuven", "Gent", "Hasselt", "Brugge"))
