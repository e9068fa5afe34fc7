"""Whether memory grows with what is said: signed events over HTTP, each answered, and what is held then.

Run: `python benchmarks/growth.py [--events N] [--warm-up N]`. Members, threads, towns, months and words
differ from event to event, as they do in earnest: what is remembered by any of them grows until it is
bounded. The limits that Slack sets to posts are lifted.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from slack import CONNECTIONS, Server, _is_up, _send, bot_server, first_answer, posted, report, stub_server
from start import _with_sample

from bot.clock import SystemClock
from handlers.gazetteer import gazetteer
from tests.fakes.program import wait_for
from tests.fakes.slack_caller import Caller, message
from tests.fakes.slack_program import CHANNEL

#: How many events are sent between two looks.
STRIDE = 1000
MEMBERS = 5000

ASKED = (
    "wanneer is het volgende atrium in {town}?",
    "welke atria zijn er in {month} over {word}?",
    "ik werk in {town}, wanneer is mijn lokaal atrium?",
    "is er iets over {word} in de buurt van {town}?",
    "waar gaat het atrium van {day} {month} door?",
    "hoe schrijf ik me in voor {word}",
)
MONTHS = ("december", "januari", "februari", "maart", "april", "mei", "juni", "september", "oktober")
SYLLABLES = ("ver", "gro", "ning", "water", "kli", "maat", "leid", "mo", "bi", "schap", "plan", "ont", "har")


def requests(seed: int) -> Iterator[tuple[bytes, dict[str, str]]]:
    """What members say, without end."""
    chance = random.Random(seed)  # noqa: S311  # the same questions each time
    caller = Caller(lambda: SystemClock().now().timestamp())
    towns = [town.name for town in gazetteer().municipalities]
    base = time.time_ns() // 1_000_000_000
    for number in itertools.count():
        text = chance.choice(ASKED).format(
            town=chance.choice(towns),
            month=chance.choice(MONTHS),
            word="".join(chance.choices(SYLLABLES, k=3)),
            day=chance.randint(1, 28),
        )
        event = message(
            f"<@U0ATRIUMBOT> {text}",
            ts=f"{base + number // 1000}.{number % 1000:03d}100",
            channel=CHANNEL,
            user=f"U{chance.randrange(MEMBERS):05d}",
        )
        yield caller.event(event | {"type": "app_mention"})


def answered(bot: Server, stub: Server, said: Iterator[tuple[bytes, dict[str, str]]], number: int) -> None:
    before = posted(stub)
    asyncio.run(_send(bot, list(itertools.islice(said, number)), CONNECTIONS))
    wait_for("all answers to be posted", lambda: posted(stub) - before >= number, seconds=120)


def main(events: int, warm_up: int) -> None:
    with tempfile.TemporaryDirectory() as folder, stub_server() as stub:
        wait_for("the stub to listen", lambda: _is_up(stub, "count"))
        database = f"{folder}/growth.db"
        _with_sample(stub, database)
        with bot_server(stub, database) as bot:
            first_answer(bot, stub)
            said = requests(1)
            for done in range(STRIDE, warm_up + 1, STRIDE):
                answered(bot, stub, said, STRIDE)
                print(f"  {done:>7} said, warming up: {bot.resident():.1f} MiB", flush=True)
            before = bot.resident()
            for done in range(STRIDE, events + 1, STRIDE):
                answered(bot, stub, said, STRIDE)
                if done % (max(events // 10 // STRIDE, 1) * STRIDE) == 0:
                    print(f"  {done:>7} said: {bot.resident():.1f} MiB", flush=True)
            grown = (bot.resident() / before - 1) * 100
            beside = f"{before:.1f} MiB before, {bot.resident():.1f} MiB after"
            report(f"5 memory grown over {events} events", "<= 2 %", f"{grown:.1f} %", beside)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--warm-up", type=int, default=10_000)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    main(given.events, given.warm_up)
