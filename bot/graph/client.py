"""Microsoft Graph by its own SDK: loaded when first needed, aside, and asked for plain JSON.

The SDK's request builders, its HTTP pipeline and its error shapes are used; its models only for what
is sent. Its parsing of answers costs some 4 ms an entity on the event loop, and more than a second
the first time (see docs/adr/0015-graph-as-json.md).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from bot import logs
from bot.graph.auth import Audience, AuthRequired, SignInAway, TokenSource
from bot.unreached import in_words

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient

log = logs.get(__name__)

#: How long one call may take in all, and to connect, in seconds.
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 10.0

#: How long to leave Graph alone after 429 or 503 where it does not say, in seconds.
PAUSE_SECONDS = 30.0

#: The longest that is believed when Graph says how long to leave it alone, in seconds.
LONGEST_PAUSE = 3600.0

#: How long a list may wait between two pages when Graph asks for it, in seconds: its window for communities
#: is 30.
LONGEST_WAIT = 60.0

#: No list is longer than this many pages: then something goes round in circles.
MOST_PAGES = 500


class GraphFailed(Exception):  # noqa: N818 - an outcome, told apart by its kind
    """Graph did not do what was asked. `reason` is for an operator and holds no token."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class GraphAway(GraphFailed):
    """It passes by itself. `retry_after` says for how many seconds Graph wants to be left alone."""

    def __init__(self, reason: str, retry_after: float = PAUSE_SECONDS) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class GraphSignIn(GraphFailed):
    """There is no token for Graph, or it takes none of ours: an operator must act."""


class GraphDenied(GraphFailed):
    """The app or the account may not do this."""


