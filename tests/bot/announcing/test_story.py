"""One story, told by form and by conversation, ends with the same rows and the same posts.

It is told through the console in `tests/browser/test_story.py` and through Slack's form in
`tests/bot/slack/test_story.py`, with the same ending. A conversation announces one atrium at a time; what
is in five places is planned by form, and every later step is a conversation's too.
"""

from __future__ import annotations

from typing import Any

import pytest

from handlers.moderation.lifecycle import State
from store.engine import Store
from tests.fakes.desk import PLACES
from tests.fakes.story import CLOSED, FIVE, ONE, POLITICIANS, TARGETS
from tests.fakes.story_desk import ByForm, InConversation, Values, story_desk


@pytest.mark.parametrize("values", [ONE, FIVE], ids=["one place", "five places"])
def test_a_form_and_a_conversation_end_in_the_same_rows_and_the_same_posts(
    store: Store, other_store: Store, values: Values
) -> None:
    by_form = ByForm(story_desk(store), values).tell()
    in_conversation = InConversation(story_desk(other_store), values).tell()
    assert by_form == in_conversation
    assert by_form["state"] is State.POSTED
    assert by_form["was agreed to"]
    assert by_form["members"] == 3


def test_each_community_reads_of_it_and_politicians_read_nothing(sqlite_store: Store) -> None:
    told = ByForm(story_desk(sqlite_store), FIVE).tell()
    posts: dict[str, Any] = told["posts"]
    assert posts[POLITICIANS] == []
    for key in TARGETS:
        first, *_, last = posts[key]
        assert all(municipality in first for municipality, _ in PLACES)
        assert "Auditorium B" in " ".join(posts[key])
        assert "Wel nog in Antwerpen (6/4), Leuven (9/4), Gent (12/4) en Brugge (19/4)." in last
    assert [each["status"] for each in told["atria"]].count("geannuleerd") == 1


def test_the_community_that_refused_gets_it_once_and_the_others_no_second_time(sqlite_store: Store) -> None:
    told = ByForm(story_desk(sqlite_store), ONE).tell()
    sent = [row for row in told["outbox"] if row["kind"] == "announcement"]
    assert [row["state"] for row in sent] == ["sent"] * 4
    assert len(told["posts"][CLOSED]) == len(told["posts"]["algemeen"])
