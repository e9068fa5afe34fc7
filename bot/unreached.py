"""What became of a call that reached nobody, in words for an operator: never the name of an exception."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

_TIMED_OUT = "it took too long"
_NO_ANSWER = "no answer came"
_NO_NAME = "the name of the machine cannot be looked up"

#: By number of the system.
_BY_NUMBER = {
    errno.ECONNREFUSED: "nothing listens at that address",
    errno.ECONNRESET: "the connection was cut",
    errno.EPIPE: "the connection was cut",
    errno.ENETUNREACH: "there is no way to that network",
    errno.EHOSTUNREACH: "there is no way to that machine",
    errno.ETIMEDOUT: _TIMED_OUT,
}

#: By what libraries write, where they keep no cause: each words it its own way.
_BY_WORDS = {
    "name or service not known": _NO_NAME,
    "name has no usable address": _NO_NAME,
    "nodename nor servname": _NO_NAME,
    "no address associated with hostname": _NO_NAME,
    "temporary failure in name resolution": _NO_NAME,
    "failed to resolve": _NO_NAME,
    "getaddrinfo failed": _NO_NAME,
    "connection refused": "nothing listens at that address",
    "all connection attempts failed": "nothing listens at that address",
    "certificate verify failed": "the certificate of that address is not trusted here",
    "connection reset": "the connection was cut",
    "disconnected": "the connection was cut",
    "timed out": _TIMED_OUT,
}


def in_words(fault: BaseException) -> str:
    """Why nobody was reached, such as "nothing listens at that address"; never what was asked."""
    chain = list(_causes(fault))
    for each in chain:
        if isinstance(each, ssl.SSLError):
            return "no safe connection could be made: the certificate or the encryption does not fit"
        if isinstance(each, socket.gaierror):
            return _NO_NAME
        if isinstance(each, OSError) and each.errno in _BY_NUMBER:
            return _BY_NUMBER[each.errno]
    said = " ".join(str(each).lower() for each in chain)
    for words, told in _BY_WORDS.items():
        if words in said:
            return told
    if any(isinstance(each, TimeoutError) or "Timeout" in type(each).__name__ for each in chain):
        return _TIMED_OUT
    return _NO_ANSWER


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault and what it came from, outermost first."""
    seen: list[BaseException] = []
    step: BaseException | None = fault
    while step is not None and step not in seen:
        seen.append(step)
        yield step
        inner = getattr(step, "os_error", None)  # where aiohttp keeps it
        step = step.__cause__ or (inner if isinstance(inner, BaseException) else None) or step.__context__
