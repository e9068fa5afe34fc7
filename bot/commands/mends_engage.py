"""What mends each thing that `doctor --engage` finds amiss: one mend for one cause."""

from __future__ import annotations

import re

from bot.graph.auth import Audience
from bot.graph.client import GraphAway, GraphFailed, GraphSignIn
from bot.platforms.engage.client import Away, CallFailed, Denied, Gone, SignInNeeded, Throttled
from bot.settings import EntraSettings, Settings

_LOGIN = "atriumbot login engage"
_SETTING = "mend the setting that it names (docs/viva-engage.md)"
_REACH = "check the connection, the proxy and [engage] api_url"

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)


class CallMends:
    """The mends of calls to Viva Engage, as the settings let the bot in."""

    def __init__(self, settings: Settings) -> None:
        engage = settings.engage
        #: The setting that holds a ready token; None where an account signs in.
        self.ready_token = (
            "[engage] token_file"
            if engage.token_file is not None
            else "[engage] access_token"
            if engage.access_token is not None
            else None
        )
        entra = settings.entra
        self._app_signs_in = entra.client_secret is not None or entra.certificate_file is not None

    def sign_in(self, audience: Audience, reason: str) -> str:
        """Where a setting is what is amiss, to sign in mends nothing."""
        if "[e" in reason:
            return _SETTING
        if audience is Audience.YAMMER and self.ready_token is not None:
            return f"put a good token in {self.ready_token}, or leave it out and sign in: {_LOGIN}"
        if audience is Audience.GRAPH and self._app_signs_in:
            return "mend the app registration, and [entra] client_secret or certificate_file"
        return _LOGIN

    def of(self, failed: CallFailed, *, denied: str) -> str:
        """The mend of a call that failed.

        Args:
            denied: that of a plain refusal, which depends on what was asked.
        """
        match failed:
            case SignInNeeded():
                return self.sign_in(Audience.YAMMER, failed.reason)
            case Gone():
                return "set [engage] api_url to the address of the API: https://www.yammer.com/api/v1"
            case Throttled():
                return f"wait {failed.retry_after.total_seconds():.0f} s, and look again"
            case Denied():
                return denied
            case Away():
                return _REACH
            case _:
                return f"{_REACH}, and Microsoft's service health; then look again"

    def of_graph(self, failed: GraphFailed, *, denied: str) -> str:
        """The same of a call to Graph."""
        match failed:
            case GraphSignIn():
                return self.sign_in(Audience.GRAPH, failed.reason)
            case GraphAway():
                return "check the connection, the proxy and [graph] api_url; then look again"
            case _:
                return denied


def registration_faults(entra: EntraSettings) -> list[tuple[str, str]]:
    """What is seen to be amiss with the app registration without asking anybody, each with its mend."""
    found = []
    overview = "copy it from the app's Overview in Entra (docs/viva-engage.md)"
    tenant, client, file = entra.tenant_id, entra.client_id, entra.certificate_file
    if tenant is not None and not _GUID.fullmatch(tenant) and not _DOMAIN.fullmatch(tenant):
        found.append((f"[entra] tenant_id {tenant!r} is neither a GUID nor a domain", overview))
    if client is not None and not _GUID.fullmatch(client):
        found.append((f"[entra] client_id {client!r} is no GUID", overview))
    if file is not None and not file.is_file():
        mend = "put the certificate there, with its key, or give the right path"
        found.append((f"[entra] certificate_file {file}: there is no such file", mend))
    return found
