"""Names that tell moderators that two questions came from one person, but not from whom."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.settings import Settings


class Pseudonyms:
    """Turns an identity into the same short code every time, with a key that only the bot holds."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, platform: str, external_id: str) -> str:
        """A code of 16 hexadecimal digits for this identity."""
        identity = f"{platform}:{external_id}".encode()
        return hmac.new(self._key, identity, hashlib.sha256).hexdigest()[:16]


def security_key(settings: Settings) -> bytes:
    """The key of pseudonyms and secrets: of the settings, else of a file beside the database."""
    if settings.security.key is not None:
        return settings.security.key.get_secret_value().encode()
    url = settings.database.url
    beside = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path("var")
    return key_from_file(beside / "atriumbot.key")


def form_key(settings: Settings) -> bytes:
    """The key by which the forms of the public pages are known as ours, on every replica."""
    return hmac.new(security_key(settings), b"forms of the public pages", hashlib.sha256).digest()


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
