"""The public agenda: what the list and the page of one atrium show."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape

import pytest
from sqlalchemy import insert

from bot.web.app import create_app
from handlers.model import Kind, Status
from store.engine import Store
from store.states import OutboxState
from store.tables import OutboxRow
from tests.fakes.network import atrium, brussels, fill
from tests.fakes.visitor import Visitor, with_community


def titles(page: str) -> list[str]:
    """The titles on a page, in order."""
    found = re.findall(r"<h3><a [^>]*>\s*(?:<s>)?(.*?)(?:</s>)?\s*</a></h3>", page, re.DOTALL)
    return [unescape(title.strip()) for title in found]


def words(page: str) -> str:
    """What a page says, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_next_atrium_comes_first(visitor: Visitor) -> None:
    page = visitor.get("/").text
    assert page.index("Eerstvolgend") < page.index("december 2026")
    assert titles(page)[0] == "Thematisch Atrium: circulair bouwen"
    assert "donderdag 17 december 2026, van 13.00 tot 16.30 u." in words(page)


def test_the_agenda_says_where_it_comes_from_and_how_fresh_it_is(visitor: Visitor) -> None:
    page = words(visitor.get("/").text)
    assert "Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026." in page


def test_what_is_over_is_not_among_what_comes(visitor: Visitor) -> None:
    assert "september 2026" not in visitor.get("/").text
    past = visitor.get("/?wanneer=voorbij").text
    assert "september 2026" in past
    assert "december 2026" not in past


def test_the_past_begins_with_the_latest(visitor: Visitor) -> None:
    page = visitor.get("/?wanneer=voorbij").text
    assert page.index("november 2026</h2>") < page.index("september 2026</h2>")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("soort=provinciaal&plaats=Gent", {"Provinciaal Atrium Gent"}),
        ("soort=provinciaal&plaats=GENT", {"Provinciaal Atrium Gent"}),
        ("soort=provinciaal&plaats=Provincie+Limburg", {"Provinciaal Atrium Hasselt"}),
        ("soort=provinciaal&plaats=limburg", {"Provinciaal Atrium Hasselt"}),
        ("soort=lokaal&plaats=Vlaamse+Ardennen", {"Lokaal Atrium Vlaamse Ardennen"}),
        ("soort=lokaal&plaats=regio+westhoek", {"Lokaal Atrium Westhoek"}),
        ("q=westhoek", {"Lokaal Atrium Westhoek"}),
    ],
)
def test_filters_narrow_the_list(visitor: Visitor, filters: str, expected: set[str]) -> None:
    answer = visitor.get(f"/?{filters}")
    assert answer.status_code == 200
    assert set(titles(answer.text)) == expected


def test_a_former_municipality_is_its_present_one(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium(municipality="Pajottegem", title="Lokaal Atrium Pajottenland"))
    assert titles(newcomer.get("/?plaats=Galmaarden").text) == ["Lokaal Atrium Pajottenland"]


def test_several_kinds_can_be_asked_at_once(newcomer: Visitor, sqlite_store: Store) -> None:
    made = [atrium(uid=kind.value, kind=kind, title=kind.value) for kind in Kind]
    fill(sqlite_store, *made)
    assert set(titles(newcomer.get("/?soort=lokaal&soort=op_maat").text)) == {"lokaal", "op_maat"}
    assert set(titles(newcomer.get("/?soort=lokaal,op_maat").text)) == {"lokaal", "op_maat"}


def test_both_ends_of_a_period_count(newcomer: Visitor, sqlite_store: Store) -> None:
    days = ("2027-03-01", "2027-03-02", "2027-03-03", "2027-03-04")
    fill(sqlite_store, *(atrium(f"{day} 09:00", uid=day, title=day) for day in days))
    assert titles(newcomer.get("/?van=2027-03-02&tot=2027-03-03").text) == ["2027-03-02", "2027-03-03"]
    assert titles(newcomer.get("/?van=02/03/2027&tot=03/03/2027").text) == ["2027-03-02", "2027-03-03"]


