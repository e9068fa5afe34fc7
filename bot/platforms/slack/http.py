"""Slack calls us: every request is looked at, and what is not surely Slack's is refused and logged once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response

from bot import logs
from bot.doors import Door
from bot.platforms.port import Condition
from bot.platforms.slack.app import bolt_request
from bot.platforms.slack.gate import (
    MOST_BYTES,
    WRONG_SIGNATURE,
    Gate,
    RefusedError,
    check_workspace,
    is_handshake,
)
from bot.platforms.slack.hearing import Workplace
from bot.platforms.slack.payloads import Received
from bot.platforms.slack.signatures import MEND, Signatures

log = logs.get(__name__)

PATH = "/slack/events"


class HttpTransport:
    """Takes requests at `PATH`.

    Args:
        app: what answers them.
        gate: what looks at them first.
        here: where the bot is; None as long as that is not known.
        signatures: remembers which were right and wrong.
        keep: writes the note of these, after the answer.
    """

    def __init__(
        self,
        app: AsyncApp,
        gate: Gate,
        here: Callable[[], Workplace | None],
        signatures: Signatures,
        keep: Callable[[str], None],
    ) -> None:
        self._app = app
        self._gate = gate
        self._here = here
        self._signatures = signatures
        self._keep = keep

    async def open(self) -> None:
        """Nothing to do: Slack begins."""

    async def close(self) -> None:
        """Nothing to do."""

    def condition(self) -> Condition:
        return Condition()

    def warning(self) -> str:
        told = self._signatures.seen().told
        return f"{told}: {MEND}" if told else ""

    def doors(self) -> Mapping[str, Door]:
        return {PATH: self._take}

    async def _take(self, request: Request) -> Response:
        try:
            body = await _read(request)
            received = self._admitted(request.headers, body)
            here = self._here()
            if here is None and not is_handshake(received.payload):
                # Slack sends events again; a person who pressed something sees that it failed.
                raise RefusedError(503, "not ready")
            if here is not None:
                check_workspace(received.payload, here.team, here.app)
            asked = bolt_request(received)
        except RefusedError as refused:
            log.warning("slack_request_refused", status=refused.status, why=refused.why)
            return Response(status_code=refused.status)
        return to_starlette_response(await self._app.async_dispatch(asked))

    def _admitted(self, headers: Mapping[str, str], body: bytes) -> Received:
        try:
            received = self._gate.admit(headers, body)
            self._signatures.right()
            return received
        except RefusedError as refused:
            if refused.why == WRONG_SIGNATURE:
                self._signatures.wrong()
            raise
        finally:
            note = self._signatures.note_due()
            if note is not None:
                self._keep(note)


async def _read(request: Request) -> bytes:
    """The body, unless it is larger than anything that Slack sends: then no more of it is read."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > MOST_BYTES:
        raise RefusedError(413, "too large")
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > MOST_BYTES:
            raise RefusedError(413, "too large")
        parts.append(part)
    return b"".join(parts)
