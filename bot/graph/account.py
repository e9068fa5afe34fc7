"""The bot's own account: signed in once by an operator, and from then on renewed without anybody."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot import logs
from bot.graph.auth import Audience, AuthRequired, SignInAway, checked
from bot.graph.cache import AccountCache
from bot.settings import EntraSettings
from bot.unreached import in_words

if TYPE_CHECKING:
    from msal import PublicClientApplication  # type: ignore[import-untyped]  # MSAL tells no types

log = logs.get(__name__)

#: What is asked for: all that the app registration was given. MSAL adds `offline_access` by itself.
SCOPES = {
    Audience.YAMMER: "https://www.yammer.com/.default",
    Audience.GRAPH: "https://graph.microsoft.com/.default",
}

#: How long Entra may take to answer, in seconds.
TIMEOUT_SECONDS = 15

#: Sign-in services that are Microsoft's own, where its list of them may be asked.
_MICROSOFT = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.windows.net",
)

#: What to do about the errors of Entra that operators meet most.
_MENDS = {
    "50034": "the account is unknown in this tenant: check [entra] tenant_id and the account",
    "50057": "the account of the bot is disabled: let an administrator enable it",
    "50076": "the account must prove itself by a second factor: sign in again",
    "50105": "the account was not assigned to the app: assign it under Enterprise applications",
    "50173": "the password was changed or access was revoked: sign in again",
    "53003": "a Conditional Access policy blocks this way: try --browser, or ask for an exception",
    "65001": "the app's permissions were not consented to: let an administrator grant consent",
    "65004": "consent was declined: let an administrator grant consent, and sign in again",
    "70008": "the sign-in is too old: sign in again",
    "700016": "the app registration is not in this tenant: check [entra] client_id and tenant_id",
    "700082": "the sign-in was not used for too long: sign in again",
    "7000215": "the client secret is wrong: [entra] client_secret is its value, not its id",
    "7000218": "switch on 'Allow public client flows' under Authentication of the app registration",
    "7000222": "the client secret has expired: make a new one, and put it in [entra] client_secret",
}

_SIGN_IN = "sign in with: atriumbot login engage"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who signed in, and for which audiences no token could be had and why."""

    username: str
    lacking: Mapping[Audience, str]


