"""Secrets are sealed in the database, and open only with the key and under the name that sealed them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from store.engine import Store
from store.tables import SecretRow
from store.vault import Vault, VaultLockedError, drop, version_of

VAULT = Vault(b"a key of any length")


def test_a_secret_comes_back_and_each_change_has_a_version(store: Store) -> None:
    with store.writing() as session:
        assert VAULT.find(session, "a") is None
        assert version_of(session, "a") == 0
        assert VAULT.keep(session, "a", "één") == 1
        assert VAULT.keep(session, "a", "twee") == 2
    with store.reading() as session:
        found = VAULT.find(session, "a")
        assert found is not None
        assert (found.text, found.version) == ("twee", 2)
        assert "twee" not in repr(found)
        assert version_of(session, "a") == 2


def test_nothing_is_in_clear_and_the_same_secret_looks_different_each_time(store: Store) -> None:
    with store.writing() as session:
        VAULT.keep(session, "a", "geheim")
        VAULT.keep(session, "b", "geheim")
        first, second = session.scalars(select(SecretRow.sealed).order_by(SecretRow.name))
    assert "geheim" not in first
    assert first != second


def test_another_key_does_not_open_it(store: Store) -> None:
    with store.writing() as session:
        VAULT.keep(session, "a", "geheim")
        with pytest.raises(VaultLockedError, match="another"):
            Vault(b"another").find(session, "a")


def test_a_secret_cannot_be_put_in_the_place_of_another(store: Store) -> None:
    with store.writing() as session:
        VAULT.keep(session, "a", "geheim")
        VAULT.keep(session, "b", "ander")
        sealed = session.scalars(select(SecretRow.sealed).where(SecretRow.name == "a")).one()
        session.execute(update(SecretRow).where(SecretRow.name == "b").values(sealed=sealed))
        with pytest.raises(VaultLockedError):
            VAULT.find(session, "b")


def test_a_secret_is_replaced_only_where_nobody_else_did(store: Store) -> None:
    with store.writing() as session:
        first = VAULT.keep(session, "a", "één")
        assert VAULT.replace(session, "a", "twee", first) == 2
        assert VAULT.replace(session, "a", "drie", first) is None
        found = VAULT.find(session, "a")
        assert found is not None
        assert found.text == "twee"
        drop(session, "a")
        assert VAULT.replace(session, "a", "vier", 2) is None
        assert VAULT.find(session, "a") is None
