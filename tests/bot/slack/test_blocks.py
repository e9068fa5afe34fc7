"""What the bot says in Slack, block by block: the JSON lies in tests/golden/slack."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.platforms.slack.blocks import AUTOMATIC, fallback, render
from bot.platforms.slack.buttons import Pages
from bot.platforms.slack.posting import CAPABILITIES
from handlers.model import Kind, Status
from handlers.posts.announcement import announcement
from handlers.posts.cancellation import cancellation
from handlers.posts.digest import Overview, digest
from handlers.posts.invitation import invitation
from handlers.posts.reminder import reminder
from handlers.reading.model import Intent
from handlers.reply import Action, ActionKind, Card, Choice, Fact, Link, Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say
from tests.fakes.asking import context_at, reply_to
from tests.fakes.network import atrium, brussels
from tests.fakes.slack_blocks import buttons, length, problems, shown, texts

GOLDEN = Path(__file__).parents[2] / "golden" / "slack"
URL = "https://atria.example.org"
NOW = brussels("2027-02-10 09:00")

WAASLAND = atrium(kind=Kind.LOKAAL, title="Lokaal Atrium Waasland", theme="klimaatadaptatie in de dorpskern")
OFF = replace(WAASLAND, status=Status.GEANNULEERD, cancelled_at=NOW)


def public(reply: Reply) -> Pages:
    """The pages where every atrium of a reply has one."""
    return Pages(url=URL, public=frozenset({*reply.atria, *(each.uid or "" for each in reply.actions)}))


def message(reply: Reply, pages: Pages | None = None, now: dt.datetime = NOW) -> dict[str, object]:
    rendered = render(reply, pages or public(reply), now)
    return {"text": rendered.text, "blocks": rendered.blocks}


def card_of(uid: str, title: str = "Lokaal Atrium Waasland", **more: object) -> Card:
    return replace(card(replace(WAASLAND, uid=uid, title=title), NOW), **more)


def overview() -> Reply | None:
    coming = tuple(atrium(f"2027-03-{day:02} 09:30", uid=f"c-{day}") for day in (2, 3))
    told = Overview(
        monday=dt.date(2027, 2, 8), weeks=6, remembered=(WAASLAND,), coming=coming, agenda_url=URL
    )
    return digest(told, NOW)


asked = {"public_url": URL}

CASES: dict[str, Callable[[], Reply | None]] = {
    "reminder": lambda: reminder([WAASLAND], NOW),
    "reminder_several": lambda: reminder([WAASLAND, atrium("2027-02-19 09:30", uid="k")], NOW),
    "announcement": lambda: announcement(WAASLAND, NOW),
    "cancellation": lambda: cancellation([OFF], NOW),
    "overview": overview,
    "next": lambda: reply_to(
        Intent.NEXT_SESSION, context_at(**asked), kind=Kind.PROVINCIAAL, place="Gent", text="volgende in gent"
    ),
    "list": lambda: reply_to(Intent.LIST_SESSIONS, context_at(**asked), kind=Kind.LOKAAL, text="welke"),
    "contact": lambda: reply_to(Intent.CONTACT, context_at(**asked), text="contact"),
    "help": lambda: reply_to(Intent.HELP, context_at(**asked), text="help"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_looks_like_this(name: str) -> None:
    reply = CASES[name]()
    assert reply is not None
    told = message(reply)
    assert problems(told) == []
    assert told == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


# --- what stands where


def test_the_answer_comes_first_and_in_bold_and_the_source_last_and_small() -> None:
    reply = Reply(
        headline="Het is morgen.", paragraphs=("Meer.",), notes=("Ook in Gent.",), source="Bron: agenda."
    )
    first, *_, last = message(reply)["blocks"]
    assert first["text"]["text"] == "*Het is morgen.*"
    assert last["type"] == "context"
    assert last["elements"][0]["text"] == "Ook in Gent.\nBron: agenda."


def test_what_is_said_unasked_is_marked() -> None:
    assert say(AUTOMATIC) in shown(message(Reply(headline="Volgende week.", automatic=True)))
    assert say(AUTOMATIC) not in shown(message(Reply(headline="Volgende week.")))


def test_facts_stand_beside_each_other_ten_at_a_time_and_a_long_one_alone() -> None:
    facts = [Fact(label=f"Feit {number}", text="kort") for number in range(12)]
    facts[4] = Fact(label="Programma", text="woorden " * 400)
    blocks = message(Reply(headline="Alles.", facts=tuple(facts)))["blocks"]
    assert [len(block.get("fields", [])) for block in blocks] == [0, 4, 0, 0, 7]


def test_a_fact_with_an_address_is_a_link() -> None:
    url = "https://inschrijven.example.org/atr-1"
    reply = Reply(headline="Inschrijven.", facts=(Fact(label="Inschrijven", text=url, url=url),))
    assert f"<{url}|inschrijven.example.org/atr-1>" in shown(message(reply))


def test_a_cancelled_atrium_is_struck_through_and_said_in_words() -> None:
    told = shown(message(Reply(headline="Dit.", cards=(card(OFF, NOW), card_of("b")))))
    assert "~Lokaal Atrium Waasland~ *Geannuleerd*" in told
    listed = shown(message(Reply(headline="Dit.", cards=(card(OFF, NOW),), listed=True)))
    assert "• Geannuleerd: ~" in listed


def test_a_list_is_one_line_each_with_a_link_where_there_is_a_page() -> None:
    reply = Reply(headline="Twee.", cards=(card_of("a"), card_of("b")), listed=True)
    told = shown(message(reply, Pages(url=URL, public=frozenset({"a"}))))
    assert told.count("• ") == 2
    assert f"<{URL}/atria/a|" in told
    assert "/atria/b" not in told


# --- buttons


def labels(told: dict[str, object]) -> list[str]:
    return [button["text"]["text"] for button in buttons(told)]


def test_a_card_has_its_buttons_in_one_order() -> None:
    reply = Reply(headline="Dit.", cards=(card_of("a", register_url="https://inschrijven.example.org/a"),))
    told = message(reply)
    assert labels(told) == ["Inschrijven", "In agenda", "Herinner mij", "Inbreng doen", "Meer"]
    register, calendar, remind, hand_in, more = buttons(told)
    assert register["url"] == "https://inschrijven.example.org/a"
    assert calendar["url"] == f"{URL}/atria/a.ics"
    assert remind["value"] == "herinner mij aan a"
    assert hand_in["value"] == "a"
    assert more["url"] == f"{URL}/atria/a"
    sorts = [each["action_id"].split(":")[0] for each in buttons(told)]
    assert sorts == ["goes", "goes", "says", "hands-in", "goes"]


def test_an_atrium_without_a_public_page_has_no_button_to_it() -> None:
    told = message(Reply(headline="Dit.", cards=(card_of("a"),)), Pages(url=URL))
    assert not {"In agenda", "Meer"} & set(labels(told))
    assert URL not in json.dumps(told)


def test_nobody_is_offered_a_reminder_of_what_is_over_or_off_or_to_hand_something_in() -> None:
    coming = {"Herinner mij", "Inbreng doen"}
    assert not coming & set(labels(message(Reply(headline="Dit.", cards=(card(OFF, NOW),)))))
    over = brussels("2027-12-01 09:00")
    assert not coming & set(labels(message(Reply(headline="Dit.", cards=(card_of("a"),)), now=over)))


def test_a_choice_is_a_button_that_says_it() -> None:
    told = message(Reply(headline="Welke?", choices=(Choice(label="Toon meer", says="toon meer"),)))
    (button,) = buttons(told)
    assert (button["action_id"], button["value"]) == ("says:1", "toon meer")
    assert "1. Toon meer" in told["text"]


def test_a_choice_too_long_for_a_button_goes_without_its_day_and_place() -> None:
    asked = "Wanneer is het volgende Lokaal Atrium voor de provincie West-Vlaanderen?"
    label = f"{asked} (ma 8 februari 2027, Brugge)"
    told = message(Reply(headline="Welke?", choices=(Choice(label=label, says=asked),)))
    assert f"1. {label}" in shown(told)
    assert [each["text"]["text"] for each in buttons(told)] == [asked]


def test_a_choice_too_long_for_a_button_is_read_in_full_above_it() -> None:
    label = (
        "Provinciaal Atrium over windturbines en draagvlak in Beveren-Kruibeke-Zwijndrecht, maandag 12 april"
    )
    told = message(Reply(headline="Welke?", choices=(Choice(label=label, says="1"),)))
    assert f"1. {label}" in shown(told)
    assert labels(told) == ["Provinciaal Atrium over windturbines en draagvlak in …"]


def test_an_answer_can_be_objected_to() -> None:
    assert labels(message(Reply(headline="Dit.", answers_question=True))) == ["Niet wat ik vroeg"]


def test_what_opens_no_page_of_the_web_is_no_button() -> None:
    actions = (Action(kind=ActionKind.REGISTER, label="Inschrijven", url="javascript:alert(1)"),)
    assert buttons(message(Reply(headline="Dit.", actions=actions))) == []


# --- how much


def test_the_largest_agenda_fits_and_says_that_it_goes_on() -> None:
    """C-6: within Slack's limits, cut between lines, and told."""
    cards = tuple(card_of(f"atr-{number}", f"Lokaal Atrium Waasland {number}") for number in range(400))
    for listed in (True, False):
        told = message(Reply(headline="Alle atria.", cards=cards, listed=listed, source="Bron: agenda."))
        assert problems(told) == []
        assert "te lang voor Slack" in shown(told)
        assert "Bron: agenda." in shown(told)
        lines = [line for line in shown(told).split("\n") if line.startswith("• ")]
        assert lines
        assert all(line.endswith("klimaatadaptatie in de dorpskern>") for line in lines)


