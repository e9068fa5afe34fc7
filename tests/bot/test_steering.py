"""A moderator steers by chat what the bot owes: on the real store, through the real conversation."""

from __future__ import annotations

import pytest

from bot.conversation import Conversation
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Kind, Role
from scheduler.preview import StoredOutbox
from store import audit, outbox, post_acts, replanning
from store.engine import Store
from store.states import OutboxState
from tests.fakes.bench import QUIET, Bench
from tests.fakes.network import atrium, brussels

OPEN, HIDDEN = (
    atrium(),
    atrium(
        uid="besloten",
        kind=Kind.MANDATARISSEN,
        title="Besloten avond",
        audience=frozenset(),
        visibility=frozenset({"mandatarissen"}),
    ),
)


class Chat:
    """A community in which people talk to the bot, a day before two reminders are due."""

    def __init__(self, store: Store) -> None:
        self.bench = Bench(store, OPEN, HIDDEN)
        self.bench.clock.moment = brussels("2027-02-09 10:00")
        self.store = store
        self._conversation = Conversation(Effects(QUIET, Pseudonyms(b"k" * 32)), public_url=None)
        self._said = 0

    def say(self, text: str, role: Role = Role.MODERATOR, community: str = "algemeen") -> str:
        self._said += 1
        message = Message(
            platform="local",
            event_id=str(self._said),
            text=text,
            author_id=role.value,
            author_name=role.value,
            author_role=role,
            sent_at=self.bench.clock.now(),
            community=community,
            thread="1",
        )
        with self.store.writing() as session:
            return self._conversation.answer(session, message).plain_text()

    def state(self) -> OutboxState:
        return self.bench.only().state


@pytest.fixture
def chat(store: Store) -> Chat:
    return Chat(store)


def test_a_post_is_held_by_chat_and_does_not_leave_until_it_is_released(chat: Chat) -> None:
    number = chat.bench.only().id
    listed = chat.say("wat staat er gepland?")
    assert f"{number}. wo 10 februari, 9.00 u.: Volgende week: Thematisch Atrium" in listed
    assert "Tegengehouden" in chat.say("hou het bericht van woensdag tegen")
    chat.bench.tick(brussels("2027-02-10 09:00"))
    assert chat.state() is OutboxState.HELD
    assert not chat.bench.platform.texts("algemeen")
    assert "Losgelaten" in chat.say(f"laat {number} los")
    chat.bench.tick(brussels("2027-02-10 10:00"))
    assert len(chat.bench.platform.texts("algemeen")) == 1


def test_what_is_skipped_is_listed_and_sent_all_the_same_at_once(chat: Chat) -> None:
    """C-10, C-14."""
    number = chat.bench.only().id
    chat.say(f"hou {number} tegen")
    chat.say(f"schrap {number}")
    chat.bench.tick(brussels("2027-02-10 09:00"))
    assert not chat.bench.platform.texts("algemeen")
    assert "Reden: door een moderator." in chat.say("wat is er niet verstuurd?")
    chat.bench.clock.moment = brussels("2027-02-10 20:00")
    assert "Wordt nu geplaatst" in chat.say(f"toch versturen {number}")
    chat.bench.tick()
    assert len(chat.bench.platform.texts("algemeen")) == 1


def test_what_came_too_late_is_told_with_the_reason(chat: Chat) -> None:
    """C-10: after a standstill of a day and a half."""
    chat.bench.tick(brussels("2027-02-11 20:00"))
    number = chat.bench.only().id
    said = chat.say("wat is er niet verstuurd?")
    assert f"{number}. wo 10 februari, 9.00 u.: " in said
    assert "Reden: te laat: dit moest om 9.00 u." in said
    chat.say(f"toch versturen {number}")
    chat.bench.tick()
    (text,) = chat.bench.platform.texts("algemeen")
    assert text.startswith("Komende woensdag: "), "in words of now"


def test_what_the_plan_took_back_itself_bothers_no_moderator(chat: Chat) -> None:
    with chat.store.writing() as session:
        for entry in outbox.entries(session, community="algemeen"):
            post_acts.skip(session, entry.id, chat.bench.clock.now(), replanning.NO_LONGER_OWED)
    assert "bleef er niets liggen" in chat.say("wat is er niet verstuurd?")


def test_every_act_is_written_down_with_who_did_it(chat: Chat) -> None:
    number = chat.bench.only().id
    for act in ("hou {} tegen", "laat {} los", "schrap {}", "toch versturen {}"):
        chat.say(act.format(number))
    with chat.store.reading() as session:
        written = [each for each in audit.entries(session) if each.action.startswith("post ")]
    assert sorted(each.action for each in written) == [
        "post held",
        "post released",
        "post retried",
        "post skipped",
    ]
    assert {each.actor for each in written} == {"local:moderator"}
    assert {each.subject for each in written} == {"reminder:atr-1:1:7d:algemeen"}


def test_members_steer_nothing_and_are_answered_from_the_agenda(chat: Chat) -> None:
    number = chat.bench.only().id
    assert "de moderatoren van het netwerk" in chat.say(f"hou {number} tegen", Role.MEMBER)
    assert chat.state() is OutboxState.PLANNED
    listed = chat.say("wat staat er gepland?", Role.MEMBER)
    assert "circulair bouwen" in listed
    assert "Tegenhouden" not in listed


def test_a_hidden_post_has_no_text_where_others_read_along(chat: Chat) -> None:
    """C-42."""
    said = chat.say("wat staat er gepland in mandatarissen?")
    assert "herinnering, alleen te lezen in Atrium Lokale Mandatarissen." in said
    assert "Besloten avond" not in said
    assert "Besloten avond" in chat.say("wat staat er gepland?", community="mandatarissen")


def test_answers_to_members_are_nobody_elses(chat: Chat) -> None:
    """C-42: an answer that is owed is neither listed nor steered."""
    key = chat.bench.answer(1)
    with chat.store.reading() as session:
        entry = outbox.entry_with_key(session, key)
        assert entry is not None
        port = StoredOutbox(session, QUIET, chat.bench.clock.now())
        assert port.find(entry.id, frozenset({"algemeen"})) is None
        until = chat.bench.clock.now().replace(year=2028)
        listed = port.planned(["algemeen"], until, frozenset({"algemeen"}))
        assert {each.kind for each in listed} == {"reminder"}
    assert f"Er is geen bericht {entry.id}." in chat.say(f"hou {entry.id} tegen")
