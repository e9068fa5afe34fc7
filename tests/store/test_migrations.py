"""The tables come to be by migrations alone, and are then what the models say, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, text

from store.base import Base
from store.engine import Store
from store.migrations import (
    SchemaOutdatedError,
    alembic_config,
    check_schema,
    current_revision,
    ensure_current,
    head_revision,
    is_empty,
    needs_upgrade,
    upgrade,
)
from store.tables import NoteRow


@pytest.fixture
def empty(empty_address: str) -> Iterator[Store]:
    """A store on a database that nothing was ever done to."""
    store = Store(empty_address)
    yield store
    store.close()


def _definitions(store: Store) -> list[str]:
    """Every table, constraint and index as the database itself tells them."""
    if store.is_sqlite:
        told = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"
    else:
        told = """
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'
            UNION ALL SELECT indexdef FROM pg_indexes
            WHERE schemaname = 'public' AND indexname NOT LIKE 'alembic%'
            UNION ALL SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable,
                character_maximum_length, column_default)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        """
    with store.reading() as session:
        statements = list(session.scalars(text(told)))
    # Constraints come in another order; each is on a line of its own.
    lines = ((sql.split("(")[0], line.strip(", ")) for sql in statements for line in sql.splitlines())
    return sorted(f"{what}: {line}".replace('"', "") for what, line in lines)


def test_a_new_database_gets_its_tables(empty: Store) -> None:
    assert is_empty(empty)
    assert current_revision(empty) is None
    assert needs_upgrade(empty)
    ensure_current(empty)
    assert current_revision(empty) == head_revision()
    assert not is_empty(empty)
    assert not needs_upgrade(empty)


def test_the_head_is_the_last_step(empty: Store) -> None:
    assert head_revision() == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_the_migrated_tables_are_what_the_models_say(store: Store) -> None:
    assert check_schema(store) == []


def test_migrations_and_models_give_the_same_definitions(empty: Store) -> None:
    """Alembic compares neither checks nor the conditions of partial indexes; the databases tell both."""
    upgrade(empty)
    migrated = _definitions(empty)
    with empty.writing() as session:
        Base.metadata.drop_all(session.connection())
        Base.metadata.create_all(session.connection())
    assert migrated == _definitions(empty)
    assert any("ix_outbox_due" in line and "planned" in line for line in migrated)
    assert any("ck_outbox_outboxstate" in line and "ambiguous" in line for line in migrated)


def test_migrating_twice_changes_nothing(store: Store) -> None:
    with store.writing() as session:
        session.execute(insert(NoteRow).values(name="a", value="x"))
    upgrade(store)
    ensure_current(store)
    with store.reading() as session:
        assert session.scalar(text("SELECT value FROM notes")) == "x"


def test_several_replicas_may_migrate_at_once(empty: Store) -> None:
    faults: list[Exception] = []

    def migrate() -> None:
        try:
            upgrade(empty)
        except Exception as fault:  # noqa: BLE001 -- whatever it is, the test shows it
            faults.append(fault)

    replicas = [threading.Thread(target=migrate) for _ in range(3)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    assert faults == []
    assert check_schema(empty) == []


def test_a_migration_that_breaks_leaves_nothing(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alembic.op.batch_alter_table", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upgrade(empty)
    assert is_empty(empty)


def test_an_older_database_is_refused_and_the_remedy_named(store: Store) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        with pytest.raises(SchemaOutdatedError, match="atriumbot db upgrade"):
            ensure_current(store)
    finally:
        with store.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head_revision()})


def test_a_newer_database_is_refused(store: Store) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SchemaOutdatedError, match="newer"):
            ensure_current(store)
    finally:
        with store.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head_revision()})


def test_a_database_of_something_else_is_refused(empty: Store) -> None:
    with empty.writing() as session:
        session.execute(text("CREATE TABLE invoices (number INTEGER)"))
    with pytest.raises(SchemaOutdatedError, match="not atriumbot's"):
        ensure_current(empty)


def test_a_check_names_what_differs(empty: Store) -> None:
    ensure_current(empty)
    with empty.writing() as session:
        session.execute(text("DROP INDEX ix_atria_topic_starts_at"))
        session.execute(text("ALTER TABLE atria DROP COLUMN contact"))
    found = check_schema(empty)
    assert len(found) == 2
    assert any("ix_atria_topic_starts_at" in line for line in found)
    assert any("contact" in line for line in found)


def test_a_check_names_a_broken_reference(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("ROLLBACK") if driver.in_transaction else None
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("INSERT INTO region_municipalities (municipality, region_id) VALUES ('Gent', 99)")
        driver.execute("PRAGMA foreign_keys = ON")
    assert [line for line in check_schema(sqlite_store) if "region_municipalities" in line]


def test_every_constraint_has_a_name() -> None:
    metadata: MetaData = Base.metadata
    for table in metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name
