"""What is not surely Slack's is refused, told once in the log, and brings about nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.platforms.slack.gate import MOST_BYTES, Gate, RefusedError
from bot.platforms.slack.identity import Identity
from store.tables import InboundEventRow
from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_caller import FORM, JSON, SECRET, Caller, Request, command_body, event_body, message
from tests.fakes.slack_program import CHANNEL, SlackProgram


@pytest.fixture
def bot(empty_bot: SlackProgram) -> SlackProgram:
    """What comes in is all that matters here, not what it is about."""
    return empty_bot


QUESTION = f"<@{BOT_USER}> wanneer is het volgende provinciaal atrium in Gent?"


def asked(bot: SlackProgram) -> str:
    return json.dumps(event_body(message(QUESTION, ts=bot.ts(), channel=CHANNEL)))


def wrong_signature(bot: SlackProgram) -> Request:
    body, headers = bot.caller.signed(asked(bot))
    return body, headers | {"x-slack-signature": f"v0={'0' * 64}"}


def no_signature(bot: SlackProgram) -> Request:
    return asked(bot).encode(), {"content-type": JSON}


def another_secret(bot: SlackProgram) -> Request:
    return Caller(lambda: bot.clock.now().timestamp(), "another secret").signed(asked(bot))


def changed_body(bot: SlackProgram) -> Request:
    body, headers = bot.caller.signed(asked(bot))
    return body.replace(b"Gent", b"Genk"), headers


def stale(bot: SlackProgram) -> Request:
    return Caller(lambda: bot.clock.now().timestamp() - 301).signed(asked(bot))


def from_the_future(bot: SlackProgram) -> Request:
    return Caller(lambda: bot.clock.now().timestamp() + 301).signed(asked(bot))


def no_number(bot: SlackProgram) -> Request:
    body, headers = bot.caller.signed(asked(bot))
    return body, headers | {"x-slack-request-timestamp": "nu"}


def no_utf8(bot: SlackProgram) -> Request:
    _, headers = bot.caller.signed(asked(bot))
    return b"\xff\xfe", headers


def too_large(bot: SlackProgram) -> Request:
    return bot.caller.signed(json.dumps({"type": "x", "filler": "x" * MOST_BYTES}))


def another_kind(bot: SlackProgram) -> Request:
    return bot.caller.signed(asked(bot), "text/plain")


def another_team(bot: SlackProgram) -> Request:
    event = message(QUESTION, ts=bot.ts(), channel=CHANNEL)
    return bot.caller.signed(json.dumps(event_body(event, team="T0ANDER")))


def no_team(bot: SlackProgram) -> Request:
    body = event_body(message(QUESTION, ts=bot.ts(), channel=CHANNEL))
    return bot.caller.signed(json.dumps({name: body[name] for name in body if name != "team_id"}))


REFUSED = [
    (wrong_signature, 401),
    (no_signature, 401),
    (another_secret, 401),
    (changed_body, 401),
    (stale, 401),
    (from_the_future, 401),
    (no_number, 401),
    (no_utf8, 401),
    (too_large, 413),
    (another_kind, 415),
    (another_team, 403),
    (no_team, 403),
]


#: Who is where, and as whom the bot is there: asked in the background, whoever calls.
ASKED_BY_ITSELF = {"auth.test", "conversations.members", "users.list"}


@pytest.mark.parametrize(("make", "status"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_what_is_not_slacks_is_refused(bot: SlackProgram, make: object, status: int) -> None:
    async def act() -> None:
        with capture_logs() as told:
            answer = await bot.told(make(bot))  # type: ignore[operator]  # one of the functions above
        assert (answer.status_code, answer.content) == (status, b"")
        assert [each["event"] for each in told] == ["slack_request_refused"]
        assert "Gent" not in str(told)
        assert {call.method for call in bot.slack.calls} <= ASKED_BY_ITSELF
        assert recorded(bot) == 0

    bot.run(act)


def recorded(bot: SlackProgram) -> int:
    with bot.store.reading() as session:
        return session.scalar(select(func.count()).select_from(InboundEventRow)) or 0


def test_a_request_that_is_replayed_is_refused(bot: SlackProgram) -> None:
    async def act() -> None:
        request = bot.caller.signed(asked(bot))
        assert (await bot.told(request)).status_code == 200
        assert (await bot.told(request)).status_code == 401
        assert recorded(bot) == 1

    bot.run(act)


@pytest.mark.parametrize("ahead", [0, 299])
def test_a_replay_is_refused_for_as_long_as_the_signature_is_good(ahead: int) -> None:
    now = [1_700_000_000.0]
    gate = Gate(SECRET, lambda: dt.datetime.fromtimestamp(now[0], dt.UTC))
    question = message(QUESTION, ts="1.1", channel=CHANNEL)
    body, headers = Caller(lambda: now[0] + ahead).event(question)
    gate.admit(headers, body)
    for _ in range(299 + ahead):
        now[0] += 1
        other, signed = Caller(lambda: now[0]).event(question)
        gate.admit(signed, other)
    with pytest.raises(RefusedError, match="replayed"):
        gate.admit(headers, body)
    now[0] += 2
    with pytest.raises(RefusedError, match="stale"):
        gate.admit(headers, body)


def test_the_address_is_confirmed_to_slack(bot: SlackProgram) -> None:
    async def act() -> None:
        asked = {"token": "x", "challenge": "3eZbrw1aB10", "type": "url_verification"}
        answer = await bot.told(bot.caller.signed(json.dumps(asked)))
        assert answer.status_code == 200
        assert answer.json() == {"challenge": "3eZbrw1aB10"}

    bot.run(act)


def test_only_post_is_taken(bot: SlackProgram) -> None:
    async def act() -> None:
        assert (await bot.client.get("/slack/events")).status_code == 405

    bot.run(act)


def test_what_slack_says_before_the_bot_knows_where_it_is_must_come_again(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.inbound.identity.here = None
        assert (await bot.post(bot.caller.signed(asked(bot)))).status_code == 503
        assert recorded(bot) == 0

    bot.run(act)


def test_an_event_of_another_type_is_acknowledged(bot: SlackProgram) -> None:
    """Slack counts an app that does not acknowledge as failing, and then sends it nothing any more."""

    async def act() -> None:
        for event in (
            {"type": "reaction_added", "user": "U0AN"},
            {"type": "team_join", "user": {"id": "U1"}},
        ):
            assert (await bot.told(bot.caller.event(event))).status_code == 200

    bot.run(act)


UNFIT = [
    "",
    "null",
    "1",
    "[]",
    '"text"',
    "{",
    "{}",
    '{"type": 5}',
    '{"type": "event_callback", "event": 5}',
    '{"type": "event_callback", "event": {}}',
    '{"type": "event_callback", "event": {"type": ["message"]}}',
    '{"type": "event_callback", "event": {"type": "message", "channel": {}, "ts": 5}}',
    '{"type": "event_callback", "team_id": "T0ATRIUM", "authorizations": 5, "event": {"type": "pin"}}',
    '{"type": "event_callback", "team_id": "T0ATRIUM", "authorizations": [5], "event": {"type": "pin"}}',
    '{"type": "block_actions", "user": "U0AN", "actions": "x"}',
    '{"type": "view_submission", "user": {"id": "U0AN"}, "view": [1]}',
    '{"command": 5}',
    "[" * 5000,
]


@pytest.mark.parametrize("body", UNFIT)
@pytest.mark.parametrize("kind", [JSON, FORM])
def test_a_signed_body_of_no_known_shape_is_refused_plainly(bot: SlackProgram, body: str, kind: str) -> None:
    """bolt answers some of these with 500 and a traceback."""

    async def act() -> None:
        written = body if kind == JSON else urlencode({"payload": body})
        with capture_logs() as told:
            answer = await bot.told(bot.caller.signed(written, kind))
        assert answer.status_code in (400, 403)
        assert [each["event"] for each in told] == ["slack_request_refused"]

    bot.run(act)


def test_a_command_with_fields_of_another_sort_is_refused(bot: SlackProgram) -> None:
    async def act() -> None:
        body = urlencode(command_body("help") | {"user_id": "geen id"})
        assert (await bot.told(bot.caller.signed(body, FORM))).status_code == 400

    bot.run(act)


# --- the database is busy or away


def test_what_cannot_be_written_in_time_is_not_acknowledged_nor_answered(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.inbound.recorder.within = 0.05
        hook = bot.slack.add_hook("an")
        with bot.store.writing():
            event = asked(bot)
            assert (await bot.post(bot.caller.signed(event))).status_code == 503
            command = await bot.post(bot.caller.command("help", response_url=hook))
            assert "Probeer het opnieuw" in command.text
        await bot.settled()
        assert recorded(bot) == 0
        assert (bot.said(CHANNEL), bot.slack.hooked) == ([], [])
        bot.inbound.recorder.within = 30
        bot.clock.forward(seconds=1)
        assert (await bot.told(bot.caller.signed(event))).status_code == 200
        assert len(bot.said(CHANNEL)) == 1

    bot.run(act)


def test_events_that_come_together_are_each_written(bot: SlackProgram) -> None:
    async def act() -> None:
        events = [bot.caller.event(message(QUESTION, ts=bot.ts(), channel=CHANNEL)) for _ in range(30)]
        answers = await asyncio.gather(*(bot.post(each) for each in events))
        assert {each.status_code for each in answers} == {200}
        assert recorded(bot) == 30

    bot.run(act)


def test_the_address_is_confirmed_before_the_bot_is_in_any_workspace(bot: SlackProgram) -> None:
    """Slack asks it when the app is made; the token exists only once it is installed."""

    async def act() -> None:
        bot.inbound.identity.here = None
        asked = {"token": "x", "challenge": "3eZbrw1aB10", "type": "url_verification"}
        answer = await bot.post(bot.caller.signed(json.dumps(asked)))
        assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1aB10"})

    bot.run(act)


def test_where_the_bot_is_may_stay_unkept_and_a_page_of_a_proxy_is_survived(
    bot: SlackProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start the network may show a page of its own, and the database may be busy."""
    monkeypatch.setattr("bot.platforms.slack.identity._SOON", 0.0)

    def busy(*_: object) -> None:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(Identity, "_keep", busy)
    bot.slack.next("auth.test", *["text"] * 3)

    async def act() -> None:
        assert bot.inbound.identity.condition.state == "OK"
        assert (await bot.told(bot.caller.signed(asked(bot)))).status_code == 200
        assert recorded(bot) == 1

    bot.run(act)
