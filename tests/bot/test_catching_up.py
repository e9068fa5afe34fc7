"""After a standstill, an import or a restored copy: what is still true is said, the past is not."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

from handlers.wording.reasons import reason_text
from scheduler.changes import replan_all
from scheduler.delivery import Delivery
from scheduler.port import Post
from scheduler.rules import Rules
from store import outbox
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState
from tests.fakes.command_line import SAMPLES, Run
from tests.fakes.network import brussels
from tests.fakes.platform import RecordingPlatform, SteeredClock

RULES = Rules()


class Bot:
    """The delivery of a bot on the command line's own database."""

    def __init__(self, folder: Path, at: str) -> None:
        self.store = Store(f"sqlite:///{folder / 'bot.db'}")
        self.clock = SteeredClock(brussels(at))
        self.platform = RecordingPlatform(now=self.clock.now)
        self.delivery = Delivery(self.store, {"local": self.platform}, RULES, self.clock.now, at)

    def start(self) -> None:
        """What the program does before it ticks."""
        asyncio.run(self.delivery.recover())
        replan_all(self.store, RULES, self.clock.now())

    def tick(self, at: str) -> None:
        self.clock.moment = brussels(at)
        asyncio.run(self.delivery.tick())

    def entries(self, *states: OutboxState) -> list[Entry]:
        with self.store.reading() as session:
            return outbox.entries(session, states, limit=10_000)

    def close(self) -> None:
        self.store.close()


