"""Tokens: who may call Viva Engage and Microsoft Graph, each with a token of its own.

A token of the one never goes to the other: whoever calls names the audience, and a token that says
itself that it is for somebody else is not handed out.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.pseudonyms import security_key
from bot.settings import Settings
from store.engine import Store
from store.vault import Vault

if TYPE_CHECKING:
    from bot.graph.account import Account

_NO_ENTRA = "there is no app registration: set [entra] tenant_id and client_id (docs/viva-engage.md)"


class Audience(StrEnum):
    """For whom a token is."""

    YAMMER = "yammer"
    GRAPH = "graph"

    @property
    def api(self) -> str:
        return "Viva Engage" if self is Audience.YAMMER else "Microsoft Graph"


#: How tokens name their audience, in their `aud`: by address or by the id of the application.
_AUDIENCES = {
    Audience.YAMMER: frozenset(
        {"https://www.yammer.com", "https://api.yammer.com", "00000005-0000-0ff1-ce00-000000000000"}
    ),
    Audience.GRAPH: frozenset({"https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"}),
}


class AuthRequired(Exception):  # noqa: N818 - an expected outcome, not a fault
    """Nobody is signed in any more: an operator must act. `reason` says what happened and what to do."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SignInAway(ConnectionError):  # noqa: N818 - it passes
    """The sign-in service cannot be reached or has trouble of its own; it passes without anybody."""


class TokenSource(Protocol):
    """Gives tokens to the clients of Viva Engage and Graph."""

    async def token(self, audience: Audience) -> str:
        """A token that is good now; renewed in time, and kept in memory as long as it lasts.

        Raises:
            AuthRequired: an operator must sign in, or mend the settings.
            SignInAway: try again later.
        """
        ...

    def refuse(self, audience: Audience, token: str) -> None:
        """Say that the server did not take this token, so that it is not given again."""
        ...


class Nobody:
    """There are no settings to sign in with."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def token(self, audience: Audience) -> str:
        raise AuthRequired(self._reason)

    def refuse(self, audience: Audience, token: str) -> None:
        """There was none."""


class ReadyToken:
    """A token that the operator got elsewhere: in the settings, or in a file that is read when it changes.

    Args:
        audience: the only one that it is good for.
    """

    def __init__(self, audience: Audience, *, token: str | None = None, file: Path | None = None) -> None:
        self._audience = audience
        self._token = token
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._refused: str | None = None

    async def token(self, audience: Audience) -> str:
        if audience is not self._audience:
            raise AuthRequired(f"the ready token is for {self._audience.api}, not for {audience.api}")
        token = self._read() if self._file is not None else self._token
        if not token:
            raise AuthRequired(f"there is no token in {self._file or '[engage] access_token'}")
        if token == self._refused:
            raise AuthRequired(
                f"{audience.api} refused the ready token: put a new one in "
                f"{self._file or '[engage] access_token'}"
            )
        return checked(audience, token)

    def refuse(self, audience: Audience, token: str) -> None:
        self._refused = token

    def _read(self) -> str | None:
        """The token in the file; read again only when the file changed."""
        if self._file is None:
            return None
        try:
            stat = self._file.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._token = self._file.read_text(encoding="utf-8").strip()
                self._seen = seen
        except OSError as error:
            raise AuthRequired(
                f"[engage] token_file {self._file} cannot be read: {error.strerror}"
            ) from error
        return self._token


class Tokens:
    """The token source of the program: for each audience the way that the settings give."""

    def __init__(self, sources: Mapping[Audience, TokenSource]) -> None:
        self._sources = sources

    async def token(self, audience: Audience) -> str:
        return await self._sources[audience].token(audience)

    def refuse(self, audience: Audience, token: str) -> None:
        self._sources[audience].refuse(audience, token)


def checked(audience: Audience, token: str) -> str:
    """The token, unless it says itself that it is for somebody else. Raises AuthRequired then."""
    meant = audience_of(token)
    if meant is not None and meant is not audience:
        raise AuthRequired(f"this token is for {meant.api}, and it is needed for {audience.api}")
    return token


def audience_of(token: str) -> Audience | None:
    """For whom a token says to be; None when it does not tell: tokens need not be readable."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    said = claims.get("aud") if isinstance(claims, dict) else None
    if not isinstance(said, str):
        return None
    return next((each for each, names in _AUDIENCES.items() if said.rstrip("/") in names), None)


def account_of(settings: Settings, store: Store) -> Account:
    """The account that operators sign in; nobody may be signed in yet."""
    from bot.graph.account import Account
    from bot.graph.cache import AccountCache

    return Account(settings.entra, AccountCache(store, Vault(security_key(settings))))


def tokens_of(settings: Settings, store: Store) -> Tokens:
    """The tokens to which the settings give a way; nobody is asked for one yet."""
    account: TokenSource = account_of(settings, store) if settings.entra.client_id else Nobody(_NO_ENTRA)
    yammer, graph = account, account
    if settings.engage.access_token is not None or settings.engage.token_file is not None:
        given = settings.engage.access_token
        yammer = ReadyToken(
            Audience.YAMMER,
            token=given.get_secret_value() if given is not None else None,
            file=settings.engage.token_file,
        )
    if settings.entra.client_secret is not None or settings.entra.certificate_file is not None:
        from bot.graph.application import Application

        graph = Application(settings.entra)
    return Tokens({Audience.YAMMER: yammer, Audience.GRAPH: graph})
