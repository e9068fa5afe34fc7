"""A real OpenID Connect provider on loopback, as a process of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.fakes.program import free_port, wait_for

#: Who has an account there. Of one the address is not verified; one is called after an administrator.
USERS = (
    {"sub": "sub-an", "email": "An@Example.org", "email_verified": True, "name": "An Peeters"},
    {"sub": "sub-bert", "email": "bert@example.org", "email_verified": False, "name": "Bert"},
    {"sub": "sub-oid", "email": "x@example.org", "oid": "oid-7", "name": "Olga"},
    {"sub": "sub-vreemd", "email": "vreemd@example.org", "email_verified": True, "name": "Vreemd"},
)


@contextlib.contextmanager
def running_provider() -> Iterator[str]:
    """Start it, give its issuer, and stop it."""
    port = free_port()
    issuer = f"http://localhost:{port}"
    # Its own use of its libraries warns of what is deprecated; that stays in its own process.
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for user in USERS:
        command += ["--user-claims", json.dumps(user)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for("the provider to answer", lambda: _answers(issuer))
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200
    except httpx.TransportError:
        return False


def agree(address: str, sub: str) -> dict[str, str]:
    """Sign in at the provider as somebody; gives what it sends them back with."""
    answer = httpx.post(address, data={"sub": sub}, follow_redirects=False)
    assert answer.status_code in {302, 303}, answer.text[:500]
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}
