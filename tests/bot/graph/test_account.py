"""The bot's account: signed in once, renewed by itself, kept where nobody can read it."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import threading
from collections.abc import Callable

import pytest
import requests

from bot.graph.account import Account, is_microsofts, reason_of
from bot.graph.auth import Audience, AuthRequired, SignInAway
from bot.graph.cache import AccountCache
from bot.settings import EntraSettings
from store.engine import Store
from store.vault import Vault
from tests.fakes.engage.entra import SignIns
from tests.fakes.engage.world import GRAPH, YAMMER, World


def nobody_looks(*_shown: str) -> None:
    """What is shown to the person goes unread."""


def test_signing_in_by_code_gives_a_token_for_each_audience(
    world: World, new_account: Callable[[], Account]
) -> None:
    world.part(SignIns).pending = 2
    shown: list[tuple[str, str]] = []
    account = new_account()
    signed_in = account.sign_in_by_device(lambda url, code: shown.append((url, code)))
    assert shown == [("https://login.example.org/device", "FAKE42")]
    assert signed_in.username == "atriumbot@example.org"
    assert signed_in.lacking == {}
    yammer, graph = account.token_now(Audience.YAMMER), account.token_now(Audience.GRAPH)
    assert world.holder_of(yammer, YAMMER)
    assert world.holder_of(graph, GRAPH)
    assert not world.holder_of(graph, YAMMER)


def test_another_process_goes_on_with_the_sign_in(new_account: Callable[[], Account]) -> None:
    new_account().sign_in_by_device(nobody_looks)
    assert new_account().token_now(Audience.YAMMER)


def test_a_token_is_kept_as_long_as_it_lasts(world: World, new_account: Callable[[], Account]) -> None:
    account = new_account()
    account.sign_in_by_device(nobody_looks)
    grants = len(world.part(SignIns).grants)
    assert len({account.token_now(Audience.YAMMER) for _ in range(5)}) == 1
    assert len(world.part(SignIns).grants) == grants


def test_a_token_is_renewed_before_it_runs_out(world: World, new_account: Callable[[], Account]) -> None:
    world.part(SignIns).lasts = dt.timedelta(minutes=4)
    account = new_account()
    account.sign_in_by_device(nobody_looks)
    first, second = account.token_now(Audience.YAMMER), account.token_now(Audience.YAMMER)
    assert first != second
    assert world.part(SignIns).grants[-1][0] == "refresh_token"


def test_a_token_that_the_server_refused_is_not_given_again(
    world: World, new_account: Callable[[], Account]
) -> None:
    account = new_account()
    account.sign_in_by_device(nobody_looks)
    revoked = account.token_now(Audience.YAMMER)
    account.refuse(Audience.YAMMER, revoked)
    assert account.token_now(Audience.YAMMER) != revoked


def test_without_a_sign_in_an_operator_is_asked_for(new_account: Callable[[], Account]) -> None:
    with pytest.raises(AuthRequired, match="atriumbot login engage"):
        new_account().token_now(Audience.YAMMER)


def test_a_changed_password_asks_for_an_operator_and_a_new_sign_in_is_seen_without_a_restart(
    world: World, new_account: Callable[[], Account]
) -> None:
    running = new_account()
    running.sign_in_by_device(nobody_looks)
    running.refuse(Audience.YAMMER, running.token_now(Audience.YAMMER))
    world.part(SignIns).refuses = "AADSTS50173: The provided grant has expired due to it being revoked."
    with pytest.raises(AuthRequired, match="the password was changed or access was revoked"):
        running.token_now(Audience.YAMMER)
    world.part(SignIns).refuses = None
    new_account().sign_in_by_device(nobody_looks)
    assert running.token_now(Audience.YAMMER)


def test_trouble_of_the_sign_in_service_passes(world: World, new_account: Callable[[], Account]) -> None:
    account = new_account()
    account.sign_in_by_device(nobody_looks)
    account.refuse(Audience.YAMMER, account.token_now(Audience.YAMMER))
    world.part(SignIns).down = True
    with pytest.raises(SignInAway):
        account.token_now(Audience.YAMMER)
    assert isinstance(SignInAway("x"), ConnectionError)


def test_a_sign_in_service_that_cannot_be_reached_passes(world: World, sqlite_store: Store) -> None:
    nowhere = EntraSettings(
        tenant_id=world.tenant_id, client_id=world.client_id, authority="https://localhost:9"
    )
    account = Account(nowhere, AccountCache(sqlite_store, Vault(b"key")))
    with pytest.raises(SignInAway):
        account.sign_in_by_device(nobody_looks)


def test_an_unknown_tenant_is_named(secure: str, world: World, sqlite_store: Store) -> None:
    strange = EntraSettings(tenant_id="nowhere", client_id=world.client_id, authority=secure)
    account = Account(strange, AccountCache(sqlite_store, Vault(b"key")))
    with pytest.raises(AuthRequired, match="authority or tenant_id"):
        account.sign_in_by_device(nobody_looks)


def test_a_replica_with_another_key_asks_for_the_same_key(
    new_account: Callable[[], Account], entra_settings: EntraSettings, sqlite_store: Store
) -> None:
    new_account().sign_in_by_device(nobody_looks)
    other = Account(entra_settings, AccountCache(sqlite_store, Vault(b"another key")))
    with pytest.raises(AuthRequired, match=r"another \[security\] key"):
        other.token_now(Audience.YAMMER)


def test_no_token_is_in_the_database_in_clear(
    world: World,
    new_account: Callable[[], Account],
    database_bytes: Callable[[], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    account = new_account()
    account.sign_in_by_device(nobody_looks)
    account.token_now(Audience.GRAPH)
    secrets = [*world.tokens, *world.part(SignIns).refresh_tokens]
    assert secrets
    for secret in secrets:
        assert secret.encode() not in database_bytes()
        assert secret not in caplog.text


def test_two_processes_that_renew_do_not_undo_each_other(
    world: World, new_account: Callable[[], Account]
) -> None:
    one, other = new_account(), new_account()
    one.sign_in_by_device(nobody_looks)
    world.part(SignIns).lasts = dt.timedelta(minutes=4)
    for account in (one, other, one, other):
        account.refuse(Audience.YAMMER, account.token_now(Audience.YAMMER))
        assert world.holder_of(account.token_now(Audience.YAMMER), YAMMER)


def test_signing_in_again_puts_the_new_account_in_the_place_of_the_old(
    world: World, new_account: Callable[[], Account]
) -> None:
    new_account().sign_in_by_device(nobody_looks)
    old = world.bot
    world.bot = world.add_user("Nieuwe Bot")
    new_account().sign_in_by_device(nobody_looks)
    token = world.holder_of(new_account().token_now(Audience.YAMMER), YAMMER)
    assert token is not None
    assert token.user == world.bot.id != old.id


def test_signing_in_by_browser_proves_that_it_is_who_asked(
    new_account: Callable[[], Account], certificate: object, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr("webbrowser.get", lambda *_: pytest.fail("no browser opens in a test"))
    monkeypatch.setattr("msal.oauth2cli.authcode._browse", lambda *_args, **_kwargs: False)
    answers: list[int] = []

    def person(auth_uri: str) -> None:
        assert "code_challenge_method=S256" in auth_uri
        threading.Thread(target=go, args=(auth_uri,), daemon=True).start()

    def go(auth_uri: str) -> None:
        page = requests.get(auth_uri, timeout=10).text
        form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page))
        action = re.search(r'action="([^"]+)"', page)
        assert action is not None
        answers.append(requests.post(action[1], data=form, timeout=10).status_code)

    account = new_account()
    signed_in = account.sign_in_by_browser(person, seconds=20)
    assert signed_in.username == world.bot.email
    assert world.part(SignIns).grants[0][0] == "authorization_code"
    assert asyncio.run(account.token(Audience.YAMMER))


def test_only_microsofts_own_services_are_looked_up_in_its_list() -> None:
    assert is_microsofts("https://login.microsoftonline.com")
    assert is_microsofts("https://login.microsoftonline.us/")
    assert not is_microsofts("https://login.example.org")
    assert not is_microsofts("https://login.microsoftonline.com.example.org")


def test_a_refusal_names_its_mend_on_one_line() -> None:
    told = {"error": "invalid_grant", "error_description": "AADSTS53003: Blocked.\r\nTrace ID: 1"}
    assert reason_of(told) == (
        "Entra refused (AADSTS53003: Blocked.): a Conditional Access policy blocks this way: try --browser, "
        "or ask for an exception"
    )
    assert reason_of({}) == "Entra refused (no reason given): sign in with: atriumbot login engage"
