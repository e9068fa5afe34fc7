"""A wrong signing secret shows, and nobody on the internet makes the bot unready by signing wrongly."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.platforms.slack.signatures import NOTE, Signatures, read_note
from store.notes import find_note
from tests.bot.slack.test_gate import another_secret, asked, no_signature
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_program import SlackProgram


@pytest.fixture
def bot(empty_bot: SlackProgram) -> SlackProgram:
    return empty_bot


async def slack_part(bot: SlackProgram) -> dict[str, str]:
    parts = (await bot.client.get("/readyz")).json()["parts"]
    (found,) = [each for each in parts if each["name"] == "slack"]
    return dict(found)


def test_refused_signatures_are_a_warning_and_nothing_unready(bot: SlackProgram) -> None:
    async def act() -> None:
        await bot.program.clockwork.tick()
        for _ in range(2):
            assert (await bot.told(another_secret(bot))).status_code == 401
        part = await slack_part(bot)
        assert part["state"] == "WARNING"
        assert part["reason"].startswith("2 requests were refused for a wrong signature in the last hour")
        assert "[slack] signing_secret" in part["reason"]
        answer = await bot.client.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert 'atriumbot_platform_warning{platform="slack"} 1.0' in (await bot.client.get("/metrics")).text
        assert bot.connection.condition().reason == ""

    bot.run(act)


def test_what_is_not_signed_at_all_says_nothing_of_the_secret(bot: SlackProgram) -> None:
    async def act() -> None:
        await bot.told(no_signature(bot))
        assert (await slack_part(bot))["state"] == "OK"

    bot.run(act)


def test_a_right_signature_ends_the_warning(bot: SlackProgram) -> None:
    async def act() -> None:
        await bot.told(another_secret(bot))
        await bot.told(bot.caller.signed(asked(bot)))
        assert (await slack_part(bot))["state"] == "OK"

    bot.run(act)


def test_a_warning_ends_after_an_hour(bot: SlackProgram) -> None:
    async def act() -> None:
        await bot.told(another_secret(bot))
        bot.clock.forward(minutes=61)
        assert (await slack_part(bot))["state"] == "OK"

    bot.run(act)


def test_the_running_bot_notes_what_it_refused(bot: SlackProgram) -> None:
    async def act() -> None:
        await bot.told(another_secret(bot))
        await bot.inbound.settled()
        with bot.store.reading() as session:
            seen = read_note(find_note(session, NOTE), bot.clock.now())
        assert seen.wrong == 1
        assert seen.told in (await slack_part(bot))["reason"]

    bot.run(act)


def test_a_flood_is_noted_once_a_minute_and_told_as_many(clock: SteeredClock) -> None:
    signatures = Signatures(clock.now)
    assert signatures.note_due() is None
    notes = []
    for _ in range(1_500):
        signatures.wrong()
        notes.append(signatures.note_due())
    assert len([each for each in notes if each is not None]) == 1
    assert "1000 or more requests" in signatures.seen().told
    clock.forward(seconds=60)
    assert read_note(signatures.note_due(), clock.now()).wrong == 1_000


def test_a_note_counts_for_an_hour(clock: SteeredClock) -> None:
    signatures = Signatures(clock.now)
    signatures.wrong()
    note = signatures.note_due()
    assert read_note(note, clock.now() + dt.timedelta(minutes=60)).told
    assert not read_note(note, clock.now() + dt.timedelta(minutes=61)).told
    assert not read_note(None, clock.now()).told
