"""What is asked of every request that says it is Slack's, before any work is done for it.

Signed by Slack, fresh, not seen before, of a size and a kind that Slack sends, and from our own workspace.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping

from slack_sdk.signature import Clock, SignatureVerifier

from bot.platforms.slack.payloads import (
    EventBody,
    Payload,
    Received,
    UnfitError,
    UnknownTypeError,
    parse,
    team_of,
)

#: Bytes of the largest request; Slack's own are far smaller.
MOST_BYTES = 1_000_000
#: Seconds for which a signature is good, at Slack as here.
FRESH_SECONDS = 300
#: Signatures remembered. Slack tells an app of at most 30 000 events an hour: 2 500 while one is good.
_REMEMBERED = 10_000
#: Signatures are forgotten by so many seconds of their stamps at a time.
_STRIDE = 30

WRONG_SIGNATURE = "wrong signature"

_SIGNED = re.compile(r"v0=[0-9a-f]{64}")
_STAMP = re.compile(r"\d{1,12}")


class RefusedError(Exception):
    """The request is not taken.

    Attributes:
        status: of the answer by HTTP.
        why: in a word, for the log.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class _Now(Clock):
    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class Gate:
    """Looks at requests one by one.

    Args:
        secret: the signing secret of the app.
        now: gives the present as aware UTC.
    """

    def __init__(self, secret: str, now: Callable[[], dt.datetime]) -> None:
        if not secret:
            raise ValueError("without a signing secret anybody could sign")
        self._clock = _Now(now)
        self._verifier = SignatureVerifier(secret, self._clock)
        #: Signatures by when they were made, each by 64 of its bits: who cannot sign cannot make two alike.
        self._seen: defaultdict[int, set[int]] = defaultdict(set)

    def admit(self, headers: Mapping[str, str], body: bytes) -> Received:
        """What a request holds that Slack surely sent. Raises `RefusedError`."""
        self._verify(headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", ""), body)
        try:
            return parse(body, headers.get("content-type", ""))
        except UnknownTypeError as error:
            raise RefusedError(415, str(error)) from error
        except UnfitError as error:
            raise RefusedError(400, str(error)) from error

    def _verify(self, stamp: str, signature: str, body: bytes) -> None:
        if not _STAMP.fullmatch(stamp) or not _SIGNED.fullmatch(signature):
            raise RefusedError(401, "not signed")
        if abs(self._clock.now() - int(stamp)) > FRESH_SECONDS:
            raise RefusedError(401, "stale")
        try:
            is_slacks = self._verifier.is_valid(body, stamp, signature)
        except UnicodeDecodeError:
            is_slacks = False
        if not is_slacks:
            raise RefusedError(401, WRONG_SIGNATURE)
        # Slack signs anew what it sends again.
        if not self._is_first(int(stamp), int(signature[3:19], 16)):
            raise RefusedError(401, "replayed")

    def _is_first(self, stamp: int, mark: int) -> bool:
        """Whether a signature is new; it is remembered for as long as it is good."""
        marks = self._seen[stamp // _STRIDE]
        if mark in marks:
            return False
        if not marks:
            oldest = (self._clock.now() - FRESH_SECONDS) // _STRIDE
            for stale in [each for each in self._seen if each < oldest]:
                del self._seen[stale]
        marks.add(mark)
        while sum(map(len, self._seen.values())) > _REMEMBERED:
            del self._seen[min(self._seen)]
        return True


def is_handshake(payload: Payload) -> bool:
    """Whether Slack only asks if the address is ours: it does so before the app is anywhere."""
    return isinstance(payload, EventBody) and payload.type == "url_verification"


def check_workspace(payload: Payload, team: str, app: str | None) -> None:
    """Refuse what another workspace, or another app, is told. Raises `RefusedError`."""
    if is_handshake(payload):
        return
    if team_of(payload) != team:
        raise RefusedError(403, "unknown team")
    if app is not None and payload.api_app_id not in (None, app):
        raise RefusedError(403, "another app")
