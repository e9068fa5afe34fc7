"""What is remembered in between is read anew once it changed, also when another process changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from handlers.model import Community, Query, Status
from store.agenda import StoredAgenda, save_atrium
from store.communities import list_communities, set_paused, sync_communities
from store.engine import Store
from store.texts import change_text, changed_texts, put_back
from store.versions import HOUSE, raise_version, versions_of
from tests.fakes.atria import an_atrium

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
GENERAL = Community(key="algemeen", platform="slack", name="Algemeen")
CLOSED = frozenset({"mandatarissen"})


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """The same database, as another process has it."""
    opened = Store(store.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def _communities(session: Session) -> list[Community]:
    return list_communities(session)


def _texts(session: Session) -> dict[str, str]:
    return dict(changed_texts(session))


def _titles(session: Session) -> list[str]:
    return [each.title for each in StoredAgenda(session).upcoming(Query(visible_to=frozenset()))]


def _statuses(session: Session) -> list[Status]:
    return [each.status for each in StoredAgenda(session).upcoming(Query(visible_to=frozenset()))]


ATRIUM = an_atrium("a", title="Wind")

CHANGES: list[tuple[Callable[[Session], object], Callable[[Session], object]]] = [
    (_communities, lambda session: sync_communities(session, [GENERAL])),
    (_communities, lambda session: set_paused(session, "water", paused=True)),
    (_texts, lambda session: change_text(session, "contact", "Bel ons.", "An", NOW)),
    (_texts, lambda session: put_back(session, "groet")),
    (_titles, lambda session: save_atrium(session, an_atrium("b", title="Water"))),
    (_titles, lambda session: save_atrium(session, replace(ATRIUM, title="Zon"))),
    (_titles, lambda session: save_atrium(session, replace(ATRIUM, visibility=CLOSED))),
    (_statuses, lambda session: save_atrium(session, replace(ATRIUM, status=Status.GEANNULEERD))),
]


@pytest.fixture(autouse=True)
def filled(store: Store) -> None:
    with store.writing() as session:
        sync_communities(session, [GENERAL, replace(GENERAL, key="water", name="Water")])
        change_text(session, "groet", "Dag.", "An", NOW)
        save_atrium(session, ATRIUM)


def _read(store: Store, read: Callable[[Session], object]) -> object:
    with store.reading() as session:
        return read(session)


@pytest.mark.parametrize(("read", "change"), CHANGES)
def test_what_another_process_changed_is_seen_in_the_next_answer(
    store: Store, other: Store, read: Callable[[Session], object], change: Callable[[Session], object]
) -> None:
    before = _read(store, read)
    assert _read(store, read) == before
    with other.writing() as session:
        change(session)
    after = _read(store, read)
    assert after != before
    assert after == _read(other, read)


@pytest.mark.parametrize(("read", "change"), CHANGES)
def test_what_is_not_committed_is_seen_by_its_own_transaction_alone(
    store: Store, other: Store, read: Callable[[Session], object], change: Callable[[Session], object]
) -> None:
    before = _read(store, read)
    with store.writing() as session:
        change(session)
        own = read(session)
        assert _read(other, read) == before
        session.rollback()
    assert own != before
    assert _read(store, read) == before
    # A change that was undone and another one have the same number.
    with other.writing() as session:
        raise_version(session, HOUSE)
        save_atrium(session, ATRIUM)
    assert _read(store, read) == before


def test_what_is_remembered_for_some_readers_is_not_shown_to_others(store: Store) -> None:
    with store.writing() as session:
        save_atrium(session, replace(ATRIUM, visibility=CLOSED))
    for _ in range(2):
        with store.reading() as session:
            agenda = StoredAgenda(session)
            assert [each.uid for each in agenda.upcoming(Query(visible_to=CLOSED))] == ["a"]
            assert agenda.upcoming(Query(visible_to=frozenset({"algemeen"}))) == []


def test_one_transaction_goes_by_the_versions_it_was_given(store: Store) -> None:
    with store.reading() as session:
        seen = versions_of(session)
        assert list_communities(session, seen) == list_communities(session)
        assert changed_texts(session, seen) == changed_texts(session)
    assert seen.agenda == seen.house == 1
