"""The words of the store that reading matches, and the version by which callers remember them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers.model import Group, Kind, Query
from handlers.reading.model import Vocabulary
from store.agenda import StoredAgenda, agenda_version, bump_version, save_atrium, vocabulary
from store.engine import Store
from store.groups import list_groups, replace_groups
from store.regions import list_regions, replace_regions
from tests.fakes.atria import an_atrium

ENFORCERS = frozenset({"handhaving"})


def _words(store: Store, reads: frozenset[str] = frozenset()) -> Vocabulary:
    with store.reading() as session:
        return vocabulary(session, reads)


def _fill(session: Session) -> None:
    save_atrium(session, an_atrium("a", theme="windturbines"))
    save_atrium(session, an_atrium("b", theme="windturbines"))
    save_atrium(session, an_atrium("c", kind=Kind.OP_MAAT, title="Kustgemeenten", theme="erfgoed"))
    save_atrium(
        session,
        an_atrium("d", kind=Kind.THEMATISCH, title="Besloten", theme="handhaving", visibility=ENFORCERS),
    )
    replace_groups(
        session,
        [Group(name="Water", theme="water"), Group(name="Handhavers", theme="boetes", visibility=ENFORCERS)],
    )
    replace_regions(session, {"Waasland": ["Lokeren"]})


def test_words_come_from_agenda_groups_and_regions(store: Store) -> None:
    with store.writing() as session:
        _fill(session)
    words = _words(store)
    assert words.themes == ("erfgoed", "water", "windturbines")
    assert words.groups == ("Water",)
    assert words.regions == ("Waasland",)
    assert words.titles == {"Kustgemeenten": "c"}


def test_words_that_not_everybody_may_see_are_for_those_who_may(store: Store) -> None:
    """C-42: a typo that the bot mends must not tell of what is not public."""
    with store.writing() as session:
        _fill(session)
    words = _words(store, ENFORCERS | {"algemeen"})
    assert words.themes == ("boetes", "erfgoed", "handhaving", "water", "windturbines")
    assert words.groups == ("Handhavers", "Water")
    assert words.titles == {"Kustgemeenten": "c", "Besloten": "d"}
    assert _words(store, frozenset({"algemeen"})) == _words(store)


def test_the_version_tells_who_may_see_the_words(store: Store) -> None:
    with store.writing() as session:
        _fill(session)
    public, theirs = _words(store), _words(store, ENFORCERS)
    assert public.version != theirs.version
    assert _words(store, frozenset({"algemeen"})).version == public.version
    assert _words(store, ENFORCERS).version == theirs.version


def test_of_two_atria_with_one_title_the_later_is_meant(store: Store) -> None:
    with store.writing() as session:
        save_atrium(session, an_atrium("late", "2027-05-01", kind=Kind.OP_MAAT, title="Kust"))
        save_atrium(session, an_atrium("soon", "2026-12-01", kind=Kind.OP_MAAT, title="Kust"))
    assert _words(store).titles == {"Kust": "late"}


def test_every_writer_raises_the_version(store: Store) -> None:
    versions = [0]
    with store.reading() as session:
        assert agenda_version(session) == 0
    for write in (
        lambda session: save_atrium(session, an_atrium("a")),
        lambda session: replace_groups(session, [Group(name="Water")]),
        lambda session: replace_regions(session, {"Waasland": ["Lokeren"]}),
        bump_version,
    ):
        with store.writing() as session:
            write(session)
        with store.reading() as session:
            versions.append(agenda_version(session))
    assert versions == sorted(set(versions))
    assert versions[-1] == 4


def test_many_changes_of_one_transaction_are_one_version(store: Store) -> None:
    with store.writing() as session:
        for number in range(3):
            save_atrium(session, an_atrium(f"a{number}"))
        assert agenda_version(session) == 1


def test_a_version_raised_within_a_savepoint_goes_with_it(store: Store) -> None:
    with store.writing() as session:
        with session.begin_nested() as savepoint:
            save_atrium(session, an_atrium("a"))
            savepoint.rollback()
        save_atrium(session, an_atrium("b"))
        assert agenda_version(session) == 1
    assert [atrium.uid for atrium in _upcoming(store)] == ["b"]


def _upcoming(store: Store) -> list[object]:
    with store.reading() as session:
        return list(StoredAgenda(session).upcoming(Query()))


def test_a_transaction_sees_what_it_changed_itself(store: Store) -> None:
    with store.writing() as session:
        agenda = StoredAgenda(session)
        assert agenda.upcoming(Query(theme="wind")) == []
        save_atrium(session, an_atrium("a", theme="wind"))
        assert [atrium.uid for atrium in agenda.upcoming(Query(theme="wind"))] == ["a"]
        save_atrium(session, an_atrium("b", theme="wind"))
        assert agenda.count(Query(theme="wind")) == 2
        assert vocabulary(session).themes == ("wind",)


def _save_and_break(store: Store, uid: str) -> None:
    with store.writing() as session:
        save_atrium(session, an_atrium(uid, theme=uid))
        assert vocabulary(session).themes == (uid,)
        raise RuntimeError("broken")


def test_what_was_not_committed_is_not_remembered(store: Store) -> None:
    """The next transaction gets the same version, with other words."""
    with pytest.raises(RuntimeError, match="broken"):
        _save_and_break(store, "wind")
    with store.writing() as session:
        save_atrium(session, an_atrium("b", theme="water"))
    assert _words(store).themes == ("water",)


def test_a_change_of_another_process_is_seen(store: Store) -> None:
    other = Store(store.url.render_as_string(hide_password=False))
    assert _words(other).themes == ()
    with store.writing() as session:
        save_atrium(session, an_atrium("a", theme="wind"))
    assert _words(other).themes == ("wind",)
    other.close()


def test_groups_are_replaced_as_a_whole(store: Store) -> None:
    water = Group(name="Water", theme="water", how_to_join="Klik op Lid worden", owner="Team Water")
    with store.writing() as session:
        replace_groups(session, [Group(name="Oud"), Group(name="Water")])
        replace_groups(session, [water])
        assert list_groups(session) == [water]
        replace_groups(session, [])
        assert list_groups(session) == []


def test_regions_are_replaced_as_a_whole(store: Store) -> None:
    with store.writing() as session:
        replace_regions(session, {"Oud": ["Gent", "Lokeren"]})
        replace_regions(session, {"Waasland": ["Sint-Niklaas", "Lokeren"], "Kempen": []})
        assert list_regions(session) == {"Kempen": [], "Waasland": ["Lokeren", "Sint-Niklaas"]}


def test_a_municipality_in_two_regions_is_refused_by_name(store: Store) -> None:
    with store.writing() as session, pytest.raises(ValueError, match="Lokeren"):
        replace_regions(session, {"Waasland": ["Lokeren"], "Scheldeland": ["Lokeren"]})
