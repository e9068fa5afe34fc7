"""Whatever is typed in whatever form: no fault, nothing half saved."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.web.console.rights import ROUTES, Right
from store.base import Base
from store.engine import Store
from tests.bot.console.conftest import Enter
from tests.bot.console.test_rights import filled

POSTS = sorted(
    path for (method, path), right in ROUTES.items() if method == "POST" and right is not Right.OPEN
)

#: The names of the fields of all forms, so that what is typed arrives somewhere.
NAMES = (
    "soort",
    "status",
    "titel",
    "thema",
    "datum",
    "begin",
    "einde",
    "gemeente",
    "locatie",
    "adres",
    "regio",
    "inschrijven_url",
    "inschrijven_tot",
    "doelgroep",
    "omschrijving",
    "programma",
    "organisator",
    "contact",
    "zichtbaarheid",
    "versie",
    "stap",
    "uur",
    "bericht",
    "antwoord",
    "woord",
    "betekenis",
    "naam",
    "link",
    "hoe",
    "beheerder",
    "was",
    "gemeenten",
    "tekst",
    "wie",
    "rol",
    "werking",
    "nummer",
    "community",
    "reden",
    "plaats",
    "zeker",
    "kind",
    "title",
    "theme",
    "date-1",
    "begins-1",
    "municipality-1",
    "date-2",
    "audience",
    "communities",
    "publish_on",
    "publish_at",
    "datum-1",
    "gemeente-1",
    "begin-1",
    "inschrijven_tot-1",
    "description",
    "registration_url-1",
)

#: What a form holds when it is right, so that the rest of a form is reached too.
RIGHT = (
    "thematisch",
    "2027-03-18",
    "13:30",
    "Mechelen",
    "gepland",
    "hervat",
    "save",
    "algemeen",
    "lezer",
    "1",
    "ja",
)

VALUES = st.one_of(
    st.sampled_from(RIGHT),
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            " ",
            "%",
            "'",
            '"',
            "{",
            "{x}",
            "0000-00-00",
            "9999-12-31",
            "24:00",
            "-1",
            "\x00",
            "\ud800",
            "=1+1",
        ]
    ),
    st.text(alphabet="x", min_size=9000, max_size=9001),
)
FORMS = st.dictionaries(st.sampled_from(NAMES), st.one_of(VALUES, st.lists(VALUES, max_size=3)), max_size=12)


def state_of(store: Store) -> str:
    """What the store holds, but for who is signed in."""
    with store.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "console_sessions"]
        return hashlib.sha256(
            repr(
                [session.execute(select(table).order_by(*table.primary_key)).all() for table in tables]
            ).encode()
        ).hexdigest()


def sendable(form: dict[str, Any]) -> dict[str, Any]:
    def text(value: str) -> str:
        return value.encode("utf-8", "ignore").decode()

    return {
        name: tuple(map(text, each)) if isinstance(each, list) else text(each) for name, each in form.items()
    }


@pytest.mark.parametrize("path", POSTS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=FORMS)
def test_no_form_breaks_the_console_and_a_refused_one_changes_nothing(
    furnished: Store, enter: Enter, path: str, form: dict[str, Any]
) -> None:
    visitor = enter("beheerder")
    before = state_of(furnished)
    answer = visitor.send(filled(path), **sendable(form))
    assert answer.status_code < 500, answer.text[:500]
    if answer.status_code not in {200, 303}:
        assert state_of(furnished) == before


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_what_is_no_form_is_refused(enter: Enter, kind: str) -> None:
    visitor = enter("beheerder")
    for path in POSTS:
        answer = visitor.post(filled(path), content=b"\xff\x00{", headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500, path


def test_a_form_that_is_too_large_is_refused(enter: Enter) -> None:
    assert enter("beheerder").send("/beheer/woorden", woord="x" * 300_000).status_code == 413


def test_no_address_breaks_the_console(enter: Enter) -> None:
    visitor = enter("beheerder")
    for odd in ("%00", "%ff", "..%2f", "9" * 30, "%F0%9F%98%80", "a" * 500):
        for (method, path), right in ROUTES.items():
            if method == "GET" and right is not Right.OPEN and "{" in path:
                shown = path
                for name in ("uid", "number", "name", "key"):
                    shown = shown.replace(f"{{{name}}}", odd)
                assert visitor.get(shown).status_code < 500, shown
        for name in ("van", "tot", "voor", "vanaf", "vanaf-nr", "na", "q", "plaats", "wie", "naam", "staat"):
            for method, path in ROUTES:
                if method == "GET" and "{" not in path and "aanmelden" not in path:
                    assert visitor.get(f"{path}?{name}={odd}").status_code < 500, (path, name, odd)