def owed(run: Run, *options: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(
        run("outbox", "list", "--json", "--limit", "10000", *options).out
    )
    return listed


def test_after_two_days_down_the_operator_sees_what_was_skipped_and_sends_it_all_the_same(
    sampled: Run, tmp_path: Path
) -> None:
    """C-10: late within the bound is said with words of now, the rest is listed."""
    bot = Bot(tmp_path, "2026-12-09 08:00")
    bot.start()
    bot.tick("2026-12-11 10:00")
    bot.tick("2026-12-11 10:01")
    told = [(each.post.community.key, each.text) for each in bot.platform.posts if each.post.community]
    assert len(set(told)) == len(told) > 0
    bot.close()

    skipped = owed(sampled, "--state", "skipped", "--at", "2026-12-11T10:00")
    late = [each for each in skipped if (each["reason"] or "").startswith("te laat: ")]
    assert late
    assert all(each["at"] < "2026-12-11" for each in late)
    assert sampled("outbox", "retry", str(late[0]["id"]), "--at", "2026-12-11T10:02").code == 0

    bot = Bot(tmp_path, "2026-12-11 10:02")
    bot.tick("2026-12-11 10:02")
    (sent,) = bot.platform.posts
    assert sent.post.kind == late[0]["kind"]
    assert sent.post.community is not None
    assert sent.post.community.key == late[0]["community"]
    assert sent.text == late[0]["text"]
    bot.close()


def test_an_agenda_of_the_past_owes_nothing(run: Run) -> None:
    """C-28: the sample agenda imported when all of it is over."""
    assert run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", "--at", "2028-06-01T09:00").code == 0
    assert not owed(run)


def test_an_agenda_imported_halfway_owes_only_what_is_to_come(run: Run, tmp_path: Path) -> None:
    """C-28."""
    assert run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", "--at", "2027-04-01T09:00").code == 0
    bot = Bot(tmp_path, "2027-04-01 09:00")
    bot.start()
    bot.tick("2027-04-01 09:01")
    assert not bot.platform.posts
    assert all(each.due_at > brussels("2027-04-01 09:00") for each in bot.entries())
    bot.close()


def test_a_restored_copy_says_nothing_of_the_past_and_everything_to_come(
    sampled: Run, tmp_path: Path
) -> None:
    """C-28: copied while a post was leaving, put back a month later over what was said since."""
    bot = Bot(tmp_path, "2026-12-07 08:00")
    bot.start()
    copy = tmp_path / "copy.zip"

    def copy_now(_: Post) -> None:
        bot.platform.during = None
        assert sampled("db", "backup", copy).code == 0

    bot.platform.during = copy_now
    for day in ("07", "09", "10", "16", "17"):
        for hour in ("08:30", "09:00"):
            bot.tick(f"2026-12-{day} {hour}")
    assert copy.is_file()
    assert len(bot.platform.posts) > 3
    bot.close()

    assert sampled("db", "restore", copy, "--replace", "--at", "2027-01-07T10:00").code == 0

    again = Bot(tmp_path, "2027-01-07 10:00")
    again.platform.posts = list(bot.platform.posts)
    before = len(again.platform.posts)
    again.start()
    again.tick("2027-01-07 10:01")
    again.tick("2027-01-07 10:05")
    assert len(again.platform.posts) == before, "nothing of the past"
    reasons = {reason_text(each.reason or "") for each in again.entries(OutboxState.SKIPPED)}
    assert "teruggezet uit een reservekopie: dit moment was al voorbij" in reasons
    assert not again.entries(OutboxState.CLAIMED, OutboxState.AMBIGUOUS), "what was leaving was found"
    assert min(each.due_at for each in again.entries(OutboxState.PLANNED)) > again.clock.now()
    again.tick("2027-01-11 08:30")
    assert {each.post.kind for each in again.platform.posts[before:]} == {"digest"}
    again.close()


def test_a_restored_copy_leaves_the_rest_of_the_bot_in_order(sampled: Run, tmp_path: Path) -> None:
    """C-28: the same agenda, and a plan that starting again does not change."""
    copy = tmp_path / "copy.zip"
    bot = Bot(tmp_path, "2026-11-23 10:00")
    bot.start()
    planned = {
        each.key for each in bot.entries(OutboxState.PLANNED) if each.due_at > brussels("2026-11-23 10:30")
    }
    bot.close()
    assert sampled("db", "backup", copy).code == 0
    assert sampled("db", "restore", copy, "--replace", "--at", "2026-11-23T10:30").code == 0
    bot = Bot(tmp_path, "2026-11-23 10:30")
    bot.start()
    assert {each.key for each in bot.entries(OutboxState.PLANNED)} == planned
    bot.close()


# --- the acts of an operator, and the simulation


def test_an_operator_holds_releases_skips_and_retries(sampled: Run) -> None:
    first, second = (str(each["id"]) for each in owed(sampled, "--at", "2026-11-20T09:00")[-2:])
    assert sampled("outbox", "hold", first).code == 0
    assert [str(each["id"]) for each in owed(sampled, "--state", "held")] == [first]
    assert sampled("outbox", "release", first).code == 0
    assert sampled("outbox", "skip", second).code == 0
    (skipped,) = owed(sampled, "--state", "skipped")
    assert (str(skipped["id"]), skipped["reason"]) == (second, "door een moderator")
    assert sampled("outbox", "retry", second).code == 0
    refused = sampled("outbox", "release", first)
    assert refused.code == 1
    assert "it allows hold, skip, not release" in refused.err


PERIOD = ("--from", "2026-11-23", "--until", "2027-02-28")


def test_a_simulation_with_faults_proves_that_it_said_the_same(sampled: Run) -> None:
    """C-2, C-5, C-20: reported by community and week, with the proof at the end."""
    ran = sampled("simulate", *PERIOD, "--fault", "429:5%,crash:2%,timeout:2%", "--seed", "7")
    assert ran.code == 0
    assert "niets dubbel, niets verloren" in ran.err
    assert "2027-02-08" in ran.err
    assert "volste week" in ran.err
    assert ran.out == sampled("simulate", *PERIOD, "--fault", "429:5%,crash:2%,timeout:2%", "--seed", "7").out


def test_a_simulation_that_lost_something_fails_and_names_it(sampled: Run) -> None:
    """C-21."""
    ran = sampled("simulate", *PERIOD, "--fault", "refused:30%", "--seed", "1", "--json")
    assert ran.code == 1
    assert "verloren: " in ran.err
    assert json.loads(ran.out), "the posts are told all the same"


def test_faults_that_do_not_exist_are_wrong_usage(sampled: Run) -> None:
    ran = sampled("simulate", *PERIOD, "--fault", "storm:5%")
    assert ran.code == 2
    assert "storm" in ran.err


def test_what_is_imported_twice_is_owed_once(sampled: Run) -> None:
    """C-9, C-32: the same file again changes nothing of what is owed."""
    before = owed(sampled, "--at", "2026-11-20T09:00")
    ran = sampled("agenda", "import", SAMPLES / "atria_voorbeeld.csv", "--at", "2026-11-20T09:00")
    assert ran.code == 0
    assert owed(sampled, "--at", "2026-11-20T09:00") == before
    assert isinstance(before[0]["at"], str)
    assert dt.datetime.fromisoformat(before[0]["at"]).tzinfo is not None
