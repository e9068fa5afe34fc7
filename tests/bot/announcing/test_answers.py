"""A report tells how people answered to a post, as far as the bot could read."""

from __future__ import annotations

import pytest

from handlers.message import Message
from handlers.model import Role
from scheduler.responses import Response
from store import events
from store.engine import Store
from store.local import add
from store.tables import LocalMessageRow, OutboxRow
from tests.fakes.desk import AN, Desk, one_place


@pytest.fixture
def desk(store: Store) -> Desk:
    """One announcement, which was posted in two communities."""
    desk = Desk(store)
    desk.saved("publish", desk.saved("save", one_place(communities=("algemeen", "water"))).id)
    desk.bench.tick()
    return desk


def told(desk: Desk) -> dict[str, Response | None]:
    with desk.store.reading() as session:
        report = desk.announcing.report(session, AN, desk.now, 1)
    assert report is not None
    return {each.community_key: each.answers for each in report.targets}


def posted_as(desk: Desk, community: str, platform: str, message_id: str) -> None:
    """Let the post of a community be this message of that platform."""
    with desk.store.writing() as session:
        for row in session.query(OutboxRow).filter_by(community_key=community, kind="announcement"):
            row.platform, row.message_id = platform, message_id


def test_what_people_wrote_below_it_is_counted_and_the_bot_is_not(desk: Desk) -> None:
    with desk.store.writing() as session:
        first = add(
            session,
            LocalMessageRow(
                community_key="algemeen", author="atriumbot", text="Nieuw", at=desk.now, by_bot=True
            ),
        )
        for author, by_bot in (("Mia", False), ("Piet", False), ("atriumbot", True)):
            add(
                session,
                LocalMessageRow(
                    community_key="algemeen",
                    thread_id=first.id,
                    author=author,
                    role=Role.MEMBER,
                    text="dag",
                    at=desk.now,
                    by_bot=by_bot,
                ),
            )
    posted_as(desk, "algemeen", "local", str(first.id))
    posted_as(desk, "water", "local", "no number")
    assert told(desk) == {"algemeen": Response(answers=2, is_exact=True), "water": None}


@pytest.mark.parametrize("platform", ["slack", "engage"])
def test_elsewhere_it_is_at_least_what_the_bot_heard_in_the_thread(desk: Desk, platform: str) -> None:
    posted_as(desk, "algemeen", platform, "C1:1.000001")
    assert told(desk)["algemeen"] is None
    for number, amends in enumerate((None, None, "0")):
        message = Message(
            platform=platform,
            event_id=str(number),
            text="inbreng: mag het korter?",
            author_id="U1",
            author_name="Mia",
            author_role=Role.MEMBER,
            sent_at=desk.now,
            community="algemeen",
            thread="C1:1.000001",
            amends=amends,
        )
        with desk.store.writing() as session:
            events.record(session, message, desk.now)
    assert told(desk)["algemeen"] == Response(answers=2, is_exact=False)