class Account:
    """Tokens of the signed-in account, by MSAL; each call works in a thread of its own.

    A new sign-in by `atriumbot login engage` is seen at the next call, without a restart.
    """

    def __init__(self, entra: EntraSettings, kept: AccountCache) -> None:
        self._entra = entra
        self._kept = kept
        self._lock = threading.Lock()
        self._app: PublicClientApplication | None = None
        self._refused: dict[Audience, str] = {}

    async def token(self, audience: Audience) -> str:
        return await asyncio.to_thread(self.token_now, audience)

    def refuse(self, audience: Audience, token: str) -> None:
        self._refused[audience] = token

    def token_now(self, audience: Audience) -> str:
        """The same as `token`, for who has a thread already."""
        with self._lock, _passing():
            app = self._application()
            self._kept.load(app.token_cache)
            accounts = app.get_accounts()
            if not accounts:
                raise AuthRequired(f"nobody is signed in: {_SIGN_IN}")
            try:
                return self._silently(app, accounts[0], audience)
            finally:
                self._kept.save(app.token_cache)

    def sign_in_by_device(self, show: Callable[[str, str], None]) -> SignedIn:
        """Sign in with a code that is typed in on any machine: `show` gets the address and the code.

        Raises AuthRequired when it was refused or took too long.
        """

        def ask(app: PublicClientApplication) -> Mapping[str, Any]:
            flow = app.initiate_device_flow([SCOPES[Audience.YAMMER]])
            if "user_code" not in flow:
                raise AuthRequired(reason_of(flow))
            show(flow["verification_uri"], flow["user_code"])
            result: Mapping[str, Any] = app.acquire_token_by_device_flow(flow)
            return result

        return self._sign_in(ask)

    def sign_in_by_browser(self, show: Callable[[str], None], seconds: int = 300) -> SignedIn:
        """Sign in in a browser on this machine (authorization code with PKCE, back to a loopback address).

        Args:
            show: gets the address to open, where no browser opens by itself.
            seconds: how long to wait for the person.
        """

        def ask(app: PublicClientApplication) -> Mapping[str, Any]:
            result: Mapping[str, Any] = app.acquire_token_interactive(
                [SCOPES[Audience.YAMMER]], prompt="select_account", timeout=seconds, auth_uri_callback=show
            )
            return result

        return self._sign_in(ask)

    def _sign_in(self, ask: Callable[[PublicClientApplication], Mapping[str, Any]]) -> SignedIn:
        with self._lock, _passing():
            self._app = None  # the new account alone, whoever was there before
            app = self._application()
            result = ask(app)
            if "access_token" not in result:
                raise AuthRequired(reason_of(result))
            checked(Audience.YAMMER, result["access_token"])
            account = app.get_accounts()[0]
            lacking = {}
            for audience in Audience:
                try:
                    self._silently(app, account, audience)
                except AuthRequired as refused:
                    lacking[audience] = refused.reason
            self._kept.start(app.token_cache)
            self._refused.clear()
            return SignedIn(username=str(account["username"]), lacking=lacking)

    def _silently(self, app: PublicClientApplication, account: Mapping[str, Any], audience: Audience) -> str:
        """A token from memory, or renewed. One that the server refused is not given again."""
        scopes = [SCOPES[audience]]
        result = app.acquire_token_silent_with_error(scopes, account)
        refused = self._refused.get(audience)
        if refused is not None and (result or {}).get("access_token") == refused:
            result = app.acquire_token_silent_with_error(scopes, account, force_refresh=True)
        if not result:
            raise AuthRequired(f"nobody is signed in for {audience.api}: {_SIGN_IN}")
        if "access_token" not in result:
            if result.get("error") in ("temporarily_unavailable", "server_error"):
                raise SignInAway(f"Entra has trouble: {result.get('error')}")
            raise AuthRequired(reason_of(result))
        return checked(audience, result["access_token"])

    def _application(self) -> PublicClientApplication:
        if self._app is None:
            import msal

            try:
                self._app = msal.PublicClientApplication(
                    self._entra.client_id,
                    authority=f"{self._entra.authority.rstrip('/')}/{self._entra.tenant_id}",
                    token_cache=msal.SerializableTokenCache(),
                    instance_discovery=None if is_microsofts(self._entra.authority) else False,
                    timeout=TIMEOUT_SECONDS,
                )
            except ValueError as error:  # how MSAL says that there is no such tenant, or no such service
                raise AuthRequired(
                    f"[entra] authority or tenant_id is not right: {str(error).splitlines()[0][:200]}"
                ) from error
        return self._app


@contextlib.contextmanager
def _passing() -> Iterator[None]:
    """What goes wrong on the way to Entra, or within it, passes by itself."""
    from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]  # likewise

    try:
        yield
    except SignInAway:
        raise
    except (OSError, MsalServiceError) as fault:  # the errors of requests are OSErrors
        raise SignInAway(f"Entra cannot be reached: {in_words(fault)}") from fault


def is_microsofts(authority: str) -> bool:
    """Whether the sign-in service is one of Microsoft's, so that its list of them may be asked."""
    return (urlsplit(authority).hostname or "") in _MICROSOFT


def reason_of(result: Mapping[str, Any]) -> str:
    """Why Entra gave no token, and what to do, in one line without tokens."""
    told = str(result.get("error_description") or result.get("error") or "no reason given")
    line = told.splitlines()[0][:200]
    found = re.search(r"AADSTS(\d+)", told)
    mend = _MENDS.get(found[1] if found else "", _SIGN_IN)
    return f"Entra refused ({line}): {mend}"
