"""What the program counts for Prometheus."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter


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
