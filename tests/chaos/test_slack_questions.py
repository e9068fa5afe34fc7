"""kill -9 under load, start again: what Slack was told had arrived is answered there, once."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest

from bot.clock import SystemClock
from tests.fakes.program import RunningBot, wait_for
from tests.fakes.slack_api import TOKEN, running
from tests.fakes.slack_caller import SECRET, Caller, message
from tests.fakes.slack_program import CHANNEL, COMMUNITIES
from tests.fakes.slack_workspace import Workspace

SEED = 20261123
ROUNDS = 2
#: Questions in a round: the account may post four times a second.
MOST = 15
QUESTION = "wanneer is het volgende provinciaal atrium in Gent?"


class Crowd:
    """Asks in private, each question in a conversation of its own; remembers what was acknowledged."""

    def __init__(self, bot: RunningBot, slack: Workspace, first: int) -> None:
        self._bot, self._slack, self._first = bot, slack, first
        self._caller = Caller(lambda: SystemClock().now().timestamp())
        self._over = threading.Event()
        self.acknowledged: list[str] = []
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        with httpx.Client(base_url=self._bot.url, timeout=10) as client:
            for number in range(self._first, self._first + MOST):
                channel = f"D{number:07d}"
                self._slack.add_channel(channel, "U0AN")
                ts = f"{int(SystemClock().now().timestamp())}.{number:06d}"
                body, headers = self._caller.event(message(QUESTION, ts=ts, channel=channel))
                try:
                    answer = client.post("/slack/events", content=body, headers=headers)
                except httpx.TransportError:
                    if self._over.wait(0.05):
                        return
                    continue
                if answer.status_code == 200:
                    self.acknowledged.append(channel)

    def __enter__(self) -> Crowd:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.thread.join()


def environment(slack: Workspace) -> dict[str, str]:
    return {
        "ATRIUMBOT_SLACK__BOT_TOKEN": TOKEN,
        "ATRIUMBOT_SLACK__SIGNING_SECRET": SECRET,
        "ATRIUMBOT_SLACK__API_URL": f"{slack.url}api/",
        "ATRIUMBOT_COMMUNITIES": json.dumps(COMMUNITIES),
    }


@pytest.mark.process
def test_every_question_that_slack_was_told_of_is_answered_once_however_often_the_bot_is_killed(
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    slack = Workspace(now=SystemClock().now)
    slack.add_channel(CHANNEL)
    slack.add_channel("C0MANDAAT")
    slack.add_person("U0AN", "An Peeters", CHANNEL)
    acknowledged: list[str] = []
    with running(slack):
        bot = RunningBot(tmp_path, **environment(slack))
        try:
            bot.start()
            for number in range(ROUNDS):
                ready(bot)
                with Crowd(bot, slack, number * MOST) as crowd:
                    threading.Event().wait(chance.uniform(0.1, 0.6))
                    bot.kill()
                acknowledged += crowd.acknowledged
                bot.start()
            wait_for("every question to be answered", lambda: answered(slack) >= set(acknowledged), 120)
            assert bot.stop() == 0
        finally:
            bot.close()
    print(f"{len(acknowledged)} questions acknowledged")
    assert len(acknowledged) >= ROUNDS
    assert len(set(slack.keys())) == len(slack.keys())
    said = Counter(channel for channel in acknowledged for _ in slack.posted(channel))
    assert set(said.values()) == {1}


def ready(bot: RunningBot) -> None:
    """Wait until the bot knows where it is: before that, Slack is asked to come again."""
    wait_for("the bot to be ready", lambda: bot.client.get("/readyz").status_code == 200)


def answered(slack: Workspace) -> set[str]:
    return {channel for channel in tuple(slack.channels) if slack.posted(channel)}
