"""The open data and the local community hold against whatever their description, or anybody, makes up."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.web.app import create_app
from store.engine import Store
from tests.fakes.network import load_sample
from tests.fakes.visitor import Visitor, with_community


@pytest.fixture
def host(sqlite_store: Store, now: dt.datetime) -> Visitor:
    load_sample(sqlite_store, now)
    return Visitor(create_app(with_community(sqlite_store, now)))


def test_the_open_data_answers_as_it_is_described(host: Visitor) -> None:
    schema = schemathesis.openapi.from_dict(host.get("/api/openapi.json").json())

    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(
            max_examples=25,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=strategy)
        def holds(case: schemathesis.Case) -> None:
            asked = case.as_transport_kwargs(base_url="http://127.0.0.1:8000/api")
            answer = host.ask(asked["method"], asked["url"], params=asked.get("params") or {})
            assert answer.status_code in {200, 404, 405, 422}, answer.text
            assert answer.headers["content-type"].startswith("application/json")

        holds()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3),
    max_leaves=5,
)
BODIES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("author", "role", "text", "thread", "x"), JSON),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(body=BODIES | JSON)
def test_no_message_breaks_the_local_community(host: Visitor, body: object) -> None:
    answer = host.post(
        "/community/algemeen/messages",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {201, 422}, answer.text


def test_a_head_of_the_open_data_is_answered(host: Visitor) -> None:
    for address in ("/api/v1/atria", "/api/v1/atria/atr-1-044"):
        answer = host.ask("HEAD", address)
        assert answer.status_code == 200
        assert answer.text == ""


def test_signs_alone_are_looked_for_as_they_are(host: Visitor) -> None:
    assert 'class="count"' not in host.get("/?q=%25").text
    assert host.get("/api/v1/atria?q=%25").json()["items"] == []


def test_what_is_wrong_with_a_filter_is_said_once(host: Visitor) -> None:
    assert host.get("/?plaats=Parijs").text.count("ken ik niet") == 1
