"""The REST API of Viva Engage over one HTTP client: what went wrong is told apart by what may be done next.

Nothing is retried here but a call whose token had run out, which surely did nothing. No error holds
a token or what the server answered.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot.graph.auth import Audience, AuthRequired, SignInAway, TokenSource
from bot.unreached import in_words
from scheduler.port import always

#: How long one call may take in all, and to connect, in seconds: less than a claim of the outbox lasts.
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 10.0

#: How long to wait after 429 where the server does not say: its window, and some chance on top.
WINDOW = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(minutes=15)


class CallFailed(Exception):  # noqa: N818 - an outcome, told apart by its kind
    """A call that did not do what was asked. `reason` is for an operator."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Away(CallFailed):
    """The call surely did nothing: there was no connection, or no sign-in service."""


class SignInNeeded(CallFailed):
    """The call surely did nothing: nobody is signed in any more."""


class Gone(CallFailed):
    """The API itself is not there any more."""


class Throttled(CallFailed):
    """The call surely did nothing: there were too many."""

    def __init__(self, reason: str, retry_after: dt.timedelta) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Denied(CallFailed):
    """The bot may not do this. `status` is 403, 404, or another that says that it never will."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Unanswered(CallFailed):
    """The request left, and nobody can say what became of it."""


class Held(CallFailed):
    """The call was held back at the last moment, and never left."""


class EngageClient:
    """Calls the API as the bot's own account.

    Args:
        api_url: the base, such as https://www.yammer.com/api/v1.
        tokens: gives the token of the account.
        transport: of the HTTP client; None is the network.
    """

    def __init__(
        self, api_url: str, tokens: TokenSource, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = api_url.rstrip("/")
        self._tokens = tokens
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._chance = random.Random()  # noqa: S311  # spreads load, guards nothing

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Any:
        """What lies at a path of the API ("/messages/received.json"), as JSON. Raises CallFailed."""
        response = await self._call("GET", path, query=query)
        return _json(response)

    async def post(self, path: str, fields: Mapping[str, str], may_leave: Callable[[], bool] = always) -> Any:
        """Send fields as a form, and give the answer. Raises CallFailed.

        Args:
            may_leave: asked when all is ready, before the first byte leaves.
        """
        response = await self._call("POST", path, fields=fields, may_leave=may_leave)
        return _json(response)

    async def probe(self) -> None:
        """Call something small that counts in no bucket of messages: is the account signed in, the API there?

        Raises CallFailed.
        """
        await self._call("GET", "/users/current.json")

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        fields: Mapping[str, str] | None = None,
        may_leave: Callable[[], bool] = always,
    ) -> httpx.Response:
        token = await self._token()
        response = await self._request(method, path, token, query, fields, may_leave)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            # It ran out on the way, or was revoked: surely nothing was done, so once more with a new one.
            self._tokens.refuse(Audience.YAMMER, token)
            renewed = await self._token()
            if renewed != token:
                response = await self._request(method, path, renewed, query, fields, may_leave)
        if not response.is_success:
            raise self._failed(method, path, response)
        return response

    async def _token(self) -> str:
        try:
            return await self._tokens.token(Audience.YAMMER)
        except AuthRequired as required:
            raise SignInNeeded(required.reason) from None
        except SignInAway as away:
            raise Away(str(away)) from None

    async def _request(
        self,
        method: str,
        path: str,
        token: str,
        query: Mapping[str, str | int] | None,
        fields: Mapping[str, str] | None,
        may_leave: Callable[[], bool],
    ) -> httpx.Response:
        if self._http is None:
            self._http = httpx.AsyncClient(
                transport=self._transport,
                timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
                headers={"Accept": "application/json", "User-Agent": "atriumbot"},
            )
        if not may_leave():
            raise Held("held back: the claim on this post is over")
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._http.request(
                    method,
                    self._base + path,
                    params=query,
                    data=fields,
                    headers={"Authorization": f"Bearer {token}"},
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
            raise Away(f"Viva Engage cannot be reached: {in_words(fault)}") from None
        except (httpx.HTTPError, TimeoutError) as fault:
            raise Unanswered(f"Viva Engage did not answer: {in_words(fault)}") from None

    def _failed(self, method: str, path: str, response: httpx.Response) -> CallFailed:
        status = response.status_code
        said = f"{method} {path} gave {status}"
        if status == httpx.codes.UNAUTHORIZED:
            return SignInNeeded("Viva Engage refuses the token: sign in again with: atriumbot login engage")
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return Throttled(said, self._wait(response.headers.get("retry-after")))
        if status == httpx.codes.GONE or (status == httpx.codes.NOT_FOUND and not _is_of_api(response)):
            return Gone(
                f"{said}, and not in the words of the API: check [engage] api_url; the API may have ended"
            )
        if response.is_client_error and status != httpx.codes.REQUEST_TIMEOUT:
            return Denied(said, status)
        return Unanswered(said)

    def _wait(self, retry_after: str | None) -> dt.timedelta:
        """What the server asks, in seconds; without that the window, with some chance."""
        told = _seconds(retry_after)
        if told is not None:
            return min(dt.timedelta(seconds=told), LONGEST_WAIT)
        return WINDOW * (1 + self._chance.random() / 2)


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    return None


def _is_of_api(response: httpx.Response) -> bool:
    """Whether an error comes from the API: it answers in JSON, what merely stands there does not."""
    try:
        return isinstance(json.loads(response.content), dict)
    except ValueError:
        return False


def _json(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        # Not `from`: the error holds the whole answer.
        raise Unanswered("Viva Engage answered something that is no JSON") from None
