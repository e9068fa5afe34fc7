"""In and out of the console: with a real provider, with the link of the demo, and only so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.clock import SystemClock
from bot.web.console import signin
from bot.web.console.attempts import MOST_FROM_ONE, WINDOW
from bot.web.console.oidc import identity_of
from bot.web.console.setup import Provider
from handlers.model import Role
from store import belonging, identities, members, sessions
from store.communities import sync_communities
from store.engine import Store
from store.members import sync_roles
from tests.fakes.console_visitors import EVERYWHERE, PEOPLE, Moderator, application, console_setup, furnish
from tests.fakes.provider import agree, running_provider
from tests.fakes.visitor import SAME_ORIGIN

#: When these tests were read.
NOW = SystemClock().now()


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as found:
        yield found


@pytest.fixture
def visitor(sqlite_store: Store, issuer: str) -> Moderator:
    """Somebody who is not signed in, at a console with a provider."""
    with sqlite_store.writing() as session:
        sync_roles(
            session,
            administrators=["console:an@example.org", "console:bert@example.org"],
            moderators=["console:oid-7"],
        )
    provider = Provider(issuer=issuer, client_id="beheer", client_secret="geheim")  # noqa: S106  # nobody else's
    # The provider's clock is the machine's, so ours must be too.
    app = application(sqlite_store, NOW, console_setup(provider=provider), SystemClock().now)
    return Moderator(app, sqlite_store, NOW, None)


def begin(visitor: Moderator, onward: str = "/beheer") -> str:
    answer = visitor.post("/beheer/aanmelden", data={"verder": onward}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(visitor: Moderator, given: dict[str, str]) -> int:
    return visitor.get(f"/beheer/aanmelden/terug?{urlencode(given)}").status_code


def test_who_is_on_the_list_comes_where_they_wanted_to_be(visitor: Moderator) -> None:
    address = begin(visitor, "/beheer/logboek")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["https://atria.example.org/beheer/aanmelden/terug"]
    answer = visitor.get(f"/beheer/aanmelden/terug?{urlencode(agree(address, 'sub-an'))}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/beheer/logboek"
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-beheer="))
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "An Peeters" in visitor.get("/beheer").text


def test_the_object_id_of_the_directory_counts_too(visitor: Moderator) -> None:
    assert come_back(visitor, agree(begin(visitor), "sub-oid")) == 303
    assert "(moderator)" in visitor.get("/beheer").text


@pytest.mark.parametrize("sub", ["sub-vreemd", "sub-bert"])
def test_a_stranger_and_an_unverified_address_get_a_clear_page(visitor: Moderator, sub: str) -> None:
    answer = visitor.get(f"/beheer/aanmelden/terug?{urlencode(agree(begin(visitor), sub))}")
    assert answer.status_code == 403
    assert "Je hebt nog geen toegang" in answer.text
    assert visitor.get("/beheer").status_code == 401


def test_an_answer_is_good_for_one_browser_and_for_once(visitor: Moderator, sqlite_store: Store) -> None:
    given = agree(begin(visitor), "sub-an")
    other = Moderator(visitor._app, sqlite_store, NOW, None)
    assert come_back(other, given) == 400
    assert come_back(visitor, {**given, "state": "x"}) == 400
    assert come_back(visitor, given) == 303
    assert come_back(visitor, given) == 400


def test_a_code_of_another_sign_in_is_refused(visitor: Moderator) -> None:
    """The nonce of the identity token is that of the sign-in that asked for it."""
    first = agree(begin(visitor), "sub-an")
    second = agree(begin(visitor), "sub-an")
    assert come_back(visitor, {"code": first["code"], "state": second["state"]}) == 502
    assert visitor.get("/beheer").status_code == 401


def test_a_made_up_code_and_a_refusal_are_told(visitor: Moderator) -> None:
    state = parse_qs(urlsplit(begin(visitor)).query)["state"][0]
    assert come_back(visitor, {"code": "verzonnen", "state": state}) == 502
    state = parse_qs(urlsplit(begin(visitor)).query)["state"][0]
    answer = visitor.get(f"/beheer/aanmelden/terug?error=access_denied&state={state}")
    assert answer.status_code == 400
    assert "afgebroken" in answer.text


def test_a_provider_that_is_away_is_told(sqlite_store: Store) -> None:
    provider = Provider(issuer="http://127.0.0.1:9", client_id="beheer", client_secret="geheim")  # noqa: S106  # nobody else's
    app = application(sqlite_store, NOW, console_setup(provider=provider))
    answer = Moderator(app, sqlite_store, NOW, None).post(
        "/beheer/aanmelden", data={"verder": ""}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 503
    assert "antwoordt niet" in answer.text


@pytest.mark.parametrize(
    "elsewhere", ["https://kwaad.example.org", "//kwaad.example.org", "/\\kwaad", "/beheer/../x//y", "/", "x"]
)
def test_nobody_is_sent_elsewhere(visitor: Moderator, elsewhere: str) -> None:
    answer = visitor.get(f"/beheer/aanmelden/terug?{urlencode(agree(begin(visitor, elsewhere), 'sub-an'))}")
    assert answer.headers["location"] == "/beheer"


def test_a_planted_session_is_worth_nothing_after_signing_in(visitor: Moderator, sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        planted = sessions.open_session(session, PEOPLE["lid"], "Lid", "lid", NOW)
    visitor.cookies.set("__Host-beheer", planted)
    assert come_back(visitor, agree(begin(visitor), "sub-an")) == 303
    with sqlite_store.reading() as session:
        assert sessions.find_session(session, planted, NOW) is None


def test_signing_in_is_limited(visitor: Moderator) -> None:
    answers = [
        visitor.post("/beheer/aanmelden", data={"verder": ""}, headers=SAME_ORIGIN)
        for _ in range(MOST_FROM_ONE + 1)
    ]
    assert [each.status_code for each in answers[:-1]] == [303] * MOST_FROM_ONE
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == str(int(WINDOW.total_seconds()))


def test_an_address_counts_only_where_the_provider_vouches_for_it() -> None:
    claims = {"sub": "s", "email": "An@Example.org", "oid": "o"}
    assert identity_of(claims).ids == ("o", "s")
    assert identity_of({**claims, "email_verified": True}).ids == ("an@example.org", "o", "s")
    assert identity_of({**claims, "xms_edov": "1"}).ids[0] == "an@example.org"
    assert identity_of({**claims, "email_verified": "nee"}).ids == ("o", "s")


# --- sessions and the link of the demo -----------------------------------------------------------------


class MovingClock:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(now: dt.datetime) -> MovingClock:
    return MovingClock(now)


@pytest.fixture
def demo(sqlite_store: Store, clock: MovingClock) -> Moderator:
    furnish(sqlite_store, clock.now)
    app = application(sqlite_store, clock.now, console_setup(has_link=True), clock)
    return Moderator(app, sqlite_store, clock.now, None)


def link(store: Store, now: dt.datetime) -> str:
    with store.writing() as session:
        return sessions.open_way_in(session, sessions.LINK, now)


def use(visitor: Moderator, token: str) -> int:
    return visitor.post("/beheer/eenmalig", data={"token": token}, headers=SAME_ORIGIN).status_code


def test_the_link_works_once_and_looking_at_it_does_not_use_it_up(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    token = link(sqlite_store, clock.now)
    assert demo.get(f"/beheer/eenmalig/{token}").status_code == 200
    assert demo.get(f"/beheer/eenmalig/{token}").status_code == 200
    assert use(demo, token) == 303
    assert "(beheerder)" in demo.get("/beheer").text
    demo.cookies.clear()
    assert use(demo, token) == 404
    assert demo.get(f"/beheer/eenmalig/{token}").status_code == 404


def test_the_link_is_over_after_a_quarter_and_after_a_newer_one(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    old = link(sqlite_store, clock.now)
    new = link(sqlite_store, clock.now)
    assert use(demo, old) == 404
    clock.now += dt.timedelta(minutes=15)
    assert use(demo, new) == 404


def test_without_the_demo_no_link_works(sqlite_store: Store, now: dt.datetime) -> None:
    visitor = Moderator(application(sqlite_store, now), sqlite_store, now, None)
    assert use(visitor, link(sqlite_store, now)) == 404


def test_a_session_ends_when_nothing_is_asked_and_in_any_case_at_the_end_of_the_day(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    use(demo, link(sqlite_store, clock.now))
    clock.now += sessions.IDLE - dt.timedelta(minutes=1)
    assert demo.get("/beheer").status_code == 200
    clock.now += sessions.IDLE - dt.timedelta(minutes=1)
    assert demo.get("/beheer").status_code == 200
    clock.now += sessions.IDLE
    assert demo.get("/beheer").status_code == 401
    use(demo, link(sqlite_store, clock.now))
    begun = clock.now
    while clock.now < begun + sessions.LONGEST - dt.timedelta(minutes=30):
        clock.now += dt.timedelta(minutes=30)
        assert demo.get("/beheer").status_code == 200
    clock.now = begun + sessions.LONGEST
    assert demo.get("/beheer").status_code == 401


def test_signing_out_ends_the_session_everywhere(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    use(demo, link(sqlite_store, clock.now))
    secret = demo.cookies["__Host-beheer"]
    demo.secret = secret
    assert demo.send("/beheer/afmelden").status_code == 303
    demo.cookies.set("__Host-beheer", secret)
    assert demo.get("/beheer").status_code == 401


def test_the_store_holds_no_secret(demo: Moderator, sqlite_store: Store, clock: MovingClock) -> None:
    token = link(sqlite_store, clock.now)
    assert sqlite_store.file is not None
    use(demo, token)
    secret = demo.cookies["__Host-beheer"]
    for file in sqlite_store.file.parent.glob(f"{sqlite_store.file.name}*"):
        data = file.read_bytes()
        assert token.encode() not in data
        assert secret.encode() not in data


def test_a_role_that_is_withdrawn_is_gone_at_the_next_page(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    moderator = Moderator(demo._app, sqlite_store, clock.now, "moderator")
    assert moderator.get("/beheer").status_code == 200
    with sqlite_store.writing() as session:
        sync_roles(session)
    assert moderator.get("/beheer").status_code == 403


def test_an_owner_of_a_community_gets_in_by_address_and_is_one_person_everywhere(
    visitor: Moderator, sqlite_store: Store
) -> None:
    """Known in Slack, where the platform calls them an owner; the roles do not name them."""
    with sqlite_store.writing() as session:
        sync_communities(session, EVERYWHERE)
        members.ensure_person(session, "slack", "U1", "Vera Vreemd", Role.MEMBER, NOW)
        identities.link(session, "slack", "U1", "vreemd@example.org")
        belonging.keep_people(session, "slack", ("U1",), ("U1",), NOW)
    assert come_back(visitor, agree(begin(visitor), "sub-vreemd")) == 303
    assert "(moderator van een community)" in visitor.get("/beheer").text
    with sqlite_store.reading() as session:
        member = members.member_id_of(session, "slack", "U1")
        known = {each.platform for each in identities.identities_of(session, member)}
    assert known == {"slack", "console"}
    with sqlite_store.writing() as session:
        belonging.keep_people(session, "slack", (), ("U1",), NOW)
    assert visitor.get("/beheer").status_code == 403


def test_of_a_stranger_who_tried_nothing_is_kept(visitor: Moderator, sqlite_store: Store) -> None:
    assert come_back(visitor, agree(begin(visitor), "sub-vreemd")) == 403
    with sqlite_store.reading() as session:
        assert members.find_person(session, "console", "vreemd@example.org") is None


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/beheer/berichten/1/stap", "/beheer/berichten/1"),
        ("/beheer/aankondigingen/1/stap", "/beheer/aankondigingen/1"),
        ("/beheer/inbreng/1/stap", "/beheer/inbreng"),
        ("/beheer/vragen/1/antwoord", "/beheer/vragen/1"),
        ("/beheer/woorden/vergeten", "/beheer/woorden"),
        ("/beheer/pauze", "/beheer"),
    ],
)
def test_the_address_of_a_step_opens_the_page_it_belongs_to(
    demo: Moderator, sqlite_store: Store, clock: MovingClock, address: str, page: str
) -> None:
    stranger = demo.post(address, headers=SAME_ORIGIN)
    assert stranger.status_code == 401
    assert demo.get(address).status_code == 401
    moderator = Moderator(demo._app, sqlite_store, clock.now, "moderator")
    opened = moderator.get(address)
    assert (opened.status_code, opened.headers["location"]) == (303, page)


@pytest.mark.parametrize(
    ("asked", "onward"),
    [
        ("/beheer/agenda/nieuw", "/beheer/agenda/nieuw"),
        ("https://elders.example.org", "/beheer"),
        ("//elders.example.org", "/beheer"),
        ("", "/beheer"),
    ],
)
def test_signing_in_leads_back_to_the_form_and_nowhere_else(
    visitor: Moderator, asked: str, onward: str
) -> None:
    page = visitor.get(f"/beheer/aanmelden?verder={asked}").text
    assert f'name="verder" value="{onward}"' in page


def test_whoever_is_signed_in_already_goes_straight_to_the_form(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    moderator = Moderator(demo._app, sqlite_store, clock.now, "moderator")
    for asked, onward in (
        ("/beheer/agenda/nieuw", "/beheer/agenda/nieuw"),
        ("//elders.example.org", "/beheer"),
    ):
        answer = moderator.get(f"/beheer/aanmelden?verder={asked}")
        assert answer.headers["location"] == onward


def test_a_step_without_a_session_leads_back_to_its_page(visitor: Moderator) -> None:
    page = visitor.post("/beheer/berichten/7/stap", headers=SAME_ORIGIN).text
    assert 'name="verder" value="/beheer/berichten/7"' in page
    piece = visitor.post("/beheer/aankondigingen/voorbeeld", headers=SAME_ORIGIN).text
    assert 'name="verder" value="/beheer/aankondigingen"' in piece


def test_each_moderator_of_the_demo_has_a_link_so_that_one_can_agree_to_what_another_wrote(
    demo: Moderator, sqlite_store: Store, clock: MovingClock
) -> None:
    with sqlite_store.writing() as session:
        links = {
            key: sessions.open_way_in(session, sessions.LINK, clock.now, nonce=key) for key in signin.DEMO
        }
    assert "Aanmelden als Bob Claes" in demo.get(f"/beheer/eenmalig/{links['bob']}").text
    for key, who in ((None, "<b>An Peeters</b> (beheerder)"), ("bob", "<b>Bob Claes</b> (moderator)")):
        assert use(demo, links[key]) == 303
        assert f"Aangemeld als {who}" in demo.get("/beheer").text
        demo.cookies.clear()
