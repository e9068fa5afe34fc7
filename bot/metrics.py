"""What the program counts for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from store.states import OutboxState

#: Gives the gauges as they are now; asked at each scrape.
Gauges = Callable[[], Iterable[GaugeMetricFamily]]


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one program; each program, and each test, has a registry of its own.

    Attributes:
        messages: messages that reached the bot, by platform.
        answers: answers it gave, by intent.
        posts: posts of the outbox, by the state they went to.
    """

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    messages: Counter = field(init=False)
    answers: Counter = field(init=False)
    posts: Counter = field(init=False)

    def __post_init__(self) -> None:
        for name, what, label in (
            ("messages", "Messages that reached the bot", "platform"),
            ("answers", "Answers that the bot gave", "intent"),
            ("posts", "Posts of the outbox by the state they went to", "state"),
        ):
            counter = Counter(f"atriumbot_{name}", what, [label], registry=self.registry)
            object.__setattr__(self, name, counter)

    def settled(self, state: OutboxState, number: int) -> None:
        """Count posts of the outbox that went to a state."""
        self.posts.labels(state.value).inc(number)

    def watch(self, gauges: Gauges) -> None:
        """Tell these gauges too, read when they are asked for."""
        self.registry.register(_AtScrape(gauges))


class _AtScrape(Collector):
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._gauges()

    def describe(self) -> Iterator[GaugeMetricFamily]:
        # Without it the registry would ask the database when the collector is registered.
        return iter(())
