"""What reached nobody is told in words, whichever library it was that tried."""

from __future__ import annotations

import asyncio
import socket
import ssl

import aiohttp
import httpx
import pytest
import requests

from bot.unreached import in_words

DEAD = "http://127.0.0.1:9"
REFUSED = "nothing listens at that address"


def test_a_refused_connection_is_told_alike_by_every_library() -> None:
    async def by_aiohttp() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(DEAD)

    with pytest.raises(httpx.ConnectError) as by_httpx:
        httpx.get(DEAD, trust_env=False)
    with pytest.raises(aiohttp.ClientConnectorError) as by_aio:
        asyncio.run(by_aiohttp())
    with pytest.raises(requests.ConnectionError) as by_requests:
        requests.get(DEAD, timeout=5, proxies={"http": ""})
    assert {in_words(each.value) for each in (by_httpx, by_aio, by_requests)} == {REFUSED}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the name of the machine cannot be looked up"),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "the name of the machine cannot be"),
        (httpx.ReadTimeout(""), "it took too long"),
        (TimeoutError(), "it took too long"),
        (ssl.SSLCertVerificationError("x"), "no safe connection"),
        (ConnectionResetError(104, "Connection reset by peer"), "the connection was cut"),
        (httpx.ReadError(""), "no answer came"),
    ],
)
def test_a_fault_is_told_in_words(fault: Exception, told: str) -> None:
    assert in_words(fault).startswith(told)
