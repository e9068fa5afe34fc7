"""What Slack's answers, and the lack of one, mean for a post.

What ails the whole account (a revoked token, an app that was removed) makes posts wait: they are not lost,
and the program says that it needs somebody. What ails one place (an archived channel) fails the post,
with what a person must do. The errors are those of Slack's method pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ConnectionTimeoutError,
    InvalidURL,
)
from slack_sdk.errors import SlackApiError

from bot.platforms.port import AUTH_REQUIRED, TRANSPORT_GONE, Condition
from handlers.wording.reasons import because
from scheduler.port import NotAccepted, Outcome, RateLimited, Refused, Unknown

#: Everything that a call through the SDK may raise. An answer that is plain text, or JSON and no object,
#: makes it stumble with an AttributeError.
FAULTS = (SlackApiError, ClientError, TimeoutError, OSError, AttributeError, ValueError)

#: The scope without which nothing can be posted at all.
_EVERY_POST = "chat:write"

#: How long to wait where Slack does not say, and the longest that is believed.
_WAIT = dt.timedelta(seconds=30)
_LONGEST_WAIT = dt.timedelta(hours=1)

#: The token or the app itself is no longer good.
_ACCOUNT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)

#: The request never came to anything; later it may.
_PASSING = frozenset({"request_timeout", "team_added_to_org"})

#: Slack itself says that part of it may have been done.
_DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable"})

#: What a person must do, by error.
_REASONS: Mapping[str, str] = {
    "is_archived": "reden.slack gearchiveerd",
    "not_in_channel": "reden.slack geen lid",
    "channel_not_found": "reden.slack geen kanaal",
    "user_not_in_channel": "reden.slack lid niet in kanaal",
    "user_not_found": "reden.slack lid weg",
    "user_disabled": "reden.slack lid afgesloten",
    "cannot_dm_bot": "reden.slack bot",
    "restricted_action": "reden.slack recht",
    "restricted_action_read_only_channel": "reden.slack alleen lezen",
    "restricted_action_thread_only_channel": "reden.slack alleen draad",
    "restricted_action_thread_locked": "reden.slack gesprek gesloten",
    "restricted_action_non_threadable_channel": "reden.slack geen draad",
    "thread_not_found": "reden.slack gesprek weg",
    "message_not_found": "reden.slack bericht weg",
    "cant_update_message": "reden.slack niet van de bot",
    "edit_window_closed": "reden.slack te oud",
    "msg_too_long": "reden.slack te lang",
    "msg_blocks_too_long": "reden.slack te lang",
    "invalid_blocks": "reden.slack vorm",
    "invalid_blocks_format": "reden.slack vorm",
    "message_limit_exceeded": "reden.slack maximum",
    "expired_url": "reden.slack adres verlopen",
    "used_url": "reden.slack adres opgebruikt",
    "ekm_access_denied": "reden.slack versleuteling",
}

NO_CONNECTION = "reden.slack onbereikbaar"
NO_ANSWER = "reden.slack onleesbaar"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a failed call means: for the post, and for the account where that is ill.

    Attributes:
        error: Slack's own word, where there is one.
        condition: what ails the account; None when this says nothing of it.
        is_about_one_method: only what was called is not allowed.
    """

    outcome: Outcome
    error: str | None = None
    condition: Condition | None = None
    is_about_one_method: bool = False


def verdict_of(fault: BaseException) -> Verdict:
    """What one of `FAULTS` means."""
    if isinstance(fault, SlackApiError):
        answer = fault.response
        # An answer whose JSON is cut comes as the HTTP library's own.
        status: int = answer.status if isinstance(answer, ClientResponse) else answer.status_code
        data = getattr(answer, "data", None)
        return of_answer(status, data if isinstance(data, dict) else {}, answer.headers)
    if isinstance(fault, ClientConnectorError | ConnectionTimeoutError | InvalidURL | ClientHttpProxyError):
        # It never left: there was no connection to send it over.
        return Verdict(outcome=NotAccepted(reason=NO_CONNECTION))
    return Verdict(outcome=Unknown(reason=NO_ANSWER))


def of_answer(status: int, data: Mapping[str, object], headers: Mapping[str, str]) -> Verdict:
    """What an answer means that is no success.

    Args:
        status: the HTTP status.
        data: the JSON object, empty when there was none.
        headers: the HTTP headers.
    """
    error = str(data.get("error") or "") or None
    if status == 429 or error in {"ratelimited", "rate_limited"}:
        return Verdict(outcome=RateLimited(retry_after=_wait(headers)), error=error)
    if status >= 500:
        return Verdict(outcome=Unknown(reason=NO_ANSWER), error=error)
    if error is not None:
        return _of_error(error, data)
    if status >= 300:
        gone = Condition(
            state=TRANSPORT_GONE,
            reason=f"Slack's address answered {status}: check [slack] api_url, and any proxy before it",
        )
        return Verdict(outcome=NotAccepted(reason=NO_CONNECTION), condition=gone)
    return Verdict(outcome=Unknown(reason=NO_ANSWER))


def _of_error(error: str, data: Mapping[str, object]) -> Verdict:
    if error == "missing_scope":
        return _of_scope(str(data.get("needed") or ""))
    if error in _ACCOUNT:
        ill = Condition(
            state=AUTH_REQUIRED,
            reason=f"Slack says {error}: install the app again, set [slack] bot_token, restart the bot",
        )
        return Verdict(
            outcome=NotAccepted(reason=because("reden.slack weigert de bot", fout=error)),
            error=error,
            condition=ill,
        )
    if error == "unknown_method":
        gone = Condition(state=TRANSPORT_GONE, reason="Slack says unknown_method: check [slack] api_url")
        return Verdict(outcome=NotAccepted(reason=NO_CONNECTION), error=error, condition=gone)
    if error in _PASSING:
        return Verdict(outcome=NotAccepted(reason=NO_CONNECTION), error=error)
    if error in _DOUBTFUL:
        return Verdict(outcome=Unknown(reason=NO_ANSWER), error=error)
    reason = _REASONS.get(error, because("reden.slack weigert", fout=error))
    return Verdict(outcome=Refused(reason=reason), error=error)


def _of_scope(needed: str) -> Verdict:
    ill = Condition(
        state=AUTH_REQUIRED,
        reason=f"the app has no scope {needed or '(unnamed)'}: add it to the app and install it again",
    )
    if _EVERY_POST in needed.split(","):
        waits = NotAccepted(reason="reden.slack niets schrijven")
        return Verdict(outcome=waits, error="missing_scope", condition=ill)
    reason = because("reden.slack mist recht", recht=needed)
    return Verdict(
        outcome=Refused(reason=reason), error="missing_scope", condition=ill, is_about_one_method=True
    )


def _wait(headers: Mapping[str, str]) -> dt.timedelta:
    said = str(headers.get("Retry-After", "")).strip()
    if not said.isdigit():
        return _WAIT
    return min(max(dt.timedelta(seconds=int(said)), dt.timedelta(seconds=1)), _LONGEST_WAIT)
