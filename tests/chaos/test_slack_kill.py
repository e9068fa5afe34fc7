"""kill -9 between Slack's acceptance of a post and our commit: after the restart there is one post."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.fakes.program import RunningBot, wait_for
from tests.fakes.slack_api import TOKEN, running
from tests.fakes.slack_caller import SECRET, Caller, message
from tests.fakes.slack_program import CHANNEL, COMMUNITIES
from tests.fakes.slack_workspace import Workspace

#: A look is 30 s after the doubt at the earliest, and a lease ends within two minutes.
SETTLED_WITHIN = 150.0


@pytest.fixture
def slack() -> Iterator[Workspace]:
    workspace = Workspace(now=SystemClock().now)
    workspace.add_channel(CHANNEL)
    workspace.add_person("U0AN", "An Peeters", CHANNEL)
    with running(workspace):
        yield workspace


@pytest.fixture
def bot(slack: Workspace, tmp_path: Path) -> Iterator[RunningBot]:
    made = RunningBot(
        tmp_path,
        ATRIUMBOT_SLACK__BOT_TOKEN=TOKEN,
        ATRIUMBOT_SLACK__SIGNING_SECRET=SECRET,
        ATRIUMBOT_SLACK__API_URL=f"{slack.url}api/",
        ATRIUMBOT_COMMUNITIES=json.dumps(COMMUNITIES),
    )
    yield made
    made.close()


def ask(slack: Workspace, bot: RunningBot) -> str:
    """A member asks in the channel, and Slack is told that it arrived; gives the number of the question."""
    text = "<@U0ATRIUMBOT> wanneer is het volgende atrium?"
    said = slack.say(CHANNEL, text)
    caller = Caller(lambda: SystemClock().now().timestamp())

    def acknowledged() -> bool:
        # Until the bot knows which workspace it is in, it asks Slack to send the event again.
        body, headers = caller.event(message(text, ts=said["ts"], channel=CHANNEL))
        return bot.client.post("/slack/events", content=body, headers=headers).status_code == 200

    wait_for("the question to be acknowledged", acknowledged)
    return str(said["ts"])


def answers(slack: Workspace) -> Counter[str]:
    """How often each question was answered: an answer stands in the thread of its question."""
    return Counter(each["thread_ts"] for each in slack.posted(CHANNEL))


@pytest.mark.process
def test_a_kill_between_slacks_acceptance_and_our_commit_leaves_one_post(
    slack: Workspace, bot: RunningBot
) -> None:
    """C-2: the next process looks for it in the thread, and finds it."""
    bot.start()
    slack.next("chat.postMessage", "silent")
    first = ask(slack, bot)
    wait_for("Slack to have the answer", lambda: answers(slack)[first])
    bot.kill()
    bot.start()
    later = ask(slack, bot)
    wait_for("a later question to be answered", lambda: answers(slack)[later])
    wait_for("the bot to look for the first", lambda: slack.called("conversations.replies"), SETTLED_WITHIN)
    assert bot.stop() == 0
    assert answers(slack) == {first: 1, later: 1}
