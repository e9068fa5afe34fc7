"""The local community for programs: messages as JSON."""

from __future__ import annotations

import datetime as dt

import pytest

from store.engine import Store
from store.events import unanswered
from tests.fakes.visitor import Visitor

MESSAGES = "/community/algemeen/messages"


def test_a_message_is_placed_and_read_back(newcomer: Visitor) -> None:
    answer = newcomer.say("dag allemaal")
    assert answer.status_code == 201
    placed = answer.json()
    assert placed == {"id": placed["thread"], "thread": placed["thread"]}
    assert isinstance(placed["id"], str)
    (message,) = newcomer.get(MESSAGES).json()["messages"]
    assert dt.datetime.fromisoformat(message.pop("at")).tzinfo is not None
    assert message == {
        "id": placed["id"],
        "thread": placed["thread"],
        "author": "An Peeters",
        "text": "dag allemaal",
        "reply_to": None,
    }


def test_a_reply_stands_in_its_thread(newcomer: Visitor) -> None:
    first = newcomer.say("dag").json()
    second = newcomer.say("dag An", author="Bo", thread=first["thread"]).json()
    assert second["thread"] == first["thread"] != second["id"]
    assert newcomer.get(MESSAGES).json()["messages"][1]["reply_to"] == first["id"]


def test_after_an_id_come_only_later_messages(newcomer: Visitor) -> None:
    ids = [newcomer.say(text).json()["id"] for text in ("een", "twee", "drie")]
    newcomer.say("elders", community="mandatarissen")
    found = newcomer.get(f"{MESSAGES}?after={ids[0]}").json()["messages"]
    assert [message["id"] for message in found] == ids[1:]
    assert newcomer.get(f"{MESSAGES}?after={ids[2]}").json() == {"messages": []}


def test_author_and_text_are_enough(newcomer: Visitor) -> None:
    assert newcomer.post(MESSAGES, json={"author": "An", "text": "dag"}).status_code == 201
    body = {"author": "An", "text": "dag", "role": None, "thread": None}
    assert newcomer.post(MESSAGES, json=body).status_code == 201


def test_a_question_for_the_bot_is_recorded_for_it(newcomer: Visitor, sqlite_store: Store) -> None:
    placed = newcomer.say("@atriumbot wanneer is het volgende atrium?").json()
    with sqlite_store.reading() as session:
        (event,) = unanswered(session)
    assert (event.message.event_id, event.message.thread) == (placed["id"], placed["thread"])


def test_an_unknown_community_is_not_found(newcomer: Visitor) -> None:
    assert newcomer.get("/community/nergens/messages").status_code == 404
    answer = newcomer.say("dag", community="nergens")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Deze community bestaat niet."}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"author": "An", "text": ""}, "text"),
        ({"author": "An", "text": "   "}, "text"),
        ({"author": "An", "text": "x" * 10_001}, "text"),
        ({"author": "An"}, "text"),
        ({"author": "An", "text": 5}, "text"),
        ({"author": "An", "text": None}, "text"),
        ({"author": "", "text": "dag"}, "author"),
        ({"text": "dag"}, "author"),
        ({"author": ["An"], "text": "dag"}, "author"),
        ({"author": "An", "text": "dag", "role": "baas"}, "role"),
        ({"author": "An", "text": "dag", "role": 1}, "role"),
        ({"author": "An", "text": "dag", "thread": "999"}, "thread"),
        ({"author": "An", "text": "dag", "thread": "9" * 50}, "thread"),
        ({"author": "An", "text": "dag", "thread": 1}, "thread"),
    ],
)
def test_a_bad_body_names_its_field(newcomer: Visitor, body: dict[str, object], field: str) -> None:
    answer = newcomer.post(MESSAGES, json=body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert newcomer.get(MESSAGES).json() == {"messages": []}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"dag"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(newcomer: Visitor, body: bytes) -> None:
    answer = newcomer.post(MESSAGES, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused(newcomer: Visitor) -> None:
    answer = newcomer.say("x" * 300_000)
    assert answer.status_code == 413


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "%00"])
def test_an_after_that_is_no_id_is_refused(newcomer: Visitor, after: str) -> None:
    assert newcomer.get(f"{MESSAGES}?after={after}").status_code == 422


def test_control_characters_are_taken_out(newcomer: Visitor) -> None:
    newcomer.post(
        MESSAGES,
        content=b'{"author": "An\\u0000", "text": "a\\u0000b\\ud800\\u202ec\\r\\nd"}',
        headers={"Content-Type": "application/json"},
    )
    (message,) = newcomer.get(MESSAGES).json()["messages"]
    assert (message["author"], message["text"]) == ("An", "abc\nd")


def test_the_longest_text_of_the_widest_letters_fits(newcomer: Visitor) -> None:
    assert newcomer.say("\U0001f333" * 10_000).status_code == 201
