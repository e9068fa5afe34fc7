"""Following, no longer following, and being remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import Followed, MunicipalityTold, Unfollowed
from handlers.model import OUTSIDER, Follow, FollowWhat, Kind
from handlers.reading.model import Intent
from tests.fakes.asking import AN, context_at, period, reply_to
from tests.fakes.thread import Thread

THEME = Follow(what=FollowWhat.THEME, value="bouwshift")


@pytest.mark.parametrize(
    ("slots", "follow", "said"),
    [
        ({}, Follow(what=FollowWhat.ALL), "alle atria"),
        ({"theme": "bouwshift"}, THEME, 'atria over "bouwshift"'),
        ({"kind": Kind.LOKAAL}, Follow(what=FollowWhat.KIND, value="lokaal"), "alle Lokale Atria"),
        (
            {"kind": Kind.LOKAAL, "place": "Zottegem"},
            Follow(what=FollowWhat.REGION, value="Vlaamse Ardennen"),
            "het Lokaal Atrium Vlaamse Ardennen",
        ),
        (
            {"kind": Kind.LOKAAL, "place": "Provincie Limburg"},
            Follow(what=FollowWhat.REGION, value="Limburg"),
            "het Lokaal Atrium Limburg",
        ),
        ({"place": "Kempen"}, Follow(what=FollowWhat.REGION, value="Kempen"), "het Lokaal Atrium Kempen"),
        ({"place": "Gent"}, Follow(what=FollowWhat.PLACE, value="Gent"), "de atria in Gent"),
        (
            {"kind": Kind.PROVINCIAAL, "place": "Brugge", "text": "herinner mij aan het volgende in Brugge"},
            Follow(what=FollowWhat.ATRIUM, value="atr-1-046"),
            "het Provinciaal Atrium in Brugge van maandag 19 april 2027",
        ),
    ],
)
def test_what_is_followed_is_said_back(slots: dict[str, object], follow: Follow, said: str) -> None:
    reply = reply_to(Intent.SUBSCRIBE, **slots)  # type: ignore[arg-type]
    assert reply.changes == (Followed(follow=follow),)
    assert reply.headline == f"Genoteerd: je volgt {said}."


@pytest.mark.parametrize(
    ("slots", "naast"),
    [
        ({"kind": Kind.PROVINCIAAL, "place": "Provincie Limburg"}, "Provinciale Atria"),
        ({"kind": Kind.LOKAAL, "theme": "bouwshift"}, "Lokale Atria"),
        ({"place": "Gent", "theme": "bouwshift"}, "Gent"),
    ],
)
def test_what_is_not_followed_with_it_is_said(slots: dict[str, object], naast: str) -> None:
    reply = reply_to(Intent.SUBSCRIBE, **slots)  # type: ignore[arg-type]
    assert reply.notes == (
        f"Ik volg één ding tegelijk: dat het alleen om {naast} gaat, kan ik niet meenemen.",
    )


def test_a_moment_is_not_dropped_in_silence_where_no_reminder_comes() -> None:
    reply = Thread(context_at(writes=False)).ask("herinner mij 1 week vooraf aan atr-1-044")
    assert reply.changes == (Followed(follow=Follow(what=FollowWhat.ATRIUM, value="atr-1-044")),)
    assert reply.paragraphs[0].startswith("Hier kan ik je geen privéberichten sturen.")


def test_following_twice_is_following_once() -> None:
    """C-36."""
    context = context_at(person=replace(AN, follows=(THEME,)))
    reply = reply_to(Intent.SUBSCRIBE, context, theme="bouwshift")
    assert reply.headline == 'Je volgt dat al: atria over "bouwshift".'
    assert not reply.changes


def test_what_is_not_in_the_agenda_cannot_be_reminded_of() -> None:
    day = period("2026-12-10", "2026-12-10")
    reply = reply_to(Intent.SUBSCRIBE, period=day, text="herinner mij aan het atrium van 10 december")
    assert reply.headline == "In de agenda staat nu geen atrium op donderdag 10 december 2026."
    assert not reply.changes


def test_unfollowing_names_what_it_undoes() -> None:
    context = context_at(person=replace(AN, follows=(THEME,)))
    reply = reply_to(Intent.UNSUBSCRIBE, context, theme="bouwshift")
    assert reply.changes == (Unfollowed(follow=THEME),)
    assert reply.headline == 'Genoteerd: je volgt dat niet meer: atria over "bouwshift".'


def test_unfollowing_without_more_undoes_everything() -> None:
    context = context_at(person=replace(AN, follows=(THEME,)))
    reply = reply_to(Intent.UNSUBSCRIBE, context, text="geen meldingen meer aub")
    assert reply.changes == (Unfollowed(follow=None),)


def test_unfollowing_what_is_not_followed_changes_nothing() -> None:
    context = context_at(person=replace(AN, follows=(THEME,)))
    assert not reply_to(Intent.UNSUBSCRIBE, context, kind=Kind.LOKAAL).changes
    assert not reply_to(Intent.UNSUBSCRIBE).changes


@pytest.mark.parametrize("intent", [Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.SUGGEST_TOPIC])
def test_an_outsider_changes_nothing_and_hears_how_to(intent: Intent) -> None:
    reply = reply_to(intent, context_at(person=OUTSIDER), theme="bouwshift", text="bouwshift")
    assert not reply.changes
    assert "in een community van het netwerk" in reply.headline


def test_where_somebody_works_is_kept_only_when_asked_to() -> None:
    told = reply_to(Intent.NEXT_SESSION, kind=Kind.LOKAAL, place="Zottegem", text="ik werk in Zottegem")
    assert not told.changes
    asked = reply_to(Intent.CLARIFY, place="Zottegem", text="onthoud dat ik in Zottegem werk")
    assert asked.changes == (MunicipalityTold(municipality="Zottegem"),)
    assert asked.paragraphs == ("Jouw Lokaal Atrium is Vlaamse Ardennen.",)


def test_what_one_follows_can_be_asked() -> None:
    context = context_at(person=replace(AN, follows=(THEME, Follow(what=FollowWhat.KIND, value="lokaal"))))
    reply = reply_to(Intent.CLARIFY, context, text="wat volg ik?")
    assert reply.headline == 'Je volgt: atria over "bouwshift" en alle Lokale Atria.'
    assert reply.private
