"""How long an answer takes in Viva Engage: while there is room, under load, and while the platform throttles.

Run: `python benchmarks/engage.py`. A fake network on a virtual clock asserts the limits of the real one; the
aim is the 95th percentile at most one poll interval and five seconds while under the rate limit. Beyond that
answers come late, each once: how many came within the hour is told, and the last of them is waited for.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot import logs
from store.engine import Store
from store.migrations import upgrade
from tests.fakes.engage.gate import Fault
from tests.fakes.engage.tenant import Tenant
from tests.fakes.engage.world import Said

COMMUNITIES, HOUR = 30, 3600
POLL_SECONDS = 60
AIM_SECONDS = POLL_SECONDS + 5
STEP_SECONDS = 1.0
#: After the hour, how long at most is waited for the answers that are late, and how long at a time.
LATEST_SECONDS, AT_A_TIME = 24 * HOUR, 600
QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """How long each answer took, in seconds, sorted; and how many came within the hour."""

    seconds: list[float]
    within: int


class Hour:
    """One hour of questions, at random moments."""

    def __init__(self, store: Store, questions: int, communities: int = COMMUNITIES) -> None:
        self.tenant = Tenant(store, *(f"Groep {number}" for number in range(communities)))
        self._chance = random.Random(20261123)  # noqa: S311  # repeatable, guards nothing
        begun = self.tenant.clock.now()
        seconds = sorted(self._chance.uniform(60, HOUR - 300) for _ in range(questions))
        self._moments = [begun + dt.timedelta(seconds=each) for each in seconds]
        self.asked: list[Said] = []

    def speak(self) -> None:
        while self._moments and self._moments[0] <= self.tenant.clock.now():
            self._moments.pop(0)
            self.asked.append(self.tenant.ask(QUESTION, group=self._chance.choice(self.tenant.groups)))

    def run(self, also: Callable[[Hour], None] = lambda _: None) -> Waits:
        """How long the answers took, those that came after the hour as well."""
        return asyncio.run(self._run(also))

    async def _run(self, also: Callable[[Hour], None]) -> Waits:
        def step() -> None:
            self.speak()
            also(self)

        await self.tenant.bot.pass_time(HOUR, step=STEP_SECONDS, also=step)
        within = len(self.asked) - self._unanswered()
        waited = 0
        while self._unanswered() and waited < LATEST_SECONDS:
            await self.tenant.bot.pass_time(AT_A_TIME, step=STEP_SECONDS)
            waited += AT_A_TIME
        answers = [(said, self.tenant.world.by_bot(thread=said.thread)) for said in self.asked]
        assert all(len(found) == 1 for _, found in answers), "a question was not answered once"
        assert not [each for each in self.tenant.rest.violations if "polled" in each]
        seconds = sorted((found[0].at - said.at).total_seconds() for said, found in answers)
        return Waits(seconds=seconds, within=within)

    def _unanswered(self) -> int:
        return sum(not self.tenant.world.by_bot(thread=said.thread) for said in self.asked)


def throttled(hour: Hour) -> None:
    """Every ten minutes the platform says 429 to the next three calls."""
    if hour.tenant.clock.now().minute % 10 == 0 and hour.tenant.clock.now().second == 0:
        hour.tenant.rest.faults.append(Fault(what="429", on=".", times=3))


def report(name: str, waits: Waits, aim: float | None = None) -> None:
    seconds = waits.seconds
    p50, p95 = seconds[len(seconds) // 2], seconds[int(0.95 * len(seconds))]
    said = f"{name:<46} p50 {p50:5.0f} s   p95 {p95:5.0f} s   longest {seconds[-1]:5.0f} s"
    said += f"   within the hour {waits.within} of {len(seconds)}"
    print(said if aim is None else f"{said}   aim p95 <= {aim:.0f} s: {'met' if p95 <= aim else 'MISSED'}")


def fresh() -> Store:
    store = Store("sqlite://")
    upgrade(store)
    return store


def main() -> None:
    logs.configure("ERROR")
    report("30 communities, 25 questions an hour", Hour(fresh(), 25).run(), AIM_SECONDS)
    report("4 communities, 25 questions an hour", Hour(fresh(), 25, 4).run(), AIM_SECONDS)
    report("30 communities, 200 questions an hour", Hour(fresh(), 200).run(), AIM_SECONDS)
    report("30 communities, 360 questions an hour (load)", Hour(fresh(), 360).run())
    report("30 communities, 600 questions an hour (overload)", Hour(fresh(), 600).run())
    report("30 communities, 25 an hour, throttled six times", Hour(fresh(), 25).run(throttled))


if __name__ == "__main__":
    main()
