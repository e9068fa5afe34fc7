"""One announcement in more places is one line, and what is done with the line is done with all its posts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from sqlalchemy import update

from bot.announcing import Announcing
from bot.outcomes import Saved
from store import outbox
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState
from store.tables import OutboxRow
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import value_of
from tests.fakes.console_visitors import RULES, Moderator
from tests.fakes.desk import AN, PLACES, programme

TOWNS = [town for town, _ in PLACES]


@pytest.fixture
def announced(furnished: Store, now: dt.datetime) -> Store:
    """One programme in five places, planned for two days from now in one community."""
    announcing = Announcing(RULES)
    at = now + dt.timedelta(days=2)
    values = programme(communities=("algemeen",), publish_on=f"{at:%Y-%m-%d}", publish_at="10:00")
    with furnished.writing() as session:
        kept = announcing.save(session, AN, "console", now, values)
        assert isinstance(kept, Saved)
        planned = announcing.schedule(session, AN, "console", now, kept.announcement.id)
        assert isinstance(planned, Saved), planned
    return furnished


def posts(store: Store) -> list[Entry]:
    with store.reading() as session:
        return outbox.entries(session, community="algemeen", kinds=("announcement",))


def lines_of(page: str) -> list[str]:
    """The lines of a list that tell of an announcement."""
    return [each for each in re.findall(r"<li>.*?</li>", page, re.DOTALL) if ">Aankondiging: " in each]


def step(visitor: Moderator, number: int, name: str, **more: str) -> int:
    version = value_of(visitor.get(f"/beheer/berichten/{number}").text, "versie")
    return visitor.send(f"/beheer/berichten/{number}/stap", stap=name, versie=version, **more).status_code


@pytest.mark.parametrize("path", ["/beheer", "/beheer/berichten"])
def test_a_programme_is_one_line_with_its_places(announced: Store, enter: Enter, path: str) -> None:
    (line,) = lines_of(enter("moderator").get(path).text)
    assert f"voor 5 plaatsen: {', '.join(TOWNS)}" in line
    assert "windturbines en draagvlak" in line


def test_what_was_posted_in_one_message_is_one_line_too(
    announced: Store, enter: Enter, now: dt.datetime
) -> None:
    with announced.writing() as session:
        sent = {"state": OutboxState.SENT, "message_id": "17", "sent_at": now, "due_at": now}
        session.execute(update(OutboxRow).where(OutboxRow.kind == "announcement").values(sent))
    assert len(lines_of(enter("moderator").get("/beheer/berichten?wat=geplaatst").text)) == 1


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("tegenhouden", OutboxState.HELD),
        ("schrappen", OutboxState.SKIPPED),
        ("nu", OutboxState.PLANNED),
    ],
)
def test_a_step_with_the_line_is_done_with_all_its_posts(
    announced: Store, enter: Enter, now: dt.datetime, name: str, state: OutboxState
) -> None:
    visitor, first = enter("moderator"), posts(announced)[0]
    assert step(visitor, first.id, name, zeker="ja") == 303
    after = posts(announced)
    assert {each.state for each in after} == {state}
    if name == "nu":
        assert {each.due_at for each in after} == {now}


def test_the_whole_line_is_moved(announced: Store, enter: Enter) -> None:
    number = posts(announced)[0].id
    assert step(enter("moderator"), number, "verplaatsen", datum="2026-12-03", uur="10:15") == 303
    assert {f"{each.due_at:%d %H:%M}" for each in posts(announced)} == {"03 09:15"}


def test_one_place_can_be_chosen_and_stands_in_a_line_of_its_own_then(announced: Store, enter: Enter) -> None:
    visitor, entries = enter("moderator"), posts(announced)
    page = visitor.get(f"/beheer/berichten/{entries[0].id}").text
    assert "Alle 5 plaatsen" in page
    assert f'<option value="{entries[2].id}">Alleen Gent</option>' in page
    assert step(visitor, entries[0].id, "tegenhouden", plaats=str(entries[2].id)) == 303
    assert Counter(each.state for each in posts(announced)) == {OutboxState.PLANNED: 4, OutboxState.HELD: 1}
    assert len(lines_of(visitor.get("/beheer/berichten").text)) == 2
    other = next(each.id for each in posts(announced) if each.state is OutboxState.HELD)
    assert step(visitor, entries[0].id, "tegenhouden", plaats=str(other)) == 409


def test_a_line_in_which_something_happened_meanwhile_is_looked_at_again(
    announced: Store, enter: Enter
) -> None:
    visitor, entries = enter("moderator"), posts(announced)
    old = value_of(visitor.get(f"/beheer/berichten/{entries[0].id}").text, "versie")
    assert step(visitor, entries[0].id, "tegenhouden", plaats=str(entries[4].id)) == 303
    path = f"/beheer/berichten/{entries[0].id}/stap"
    assert visitor.send(path, stap="schrappen", versie=old).status_code == 409
    assert OutboxState.SKIPPED not in {each.state for each in posts(announced)}


def test_nobody_steers_a_line_in_which_a_place_is_not_theirs(announced: Store, enter: Enter) -> None:
    number = posts(announced)[0].id
    version = value_of(enter("moderator").get(f"/beheer/berichten/{number}").text, "versie")
    sent = enter("elders").send(f"/beheer/berichten/{number}/stap", stap="schrappen", versie=version)
    assert sent.status_code in {403, 404}
    assert {each.state for each in posts(announced)} == {OutboxState.PLANNED}


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("", "komt"), ("?wanneer=voorbij", "voorbij"), ("?q=windturbines", "zoekt")],
)
def test_the_file_of_the_agenda_holds_what_the_page_shows(enter: Enter, tab: str, shown: str) -> None:
    visitor = enter("moderator")
    page = visitor.get(f"/beheer/agenda{tab}").text
    count = re.search(r'role="status">(\d+) ', page)
    address = re.search(r'href="([^"]*agenda\.csv[^"]*)"', page)
    assert count is not None, shown
    assert address is not None, shown
    file = visitor.get(address[1].replace("&amp;", "&")).content.decode("utf-8-sig")
    # Cells hold line breaks: the lines that begin with a key are counted.
    assert len(re.findall(r"^\"?[a-z]+-[\w-]+\"?;", file, re.MULTILINE)) == int(count[1]) > 0