def test_a_period_that_is_over_is_shown_without_asking_for_the_past(
    newcomer: Visitor, sqlite_store: Store
) -> None:
    fill(sqlite_store, atrium("2026-10-05 09:00", title="Herfst"))
    assert titles(newcomer.get("/?tot=2026-10-31").text) == ["Herfst"]


def test_what_takes_place_today_is_still_shown(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium("2026-11-23 08:00", title="Deze ochtend"))
    page = newcomer.get("/").text
    assert titles(page) == ["Deze ochtend"]
    assert "vandaag" in page


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ("soort=workshop", "De soort “workshop” bestaat niet"),
        ("plaats=Parijs", "De plaats “Parijs” ken ik niet"),
        ("plaats=Heusden", "Kies:"),
        ("van=morgen", "Schrijf de datum als 2027-04-12"),
        ("van=2027-02-31", "Deze dag bestaat niet"),
        ("tot=0001-01-01", "Kies een jaar"),
        ("tot=9999-12-31", "Kies een jaar"),
        ("van=2027-05-01&tot=2027-04-01", "Wissel ze om"),
        ("q=" + "x" * 101, "Maak dit korter"),
        ("wanneer=ooit", "Kies wat komt of wat voorbij is"),
    ],
)
def test_a_wrong_filter_is_told_kindly(visitor: Visitor, filters: str, says: str) -> None:
    answer = visitor.get(f"/?{filters}")
    assert answer.status_code == 422
    assert says in unescape(answer.text)


def test_a_wrong_filter_keeps_what_was_typed_and_ties_the_error_to_its_field(visitor: Visitor) -> None:
    page = visitor.get("/?plaats=Parijs&thema=water").text
    assert 'value="Parijs"' in page
    assert 'value="water"' in page
    assert 'aria-invalid="true" aria-describedby="plaats-fout"' in " ".join(page.split())


@pytest.mark.parametrize("value", ["%00", "%F0%9F", "'; DROP TABLE atria;--", "%25%5F", "\\", "a" * 100])
def test_no_text_breaks_a_filter(visitor: Visitor, value: str) -> None:
    for name in ("soort", "plaats", "thema", "van", "tot", "q", "wanneer", "na"):
        assert visitor.get(f"/?{name}={value}").status_code in {200, 422}


def test_an_unknown_place_in_the_list_is_told_kindly(visitor: Visitor) -> None:
    answer = visitor.get("/?na=zomaar")
    assert answer.status_code == 422
    assert "Begin opnieuw bij de agenda" in answer.text


def test_an_empty_filter_is_no_filter(visitor: Visitor) -> None:
    assert titles(visitor.get("/?soort=&plaats=&thema=&van=&tot=&q=").text) == titles(visitor.get("/").text)


def test_no_result_says_so_and_offers_the_region(newcomer: Visitor, sqlite_store: Store) -> None:
    from store.regions import replace_regions

    with sqlite_store.writing() as session:
        replace_regions(session, {"Vlaamse Ardennen": ("Zottegem", "Oudenaarde")})
    near = atrium(title="Lokaal Atrium", municipality="Oudenaarde", region="Vlaamse Ardennen")
    far = atrium("2027-01-04 09:00", uid="ver", title="Ver weg", municipality="Brugge")
    fill(sqlite_store, near, far)
    page = newcomer.get("/?plaats=Zottegem").text
    assert "Geen atria gevonden" in page
    assert "in de regio Vlaamse Ardennen" in page
    assert titles(page) == ["Lokaal Atrium"]


def test_no_result_offers_another_day(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium(title="In februari"))
    page = newcomer.get("/?van=2027-08-01").text
    assert "Op een andere dag wel" in page
    assert titles(page) == ["In februari"]


def test_an_empty_agenda_says_so(newcomer: Visitor) -> None:
    page = newcomer.get("/").text
    assert "Er staan nog geen komende atria in de agenda." in page


