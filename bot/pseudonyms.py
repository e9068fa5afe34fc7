"""Names that tell moderators that two questions came from one person, but not from whom."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path


class Pseudonyms:
    """Turns an identity into the same short code every time, with a key that only the bot holds."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, platform: str, external_id: str) -> str:
        """A code of 16 hexadecimal digits for this identity."""
        identity = f"{platform}:{external_id}".encode()
        return hmac.new(self._key, identity, hashlib.sha256).hexdigest()[:16]


def key_from_file(path: Path) -> bytes:
    """The key kept in `path`, made at first use, readable by its owner alone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another command made it in the meantime
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key
