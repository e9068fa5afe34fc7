"""Signing in with OpenID Connect: the authorization code with PKCE, and an identity that is verified.

What the provider says of itself is asked once an hour. The identity token is checked as OpenID
Connect Core 3.1.3.7 asks: signature by the provider's own keys, issuer, audience, time and nonce.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.web.console.setup import Provider

#: Asymmetric signatures only: with a symmetric one the shared secret would be the proof.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

SCOPE = "openid profile email"

#: How long what the provider says of itself is believed, and how long it may take to answer.
BELIEVED = dt.timedelta(hours=1)
PATIENCE_SECONDS = 10.0

#: How far its clock may be off, in seconds.
LEEWAY = 120


class SignInError(Exception):
    """Signing in failed; `reason` is the name of the text that says what to do, `detail` is for the log."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)


UNREACHABLE = "beheer.aanmelden stil"
NOT_VALID = "beheer.aanmelden ongeldig"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who the provider says it is: the names by which the roles may know them, and how to call them.

    `email` is there only where the provider vouches for it.
    """

    ids: tuple[str, ...]
    name: str
    email: str | None = None


class OpenIdConnect:
    """One provider, as the console meets it.

    Args:
        provider: as the settings name it.
        redirect_uri: where the provider sends people back to.
        now: gives the present as aware UTC.
    """

    def __init__(self, provider: Provider, redirect_uri: str, now: Callable[[], dt.datetime]) -> None:
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._now = now
        self._known: tuple[dt.datetime, Mapping[str, Any], Mapping[str, Any]] | None = None

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send somebody to sign in."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # no stubs

        metadata, _ = await self._metadata()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = str(metadata["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code.

        Raises:
            SignInError: the provider does not answer, or not rightly.
        """
        metadata, keys = await self._metadata()
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        login: httpx.Auth | None = httpx.BasicAuth(self._provider.client_id, self._provider.client_secret)
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" not in methods:
            login = None
            sent |= {"client_id": self._provider.client_id, "client_secret": self._provider.client_secret}
        answer = await self._ask("POST", str(metadata["token_endpoint"]), data=sent, auth=login)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInError(NOT_VALID, "the provider gave no identity token")
        try:
            claims = self._claims(token, keys, metadata, nonce, answer.get("access_token"))
        except SignInError:
            # Keys may have been renewed since they were read; once, with fresh ones.
            self._known = None
            metadata, keys = await self._metadata()
            claims = self._claims(token, keys, metadata, nonce, answer.get("access_token"))
        return identity_of(claims)

    def _claims(
        self,
        token: str,
        keys: Mapping[str, Any],
        metadata: Mapping[str, Any],
        nonce: str,
        access_token: object,
    ) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # it has no stubs
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        wanted = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._provider.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        try:
            read = jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS)
            told = {"nonce": nonce, "client_id": self._provider.client_id}
            if isinstance(access_token, str):
                told["access_token"] = access_token
            claims = CodeIDToken(read.claims, read.header, wanted, told)
            claims.validate(now=int(self._now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignInError(NOT_VALID, f"the identity token is not valid: {error}") from error
        return dict(claims)

    async def _metadata(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        now = self._now()
        if self._known is not None and now - self._known[0] < BELIEVED:
            return self._known[1], self._known[2]
        issuer = self._provider.issuer.rstrip("/")
        metadata = await self._ask("GET", f"{issuer}/.well-known/openid-configuration")
        if str(metadata.get("issuer", "")).rstrip("/") != issuer:
            raise SignInError(NOT_VALID, f"the provider at {issuer} calls itself {metadata.get('issuer')!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(metadata.get(name, "")).startswith(("https://", "http://")):
                raise SignInError(NOT_VALID, f"the provider names no {name}")
        keys = await self._ask("GET", str(metadata["jwks_uri"]))
        self._known = (now, metadata, keys)
        return metadata, keys

    async def _ask(self, method: str, address: str, **rest: Any) -> Mapping[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, follow_redirects=False) as client:
                answer = await client.request(method, address, **rest)
            answer.raise_for_status()
            data = answer.json()
        except httpx.HTTPStatusError as error:
            raise SignInError(NOT_VALID, f"{address} answered {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise SignInError(UNREACHABLE, f"{address}: {type(error).__name__}") from error
        except ValueError as error:
            raise SignInError(NOT_VALID, f"{address} answered no JSON") from error
        if not isinstance(data, dict):
            raise SignInError(NOT_VALID, f"{address} answered no object")
        return data


def identity_of(claims: Mapping[str, Any]) -> Identity:
    """The names of a verified identity, the most telling first.

    An e-mail address counts only where the provider vouches for it (`email_verified`; in Entra the
    optional claim `xms_edov`): anybody can have written an address in a tenant of their own.
    """
    email = str(claims.get("email") or "").strip().casefold()
    vouched = any(claims.get(name) in {True, "1", "true"} for name in ("email_verified", "xms_edov"))
    names = [email if vouched else "", str(claims.get("oid") or ""), str(claims["sub"])]
    called = str(claims.get("name") or claims.get("preferred_username") or email or claims["sub"])
    return Identity(
        ids=tuple(dict.fromkeys(name for name in names if name)),
        name=" ".join(called.split())[:80],
        email=email if email and vouched else None,
    )
