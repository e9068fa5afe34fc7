"""Handing something in on the page of an atrium, without an account: taken in, and held within bounds."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import httpx
import pytest

from bot.web.app import create_app
from bot.web.page_contributions import MOST_FROM_ONE, MOST_WAITING, VALID_FOR
from handlers.model import Contribution, ContributionSort, Role, Status
from store import contributions, members
from store.contributions import StoredContribution
from store.dossier import StoredDossier
from store.engine import Store
from store.forgetting import forget
from store.identities import link
from tests.fakes.network import POLITICIANS, atrium, fill
from tests.fakes.visitor import SAME_ORIGIN, Visitor, web

PAGE = "/atria/atr-1"


class Clock:
    """The present, as the test has it."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def page(sqlite_store: Store, now: dt.datetime, clock: Clock) -> Visitor:
    fill(
        sqlite_store,
        atrium("2026-12-17 09:00"),
        atrium("2026-12-18 09:00", uid="other"),
        atrium("2026-11-02 09:00", uid="past"),
        atrium("2026-12-01 09:00", uid="gone", status=Status.GEANNULEERD),
        atrium("2026-12-02 09:00", uid="closed", visibility=frozenset({POLITICIANS.key})),
    )
    return Visitor(create_app(replace(web(sqlite_store, now), now=clock)))


def proof(page: Visitor, address: str = PAGE) -> str:
    found = re.search(r'name="bewijs" value="([^"]+)"', page.get(address).text)
    assert found is not None
    return found[1]


def send(page: Visitor, at: str = PAGE, **fields: str) -> httpx.Response:
    """The form as a browser sends it; a field that is None was not filled in."""
    if "bewijs" not in fields:
        fields["bewijs"] = proof(page, at)
    filled = {"soort": "vraag", "tekst": "Kan het over groendaken?", "akkoord": "ja", **fields}
    return page.post(f"{at}/inbreng", data=filled, headers=SAME_ORIGIN)


def kept(store: Store) -> list[StoredContribution]:
    with store.reading() as session:
        return contributions.list_contributions(session)


def test_what_a_visitor_hands_in_is_kept_as_theirs_and_thanked_for(
    page: Visitor, sqlite_store: Store, now: dt.datetime
) -> None:
    answer = send(
        page,
        soort="agendapunt",
        tekst="Kan het over\r\ngroendaken?",
        naam=" An  Peeters ",
        met_naam="ja",
        email="An@Gemeente.example.org",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?inbreng=ontvangen#inbreng")
    (one,) = kept(sqlite_store)
    assert one.contribution.text == "Kan het over\ngroendaken?"
    assert one.contribution.sort is ContributionSort.AGENDAPUNT
    assert (one.contribution.atrium_uid, one.contribution.named) == ("atr-1", True)
    assert (one.giver_name, one.giver_email) == ("An Peeters", "an@gemeente.example.org")
    assert (one.member_id, one.platform, one.created_at) == (None, contributions.PAGE, now)
    assert "Je inbreng is bij de moderatoren" in page.get(answer.headers["location"]).text


def test_a_name_that_may_not_be_told_is_not_kept(page: Visitor, sqlite_store: Store) -> None:
    assert send(page, naam="An Peeters").status_code == 303
    (one,) = kept(sqlite_store)
    assert one.giver_name is None
    assert contributions.handed_in(one).author is None


def test_what_was_handed_in_stands_on_no_page(page: Visitor) -> None:
    send(page, tekst="Een heel eigen vraag", email="an@gemeente.example.org")
    for address in ("/", PAGE, f"{PAGE}?inbreng=ontvangen", "/agenda.ics", "/api/atria"):
        shown = page.get(address).text
        assert "Een heel eigen vraag" not in shown
        assert "an@gemeente" not in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tekst": "  "}, "Schrijf wat je wilt inbrengen."),
        ({"tekst": "x" * 2001}, "Maak je inbreng korter"),
        ({"soort": "klacht"}, "Kies wat je inbrengt."),
        ({"akkoord": ""}, "Zonder je akkoord"),
        ({"email": "an@nergens"}, "Schrijf een e-mailadres"),
        ({"email": f"an@{'x' * 250}.example.org"}, "Schrijf een e-mailadres"),
        ({"naam": "x" * 81}, "Maak de naam korter"),
        ({"met_naam": "ja"}, "Schrijf je naam"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    page: Visitor, sqlite_store: Store, fields: dict[str, str], words: str
) -> None:
    answer = send(page, **{"tekst": "Mijn <b>vraag</b>", **fields})
    assert answer.status_code == 422
    (name,) = fields
    shown = "naam" if name == "met_naam" else name
    wrong = re.search(rf'id="fout-{shown}" class="wrong">([^<]+)<', answer.text)
    assert wrong is not None
    assert words in wrong[1]
    assert 'aria-invalid="true"' in answer.text
    if name != "tekst":
        assert "Mijn &lt;b&gt;vraag&lt;/b&gt;</textarea>" in answer.text
    assert kept(sqlite_store) == []


def test_sent_twice_is_handed_in_once_and_another_text_is_another(page: Visitor, sqlite_store: Store) -> None:
    form = proof(page)
    for text in ("Eén", "Eén", "Twee"):
        assert send(page, bewijs=form, tekst=text).status_code == 303
    assert [one.contribution.text for one in kept(sqlite_store)] == ["Eén", "Twee"]


@pytest.mark.parametrize("forged", ["", "1.2.3", "x.y.z", "9999999999.aa.", "..", "é.é.é"])
def test_a_form_that_is_not_ours_is_offered_anew(page: Visitor, sqlite_store: Store, forged: str) -> None:
    answer = send(page, bewijs=forged)
    assert answer.status_code == 422
    assert "Verstuur je inbreng" in answer.text
    assert "Kan het over groendaken?</textarea>" in answer.text
    assert kept(sqlite_store) == []


def test_the_form_of_one_atrium_does_for_no_other(page: Visitor, sqlite_store: Store) -> None:
    assert send(page, "/atria/other", bewijs=proof(page)).status_code == 422
    assert kept(sqlite_store) == []


def test_a_form_that_stood_open_too_long_is_offered_anew_with_what_was_typed(
    page: Visitor, sqlite_store: Store, clock: Clock
) -> None:
    form = proof(page)
    clock.now += VALID_FOR
    answer = send(page, bewijs=form, tekst="Nog eens")
    assert (answer.status_code, "stond lang open" in answer.text) == (422, True)
    again = re.search(r'name="bewijs" value="([^"]+)"', answer.text)
    assert again is not None
    assert send(page, bewijs=again[1], tekst="Nog eens").status_code == 303
    assert len(kept(sqlite_store)) == 1


def test_a_program_that_fills_in_everything_hands_in_nothing(page: Visitor, sqlite_store: Store) -> None:
    assert send(page, website="https://koop.example.org").status_code == 303
    assert kept(sqlite_store) == []


def test_one_address_hands_in_so_many_and_may_again_later(
    page: Visitor, sqlite_store: Store, clock: Clock
) -> None:
    for number in range(MOST_FROM_ONE):
        assert send(page, tekst=f"Vraag {number}").status_code == 303
    answer = send(page, tekst="Nog een")
    assert (answer.status_code, "Nog een</textarea>" in answer.text) == (429, True)
    assert len(kept(sqlite_store)) == MOST_FROM_ONE
    clock.now += dt.timedelta(minutes=15)
    assert send(page, tekst="Nog een").status_code == 303


def test_so_many_wait_for_one_atrium_and_no_more(
    page: Visitor, sqlite_store: Store, now: dt.datetime
) -> None:
    with sqlite_store.writing() as session:
        for number in range(MOST_WAITING):
            given = Contribution(text="spam", atrium_uid="atr-1")
            assert contributions.add_from_page(session, given, contributions.Visitor(proof=str(number)), now)
    assert send(page).status_code == 429
    assert send(page, "/atria/other").status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elders.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/json"}, 415),
    ],
)
def test_what_does_not_come_from_the_form_itself_is_refused(
    page: Visitor, sqlite_store: Store, headers: dict[str, str], status: int
) -> None:
    given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    body = f"bewijs={proof(page)}&soort=vraag&tekst=x&akkoord=ja"
    assert page.post(f"{PAGE}/inbreng", content=body, headers=given).status_code == status
    assert kept(sqlite_store) == []