def test_an_overview_of_the_largest_agenda_is_cut_by_the_overview_itself() -> None:
    """C-6: it says how many are left out, before Slack would have to."""
    coming = tuple(atrium("2027-03-02 09:30", uid=f"c-{number}") for number in range(500))
    reply = digest(
        Overview(monday=dt.date(2027, 2, 8), weeks=6, coming=coming, agenda_url=URL),
        NOW,
        CAPABILITIES.max_length,
    )
    assert reply is not None
    told = message(reply)
    assert problems(told) == []
    assert "En nog 4" in shown(told)
    assert "te lang voor Slack" not in shown(told)
    assert "…" not in told["text"]


def test_a_paragraph_longer_than_a_section_goes_on_in_the_next() -> None:
    words = [f"woord{number}" for number in range(600)]
    told = message(Reply(headline="Veel.", paragraphs=(" ".join(words),)))
    assert problems(told) == []
    assert set(words) <= set(shown(told).split())


def test_the_text_beside_the_blocks_is_all_of_it_for_who_cannot_see_them() -> None:
    reply = Reply(headline="Eerst & vooral.", paragraphs=("Dan.",), source="Bron: agenda.")
    assert fallback(reply) == "Eerst &amp; vooral.\nDan.\nBron: agenda."
    long = fallback(Reply(headline="Lang.", paragraphs=("woord " * 3000,)))
    assert length(long) <= 4000
    assert long.endswith("woord …")


