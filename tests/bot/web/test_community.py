"""The page of the local community, as it works without scripts."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from html import unescape

import pytest

from bot.platforms.local import LocalPlatform
from bot.web.app import create_app
from bot.web.conversation_view import addressed, initials
from handlers.model import Status
from handlers.reply import Action, ActionKind, Choice, Fact, Link, Reply
from handlers.wording.cards import card
from scheduler.port import Post
from store.engine import Store
from store.events import unanswered
from tests.fakes.network import GENERAL, POLITICIANS, atrium, fill
from tests.fakes.visitor import SAME_ORIGIN, Visitor, web

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def platform(sqlite_store: Store, now: dt.datetime) -> LocalPlatform:
    private = atrium(uid="atr-geheim", visibility=frozenset({"mandatarissen"}))
    fill(sqlite_store, atrium(uid="atr-open"), private)
    return LocalPlatform(sqlite_store, lambda: now)


@pytest.fixture
def member(sqlite_store: Store, now: dt.datetime, platform: LocalPlatform) -> Visitor:
    return Visitor(create_app(web(sqlite_store, now, local=platform)))


def send(platform: LocalPlatform, reply: Reply, *, key: str = "k", community: object = GENERAL) -> None:
    asyncio.run(platform.send(Post(key=key, kind="answer", community=community, reply=reply)))  # type: ignore[arg-type]


def write(visitor: Visitor, **form: str) -> str:
    """Send the form of the page; gives where it leads."""
    answer = visitor.post("/community/algemeen/schrijven", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_what_a_button_says_is_known_to_stand_below_its_answer(
    member: Visitor, platform: LocalPlatform, sqlite_store: Store
) -> None:
    send(platform, Reply(headline="Het volgende atrium.", answers_question=True))
    page = member.get("/community").text
    below = re.search(r'name="onder" value="(\d+)"', page)
    assert below is not None
    write(member, text="@atriumbot 👎", onder=below[1])
    write(member, text="@atriumbot dat klopt niet")
    with sqlite_store.reading() as session:
        assert [each.message.below for each in unanswered(session)] == [below[1], None]


def test_the_page_lists_the_communities_and_marks_this_one(member: Visitor) -> None:
    page = member.get("/community/mandatarissen").text
    assert '<a href="/community/algemeen" >Atrium Lerend Netwerk</a>' in page
    assert '<a href="/community/mandatarissen" aria-current="page">' in page
    assert member.get("/community").text.count("aria-current") == page.count("aria-current")


def test_an_unknown_community_is_told_in_dutch(member: Visitor) -> None:
    answer = member.get("/community/nergens")
    assert answer.status_code == 404
    assert "Deze community bestaat niet." in answer.text


def test_nothing_said_yet_invites_a_question(member: Visitor) -> None:
    assert "Hier is nog niets gezegd." in member.get("/community").text


def test_a_message_can_be_written_without_scripts(member: Visitor) -> None:
    place = write(member, text="dag allemaal", aan="iedereen")
    found = re.fullmatch(r"/community/algemeen#bericht-(\d+)", place)
    assert found is not None
    page = member.get("/community/algemeen").text
    assert f'id="bericht-{found[1]}"' in page
    assert "dag allemaal" in page


def test_asking_the_bot_adds_its_name(member: Visitor, sqlite_store: Store) -> None:
    write(member, text="wat komt eraan?", aan="bot")
    with sqlite_store.reading() as session:
        (event,) = unanswered(session)
    assert event.message.text == "wat komt eraan?"
    assert "@atriumbot wat komt eraan?" in member.get("/community").text


def test_a_reply_can_be_written_without_scripts(member: Visitor) -> None:
    begun = write(member, text="dag").rpartition("-")[2]
    write(member, text="dag terug", thread=begun)
    assert member.get("/community/algemeen/messages").json()["messages"][1]["thread"] == begun


def test_a_message_that_cannot_be_placed_is_kept_and_explained(member: Visitor) -> None:
    long = "x" * 10_001
    answer = member.post("/community/algemeen/schrijven", data={"text": long}, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert "Maak je bericht korter" in answer.text
    assert long in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_empty_message_for_the_bot_is_explained(member: Visitor) -> None:
    answer = member.post(
        "/community/algemeen/schrijven", data={"text": " ", "aan": "bot"}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 422
    assert "Schrijf eerst een bericht." in answer.text


def test_the_browser_remembers_who_writes(member: Visitor) -> None:
    answer = member.post(
        "/community/algemeen/wie", data={"author": "Zoë | Peeters", "role": "moderator"}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 303
    assert "Zoë | Peeters" in member.get("/community").text
    write(member, text="dag")
    assert member.get("/community/algemeen/messages").json()["messages"][0]["author"] == "Zoë | Peeters"
    page = member.get("/community").text
    assert '<span class="badge">moderator</span>' in page


def test_a_spoiled_cookie_is_a_guest(member: Visitor) -> None:
    for value in ("%ff%fe|baas", "|", "x" * 3000):
        member.cookies.set("atrium_wie", value)
        assert member.get("/community").status_code == 200


def test_who_is_the_bot_is_plain_and_unasked_posts_are_marked(
    member: Visitor, platform: LocalPlatform
) -> None:
    send(platform, Reply(headline="Volgende week: atrium.", automatic=True))
    page = member.get("/community").text
    assert '<span class="badge bot">bot</span>' in page
    assert '<span class="badge">automatisch bericht</span>' in page
    write(member, text="dag")
    assert member.get("/community").text.count("badge bot") == 1


def test_a_card_offers_to_register_to_keep_and_to_read_more(
    member: Visitor, platform: LocalPlatform, now: dt.datetime
) -> None:
    send(platform, Reply(headline="Dit.", cards=(card(atrium(uid="atr-open"), now),)))
    page = member.get("/community").text
    assert 'href="https://inschrijven.example.org/atr-1"' in page
    assert 'href="/atria/atr-open.ics"' in page
    assert 'href="/atria/atr-open"' in page


def test_a_private_atrium_has_a_card_without_links_to_a_page(
    member: Visitor, platform: LocalPlatform, now: dt.datetime
) -> None:
    private = atrium(uid="atr-geheim", visibility=frozenset({"mandatarissen"}))
    reply = Reply(headline="Dit.", cards=(card(private, now),))
    send(platform, reply, community=POLITICIANS)
    listed = Reply(headline="Deze.", cards=(card(private, now),), listed=True)
    send(platform, listed, key="k2", community=POLITICIANS)
    page = member.get("/community/mandatarissen").text
    assert private.title in page
    assert "/atria/atr-geheim" not in page


def test_what_the_bot_offers_for_an_atrium_stands_on_its_card(
    member: Visitor, platform: LocalPlatform, now: dt.datetime
) -> None:
    offered = (
        Action(kind=ActionKind.REMIND, label="Herinner mij", uid="atr-open", says="herinner mij"),
        Action(kind=ActionKind.MORE, label="Meer", uid="atr-open", url="https://elders.example.org/atr-open"),
    )
    facts = (Fact(label="Waar", text="Stadhuis"), Fact(label="Meer", text="x", url="https://x.example.org"))
    reply = Reply(headline="Dit.", cards=(card(atrium(uid="atr-open"), now),), actions=offered, facts=facts)
    send(platform, reply)
    page = member.get("/community").text
    assert 'name="text" value="herinner mij"' in page
    assert 'href="/atria/atr-open"' in page
    assert "elders.example.org" not in page
    assert page.count("<dt>") == 1


def test_what_the_bot_offers_without_a_card_stands_below_its_words(
    member: Visitor, platform: LocalPlatform
) -> None:
    offered = (
        Action(kind=ActionKind.REGISTER, label="Inschrijven", uid="atr-open", url="https://in.example.org/1"),
        Action(kind=ActionKind.CALENDAR, label="In mijn agenda", uid="atr-open"),
        Action(kind=ActionKind.CALENDAR, label="Geheim", uid="atr-geheim"),
    )
    send(platform, Reply(headline="Volgende week.", actions=offered, automatic=True))
    page = member.get("/community").text
    assert 'href="https://in.example.org/1"' in page
    assert 'href="/atria/atr-open.ics"' in page
    assert "atr-geheim" not in page
    assert "Geheim" not in page


def test_choices_are_buttons_that_say_the_choice(member: Visitor, platform: LocalPlatform) -> None:
    send(platform, Reply(headline="Welke?", choices=(Choice(label="Gent", says="die in Gent"),)))
    page = member.get("/community").text
    assert 'name="text" value="die in Gent"' in page
    assert ">Gent</button>" in page


def test_an_answer_can_be_said_not_to_be_what_was_asked(member: Visitor, platform: LocalPlatform) -> None:
    send(platform, Reply(headline="Het volgende atrium.", answers_question=True))
    page = member.get("/community").text
    assert 'name="text" value="👎"' in page
    assert 'aria-label="Niet wat ik vroeg: Het volgende atrium.">Niet wat ik vroeg</button>' in page


def test_what_answers_nothing_cannot_be_said_to_be_wrong(member: Visitor, platform: LocalPlatform) -> None:
    send(platform, Reply(headline="Volgende week: atrium.", automatic=True))
    send(platform, Reply(headline="Graag gedaan."), key="k2")
    assert "Niet wat ik vroeg" not in member.get("/community").text


def test_nothing_that_was_typed_becomes_markup(
    member: Visitor, platform: LocalPlatform, sqlite_store: Store, now: dt.datetime
) -> None:
    evil = atrium(
        uid="atr-kwaad",
        title=EVIL,
        theme=EVIL,
        venue=EVIL,
        address=EVIL,
        description=f"</script>{EVIL}",
        programme=f"{EVIL}|{EVIL}",
        organiser=EVIL,
        contact=EVIL,
    )
    fill(sqlite_store, evil)
    member.say(EVIL, author=EVIL[:70])
    reply = Reply(
        headline=EVIL,
        paragraphs=(EVIL,),
        facts=(Fact(label=EVIL, text=EVIL, url="javascript:alert(1)"),),
        cards=(card(evil, now),),
        links=(Link(label=EVIL, url="javascript:alert(1)"),),
        choices=(Choice(label=EVIL, says=EVIL),),
        notes=(EVIL,),
        source=EVIL,
    )
    send(platform, reply)
    member.post("/community/algemeen/wie", data={"author": EVIL[:70], "role": "lid"}, headers=SAME_ORIGIN)
    for address in ("/", "/atria/atr-kwaad", "/community", f"/?q={EVIL}", f"/?plaats={EVIL}"):
        page = member.get(address).text
        assert "<script>alert" not in page, address
        assert "<img" not in page, address
        assert 'href="javascript' not in page, address


def test_a_link_that_is_none_of_the_web_is_no_link(
    member: Visitor, sqlite_store: Store, platform: LocalPlatform, now: dt.datetime
) -> None:
    odd = atrium(uid="atr-open", registration_url="javascript:alert(1)")
    fill(sqlite_store, odd)
    send(platform, Reply(headline="Dit.", cards=(card(odd, now),)))
    for address in ("/", "/atria/atr-open", "/community"):
        assert 'href="javascript' not in member.get(address).text


def test_many_conversations_come_in_pages(member: Visitor) -> None:
    for number in range(45):
        member.say(f"bericht nummer {number:02d}.")
    seen: list[str] = []
    address: str | None = "/community/algemeen"
    while address:
        page = member.get(address).text
        seen += re.findall(r"bericht nummer (\d\d)\.", page)
        more = re.search(r'href="([^"]*voor=\d+)"', page)
        address = unescape(more[1]) if more else None
    assert seen == [f"{number:02d}" for number in reversed(range(45))]


def test_moments_are_absolute(member: Visitor) -> None:
    member.say("dag")
    assert "ma 23 november, 10.00 u." in member.get("/community").text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("An Peeters", "AP"),
        ("an", "A"),
        ("Jan van den Broeck", "JB"),
        ("(An) Bo", "B"),
        ("?!", "?"),
        ("éva", "É"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_what_names_the_bot_already_is_not_named_twice() -> None:
    assert addressed("wat komt?") == "@atriumbot wat komt?"
    assert addressed("@AtriumBot wat komt?") == "@AtriumBot wat komt?"
    assert addressed("  ") == "  "


def test_the_form_under_a_card_hands_something_in_as_its_message(
    member: Visitor, platform: LocalPlatform, sqlite_store: Store, now: dt.datetime
) -> None:
    gone = card(atrium(uid="weg", status=Status.GEANNULEERD), now)
    send(platform, Reply(headline="Twee.", cards=(card(atrium(uid="atr-open"), now), gone)))
    page = member.get("/community").text
    assert page.count('name="inbreng_voor"') == page.count('name="inbreng_voor" value="atr-open"') == 1
    thread = re.search(r'name="thread" value="(\d+)"><input type="hidden" name="inbreng_voor"', page)
    assert thread is not None
    filled = {"thread": thread[1], "inbreng_voor": "atr-open", "soort": "agendapunt", "text": " Groendaken? "}
    write(member, **filled)
    write(member, **filled, met_naam="ja")
    with sqlite_store.reading() as session:
        said = [event.message.text for event in unanswered(session)]
    assert said == [
        "inbreng voor atr-open: agendapunt: Groendaken?",
        "inbreng voor atr-open: agendapunt: Groendaken? (met mijn naam)",
    ]
    empty = member.post("/community/algemeen/schrijven", data={**filled, "text": " "}, headers=SAME_ORIGIN)
    assert empty.status_code == 422
