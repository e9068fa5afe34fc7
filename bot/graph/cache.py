"""MSAL's memory of who is signed in, kept in the vault so that every replica and command shares it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.graph.auth import AuthRequired
from store.engine import Store
from store.vault import Vault, VaultLockedError, drop, version_of

if TYPE_CHECKING:
    from msal import SerializableTokenCache  # type: ignore[import-untyped]  # MSAL tells no types

#: The name of the bot's account in the vault.
ACCOUNT = "engage:account"


class AccountCache:
    """The token cache of one account. Not for two threads at once."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._version: int | None = None

    def load(self, cache: SerializableTokenCache) -> bool:
        """Bring the cache up to date; whether somebody is in it that was not there before.

        Raises AuthRequired when what was kept cannot be opened here.
        """
        with self._store.reading() as session:
            if version_of(session, ACCOUNT) == self._version:
                return False
            try:
                secret = self._vault.find(session, ACCOUNT)
            except VaultLockedError:
                raise AuthRequired(
                    "the sign-in in the database was sealed with another [security] key: give every "
                    "replica the same key, or sign in again with: atriumbot login engage"
                ) from None
        cache.deserialize(secret.text if secret is not None else None)
        self._version = secret.version if secret is not None else 0
        return True

    def save(self, cache: SerializableTokenCache) -> None:
        """Keep what changed, unless another replica or a new sign-in was first: that one is as good."""
        if not cache.has_state_changed or not self._version:
            return
        text = cache.serialize()
        with self._store.writing() as session:
            self._version = self._vault.replace(session, ACCOUNT, text, self._version)

    def start(self, cache: SerializableTokenCache) -> None:
        """Keep a new sign-in in the place of the former."""
        text = cache.serialize()
        with self._store.writing() as session:
            self._version = self._vault.keep(session, ACCOUNT, text)

    def forget(self) -> None:
        """Nobody is signed in any more."""
        with self._store.writing() as session:
            drop(session, ACCOUNT)