words = st.text(min_size=1, max_size=80).filter(lambda text: text.strip())
#: Short, long, and longer than anything may be.
prose = st.one_of(
    words,
    st.builds(lambda text, times: f"{text} " * times, words, st.integers(2, 200)),
    st.sampled_from(
        ["<!channel> " * 400, "x" * 5000, "&" * 3000, "🌳 " * 2500, "https://example.org/" + "a" * 4000]
    ),
)
urls = st.sampled_from(
    [
        "https://example.org/a?b=1&c=2",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 3500,
        "nergens",
        "",
    ]
)
cards = st.builds(
    Card,
    uid=st.sampled_from(["a", "b", "c"]),
    title=prose,
    when=words,
    brief=prose,
    where=prose,
    starts_at=st.sampled_from([NOW, brussels("2027-12-01 09:00")]),
    theme=st.none() | words,
    audience=st.none() | words,
    register_text=st.none() | words,
    register_url=st.none() | urls,
    cancelled=st.booleans(),
)
replies = st.builds(
    Reply,
    headline=prose,
    paragraphs=st.lists(prose, max_size=6).map(tuple),
    facts=st.lists(st.builds(Fact, label=words, text=prose, url=st.none() | urls), max_size=30).map(tuple),
    cards=st.lists(cards, max_size=30).map(tuple),
    listed=st.booleans(),
    links=st.lists(st.builds(Link, label=prose, url=urls), max_size=6).map(tuple),
    actions=st.lists(
        st.builds(
            Action,
            kind=st.sampled_from(ActionKind),
            label=prose,
            uid=st.none() | st.just("a"),
            url=st.none() | urls,
            says=st.none() | prose,
        ),
        max_size=30,
    ).map(tuple),
    choices=st.lists(st.builds(Choice, label=prose, says=prose), max_size=30).map(tuple),
    notes=st.lists(prose, max_size=6).map(tuple),
    source=st.none() | prose,
    automatic=st.booleans(),
    answers_question=st.booleans(),
)


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    deadline=None,
)
@given(replies, st.frozensets(st.sampled_from(["a", "b"])))
def test_whatever_is_said_keeps_slacks_rules(reply: Reply, with_page: frozenset[str]) -> None:
    told = message(reply, Pages(url=URL, public=with_page))
    assert problems(told) == []
    assert "atria/c" not in "".join(texts(told["blocks"])) or "atria/c" in reply.plain_text()


def test_each_place_of_a_programme_has_its_own_buttons() -> None:
    towns = ("Antwerpen", "Leuven", "Brugge", "Hasselt", "Gent", "Aalst", "Genk", "Ieper", "Mol", "Geel")
    places = [
        replace(WAASLAND, uid=f"tour-{n}", municipality=town, starts_at=NOW + dt.timedelta(days=40 + n))
        for n, town in enumerate(towns)
    ]
    post = invitation(places, NOW)
    assert post is not None
    drawn = message(post)
    assert not problems(drawn)
    pressed = {each["text"]["text"]: each for each in buttons(drawn)}
    for n, town in enumerate(towns):
        (remind,) = (each for name, each in pressed.items() if name.startswith(f"Herinner mij: {town} ("))
        assert remind["value"] == f"herinner mij aan tour-{n}"
        (register,) = (each for name, each in pressed.items() if name.startswith(f"Inschrijven: {town} ("))
        assert register["url"] == WAASLAND.registration_url
