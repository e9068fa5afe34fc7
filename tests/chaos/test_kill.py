"""kill -9 at any moment, start again: nothing is lost or doubled, what was acknowledged is answered once.

The number of rounds comes from ATRIUM_CHAOS_ROUNDS (20 in `make test`, 200 in `make chaos`), the seed from
ATRIUM_CHAOS_SEED; both are printed.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.fakes.program import RunningBot, wait_for

ROUNDS = int(os.environ.get("ATRIUM_CHAOS_ROUNDS", "20"))
SEED = int(os.environ.get("ATRIUM_CHAOS_SEED", "20261123"))
QUESTIONS = (
    "@atriumbot wanneer is het volgende provinciaal atrium in Gent?",
    "@atriumbot welke atria zijn er in maart?",
    "@atriumbot waar is het lokaal atrium in Halle",
    "@atriumbot welke thematische groepen zijn er?",
    "@atriumbot qsdfqsdf",
)


class Crowd:
    """Keeps asking until told to stop; remembers what was acknowledged."""

    def __init__(self, bot: RunningBot, chance: random.Random) -> None:
        self._bot = bot
        self._chance = chance
        self._over = threading.Event()
        self.acknowledged: list[str] = []
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._over.is_set():
            try:
                self.acknowledged.append(self._bot.say(self._chance.choice(QUESTIONS))["id"])
            except (httpx.TransportError, AssertionError):
                if self._over.wait(0.02):
                    return

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


@pytest.mark.process
def test_every_acknowledged_question_is_answered_once_however_often_the_bot_is_killed(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}, {ROUNDS} rounds")
    bot = RunningBot(tmp_path)
    acknowledged: list[str] = []
    try:
        bot.start()
        for _ in range(ROUNDS):
            with Crowd(bot, chance) as crowd:
                threading.Event().wait(chance.uniform(0.0, 0.6))
                bot.kill()
            acknowledged += crowd.acknowledged
            bot.start()
        final = bot.say("@atriumbot hallo")["id"]
        wait_for("the last question to be answered", lambda: bot.replies(final))

        def unanswered() -> set[str]:
            return set(acknowledged) - {m["reply_to"] for m in bot.messages() if m["author"] == "atriumbot"}

        wait_for("every acknowledged question to be answered", lambda: not unanswered())
        answers = Counter(
            m["reply_to"] for m in bot.messages() if m["author"] == "atriumbot" and m["reply_to"]
        )
        print(f"{len(acknowledged)} questions acknowledged, {sum(answers.values())} answers")
        assert len(acknowledged) >= ROUNDS // 2
        assert set(answers.values()) == {1}
        assert bot.stop() == 0
    finally:
        bot.close()
