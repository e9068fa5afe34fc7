"""A long message shows its beginning, and the rest on request; nothing is lost, also without scripts."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.local import LocalPlatform
from bot.web.app import create_app
from bot.web.folding import LONG, SHOWN, SHOWN_LINES, folded
from handlers.reply import Reply
from scheduler.port import Post
from store.engine import Store
from tests.fakes.network import GENERAL, fill
from tests.fakes.visitor import SAME_ORIGIN, Visitor, web

LONG_TEXT = " ".join(f"woord{number}" for number in range(600))


@pytest.fixture
def platform(sqlite_store: Store, now: dt.datetime) -> LocalPlatform:
    fill(sqlite_store)
    return LocalPlatform(sqlite_store, lambda: now)


@pytest.fixture
def member(sqlite_store: Store, now: dt.datetime, platform: LocalPlatform) -> Visitor:
    return Visitor(create_app(web(sqlite_store, now, local=platform)))


def written(member: Visitor, text: str) -> str:
    """The page after somebody wrote this."""
    member.post("/community/algemeen/schrijven", data={"text": text}, headers=SAME_ORIGIN)
    return member.get("/community").text


def words(page: str) -> str:
    """What the message says, the parts that are folded away too."""
    parts = re.findall(r'<p class="text">(.*?)</p>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", " ".join(parts))).replace(" …", "")


def test_a_long_message_is_folded_and_whole(member: Visitor) -> None:
    page = written(member, LONG_TEXT)
    (fold,) = re.findall(r'<details class="rest">(.*?)</details>', page, re.DOTALL)
    assert "woord599" in fold
    assert "woord0 " not in fold
    assert words(page) == LONG_TEXT


def test_the_fold_says_what_it_opens_to_whoever_hears_the_page(member: Visitor) -> None:
    page = written(member, LONG_TEXT)
    (summary,) = re.findall(r"<details class=\"rest\"><summary>(.*?)</summary>", page, re.DOTALL)
    assert re.findall(r">([^<]+)<", summary) == ["Toon alles", "Toon minder", ": bericht van Gast"]
    assert "open" not in page.partition('<details class="rest"')[2].partition(">")[0], "it begins closed"


def test_a_short_message_is_not_folded(member: Visitor) -> None:
    assert '<details class="rest"' not in written(member, "woord " * 150)


def test_a_message_of_many_lines_is_folded_after_some_of_them(member: Visitor) -> None:
    page = written(member, "\n".join(f"regel {number}" for number in range(1, 41)))
    first = re.findall(r'<p class="text">(.*?)</p>', page, re.DOTALL)[0]
    assert f"regel {SHOWN_LINES} …" in first
    assert f"regel {SHOWN_LINES + 1}" not in first


def test_what_somebody_hides_in_a_long_message_stays_text(member: Visitor) -> None:
    page = written(member, f"{LONG_TEXT} <script>alert(1)</script>")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_long_paragraph_of_the_bot_is_folded_too(member: Visitor, platform: LocalPlatform) -> None:
    reply = Reply(headline="Programma", paragraphs=(LONG_TEXT, "Kort."))
    asyncio.run(platform.send(Post(key="k", kind="answer", community=GENERAL, reply=reply)))
    page = member.get("/community").text
    assert page.count('<details class="rest">') == 1
    assert ": bericht van atriumbot</span></summary>" in page
    assert words(page) == f"{LONG_TEXT} Kort."


def test_an_address_is_not_parted() -> None:
    address = "https://example.org/" + "a" * 1500
    for text in (f"Zie {address} voor meer", f"{address} is het adres", address):
        parts = folded(text)
        assert any(address in part for part in parts)


def test_a_word_without_end_is_parted_all_the_same() -> None:
    parts = folded("x" * 5000)
    assert (len(parts.shown), len(parts.rest)) == (SHOWN, 5000 - SHOWN)


@given(st.text(st.sampled_from("ab .\n/:w\u00e9"), max_size=3 * LONG))
def test_nothing_is_lost_or_told_twice(text: str) -> None:
    parts = folded(text)
    told = "".join(parts) if parts.rest else parts.shown
    assert re.sub(r"\s", "", told) == re.sub(r"\s", "", text)
    assert parts.shown.strip() or not text.strip()
