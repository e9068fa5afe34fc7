"""Agreeing in the console: what the page says beforehand, who is asked, and where it stands meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.announcing import Announcing
from bot.outcomes import Outcome, Saved
from handlers.model import Person, Role
from handlers.moderation.lifecycle import State
from store.announcements import Announcement, get_announcement
from store.engine import Store
from tests.fakes.console_visitors import PEOPLE, RULES, Moderator, application, console_setup
from tests.fakes.desk import one_place

PAGES = "/beheer/aankondigingen"
HERE = {"communities": ("algemeen", "water")}
THURSDAY = {"publish_on": "2026-11-26", "publish_at": "09:00"}


class Office:
    """Two moderators of a console where every announcement needs the agreement of another."""

    def __init__(self, store: Store, now: dt.datetime) -> None:
        self.store, self.now = store, now
        self.announcing = Announcing(RULES, approval_above=0)

    def act(self, name: str, *args: object, who: str = "moderator") -> Announcement:
        person = Person(
            platform="console", external_id=PEOPLE[who], name=who.capitalize(), role=Role.MODERATOR
        )
        with self.store.writing() as session:
            done: Outcome = getattr(self.announcing, name)(session, person, "console", self.now, *args)
        assert isinstance(done, Saved), done
        return done.announcement

    def waiting(self, **different: str | tuple[str, ...]) -> int:
        return self.act("submit", self.act("save", one_place(**HERE, **different)).id).id

    def state(self, number: int) -> State:
        with self.store.reading() as session:
            return get_announcement(session, number).state

    def visitor(self, who: str, at: dt.datetime | None = None) -> Moderator:
        now = at or self.now
        app = application(self.store, now, console_setup(approval_above=0))
        return Moderator(app, self.store, now, who)


@pytest.fixture
def office(furnished: Store, now: dt.datetime) -> Office:
    return Office(furnished, now)


def test_the_page_says_that_agreeing_posts_it_at_once_and_where(office: Office) -> None:
    number = office.waiting()
    page = office.visitor("collega").get(f"{PAGES}/{number}").text
    assert "Keur goed en plaats nu</button>" in page
    assert "Keur je dit goed, dan wordt het nu geplaatst in " in page
    own = office.visitor("moderator").get(f"{PAGES}/{number}").text
    assert "Wordt geplaatst zodra een andere moderator het goedkeurt, in " in own
    assert "zodra het goedgekeurd is" in own


def test_what_has_a_moment_is_agreed_to_for_that_moment(office: Office) -> None:
    page = office.visitor("collega").get(f"{PAGES}/{office.waiting(**THURSDAY)}").text
    assert "Keur goed</button>" in page
    assert "Wordt geplaatst: do 26 november" in page


def test_agreeing_in_the_evening_asks_first(office: Office, now: dt.datetime) -> None:
    number = office.waiting()
    visitor = office.visitor("collega", now.replace(hour=20))
    step = {"stap": "approve", "versie": "2"}
    asks = visitor.send(f"{PAGES}/{number}/stap", **step)
    assert (asks.status_code, office.state(number)) == (409, State.AWAITING_APPROVAL)
    assert "plaatst de bot niets uit zichzelf" in asks.text
    assert visitor.send(f"{PAGES}/{number}/stap", **step, zeker="ja").status_code == 303
    assert office.state(number) is State.POSTING


def test_the_button_that_stands_out_hands_in_where_another_must_agree(office: Office) -> None:
    number = office.act("save", one_place(**HERE, **THURSDAY)).id
    page = office.visitor("moderator").get(f"{PAGES}/{number}").text
    assert '<button name="stap" value="submit" class="">' in page
    assert 'value="schedule"' not in page


def test_the_overview_parts_what_waits_for_me_from_what_waits_for_another(office: Office) -> None:
    office.waiting()
    own, others = (office.visitor(who).get("/beheer").text for who in ("moderator", "collega"))
    assert "Je wacht op een ander" in own
    assert "Wacht op goedkeuring</h3>" not in own
    assert "Wacht op goedkeuring</h3>" in others
    assert "Je wacht op een ander" not in others


def test_the_calendar_shows_what_waits_on_its_day(office: Office) -> None:
    number = office.waiting(**THURSDAY)
    page = office.visitor("moderator").get("/beheer/berichten").text
    day = page[page.index('id="dag-2026-11-26"') :].split("</section>")[0]
    assert f'href="{PAGES}/{number}"' in day
    assert "wacht op goedkeuring" in day
    assert "9.00 u." in day


def test_the_form_says_beforehand_who_can_agree(office: Office) -> None:
    number = office.waiting(**THURSDAY)
    office.act("approve", number, who="collega")
    page = office.visitor("collega").get(f"{PAGES}/{number}/wijzigen").text
    assert "ook Moderator, die het maakte; jijzelf niet" in page


def test_the_log_says_that_a_correction_undid_the_agreement(office: Office) -> None:
    number = office.waiting(**THURSDAY)
    office.act("approve", number, who="collega")
    office.act("save", one_place(**HERE, **THURSDAY) | {"venue-1": "Zaal B"}, number, who="collega")
    visitor = office.visitor("moderator")
    assert "Gewijzigd door Collega, de goedkeuring verviel" in visitor.get(f"{PAGES}/{number}").text
    log = office.visitor("beheerder").get("/beheer/logboek").text.lower()
    assert "aankondiging gewijzigd, goedkeuring vervallen" in log
