"""The attention of a community is shared out, and nothing is dropped while a post is left for it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scheduler.attention import Slot, share, spare, taken_in
from tests.fakes.network import brussels

MONDAY = brussels("2027-02-01 09:00")


def slot(number: int, day: int, subject: str, foldable: bool = True) -> Slot:
    return Slot(id=number, due_at=MONDAY + dt.timedelta(days=day), subject=subject, foldable=foldable)


def test_each_subject_is_a_post_while_the_week_allows() -> None:
    shared = share([slot(1, 0, "a"), slot(2, 0, "b"), slot(3, 0, "a")], [slot(4, 2, "c")], left=3)
    assert shared.groups == ((1, 3), (2,))
    assert not shared.taken


def test_what_is_due_together_becomes_one_post_when_the_week_is_full() -> None:
    shared = share([slot(1, 0, "a"), slot(2, 0, "b")], [slot(4, 2, "c")], left=2)
    assert shared.groups == ((1, 2),)
    assert not shared.taken


def test_the_last_post_of_the_week_takes_in_the_rest() -> None:
    shared = share([slot(1, 0, "a")], [slot(4, 1, "c"), slot(5, 3, "d")], left=1)
    assert shared.groups == ((1,),)
    assert shared.taken == (4, 5)


def test_the_overview_takes_in_the_nearest_day_that_is_too_many() -> None:
    week = [slot(day, day, str(day)) for day in range(5)]
    assert taken_in(week, left=4) == (0,)


def test_without_a_post_left_nothing_is_said() -> None:
    assert not share([slot(1, 0, "a")], [], left=0).groups


def test_an_overview_later_in_the_week_is_never_folded() -> None:
    shared = share([slot(1, 0, "a")], [slot(2, 1, "overzicht", foldable=False), slot(3, 2, "b")], left=2)
    assert shared.taken == (3,)


def test_what_is_of_low_value_gets_what_nothing_later_needs() -> None:
    later = [slot(1, 1, "a"), slot(2, 1, "a"), slot(3, 2, "b")]
    assert [spare(later, left) for left in (1, 2, 3, 5)] == [0, 0, 1, 3]


@given(
    days=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc")), min_size=1, max_size=20),
    budget=st.integers(1, 6),
)
def test_a_week_never_gets_more_posts_than_its_budget_and_says_everything_once(
    days: list[tuple[int, str]], budget: int
) -> None:
    """C-40."""
    open_slots = {number: slot(number, day, subject) for number, (day, subject) in enumerate(days)}
    posts: list[tuple[int, ...]] = []
    while open_slots:
        first = min(each.due_at for each in open_slots.values())
        due = [each for each in open_slots.values() if each.due_at == first]
        later = [each for each in open_slots.values() if each.due_at > first]
        shared = share(due, later, budget - len(posts))
        assert shared.groups
        for position, group in enumerate(shared.groups):
            posts.append((*group, *(shared.taken if position == 0 else ())))
        for said in posts:
            for number in said:
                open_slots.pop(number, None)
    assert len(posts) <= budget
    assert sorted(number for post in posts for number in post) == list(range(len(days)))
