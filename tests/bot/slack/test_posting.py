"""What leaves for Slack is there exactly as often as it is owed, whatever Slack does."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.port import AUTH_REQUIRED, OK, TRANSPORT_GONE
from bot.platforms.slack import posting
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.sharing import SHARE_ID
from bot.platforms.slack.sightings import EVENT_TYPE
from handlers.model import Kind, Status
from handlers.reply import Reply
from handlers.wording.cards import card
from handlers.wording.reasons import reason_text
from scheduler.changes import on_changed, replan_all
from scheduler.port import Missing, NotAccepted, Post, RateLimited, Refused, Sent, Unknown, Withheld
from store import lapsed
from store.agenda import save_atrium
from store.engine import Store
from store.states import OutboxState
from tests.fakes.bench import QUIET
from tests.fakes.network import atrium, brussels, fill
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import FakeSlack, running
from tests.fakes.slack_bench import CHANNEL, COMMUNITY, URL, SlackBench
from tests.fakes.slack_blocks import buttons, shown

NOW = brussels("2026-11-23 10:00")
DUE = brussels("2027-02-10 09:00")


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    clock = SteeredClock(NOW)
    with running(FakeSlack(now=clock.now)) as served:
        served.clock = clock
        yield served


@pytest.fixture
def bench(sqlite_store: Store, slack: FakeSlack) -> SlackBench:
    made = SlackBench(sqlite_store, slack, slack.clock)
    made.fill()
    return made


def post(reply: Reply | None = None, **more: object) -> Post:
    given = {"key": "answer:slack:1", "kind": "answer", "community": COMMUNITY, "member": "U0AN", **more}
    return Post(reply=reply or Reply(headline="Antwoord."), **given)


# --- the straight path


def test_a_post_is_there_with_its_key_and_found_again_by_it(bench: SlackBench) -> None:
    key = bench.owe()
    assert bench.tick().sent == 1
    (there,) = bench.slack.posted(CHANNEL)
    assert there["metadata"] == {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
    entry = bench.entry(key)
    assert (entry.message_id, entry.thread) == (f"{CHANNEL}:{there['ts']}", f"{CHANNEL}:{there['ts']}")
    found = bench.run(lambda connection: connection.find(post(key=key)))
    assert found == Sent(message_id=str(entry.message_id), thread=entry.thread)


def test_reactions_below_a_post_are_counted_all_signs_together(bench: SlackBench) -> None:
    key = bench.owe()
    bench.tick()
    (there,) = bench.slack.posted(CHANNEL)
    message = str(bench.entry(key).message_id)
    assert bench.run(lambda connection: connection.reactions(message)) == 0
    there["reactions"] = [
        {"name": "thumbsup", "count": 3, "users": ["U0AN"]},
        {"name": "tada", "count": 1, "users": ["U0MO"]},
    ]
    assert bench.run(lambda connection: connection.reactions(message)) == 4
    assert bench.run(lambda connection: connection.reactions(f"{CHANNEL}:1.1")) is None
    assert bench.run(lambda connection: connection.reactions("nergens")) is None


def test_nothing_is_unfurled_and_nobody_is_mentioned(bench: SlackBench) -> None:
    bench.send(post(Reply(headline="<!channel> @here https://example.org")))
    (sent,) = bench.slack.called("chat.postMessage")
    assert (sent["unfurl_links"], sent["unfurl_media"], sent["link_names"], sent["parse"]) == (
        False,
        False,
        False,
        "none",
    )
    assert "&lt;!channel&gt;" in sent["text"]


def test_an_answer_goes_into_the_thread_of_its_question(bench: SlackBench) -> None:
    root = bench.slack.say(CHANNEL, "@atriumbot wanneer?")
    thread = f"{CHANNEL}:{root['ts']}"
    sent = bench.send(post(thread=thread))
    (there,) = bench.slack.posted(CHANNEL)
    assert there["thread_ts"] == root["ts"]
    assert isinstance(sent, Sent)
    assert sent.thread == thread
    assert bench.run(lambda connection: connection.find(post(thread=thread))) == sent


def test_atria_that_are_public_have_their_page_and_others_have_not(bench: SlackBench) -> None:
    hidden = atrium(uid="atr-2", visibility=frozenset({"mandatarissen"}))
    with bench.store.writing() as session:
        save_atrium(session, atrium())
        save_atrium(session, hidden)
    bench.send(post(Reply(headline="Twee.", cards=(card(atrium(), NOW), card(hidden, NOW)), listed=True)))
    (there,) = bench.slack.posted(CHANNEL)
    assert f"{URL}/atria/atr-1" in shown(there)
    assert "/atria/atr-2" not in shown(there)


@pytest.mark.parametrize("where", [{}, {"private": True}, {"edits": True}])
def test_what_may_not_leave_any_more_does_not(bench: SlackBench, where: dict[str, Any]) -> None:
    first = bench.send(post())
    assert isinstance(first, Sent)
    calls = len(bench.slack.called("chat.postMessage"))
    late = replace(post(Reply(headline="Te laat.", private="private" in where)), may_leave=lambda: False)
    if "edits" in where:
        told = bench.run(lambda connection: connection.edit(first.message_id, late))
    else:
        told = bench.send(late)
    assert told == Withheld()
    assert len(bench.slack.called("chat.postMessage")) == calls
    assert not bench.slack.called("chat.update")
    assert not bench.slack.called("chat.postEphemeral")


# --- in private


def test_a_private_answer_in_a_channel_is_shown_to_the_asker_alone(bench: SlackBench) -> None:
    sent = bench.send(post(Reply(headline="Je volgt niets.", private=True)))
    assert isinstance(sent, Sent)
    assert bench.slack.posted() == []
    (whisper,) = bench.slack.whispers
    assert (whisper["channel"], whisper["user"]) == (CHANNEL, "U0AN")


def test_a_private_answer_to_who_is_not_in_the_channel_is_told_in_a_conversation(bench: SlackBench) -> None:
    bench.send(post(Reply(headline="Je volgt niets.", private=True), member="U0ELDERS"))
    assert bench.slack.whispers == []
    assert len(bench.slack.posted("DU0ELDERS")) == 1
    assert bench.slack.posted(CHANNEL) == []


def test_a_community_without_a_channel_is_told_to_get_one(bench: SlackBench) -> None:
    nowhere = bench.send(post(community=replace(COMMUNITY, channel=None), member=None))
    assert isinstance(nowhere, Refused)
    assert "kanaal" in reason_text(nowhere.reason)


def test_a_private_answer_for_nobody_is_said_nowhere(bench: SlackBench) -> None:
    assert isinstance(bench.send(post(Reply(headline="Geheim.", private=True), member=None)), Refused)
    assert bench.slack.posted() == bench.slack.whispers == []


def test_a_message_to_a_member_goes_to_a_conversation_that_is_opened_once(bench: SlackBench) -> None:
    first, second = (post(key=f"reminder:{number}", community=None) for number in (1, 2))

    async def both(connection: object) -> list[object]:
        return [await connection.send(first), await connection.send(second)]

    sent, _ = bench.run(both)
    assert isinstance(sent, Sent)
    assert sent.thread == "DU0AN", "in private there are no threads"
    assert bench.slack.keys("DU0AN") == ["reminder:1", "reminder:2"]
    assert len(bench.slack.called("conversations.open")) == 1
    found = bench.run(lambda connection: connection.find(first))
    assert isinstance(found, Sent)
    assert found.message_id == sent.message_id


def test_of_so_many_members_the_conversation_is_remembered(
    bench: SlackBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "MOST_CONVERSATIONS", 2)
    members = ["U0AN", "U0MO", "U0AN", "U0ELS", "U0MO", "U0AN"]

    async def all_of_them(connection: SlackConnection) -> None:
        for number, member in enumerate(members):
            await connection.send(post(key=f"reminder:{number}", community=None, member=member))

    bench.run(all_of_them)
    opened = [call["users"] for call in bench.slack.called("conversations.open")]
    assert opened == ["U0AN", "U0MO", "U0ELS", "U0AN"], "the one that was opened longest ago is forgotten"


def test_a_conversation_that_cannot_be_opened_makes_the_message_wait(bench: SlackBench) -> None:
    bench.slack.next("conversations.open", "broken")
    assert isinstance(bench.send(post(community=None)), NotAccepted)
    bench.slack.next("conversations.open", "missing_scope:im:write")
    refused = bench.send(post(community=None))
    assert isinstance(refused, Refused)
    assert '"im:write"' in refused.reason


def test_the_answer_to_a_command_goes_where_slack_asked_for_it(bench: SlackBench) -> None:
    hook = bench.slack.add_hook("h1")
    sent = bench.send(post(route={"response_url": hook}, ref="command:1"))
    assert isinstance(sent, Sent)
    assert bench.slack.posted() == []
    ((_, body),) = bench.slack.hooked
    assert body["response_type"] == "ephemeral"
    shared = bench.slack.add_hook("h2")
    bench.send(post(route={"response_url": shared, "response_type": "in_channel"}, ref="command:1"))
    assert bench.slack.hooked[-1][1]["response_type"] == "in_channel"


def test_only_what_may_be_shared_has_the_button_for_it(bench: SlackBench) -> None:
    def shares(reply: Reply, response_type: str) -> list[str]:
        route = {"response_url": bench.slack.add_hook("h"), "response_type": response_type}
        bench.send(post(reply, route=route, ref="command:1"))
        told = bench.slack.hooked[-1][1]
        return [each["value"] for each in buttons(told) if each["action_id"].startswith(SHARE_ID)]

    answer = Reply(headline="Antwoord.", answers_question=True)
    assert shares(answer, "ephemeral") == ["command:1"]
    assert shares(answer, "in_channel") == []
    assert shares(replace(answer, private=True), "ephemeral") == []
    assert shares(replace(answer, understood=False), "ephemeral") == []
    assert shares(Reply(headline="Hulp."), "ephemeral") == []


def test_what_is_private_is_never_shared_by_a_hook(bench: SlackBench) -> None:
    hook = bench.slack.add_hook("h1")
    route = {"response_url": hook, "response_type": "in_channel"}
    bench.send(post(Reply(headline="Geheim.", private=True), route=route))
    assert bench.slack.hooked[0][1]["response_type"] == "ephemeral"


def test_a_hook_that_is_used_up_is_told_in_private_instead(bench: SlackBench) -> None:
    assert isinstance(bench.send(post(route={"response_url": f"{bench.slack.url}hooks/weg"})), Sent)
    assert bench.slack.keys("DU0AN") == ["answer:slack:1"]


@pytest.mark.parametrize(
    "hook",
    [
        "https://evil.example.org/x",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com@evil.example.org/",
        "nergens",
    ],
)
def test_an_address_that_is_not_slacks_gets_no_answer(bench: SlackBench, hook: str) -> None:
    assert isinstance(bench.send(post(route={"response_url": hook})), Refused)
    assert bench.slack.calls == [call for call in bench.slack.calls if call.method == "auth.test"]


def test_what_was_shown_to_one_alone_cannot_be_looked_for(bench: SlackBench) -> None:
    """It would look missing, and be said again."""
    for route, reply in (
        ({"response_url": "x"}, Reply(headline="a")),
        (None, Reply(headline="answer", private=True)),
    ):
        assert isinstance(
            bench.run(lambda connection, r=route, a=reply: connection.find(post(a, route=r))), Unknown
        )


def test_a_private_answer_of_unknown_outcome_waits_for_a_person(bench: SlackBench) -> None:
    key = bench.owe(reply=Reply(headline="Je volgt niets.", private=True))
    bench.slack.next("chat.postEphemeral", "dropped")
    bench.tick()
    for _ in range(3):
        bench.tick(minutes=2)
    assert bench.state(key) is OutboxState.AMBIGUOUS
    assert len(bench.slack.whispers) == 1


# --- faults: each owed post once


@pytest.mark.parametrize(
    "fault", ["silent", "dropped", "broken", "cut", "stub", "lost", "down", "429", "text"]
)
@pytest.mark.parametrize("where", ["channel", "thread", "private"])
def test_each_owed_post_is_there_once_whatever_happens_to_the_request(
    bench: SlackBench, fault: str, where: str
) -> None:
    """C-5: the SDK repeats nothing by itself; what may be there is looked for first."""
    root = bench.slack.say(CHANNEL, "@atriumbot wanneer?")
    place = {
        "channel": {},
        "thread": {"thread": f"{CHANNEL}:{root['ts']}"},
        "private": {"community": None},
    }[where]
    keys = [bench.owe(number, **place) for number in (1, 2, 3)]
    bench.slack.next("chat.postMessage", fault)
    for _ in range(8):
        bench.tick(seconds=45)
    assert {bench.state(key) for key in keys} == {OutboxState.SENT}
    assert sorted(bench.slack.keys()) == keys
    attempts = bench.slack.called("chat.postMessage")
    done = fault in {"silent", "dropped", "broken", "cut", "stub"}
    assert len(attempts) == (3 if done else 4)


def test_a_refused_connection_is_surely_not_accepted(bench: SlackBench) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        bench.slack.url, url = f"http://127.0.0.1:{closed.getsockname()[1]}/", bench.slack.url
        bench.connection = bench.connect()
        assert isinstance(bench.send(post()), NotAccepted)
    bench.slack.url = url


def test_a_rate_limit_is_waited_out_and_the_thread_keeps_its_order(bench: SlackBench) -> None:
    """C-20: Retry-After 40 means 40 seconds at the least, once, in order."""
    root = bench.slack.say(CHANNEL, "@atriumbot wanneer?")
    keys = [bench.owe(number, thread=f"{CHANNEL}:{root['ts']}") for number in (1, 2)]
    bench.slack.next("chat.postMessage", "429")
    bench.tick()
    bench.tick(seconds=39)
    assert len(bench.slack.called("chat.postMessage")) == 1
    bench.tick(seconds=2)
    bench.tick(seconds=2)
    assert bench.slack.keys(CHANNEL) == keys


def test_a_rate_limit_says_how_long(bench: SlackBench) -> None:
    bench.slack.next("chat.postMessage", "429", "ratelimited")
    assert bench.send(post()) == RateLimited(retry_after=dt.timedelta(seconds=40))
    assert isinstance(bench.send(post()), RateLimited)


def test_a_channel_takes_one_post_a_second_and_another_channel_does_not_wait(bench: SlackBench) -> None:
    for number in (1, 2, 3):
        bench.owe(number)
    bench.owe(4, community="kust")
    bench.tick()
    assert (len(bench.slack.posted(CHANNEL)), len(bench.slack.posted("C0KUST"))) == (1, 1)
    bench.tick(seconds=1)
    assert len(bench.slack.posted(CHANNEL)) == 2


def test_a_post_is_looked_for_among_many_others_and_only_ours_count(bench: SlackBench) -> None:
    key = bench.owe()
    bench.slack.page = 5
    bench.slack.next("chat.postMessage", "dropped")
    bench.tick()
    forged = {"event_type": EVENT_TYPE, "event_payload": {"key": "answer:slack:2"}}
    for number in range(22):
        bench.slack.say(CHANNEL, f"bericht {number}", metadata=forged)
    assert isinstance(bench.run(lambda connection: connection.find(post(key=key, due_at=NOW))), Sent)
    assert bench.run(lambda connection: connection.find(post(key="answer:slack:2", due_at=NOW))) == Missing()


def test_where_too_much_was_said_to_look_through_nobody_can_tell(bench: SlackBench) -> None:
    bench.slack.page = 2
    for number in range(30):
        bench.slack.say(CHANNEL, f"bericht {number}")
    assert isinstance(bench.run(lambda connection: connection.find(post(due_at=NOW))), Unknown)


def test_what_was_said_before_it_was_due_is_not_looked_through(bench: SlackBench) -> None:
    bench.slack.page = 2
    for number in range(30):
        bench.slack.say(CHANNEL, f"bericht {number}")
    later = NOW + dt.timedelta(hours=1)
    assert bench.run(lambda connection: connection.find(post(due_at=later))) == Missing()


@pytest.mark.parametrize("fault", ["not_in_channel", "missing_scope:channels:history", "broken", "429"])
def test_a_look_that_fails_does_not_mean_that_it_is_missing(bench: SlackBench, fault: str) -> None:
    bench.slack.next("conversations.history", fault)
    assert isinstance(bench.run(lambda connection: connection.find(post())), Unknown)


# --- refused, with what a person must do


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("is_archived", "haal het uit het archief"),
        ("not_in_channel", "/invite"),
        ("channel_not_found", "instellingen"),
        ("missing_scope:chat:write.public", '"chat:write.public"'),
        ("msg_too_long", "korter"),
        ("msg_blocks_too_long", "korter"),
        ("restricted_action", "recht"),
        ("thread_not_found", "gesprek"),
        ("never_heard_of", '"never_heard_of"'),
    ],
)
def test_what_slack_refuses_fails_and_says_what_to_do(bench: SlackBench, error: str, advice: str) -> None:
    key = bench.owe()
    bench.slack.next("chat.postMessage", error)
    bench.tick()
    entry = bench.entry(key)
    assert entry.state is OutboxState.FAILED
    assert advice in reason_text(entry.reason or "")
    bench.tick(hours=1)
    assert len(bench.slack.called("chat.postMessage")) == 1


def test_an_archived_channel_is_refused_and_the_other_channel_gets_its_post(bench: SlackBench) -> None:
    bench.slack.channels[CHANNEL].archived = True
    here, there = bench.owe(1), bench.owe(2, community="kust")
    bench.tick()
    assert (bench.state(here), bench.state(there)) == (OutboxState.FAILED, OutboxState.SENT)


@pytest.mark.parametrize(
    "error", ["token_revoked", "account_inactive", "invalid_auth", "missing_scope:chat:write"]
)
def test_when_the_app_is_no_longer_let_in_posts_wait_and_a_person_is_called(
    bench: SlackBench, error: str
) -> None:
    key = bench.owe()
    bench.slack.next("chat.postMessage", error)
    bench.tick()
    assert bench.state(key) is OutboxState.PLANNED
    assert bench.connection.condition().state == AUTH_REQUIRED
    bench.tick(minutes=1)
    assert bench.slack.keys() == [key]
    assert bench.connection.condition().state == OK


def test_a_token_that_is_no_longer_good_shows_before_anything_is_due(bench: SlackBench) -> None:
    bench.token = "xoxb-old"  # noqa: S105  # opens nothing
    bench.connection = bench.connect()

    async def wait(connection: object) -> None:
        await bench.connection._introduction

    bench.run(wait)
    assert bench.connection.condition().state == AUTH_REQUIRED
    assert "bot_token" in bench.connection.condition().reason


def test_an_address_that_is_not_slacks_api_is_told(bench: SlackBench) -> None:
    bench.slack.next("chat.postMessage", "elsewhere")
    assert isinstance(bench.send(post()), NotAccepted)
    assert bench.connection.condition().state == TRANSPORT_GONE


# --- edits


def placed(bench: SlackBench) -> str:
    sent = bench.send(post())
    assert isinstance(sent, Sent)
    return sent.message_id


def test_an_edit_takes_the_place_of_the_message_and_keeps_its_key(bench: SlackBench) -> None:
    there = placed(bench)
    new = post(Reply(headline="Verplaatst."), key="edit:1", edits=there)
    for _ in range(2):
        assert bench.run(lambda connection: connection.edit(there, new)) == Sent(
            message_id=there, thread=there
        )
    (message,) = bench.slack.posted()
    assert shown(message) == "*Verplaatst.*"
    assert message["text"] == "Verplaatst."
    assert message["metadata"]["event_payload"]["key"] == "answer:slack:1"


@pytest.mark.parametrize(
    "error", ["message_not_found", "cant_update_message", "edit_window_closed", "is_archived"]
)
def test_an_edit_that_slack_refuses_says_why(bench: SlackBench, error: str) -> None:
    there = placed(bench)
    bench.slack.next("chat.update", error)
    refused = bench.run(lambda connection: connection.edit(there, post(edits=there)))
    assert isinstance(refused, Refused)
    assert error not in refused.reason


def test_what_became_private_does_not_take_the_place_of_what_everybody_sees(bench: SlackBench) -> None:
    there = placed(bench)
    private = post(Reply(headline="Je volgt bodem.", private=True), edits=there)
    bench.run(lambda connection: connection.edit(there, private))
    assert shown(bench.slack.posted()[0]) == "*Antwoord.*"
    assert len(bench.slack.whispers) == 1


@pytest.mark.parametrize("there", ["hook:answer:slack:1", "C0ALGEMEEN", ""])
def test_what_has_no_number_in_slack_cannot_be_edited(bench: SlackBench, there: str) -> None:
    assert isinstance(bench.run(lambda connection: connection.edit(there, post())), Refused)


# --- with the plan


def test_what_is_cancelled_a_second_before_it_is_due_leaves_no_ghost(bench: SlackBench) -> None:
    """C-44: nothing is ever left with Slack to post by itself."""
    told = replace(COMMUNITY, kinds=frozenset({Kind.THEMATISCH}))
    fill(bench.store, atrium(), communities=(told,))
    replan_all(bench.store, QUIET, NOW)
    bench.clock.moment = DUE - dt.timedelta(seconds=1)
    bench.tick()
    with bench.store.writing() as session:
        off = replace(atrium(), status=Status.GEANNULEERD, cancelled_at=bench.clock.now())
        save_atrium(session, off)
        on_changed(session, atrium(), off, QUIET, bench.clock.now())
    bench.tick(seconds=1)
    assert not [each for each in bench.slack.posted() if "Volgende week" in shown(each)]
    methods = {call.method for call in bench.slack.calls}
    assert methods <= {"auth.test", "chat.postMessage"}


def test_a_crash_between_acceptance_and_settling_leaves_one_post(bench: SlackBench) -> None:
    """The next process finds in Slack what the one before had posted."""
    key = bench.owe()

    async def crash(connection: object) -> None:
        delivery = bench.delivery(bench.connection)

        async def never(*_: object) -> bool:
            raise KeyboardInterrupt

        delivery.ledger.settle = never
        await delivery.tick()

    with pytest.raises(KeyboardInterrupt):
        bench.run(crash)
    assert bench.state(key) is OutboxState.CLAIMED
    with bench.store.writing() as session:
        lapsed.abandon_claims(session, "host-2", bench.clock.now())
    bench.tick(seconds=31)
    assert bench.state(key) is OutboxState.SENT
    assert bench.slack.keys() == [key]


# --- where it stands


def test_a_post_has_the_address_that_slack_gives_its_messages(bench: SlackBench) -> None:
    async def act(connection: SlackConnection) -> str | None:
        # Whoever looks for a post must know under which name it stands, and learns the address with it.
        await connection.find(post())
        assert connection.link_to(COMMUNITY, "hook:answer:slack:1") is None
        return connection.link_to(COMMUNITY, f"{CHANNEL}:1795680001.000006")

    address = bench.run(act)
    assert address == "https://atrium.slack.example.org/archives/C0ALGEMEEN/p1795680001000006"