def test_a_cancelled_atrium_is_struck_through_and_said_to_be_cancelled(
    newcomer: Visitor, sqlite_store: Store
) -> None:
    fill(sqlite_store, atrium(title="Weg ermee", status=Status.GEANNULEERD))
    for address in ("/", "/atria/atr-1"):
        page = newcomer.get(address).text
        assert "<s>Weg ermee</s>" in page
        assert "eannuleerd" in words(page)
        assert ">Inschrijven</a>" not in page


def test_a_cancelled_atrium_is_not_the_next_one(newcomer: Visitor, sqlite_store: Store) -> None:
    gone = atrium("2027-01-04 09:00", uid="weg", title="Weg", status=Status.GEANNULEERD)
    fill(sqlite_store, gone, atrium(title="Gaat door"))
    page = newcomer.get("/").text
    assert titles(page) == ["Gaat door", "Weg"]


def test_a_long_agenda_comes_in_pages_that_miss_and_repeat_nothing(
    newcomer: Visitor, sqlite_store: Store
) -> None:
    # Five begin at each moment, so that pages end in the middle of a moment.
    made = [
        atrium(f"2027-{1 + number // 100:02d}-{1 + number // 5 % 20:02d} 09:00", uid=f"n-{number:03d}")
        for number in range(200)
    ]
    fill(sqlite_store, *made)
    seen: list[str] = []
    address: str | None = "/"
    while address:
        page = newcomer.get(address).text
        seen += re.findall(r'<h3><a href="/atria/(n-\d+)"', page)
        more = re.search(r'href="([^"]*na=[^"]*)">Toon meer', page)
        address = unescape(more[1]) if more else None
    assert sorted(seen) == sorted(one.uid for one in made)


def test_the_past_comes_in_pages_too(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, *(atrium(f"2026-10-{1 + n // 4:02d} 09:00", uid=f"n-{n:03d}") for n in range(80)))
    seen: list[str] = []
    address: str | None = "/?wanneer=voorbij"
    while address:
        page = newcomer.get(address).text
        seen += re.findall(r'<h3><a href="/atria/(n-\d+)"', page)
        more = re.search(r'href="([^"]*na=[^"]*)">Toon meer', page)
        address = unescape(more[1]) if more else None
    assert sorted(seen) == [f"n-{n:03d}" for n in range(80)]


def test_each_filter_can_be_left_out_by_a_link(visitor: Visitor) -> None:
    page = visitor.get("/?soort=provinciaal&plaats=Gent").text
    assert 'href="/?plaats=Gent"' in page
    assert 'href="/?soort=provinciaal"' in page


def test_the_calendar_link_has_the_same_filters(visitor: Visitor) -> None:
    assert 'href="/agenda.ics?soort=provinciaal"' in visitor.get("/?soort=provinciaal").text


def test_one_atrium_shows_all_its_facts(visitor: Visitor) -> None:
    page = visitor.get("/atria/atr-1-044").text
    said = words(page)
    for fact in (
        "Provinciaal Atrium Gent",
        "maandag 12 april 2027, van 9.00 tot 16.00 u.",
        "Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent",
        "windturbines en draagvlak",
        "Inschrijven tot en met zondag 11 april",
        "Departement Omgeving, afdeling PBM",
        "11.00 workshops",
        "bijgewerkt op 20 november 2026",
    ):
        assert fact in said
    assert 'href="/atria/atr-1-044.ics"' in page
    assert 'href="https://www.openstreetmap.org/search?query=Provinciaal%20Administratief' in page


def test_one_atrium_names_the_other_places_of_its_programme(visitor: Visitor) -> None:
    found = titles(visitor.get("/atria/atr-1-044").text)
    assert [title.removeprefix("Provinciaal Atrium ") for title in found] == [
        "Antwerpen",
        "Leuven",
        "Hasselt",
        "Brugge",
    ]


