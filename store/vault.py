"""What the bot must remember and nobody may read: kept in the database, sealed with the security key.

Every replica that has the same key opens it; a copy of the database without the key tells nothing.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.tables import SecretRow
from store.upsert import insert_into

#: What the key of the vault is derived for: the same security key makes pseudonyms too.
_PURPOSE = b"atriumbot vault"
_NONCE_BYTES = 12


class VaultLockedError(RuntimeError):
    """A secret was sealed with another key, or somebody changed it."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret as it was kept; `version` rises with each change."""

    text: str
    version: int

    def __repr__(self) -> str:
        return f"Secret(version={self.version})"


class Vault:
    """Seals and opens secrets.

    Args:
        key: the operator's security key, or the content of its file; of any length.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key))

    def find(self, session: Session, name: str) -> Secret | None:
        """The secret kept under this name. Raises VaultLockedError when this key does not open it."""
        row = session.execute(
            select(SecretRow.sealed, SecretRow.version).where(SecretRow.name == name)
        ).one_or_none()
        return None if row is None else Secret(self._open(name, row.sealed), row.version)

    def keep(self, session: Session, name: str, text: str) -> int:
        """Keep a secret under this name, instead of what was there; gives its version."""
        sealed = self._seal(name, text)
        row = insert_into(session, SecretRow).values(name=name, sealed=sealed, version=1)
        kept = row.on_conflict_do_update(
            index_elements=["name"], set_={"sealed": sealed, "version": SecretRow.version + 1}
        )
        version: int = session.execute(kept.returning(SecretRow.version)).scalar_one()
        return version

    def replace(self, session: Session, name: str, text: str, version: int) -> int | None:
        """Keep a secret only where the one kept is still of this version; its new version, or None."""
        this = update(SecretRow).where(SecretRow.name == name, SecretRow.version == version)
        kept = this.values(sealed=self._seal(name, text), version=version + 1).returning(SecretRow.version)
        return session.execute(kept).scalar_one_or_none()

    def _seal(self, name: str, text: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        # The name is sealed in, so that one secret cannot be put in the place of another.
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), name.encode())
        return base64.b64encode(sealed).decode()

    def _open(self, name: str, text: str) -> str:
        sealed = base64.b64decode(text)
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except InvalidTag:
            raise VaultLockedError(
                f"the secret {name!r} in the database was sealed with another [security] key"
            ) from None
        return opened.decode()


def version_of(session: Session, name: str) -> int:
    """The version of a secret, 0 when there is none; needs no key."""
    found = session.scalar(select(SecretRow.version).where(SecretRow.name == name))
    return found or 0


def drop(session: Session, name: str) -> None:
    """Forget a secret."""
    session.execute(delete(SecretRow).where(SecretRow.name == name))
