"""Threads of one process write in turn, those in haste first."""

import threading

from store.turns import Turns
from tests.fakes.program import wait_for


class Writers:
    """Threads that wait for their turn while somebody has it; says in which order they got it."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, name: str, *, hasty: bool = False) -> None:
        def write() -> None:
            self.turns.take(hasty=hasty)
            self.order.append(name)
            self.turns.give()

        before = self.turns.waiting()
        thread = threading.Thread(target=write)
        thread.start()
        self._threads.append(thread)
        wait_for(f"{name} to queue", lambda: self.turns.waiting() > before)

    def end(self) -> list[str]:
        self.turns.give()
        for thread in self._threads:
            thread.join(10)
        return self.order


def test_turns_go_in_the_order_of_asking() -> None:
    writers = Writers()
    writers.turns.take()
    for name in ("first", "second", "third"):
        writers.join(name)
    assert writers.end() == ["first", "second", "third"]


def test_who_is_in_haste_goes_before_all_who_are_not() -> None:
    writers = Writers()
    writers.turns.take()
    writers.join("patient")
    writers.join("hasty", hasty=True)
    writers.join("hasty too", hasty=True)
    assert writers.end() == ["hasty", "hasty too", "patient"]


def test_a_turn_that_ended_can_be_taken_again() -> None:
    turns = Turns()
    for _ in range(3):
        turns.take()
        assert turns.waiting() == 0
        turns.give()