def test_one_can_register_only_until_the_deadline(newcomer: Visitor, sqlite_store: Store) -> None:
    soon = atrium("2026-11-24 09:00", uid="open", registration_until=dt.date(2026, 11, 23))
    late = atrium("2026-11-24 09:00", uid="dicht", registration_until=dt.date(2026, 11, 22))
    over = atrium("2026-11-20 09:00", uid="over")
    fill(sqlite_store, soon, late, over)
    assert ">Inschrijven</a>" in newcomer.get("/atria/open").text
    assert ">Inschrijven</a>" not in newcomer.get("/atria/dicht").text
    assert ">Inschrijven</a>" not in newcomer.get("/atria/over").text
    assert "Dit atrium is voorbij." in newcomer.get("/atria/over").text


def event_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_one_atrium_is_a_schema_org_event(visitor: Visitor) -> None:
    event = event_of(visitor.get("/atria/atr-1-044").text)
    assert event["@type"] == "Event"
    assert event["startDate"] == "2027-04-12T09:00:00+02:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["url"] == "https://atria.example.org/atria/atr-1-044"


def test_a_cancelled_event_says_so(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium(status=Status.GEANNULEERD))
    event = event_of(newcomer.get("/atria/atr-1").text)
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in event


def test_an_atrium_with_little_known_has_a_page(newcomer: Visitor, sqlite_store: Store) -> None:
    bare = atrium(
        theme=None,
        ends_at=None,
        venue=None,
        address=None,
        audience=frozenset(),
        registration_url=None,
        registration_until=None,
    )
    fill(sqlite_store, bare)
    assert "om 9.30 u." in newcomer.get("/atria/atr-1").text


def test_an_odd_uid_has_a_page(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium(uid="{a+b}~$@é:x", title="Vreemd"))
    page = newcomer.get("/").text
    found = re.search(r'<h3><a href="(/atria/[^"]+)"', page)
    assert found is not None
    assert "Vreemd" in newcomer.get(unescape(found[1])).text
    assert newcomer.get(unescape(found[1]) + ".ics").status_code == 200


def test_moments_are_those_of_brussels_over_the_change_of_the_clock(
    newcomer: Visitor, sqlite_store: Store
) -> None:
    summer = atrium(uid="zomer", starts_at=brussels("2027-03-29 14:00"), ends_at=brussels("2027-03-29 16:00"))
    winter = atrium(
        uid="winter", starts_at=brussels("2027-03-26 14:00"), ends_at=brussels("2027-03-26 16:00")
    )
    fill(sqlite_store, summer, winter)
    for uid in ("zomer", "winter"):
        assert "van 14.00 tot 16.00 u." in newcomer.get(f"/atria/{uid}").text


def test_the_page_of_an_atrium_says_how_to_hand_in_and_leads_to_its_thread(
    sqlite_store: Store, now: dt.datetime
) -> None:
    fill(sqlite_store, atrium("2026-12-17 09:00"), atrium("2026-11-02 09:00", uid="past"))
    site = with_community(sqlite_store, now)
    shown = words(Visitor(create_app(site)).get("/atria/atr-1").text)
    assert "in het gesprek over dit atrium: inbreng: ..." in shown
    assert "Naar het gesprek" not in shown
    owe_posted(sqlite_store, now, "atr-1", "algemeen", "17")
    assert 'href="/community/algemeen#bericht-17"' in Visitor(create_app(site)).get("/atria/atr-1").text
    assert "inbreng" not in Visitor(create_app(site)).get("/atria/past").text


def owe_posted(store: Store, now: dt.datetime, uid: str, community: str, message_id: str) -> None:
    """A reminder that was posted in the local community."""
    values = {"kind": "reminder", "platform": "local", "community_key": community, "atrium_uid": uid}
    moments = dict.fromkeys(("due_at", "created_at", "updated_at", "sent_at"), now)
    with store.writing() as session:
        row = {**values, **moments, "key": "x", "state": OutboxState.SENT, "message_id": message_id}
        session.execute(insert(OutboxRow).values(**row))
