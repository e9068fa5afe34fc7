"""The app's own access to Graph, without a person signed in: by a client secret or a certificate."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from bot.graph.account import SCOPES, TIMEOUT_SECONDS, is_microsofts, reason_of
from bot.graph.auth import Audience, AuthRequired, SignInAway, checked
from bot.settings import EntraSettings
from bot.unreached import in_words

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.exceptions import ClientAuthenticationError


class Application:
    """Tokens for Graph of the app itself, by azure-identity; each call works in a thread of its own."""

    def __init__(self, entra: EntraSettings) -> None:
        self._entra = entra
        self._lock = threading.Lock()
        self._credential: TokenCredential | None = None
        self._refused: str | None = None

    async def token(self, audience: Audience) -> str:
        if audience is not Audience.GRAPH:
            raise AuthRequired(
                f"{audience.api} takes no app, only an account: sign in with: atriumbot login engage"
            )
        return await asyncio.to_thread(self.token_now)

    def refuse(self, audience: Audience, token: str) -> None:
        self._refused = token

    def token_now(self) -> str:
        """The same as `token`, for who has a thread already."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        with self._lock:
            try:
                token = self._get()
                if token == self._refused:
                    # Only a new credential has forgotten it.
                    self._credential = None
                    token = self._get()
            except AzureError as fault:
                # Whatever goes wrong on the way is an error of authentication to azure-identity as well.
                if isinstance(fault, ClientAuthenticationError) and _is_refusal(fault):
                    raise AuthRequired(reason_of({"error_description": fault.message})) from fault
                raise SignInAway(f"Entra cannot be reached: {in_words(fault)}") from fault
            return checked(Audience.GRAPH, token)

    def _get(self) -> str:
        if self._credential is None:
            self._credential = self._made()
        return self._credential.get_token(SCOPES[Audience.GRAPH]).token

    def _made(self) -> TokenCredential:
        from azure.identity import CertificateCredential, ClientSecretCredential

        entra = self._entra
        options = {
            "authority": entra.authority,
            "disable_instance_discovery": not is_microsofts(entra.authority),
            "connection_timeout": TIMEOUT_SECONDS,
            "read_timeout": TIMEOUT_SECONDS,
            "retry_total": 1,
        }
        if entra.certificate_file is None:
            secret = entra.client_secret.get_secret_value() if entra.client_secret else ""
            return ClientSecretCredential(str(entra.tenant_id), str(entra.client_id), secret, **options)
        try:
            return CertificateCredential(
                str(entra.tenant_id), str(entra.client_id), str(entra.certificate_file), **options
            )
        except (OSError, ValueError) as error:
            raise AuthRequired(
                f"[entra] certificate_file {entra.certificate_file} cannot be used: {error}"
            ) from error


def _is_refusal(fault: ClientAuthenticationError) -> bool:
    """Whether Entra itself said no."""
    return fault.response is not None or "AADSTS" in str(fault.message)
