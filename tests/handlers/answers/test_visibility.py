"""What is meant for one community never shows in another, and every fact told is in the record."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.model import Atrium, Audience, Community, Follow, FollowWhat, Kind
from handlers.reading.model import Intent
from handlers.reply import Reply
from handlers.wording.cards import place_text
from handlers.wording.dates import date_with_year, day_and_month
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at, period, reply_to
from tests.fakes.samples import UPDATED_AT, sample_atria

EVERY = sample_atria()
HIDDEN = [atrium for atrium in EVERY if not atrium.is_public]
WITHHELD = (
    "Data van het Atrium Lokale Mandatarissen staan in de eigen community. "
    "Vraag het daar, of bel 02 553 80 56 (op werkdagen tussen 8.30 en 17.00 u.)."
)

ASKED = (
    Intent.NEXT_SESSION,
    Intent.LIST_SESSIONS,
    Intent.WHEN,
    Intent.WHERE,
    Intent.PROGRAMME,
    Intent.SESSION_DETAIL,
    Intent.REGISTRATION,
    Intent.CONTACT,
)
PLACES = (None, "Gent", "Hasselt", "Mechelen", "Zottegem", "Provincie Limburg", "Kempen", "Brussel")
MOMENTS = ("2026-11-23 10:00", "2027-02-10 11:00", "2027-10-11 23:30")


def everything_asked(reads: frozenset[str]) -> Iterator[Reply]:
    for moment in MOMENTS:
        context = context_at(moment, reads=reads, public_url="https://atria.example.org")
        for intent, kind, place in itertools.product(ASKED, (None, *Kind), PLACES):
            yield reply_to(intent, context, kind=kind, place=place)
        for intent, role in itertools.product(ASKED, Audience):
            yield reply_to(intent, context, audience=role)
    context = context_at(MOMENTS[0], reads=reads, public_url="https://atria.example.org")
    for intent, atrium in itertools.product(ASKED, EVERY):
        day = atrium.local_date.isoformat()
        yield reply_to(intent, context, theme=atrium.theme)
        yield reply_to(intent, context, period=period(day, day))


def test_nothing_of_a_hidden_atrium_shows_where_it_may_not() -> None:
    """C-42: in no answer."""
    uids = {atrium.uid for atrium in HIDDEN}
    links = {atrium.registration_url for atrium in HIDDEN}
    days = {date_with_year(atrium.local_date) for atrium in HIDDEN} - {
        date_with_year(atrium.local_date) for atrium in EVERY if atrium.is_public
    }
    assert uids
    assert days
    for reply in everything_asked(frozenset({"algemeen"})):
        text = reply.plain_text()
        assert not uids & set(reply.atria)
        assert not any(link and link in text for link in links)
        # A day that was asked for by its date is repeated, and only that.
        told = [day for day in days if day in text]
        assert not told or "staat" in reply.headline


def test_hidden_atria_do_show_in_their_own_community() -> None:
    reply = reply_to(
        Intent.LIST_SESSIONS, context_at(reads=frozenset({"mandatarissen"})), kind=Kind.MANDATARISSEN
    )
    assert reply.atria == ("atr-1-035", "atr-1-036")


@pytest.mark.parametrize("intent", [intent for intent in ASKED if intent is not Intent.CONTACT])
@pytest.mark.parametrize(
    "slots",
    [
        {"kind": Kind.MANDATARISSEN},
        {"kind": Kind.MANDATARISSEN, "place": "Gent"},
        {"audience": Audience.MANDATARIS},
        {"audience": Audience.ALGEMEEN_DIRECTEUR, "place": "Gent"},
    ],
)
def test_the_answer_elsewhere_does_not_depend_on_what_is_hidden(
    intent: Intent, slots: dict[str, object]
) -> None:
    without = MemoryAgenda([atrium for atrium in EVERY if atrium.is_public], regions={"Regio Gent": ["Gent"]})
    with_them = MemoryAgenda(EVERY, regions={"Regio Gent": ["Gent"]})
    replies = [reply_to(intent, context_at(agenda=agenda), **slots) for agenda in (without, with_them)]
    assert replies[0] == replies[1]
    assert WITHHELD in (replies[0].headline, *replies[0].notes)


def test_the_community_of_the_mandatarissen_may_have_another_key() -> None:
    theirs = Community(
        key="engage-mandatarissen",
        platform="engage",
        name="Mandatarissen",
        audience=frozenset({Audience.MANDATARIS}),
    )
    context = context_at(communities=(theirs,), reads=frozenset({"engage-mandatarissen"}))
    reply = reply_to(Intent.NEXT_SESSION, context, kind=Kind.MANDATARISSEN)
    assert reply.headline != WITHHELD


def test_a_hidden_group_shows_only_where_it_may() -> None:
    public = reply_to(Intent.THEMATIC_GROUPS)
    assert "Handhaving" not in public.plain_text()
    named = reply_to(Intent.GROUP_DETAIL, theme="handhaving", text="hoe word ik lid van handhaving?")
    assert "Team Handhaving" not in named.plain_text()
    own = reply_to(Intent.THEMATIC_GROUPS, context_at(reads=frozenset({"handhaving"})))
    assert "Handhaving" in own.plain_text()


def test_what_is_followed_does_not_betray_a_hidden_atrium() -> None:
    person = context_at().person
    followed = Follow(what=FollowWhat.ATRIUM, value=HIDDEN[0].uid)
    context = context_at(person=replace(person, follows=(followed,)))
    reply = reply_to(Intent.SUBSCRIBE, context, text="wat volg ik?")
    assert reply.headline == "Je volgt: één atrium."


_DAY = re.compile(r"\b(\d{1,2} [a-z]+ \d{4})\b")
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DAY_WITHOUT_YEAR = re.compile(rf"\b(\d{{1,2}} (?:{_MONTHS}))\b(?! \d{{4}})")
_SHORT_DAY = re.compile(r"\((\d{1,2}/\d{1,2})\)")
_HOUR = re.compile(r"\b(\d{1,2}\.\d{2})\b")
_URL = re.compile(r"https?://\S+")


def _days_of(atrium: Atrium) -> Iterator[dt.date]:
    yield atrium.local_date
    if atrium.registration_until:
        yield atrium.registration_until


def test_every_day_hour_link_and_place_told_is_in_the_record() -> None:
    """C-34."""
    days = {day for atrium in EVERY for day in _days_of(atrium)} | {UPDATED_AT.date()}
    hours = {
        f"{moment.hour}.{moment.minute:02d}"
        for a in EVERY
        for moment in (a.local_start, a.local_end)
        if moment
    }
    hours |= {hour for atrium in EVERY for hour in _HOUR.findall(atrium.programme or "")}
    hours |= {"8.30", "17.00"}  # when the department can be reached
    links = {atrium.registration_url for atrium in EVERY} | {
        f"https://atria.example.org/atria/{atrium.uid}" for atrium in EVERY
    }
    places = {place_text(atrium) for atrium in EVERY}
    for reply in everything_asked(frozenset({"mandatarissen"})):
        text = reply.plain_text()
        if reply.cards:
            assert set(_DAY.findall(text)) <= {date_with_year(day) for day in days}, text
        assert set(_DAY_WITHOUT_YEAR.findall(text)) <= {day_and_month(day) for day in days}, text
        assert set(_SHORT_DAY.findall(text)) <= {f"{day.day}/{day.month}" for day in days}, text
        assert set(_HOUR.findall(text)) <= hours, text
        assert {url.rstrip(".") for url in _URL.findall(text)} <= links | {"https://atria.example.org/"}, text
        assert {card.where for card in reply.cards} <= places
