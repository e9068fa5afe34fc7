"""A report tells how people answered to a post, as far as the bot could read."""

from __future__ import annotations

import pytest

from bot.moderating import StoredAnnouncements
from handlers.message import Message
from handlers.model import Role
from scheduler.responses import Response
from store import events, reactions
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


def test_who_wrote_below_it_is_counted_once_and_the_bot_is_not(desk: Desk) -> None:
    with desk.store.writing() as session:
        first = add(
            session,
            LocalMessageRow(
                community_key="algemeen", author="atriumbot", text="Nieuw", at=desk.now, by_bot=True
            ),
        )
        for author, by_bot in (("Mia", False), ("Piet", False), ("Mia", False), ("atriumbot", True)):
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
    for number, (author, amends) in enumerate((("U1", None), ("U1", None), ("U2", None), ("U1", "0"))):
        message = Message(
            platform=platform,
            event_id=str(number),
            text="inbreng: mag het korter?",
            author_id=author,
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


def test_reactions_are_told_beside_answers_and_where_there_are_none_alone(desk: Desk) -> None:
    posted_as(desk, "algemeen", "slack", "C1:1.1")
    posted_as(desk, "water", "engage", "77")
    with desk.store.writing() as session:
        reactions.keep(session, "slack", "C1:1.1", 4, desk.now)
        reactions.keep(session, "engage", "77", 0, desk.now)
        # What the platform does not say later leaves what it said.
        reactions.keep(session, "slack", "C1:1.1", None, desk.now)
        heard = Message(
            platform="slack",
            event_id="C1:2.2",
            text="leuk",
            author_id="U1",
            author_name="An",
            sent_at=desk.now,
            thread="C1:1.1",
        )
        events.record(session, heard, desk.now)
    assert told(desk) == {
        "algemeen": Response(answers=1, is_exact=False, reactions=4),
        "water": Response(answers=0, is_exact=False, reactions=0),
    }
    with desk.store.reading() as session:
        shown = StoredAnnouncements(session, desk.announcing, AN, desk.now).find(1)
    assert shown is not None
    assert {(each.answers, each.reactions) for each in shown.responded} == {(1, 4), (0, 0)}
