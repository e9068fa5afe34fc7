"""What a page costs: as many statements with much in the store as with little, and indexes."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, update

from handlers.model import Contribution
from store import belonging, contributions, outbox, questions, reach, replanning
from store.engine import Store
from store.states import OutboxState
from store.tables import LocalMessageRow, OutboxRow
from tests.bot.console.conftest import Enter
from tests.fakes.network import atrium, fill
from tests.fakes.statements import Statements

#: The most statements that any page may take, however much there is.
MOST = 36

PAGES = (
    "/beheer",
    "/beheer/agenda",
    "/beheer/agenda/atr-1-044",
    "/beheer/agenda/atr-1-044/wijzigen",
    "/beheer/agenda/atr-1-044/inbreng",
    "/beheer/aankondigingen",
    "/beheer/aankondigingen/nieuw",
    "/beheer/berichten",
    "/beheer/berichten?wat=niet-verstuurd",
    "/beheer/berichten?wat=geplaatst",
    "/beheer/vragen",
    "/beheer/inbreng",
    "/beheer/inbreng?wat=alles",
    "/beheer/netwerk",
    "/beheer/teksten",
    "/beheer/rollen",
    "/beheer/logboek",
    "/beheer/verslag",
)


@pytest.fixture
def busy(furnished: Store, now: dt.datetime) -> Store:
    """Much of everything: sixty atria, each with posts in every state, contributions and questions."""
    atria = [atrium("2026-12-01 09:00", uid=f"druk-{number}") for number in range(60)]
    for each in atria:
        fill(furnished, each, communities=())
    rows = [
        {
            "key": f"{uid}:{state}",
            "kind": "reminder",
            "platform": "local",
            "community_key": "algemeen",
            "atrium_uid": uid,
            "state": state,
            "due_at": now + dt.timedelta(minutes=number if state is OutboxState.PLANNED else -number),
            "created_at": now,
            "updated_at": now,
        }
        for number, uid in enumerate(each.uid for each in atria)
        for state in (
            OutboxState.PLANNED,
            OutboxState.FAILED,
            OutboxState.SENT,
            OutboxState.SKIPPED,
            OutboxState.AMBIGUOUS,
        )
    ]
    with furnished.writing() as session:
        session.execute(insert(OutboxRow), rows)
        for number, each in enumerate(atria):
            contributions.add(session, None, Contribution(text="Vraag", atrium_uid=each.uid), now)
            questions.keep_unread(session, f"h{number}", f"vraag {number}?", "niet begrepen", now)
    return furnished


@pytest.mark.parametrize("who", ["beheerder", "regionaal"])
def test_no_page_asks_more_of_the_store_when_there_is_more_in_it(busy: Store, enter: Enter, who: str) -> None:
    visitor, heard = enter(who), Statements(busy)
    asked = {}
    for path in PAGES:
        before = heard.count
        assert visitor.get(path).status_code in {200, 403}, path
        asked[path] = heard.count - before
    assert {path: count for path, count in asked.items() if count > MOST} == {}


def test_all_communities_are_counted_at_once_as_each_is_alone(busy: Store, now: dt.datetime) -> None:
    with busy.writing() as session:
        belonging.keep_people(session, "slack", (), ("u1", "u2"), now)
        belonging.keep_people(session, "engage", (), ("u3",), now - dt.timedelta(days=2))
        session.execute(
            insert(LocalMessageRow).values(community_key="algemeen", author="An", text="Dag", at=now)
        )
    with busy.reading() as session:
        counted = reach.member_counts(session, now)
        assert counted == {key: reach.member_count(session, [key], now) for key in counted}
        assert (counted["slack"], counted["engage"], counted["algemeen"]) == (2, None, 1)


def test_what_did_not_go_out_is_found_by_its_index(busy: Store, now: dt.datetime) -> None:
    heard = Statements(busy)
    with busy.reading() as session:
        outbox.entries(session, (OutboxState.FAILED, OutboxState.AMBIGUOUS), newest_first=True)
        assert any("ix_outbox_stranded" in step for step in heard.plan_of_last(session))


def test_what_was_rightly_skipped_does_not_crowd_out_what_went_wrong(busy: Store, enter: Enter) -> None:
    with busy.writing() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == OutboxState.SKIPPED)
            .values(reason=replanning.NO_LONGER_OWED)
        )
    page = enter("beheerder").get("/beheer/berichten?wat=niet-verstuurd").text
    assert page.count(">mislukt<") + page.count(">onzeker<") == 60
    assert "overgeslagen" not in page
