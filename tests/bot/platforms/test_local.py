"""The local community as a platform: what it records for the bot, and what the bot posts there."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.platforms.local import BadMessageError, LocalPlatform, UnknownCommunityError, clean
from handlers.changes import Paused
from handlers.model import Community, Role
from handlers.reply import Reply
from scheduler.port import Missing, Post, Refused, Sent
from store import local as messages
from store.engine import Store
from store.events import unanswered
from store.local import LocalMessage
from store.tables import LocalMessageRow
from tests.fakes.network import COMMUNITIES, GENERAL, POLITICIANS, fill


@pytest.fixture
def platform(store: Store, now: dt.datetime) -> LocalPlatform:
    elsewhere = Community(key="slack-algemeen", platform="slack", name="Slack")
    fill(store, communities=(*COMMUNITIES, elsewhere))
    return LocalPlatform(store, lambda: now)


def post(key: str = "reminder:atr-1:7d:algemeen", **different: object) -> Post:
    plain = Post(key=key, kind="reminder", community=GENERAL, reply=Reply(headline="Volgende week: atrium."))
    return replace(plain, **different)  # type: ignore[arg-type]


def send(platform: LocalPlatform, given: Post) -> object:
    return asyncio.run(platform.send(given))


def owed(store: Store) -> list[tuple[str, str]]:
    """What the bot must still answer: thread and text."""
    with store.reading() as session:
        return [(event.message.thread or "", event.message.text) for event in unanswered(session)]


def everything(store: Store) -> list[LocalMessage]:
    with store.reading() as session:
        return messages.messages_after(session, 0)


def test_a_post_is_placed_and_found_again(platform: LocalPlatform, store: Store) -> None:
    sent = send(platform, post())
    assert isinstance(sent, Sent)
    assert asyncio.run(platform.find(post())) == sent
    (placed,) = everything(store)
    assert (str(placed.id), str(placed.thread)) == (sent.message_id, sent.thread)
    assert (placed.author, placed.by_bot, placed.text) == ("atriumbot", True, "Volgende week: atrium.")


def test_the_same_key_twice_is_one_post(platform: LocalPlatform, store: Store) -> None:
    first = send(platform, post())
    second = send(platform, post(reply=Reply(headline="Iets anders.")))
    assert first == second
    assert [message.text for message in everything(store)] == ["Volgende week: atrium."]


def test_a_post_that_was_never_sent_is_missing(platform: LocalPlatform) -> None:
    assert asyncio.run(platform.find(post())) == Missing()


def test_many_sends_of_one_key_at_once_are_one_post(platform: LocalPlatform, store: Store) -> None:
    async def all_at_once() -> list[object]:
        return list(await asyncio.gather(*(platform.send(post()) for _ in range(8))))

    outcomes = asyncio.run(all_at_once())
    assert len(set(outcomes)) == 1
    assert len(everything(store)) == 1


def test_a_private_post_is_refused(platform: LocalPlatform) -> None:
    assert isinstance(send(platform, post(community=None, member="An")), Refused)


@pytest.mark.parametrize("thread", ["999999", "geen-getal", "9" * 40, "-1"])
def test_a_post_in_a_thread_that_is_not_there_is_refused(platform: LocalPlatform, thread: str) -> None:
    assert isinstance(send(platform, post(thread=thread)), Refused)


def test_a_post_in_a_thread_of_another_community_is_refused(platform: LocalPlatform) -> None:
    begun = platform.receive("algemeen", "An", "lid", "dag")
    assert isinstance(send(platform, post(community=POLITICIANS, thread=str(begun.id))), Refused)


def test_an_answer_names_the_message_it_answers(platform: LocalPlatform, store: Store) -> None:
    begun = platform.receive("algemeen", "An", "lid", "dag")
    asked = platform.receive("algemeen", "An", "lid", "@atriumbot help", str(begun.id))
    send(platform, post(thread=str(begun.id), ref=str(asked.id)))
    answer = everything(store)[-1]
    assert (answer.thread, answer.reply_to) == (begun.id, asked.id)


def test_what_should_change_is_not_kept_with_the_message(platform: LocalPlatform, store: Store) -> None:
    send(platform, post(reply=Reply(headline="Gepauzeerd.", changes=(Paused(community=None),))))
    reply = everything(store)[0].reply
    assert reply is not None
    assert reply.changes == ()


def test_only_local_communities_live_here(platform: LocalPlatform) -> None:
    assert [one.key for one in platform.communities()] == ["algemeen", "mandatarissen", "water"]
    with pytest.raises(UnknownCommunityError):
        platform.get_community("slack-algemeen")


@pytest.mark.parametrize(
    "text",
    [
        "@atriumbot wanneer is het volgende atrium?",
        "@AtriumBot: wanneer is het volgende atrium?",
        "Zeg @ATRIUMBOT, wanneer is het volgende atrium?",
    ],
)
def test_a_mention_is_for_the_bot(platform: LocalPlatform, store: Store, text: str) -> None:
    said = platform.receive("algemeen", "An", "lid", text)
    ((thread, read),) = owed(store)
    assert thread == str(said.id)
    assert "atriumbot" not in read.casefold()
    assert "wanneer is het volgende atrium?" in read


@pytest.mark.parametrize("text", ["kondig aan: Thematisch Atrium", "help", "annuleer atr-1"])
def test_a_command_is_for_the_bot(platform: LocalPlatform, store: Store, text: str) -> None:
    platform.receive("algemeen", "An", "moderator", text)
    assert len(owed(store)) == 1


@pytest.mark.parametrize(
    "text", ["Wie gaat er mee naar Gent?", "mail atriumbot@example.org", "@atriumbotje dag"]
)
def test_talk_among_people_is_not_for_the_bot(platform: LocalPlatform, store: Store, text: str) -> None:
    platform.receive("algemeen", "An", "lid", text)
    assert owed(store) == []


@pytest.mark.parametrize(
    "said",
    ["Dag, vraag het aan @atriumbot", "kondig aan: Thematisch Atrium", "wat staat er gepland?", "help"],
)
def test_the_bot_never_answers_itself(platform: LocalPlatform, store: Store, said: str) -> None:
    """C-8: not its own posts, not its own edits, not a copy of them among people."""
    reply = Reply(headline=said)
    sent = send(platform, post(reply=reply))
    assert isinstance(sent, Sent)
    send(platform, post(key="answer:local:7", kind="answer", reply=reply, thread=sent.thread))
    asyncio.run(platform.edit(sent.message_id, post(key="edit:1", reply=reply)))
    platform.receive("algemeen", "An", "lid", 'Het bericht zei: "Volgende week: atrium."')
    assert owed(store) == []


def test_an_edit_keeps_the_place_and_the_moment_of_the_message(platform: LocalPlatform, store: Store) -> None:
    sent = send(platform, post())
    assert isinstance(sent, Sent)
    before = everything(store)[-1]
    anew = Reply(headline="Volgende week: een ander atrium.", changes=(Paused(community=None),))
    for _ in range(2):
        again = asyncio.run(platform.edit(sent.message_id, post(key="edit:1", reply=anew)))
        assert again == sent
    (after,) = everything(store)
    assert (after.id, after.at, after.thread) == (before.id, before.at, before.thread)
    assert after.text == "Volgende week: een ander atrium."
    assert after.reply is not None
    assert after.reply.changes == ()
    assert isinstance(asyncio.run(platform.find(post())), Sent)


@pytest.mark.parametrize("message", ["999", "geen nummer", ""])
def test_a_message_that_is_not_there_cannot_be_edited(platform: LocalPlatform, message: str) -> None:
    assert isinstance(asyncio.run(platform.edit(message, post())), Refused)


def test_what_people_wrote_is_never_edited(platform: LocalPlatform, store: Store) -> None:
    """Nor what stands in another community."""
    said = platform.receive("algemeen", "An", "lid", "Dag allemaal")
    assert isinstance(asyncio.run(platform.edit(str(said.id), post())), Refused)
    sent = send(platform, post(community=POLITICIANS))
    assert isinstance(sent, Sent)
    assert isinstance(asyncio.run(platform.edit(sent.message_id, post())), Refused)
    assert everything(store)[0].text == "Dag allemaal"


def test_a_reply_where_the_bot_spoke_is_for_the_bot(platform: LocalPlatform, store: Store) -> None:
    sent = send(platform, post())
    assert isinstance(sent, Sent)
    platform.receive("algemeen", "An", "lid", "en in Gent?", sent.thread)
    assert owed(store) == [(sent.thread, "en in Gent?")]


def test_a_reply_in_a_thread_of_people_is_not_for_the_bot(platform: LocalPlatform, store: Store) -> None:
    begun = platform.receive("algemeen", "An", "lid", "dag")
    platform.receive("algemeen", "Bo", "lid", "dag An", str(begun.id))
    assert owed(store) == []


def test_the_event_says_who_wrote_it_where_and_in_which_role(
    platform: LocalPlatform, store: Store, now: dt.datetime
) -> None:
    said = platform.receive("mandatarissen", "An  Peeters", "moderator", "@atriumbot help")
    with store.reading() as session:
        (event,) = unanswered(session)
    message = event.message
    assert (message.platform, message.event_id, message.community) == ("local", str(said.id), "mandatarissen")
    assert (message.author_id, message.author_role) == ("An Peeters", Role.MODERATOR)
    assert message.sent_at == now


def test_the_bot_is_told_after_the_event_is_there(platform: LocalPlatform, store: Store) -> None:
    seen: list[int] = []
    platform.on_event = lambda: seen.append(len(owed(store)))
    platform.receive("algemeen", "An", "lid", "dag allemaal")
    platform.receive("algemeen", "An", "lid", "@atriumbot help")
    assert seen == [1]


def test_a_message_whose_event_cannot_be_recorded_is_not_there_either(
    platform: LocalPlatform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("store.events.record", broken)
    with pytest.raises(RuntimeError, match="disk"):
        platform.receive("algemeen", "An", "lid", "@atriumbot help")
    assert everything(store) == []


def test_watchers_hear_of_messages_and_of_posts(platform: LocalPlatform) -> None:
    heard: list[str] = []
    platform.watch(lambda: heard.append("iets nieuws"))
    platform.receive("algemeen", "An", "lid", "dag")
    send(platform, post())
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("field", "author", "role", "text", "thread"),
    [
        ("author", "  ", "lid", "dag", None),
        ("author", "\u0000\u0007", "lid", "dag", None),
        ("author", "x" * 81, "lid", "dag", None),
        ("author", "AtriumBot", "lid", "dag", None),
        ("role", "An", "beheerder", "dag", None),
        ("role", "An", "baas", "dag", None),
        ("text", "An", "lid", " \n\t ", None),
        ("text", "An", "lid", "\u0000", None),
        ("text", "An", "lid", "x" * 10_001, None),
        ("thread", "An", "lid", "dag", "12345"),
        ("thread", "An", "lid", "dag", "geen"),
    ],
)
def test_what_cannot_be_placed_names_its_field(
    platform: LocalPlatform, store: Store, field: str, author: str, role: str, text: str, thread: str | None
) -> None:
    with pytest.raises(BadMessageError) as refused:
        platform.receive("algemeen", author, role, text, thread)
    assert refused.value.field == field
    assert everything(store) == []


def test_the_longest_text_fits(platform: LocalPlatform, store: Store) -> None:
    platform.receive("algemeen", "An", "lid", "x" * 10_000)
    assert len(everything(store)[0].text) == 10_000


def test_a_reply_to_a_reply_stays_in_its_thread(platform: LocalPlatform) -> None:
    begun = platform.receive("algemeen", "An", "lid", "dag")
    second = platform.receive("algemeen", "Bo", "lid", "dag An", str(begun.id))
    third = platform.receive("algemeen", "An", "lid", "dag Bo", str(second.id))
    assert third.thread == begun.id


def test_an_unknown_community_is_an_error(platform: LocalPlatform) -> None:
    with pytest.raises(UnknownCommunityError):
        platform.receive("nergens", "An", "lid", "dag")


def test_cleaning_takes_out_what_hides_or_turns_text() -> None:
    assert clean(" a\u0000b\u202ec\ud800\r\nd\te ") == "abc\nd\te"


def test_the_number_of_rows_is_the_number_of_messages(platform: LocalPlatform, store: Store) -> None:
    for text in ("een", "twee", "@atriumbot drie"):
        platform.receive("algemeen", "An", "lid", text)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(LocalMessageRow)) == 3