class GraphMissing(GraphFailed):
    """What was asked for is not there (any more). `status` is 404, or 410 for a state that it forgot."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Graph:
    """Asks Graph, in one event loop.

    Args:
        api_url: the base, such as https://graph.microsoft.com/v1.0.
        tokens: gives the token for Graph.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        api_url: str,
        tokens: TokenSource,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._tokens = tokens
        self._sleep = sleep
        self._sdk: GraphServiceClient | None = None
        self._http: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def warm_up(self) -> None:
        """Load the SDK, in a thread of its own."""
        await self._client()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
        self._http = self._sdk = None

    async def ask(self, build: Callable[[GraphServiceClient], RequestInformation]) -> dict[str, Any]:
        """The JSON that Graph answers to a request; empty where it answers nothing.

        Args:
            build: makes the request with the SDK's builders (`..._request_information`).

        Raises:
            GraphFailed: of the kind that says what may be done next.
        """
        client = await self._client()
        token = await self._token()
        try:
            return await self._send(client, build(client), token)
        except _TokenRefused:
            # It was revoked, or ran out on the way: surely nothing was done, so once more with a new one.
            self._tokens.refuse(Audience.GRAPH, token)
        renewed = await self._token()
        try:
            return await self._send(client, build(client), renewed)
        except _TokenRefused as refused:
            raise GraphSignIn(
                f"Graph refuses the token ({refused}): check [entra], or: atriumbot login engage"
            ) from None

    async def pages(
        self,
        first: Callable[[GraphServiceClient], RequestInformation],
        following: Callable[[GraphServiceClient, str], RequestInformation],
    ) -> AsyncIterator[dict[str, Any]]:
        """Each page of a list, as it comes. `following` makes the request for an `@odata.nextLink`."""
        page = await self.ask(first)
        for _ in range(MOST_PAGES):
            yield page
            link = page.get("@odata.nextLink")
            if link is None:
                return
            page = await self._next(following, link)
        raise GraphAway("Graph gives page after page without end")

    async def _next(
        self, following: Callable[[GraphServiceClient, str], RequestInformation], link: str
    ) -> dict[str, Any]:
        """The page at a link; once Graph asks to wait for it, it is waited for: the list is half read."""
        try:
            return await self.ask(lambda client: following(client, link))
        except GraphAway as away:
            if away.retry_after > LONGEST_WAIT:
                raise
            await self._sleep(away.retry_after)
        return await self.ask(lambda client: following(client, link))

    async def _client(self) -> GraphServiceClient:
        async with self._making:
            if self._sdk is None:
                self._sdk = await asyncio.to_thread(self._made)
            return self._sdk

    def _made(self) -> GraphServiceClient:
        from kiota_abstractions.authentication.anonymous_authentication_provider import (
            AnonymousAuthenticationProvider,
        )
        from kiota_http.middleware.options import RetryHandlerOption
        from msgraph.graph_request_adapter import GraphRequestAdapter, options
        from msgraph.graph_service_client import GraphServiceClient
        from msgraph_core import GraphClientFactory  # type: ignore[import-untyped]  # it tells no types

        self._http = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(
                timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS), http2=True
            ),
            # Who asks decides when to ask again: a POST that is repeated may be done twice.
            options={**options, RetryHandlerOption.get_key(): RetryHandlerOption(should_retry=False)},
        )
        # The token is put on by `_send`, which knows what to do when it is refused.
        adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), self._http)
        adapter.base_url = self._api_url
        return GraphServiceClient(request_adapter=adapter)

    async def _token(self) -> str:
        try:
            return await self._tokens.token(Audience.GRAPH)
        except AuthRequired as required:
            raise GraphSignIn(required.reason) from None
        except SignInAway as away:
            raise GraphAway(str(away)) from None

    async def _send(
        self, client: GraphServiceClient, request: RequestInformation, token: str
    ) -> dict[str, Any]:
        from kiota_abstractions.api_error import APIError
        from msgraph.generated.models.o_data_errors.o_data_error import ODataError

        request.path_parameters["baseurl"] = self._api_url
        self._hold_to_graph(request.url)
        request.headers.try_add("Authorization", f"Bearer {token}")
        adapter: Any = client.request_adapter  # what it gives depends on the name of a type
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await adapter.send_primitive_async(request, "bytes", {"XXX": ODataError})
        except APIError as error:
            raise _failure(error) from None
        except (httpx.HTTPError, TimeoutError) as fault:
            raise GraphAway(f"Graph cannot be reached: {in_words(fault)}") from None
        return _read(answer)

    def _hold_to_graph(self, url: str) -> None:
        """The token goes to Graph alone, over https: an answer may name any address as the next page."""
        wanted, given = urlsplit(self._api_url), urlsplit(url)
        is_safe = given.scheme == "https" or given.hostname in ("localhost", "127.0.0.1", "::1")
        if (given.scheme, given.netloc) != (wanted.scheme, wanted.netloc) or not is_safe:
            raise GraphDenied(f"a token for {wanted.netloc} is not sent to {given.scheme}://{given.netloc}")


class _TokenRefused(Exception):  # noqa: N818 - tried again with another
    """401: this token is not taken."""


def _failure(error: Any) -> Exception:
    """What an error of the SDK means."""
    status = error.response_status_code or 0
    code = getattr(getattr(error, "error", None), "code", None) or "no code"
    if status == httpx.codes.UNAUTHORIZED:
        return _TokenRefused(code)
    if status == httpx.codes.FORBIDDEN:
        return GraphDenied(f"Graph gave 403 ({code}): grant the app the permission, with admin consent")
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        return GraphMissing(f"Graph gave {status} ({code})", status)
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
        return GraphAway(f"Graph gave {status} ({code})", _seconds(error.response_headers))
    return GraphFailed(f"Graph gave {status} ({code})")


def _seconds(headers: Mapping[str, str] | None) -> float:
    told = (headers or {}).get("retry-after", "")
    return min(float(told), LONGEST_PAUSE) if told.strip().isdecimal() else PAUSE_SECONDS


def _read(answer: bytes | None) -> dict[str, Any]:
    if not answer:
        return {}
    try:
        read = json.loads(answer)
    except ValueError:
        # Not `from`: the error holds the whole answer.
        raise GraphAway("Graph answered something that is no JSON") from None
    return read if isinstance(read, dict) else {}
