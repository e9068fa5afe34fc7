"""An answer by itself, where nothing limits the rate, leaves as any other does, and sooner."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from scheduler.delivery import Delivery
from scheduler.port import Capabilities, RateLimited, Refused, Unknown
from scheduler.tick_report import TickReport
from store import claims
from store.courier import Courier
from store.engine import Store
from store.leases import database_now
from store.limits import Limit
from store.states import OutboxState
from tests.fakes.bench import Bench

SECOND = dt.timedelta(seconds=1)


def deliver(bench: Bench, *keys: str) -> TickReport:
    delivery = Delivery(
        bench.store,
        {"local": bench.platform},
        bench.rules,
        bench.clock.now,
        "host-1",
        pace=database_now,
    )

    async def delivered() -> TickReport:
        report = TickReport()
        for key in keys:
            report = await delivery.deliver([key])
        return report

    delivery.open()
    report = asyncio.run(delivered())
    delivery.close()
    return report


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the answers that were claimed in the ordinary way."""
    taken: list[str] = []
    claim_keys = claims.claim_keys

    def noted(*given: object) -> list[claims.Entry]:
        found = claim_keys(*given)  # type: ignore[arg-type]  # handed on
        taken.extend(each.key for each in found)
        return found

    monkeypatch.setattr(claims, "claim_keys", noted)
    return taken


def test_it_is_sent_and_settled(store: Store, ordinary: list[str]) -> None:
    bench = Bench(store)
    first, second = bench.answer(1), bench.answer(2, thread="t-2")
    report = deliver(bench, first, second)
    assert (report.claimed, report.settled) == (1, {OutboxState.SENT: 1})
    assert bench.platform.texts("algemeen") == ["Antwoord 1", "Antwoord 2"]
    assert {bench.states()[key] for key in (first, second)} == {OutboxState.SENT}
    assert not ordinary


def test_one_that_comes_too_late_is_not_sent(store: Store) -> None:
    bench = Bench(store)
    late = bench.answer(1)
    bench.clock.forward(days=3)
    # After another, so that it is known where the community is.
    assert deliver(bench, bench.answer(2, thread="t-2"), late).settled == {OutboxState.SKIPPED: 1}
    assert bench.platform.texts("algemeen") == ["Antwoord 2"]


def test_a_platform_with_a_limit_takes_the_ordinary_way(store: Store, ordinary: list[str]) -> None:
    """C-41."""
    bench = Bench(store)
    limit = Limit(number=1, per=10 * SECOND)
    bench.platform.capabilities = Capabilities(find=True, account_limit=limit)
    keys = bench.answer(1), bench.answer(2, thread="t-2")
    deliver(bench, *keys)
    assert ordinary == [keys[0]]
    assert [bench.states()[key] for key in keys] == [OutboxState.SENT, OutboxState.PLANNED]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Refused(reason="gesloten"), OutboxState.FAILED),
        (Unknown(reason="geen antwoord"), OutboxState.AMBIGUOUS),
        (RateLimited(retry_after=40 * SECOND), OutboxState.PLANNED),
    ],
)
def test_what_becomes_of_it_is_written_down(
    store: Store, outcome: Refused | Unknown | RateLimited, state: OutboxState
) -> None:
    """C-14, C-20: and after a refusal for its rate the platform is left alone."""
    bench = Bench(store)
    first, second = bench.answer(1), bench.answer(2, thread="t-2")
    bench.platform.script = [outcome]
    deliver(bench, first, second)
    assert bench.states()[first] is state
    is_held_up = isinstance(outcome, RateLimited)
    assert bench.states()[second] is (OutboxState.PLANNED if is_held_up else OutboxState.SENT)


def test_while_another_writes_it_takes_the_ordinary_way(
    sqlite_store: Store, ordinary: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(sqlite_store)
    key = bench.answer(1)
    monkeypatch.setattr(sqlite_store.turns, "take_if_free", lambda: False)
    assert deliver(bench, key).sent == 1
    assert ordinary == [key]


def test_an_answer_that_was_sent_is_settled_however_the_short_way_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-2."""
    bench = Bench(store)
    key = bench.answer(1)
    monkeypatch.setattr(Courier, "settle", lambda *_: False)
    assert deliver(bench, key).sent == 1
    assert bench.states()[key] is OutboxState.SENT
