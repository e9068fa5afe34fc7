"""An announcement in the console: what a page asks first, what it says, and what two keep at once."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from sqlalchemy import update

from bot.announcing import Announcing
from bot.outcomes import Outcome, Saved
from handlers.model import Person, Role
from handlers.moderation.lifecycle import State
from store import audit, post_acts
from store.agenda import find_atrium
from store.announcements import Announcement, get_announcement, list_announcements
from store.engine import Store
from store.states import OutboxState
from store.tables import OutboxRow
from tests.bot.console.conftest import Enter
from tests.fakes.console_visitors import PEOPLE, RULES, Moderator
from tests.fakes.desk import one_place, programme

PAGES = "/beheer/aankondigingen"
TWO = one_place(communities=("algemeen", "water"), publish_on="2026-11-26", publish_at="09:00")


def person(who: str) -> Person:
    return Person(platform="console", external_id=PEOPLE[who], name=who.capitalize(), role=Role.MODERATOR)


class Office:
    """What others do behind the pages, each in their own name."""

    def __init__(self, store: Store, now: dt.datetime) -> None:
        self.store, self.now, self.announcing = store, now, Announcing(RULES)

    def act(self, name: str, *args: Any, who: str = "moderator", **more: Any) -> Announcement:
        with self.store.writing() as session:
            done: Outcome = getattr(self.announcing, name)(
                session, person(who), "console", self.now, *args, **more
            )
        assert isinstance(done, Saved), done
        return done.announcement

    def posted(self, values: dict[str, str | tuple[str, ...]]) -> Announcement:
        """Made, and there in each of its communities."""
        number = self.act("publish", self.act("save", values).id).id
        with self.store.writing() as session:
            sent = {"state": OutboxState.SENT, "sent_at": self.now, "message_id": "m1", "thread": "m1"}
            session.execute(update(OutboxRow).where(OutboxRow.kind == "announcement").values(**sent))
        return self.get(number)

    def announcing_list(self) -> list[Announcement]:
        with self.store.reading() as session:
            return list_announcements(session)

    def get(self, number: int) -> Announcement:
        with self.store.reading() as session:
            return get_announcement(session, number)


@pytest.fixture
def office(furnished: Store, now: dt.datetime) -> Office:
    return Office(furnished, now)


def values_in(page: str) -> dict[str, str | tuple[str, ...]]:
    """What a browser would send of a form that nobody touched."""
    found: dict[str, str | tuple[str, ...]] = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input id="veld-[^"]*" name="([^"]+)"[^>]*value="([^"]*)"', page)
    }
    for name in ("versie", "basis"):
        (value,) = re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', page)
        found[name] = html.unescape(value)
    for name, options in re.findall(
        r'<select id="veld-[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)" checked', page):
        found[name] = (*found.get(name, ()), value)
    return found


def main_of(page: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())


def done(visitor: Moderator, address: str) -> str:
    """What the next page says was done."""
    return main_of(visitor.get(address).text)


# --- asking first --------------------------------------------------------------------------------------


def test_cancelling_places_shows_the_posts_and_asks_before_anything_happens(
    enter: Enter, office: Office, furnished: Store
) -> None:
    number = office.posted(programme(communities=("algemeen",))).id
    visitor = enter("moderator")
    uids = office.get(number).atria
    direct = visitor.send(f"{PAGES}/{number}/stap", stap="cancel", plaats=uids[2], versie="2")
    assert direct.status_code == 303
    asks = direct.headers["location"]
    assert asks == f"{PAGES}/{number}/annuleren?plaats={uids[2]}"
    page = visitor.get(asks).text
    assert "Geannuleerd: Provinciaal Atrium" in page
    assert "Wel nog in Antwerpen" in page
    with furnished.reading() as session:
        assert find_atrium(session, uids[2]).is_cancelled is False
    sure = {"stap": "cancel", "plaats": uids[2], "zeker": "ja", "reden": "te weinig volk", "versie": "2"}
    assert visitor.send(f"{PAGES}/{number}/stap", **sure).status_code == 303
    with furnished.reading() as session:
        assert [find_atrium(session, uid).is_cancelled for uid in uids] == [False, False, True, False, False]
        (act, *_) = audit.entries(session, 5, subject=uids[2])
        said = [row.payload for row in session.query(OutboxRow).where(OutboxRow.kind == "cancellation")]
    assert act.after is not None
    assert act.after["reason"] == "te weinig volk"
    assert len(said) == 1


def test_an_atrium_with_one_place_is_cancelled_without_a_choice(enter: Enter, office: Office) -> None:
    announced = office.posted(one_place(communities=("algemeen",)))
    page = enter("moderator").get(f"{PAGES}/{announced.id}").text
    assert "Annuleer dit atrium" in page
    assert "Kies welke plaatsen" not in page
    assert f'<input type="hidden" name="plaats" value="{announced.atria[0]}">' in page


def test_nothing_ticked_is_told_so(enter: Enter, office: Office) -> None:
    number = office.posted(programme(communities=("algemeen",))).id
    visitor = enter("moderator")
    for answer in (
        visitor.get(f"{PAGES}/{number}/annuleren"),
        visitor.send(f"{PAGES}/{number}/stap", stap="cancel", versie="2"),
    ):
        assert answer.status_code == 422
        assert "Kies eerst welke plaatsen je wilt annuleren." in answer.text


def test_recalling_what_was_posted_asks_first_and_takes_a_reason(enter: Enter, office: Office) -> None:
    number = office.posted(one_place(communities=("algemeen",))).id
    visitor = enter("moderator")
    direct = visitor.send(f"{PAGES}/{number}/stap", stap="retract", versie="2")
    assert direct.headers["location"] == f"{PAGES}/{number}/intrekken"
    assert "Geannuleerd: Thematisch Atrium: ontharding" in visitor.get(f"{PAGES}/{number}/intrekken").text
    assert office.get(number).state is not State.RETRACTED
    visitor.send(f"{PAGES}/{number}/stap", stap="retract", zeker="ja", reden="dubbel", versie="2")
    assert (office.get(number).state, office.get(number).reason) == (State.RETRACTED, "dubbel")


def test_placing_an_announcement_at_once_is_asked_first(enter: Enter, office: Office) -> None:
    number = office.act("save", one_place(communities=("algemeen", "water"))).id
    visitor = enter("moderator")
    direct = visitor.send(f"{PAGES}/{number}/stap", stap="publish", versie="1")
    assert direct.headers["location"] == f"{PAGES}/{number}/nu"
    assert office.get(number).state is State.DRAFT
    asks = visitor.get(f"{PAGES}/{number}/nu").text
    assert "Deze aankondiging nu plaatsen?" in asks
    assert "Atrium Lerend Netwerk" in asks
    assert "Water en droogte" in asks
    visitor.send(f"{PAGES}/{number}/stap", stap="publish", zeker="ja", versie="1")
    assert office.get(number).state is State.POSTING
    assert "Plaats nu" not in visitor.get(f"{PAGES}/{number}").text


def test_the_agenda_shows_what_will_be_posted_before_it_cancels(enter: Enter, office: Office) -> None:
    (uid,) = office.posted(one_place(communities=("algemeen",))).atria
    page = enter("moderator").get(f"/beheer/agenda/{uid}/annuleren").text
    assert "Dit wordt geplaatst" in page
    assert "Geannuleerd: Thematisch Atrium: ontharding" in page


# --- two at once ---------------------------------------------------------------------------------------


def test_what_each_changed_is_kept(enter: Enter, office: Office) -> None:
    number = office.act("save", TWO).id
    first, second = enter("moderator"), enter("collega")
    form = values_in(first.get(f"{PAGES}/{number}/wijzigen").text)
    assert first.send(f"{PAGES}/{number}/wijzigen", **{**form, "theme": "water"}).status_code == 303
    mine = second.send(f"{PAGES}/{number}/wijzigen", **{**form, "address-1": "Kerkstraat 1"})
    assert mine.status_code == 303
    kept = office.get(number).drafts[0]
    assert (kept.theme, kept.address) == ("water", "Kerkstraat 1")
    assert "Iemand anders wijzigde intussen ook: Thema." in done(second, mine.headers["location"])


def test_only_what_both_changed_is_asked_and_in_words(enter: Enter, office: Office) -> None:
    number = office.act("save", TWO).id
    first, second = enter("moderator"), enter("collega")
    form = values_in(first.get(f"{PAGES}/{number}/wijzigen").text)
    theirs = {"date-1": "2027-03-19", "audience": ("mandataris",), "theme": "water", "communities": ()}
    first.send(f"{PAGES}/{number}/wijzigen", **{**form, **theirs})
    mine = {"date-1": "2027-03-20", "audience": ("ambtenaar", "intercommunale"), "address-1": "Kerkstraat 1"}
    clash = second.send(f"{PAGES}/{number}/wijzigen", **{**form, **mine})
    assert clash.status_code == 409
    (asked,) = re.findall(r'<ul class="clash">(.*?)</ul>', clash.text, re.DOTALL)
    assert re.findall(r"<dd>(.*?)</dd>", asked) == [
        "Lokale mandatarissen",
        "Lokale omgevingsambtenaren en Intercommunales",
        "vrijdag 19 maart 2027",
        "zaterdag 20 maart 2027",
    ]
    again = values_in(clash.text)
    assert (again["theme"], again["date-1"], again["address-1"]) == ("water", "2027-03-20", "Kerkstraat 1")
    assert second.send(f"{PAGES}/{number}/wijzigen", **again).status_code == 303
    assert office.get(number).drafts[0].date == dt.date(2027, 3, 20)


# --- who, and what fits --------------------------------------------------------------------------------


def test_who_withdrew_it_is_named_with_that_moment(enter: Enter, office: Office) -> None:
    number = office.act("save", TWO).id
    office.act("schedule", number)
    office.now += dt.timedelta(hours=1)
    office.act("retract", number, who="collega")
    visitor = enter("beheerder")
    page = done(visitor, f"{PAGES}/{number}")
    assert "Ingetrokken door Collega, ma 23 november, 11.00 u." in page
    assert "ma 23 november, 10.00 u. Gepland door Moderator" in page
    assert "Gemaakt door Moderator" in page
    assert "Ingetrokken door Collega" in done(visitor, PAGES)


def primary(page: str) -> list[str]:
    """What the buttons and links that stand out say."""
    acts = page[page.index('<div class="acts">') : page.index("Neem over")]
    buttons = re.findall(r'<button name="stap" value="[^"]*" class="">(.*?)</button>', acts)
    return buttons + re.findall(r'<a class="button" [^>]*>(.*?)</a>', acts)


@pytest.mark.parametrize(
    ("values", "stands_out"),
    [
        ({"kind": "thematisch"}, "Vul aan"),
        (one_place(), "Plaats nu"),
        (TWO, "Plan op donderdag 26 november 2026 om 9.00 u."),
        (TWO | {"publish_on": "2026-11-28"}, "Plan op maandag 30 november 2026 om 8.00 u."),
    ],
)
def test_the_step_that_fits_stands_out(
    enter: Enter, office: Office, values: dict[str, str | tuple[str, ...]], stands_out: str
) -> None:
    number = office.act("save", values).id
    assert primary(enter("moderator").get(f"{PAGES}/{number}").text) == [stands_out]


def test_a_preview_puts_its_mistakes_above_the_form_linked_to_their_fields(enter: Enter) -> None:
    piece = enter("moderator").send(f"{PAGES}/voorbeeld", kind="thematisch", municipality="Parijs").text
    above = piece[piece.index('id="fouten-boven" hx-swap-oob="innerHTML"') :]
    assert re.search(r'<a href="#veld-municipality[^"]*" data-fout="Vul de gemeente in.', above)
    assert "Wat je typte, staat er nog." in above
    assert "Wat je typte" not in enter("moderator").send(f"{PAGES}/voorbeeld").text


@pytest.mark.parametrize("is_posted", [True, False])
def test_a_copy_is_said_to_be_the_same_atrium(enter: Enter, office: Office, is_posted: bool) -> None:
    values = one_place(communities=("algemeen",))
    first = office.posted(values) if is_posted else office.act("submit", office.act("save", values).id)
    copy = office.act("save", values).id
    page = main_of(enter("moderator").get(f"{PAGES}/{copy}").text)
    assert f"Dit lijkt hetzelfde atrium als aankondiging {first.id}." in page
    assert "binnen drie dagen" not in page
    assert page.count("hetzelfde atrium") == 1
    assert "hetzelfde atrium" not in enter("moderator").get(f"{PAGES}/{first.id}").text


def test_an_empty_form_is_not_kept_but_told(enter: Enter, office: Office, furnished: Store) -> None:
    visitor = enter("moderator")
    before = len(office.announcing_list())
    answer = visitor.send(f"{PAGES}/nieuw")
    assert answer.status_code == 422
    assert "Er staat nog niets in." in answer.text
    assert len(office.announcing_list()) == before


# --- what is planned, and what is placed ---------------------------------------------------------------


def test_the_form_of_a_planned_one_says_what_keeping_it_does(enter: Enter, office: Office) -> None:
    number = office.act("save", TWO).id
    office.act("submit", number)
    office.act("approve", number, who="collega")
    page = done(enter("moderator"), f"{PAGES}/{number}/wijzigen")
    assert "Bewaar als ontwerp" not in page
    assert "Bewaren plaatst nog niets" not in page
    assert "Wat je bewaart, wordt zo geplaatst: do 26 november, 9.00 u." in page
    assert "Collega keurde dit goed. Wijzig je wat erin staat, dan gold dat de vorige tekst." in page


def test_a_planned_one_says_which_of_its_posts_are_held_or_elsewhere(
    enter: Enter, office: Office, furnished: Store
) -> None:
    number = office.act("schedule", office.act("save", TWO).id).id
    with furnished.writing() as session:
        rows = {
            row.community_key: row.id
            for row in session.query(OutboxRow).where(OutboxRow.kind == "announcement")
        }
        post_acts.hold(session, rows["algemeen"], office.now)
        post_acts.move(session, rows["water"], office.now + dt.timedelta(days=4), office.now)
    page = done(enter("moderator"), f"{PAGES}/{number}")
    assert "Wordt geplaatst: do 26 november, 9.00 u." in page
    assert "In Atrium Lerend Netwerk blijft het bericht tegengehouden" in page
    assert "In Water en droogte blijft het bericht op vrijdag 27 november 2026 om 10.00 u." in page


def test_what_is_placed_reads_as_it_stands_with_its_own_moment(
    enter: Enter, office: Office, furnished: Store
) -> None:
    announced = office.posted(programme(communities=("algemeen",)))
    office.act("cancel", announced.id, [announced.atria[2]])
    page = done(enter("moderator"), f"{PAGES}/{announced.id}")
    reads = page[page.index("Zo leest het nu") :]
    assert "geplaatst, ma 23 november, 10.00 u." in reads
    assert "Geannuleerd: Provinciaal Atrium" in reads


def test_the_page_of_a_planned_post_shows_its_text(enter: Enter, office: Office, furnished: Store) -> None:
    office.act("schedule", office.act("save", TWO).id)
    with furnished.reading() as session:
        number = session.query(OutboxRow).where(OutboxRow.kind == "announcement").first().id
    page = done(enter("moderator"), f"/beheer/berichten/{number}")
    assert "Nieuw: Thematisch Atrium: ontharding" in page


# --- another moment for one post -----------------------------------------------------------------------


def moving(visitor: Moderator, number: int, date: str, time: str, **more: str) -> tuple[int, str]:
    page = visitor.get(f"/beheer/berichten/{number}").text
    (version,) = set(re.findall(r'name="versie" value="([^"]*)"', page))
    step = {"stap": "verplaatsen", "versie": version, "datum": date, "uur": time, **more}
    answer = visitor.send(f"/beheer/berichten/{number}/stap", **step)
    if answer.status_code == 303:
        return 303, done(visitor, answer.headers["location"])
    return answer.status_code, main_of(answer.text)


def test_a_moment_at_which_the_bot_is_quiet_is_warned_of_and_can_be_meant(
    enter: Enter, office: Office, furnished: Store
) -> None:
    office.act("schedule", office.act("save", TWO).id)
    with furnished.reading() as session:
        number = session.query(OutboxRow).where(OutboxRow.kind == "announcement").first().id
    visitor = enter("moderator")
    status, said = moving(visitor, number, "2026-11-28", "03:00")
    assert status == 409
    assert "Er is nog niets verplaatst" in said
    assert "Op zaterdag 28 november 2026 plaatst de bot niets uit zichzelf" in said
    status, said = moving(visitor, number, "2026-11-28", "03:00", gezien="2026-11-28 03:00")
    assert status == 303
    assert "Verplaatst naar zaterdag 28 november 2026, 3.00 u." in said


@pytest.mark.parametrize(
    ("date", "time", "status", "says"),
    [
        ("2027-03-18", "14:00", 409, "Dan is het atrium al begonnen"),
        ("2027-03-17", "10:00", 409, "dinsdag 16 maart 2027, is dan voorbij"),
        ("2026-12-25", "10:00", 409, "is een feestdag"),
        ("2026-11-27", "20:00", 409, "Om 20.00 u. plaatst de bot niets uit zichzelf: dat doet hij van 8.00"),
        ("2026-11-27", "10:00", 303, "Verplaatst naar vrijdag 27 november 2026, 10.00 u."),
    ],
)
def test_what_is_wrong_with_a_moment_is_told(
    enter: Enter, office: Office, furnished: Store, date: str, time: str, status: int, says: str
) -> None:
    office.act("schedule", office.act("save", TWO).id)
    with furnished.reading() as session:
        number = session.query(OutboxRow).where(OutboxRow.kind == "announcement").first().id
    found, said = moving(enter("moderator"), number, date, time)
    assert found == status
    assert says in said
