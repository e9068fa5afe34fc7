"""Tokens of the settings and of the app: each goes to its own audience, or nowhere."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.graph.application import Application
from bot.graph.auth import (
    Audience,
    AuthRequired,
    ReadyToken,
    SignInAway,
    Tokens,
    audience_of,
    checked,
    tokens_of,
)
from bot.settings import EntraSettings, Settings
from store.engine import Store
from tests.fakes.engage.entra import CLIENT_SECRET, SignIns
from tests.fakes.engage.tls import Papers
from tests.fakes.engage.world import GRAPH, World


def readable(audience: str) -> str:
    """A token that tells for whom it is, as those of Entra do."""
    inside = base64.urlsafe_b64encode(json.dumps({"aud": audience}).encode()).rstrip(b"=").decode()
    return f"head.{inside}.signature"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://www.yammer.com", Audience.YAMMER),
        ("https://api.yammer.com/", Audience.YAMMER),
        ("00000005-0000-0ff1-ce00-000000000000", Audience.YAMMER),
        ("https://graph.microsoft.com", Audience.GRAPH),
        ("00000003-0000-0000-c000-000000000000", Audience.GRAPH),
        ("https://example.org", None),
    ],
)
def test_a_token_tells_for_whom_it_is(said: str, meant: Audience | None) -> None:
    assert audience_of(readable(said)) is meant


@pytest.mark.parametrize("strange", ["", "opaque", "a.b", "a.b.c", "a.bm8.c", "a.W10.c"])
def test_a_token_need_not_be_readable(strange: str) -> None:
    assert audience_of(strange) is None
    assert checked(Audience.YAMMER, strange) == strange


def test_a_token_for_somebody_else_is_not_handed_out() -> None:
    wrong = ReadyToken(Audience.YAMMER, token=readable("https://graph.microsoft.com"))
    with pytest.raises(AuthRequired, match="for Microsoft Graph, and it is needed for Viva Engage"):
        asyncio.run(wrong.token(Audience.YAMMER))


def test_a_ready_token_goes_to_viva_engage_alone() -> None:
    ready = ReadyToken(Audience.YAMMER, token="opaque")  # noqa: S106 - of a test
    assert asyncio.run(ready.token(Audience.YAMMER)) == "opaque"
    with pytest.raises(AuthRequired, match="not for Microsoft Graph"):
        asyncio.run(ready.token(Audience.GRAPH))


def test_a_token_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "token"
    ready = ReadyToken(Audience.YAMMER, file=file)
    with pytest.raises(AuthRequired, match="cannot be read"):
        asyncio.run(ready.token(Audience.YAMMER))
    file.write_text("first\n")
    assert asyncio.run(ready.token(Audience.YAMMER)) == "first"
    ready.refuse(Audience.YAMMER, "first")
    with pytest.raises(AuthRequired, match="put a new one in"):
        asyncio.run(ready.token(Audience.YAMMER))
    file.write_text("second")
    os.utime(file, ns=(1, 1))
    assert asyncio.run(ready.token(Audience.YAMMER)) == "second"


def test_an_empty_token_file_asks_for_an_operator(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    with pytest.raises(AuthRequired, match="there is no token in"):
        asyncio.run(ReadyToken(Audience.YAMMER, file=file).token(Audience.YAMMER))


def test_without_settings_both_say_what_to_set(sqlite_store: Store) -> None:
    tokens = tokens_of(Settings(), sqlite_store)
    for audience in Audience:
        with pytest.raises(AuthRequired, match=r"\[entra\] tenant_id and client_id"):
            asyncio.run(tokens.token(audience))


def test_each_audience_has_its_own_way(
    sqlite_store: Store, entra_settings: EntraSettings, world: World
) -> None:
    settings = Settings.model_validate(
        {
            "entra": {**entra_settings.model_dump(), "client_secret": CLIENT_SECRET},
            "engage": {"access_token": "ready"},
            "security": {"key": "k"},
        }
    )
    tokens: Tokens = tokens_of(settings, sqlite_store)
    assert asyncio.run(tokens.token(Audience.YAMMER)) == "ready"
    given = world.holder_of(asyncio.run(tokens.token(Audience.GRAPH)), GRAPH)
    assert given is not None
    assert given.user is None


def app_with(entra_settings: EntraSettings, **values: object) -> Application:
    return Application(entra_settings.model_copy(update=values))


def test_the_app_signs_in_by_secret_and_keeps_its_token(entra_settings: EntraSettings, world: World) -> None:
    app = app_with(entra_settings, client_secret=SecretStr(CLIENT_SECRET))
    assert len({app.token_now() for _ in range(3)}) == 1
    assert world.part(SignIns).grants == [("client_credentials", "https://graph.microsoft.com/.default")]


def test_the_app_signs_in_by_certificate(
    entra_settings: EntraSettings, certificate: Papers, world: World
) -> None:
    app = app_with(entra_settings, certificate_file=certificate.server)
    assert world.holder_of(app.token_now(), GRAPH)


def test_a_token_of_the_app_that_was_refused_is_not_given_again(
    entra_settings: EntraSettings, world: World
) -> None:
    app = app_with(entra_settings, client_secret=SecretStr(CLIENT_SECRET))
    revoked = app.token_now()
    app.refuse(Audience.GRAPH, revoked)
    assert app.token_now() != revoked


def test_a_wrong_secret_asks_for_an_operator_and_is_not_repeated(entra_settings: EntraSettings) -> None:
    app = app_with(entra_settings, client_secret=SecretStr("wrong-secret"))
    with pytest.raises(AuthRequired, match="is its value, not its id") as refused:
        app.token_now()
    assert "wrong-secret" not in str(refused.value)


def test_a_certificate_that_is_not_there_is_named(entra_settings: EntraSettings, tmp_path: Path) -> None:
    with pytest.raises(AuthRequired, match=r"none\.pem cannot be used"):
        app_with(entra_settings, certificate_file=tmp_path / "none.pem").token_now()


def test_the_app_has_no_token_for_viva_engage(entra_settings: EntraSettings) -> None:
    with pytest.raises(AuthRequired, match="takes no app"):
        asyncio.run(Application(entra_settings).token(Audience.YAMMER))


def test_trouble_of_the_sign_in_service_passes_for_the_app_too(
    entra_settings: EntraSettings, world: World
) -> None:
    nowhere = entra_settings.model_copy(update={"authority": "https://localhost:9"})
    with pytest.raises(SignInAway):
        app_with(nowhere, client_secret=SecretStr(CLIENT_SECRET)).token_now()
    world.part(SignIns).down = True
    with pytest.raises(SignInAway):
        app_with(entra_settings, client_secret=SecretStr(CLIENT_SECRET)).token_now()


def test_a_token_of_the_app_is_renewed_before_it_runs_out(
    entra_settings: EntraSettings, world: World
) -> None:
    world.part(SignIns).lasts = dt.timedelta(minutes=4)
    app = app_with(entra_settings, client_secret=SecretStr(CLIENT_SECRET))
    app.token_now()
    app.token_now()
    assert len(world.part(SignIns).grants) == 2
