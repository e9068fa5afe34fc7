"""A backup holds everything, goes into either database, and sends nothing of the past."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from handlers.changes import Dialogue
from handlers.context import Topic
from handlers.message import Message
from handlers.model import (
    AtriumDraft,
    Audience,
    Community,
    Contribution,
    Follow,
    FollowWhat,
    Group,
    Kind,
    Person,
    Role,
)
from handlers.reading.model import Intent, Reading
from store import (
    announcements,
    audit,
    belonging,
    communities,
    contributions,
    events,
    lexicon,
    members,
    questions,
    reactions,
    sessions,
    spoken,
    texts,
    threads,
    uploads,
)
from store.agenda import StoredAgenda, agenda_version, save_atrium
from store.backup import BackupError, backup, restore
from store.base import Base
from store.engine import Store, StoreInUseError
from store.groups import keep_live_groups, replace_groups
from store.live_groups import LiveGroup
from store.migrations import head_revision, upgrade
from store.regions import replace_regions
from store.states import EventState, OutboxState
from store.tables import InboundEventRow, LeaseRow, LocalMessageRow, NoteRow, OutboxRow, RateBucketRow
from store.vault import Vault
from tests.fakes.atria import an_atrium

#: What a backup leaves: who is at work, signed in, or looks at a file.
OF_THE_MOMENT = frozenset({"console_sessions", "console_uploads", "leases", "sign_ins"})

AN = Person(platform="local", external_id="An", name="An")


@pytest.fixture
def target(empty_address: str) -> Iterator[Store]:
    """A second, migrated and empty store: with `store`, every pair of databases."""
    store = Store(empty_address)
    upgrade(store)
    yield store
    store.close()


def _owe(session: Session, key: str, state: OutboxState, due_at: dt.datetime, **values: Any) -> None:
    session.execute(
        insert(OutboxRow).values(
            key=key,
            kind="reminder",
            platform="local",
            state=state,
            due_at=due_at,
            created_at=due_at,
            updated_at=due_at,
            **values,
        )
    )


def _fill(store: Store, now: dt.datetime) -> None:
    """At least one row in every table."""
    message = Message(
        platform="local",
        event_id="E1",
        text="Één vraag\nover twee regels",
        author_id="An",
        author_name="An",
        sent_at=now,
    )
    draft = Dialogue(act="announce", draft=AtriumDraft(kind=Kind.OP_MAAT, begins=dt.time(9, 30)))
    topic = Topic(reading=Reading(text="?", intent=Intent.HELP), at=now)
    with store.writing() as session:
        save_atrium(
            session, an_atrium(audience=frozenset({Audience.AMBTENAAR}), programme_uid="p1", theme="wind")
        )
        save_atrium(session, an_atrium("a2", registration_until=dt.date(2026, 11, 30)))
        replace_groups(session, [Group(name="Water", visibility=frozenset({"a", "b"}))])
        keep_live_groups(session, [LiveGroup(number="1", name="Wind", link="https://e", is_public=True)], now)
        replace_regions(session, {"Waasland": ["Lokeren"]})
        communities.sync_communities(session, [Community(key="algemeen", platform="local", name="Algemeen")])
        belonging.keep_person(session, "algemeen", "An", now)
        members.ensure_person(session, "local", "An", "An", Role.MEMBER, now)
        members.sync_roles(session, regional={"local:An": ["Waasland"]})
        member = members.member_id_of(session, "local", "An")
        members.follow(session, member, Follow(what=FollowWhat.ALL), now)
        members.feed_token(session, member)
        threads.keep_topic(session, "local", "1", None, topic)
        threads.keep_dialogue(session, "local", "2", "algemeen", draft, now)
        spoken.note(session, "engage", {"3": 4}, now)
        events.record(session, message, now)
        made = announcements.add(session, now, author_platform="local", author_id="An")
        announcements.bind_atria(session, made.id, ["a1"])
        contributions.add(session, member, Contribution(text="Vraag", atrium_uid="a1"), now)
        reactions.keep(session, "local", "1", 3, now)
        questions.keep_unread(session, "hash", "Koffie?", "clarify", now)
        audit.write(session, now, AN, None, "changed", "a1", after={"title": "Één"})
        session.execute(
            insert(LocalMessageRow).values(community_key="algemeen", author="An", text="Dag", at=now)
        )
        session.execute(insert(LeaseRow).values(name="plan", holder="x", fence=1, expires_at=now))
        sessions.open_session(session, "an@example.org", "An", Role.MODERATOR.value, now)
        sessions.open_way_in(session, sessions.LINK, now)
        uploads.keep_upload(
            session, "an@example.org", uploads.Upload(name="a.csv", kind=None, data=b"x"), now
        )
        lexicon.teach(session, "hwp", "hemelwaterplan", "An", now)
        texts.change_text(session, "dank", "Met plezier.", "An", now)
        Vault(b"key").keep(session, "account", "token")
        session.execute(insert(RateBucketRow).values(name="local", taken={"k": 1}, free_at=now))
        _owe(session, "coming", OutboxState.PLANNED, now + dt.timedelta(days=1), payload={"asked": True})
        _owe(session, "now", OutboxState.PLANNED, now)


def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def test_everything_comes_back_in_either_database(
    store: Store, target: Store, tmp_path: Path, now: dt.datetime
) -> None:
    _fill(store, now)
    before = _everything(store)
    assert all(before.values())
    backup(store, tmp_path / "backup.zip")
    counts = restore(target, tmp_path / "backup.zip", now)
    after = _everything(target)
    assert counts == {name: len(rows) for name, rows in before.items() if name not in OF_THE_MOMENT}
    # What a restored backup may not say again, the version that tells others of it, and since when.
    assert len(after.pop("inbound_events")) == len(before.pop("inbound_events"))
    assert len(after.pop("notes")) == len(before.pop("notes")) + 1
    assert all(after.pop(table) == [] for table in OF_THE_MOMENT)
    assert after == {name: rows for name, rows in before.items() if name not in OF_THE_MOMENT}


def test_nothing_of_the_past_is_sent_after_a_restore(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    past, coming = now - dt.timedelta(minutes=1), now + dt.timedelta(minutes=1)
    message = Message(platform="local", event_id="E", text="?", author_id="A", author_name="A", sent_at=past)
    with store.writing() as session:
        _owe(session, "past", OutboxState.PLANNED, past)
        _owe(session, "coming", OutboxState.PLANNED, coming)
        _owe(session, "claimed", OutboxState.CLAIMED, past, claimed_by="x", lease_until=coming, fence=4)
        for state in (OutboxState.SENT, OutboxState.FAILED, OutboxState.HELD, OutboxState.AMBIGUOUS):
            _owe(session, state.value, state, past)
        events.record(session, message, past)
    backup(store, tmp_path / "backup.zip")
    restore(store, tmp_path / "backup.zip", now, replace=True)
    with store.reading() as session:
        found = {row.key: row for row in session.scalars(select(OutboxRow))}
        assert {key: row.state for key, row in found.items()} == {
            "past": OutboxState.SKIPPED,
            "coming": OutboxState.PLANNED,
            "claimed": OutboxState.AMBIGUOUS,
            "sent": OutboxState.SENT,
            "failed": OutboxState.FAILED,
            "held": OutboxState.HELD,
            "ambiguous": OutboxState.AMBIGUOUS,
        }
        assert found["past"].reason == "reden.reservekopie te laat"
        assert found["claimed"].reason == "reden.reservekopie onzeker"
        assert (found["claimed"].lease_until, found["claimed"].fence) == (None, 5)
        event = session.scalars(select(InboundEventRow)).one()
        assert (event.state, event.settled_at) == (EventState.IGNORED, now)


def test_a_database_that_is_not_empty_is_left_alone(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    backup(store, tmp_path / "backup.zip")
    with store.writing() as session:
        save_atrium(session, an_atrium("new"))
    before = _everything(store)
    with pytest.raises(BackupError, match=r"not empty \(.*atria.*--replace"):
        restore(store, tmp_path / "backup.zip", now)
    assert _everything(store) == before


def test_replacing_drops_what_came_after_the_backup(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    _fill(store, now)
    backup(store, tmp_path / "backup.zip")
    with store.writing() as session:
        save_atrium(session, an_atrium("new", theme="water"))
    with store.reading() as session:
        later = agenda_version(session)
        assert StoredAgenda(session).find("new", frozenset()) is not None
    restore(store, tmp_path / "backup.zip", now, replace=True)
    with store.reading() as session:
        assert StoredAgenda(session).find("new", frozenset()) is None
        assert agenda_version(session) > later


def test_new_rows_are_numbered_after_the_restored_ones(
    store: Store, target: Store, tmp_path: Path, now: dt.datetime
) -> None:
    _fill(store, now)
    backup(store, tmp_path / "backup.zip")
    restore(target, tmp_path / "backup.zip", now)
    with target.writing() as session:
        save_atrium(session, an_atrium("a3"))
        members.ensure_person(session, "local", "Bo", "Bo", Role.MEMBER, now)
        audit.write(session, now, AN, None, "changed", "a3")
        assert [entry.subject for entry in audit.entries(session)] == ["a3", "a1"]


def test_a_backup_is_of_one_moment(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    _fill(store, now)
    file = tmp_path / "folder" / "backup.zip"
    with store.writing() as session:
        save_atrium(session, an_atrium("uncommitted"))
        backup(store, file)
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("manifest.json"))["revision"] == head_revision()
        uids = [json.loads(line)["uid"] for line in archive.read("tables/atria.jsonl").splitlines()]
    assert uids == ["a1", "a2"]
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_of_another_revision_is_refused(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": 1, "revision": "0000", "tables": {}}))
    with pytest.raises(BackupError, match="revision 0000"):
        restore(store, file, now)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 no zip either"])
def test_a_file_that_is_no_backup_is_refused_by_name(
    sqlite_store: Store, tmp_path: Path, now: dt.datetime, content: bytes
) -> None:
    file = tmp_path / "backup.zip"
    file.write_bytes(content)
    with pytest.raises(BackupError, match=r"backup\.zip is no backup"):
        restore(sqlite_store, file, now)


def test_a_damaged_backup_changes_nothing(store: Store, tmp_path: Path, now: dt.datetime) -> None:
    _fill(store, now)
    file = tmp_path / "backup.zip"
    backup(store, file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tmp_path / "damaged.zip", "w") as damaged:
        for name in whole.namelist():
            lines = whole.read(name)
            damaged.writestr(name, lines.replace(b'"kind"', b'"kinf"') if "atria" in name else lines)
    before = _everything(store)
    with pytest.raises(BackupError, match="damaged"):
        restore(store, tmp_path / "damaged.zip", now, replace=True)
    assert _everything(store) == before


def test_a_file_in_use_is_not_restored_into(sqlite_store: Store, tmp_path: Path, now: dt.datetime) -> None:
    backup(sqlite_store, tmp_path / "backup.zip")
    sqlite_store.hold_file()
    other = Store(str(sqlite_store.url))
    with pytest.raises(StoreInUseError):
        restore(other, tmp_path / "backup.zip", now)
    other.close()


def test_a_restored_column_without_json_holds_nothing_rather_than_null(
    store: Store, target: Store, tmp_path: Path, now: dt.datetime
) -> None:
    _fill(store, now)
    backup(store, tmp_path / "backup.zip")
    restore(target, tmp_path / "backup.zip", now)
    with target.reading() as session:
        empty = select(func.count()).select_from(OutboxRow).where(text("payload IS NULL"))
        assert session.scalar(empty) == 1
        assert session.scalar(select(func.count()).select_from(NoteRow)) == 3