def test_a_body_that_is_too_large_is_refused_unread(page: Visitor, sqlite_store: Store) -> None:
    answer = send(page, tekst="x" * 40_000)
    assert (answer.status_code, "Maak je inbreng korter" in answer.text) == (413, True)


@pytest.mark.parametrize(("uid", "status"), [("past", 409), ("gone", 409), ("closed", 404), ("zomaar", 404)])
def test_nothing_is_taken_in_for_what_is_over_called_off_or_not_public(
    page: Visitor, sqlite_store: Store, uid: str, status: int
) -> None:
    assert "Verstuur je inbreng" not in page.get(f"/atria/{uid}").text
    answer = send(page, f"/atria/{uid}", bewijs=proof(page))
    assert answer.status_code == status
    assert kept(sqlite_store) == []


def test_an_operator_can_leave_the_form_out(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store, atrium("2026-12-17 09:00"))
    page = Visitor(create_app(web(sqlite_store, now, takes_contributions=False)))
    shown = page.get(PAGE).text
    assert ("Verstuur je inbreng" in shown, "Iets inbrengen?" in shown) == (False, True)
    assert send(page, bewijs="x").status_code == 404


def test_the_form_works_on_whatever_replica_it_is_sent_to(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store, atrium("2026-12-17 09:00"))
    one, other = (Visitor(create_app(web(sqlite_store, now, form_key=key))) for key in (b"same", b"same"))
    assert send(other, bewijs=proof(one)).status_code == 303
    stranger = Visitor(create_app(web(sqlite_store, now, form_key=b"another")))
    assert send(stranger, bewijs=proof(one)).status_code == 422


def test_whoever_owns_the_address_is_told_of_it_and_has_it_forgotten(
    page: Visitor, sqlite_store: Store, now: dt.datetime
) -> None:
    send(page, tekst="Van de pagina", email="an@gemeente.example.org")
    send(page, tekst="Van een ander", email="jan@gemeente.example.org")
    with sqlite_store.writing() as session:
        members.ensure_person(session, "slack", "U1", "An", Role.MEMBER, now)
        link(session, "slack", "U1", "An@gemeente.example.org")
        dossier = StoredDossier(session, "slack", "U1", lambda _platform, _id: "p", dt.timedelta(days=1))
        assert dossier.read().contributions == ("Van de pagina",)
        forget(session, "slack", "U1", lambda _platform, _id: "p")
    assert [one.contribution.text for one in kept(sqlite_store)] == ["Van een ander"]
