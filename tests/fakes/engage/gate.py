"""What stands before the fake's REST API: the token, the rate limits, and the faults a test asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage.world import YAMMER, User, World

#: Calls that one user's app may make in a window, of each class on its own.
MOST_CALLS = 10
WINDOWS = {
    "messages": dt.timedelta(seconds=30),
    "autocomplete": dt.timedelta(seconds=10),
    "notifications": dt.timedelta(seconds=30),
    "other": dt.timedelta(seconds=30),
}

#: Says to whatever carries the answer that it must not arrive: "hang" or "drop".
FATE = "x-fake-fate"

_FEED = re.compile(
    r"/messages(?:/(?:my_feed|algo|following|private|received|in_group/\d+|from_user/\d+))?\.json$"
)


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with the next calls that match.

    Attributes:
        what: "timeout", "drop" (nothing happened), "timeout-after", "drop-after", "503-after", "504-after"
            (it happened all the same), a bare status such as "503" or "404", "429" (without Retry-After,
            unless `retry_after` is given), or, of a feed, "omit", "repeat", "reorder".
        on: pattern that is looked for in "METHOD path".
        times: for how many calls.
    """

    what: str
    on: str = r"POST /messages\.json"
    times: int = 1
    retry_after: int | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that arrived; `status` is what was answered, whether or not that arrived.

    `token` tells apart who called.
    """

    at: dt.datetime
    kind: str
    method: str
    path: str
    query: str
    status: int
    token: str = ""


@dataclass(kw_only=True)
class Rest:
    """The state of the REST API besides the world.

    Attributes:
        calls: every call, in order.
        violations: what a real network would block the app for; a test that is done asserts there are none.
        poll_seconds: feeds may be polled once in so long.
        scale: so many times shorter than in life are the windows of the rate limits.
        says_retry_after: whether 429 comes with Retry-After.
        gone: status of everything, when the API itself is gone.
        refuses_broadcast: 403 to an announcement by who is no owner; else it becomes a plain post.
        shows_announcement: whether a thread's reference says that it is an announcement.
        hides_notified: messages do not tell whom they mention, though feeds go by it.
        lag: so long until feeds show a message.
        hidden: messages that feeds never show.
        received_is_all: the feed of what was received holds what is said in communities too.
        ignores_bounds: feeds show their newest page whatever is asked, and say that there is more.
    """

    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    poll_seconds: float = 60.0
    scale: float = 1.0
    says_retry_after: bool = False
    gone: int | None = None
    refuses_broadcast: bool = True
    shows_announcement: bool = True
    hides_notified: bool = False
    lag: dt.timedelta = dt.timedelta()
    hidden: set[int] = field(default_factory=set)
    received_is_all: bool = False
    ignores_bounds: bool = False
    _taken: dict[tuple[int, str], deque[dt.datetime]] = field(default_factory=dict)
    _polled: dict[tuple[int, str], dt.datetime] = field(default_factory=dict)

    def fault(self, method: str, path: str, stage: str) -> Fault | None:
        """The fault that strikes this call now; `stage` is "before", "after" or "feed"."""
        for fault in self.faults:
            if _stage(fault.what) == stage and re.search(fault.on, f"{method} {path}"):
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None

    def take(self, user: int, kind: str, now: dt.datetime) -> float | None:
        """Count one call; the seconds to wait when there was one too many."""
        taken = self._taken.setdefault((user, kind), deque())
        window = WINDOWS[kind] / self.scale
        while taken and now - taken[0] >= window:
            taken.popleft()
        if len(taken) >= MOST_CALLS:
            self.violations.append(f"{now:%H:%M:%S}: more than {MOST_CALLS} calls of class {kind}")
            return (taken[0] + window - now).total_seconds()
        taken.append(now)
        return None

    def note_poll(self, user: int, path: str, now: dt.datetime) -> None:
        """Count a poll of a feed, and object when the last was too short ago."""
        before = self._polled.get((user, path))
        if before is not None and (now - before).total_seconds() < self.poll_seconds:
            seconds = (now - before).total_seconds()
            self.violations.append(f"{now:%H:%M:%S}: {path} polled {seconds:.1f} s after the last time")
        self._polled[user, path] = now


def class_of(path: str) -> str:
    """The class of calls that a path counts in."""
    first = path.lstrip("/").split("/")[0].removesuffix(".json")
    return first if first in WINDOWS else "other"


def is_poll(request: Request, path: str) -> bool:
    """Whether a call asks a feed for what is new; the next page of an answer is none."""
    return (
        request.method == "GET" and _FEED.match(path) is not None and "older_than" not in request.query_params
    )


def token_in(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def user_of(world: World, request: Request) -> User | None:
    """Whose token a call carries: one for this audience, of a user, that did not run out."""
    token = world.holder_of(token_in(request), YAMMER)
    return world.users.get(token.user) if token is not None and token.user is not None else None


def missing(what: str = "Not found.") -> Response:
    return JSONResponse({"base": what}, status_code=404)


def forbidden(what: str) -> Response:
    return JSONResponse({"base": what}, status_code=403)


def not_signed_in() -> Response:
    return JSONResponse(
        {"response": {"message": "Token not found.", "code": 16, "stat": "fail"}}, status_code=401
    )


def too_many(retry_after: float | None) -> Response:
    headers = {"retry-after": str(max(round(retry_after + 0.5), 1))} if retry_after is not None else {}
    body = {"response": {"message": "Rate limited due to excessive requests.", "code": 33, "stat": "fail"}}
    return JSONResponse(body, status_code=429, headers=headers)


def before(fault: Fault) -> Response:
    """The answer to a call that a fault keeps from happening."""
    if fault.what in ("timeout", "drop"):
        return lost(fault.what)
    if fault.what == "401":
        return not_signed_in()
    if fault.what == "429":
        return too_many(fault.retry_after)
    return JSONResponse({"base": "The server said no."}, status_code=int(fault.what))


def after(fault: Fault, answer: Response) -> Response:
    """What becomes of the answer to a call that happened."""
    what = fault.what.removesuffix("-after")
    return lost(what, answer) if what in ("timeout", "drop") else Response(status_code=int(what))


def lost(how: str, answer: Response | None = None) -> Response:
    answer = answer or Response(status_code=200)
    answer.headers[FATE] = "hang" if how == "timeout" else "drop"
    return answer


def _stage(what: str) -> str:
    if what in ("omit", "repeat", "reorder"):
        return "feed"
    return "after" if what.endswith("-after") else "before"
