"""What browsers may do with our pages, who may write, and what errors tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from bot.web.app import create_app
from bot.web.guard import is_loopback
from store.engine import Store
from tests.fakes.network import fill
from tests.fakes.visitor import SAME_ORIGIN, Visitor, web, with_community

TEMPLATES = Path(__file__).parents[3] / "bot" / "web" / "templates"

ADDRESSES = (
    "/",
    "/atria/atr-1-044",
    "/atria/onbekend",
    "/?soort=x",
    "/agenda.ics",
    "/api/v1/atria",
    "/api/docs",
    "/api/onbekend",
    "/community",
    "/community/algemeen/messages",
    "/static/site.css",
    "/onbekend",
    "/healthz",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers(visitor: Visitor, address: str) -> None:
    headers = visitor.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_holds_a_script_or_style_of_its_own() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        scripts = text.count("<script") - text.count("<script type=") - text.count("<script src=")
        assert scripts == 0, template
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text


def test_a_missing_page_is_told_in_dutch(visitor: Visitor) -> None:
    answer = visitor.get("/onbekend")
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text


def test_a_fault_is_told_without_a_trace(sqlite_store: Store, now: dt.datetime) -> None:
    def broken() -> dt.datetime:
        raise RuntimeError("geheim: het wachtwoord is zonnebloem")

    fill(sqlite_store)
    visitor = Visitor(create_app(replace(web(sqlite_store, now), now=broken)))
    for address in ("/", "/api/v1/atria"):
        answer = visitor.get(address)
        assert answer.status_code == 500
        assert "De fout is genoteerd" in unescape(answer.text)
        assert "zonnebloem" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["x-frame-options"] == "DENY"
    assert visitor.get("/api/v1/atria").json()["detail"]


def test_a_wrong_method_is_told_in_dutch(visitor: Visitor) -> None:
    answer = visitor.post("/")
    assert answer.status_code == 405
    assert "Dit kan hier niet" in answer.text


def test_styles_and_scripts_may_be_kept_by_browsers(visitor: Visitor) -> None:
    assert "immutable" in visitor.get("/static/site.css?v=1").headers["cache-control"]
    assert "cache-control" not in visitor.get("/static/site.css").headers
    assert visitor.get("/static/../app.py").status_code == 404
    assert visitor.get("/static/%2e%2e/app.py").status_code == 404


def test_without_a_local_community_its_pages_are_not_there(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store)
    visitor = Visitor(create_app(web(sqlite_store, now)))
    for address in ("/community", "/community/algemeen", "/community/algemeen/messages"):
        assert visitor.get(address).status_code == 404
    assert "/community" not in visitor.get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://kwaad.example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_write(visitor: Visitor, headers: dict[str, str]) -> None:
    body = {"author": "An", "text": "dag"}
    assert visitor.post("/community/algemeen/messages", json=body, headers=headers).status_code == 403
    for form in ("schrijven", "wie"):
        answer = visitor.post(f"/community/algemeen/{form}", data=body, headers=headers)
        assert answer.status_code == 403
    assert visitor.get("/community/algemeen/messages").json() == {"messages": []}


def test_our_own_page_can_write(visitor: Visitor) -> None:
    body = {"author": "An", "text": "dag"}
    answer = visitor.post("/community/algemeen/messages", json=body, headers=SAME_ORIGIN)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_message_must_be_json(visitor: Visitor, kind: str) -> None:
    answer = visitor.post(
        "/community/algemeen/messages",
        content=b'{"author": "An", "text": "dag"}',
        headers={"Content-Type": kind},
    )
    assert answer.status_code == 415


def test_a_form_must_be_a_form(visitor: Visitor) -> None:
    assert visitor.post("/community/algemeen/schrijven", json={"text": "dag"}).status_code == 415


def test_a_name_that_was_pointed_at_this_machine_is_refused(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store)
    app = create_app(with_community(sqlite_store, now))
    rebound = Visitor(app, host="kwaad.example.org:8000")
    assert rebound.get("/community").status_code == 403
    assert rebound.get("/community/algemeen/messages").status_code == 403
    assert rebound.get("/community/algemeen/stream").status_code == 403
    assert rebound.say("dag").status_code == 403
    assert rebound.get("/").status_code == 200
    for host in ("localhost:8000", "[::1]:8000", "127.0.0.1"):
        assert Visitor(app, host=host).get("/community").status_code == 200


def test_a_trusted_host_may_use_the_community(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store)
    app = create_app(with_community(sqlite_store, now, trusted_hosts=frozenset({"proef.example.org"})))
    assert Visitor(app, host="proef.example.org").get("/community").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.8.9.1", "LOCALHOST"])
def test_these_hosts_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "", "127.0.0.1.example.org"])  # noqa: S104
def test_these_hosts_are_not_this_machine_alone(host: str) -> None:
    assert not is_loopback(host)
